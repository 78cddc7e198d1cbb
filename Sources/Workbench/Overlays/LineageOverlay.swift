import Engine
import Flow
import Grid
import Widgets

/// How a column came to be: the columns of sources, and the steps after them in order. Enter goes to a step.
struct LineageOverlay: Overlay {
  private let request: NodeRequest
  private let column: String
  private var asked: RequestID?
  private var lineage: Lineage?
  private var error: String?
  private var cursor = 0

  init(_ request: NodeRequest, column: String) { (self.request, self.column) = (request, column) }

  var hints: [(key: String, label: String)] { [("↑↓", "choose"), ("Enter", "go to the step"), ("Esc", "close")] }

  // MARK: Lines

  /// A line: a source with its columns, or a change.
  private struct Line {
    var step: StepID
    var title: String
    /// What the list says beside the title.
    var detail: String
    /// What stands in full below the list.
    var text: String
    var isSource: Bool
  }

  private func lines(_ lineage: Lineage) -> [Line] {
    var sources: [StepID] = []
    for source in lineage.sources where !sources.contains(source.step) { sources.append(source.step) }
    let first = sources.map { id -> Line in
      let names = lineage.sources.filter { $0.step == id }.map(\.name)
      let title = request.graph[id].map(stepTitle) ?? id.rawValue
      let noun = names.count == 1 ? "column" : "columns"
      return Line(
        step: id, title: title, detail: names.joined(separator: ", "),
        text: "\(id) \(title): \(noun) \(names.joined(separator: ", "))", isSource: true)
    }
    let changes = lineage.changes.map { change in
      // A step that is called by its own name says what it is.
      let what = request.graph[change.step].flatMap { $0.name == nil ? nil : $0.operation.title }
      let about = [what, change.summary.isEmpty ? nil : change.summary].compactMap { $0 }.joined(separator: ": ")
      return Line(
        step: change.step, title: change.title, detail: "\(change.column) \(change.clause)",
        text: "\(change.step) \(change.title)\(about.isEmpty ? "" : " · " + about)\n\(change.column): \(change.clause)",
        isSource: false)
    }
    return first + changes
  }

  /// What the list does not say: that nothing changed the column, and which steps decide which rows there are.
  private func remark(_ lineage: Lineage) -> String {
    var parts: [String] = []
    if lineage.changes.isEmpty { parts.append("No step has changed the values or the name.") }
    let rows = lineage.rows.compactMap { request.graph[$0].map { "\($0.id) \($0.title)" } }
    if !rows.isEmpty {
      parts.append("Which rows there are, and in which order, follows from \(rows.joined(separator: ", ")).")
    }
    return parts.joined(separator: " ")
  }

  // MARK: Questions

  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] {
    guard asked == nil else { return [] }
    let (id, effect) = state.ask(.lineage(request, column: column), for: .dialog)
    asked = id
    return [effect]
  }

  mutating func receive(
    _ happening: JobHappening, for request: RequestID, _ state: inout WorkbenchState
  ) -> OverlayOutcome {
    guard request == asked else { return .stay() }
    switch happening {
    case .done(.lineage(let found)):
      lineage = found
      cursor = max(0, lines(found).count - 1)
    case .failed(let text): error = text
    case .cancelled: error = "It was cancelled."
    case .started, .progress, .partial, .done: break
    }
    return .stay()
  }

  // MARK: Events

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    let last = max(0, (lineage.map { lines($0).count } ?? 0) - 1)
    switch event {
    case .key(let key):
      switch key.code {
      case .escape, .character("q"):
        return .close(lineage == nil && error == nil ? asked.map { [.cancel($0)] } ?? [] : [])
      case .down, .character("j"), .tab: cursor = min(last, cursor + 1)
      case .up, .character("k"), .backTab: cursor = max(0, cursor - 1)
      case .home, .character("g"): cursor = 0
      case .end, .character("G"): cursor = last
      case .pageDown: cursor = min(last, cursor + 10)
      case .pageUp: cursor = max(0, cursor - 10)
      case .enter: return go(&state)
      default: break
      }
    case .mouse(let mouse):
      switch mouse.kind {
      case .scroll(.down): cursor = min(last, cursor + 1)
      case .scroll(.up): cursor = max(0, cursor - 1)
      case .press(.left, let clicks):
        switch target(at: mouse.position, state) {
        case .item("lineage", let index)?:
          cursor = index
          if clicks > 1 { return go(&state) }
        case nil: return .close()
        default: break
        }
      case .press, .release, .drag, .scroll: break
      }
    case .paste, .resize, .wake, .hangup, .terminate: break
    }
    return .stay()
  }

  /// Goes to the step under the cursor in the flow pane.
  private func go(_ state: inout WorkbenchState) -> OverlayOutcome {
    guard let lineage else { return .stay() }
    let lines = lines(lineage)
    guard lines.indices.contains(cursor) else { return .stay() }
    let id = lines[cursor].step
    let places = flowLines(state)
    guard let place = places.firstIndex(where: { if case .step(id, _) = $0 { true } else { false } }) else {
      state.say("Step \(id) is not in the flow any more.", .warning)
      return .close()
    }
    state.focus = .flow
    return .close(selectFlowLine(place, &state))
  }

  // MARK: Drawing

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let context = state.drawing
    let bounds = FormDialog.bounds(state.size)
    let lines = lineage.map(lines) ?? []
    let remark = lineage.map(remark) ?? ""
    let widest = lines.map { TextWidth.of($0.title) + TextWidth.of($0.detail) + 6 }.max() ?? 0
    let across = max(1, min(bounds.width - 4, max(56, min(96, widest))))
    let cursorText = lines.indices.contains(cursor) ? lines[cursor].text : ""
    let about = TextBlock(cursorText)
    let below = TextBlock(remark, style: context.mutedStyle)
    // As high for every line, so that the list stays where it is.
    let aboutHeight = lines.map { TextBlock($0.text).height(width: across) }.max() ?? 1
    let remarkHeight = remark.isEmpty ? 0 : below.height(width: across)
    let texts = aboutHeight + (remark.isEmpty ? 0 : remarkHeight + 1)
    let rows = max(1, min(max(lines.count, 1), bounds.height - 3 - texts))
    let rect = DialogFrame.rect(for: Size(width: across, height: rows + 1 + texts), in: bounds)
    let steps = Set(lineage?.changes.map(\.step) ?? []).count
    let note = lineage == nil ? "" : "\(steps) step\(steps == 1 ? "" : "s")"
    var hits = DialogFrame("Lineage of \(column)", note: note, hints: "Enter: go to the step  Esc: close")
      .draw(in: rect, on: &grid, context)
    let (list, rest) = DialogFrame.inner(rect).splitTop(rows)
    guard lineage != nil else {
      TextBlock(error ?? "Reading the steps…", style: error == nil ? context.mutedStyle : Level.error.style(context))
        .draw(in: DialogFrame.inner(rect), on: &grid, context)
      return hits
    }
    let tree = TreeView(
      lines.map { TreeRow(.step, $0.title, detail: $0.detail, isRoot: $0.isSource) }, cursor: cursor, name: "lineage")
    hits.add(tree.draw(in: list, on: &grid, context))
    let (_, texts1) = rest.splitTop(1)
    let (top, bottom) = texts1.splitTop(min(texts1.height, aboutHeight))
    about.draw(in: top, on: &grid, context)
    if !remark.isEmpty, bottom.height > 1 { below.draw(in: bottom.splitTop(1).1, on: &grid, context) }
    return hits
  }
}
