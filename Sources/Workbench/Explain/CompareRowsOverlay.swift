import Engine
import Flow
import Frame
import Grid
import Plot
import Widgets

/// A row that is explained beside another.
struct ComparedRow: Sendable {
  var title: String
  var cells: [RowCell]
  var found: RowExplanation?
  /// The explanation that it was explained by.
  var analysis: Int
}

/// Two rows beside each other: what a model says of both, and which columns make the difference, most first.
struct CompareRowsOverlay: Overlay {
  private let spec: ExplainSpec
  private let analysis: Analysis
  private var rows: [ComparedRow]
  /// Rows that are still to be read: those that are marked.
  private var marked: NodeRequest?
  private var isOpened = false
  private var reading: RequestID?
  private var asked: [RequestID: Int] = [:]
  private var isAsked: Set<Int> = []
  private var error: String?
  private var output = 0
  private var table = FindingTable([])
  private(set) var comparison: RowComparison?

  init(_ first: ComparedRow, _ second: ComparedRow, _ spec: ExplainSpec, _ analysis: Analysis) {
    (rows, self.spec, self.analysis) = ([first, second], spec, analysis)
    compare()
  }

  /// - Parameters:
  ///   - marked: a look at marked rows: two, or one to be compared with `other`.
  ///   - other: the row under the cursor.
  init(marked: NodeRequest, and other: ComparedRow?, _ spec: ExplainSpec, _ analysis: Analysis) {
    (rows, self.marked, self.spec, self.analysis) = (other.map { [$0] } ?? [], marked, spec, analysis)
  }

  var hints: [(key: String, label: String)] {
    var hints = [("↑↓", "column"), ("s", "swap")]
    if (comparison?.outputs.count ?? 1) > 1 { hints.append(("←→", "class")) }
    return hints + [("e", "export"), ("Esc", "close")]
  }

  // MARK: Jobs

  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] {
    guard error == nil, state.flow.graph[analysis.node] != nil else { return [] }
    if let marked {
      guard reading == nil else { return [] }
      // A look has to be opened before its rows can be read.
      let job: JobSpec = isOpened ? .rows(marked, 0..<2) : .open(marked)
      let (id, effect) = state.ask(job, for: .dialog, isListed: false)
      reading = id
      return [effect]
    }
    let node = NodeRequest(graph: state.flow.graph, node: analysis.node)
    var effects: [Effect] = []
    for (index, row) in rows.enumerated() where row.found == nil && !isAsked.contains(index) {
      isAsked.insert(index)
      let (id, effect) = state.ask(.explainRow(node, spec, row.cells), for: .dialog, isListed: false)
      asked[id] = index
      effects.append(effect)
    }
    return effects
  }

  mutating func receive(
    _ happening: JobHappening, for id: RequestID, _ state: inout WorkbenchState
  ) -> OverlayOutcome {
    guard id == reading || asked[id] != nil else { return .stay() }
    switch happening {
    case .started, .progress, .partial: return .stay()
    case .done(.opened): isOpened = true
    case .done(.rows(let page)): read(page)
    case .done(.explainedRow(let found)):
      if let index = asked[id] { rows[index].found = found }
      compare()
    case .failed(let text): error = text
    case .done, .cancelled: error = "the rows were not explained"
    }
    if id == reading { reading = nil }
    asked[id] = nil
    return .stay()
  }

  private mutating func read(_ page: RowPage) {
    marked = nil
    let found = (0..<page.rows.rowCount).map { row -> ComparedRow in
      let number = page.ids.flatMap { $0.indices.contains(row) ? $0[row] : nil } ?? (page.first ?? 0) + row
      return ComparedRow(
        title: "Row \(Number.grouped(number + 1))",
        cells: page.rows.columns.map { RowCell(column: $0.column.name, text: $0.text(row)) }, analysis: analysis.id)
    }
    rows = Array((found + rows).prefix(2))
    if rows.count < 2 { error = "there is one row only: mark another with Space" }
  }

  private mutating func compare() {
    guard rows.count == 2, let first = rows[0].found, let second = rows[1].found else { return }
    comparison = RowComparison(first, called: rows[0].title, second, called: rows[1].title)
    if comparison == nil { error = "the rows were explained by different models" }
    refresh()
  }

  private mutating func refresh() {
    guard let found = comparison?.outputs, found.indices.contains(output) else { return }
    table.columns = [
      .init(title: "column", isFlexible: true), .init(title: "A"), .init(title: "B"),
      .init(title: "difference", alignment: .right),
      .init(title: "SHAP A", alignment: .right, isOptional: true),
      .init(title: "SHAP B", alignment: .right, isOptional: true),
    ]
    func cell(_ text: String) -> String {
      text.isEmpty ? "(missing)" : TextWidth.of(text) <= 18 ? text : TextWidth.prefix(text, 16).text + ".."
    }
    table.show(
      found[output].features.map { part in
        .init(cells: [
          part.feature, cell(part.first), part.first == part.second ? "same" : cell(part.second),
          part.difference == 0 ? "0" : withSign(part.difference), withSign(part.firstShap), withSign(part.secondShap),
        ])
      })
  }

  // MARK: Events

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    guard case .key(let key) = event else {
      if case .mouse(let mouse) = event, case .scroll(let direction) = mouse.kind {
        table.moveTo(table.cursor + (direction == .down ? 1 : -1))
      }
      return .stay()
    }
    let outputs = comparison?.outputs.count ?? 1
    switch key.code {
    case .escape, .character("q"):
      return .close((Array(asked.keys) + [reading].compactMap { $0 }).map { .cancel($0) })
    case .right, .character("l"), .character("]"): output = min(outputs - 1, output + 1)
    case .left, .character("h"), .character("["): output = max(0, output - 1)
    case .character("s"):
      guard comparison != nil else { return .stay() }
      rows.swapAt(0, 1)
      compare()
    case .character("e"):
      guard let chart else { return .stay() }
      return .push(
        TextPrompt.export(
          chart, whole: chart, view: .whole, note: "", suggestion: "comparison.svg", isRecorded: false))
    default: _ = table.handle(key)
    }
    refresh()
    return .stay()
  }

  // MARK: Drawing

  private var chart: Chart? {
    guard let comparison, comparison.outputs.indices.contains(output) else { return nil }
    return comparison.waterfall(output: output)
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let names = rows.map(\.title).joined(separator: " and ")
    let outputs = comparison?.outputs ?? []
    var sheet = FindingSheet(
      title: names.isEmpty ? "Compare rows" : names,
      step: outputs.count > 1 && outputs.indices.contains(output) ? outputs[output].name : "", note: analysis.name,
      hints: "s: swap  Esc: close")
    guard let comparison, outputs.indices.contains(output), rows.count == 2 else {
      sheet.heads = [(error.map { "! " + $0 } ?? "Explaining both rows…", error == nil ? nil : .error)]
      return sheet.draw(table, into: &grid, state)
    }
    let found = outputs[output]
    func level(_ value: Double) -> String {
      let odds =
        comparison.unit == "log-odds" ? " (p \(Number.short(RowExplanation.probability(value))))" : ""
      return Number.short(value) + odds
    }
    let isAccurate = rows.allSatisfy { $0.found?.isAccurate ?? false }
    sheet.heads = [
      (
        "A \(comparison.first): f(x) \(level(found.first))   B \(comparison.second): f(x) \(level(found.second))",
        nil
      ),
      ("B - A: \(withSign(found.difference)) \(comparison.unit), made by the columns from the top", nil),
      (
        "\(rows[0].found?.provenance ?? ""); differences miss B - A by at most "
          + Number.short(RowExplanation.told(found.error)), isAccurate ? nil : .warning
      ),
    ]
    return sheet.draw(table, into: &grid, state, picture: chart)
  }
}

/// Compares two marked rows, a marked row with the one under the cursor, or that with the row that was kept; where there
/// is none of these, the row under the cursor is kept.
func compareRows(_ state: inout WorkbenchState) -> [Effect] {
  guard let (analysis, spec) = explanation(ofRowsIn: state), let view = state.table.current,
    view.request.look.summary == nil, view.isLoaded(view.row)
  else { return [] }
  let marks = state.table.markedTable == view.request.table ? state.table.marks : MarkedRows()
  let here = ComparedRow(
    title: "Row \(Number.grouped((view.rowID(view.row) ?? view.row) + 1))", cells: cells(ofRowIn: view),
    analysis: analysis.id)
  if !marks.isEmpty {
    let count = state.table.markCount
    if let count, count > 2 {
      state.say("\(Number.grouped(count)) rows are marked: two are compared. Space takes a mark away.", .warning)
      return []
    }
    let isHere = view.rowID(view.row).map { id in marks.contains(id) { view.satisfies($0, row: view.row) } } ?? false
    if count == 1, isHere {
      state.say("This is the marked row: go to another, or mark it with Space.")
      return []
    }
    var request = view.request.table
    request.look.filters.append(.marked(marks))
    state.overlays.append(CompareRowsOverlay(marked: request, and: count == 2 ? nil : here, spec, analysis))
    return []
  }
  guard let kept = state.comparedRow, kept.analysis == analysis.id, kept.cells != here.cells else {
    state.comparedRow = here
    state.say("\(here.title) is kept: g S on another row compares them. Two marked rows are compared at once.")
    return []
  }
  state.comparedRow = nil
  state.overlays.append(CompareRowsOverlay(kept, here, spec, analysis))
  return []
}

/// The cells of the row under a view's cursor.
func cells(ofRowIn view: TableView) -> [RowCell] {
  view.schema.enumerated().map { index, column in
    RowCell(column: column.name, text: view.value(row: view.row, column: index).text)
  }
}
