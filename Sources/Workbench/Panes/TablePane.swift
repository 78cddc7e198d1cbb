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
  let ascii = state.drawing.glyphs == .ascii
  let columns = view.schema.enumerated().map { index, column in
    GridColumn(
      column.name, kind: gridKind(column.kind), profile: headerText(view.header, index, state),
      mark: sortMark(column.name, view, ascii) + (column.name == state.flow.target ? (ascii ? "*" : "◎") : ""),
      width: view.widths.indices.contains(index) ? view.widths[index] : nil)
  }
  // While the rows are being counted, the end of the file is shown in their place once it was asked for.
  if let tail = view.tail, view.exactRows == nil {
    return DataGrid(
      columns: columns, rowCount: tail.rowCount, cursorRow: max(0, tail.rowCount - 1), cursorColumn: view.column,
      top: Int.max / 2, left: view.left, isFocused: state.focus == .table, largestNumber: 999_999,
      number: { "-\(tail.rowCount - $0)" },
      cell: { row, column in tail.text(row, column).map(GridCell.text) ?? .null })
  }
  return DataGrid(
    columns: columns, rowCount: view.reachableRows, cursorRow: view.row, cursorColumn: view.column, top: view.top,
    left: view.left, isFocused: state.focus == .table,
    placeholder: view.exactRows == 0 ? emptyText(view) : "Reading…",
    largestNumber: max(99_999, view.reachableRows),
    cell: { row, column in
      guard view.isLoaded(row) else { return .loading }
      return view.text(row: row, column: column).map(GridCell.text) ?? .null
    })
}

private func emptyText(_ view: TableView) -> String {
  view.request.look.filters.isEmpty ? "No rows: the file or the steps above leave none." : "No rows match. q goes back."
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
    guard let page = pages[0] ?? pages.values.first else { return }
    let rows = min(100, page.rowCount)
    widths = schema.indices.map { index in
      let column = GridColumn(
        schema[index].name, kind: gridKind(schema[index].kind), profile: headerText(header, index, state), mark: "▲")
      guard index < page.columns.count else { return GridColumn.narrowest }
      return GridColumn.width(
        column, cells: (0..<rows).lazy.map { page.text($0, index).map(GridCell.text) ?? .null }, widest: 32)
    }
  }
}
