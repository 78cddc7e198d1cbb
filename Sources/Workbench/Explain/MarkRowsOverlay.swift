import Engine
import Flow
import Frame
import Grid
import Plot
import Widgets

/// The rows behind a mark of a chart, one of which is to be explained. A mark of a single row opens its explanation at
/// once.
struct MarkRowsOverlay: Overlay {
  private let mark: String
  private let rows: NodeRequest
  private let spec: ExplainSpec
  private let analysis: Analysis
  private var isOpened = false
  private var request: RequestID?
  private var page: RowPage?
  private var error: String?
  private var table = FindingTable([])

  /// Rows that are listed at most.
  private static let most = 200
  /// Columns that are shown at most.
  private static let columns = 8

  init(_ rows: NodeRequest, titled mark: String, _ spec: ExplainSpec, _ analysis: Analysis) {
    (self.rows, self.mark, self.spec, self.analysis) = (rows, mark, spec, analysis)
  }

  var hints: [(key: String, label: String)] { [("↑↓", "row"), ("Enter", "explain"), ("Esc", "close")] }

  // MARK: Jobs

  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] {
    guard page == nil, request == nil, error == nil else { return [] }
    // A look has to be opened before its rows can be read.
    let job: JobSpec = isOpened ? .rows(rows, 0..<Self.most) : .open(rows)
    let (id, effect) = state.ask(job, for: .dialog, isListed: false)
    request = id
    return [effect]
  }

  mutating func receive(
    _ happening: JobHappening, for id: RequestID, _ state: inout WorkbenchState
  ) -> OverlayOutcome {
    guard id == request else { return .stay() }
    switch happening {
    case .started, .progress, .partial: return .stay()
    case .done(.opened): isOpened = true
    case .done(.rows(let page)): self.page = page
    case .failed(let text): error = text
    case .done, .cancelled: error = "the rows were not read"
    }
    request = nil
    guard let page else { return .stay() }
    if page.rows.rowCount == 1, let sheet = explanation(of: 0) { return .replace(sheet) }
    list(page)
    return .stay()
  }

  private func number(_ row: Int, _ page: RowPage) -> Int {
    page.ids.flatMap { $0.indices.contains(row) ? $0[row] : nil } ?? (page.first ?? 0) + row
  }

  private func explanation(of row: Int) -> RowExplanationOverlay? {
    guard let page, row < page.rows.rowCount else { return nil }
    let cells = page.rows.columns.map { RowCell(column: $0.column.name, text: $0.text(row)) }
    return RowExplanationOverlay(cells, titled: "Row \(Number.grouped(number(row, page) + 1))", spec, analysis)
  }

  /// The columns that matter most to the model first.
  private mutating func list(_ page: RowPage) {
    let names = page.rows.columns.map(\.column.name)
    var order = Array(names.indices)
    if case .explanation(let found)? = analysis.result {
      let ranks = found.explanation.global.map(\.feature)
      func rank(_ column: Int) -> Int { ranks.firstIndex(of: names[column]) ?? ranks.count }
      order.sort { (rank($0), $0) < (rank($1), $1) }
    }
    let shown = order.prefix(Self.columns)
    table.columns = [.init(title: "row", alignment: .right)]
    for (place, column) in shown.enumerated() {
      let isNumber = page.rows.columns[column].column.kind.isNumeric
      table.columns.append(.init(title: names[column], alignment: isNumber ? .right : .left, isOptional: place > 0))
    }
    table.show(
      (0..<page.rows.rowCount).map { row in
        let cells = shown.map { column -> String in
          let text = page.rows.columns[column].text(row) ?? ""
          return TextWidth.of(text) <= 24 ? text : TextWidth.prefix(text, 22).text + ".."
        }
        return .init(cells: [Number.grouped(number(row, page) + 1)] + cells)
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
    switch key.code {
    case .escape, .character("q"): return .close(request.map { [.cancel($0)] } ?? [])
    case .enter, .character("S"):
      guard let sheet = explanation(of: table.cursor) else { return .stay() }
      return .push(sheet)
    default: _ = table.handle(key)
    }
    return .stay()
  }

  // MARK: Drawing

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    var sheet = FindingSheet(
      title: "Explain a row of the mark", note: analysis.name, hints: "Enter: explain  Esc: close")
    sheet.heads = [(mark, nil)]
    if let error { sheet.heads.append(("! " + error, .error)) }
    if let page {
      let count = page.rows.rowCount
      switch page.count {
      case _ where count == 0: sheet.heads.append(("No row of the step is behind it.", .warning))
      case .exact(let rows) where rows > count:
        sheet.heads.append(("The first \(Number.grouped(count)) of \(Number.grouped(rows)) rows", .info))
      case .exact, .atLeast, .estimate: sheet.heads.append((counted(count, "row"), nil))
      }
    } else if error == nil {
      sheet.heads.append(("Reading the rows…", nil))
    }
    return sheet.draw(table, into: &grid, state)
  }
}

/// Explains the row that the mark under the chart's cursor stands for; of several one is chosen.
func explainMark(_ state: inout WorkbenchState) -> [Effect] {
  if state.chart.box == nil, isOfRows(shownChart(state)), let effects = openExplanation(&state) { return effects }
  guard var request = shownRows(state), let (analysis, spec) = explanation(of: request.node, state),
    let chosen = chosenRows(&state)
  else { return [] }
  guard !isOutdated(state) else {
    state.say("The steps have changed since this chart was drawn: . on the column draws it again.", .warning)
    return []
  }
  request.look.sort = []
  request.look.filters.append(chosen.filter)
  state.overlays.append(MarkRowsOverlay(request, titled: chosen.title, spec, analysis))
  return []
}

/// Whether each mark is a row that an explanation has kept.
private func isOfRows(_ chart: Chart?) -> Bool {
  guard case .content(let content)? = chart else { return false }
  return content is ShapSwarm || content is ShapForce || content is ShapDecision
}
