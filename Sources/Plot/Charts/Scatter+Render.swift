// Scatter: braille dots for the most frequent category, a marker of its own for every other one, so that they are told
// apart without colour. In a cell that several share the majority is drawn, a tie goes to the later one, and `*`
// says that the runner-up has at least 40 % of it. Without categories, more than three points in an occupied cell on
// average turn the chart into a 2-D histogram (`ScatterDensity`), and the title says so. A window leaves the points
// outside of it away: what was a density becomes points again where one looks close enough.

import Foundation
import Grid

extension Scatter {
  func render(size: Size, context: DrawContext, view: ChartView) -> RenderedChart {
    var painter = Painter(size: size, context: context)
    if size.isEmpty { return RenderedChart(grid: painter.grid) }
    let layout = ScatterLayout(self, size: size, context: context, view: view)
    if layout.plot.isEmpty || layout.isEmpty {
      var title = layout.title(painter)
      title.legend = []
      title.draw(on: &painter)
      if layout.isEmpty {
        painter.sentence(layout.counts.emptySentence, in: Rect(size).splitTop(layout.top).1)
      }
      return RenderedChart(grid: painter.grid)
    }
    layout.drawFrame(on: &painter)
    let trends = ScatterTrends(layout)
    trends.drawBands(on: &painter)
    if layout.cells.occupied.isEmpty {
      painter.sentence("No points here.", in: layout.plot)
    } else if layout.isDensity {
      ScatterDensity(layout).draw(on: &painter)
    } else {
      layout.drawPoints(on: &painter)
    }
    trends.drawLines(on: &painter)
    let marks = layout.marks
    if let cursor = view.cursor, marks.indices.contains(cursor) { layout.drawCursor(marks[cursor].rect, on: &painter) }
    return RenderedChart(grid: painter.grid, marks: marks, axes: layout.axes)
  }
}

/// The geometry of a scatter plot, and which points fall in which cell.
struct ScatterLayout {
  let chart: Scatter
  let glyphs: Glyphs
  let colors: ColorDepth
  let plot: Rect
  let hasAxes: Bool
  /// Lines of the title.
  let top: Int
  /// Rows above and below the plot for the axis names and the legend.
  let hasNames: Bool
  let hasLegendRow: Bool
  let xAxis: Axis
  let yAxis: Axis
  let categories: ScatterCategories
  let cells: ScatterCells
  let isDensity: Bool
  let notFinite: Int
  /// Points without a place on a logarithmic axis.
  let notPositive: Int
  /// The points in the window.
  let points: [Scatter.Point]
  /// Where all points lie.
  private let whole: (x: ClosedRange<Double>, y: ClosedRange<Double>)
  private let view: ChartView
  /// True without any point to draw, in the window or not.
  let isEmpty: Bool

  init(_ chart: Scatter, size: Size, context: DrawContext, view: ChartView) {
    self.chart = chart
    self.view = view
    glyphs = Glyphs(context.glyphs)
    colors = context.colors
    let finite = chart.points.filter { $0.x.isFinite && $0.y.isFinite }
    notFinite = chart.points.count - finite.count
    let (hasLogX, hasLogY) = (chart.xForm?.isLogarithmic == true, chart.yForm?.isLogarithmic == true)
    let placed = hasLogX || hasLogY ? finite.filter { (!hasLogX || $0.x > 0) && (!hasLogY || $0.y > 0) } : finite
    notPositive = finite.count - placed.count
    categories = ScatterCategories(chart, points: placed)
    isEmpty = placed.isEmpty
    let points = view.isZoomed ? placed.filter { view.contains(x: $0.x, y: $0.y) } : placed
    self.points = points
    whole = (ScatterLayout.range(placed.map(\.x)), ScatterLayout.range(placed.map(\.y)))

    hasAxes = size.width >= 14 && size.height >= 6
    hasNames = hasAxes && size.height >= 16
    hasLegendRow =
      hasAxes && (categories.count > 1 || !(chart.trends ?? []).isEmpty) && size.height >= 9
      && !ScatterLayout.fitsTitle(chart, categories, points.count, size: size, glyphs: glyphs)
    var line = TitleLine(name: ScatterLayout.name(chart, glyphs), counts: ScatterLayout.counts(chart))
    // Whether it becomes a density plot depends on the cells, and the cells on the title: reserve for it.
    if categories.count <= 1, points.count > 3 { line.notes = ["2-D density"] }
    if view.isZoomed { line.notes.append(ScatterLayout.note(points.count, of: placed.count)) }
    top = line.lines(in: size)
    let above = top + (hasLegendRow ? 1 : 0) + (hasNames ? 1 : 0)
    let rows = max(0, size.height - above - (hasAxes ? 2 : 0) - (hasNames ? 1 : 0))
    let labelWidth = size.width >= 44 ? 7 : 6
    let (across, down) = DotCanvas.dots(context.glyphs)
    let yRange = AxisSpec(chart.y, whole.y).shown(view.y)
    let (xForm, yForm) = (chart.xForm ?? .plain, chart.yForm ?? .plain)
    yAxis =
      hasAxes && !placed.isEmpty
      ? Axis.vertical(
        yRange.range, kind: ScatterLayout.kind(chart.yKind, placed.map(\.y)), cells: rows, labelWidth: labelWidth,
        mapping: .dots(down), extends: !yRange.isWindow, form: yForm)
      : Axis.bare(yRange.range, cells: rows, mapping: .dots(down), form: yForm)
    let gutter =
      size.width >= 44 ? 7 : yAxis.ticks.map { TextWidth.of($0.label) }.max() ?? 0
    let left = hasAxes ? gutter + 1 : 0
    plot = Rect(x: left, y: above, width: size.width - left, height: rows)
    let xRange = AxisSpec(chart.x, whole.x).shown(view.x)
    xAxis =
      hasAxes && !placed.isEmpty
      ? Axis.horizontal(
        xRange.range, kind: ScatterLayout.kind(chart.xKind, placed.map(\.x)), cells: plot.width, overhang: left,
        mapping: .dots(across), extends: !xRange.isWindow, form: xForm)
      : Axis.bare(xRange.range, cells: plot.width, mapping: .dots(across), form: xForm)
    cells = ScatterCells(points, xAxis.scale, yAxis.scale, plot.size, categories)
    isDensity = categories.count <= 1 && cells.mean > 3
  }

  private static func fitsTitle(
    _ chart: Scatter, _ categories: ScatterCategories, _ n: Int, size: Size, glyphs: Glyphs
  ) -> Bool {
    // With room for `* overlap` and the longest note.
    let trend = (chart.trends ?? []).isEmpty ? 0 : 24
    let keys = categories.names.reduce(0) { $0 + TextWidth.of($1) + 4 } + 12 + 24 + trend
    let counts = RowCounts(total: chart.total, sampled: chart.sampled, missing: chart.missing).text
    return TextWidth.of(name(chart, glyphs)) + TextWidth.of(counts) + keys + 9 <= size.width
  }

  private static func range(_ values: [Double]) -> ClosedRange<Double> {
    guard let low = values.min(), let high = values.max() else { return 0...1 }
    return low...high
  }

  /// `zoomed: 412 of 20,000 points`.
  private static func note(_ shown: Int, of all: Int) -> String {
    "zoomed: \(Numbers.grouped(shown)) of \(Numbers.grouped(all)) points"
  }

  /// Both axes, for looking closer.
  var axes: ChartAxes? {
    if isEmpty || plot.isEmpty { return nil }
    var axes = ChartAxes()
    if whole.x.lowerBound < whole.x.upperBound {
      axes.x = ChartAxis(chart.x, kind: chart.xKind, whole: whole.x, scale: xAxis.scale, from: plot.x)
    }
    if whole.y.lowerBound < whole.y.upperBound {
      axes.y = ChartAxis(chart.y, kind: chart.yKind, whole: whole.y, scale: yAxis.scale, upFrom: plot.maxY)
    }
    return axes.isEmpty ? nil : axes
  }

  /// Columns of whole numbers get whole ticks even when nobody said that they are integers.
  private static func kind(_ kind: AxisKind, _ values: [Double]) -> AxisKind {
    kind == .number && values.allSatisfy { $0 == $0.rounded() } ? .integer : kind
  }

  private static func counts(_ chart: Scatter) -> RowCounts {
    RowCounts(total: chart.total, sampled: chart.sampled, missing: chart.missing)
  }

  private static func name(_ chart: Scatter, _ glyphs: Glyphs) -> String {
    chart.title ?? "\(chart.x) \(glyphs.times) \(chart.y)"
  }

  var counts: RowCounts { ScatterLayout.counts(chart) }

  func title(_ painter: Painter) -> TitleLine {
    var title = TitleLine(name: ScatterLayout.name(chart, glyphs), counts: counts)
    if let colorBy = chart.colorBy, chart.title == nil { title.detail = "by \(colorBy)" }
    if view.isZoomed {
      let all = chart.points.count - notFinite - notPositive
      title.notes.append(ScatterLayout.note(points.count, of: all))
    }
    if notFinite > 0 { title.notes.append("\(Numbers.grouped(notFinite)) not finite") }
    if notPositive > 0 { title.notes.append("\(Numbers.grouped(notPositive)) not above zero") }
    if chart.points.count > 1 {
      for (name, axis) in [(chart.x, xAxis), (chart.y, yAxis)] where axis.ticks.count == 1 && isConstant(axis) {
        title.notes.append("\(name) is constant")
      }
    }
    if isDensity {
      title.notes.append("2-D density")
      title.legend = cells.occupied.isEmpty ? [] : ScatterDensity(self).legend(painter)
    } else if categories.count > 1 {
      if isCrowded { title.notes.append("majority of each cell") }
      title.legend = legend(painter)
    }
    title.legend += ScatterTrends(self).keys(painter)
    return title
  }

  private func isConstant(_ axis: Axis) -> Bool {
    guard let tick = axis.ticks.first else { return false }
    let values = axis.scale == xAxis.scale ? chart.points.map(\.x) : chart.points.map(\.y)
    return values.allSatisfy { $0 == tick.value }
  }

  private func legend(_ painter: Painter) -> [TitleLine.Key] {
    var keys = categories.names.indices.map { i in
      TitleLine.Key(sample: sample(i), style: style(i, painter), label: categories.names[i])
    }
    if cells.hasOverlap {
      keys.append(.init(sample: String(Character(glyphs.overlap)), style: painter.labelStyle.bold(), label: "overlap"))
    }
    return keys
  }

  /// What stands for a category in the legend.
  private func sample(_ category: Int) -> String {
    marker(category).map { String(Character($0)) } ?? glyphs.dotSample
  }

  /// Whether cells hold too many points for dots to say more than whose majority it is.
  private var isCrowded: Bool { categories.count > 1 && cells.mean > 3 }

  /// The marker of a category; nil for the one drawn as dots.
  func marker(_ category: Int) -> Unicode.Scalar? {
    if category == categories.dotted { return isCrowded ? glyphs.faintMarker : nil }
    let place = category < categories.dotted ? category : category - 1
    return glyphs.markers[place % glyphs.markers.count]
  }

  func style(_ category: Int, _ painter: Painter) -> Style {
    painter.ink(painter.series(categories.count > 1 ? category : 1))
  }

  func drawFrame(on painter: inout Painter) {
    var title = title(painter)
    let keys = title.legend
    if hasLegendRow { title.legend = [] }
    let hasDrawnLegend = title.draw(on: &painter, lines: top)
    if isDensity, !hasDrawnLegend, hasNames {
      TitleLine.draw(keys, on: &painter, x: plot.x, y: plot.maxY + 2)
    }
    if hasLegendRow { TitleLine.draw(keys, on: &painter, x: plot.x, y: top) }
    guard hasAxes else { return }
    painter.verticalAxis(yAxis, x: plot.x - 1, top: plot.y)
    painter.horizontalAxis(xAxis, x: plot.x, y: plot.maxY)
    guard hasNames else { return }
    let yName = glyphs.cut(chart.y, painter.width)
    painter.text(yName, max(0, plot.x - 1 - TextWidth.of(yName)), plot.y - 1, painter.mutedStyle)
    let xName = glyphs.cut(chart.x, painter.width)
    painter.text(xName, painter.width - TextWidth.of(xName), plot.maxY + 2, painter.mutedStyle)
  }

  func drawPoints(on painter: inout Painter) {
    var canvas = DotCanvas(width: plot.width, height: plot.height, glyphs: painter.context.glyphs)
    for point in cells.points where point.category == categories.dotted {
      canvas.set(point.x, plot.height * canvas.down - 1 - point.y)
    }
    for cell in cells.occupied {
      let winner = cell.winner
      let x = plot.x + cell.x
      let y = plot.maxY - 1 - cell.y
      if cell.isContested {
        painter.put(glyphs.overlap, x, y, style(winner, painter).bold())
      } else if let marker = marker(winner) {
        painter.put(marker, x, y, style(winner, painter))
      } else if let dots = canvas.character(cell.x, plot.height - 1 - cell.y, mark: "o") {
        painter.put(dots, x, y, style(winner, painter))
      }
    }
  }

  func drawCursor(_ rect: Rect, on painter: inout Painter) {
    let style = painter.theme.ui.cursor
    // Half of a half block would stay in the colour of its bin.
    if isDensity { painter.put(" ", rect.x, rect.y, style) } else { painter.grid.restyle(rect) { $0 = style } }
    guard hasAxes else { return }
    // Its position on both axes, for a read-out without a mouse.
    painter.put(glyphs.pointer, rect.x, plot.maxY, painter.cursorStyle)
    painter.put(glyphs.sidePointer, plot.x - 1, rect.y, painter.cursorStyle)
  }

  var marks: [ChartMark] {
    // Texts by column and by row: a chart has thousands of occupied cells.
    let columns = (0..<plot.width).map { "\(chart.x) \(span($0, xAxis.scale, chart.xKind))" }
    let rows = (0..<plot.height).map { "  \(chart.y) \(span($0, yAxis.scale, chart.yKind))  n=" }
    return cells.occupied.map { cell in
      let x = interval(cell.x, xAxis.scale, view.x)
      let y = interval(cell.y, yAxis.scale, view.y)
      return ChartMark(
        rect: Rect(x: plot.x + cell.x, y: plot.maxY - 1 - cell.y, width: 1, height: 1),
        place: Point(x: cell.x, y: plot.height - 1 - cell.y),
        readout: columns[cell.x] + rows[cell.y] + Numbers.grouped(cell.count) + byCategory(cell),
        selection: .box(
          x: .init(column: chart.x, lower: x.lower, upper: x.upper, includesUpper: x.isEnd, kind: chart.xKind),
          y: .init(column: chart.y, lower: y.lower, upper: y.upper, includesUpper: y.isEnd, kind: chart.yKind)))
    }
  }

  /// The values of a cell, cut off where the window ends.
  private func interval(
    _ cell: Int, _ scale: AxisScale, _ window: ClosedRange<Double>?
  ) -> (lower: Double, upper: Double, isEnd: Bool) {
    let (lower, upper) = scale.interval(cell: cell)
    guard let window else { return (lower, upper, false) }
    let isEnd = upper > window.upperBound
    return (max(lower, window.lowerBound), isEnd ? window.upperBound : upper, isEnd)
  }

  /// The values of a cell, with as many digits as it is apart from the next.
  private func span(_ cell: Int, _ scale: AxisScale, _ kind: AxisKind) -> String {
    let ends = scale.interval(cell: cell)
    if kind == .time { return Numbers.moment(ends.lower.rounded()) }
    let step = scale.isLogarithmic ? ends.upper - ends.lower : scale.span / Double(max(1, scale.cells))
    let digits = step > 1e-9 ? (step < 1 ? Int((-log10(step)).rounded(.up)) : 0) : 9
    let low = Numbers.trimmed(Numbers.fixed(ends.lower, digits))
    let high = Numbers.trimmed(Numbers.fixed(ends.upper, digits))
    return low == high ? low : low + glyphs.range + high
  }

  private func byCategory(_ cell: ScatterCells.Cell) -> String {
    if categories.count <= 1 { return "" }
    let parts = cells.parts[cell.parts].sorted { ($1.count, $0.category) < ($0.count, $1.category) }
    return "  " + parts.map { "\(categories.names[$0.category]) \(Numbers.grouped($0.count))" }.joined(separator: ", ")
  }
}
