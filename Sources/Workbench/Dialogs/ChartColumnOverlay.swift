import Engine
import Frame
import Grid
import Widgets

/// A column for one role of the chart that is shown, from a list that typing narrows.
struct ChartColumnOverlay: Overlay {
  private let role: ChartSpec.Role
  private let spec: ChartSpec
  private var question: SchemaQuestion
  private var list: ListDialog

  init(_ role: ChartSpec.Role, of spec: ChartSpec, _ rows: NodeRequest, _ state: WorkbenchState) {
    (self.role, self.spec) = (role, spec)
    question = SchemaQuestion(rows.node, state, look: rows.look)
    list = ListDialog(ChartForm.label(of: role, in: spec.kind), note: spec.kind.title, entries: [])
    fill()
    list.select(spec.columns(in: role).first ?? "")
  }

  private mutating func fill() {
    guard let use = spec.kind.use(of: role), let schema = question.schema else { return }
    let options = ChartForm.options(for: use, schema)
    list.entries = options.map { option in
      let kind = schema.column(named: option.id)?.kind.rawValue
      let isHere = spec.columns(in: role).first ?? "" == option.id
      return ListDialog.Entry(
        id: option.id, title: kind == nil ? option.label : option.id,
        help: [kind, isHere ? "as it is" : nil].compactMap(\.self).joined(separator: " · "), reason: option.reason,
        explanation: "\(use.summary).")
    }
  }

  var hints: [(key: String, label: String)] {
    [("↑↓", "choose"), ("type", "search"), ("Enter", "take"), ("F2", "explain"), ("Esc", "as it was")]
  }

  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] {
    let effects = question.fetch(&state)
    if list.entries.isEmpty { fill() }
    return effects
  }

  mutating func receive(
    _ happening: JobHappening, for request: RequestID, _ state: inout WorkbenchState
  ) -> OverlayOutcome {
    guard question.receive(happening, for: request) else { return .stay() }
    if let error = question.error {
      state.say(error, .error)
      return .close()
    }
    fill()
    return .stay()
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch list.handle(event, &state) {
    case .handled: return .stay()
    case .cancelled: return .close()
    case .chosen(let id):
      guard let schema = question.schema else { return .stay() }
      return .close(changeShownChart(&state) { $0.put(id, in: role, schema) })
    }
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap { list.draw(into: &grid, state) }
}

extension ChartSpec {
  /// Puts a column into a role; empty leaves it empty. Two axes exchange their columns rather than share one.
  fileprivate mutating func put(_ name: String, in role: Role, _ schema: Schema) {
    let isPlane = kind == .scatter || kind == .density
    if isPlane, role == .x, name == y { y = x }
    if isPlane, role == .y, name == x { x = y }
    let hadMeasure = y != nil
    set(name.isEmpty ? [] : [name], in: role)
    if kind == .histogram { columns = [] }
    if kind.options.contains(.aggregate), role == .y {
      if name.isEmpty { aggregate = nil } else if !hadMeasure { aggregate = .mean }
    }
    if hasLogX, refusal(ofLog: .logX, schema) != nil { hasLogX = false }
    if hasLogY, refusal(ofLog: .logY, schema) != nil { hasLogY = false }
  }
}
