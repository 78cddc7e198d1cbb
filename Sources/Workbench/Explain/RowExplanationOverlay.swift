import Engine
import Explain
import Flow
import Frame
import Grid
import Plot
import Widgets

/// A number with its sign.
func withSign(_ number: Double) -> String { (number > 0 ? "+" : "") + Number.short(number) }

/// How a row is drawn.
enum RowPicture: String, CaseIterable, Sendable {
  case waterfall, force, decision
  /// A waterfall in the order of time.
  case timeline

  /// - Parameter isTimed: whether columns have an order in time.
  func next(isTimed: Bool) -> RowPicture {
    let all = Self.allCases.filter { $0 != .timeline || isTimed }
    return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
  }

  func chart(of row: RowExplanation, output: Int, _ time: ExplainSpec.TimeSteps?, title: String) -> Chart {
    switch self {
    case .waterfall: return row.waterfall(output: output, title: title)
    case .force: return row.force(output: output, title: title)
    case .decision: return row.decision(output: output, title: title)
    case .timeline:
      guard let time else { return row.waterfall(output: output, title: title) }
      return row.timeline(output: output, time, title: title)
    }
  }
}

/// One row, explained: a waterfall above its cells. A cell can be changed, and the waterfall moves.
struct RowExplanationOverlay: Overlay {
  private let title: String
  private let spec: ExplainSpec
  private let analysis: Analysis
  private var cells: [RowCell]
  /// As the row is by now, and as it was.
  private var now: RowExplanation?
  private var before: RowExplanation?
  /// The columns that were changed, with what they held.
  private var changes: [String: String?] = [:]
  private var output = 0
  private var table: FindingTable
  /// Whether the row as it stands has been asked for.
  private var isAsked = false
  private var request: RequestID?
  private var error: String?
  /// What was found that flips the decision.
  private var flip: String?
  private var flipRequest: RequestID?
  private var wantsFlip = false
  private var picture = RowPicture.waterfall

  /// A row whose explanation has to be found.
  /// - Parameter flips: looks at once for what flips the decision.
  init(
    _ cells: [RowCell], titled title: String, _ spec: ExplainSpec, _ analysis: Analysis, flips: Bool = false
  ) {
    wantsFlip = flips && spec.time?.granularity != .timewise
    (self.cells, self.title, self.spec, self.analysis) = (cells, title, spec, analysis)
    table = FindingTable([])
  }

  /// A row that the explanation kept.
  init(_ kept: ExplanationBuilder.Kept, of view: ExplainView) {
    let row = view.found.row(kept)
    let isWhole = view.found.explanation.rows == view.found.explanation.totalRows
    cells = zip(row.features, row.cells).map { RowCell(column: $0, text: $1.isEmpty ? nil : $1) }
    title = isWhole ? "Row \(Number.grouped(kept.row + 1))" : "Row \(Number.grouped(kept.row + 1)) of the sample"
    (spec, analysis) = (view.spec, view.analysis)
    (now, before, isAsked) = (row, row, true)
    table = FindingTable([])
    refresh()
  }

  var hints: [(key: String, label: String)] {
    var hints = [("↑↓", "column"), ("Enter", "what if"), ("f", "flip"), ("p", "picture"), ("c", "compare")]
    if (now?.outputs.count ?? 1) > 1 { hints.append(("←→", "class")) }
    if !texts.isEmpty { hints.append(("t", "words")) }
    return hints + [("u", "as it was"), ("e", "export"), ("Esc", "close")]
  }

  /// Columns whose texts can be explained by their words.
  private var texts: [String] {
    guard let now, !isStepwise else { return [] }
    return textColumns(cells, among: now.columns)
  }

  /// Whether what is explained are steps in time, each of several columns, so that none of them can be changed alone.
  private var isStepwise: Bool { spec.time?.granularity == .timewise }

  // MARK: Jobs

  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] {
    guard state.flow.graph[analysis.node] != nil else { return [] }
    let node = NodeRequest(graph: state.flow.graph, node: analysis.node)
    if wantsFlip, flipRequest == nil, before != nil {
      wantsFlip = false
      let (id, effect) = state.ask(.flipRow(node, spec, cells), for: .dialog, isListed: false)
      flipRequest = id
      return [effect]
    }
    guard !isAsked, request == nil else { return [] }
    isAsked = true
    let (id, effect) = state.ask(.explainRow(node, spec, cells), for: .dialog, isListed: false)
    request = id
    return [effect]
  }

  mutating func receive(
    _ happening: JobHappening, for id: RequestID, _ state: inout WorkbenchState
  ) -> OverlayOutcome {
    if id == flipRequest { return receiveFlip(happening) }
    guard id == request else { return .stay() }
    switch happening {
    case .done(.explainedRow(let found)):
      now = found
      if before == nil { before = found }
      error = nil
      refresh()
    case .failed(let text): error = text
    case .done, .cancelled: error = "the row was not explained"
    case .started, .progress, .partial: return .stay()
    }
    request = nil
    return .stay()
  }

  /// What the model says of the row as it stands.
  var prediction: Double? { now.map { $0.outputs[output].prediction } }

  /// Where a column's line is.
  func line(of column: String) -> Int {
    guard let now else { return 0 }
    return now.order(output: output).firstIndex { now.columns[$0] == column } ?? 0
  }

  private mutating func receiveFlip(_ happening: JobHappening) -> OverlayOutcome {
    switch happening {
    case .done(.flippedRow(let found)):
      flip =
        found.changes.isEmpty
        ? "Still \(found.before): no change of up to three columns to values that occur flips it."
        : "\(found.before) becomes \(found.after) by the smallest change that was found."
      for one in found.changes { change(one.column, to: one.to) }
    case .failed(let text): error = text
    case .done, .cancelled: error = "nothing was looked for"
    case .started, .progress, .partial: return .stay()
    }
    flipRequest = nil
    return .stay()
  }

  // MARK: Events

  private var current: Int? {
    guard let now, now.outputs.indices.contains(output) else { return nil }
    let order = now.order(output: output)
    return order.indices.contains(table.cursor) ? order[table.cursor] : nil
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    guard case .key(let key) = event else {
      if case .mouse(let mouse) = event, case .scroll(let direction) = mouse.kind {
        table.moveTo(table.cursor + (direction == .down ? 1 : -1))
      }
      return .stay()
    }
    let outputs = now?.outputs.count ?? 1
    switch key.code {
    case .escape, .character("q"):
      return .close([request, flipRequest].compactMap { $0 }.map { .cancel($0) })
    case .right, .character("l"), .character("]"): show(output: min(outputs - 1, output + 1))
    case .left, .character("h"), .character("["): show(output: max(0, output - 1))
    case .enter, .character("f"):
      guard !isStepwise else {
        error = "these are steps of several columns: an explanation of each column by itself can be changed"
        return .stay()
      }
      if key.code == .enter { return prompt() }
      (wantsFlip, flip, error) = (true, nil, nil)
    case .character("u"): undo()
    case .character("p"): picture = picture.next(isTimed: spec.time != nil)
    case .character("t"):
      let columns = texts
      guard !columns.isEmpty else {
        state.say("No column of this row holds a text.")
        return .stay()
      }
      let name = changes.isEmpty ? title : title + " as changed"
      return .push(TextExplanationOverlay(row: cells, titled: name, columns: columns, spec, analysis))
    case .character("c"): return compare(&state)
    case .character("e"):
      guard let chart = chart(state) else { return .stay() }
      return .push(
        TextPrompt.export(
          chart, whole: chart, view: .whole, note: "", suggestion: picture.rawValue + ".svg", isRecorded: false))
    default: _ = table.handle(key)
    }
    return .stay()
  }

  /// The picture above the columns.
  private func chart(_ state: WorkbenchState) -> Chart? {
    guard let now, now.outputs.indices.contains(output) else { return nil }
    return picture.chart(of: now, output: output, spec.time, title: heading(state))
  }

  /// Keeps the row to be compared, or compares it with the one that was kept.
  private func compare(_ state: inout WorkbenchState) -> OverlayOutcome {
    let name = changes.isEmpty ? title : title + " as changed"
    let row = ComparedRow(
      title: name, cells: cells, found: isAsked && request == nil && error == nil ? now : nil, analysis: analysis.id)
    guard let kept = state.comparedRow, kept.analysis == analysis.id, kept.cells != cells else {
      state.comparedRow = row
      state.say("\(name) is kept: c on another row compares them")
      return .stay()
    }
    state.comparedRow = nil
    return .push(CompareRowsOverlay(kept, row, spec, analysis))
  }

  private mutating func show(output: Int) {
    self.output = output
    refresh()
  }

  private func prompt() -> OverlayOutcome {
    guard let now, let feature = current else { return .stay() }
    let column = now.columns[feature]
    let text = cells.first { $0.column == column }?.text ?? ""
    return .push(
      TextPrompt(
        title: "What if", label: "\(column) (empty: missing)", text: text, allowsNothing: true,
        accept: { text, state in
          guard let at = state.overlays.lastIndex(where: { $0 is RowExplanationOverlay }),
            var row = state.overlays[at] as? RowExplanationOverlay
          else { return [] }
          row.change(column, to: text.trimmingBlanks.isEmpty ? nil : text)
          state.overlays[at] = row
          return []
        }))
  }

  private mutating func change(_ column: String, to text: String?) {
    guard let at = cells.firstIndex(where: { $0.column == column }), cells[at].text != text else { return }
    if changes[column] == nil { changes[column] = .some(cells[at].text) }
    if let old = changes[column], old == text { changes[column] = nil }
    cells[at].text = text
    isAsked = false
  }

  private mutating func undo() {
    guard !changes.isEmpty else { return }
    for (column, text) in changes {
      if let at = cells.firstIndex(where: { $0.column == column }) { cells[at].text = text }
    }
    changes = [:]
    (error, flip) = (nil, nil)
    now = before
    refresh()
  }

  private mutating func refresh() {
    guard let now, now.outputs.indices.contains(output) else { return }
    let found = now.outputs[output]
    let old = before?.outputs[output]
    let hasChanged = !changes.isEmpty
    table.columns = [
      .init(title: "column", isFlexible: true), .init(title: "value"), .init(title: "SHAP", alignment: .right),
    ]
    if hasChanged { table.columns += [.init(title: "was", alignment: .right), .init(title: "value before")] }
    table.show(
      now.order(output: output).map { feature in
        let name = now.columns[feature]
        var cells = [
          now.features[feature], now.cells[feature].isEmpty ? "(missing)" : now.cells[feature],
          withSign(found.values[feature]),
        ]
        if hasChanged {
          cells.append(old.map { withSign($0.values[feature]) } ?? "")
          if let text = changes[name] { cells.append(text ?? "(missing)") }
        }
        return .init(cells: cells, level: changes[name] == nil ? nil : .info)
      })
  }

  // MARK: Drawing

  private func heading(_ state: WorkbenchState) -> String {
    guard let now, now.outputs.count > 1 else { return "\(title): \(now?.model ?? "")" }
    return "\(title): \(now.model), \(now.outputs[output].name)"
  }

  private func level(_ value: Double, _ unit: String) -> String {
    let odds = unit == "log-odds" ? " (p \(Number.short(RowExplanation.probability(value))))" : ""
    return Number.short(value) + odds
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    var sheet = FindingSheet(
      title: title, step: now.map { $0.outputs.count > 1 ? $0.outputs[output].name : "" } ?? "", note: analysis.name,
      hints: "Enter: what if  Esc: close")
    guard let now, now.outputs.indices.contains(output) else {
      sheet.heads = [(error ?? "Explaining the row…", error == nil ? nil : .error)]
      return sheet.draw(table, into: &grid, state)
    }
    let found = now.outputs[output]
    var line = "f(x) \(level(found.prediction, now.unit))"
    if !changes.isEmpty, let old = before?.outputs[output] {
      line += ", was \(level(old.prediction, now.unit))"
      line += ": \(withSign(found.prediction - old.prediction))"
    }
    sheet.heads = [
      (line, nil),
      ("from \(Number.short(found.baseValue)) \(now.unit)", nil),
      (now.provenance, now.isAccurate ? nil : .warning),
    ]
    if let flip { sheet.heads.append((flip, .info)) }
    if flipRequest != nil || wantsFlip { sheet.heads.append(("Looking for what flips it…", .info)) }
    if let error { sheet.heads.append(("! " + error, .error)) }
    if request != nil { sheet.heads.append(("Explaining the row as it is now…", .info)) }
    return sheet.draw(table, into: &grid, state, picture: chart(state))
  }
}
