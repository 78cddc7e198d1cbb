// Heatmap: coloured cells with the number in them where there are 256 colours, otherwise a shade and the signed number.
// A matrix too large for numbers keeps its colours (two rows in a cell as half blocks), one too large for that is shown
// in part, around the cursor, and the title says which part. A window counts rows and columns from zero.

import Foundation
import Grid

extension Heatmap {
  func render(size: Size, context: DrawContext, view: ChartView) -> RenderedChart {
    var painter = Painter(size: size, context: context)
    if size.isEmpty { return RenderedChart(grid: painter.grid) }
    let layout = HeatmapLayout(self, size: size, context: context, view: view)
    layout.drawTitle(on: &painter)
    if rows.isEmpty || columns.isEmpty {
      let counts = RowCounts(total: total, sampled: sampled, missing: missing)
      let sentence = total == nil || total != 0 ? "Fewer than two columns to compare." : counts.emptySentence
      painter.sentence(sentence, in: Rect(size).splitTop(layout.top).1)
      return RenderedChart(grid: painter.grid)
    }
    layout.drawHeader(on: &painter)
    layout.drawCells(on: &painter)
    layout.drawScale(on: &painter)
    return RenderedChart(grid: painter.grid, marks: layout.marks, axes: layout.axes)
  }

  /// Whether only the lower triangle says anything.
  var isTriangular: Bool { kind == .correlation && rows == columns }

  /// The value of a cell; nil where there is none, or none that is finite.
  func value(_ row: Int, _ column: Int) -> Double? {
    guard values.indices.contains(row), values[row].indices.contains(column), let value = values[row][column],
      value.isFinite
    else { return nil }
    return value
  }

  /// The cells of a window in cursor order.
  func places(_ rows: Range<Int>, _ columns: Range<Int>) -> [(row: Int, column: Int)] {
    rows.flatMap { row in
      columns.filter { !isTriangular || $0 <= row }.map { (row, $0) }
    }
  }
}

/// The geometry of a heatmap, and its drawing in order.
struct HeatmapLayout {
  let chart: Heatmap
  let ink: HeatmapInk
  /// The cells in cursor order, and the one under the cursor.
  private let places: [(row: Int, column: Int)]
  private let current: (row: Int, column: Int)?
  private let glyphs: Glyphs
  private let size: Size
  /// Columns of a row's label, with the blank after it.
  let gutter: Int
  /// Lines of the title.
  let top: Int
  let hasHeader: Bool
  let hasScale: Bool
  let body: Rect
  /// Columns and lines of a cell; a height of zero is two rows in one line.
  let cellWidth: Int
  let cellHeight: Int
  let shownRows: Range<Int>
  let shownColumns: Range<Int>

  init(_ chart: Heatmap, size: Size, context: DrawContext, view: ChartView) {
    self.chart = chart
    self.size = size
    glyphs = Glyphs(context.glyphs)
    ink = HeatmapInk(chart, context: context)
    let widest = chart.rows.map { TextWidth.of($0) }.max() ?? 0
    gutter =
      size.width < 10 ? 0 : min(widest + (size.width >= 60 ? 3 : 1), max(4, size.width * 3 / 10))
    hasScale = size.height >= 6 && size.width >= 20
    top = HeatmapLayout.title(chart).lines(in: size)
    let lines = size.height - top - (hasScale ? 1 : 0)
    let rows = ChartView.items(view.y, of: chart.rows.count)
    let columns = ChartView.items(view.x, of: chart.columns.count)
    let wide = columns.isEmpty ? 0 : (size.width - gutter) / columns.count
    cellWidth = ink.cellWidth(room: wide)
    hasHeader = lines >= 3 && cellWidth >= 4
    let height = max(0, lines - (hasHeader ? 1 : 0))
    body = Rect(x: gutter, y: top + (hasHeader ? 1 : 0), width: size.width - gutter, height: height)

    let rowCount = rows.count
    var tall = rowCount == 0 ? 1 : min(3, height / rowCount, max(1, cellWidth / 3))
    if tall < 1 { tall = ink.canHalve && rowCount > height && cellWidth < ink.numberWidth + 1 ? 0 : 1 }
    if !ink.isColored { tall = min(tall, 1) }
    cellHeight = tall
    let fitRows = tall == 0 ? height * 2 : height / max(1, tall)
    let fitColumns = cellWidth > 0 ? body.width / cellWidth : 0
    let places = chart.places(rows, columns)
    self.places = places
    current = view.cursor.flatMap { places.indices.contains($0) ? places[$0] : nil }
    let place = current ?? (row: rows.lowerBound, column: columns.lowerBound)
    shownRows = HeatmapLayout.window(rows, fitRows, around: place.row)
    shownColumns = HeatmapLayout.window(columns, fitColumns, around: place.column)
  }

  /// `fit` of some positions, with `position` among them.
  private static func window(_ positions: Range<Int>, _ fit: Int, around position: Int) -> Range<Int> {
    if positions.count <= fit { return positions }
    if fit <= 0 { return positions.lowerBound..<positions.lowerBound }
    let start = min(max(positions.lowerBound, position - fit / 2), positions.upperBound - fit)
    return start..<(start + fit)
  }

  /// Rows and columns as axes, counted from zero.
  var axes: ChartAxes? {
    func scale(_ shown: Range<Int>, _ cells: Int) -> AxisScale {
      AxisScale(lower: Double(shown.lowerBound), upper: Double(shown.upperBound), cells: cells, mapping: .edges)
    }
    if shownRows.isEmpty || shownColumns.isEmpty { return nil }
    let lines = cellHeight == 0 ? (shownRows.count + 1) / 2 : shownRows.count * cellHeight
    return ChartAxes(
      x: ChartAxis(
        "columns", kind: .integer, whole: 0...Double(chart.columns.count),
        scale: scale(shownColumns, shownColumns.count * cellWidth), from: body.x),
      y: ChartAxis(
        "rows", kind: .integer, whole: 0...Double(chart.rows.count), scale: scale(shownRows, lines), from: body.y))
  }

  private static func title(_ chart: Heatmap) -> TitleLine {
    TitleLine(
      name: chart.title, counts: RowCounts(total: chart.total, sampled: chart.sampled, missing: chart.missing))
  }

  var titleLine: TitleLine {
    var title = HeatmapLayout.title(chart)
    if shownRows.count < chart.rows.count || shownColumns.count < chart.columns.count {
      let shown = "\(shownRows.count)\(glyphs.times)\(shownColumns.count)"
      title.notes = ["\(shown) of \(chart.rows.count)\(glyphs.times)\(chart.columns.count)"]
    }
    return title
  }

  func drawTitle(on painter: inout Painter) {
    // The part shown is not known before the layout, and may not change it.
    titleLine.draw(on: &painter, lines: top)
  }

  func drawHeader(on painter: inout Painter) {
    guard hasHeader else { return }
    for (i, column) in shownColumns.enumerated() {
      let room = cellWidth - 1
      let cut = glyphs.cut(chart.columns[column], room)
      let x = body.x + i * cellWidth + (room - TextWidth.of(cut)) / 2
      painter.text(cut, x, body.y - 1, painter.labelStyle)
    }
  }

  /// The cells of a place in the grid; empty outside the window.
  private func rect(_ row: Int, _ column: Int) -> Rect {
    guard shownRows.contains(row), shownColumns.contains(column) else { return .zero }
    let line = row - shownRows.lowerBound
    let y = cellHeight == 0 ? line / 2 : line * cellHeight
    return Rect(
      x: body.x + (column - shownColumns.lowerBound) * cellWidth, y: body.y + y, width: cellWidth,
      height: max(1, cellHeight))
  }

  func drawCells(on painter: inout Painter) {
    for row in shownRows {
      drawLabel(row, on: &painter, isCurrent: current?.row == row)
      for column in shownColumns where !chart.isTriangular || column <= row {
        let isCurrent = current.map { $0.row == row && $0.column == column } ?? false
        let area = rect(row, column)
        if cellHeight == 0 {
          ink.drawHalf(
            chart.value(row, column), isUpper: (row - shownRows.lowerBound) % 2 == 0, in: area, on: &painter)
        } else {
          ink.draw(chart.value(row, column), in: area, on: &painter)
        }
        if isCurrent { painter.grid.restyle(area) { $0 = $0.adding([.reverse, .bold]) } }
      }
    }
  }

  private func drawLabel(_ row: Int, on painter: inout Painter, isCurrent: Bool) {
    let first = rect(row, shownColumns.lowerBound)
    // Two rows share a line as half blocks; the upper one is named.
    if gutter < 2 || first.isEmpty || (cellHeight == 0 && (row - shownRows.lowerBound) % 2 == 1) { return }
    let cut = glyphs.cut(chart.rows[row], gutter - 1)
    let style = isCurrent ? painter.cursorStyle : painter.labelStyle
    painter.text(cut, gutter - 1 - TextWidth.of(cut), first.y + (max(1, cellHeight) - 1) / 2, style)
  }

  func drawScale(on painter: inout Painter) {
    if !hasScale { return }
    // One free line under the cells where there is one.
    let lines = cellHeight == 0 ? (shownRows.count + 1) / 2 : shownRows.count * cellHeight
    let y = min(size.height - 1, body.y + lines + 1)
    ink.drawScale(x: body.x, y: y, width: body.width, on: &painter)
  }

  private func name(_ row: Int, _ column: Int) -> String {
    if let measure = chart.columnMeasure { return "\(chart.rows[row])  \(measure) \(chart.columns[column])" }
    return "\(chart.rows[row]) \(glyphs.times) \(chart.columns[column])"
  }

  var marks: [ChartMark] {
    places.map { row, column in
      ChartMark(
        rect: rect(row, column), place: Point(x: column, y: row),
        readout: "\(name(row, column))  \(ink.readout(chart.value(row, column)))",
        selection: .pair(row: chart.rows[row], column: chart.columns[column]))
    }
  }
}
