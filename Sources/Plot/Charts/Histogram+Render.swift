// Histogram: columns of eighths, a bin in whole cells, the density curve in braille on the cells that bars leave blank.
// More bins than columns are added up in equal groups; the title then names the wider bin. A window shows the bins that
// it touches, whole: they keep their counts and get wider.

import Foundation
import Grid

extension Histogram {
  func render(size: Size, context: DrawContext, view: ChartView) -> RenderedChart {
    var painter = Painter(size: size, context: context)
    if size.isEmpty { return RenderedChart(grid: painter.grid) }
    let layout = HistogramLayout(self, size: size, context: context, view: view)
    layout.title(painter).draw(on: &painter, lines: layout.plot.y)
    if layout.plot.isEmpty { return RenderedChart(grid: painter.grid) }
    if layout.bins.isEmpty {
      painter.sentence(layout.emptySentence, in: Rect(size).splitTop(layout.plot.y).1)
      return RenderedChart(grid: painter.grid)
    }
    layout.drawAxes(on: &painter)
    layout.drawBars(on: &painter, cursor: view.cursor)
    layout.drawDensity(on: &painter)
    layout.drawSummary(on: &painter)
    return RenderedChart(grid: painter.grid, marks: layout.marks, axes: layout.axes)
  }
}

/// The geometry of a histogram, and its drawing in order.
struct HistogramLayout {
  let chart: Histogram
  /// The bins as drawn: finite, and no more than columns.
  let bins: [Histogram.Bin]
  let plot: Rect
  let xAxis: Axis?
  let yAxis: Axis
  let hasSummary: Bool
  private let glyphs: Glyphs
  /// The bins in the window before neighbours are added up, as places among all finite bins, and how many those are.
  private let window: Range<Int>
  private let binCount: Int
  private let whole: ClosedRange<Double>?
  private let isZoomed: Bool
  /// Bins of the data in a bin as drawn.
  private let scaleUp: Double
  private let notes: [String]

  init(_ chart: Histogram, size: Size, context: DrawContext, view: ChartView) {
    self.chart = chart
    glyphs = Glyphs(context.glyphs)
    let all = chart.bins.filter { $0.lower.isFinite && $0.upper.isFinite && $0.upper >= $0.lower }
    isZoomed = view.x != nil
    window = HistogramLayout.window(view.x, all)
    binCount = all.count
    whole = all.first.flatMap { first in all.last.map { first.lower...max(first.lower, $0.upper) } }
    let finite = Array(all[window])
    notes =
      isZoomed && !finite.isEmpty
      ? [HistogramLayout.note(finite, chart.kind, isEnd: window.upperBound == all.count, glyphs)] : []
    let hasAxes = size.width >= 12 && size.height >= 5
    hasSummary = size.height >= 10 && size.width >= 30 && !(chart.summary?.isEmpty ?? true)
    let top = TitleLine(
      name: chart.title ?? chart.column,
      counts: RowCounts(total: chart.total, sampled: chart.sampled, missing: chart.missing), notes: notes
    ).lines(in: size)
    let rows = size.height - top - (hasAxes ? 2 : 0) - (hasSummary ? 1 : 0)
    let peak = Double(finite.map { max(0, $0.count) }.max() ?? 0)
    let gutter = hasAxes ? HistogramLayout.gutter(peak, bins: finite.count, size: size) : 0
    let left = hasAxes ? gutter + 1 : 0
    let columns = size.width - left
    bins = HistogramLayout.merge(finite, limit: max(1, columns))
    scaleUp = bins.isEmpty ? 1 : Double(finite.count) / Double(bins.count)
    let used = HistogramLayout.columns(bins: bins.count, room: columns)
    plot = Rect(x: left, y: top, width: bins.isEmpty ? columns : used, height: max(0, rows))

    let density = HistogramLayout.part(chart.density ?? [], window, of: all.count).filter(\.isFinite).max() ?? 0
    let highest = max(Double(bins.map(\.count).max() ?? 0), density * scaleUp, 1)
    // Half a row of air above the highest column.
    let ceiling = rows >= 8 ? highest * Double(rows) / (Double(rows) - 0.5) : highest
    yAxis =
      hasAxes && !bins.isEmpty
      ? Axis.vertical(
        0...ceiling, kind: .integer, cells: max(0, rows), labelWidth: gutter, mapping: .tops, extends: true)
      : Axis.bare(0...ceiling, cells: max(0, rows), mapping: .tops)
    if hasAxes, let first = bins.first, let last = bins.last {
      let value = HistogramLayout.constant(chart, bins)
      xAxis = Axis.horizontal(
        (value ?? first.lower)...(value ?? last.upper), kind: chart.kind, cells: plot.width, overhang: left,
        mapping: .edges,
        extends: false, form: chart.form ?? .plain)
    } else {
      xAxis = nil
    }
  }

  /// The bins that a window touches.
  private static func window(_ window: ClosedRange<Double>?, _ bins: [Histogram.Bin]) -> Range<Int> {
    guard let window else { return bins.indices }
    let touched = bins.indices.filter { i in
      bins[i].lower < window.upperBound && bins[i].upper > window.lowerBound
        || window.contains(bins[i].lower) && bins[i].lower == bins[i].upper
    }
    guard let first = touched.first, let last = touched.last else { return 0..<0 }
    return first..<(last + 1)
  }

  /// `zoomed to 20–40: 12,345`.
  private static func note(_ bins: [Histogram.Bin], _ kind: AxisKind, isEnd: Bool, _ glyphs: Glyphs) -> String {
    let count = bins.reduce(0) { $0 + max(0, $1.count) }
    let (low, high) = (bins[0].lower, bins[bins.count - 1].upper)
    // Of whole numbers the upper edge belongs to the next bin.
    let isOpen = kind == .integer && !isEnd && high == high.rounded() && high - 1 > low
    let range = Numbers.text(low, isOpen ? high - 1 : high, kind, glyphs)
    return "zoomed to \(range): \(Numbers.grouped(count))"
  }

  /// The values of a curve over `count` bins that stand over some of them.
  private static func part(_ curve: [Double], _ bins: Range<Int>, of count: Int) -> ArraySlice<Double> {
    if bins.count == count { return curve[...] }
    let scale = Double(curve.count) / Double(max(1, count))
    let first = min(max(0, Int(Double(bins.lowerBound) * scale)), curve.count)
    let end = min(max(first, Int((Double(bins.upperBound) * scale).rounded(.up))), curve.count)
    return curve[first..<end]
  }

  /// The axis of values, for looking closer: as it is drawn, or as it would be where there is room for none.
  var axes: ChartAxes? {
    guard let first = bins.first, let last = bins.last, last.upper > first.lower, !plot.isEmpty else { return nil }
    let bare = Axis.bare(
      first.lower...last.upper, cells: plot.width, mapping: .edges, form: chart.form ?? .plain)
    return ChartAxes(
      x: ChartAxis(chart.column, kind: chart.kind, whole: whole, scale: (xAxis ?? bare).scale, from: plot.x))
  }

  /// Why there are no bins.
  var emptySentence: String {
    if binCount > 0 { return "No bins here." }
    return chart.bins.contains { $0.count > 0 } ? "No finite values." : counts.emptySentence
  }

  /// Columns for the count labels: seven where there is room, fewer where that gives every bin one more cell.
  private static func gutter(_ peak: Double, bins: Int, size: Size) -> Int {
    let needed = AxisLabels.format([max(1, peak)])[0].utf8.count
    if size.width < 44 { return min(6, needed + 1) }
    let wanted = max(7, needed)
    let roomy = (size.width - wanted - 1) / max(1, bins)
    let tight = (size.width - needed - 1) / max(1, bins)
    return tight > roomy && roomy < 3 ? size.width - 1 - min(tight * bins, size.width - needed - 1) : wanted
  }

  /// Columns that the bins take: the same whole number of cells each, unless that wastes a fifth of the room; then
  /// bins differ by one cell.
  private static func columns(bins: Int, room: Int) -> Int {
    if bins <= 0 || room <= 0 { return max(0, room) }
    if bins == 1 { return min(12, room) }
    let equal = room / bins * bins
    return equal * 5 >= room * 4 ? equal : room
  }

  /// The only value there is; nil when there are several.
  private static func constant(_ chart: Histogram, _ bins: [Histogram.Bin]) -> Double? {
    guard bins.count == 1, let only = bins.first else { return nil }
    if only.lower == only.upper { return only.lower }
    guard let low = chart.summary?["min"], let high = chart.summary?["max"], low == high, low.isFinite else {
      return nil
    }
    return low
  }

  /// The cells of a bin, from the left of the plot.
  private func cells(_ bin: Int) -> Range<Int> {
    let count = max(1, bins.count)
    return (bin * plot.width / count)..<((bin + 1) * plot.width / count)
  }

  /// Adds up neighbours, so many at a time that no more than `limit` are left.
  private static func merge(_ bins: [Histogram.Bin], limit: Int) -> [Histogram.Bin] {
    if bins.count <= limit { return bins }
    let group = (bins.count + limit - 1) / limit
    return stride(from: 0, to: bins.count, by: group).map { start in
      let part = bins[start..<min(start + group, bins.count)]
      let count = part.reduce(0) { $0 + max(0, $1.count) }
      return Histogram.Bin(lower: bins[start].lower, upper: part.last?.upper ?? bins[start].upper, count: count)
    }
  }

  var counts: RowCounts { RowCounts(total: chart.total, sampled: chart.sampled, missing: chart.missing) }

  /// Values in the chart: rows examined less the missing, or what the bins hold when that is more.
  private var shown: Int { max(counts.shown ?? 0, bins.reduce(0) { $0 + max(0, $1.count) }) }

  func title(_ painter: Painter) -> TitleLine {
    var title = TitleLine(name: chart.title ?? chart.column, counts: counts, notes: notes)
    if chart.title == nil, chart.form?.isLogarithmic == true, !bins.isEmpty {
      title.detail = "\(glyphs.dash) count per bin, log scale"
    } else if chart.title == nil, let first = bins.first {
      let width = first.upper - first.lower
      let text = chart.isTime ? Numbers.duration(width) : Numbers.short(width)
      title.detail = width > 0 ? "\(glyphs.dash) count per bin of \(text)" : "\(glyphs.dash) count"
    }
    if HistogramLayout.constant(chart, bins) != nil { title.detail = "\(glyphs.dash) constant" }
    if !bins.isEmpty {
      if chart.density != nil, plot.height >= 2 {
        title.legend = [
          .init(sample: glyphs.barSample, style: barStyle(painter), label: "bars", isLabelFirst: true),
          .init(sample: glyphs.curveSample, style: densityStyle(painter), label: "density", isLabelFirst: true),
        ]
      }
    }
    return title
  }

  private func barStyle(_ painter: Painter) -> Style { painter.ink(painter.series(1)) }
  private func densityStyle(_ painter: Painter) -> Style { painter.ink(painter.series(0)) }

  func drawAxes(on painter: inout Painter) {
    guard let xAxis else { return }
    painter.verticalAxis(yAxis, x: plot.x - 1, top: plot.y)
    painter.horizontalAxis(xAxis, x: plot.x, y: plot.maxY)
  }

  /// Eighths of a row that `value` reaches; anything above zero shows.
  private func eighths(_ value: Double) -> Int {
    guard value > 0, yAxis.scale.upper > 0 else { return 0 }
    return max(1, Int((value / yAxis.scale.upper * Double(plot.height * 8)).rounded()))
  }

  func drawBars(on painter: inout Painter, cursor: Int?) {
    for (i, bin) in bins.enumerated() {
      let style = i == cursor ? painter.cursorStyle : barStyle(painter)
      let level = min(eighths(Double(bin.count)), plot.height * 8)
      for row in 0..<((level + 7) / 8) {
        let glyph = glyphs.column(min(8, level - row * 8))
        for column in cells(i) { painter.put(glyph, plot.x + column, plot.maxY - 1 - row, style) }
      }
    }
    guard let cursor, bins.indices.contains(cursor), xAxis != nil else { return }
    // On the axis as well, where a bin without rows has no column to colour.
    let cells = cells(cursor)
    painter.put(glyphs.pointer, plot.x + (cells.lowerBound + cells.upperBound - 1) / 2, plot.maxY, painter.cursorStyle)
  }

  func drawDensity(on painter: inout Painter) {
    guard let density = chart.density, density.count > 1, plot.height >= 2, yAxis.scale.upper > 0 else { return }
    var canvas = DotCanvas(width: plot.width, height: plot.height, glyphs: context(painter))
    let dots = plot.width * canvas.across
    let rows = plot.height * canvas.down
    var previous: Int?
    for x in 0..<dots {
      let at = place((Double(x) + 0.5) / Double(dots)) * Double(density.count) - 0.5
      let value = HistogramLayout.interpolate(density, at) * max(1, scaleUp)
      guard value.isFinite, value > 0 else {
        previous = nil
        continue
      }
      let y = rows - 1 - min(rows - 1, Int(value / yAxis.scale.upper * Double(rows)))
      // A steep curve stays connected.
      let from = previous.map { $0 < y ? $0 + 1 : $0 > y ? $0 - 1 : y } ?? y
      for dot in min(from, y)...max(from, y) { canvas.set(x, dot) }
      previous = y
    }
    let style = densityStyle(painter)
    for y in 0..<plot.height {
      for x in 0..<plot.width where painter.grid[plot.x + x, plot.y + y].isBlank {
        guard canvas.character(x, y, mark: "*") != nil else { continue }
        let glyph = context(painter) == .block ? "·" : canvas.character(x, y, mark: "*")
        if let glyph { painter.put(glyph, plot.x + x, plot.y + y, style) }
      }
    }
  }

  /// A share of the window as a share of all bins.
  private func place(_ share: Double) -> Double {
    (Double(window.lowerBound) + share * Double(window.count)) / Double(max(1, binCount))
  }

  /// The curve over the plot: shares of its width, and heights in counts of the bins as drawn.
  var curve: [(share: Double, height: Double)] {
    guard let density = chart.density, density.count > 1, !window.isEmpty else { return [] }
    return density.enumerated().map { i, value in
      let at = (Double(i) + 0.5) / Double(density.count) * Double(binCount)
      return ((at - Double(window.lowerBound)) / Double(window.count), value * max(1, scaleUp))
    }
  }

  private func context(_ painter: Painter) -> GlyphSet { painter.context.glyphs }

  private static func interpolate(_ values: [Double], _ at: Double) -> Double {
    let last = values.count - 1
    let clamped = min(max(at, 0), Double(last))
    let left = Int(clamped)
    let right = min(left + 1, last)
    let part = clamped - Double(left)
    return values[left] * (1 - part) + values[right] * part
  }

  func drawSummary(on painter: inout Painter) {
    guard hasSummary, let summary = chart.summary else { return }
    let text = SummaryLine(summary, kind: chart.kind, glyphs: glyphs).text(width: painter.width - 2)
    painter.text(text, 1, painter.height - 1, painter.mutedStyle)
  }

  var marks: [ChartMark] {
    bins.enumerated().map { i, bin in
      let isLast = i == bins.count - 1 && window.upperBound == binCount
      let share = Numbers.percent(Double(bin.count), of: Double(shown))
      return ChartMark(
        rect: Rect(
          x: plot.x + cells(i).lowerBound, y: plot.y, width: cells(i).count,
          height: plot.height + (xAxis == nil ? 0 : 1)),
        place: Point(x: i, y: 0),
        readout: "bin \(rangeText(bin, isLast))  n=\(Numbers.grouped(bin.count)) \(share)",
        selection: .range(
          column: chart.column, lower: bin.lower, upper: bin.upper, includesUpper: isLast, kind: chart.kind))
    }
  }

  /// The values of a bin: whole numbers as the first and the last it holds, others as its edges.
  private func rangeText(_ bin: Histogram.Bin, _ isLast: Bool) -> String {
    switch chart.kind {
    case .integer:
      let first = bin.lower.rounded(.up)
      var last = isLast || bin.upper != bin.upper.rounded() ? bin.upper.rounded(.down) : bin.upper - 1
      if isLast, let highest = chart.summary?["max"], highest.isFinite { last = min(last, highest) }
      return first >= last
        ? Numbers.short(first) : Numbers.short(first) + glyphs.range + Numbers.short(last)
    case .number:
      if bin.lower == bin.upper { return Numbers.short(bin.lower) }
      return Numbers.short(bin.lower) + glyphs.range + Numbers.short(bin.upper)
    case .time:
      return Numbers.moment(bin.lower) + " \(glyphs.range) " + Numbers.moment(bin.upper)
    }
  }
}
