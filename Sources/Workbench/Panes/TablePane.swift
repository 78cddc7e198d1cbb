import Engine
import Flow
import Frame
import Grid
import Insight
import Plot
import Widgets

/// The table pane: headings, what each column holds, rows, and a cursor.
func drawTablePane(_ state: WorkbenchState, into grid: inout CellGrid, in rect: Rect, hits: inout HitMap) {
  guard let view = state.table.current else {
    drawHint(
      [
        "No data yet.", "\(state.keyLabel("file.open")) opens a file, \(state.keyLabel("file.newFlow")) begins a flow.",
      ], state, into: &grid, in: rect)
    return
  }
  if let error = view.error {
    drawFailure(error, state, into: &grid, in: rect)
    return
  }
  guard view.opened != nil else {
    if let before = view.before.first {
      hits.add(tableGrid(before, state).draw(in: rect, on: &grid, state.drawing).hits)
      return
    }
    drawHint([view.opening == nil ? "Not read." : "Reading \(view.title)…"], state, into: &grid, in: rect)
    return
  }
  hits.add(tableGrid(view, state).draw(in: rect, on: &grid, state.drawing).hits)
}

/// Rows that the table pane has room for.
func tableRowCount(_ state: WorkbenchState) -> Int {
  let layout = state.layout
  let rect = paneInterior(.table, state, layout)
  return rect.isEmpty ? 20 : DataGrid.rowsThatFit(rect.height)
}

private func tableGrid(_ view: TableView, _ state: WorkbenchState) -> DataGrid {
  let shown = view.shownColumns
  let pinned = view.arrangement.pinned(view.schema)
  let summary = SummaryCells(view, state)
  let columns = shown.enumerated().map { place, index in
    var column = gridColumn(view, index, summary, state)
    column.isKey = place < pinned
    return column
  }
  let cursor = shown.firstIndex(of: view.column) ?? 0
  // While the rows are being counted, the end of the file is shown in their place once it was asked for.
  if let tail = view.tail, view.exactRows == nil {
    return DataGrid(
      columns: columns, rowCount: tail.rowCount, cursorRow: max(0, tail.rowCount - 1), cursorColumn: cursor,
      top: Int.max / 2, left: view.left, frozen: pinned, isFocused: state.focus == .table, largestNumber: 999_999,
      number: { "-\(tail.rowCount - $0)" },
      cell: { row, place in tail.text(row, shown[place]).map(GridCell.text) ?? .null })
  }
  return DataGrid(
    columns: columns, rowCount: view.reachableRows, cursorRow: view.row, cursorColumn: cursor, top: view.top,
    left: view.left, frozen: pinned, isFocused: state.focus == .table,
    placeholder: view.exactRows == 0 ? emptyText(view) : "Reading…",
    largestNumber: largestRowNumber(view), isMarked: markTest(view, state),
    highlights: highlighting(view, shown),
    cell: { row, place in
      guard view.isLoaded(row) else { return .loading }
      return gridCell(view, row, shown[place], summary)
    })
}

/// The row number that the gutter has room for.
func largestRowNumber(_ view: TableView) -> Int { max(99_999, view.reachableRows) }

/// The heading of a column and its width.
private func gridColumn(_ view: TableView, _ index: Int, _ summary: SummaryCells?, _ state: WorkbenchState)
  -> GridColumn
{
  let column = view.schema[index]
  let ascii = state.drawing.glyphs == .ascii
  let isTarget = view.request.look.summary == nil && column.name == state.flow.target
  let title = view.arrangement.names[column.name] ?? column.name
  let mark = sortMark(column.name, view, ascii) + (isTarget ? (ascii ? "*" : "◎") : "")
  // A heading of several keys is never cut for its number.
  let heading = view.request.look.sort.count > 1 && !mark.isEmpty ? TextWidth.of(title + mark) + 1 : 0
  let measured = view.widths.indices.contains(index) ? max(view.widths[index], min(heading, 32)) : nil
  return GridColumn(
    title, kind: summary?.kind(index) ?? gridKind(column.kind),
    profile: summary?.profile(index) ?? headerText(view.header, index, state), mark: mark,
    width: view.arrangement.widths[column.name] ?? summary?.width(index) ?? measured)
}

private func gridCell(_ view: TableView, _ row: Int, _ column: Int, _ summary: SummaryCells?) -> GridCell {
  if let summary { return summary.cell(row, column) }
  return view.text(row: row, column: column).map(GridCell.text) ?? .null
}

/// The width that shows the heading and every value of a column among the rows that are here.
func fittingWidth(_ view: TableView, _ index: Int, _ state: WorkbenchState) -> Int {
  let summary = SummaryCells(view, state)
  var column = gridColumn(view, index, summary, state)
  column.width = nil
  let cells = view.pages.sorted { $0.key < $1.key }.lazy.flatMap { number, page in
    (0..<page.rowCount).lazy.map { gridCell(view, number * TableView.pageSize + $0, index, summary) }
  }
  return GridColumn.width(column, cells: cells, widest: 120)
}

private func emptyText(_ view: TableView) -> String {
  view.request.look.filters.isEmpty ? "No rows: the file or the steps above leave none." : "No rows match. q goes back."
}

/// Whether a row of the view is marked, or would be by the range that is being chosen.
private func markTest(_ view: TableView, _ state: WorkbenchState) -> (Int) -> Bool {
  let marks = state.table.markedTable == view.request.table ? state.table.marks : MarkedRows()
  let range = view.rangeStart.map { min($0, view.row)...max($0, view.row) }
  if marks.isEmpty, range == nil { return { _ in false } }
  return { row in
    if range?.contains(row) ?? false { return true }
    guard let id = view.rowID(row) else { return false }
    return marks.contains(id) { view.satisfies($0, row: row) }
  }
}

/// Where the pattern that is searched for stands in a cell, in characters.
private func highlighting(_ view: TableView, _ shown: [Int]) -> (Int, String) -> [Range<Int>] {
  guard let search = view.search, let highlighter = search.highlighter else { return { _, _ in [] } }
  let columns = search.match.columns.map(Set.init)
  return { place, text in
    guard shown.indices.contains(place), columns?.contains(view.schema[shown[place]].name) ?? true else { return [] }
    return highlighter.ranges(in: text)
  }
}

func gridKind(_ kind: ColumnKind) -> GridColumn.Kind {
  switch kind {
  case .integer, .real: .number
  case .boolean: .bool
  case .date, .timestamp, .time: .date
  case .text, .other: .text
  }
}

private func sortMark(_ column: String, _ view: TableView, _ ascii: Bool) -> String {
  guard let index = view.request.look.sort.firstIndex(where: { $0.column == column }) else { return "" }
  let arrow =
    view.request.look.sort[index].descending ? (ascii ? "v" : "▼") : (ascii ? "^" : "▲")
  return view.request.look.sort.count > 1 ? "\(index + 1)\(arrow)" : arrow
}

/// The line under a heading: a sparkline of a number or date, the number of levels of anything else, the share missing.
/// Of a table that was profiled from its first rows only, figures are marked as approximate.
func headerText(_ header: [HeaderProfile], _ index: Int, _ state: WorkbenchState) -> String {
  guard header.indices.contains(index) else { return "" }
  let column = header[index]
  let ascii = state.drawing.glyphs == .ascii
  let about = column.isComplete ? "" : (ascii ? "~" : "≈")
  var parts: [String] = []
  if let bins = column.bins {
    parts.append(sparkline(bins, width: bins.count, glyphs: state.drawing.glyphs))
  } else if let levels = column.levels {
    parts.append("\(about)\(Number.compact(levels)) lv")
  }
  if column.missingShare > 0 { parts.append("\(about)\(Number.percent(column.missingShare))" + (ascii ? "?" : "∅")) }
  return parts.joined(separator: " ")
}

private func drawFailure(_ text: String, _ state: WorkbenchState, into grid: inout CellGrid, in rect: Rect) {
  let theme = state.drawing.theme
  let inner = rect.inset(dx: 2, dy: 1)
  let style = theme.base.with(foreground: theme.status.error)
  let used = TextBlock(text, style: style).draw(in: inner, on: &grid, state.drawing)
  let (_, below) = inner.splitTop(used + 1)
  let advice =
    "\(state.keyLabel("file.reload")) reads again · \(state.keyLabel("file.open")) opens another file · "
    + "\(state.keyLabel("error.last")) shows the whole text"
  _ = TextBlock(advice, style: theme.base.with(foreground: theme.ui.muted)).draw(in: below, on: &grid, state.drawing)
}

extension TableView {
  /// Fixes the widths of the columns from the first rows that have come, so that they do not jump while scrolling.
  mutating func measureColumns(_ state: WorkbenchState) {
    guard let first = pages[0] == nil ? pages.keys.min() : 0, let page = pages[first] else { return }
    let rows = min(100, page.rowCount)
    let view = self
    let summary = SummaryCells(view, state)
    widths = schema.indices.map { index in
      var column = gridColumn(view, index, summary, state)
      column.mark = "▲"
      guard index < page.columns.count else { return GridColumn.narrowest }
      return GridColumn.width(
        column,
        cells: (0..<rows).lazy.map { gridCell(view, first * TableView.pageSize + $0, index, summary) }, widest: 32)
    }
    if view.widths.isEmpty { arrangement.hidden.formUnion(SummaryCells(self, state)?.dispensable ?? []) }
  }
}
