import Engine
import Flow
import Frame
import Grid
import Plot
import Widgets

/// The chart builder: a form of the chart's kind, columns and options, and beside it the chart as it would be.
struct ChartBuilder: Overlay {
  /// What becomes of the chart.
  enum Goal: Sendable, Equatable {
    case add
    /// The chart that is looked at, drawn otherwise.
    case look
    case edit(Int)
  }

  let goal: Goal
  private let rows: NodeRequest?
  /// Why the chart cannot become part of the flow.
  private let unkept: String?
  private let stepTitle: String
  private let back: (any Overlay)?
  private var question: SchemaQuestion?
  private var content: ChartForm
  private(set) var draft: ChartSpec
  private var name: String
  private(set) var dialog: FormDialog
  private(set) var preview: ChartPreview
  /// The form where only one of the two has room; beside each other otherwise, or the picture alone.
  private(set) var showsForm = true

  /// A new chart of the selected step, of a kind that was chosen already.
  init(_ kind: ChartSpec.Kind, _ state: WorkbenchState, back: (any Overlay)? = nil) {
    let rows = state.selectedStep.map { NodeRequest(graph: state.flow.graph, node: $0.id) }
    self.init(ChartSpec(kind), of: rows, goal: .add, state, back: back)
    if let role = kind.roles.first?.role { dialog.setFocus(role.rawValue) }
  }

  /// - Parameter rows: what the chart counts; nil where there is no step.
  init(
    _ spec: ChartSpec, of rows: NodeRequest?, goal: Goal, name: String = "", shown: Chart? = nil,
    _ state: WorkbenchState, back: (any Overlay)? = nil
  ) {
    (self.goal, self.back, self.rows, self.name) = (goal, back, rows, name)
    unkept = rows.flatMap { reasonNotToKeep($0, state) }
    stepTitle = rows.flatMap { state.flow.graph[$0.node]?.title } ?? ""
    question = rows.map { SchemaQuestion($0.node, state, look: $0.look) }
    content = ChartForm(schema: question?.schema, current: currentColumn(state)?.name)
    draft = spec
    preview = ChartPreview(goal == .add ? nil : spec, shown)
    let title = if case .edit = goal { "Change chart" } else { "Chart builder" }
    dialog = FormDialog(title, step: back == nil ? "" : "step 2 of 2", note: stepTitle.isEmpty ? "" : "on \(stepTitle)")
    begin(state)
  }

  var hints: [(key: String, label: String)] {
    if dialog.explanation != nil { return [("any key", "back")] }
    if dialog.form.isListOpen {
      return [("↑↓", "choose"), ("type", "search"), ("Enter", "take"), ("Esc", "close list")]
    }
    guard showsForm else { return [("F3", "form"), ("Esc", "form")] }
    return [
      ("Tab", "field"), ("↑↓", "choose"), ("^R", buttons[0].label.lowercased()),
      ("F3", showsForm ? "picture only" : "form"), ("F2", "explain"), ("Esc", back == nil ? "cancel" : "back"),
    ]
  }

  // MARK: Fields

  private var buttons: [FormOption] {
    let add = FormOption("add", "Add to flow")
    switch goal {
    case .add where unkept == nil: return [add, FormOption("look", "Just look")]
    case .look where unkept == nil: return [FormOption("look", "Draw"), add]
    case .add: return [FormOption("look", "Just look"), FormOption("cancel", "Back")]
    case .look: return [FormOption("look", "Draw"), FormOption("cancel", "Back")]
    case .edit: return [FormOption("change", "Change"), FormOption("add", "Add as new")]
    }
  }

  /// `Filter · 4,812 rows`.
  private func place(_ state: WorkbenchState) -> String {
    if let error = question?.error { return error }
    if let unkept { return "rows in view, only to look at: \(unkept)" }
    guard let rows, let count = knownRows(of: rows.node, state) else { return stepTitle }
    return "\(stepTitle) · \(rowText(count, state.drawing.glyphs == .ascii)) rows"
  }

  /// Fills what a new chart leaves open, as soon as the columns are known.
  private mutating func begin(_ state: WorkbenchState) {
    if goal == .add, let schema = content.schema {
      draft = draft.changed(to: draft.kind, schema: schema, preferring: [content.current].compactMap(\.self))
      if draft.kind == .scatter, draft.colorBy == nil, let target = state.flow.target,
        schema.column(named: target).map({ $0.kind == .text || $0.kind == .boolean || $0.kind == .integer }) == true
      {
        draft.colorBy = target
      }
    }
    show(state)
  }

  /// Shows the draft in the fields, and takes from them what only they know.
  private mutating func show(_ state: WorkbenchState) {
    for _ in 0..<2 {
      dialog.show(content.fields(draft, name: name, place: place(state), buttons: buttons))
      dialog.set("kind", draft.kind.rawValue)
      for use in draft.kind.roles where use.role != .columns {
        dialog.set(use.role.rawValue, draft.columns(in: use.role).first ?? "")
      }
      if draft.y == nil {
        dialog.set("aggregate", ChartSpec.Aggregate.count.rawValue)
      } else if let aggregate = draft.aggregate {
        dialog.set("aggregate", aggregate.rawValue)
      }
      dialog.set("trend", draft.trend?.rawValue ?? "")
      guard content.schema != nil else { return }
      draft = content.spec(dialog.form).keeping(draft)
    }
    guard let (field, reason) = fault else { return }
    // A column that is wanting is told in the picture's place.
    if case .text? = dialog.form[field]?.content { dialog.setError(field, reason) }
  }

  private var fault: (field: String, reason: String)? { content.fault(draft, dialog.form) }

  /// Takes over what was entered in a field, and what follows from it.
  private mutating func take(_ field: String, _ state: WorkbenchState) {
    var spec = content.spec(dialog.form).keeping(draft)
    switch field {
    case "kind":
      let preferred = [content.current].compactMap(\.self)
      spec = draft.changed(to: spec.kind, schema: content.schema ?? [], preferring: preferred)
    // Two axes exchange their columns rather than share one.
    case "x" where spec.x == spec.y && isPlane: spec.y = draft.x
    case "y" where spec.x == spec.y && isPlane: spec.x = draft.y
    case "y" where draft.y == nil && spec.y != nil: spec.aggregate = .mean
    default: break
    }
    draft = spec
    name = dialog.form.text("name")
    show(state)
  }

  /// What stands in the picture's place while the form is not complete.
  var wanting: String? {
    if content.schema == nil { return question?.error ?? "The columns are being read…" }
    return fault?.reason
  }

  private var isPlane: Bool { draft.kind == .scatter || draft.kind == .density }

  // MARK: Questions

  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] {
    var effects = question?.fetch(&state) ?? []
    learn(state)
    guard content.schema != nil, let rows else { return effects }
    effects += preview.show(fault == nil ? draft : nil, of: rows, &state)
    return effects
  }

  /// Takes what is known of the columns by now.
  private mutating func learn(_ state: WorkbenchState) {
    let isNew = content.schema == nil && question?.schema != nil
    guard isNew || dialog.form.text("place") != place(state) else { return }
    content.schema = question?.schema
    if isNew { begin(state) } else { show(state) }
  }

  mutating func receive(
    _ happening: JobHappening, for request: RequestID, _ state: inout WorkbenchState
  ) -> OverlayOutcome {
    if question?.receive(happening, for: request) == true { learn(state) }
    preview.receive(happening, for: request)
    return .stay()
  }

  // MARK: Events

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    if case .key(KeyEvent(.function(3))) = event, dialog.explanation == nil {
      showsForm.toggle()
      return .stay()
    }
    // What is typed goes into fields that are seen.
    if !showsForm {
      if case .key(.escape) = event { showsForm = true }
      return .stay()
    }
    if case .key(KeyEvent.control("r")) = event, dialog.explanation == nil, !dialog.form.isListOpen {
      return finish(buttons[0].id, &state)
    }
    switch dialog.handle(event, hits: clickable(state)) {
    case .changed(let id): take(id, state)
    case .pressed("cancel"), .cancelled:
      let effects = preview.cancel(&state)
      return back.map { .replace($0, effects) } ?? .close(effects)
    case .pressed(let id): return finish(id, &state)
    case .submitted: return finish(buttons[0].id, &state)
    case .ignored, .handled, .explain: break
    }
    return .stay()
  }

  private mutating func finish(_ action: String, _ state: inout WorkbenchState) -> OverlayOutcome {
    show(state)
    let wait = content.schema == nil ? ("kind", question?.error ?? "the columns are being read: in a moment") : nil
    if let (field, reason) = wait ?? fault {
      dialog.setError(field, reason)
      dialog.setFocus(field)
      return .stay()
    }
    guard let rows, state.flow.graph[rows.node] != nil else { return .close(preview.cancel(&state)) }
    let found = preview.result(for: draft)
    let effects = preview.cancel(&state)
    let name = name.trimmingBlanks
    switch action {
    case "look": return .close(effects + look(at: draft, of: rows, found?.result, &state))
    case "change":
      guard case .edit(let id) = goal else { return .close(effects) }
      let changes = replaceChart(
        id, with: draft, name: name.isEmpty ? draft.defaultName : name, result: found, &state)
      return .close(effects + changes + showAnalysis(id, focus: true, &state))
    default:
      return .close(effects + addChart(draft, name: name.isEmpty ? nil : name, on: rows.node, result: found, &state))
    }
  }
}

extension ChartSpec {
  /// With what no field shows taken over from another chart of the same kind.
  fileprivate func keeping(_ old: ChartSpec) -> ChartSpec {
    guard kind == old.kind else { return self }
    var spec = self
    spec.hidesCurve = old.hidesCurve
    return spec
  }
}
