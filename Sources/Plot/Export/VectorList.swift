// The shapes of the kinds that draw their own cells. Their layouts say where things stand; bars, points and curves are
// placed exactly here rather than in eighths and dots.

import Foundation
import Grid

extension Chart {
  /// The chart as shapes without cells in them, for files. Pure, and total: any size, any data.
  public func vectorList(
    size: Size, context: DrawContext, view: ChartView = .whole
  ) -> (list: DisplayList, marks: [ChartMark]) {
    if case .content(let content) = self { return content.list(size: size, context: context, view: view) }
    var plotter = Plotter(size: size, context: context)
    if size.isEmpty { return (plotter.list, []) }
    var marks: [ChartMark] = []
    switch self {
    case .histogram(let chart):
      let layout = HistogramLayout(chart, size: size, context: context, view: view)
      layout.draw(on: &plotter)
      marks = layout.bins.isEmpty ? [] : layout.marks
    case .bars(let chart): marks = chart.draw(on: &plotter, view)
    case .scatter(let chart): ScatterLayout(chart, size: size, context: context, view: view).draw(on: &plotter)
    case .heatmap(let chart):
      let layout = HeatmapLayout(chart, size: size, context: context, view: view)
      layout.draw(on: &plotter)
      marks = layout.marks
    case .importance(let chart): marks = chart.draw(on: &plotter, view)
    case .content: break
    }
    return (plotter.list, marks)
  }
}

extension Axis {
  /// The ticks of an axis of shapes.
  var lineTicks: [DisplayList.AxisLine.Tick] {
    ticks.map { .init(position: scale.position($0.value), cell: $0.cell, label: $0.label) }
  }
}

extension Plotter {
  /// Both axes around a plot, and pale lines across it at the ticks.
  fileprivate mutating func frame(_ plot: Rect, x: Axis, y: Axis, hasColumns: Bool) {
    let (left, right) = (Double(plot.x), Double(plot.maxX))
    for tick in y.lineTicks where tick.position.isFinite && tick.position > 0.3 {
      let row = Double(plot.maxY) - tick.position
      rule(.init(left, row), .init(right, row), .grid, layer: .reference)
    }
    for tick in x.lineTicks where hasColumns && tick.position.isFinite && tick.position > 0.6 {
      let column = left + tick.position
      rule(.init(column, Double(plot.y)), .init(column, Double(plot.maxY)), .grid, layer: .reference)
    }
    axis(.init(isVertical: true, column: plot.x - 1, row: plot.y, length: plot.height, ticks: y.lineTicks))
    axis(.init(isVertical: false, column: plot.x, row: plot.maxY, length: plot.width, ticks: x.lineTicks))
  }

  /// A painter for what layouts ask of one: colours and glyphs.
  fileprivate var painter: Painter { Painter(size: Size(width: 1, height: 1), context: context) }
}

extension HistogramLayout {
  fileprivate func draw(on plotter: inout Plotter) {
    var title = title(plotter.painter)
    if !title.legend.isEmpty {
      title.legend = [
        .init(.fill(.solid), role: .series(1), label: "bars"), .init(.line(.solid), role: .series(0), label: "density"),
      ]
    }
    title.draw(on: &plotter, lines: plot.y)
    if plot.isEmpty { return }
    if bins.isEmpty {
      return plotter.sentence(emptySentence, in: Rect(plotter.size).splitTop(plot.y).1)
    }
    if let xAxis { plotter.frame(plot, x: xAxis, y: yAxis, hasColumns: false) }
    plotter.clip = .init(plot)
    let width = Double(plot.width) / Double(bins.count)
    for (i, bin) in bins.enumerated() where bin.count > 0 {
      let height = height(Double(bin.count))
      let box = DisplayList.Box(
        x: Double(plot.x) + Double(i) * width, y: Double(plot.maxY) - height, width: width, height: height)
      plotter.fill(box, .series(1), growth: .up)
    }
    drawCurve(on: &plotter)
    plotter.clip = nil
    if hasSummary, let summary = chart.summary {
      let text = SummaryLine(summary, kind: chart.kind, glyphs: plotter.glyphs).text(width: plotter.width - 2)
      plotter.text(text, .init(1, Double(plotter.height - 1)), role: .muted)
    }
  }

  /// Rows that a count reaches.
  private func height(_ value: Double) -> Double {
    yAxis.scale.upper > 0 ? value / yAxis.scale.upper * Double(plot.height) : 0
  }

  private func drawCurve(on plotter: inout Plotter) {
    if curve.isEmpty { return }
    let points = curve.map { share, value in
      DisplayList.Spot(
        Double(plot.x) + share * Double(plot.width), value.isFinite ? Double(plot.maxY) - height(value) : .nan)
    }
    plotter.add(.polyline(.init(points, role: .series(0), width: 2.2)), .lines)
  }
}

extension Bars {
  fileprivate func draw(on plotter: inout Plotter, _ view: ChartView) -> [ChartMark] {
    let (line, area, part) = layout(plotter.size, plotter.glyphs, view)
    line.draw(on: &plotter)
    if items.isEmpty && others == nil {
      plotter.sentence(counts.emptySentence, in: area)
      return []
    }
    return HorizontalBars(rows: rows(part), area: area).draw(on: &plotter)
  }
}

extension ImportanceBars {
  fileprivate func draw(on plotter: inout Plotter, _ view: ChartView) -> [ChartMark] {
    let (line, area, part) = layout(plotter.size, plotter.glyphs, view)
    line.draw(on: &plotter)
    if items.isEmpty {
      plotter.sentence("No features.", in: area)
      return []
    }
    let both = plotter.width >= 36
    let headings = plotter.width < 60 ? ["gain", "|SHAP|"] : ["gain (share)", "mean |SHAP|"]
    return HorizontalBars(
      rows: rows(part, both: both), area: area, headings: both ? headings : [headings[0]]
    ).draw(on: &plotter)
  }
}

extension HorizontalBars {
  /// As in cells, but with bars of their exact length.
  fileprivate func draw(on plotter: inout Plotter) -> [ChartMark] {
    let seriesCount = rows.map(\.values.count).max() ?? 0
    if seriesCount == 0 { return [] }
    let hasHeadings = !headings.isEmpty && area.height >= 3
    let body = hasHeadings ? area.splitTop(1).1 : area
    let widest = rows.map { TextWidth.of($0.label) }.max() ?? 0
    let gutter = min(widest + 1, Int(Double(area.width) * (seriesCount == 1 ? 0.45 : 0.35)))
    let left = area.x + gutter + (gutter > 0 ? 1 : 0)
    let column = (area.maxX - left) / seriesCount
    for s in 0..<seriesCount {
      let x = left + s * column
      if hasHeadings, s < headings.count {
        plotter.text(headings[s], .init(Double(x), Double(area.y)), role: .muted, width: max(0, column - 1))
      }
      drawSeries(s, x: x, width: column, body, on: &plotter)
    }
    return rows.prefix(body.height).enumerated().map { i, row in
      let at = DisplayList.Spot(Double(area.x + gutter), Double(body.y + i))
      plotter.text(row.label, at, .right, role: row.isOthers ? .muted : .label, width: gutter)
      return ChartMark(
        rect: Rect(x: area.x, y: body.y + i, width: area.width, height: 1), place: Point(x: 0, y: i),
        readout: row.readout, selection: row.selection)
    }
  }

  private func drawSeries(_ s: Int, x: Int, width: Int, _ body: Rect, on plotter: inout Plotter) {
    let shown = rows.prefix(body.height)
    let textWidth = shown.map { s < $0.texts.count ? TextWidth.of($0.texts[s]) : 0 }.max() ?? 0
    let hasTexts = width - textWidth - 4 >= 3
    let length = Double(max(0, width - (hasTexts ? textWidth + 3 : 1)))
    let top = shown.map { s < $0.values.count && $0.values[s].isFinite ? $0.values[s] : 0 }.max() ?? 0
    plotter.axis(.init(isVertical: true, column: x - 1, row: body.y, length: shown.count, ticks: []))
    for (i, row) in shown.enumerated() where s < row.values.count {
      let value = row.values[s]
      let reach = value.isFinite && value > 0 && top > 0 ? value / top * length : 0
      let y = Double(body.y + i)
      if reach > 0 {
        let box = DisplayList.Box(x: Double(x), y: y, width: reach, height: 1)
        plotter.fill(box, row.isOthers ? .muted : .series(s + 1), growth: .right)
      }
      if hasTexts, s < row.texts.count { plotter.text(row.texts[s], .init(Double(x) + reach + 1, y), role: .label) }
    }
  }
}

extension ScatterLayout {
  private static let shapes: [MarkerShape] = [.plus, .cross, .triangle, .square, .diamond, .ring]

  fileprivate func draw(on plotter: inout Plotter) {
    var title = title(plotter.painter)
    let bins = isDensity ? density : []
    let peak = bins.joined().max() ?? 0
    title.notes.removeAll { $0 == "majority of each cell" }
    let keys = keys(peak)
    title.legend = plot.isEmpty || isEmpty || hasLegendRow ? [] : keys
    let isWritten = title.draw(on: &plotter, lines: top)
    if plot.isEmpty || isEmpty {
      if isEmpty {
        plotter.sentence(counts.emptySentence, in: Rect(plotter.size).splitTop(top).1)
      }
      return
    }
    if hasLegendRow { TitleLine.draw(keys, on: &plotter, x: plot.x, y: top) }
    if isDensity, !isWritten, hasNames { TitleLine.draw(keys, on: &plotter, x: plot.x, y: plot.maxY + 2) }
    if hasAxes { plotter.frame(plot, x: xAxis, y: yAxis, hasColumns: true) }
    if hasNames {
      let yName = plotter.glyphs.cut(chart.y, plotter.width)
      let at = max(0, plot.x - 1 - TextWidth.of(yName))
      plotter.text(yName, .init(Double(at), Double(plot.y - 1)), role: .muted)
      plotter.text(
        chart.x, .init(Double(plotter.width), Double(plot.maxY + 2)), .right, role: .muted, width: plotter.width)
    }
    plotter.clip = .init(plot)
    let trends = ScatterTrends(self)
    trends.addBands(to: &plotter)
    if cells.occupied.isEmpty {
      plotter.sentence("No points here.", in: plot)
    } else if isDensity {
      let levels = bins.map { row in row.map { $0 == 0 ? nil : ScatterLayout.level($0, peak) } }
      plotter.colors(.init(plot), levels)
    } else {
      drawMarkers(on: &plotter)
    }
    trends.addLines(to: &plotter)
    plotter.clip = nil
  }

  private func keys(_ peak: Int) -> [TitleLine.Key] {
    let trends = ScatterTrends(self).keys
    if isDensity {
      if cells.occupied.isEmpty { return trends }
      let label = "1\(glyphs.range)\(Numbers.grouped(peak)) a bin, log scale"
      return [.init(.scale(isDiverging: false, columns: 8), role: .label, label: label)] + trends
    }
    if categories.count <= 1 { return trends }
    let names = categories.names.indices.map { i in
      TitleLine.Key(.marker(shape(i)), role: .series(i), label: categories.names[i])
    }
    return names + trends
  }

  private func shape(_ category: Int) -> MarkerShape {
    if category == categories.dotted { return .dot }
    let place = category < categories.dotted ? category : category - 1
    return ScatterLayout.shapes[place % ScatterLayout.shapes.count]
  }

  private func drawMarkers(on plotter: inout Plotter) {
    var points = [[DisplayList.Spot]](repeating: [], count: max(1, categories.count))
    for point in self.points {
      let spot = DisplayList.Spot(
        Double(plot.x) + xAxis.scale.position(point.x), Double(plot.maxY) - yAxis.scale.position(point.y))
      points[categories.of(point)].append(spot)
    }
    // The crowd first, so that the rare ones are seen on it.
    for category in points.indices.sorted(by: { (points[$1].count, $0) < (points[$0].count, $1) })
    where !points[category].isEmpty {
      plotter.markers(points[category], .series(categories.count > 1 ? category : 1), shape(category))
    }
  }

  /// Points in each square of half a row, rows from the top.
  private var density: [[Int]] {
    let perHalf = max(1, yAxis.scale.dotsPerCell / 2)
    var counts = [[Int]](repeating: [Int](repeating: 0, count: plot.width), count: plot.height * 2)
    for dot in cells.points {
      let row = plot.height * 2 - 1 - min(plot.height * 2 - 1, dot.y / perHalf)
      counts[row][min(plot.width - 1, dot.x / xAxis.scale.dotsPerCell)] += 1
    }
    return counts
  }

  /// 0...1, logarithmic in the count.
  private static func level(_ count: Int, _ peak: Int) -> Double {
    peak <= 1 ? 1 : log(Double(count)) / log(Double(peak))
  }
}

extension HeatmapLayout {
  fileprivate func draw(on plotter: inout Plotter) {
    titleLine.draw(on: &plotter, lines: top)
    if chart.rows.isEmpty || chart.columns.isEmpty {
      let counts = RowCounts(total: chart.total, sampled: chart.sampled, missing: chart.missing)
      let sentence =
        chart.total == nil || chart.total != 0 ? "Fewer than two columns to compare." : counts.emptySentence
      return plotter.sentence(sentence, in: Rect(plotter.size).splitTop(top).1)
    }
    if hasHeader {
      for (i, column) in shownColumns.enumerated() {
        let cut = plotter.glyphs.cut(chart.columns[column], cellWidth - 1)
        let x = Double(body.x) + (Double(i) + 0.5) * Double(cellWidth)
        plotter.text(cut, .init(x, Double(body.y - 1)), .center, role: .label)
      }
    }
    for row in shownRows {
      drawName(row, on: &plotter)
      for column in shownColumns where !chart.isTriangular || column <= row { drawCell(row, column, on: &plotter) }
    }
    drawBar(on: &plotter)
  }

  /// The box of a cell; half a row where two share one.
  private func box(_ row: Int, _ column: Int) -> DisplayList.Box {
    let line = Double(row - shownRows.lowerBound)
    let height = cellHeight == 0 ? 0.5 : Double(cellHeight)
    let x = body.x + (column - shownColumns.lowerBound) * cellWidth
    return DisplayList.Box(
      x: Double(x), y: Double(body.y) + line * height, width: Double(cellWidth), height: height)
  }

  private func drawCell(_ row: Int, _ column: Int, on plotter: inout Plotter) {
    let box = box(row, column)
    let middle = DisplayList.Spot(box.x + box.width / 2, box.y + max(0, box.height - 1) / 2)
    guard let value = chart.value(row, column) else { return plotter.text("·", middle, .center, role: .muted) }
    let share = ink.share(value)
    let role: Role = chart.kind == .correlation ? .diverging(share) : .sequential(share)
    plotter.fill(box, role)
    let text = ink.number(value).filter { $0 != " " }
    if cellHeight > 0, TextWidth.of(text) <= cellWidth { plotter.text(text, middle, .center, paper: role) }
  }

  private func drawName(_ row: Int, on plotter: inout Plotter) {
    if gutter < 2 || (cellHeight == 0 && (row - shownRows.lowerBound) % 2 == 1) { return }
    let box = box(row, shownColumns.lowerBound)
    let at = DisplayList.Spot(Double(gutter - 1), box.y + max(0, box.height - 1) / 2)
    plotter.text(chart.rows[row], at, .right, role: .label, width: gutter - 1)
  }

  private func drawBar(on plotter: inout Plotter) {
    if !hasScale { return }
    let lines = cellHeight == 0 ? (shownRows.count + 1) / 2 : shownRows.count * cellHeight
    let y = Double(min(plotter.height - 1, body.y + lines + 1))
    let (low, high) = (HeatmapInk.count(chart.range.lowerBound), HeatmapInk.count(chart.range.upperBound))
    let columns = min(28, body.width - low.count - high.count - 3)
    if columns <= 0 { return }
    let x = Double(body.x)
    plotter.text(low, .init(x, y), role: .muted)
    let start = x + Double(low.count) + 1
    let isDiverging = chart.kind == .correlation
    plotter.add(
      .sample(.init(.scale(isDiverging: isDiverging, columns: columns), at: .init(start, y), role: .label)), .labels)
    let sign = isDiverging && chart.range.upperBound > 0 ? "+" : ""
    plotter.text(sign + high, .init(start + Double(columns) + 1, y), role: .muted)
  }
}
