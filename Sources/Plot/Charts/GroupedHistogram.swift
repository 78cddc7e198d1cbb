// Histograms of several categories over each other as outlines, each with a dash of its own; one category alone is
// filled.

import Grid

/// Counts per interval of one column, by the values of another.
public struct GroupedHistogram: ChartContent {
  public static let kind = "grouped-histogram"
  public static let title = "Histogram by groups"

  /// A category's counts, one a bin.
  public struct Series: Codable, Sendable, Equatable {
    public var category: ChartCategory
    public var counts: [Int]

    public init(_ category: ChartCategory, counts: [Int]) { (self.category, self.counts) = (category, counts) }
  }

  public var column: String
  /// The column that makes the categories; nil for one of all rows.
  public var by: String?
  /// One more than there are bins, rising; the last bin includes the last edge.
  public var edges: [Double]
  public var series: [Series]
  /// Examined rows without a value; those that are not positive are among them where the axis is logarithmic.
  public var missing: Int
  /// Rows in the table.
  public var total: Int
  /// Rows examined, when fewer than all.
  public var sampled: Int?
  public var axisKind: AxisKind
  /// Logarithmic where the bins are of equal width on such an axis; nil is plain.
  public var form: AxisForm?

  public init(
    column: String, by: String? = nil, edges: [Double], series: [Series], missing: Int, total: Int,
    sampled: Int? = nil, axisKind: AxisKind = .number, form: AxisForm? = nil
  ) {
    (self.column, self.by, self.edges, self.series) = (column, by, edges, series)
    (self.missing, self.total, self.sampled, self.axisKind, self.form) = (missing, total, sampled, axisKind, form)
  }

  var bins: Range<Int> { 0..<max(0, edges.count - 1) }

  private func count(_ series: Int, _ bin: Int) -> Int {
    let counts = self.series[series].counts
    return bin < counts.count ? max(0, counts[bin]) : 0
  }

  /// The highest column.
  var most: Int { series.indices.flatMap { index in bins.map { count(index, $0) } }.max() ?? 0 }

  /// From the first edge to the last; nil where there is nothing between them.
  var range: ClosedRange<Double>? {
    guard let low = edges.first, let high = edges.last, low.isFinite, high.isFinite, low < high else { return nil }
    return low...high
  }

  // There are four dashes: later outlines carry markers as well.
  private static func shape(_ index: Int) -> MarkerShape? {
    index < Dash.allCases.count ? nil : .of(series: 1 + (index - Dash.allCases.count) % 6)
  }

  var legend: [TitleLine.Key] {
    guard by != nil else { return [] }
    return series.enumerated().map { index, line in
      var key = TitleLine.Key(.line(.of(series: index)), role: .series(index), label: line.category.name)
      if let shape = GroupedHistogram.shape(index) {
        key.pieces.append((" ", .sample(.marker(shape), .series(index))))
      }
      return key
    }
  }

  public func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    let counts = RowCounts(total: total, sampled: sampled, missing: missing)
    var title = TitleLine(name: view.place?.title ?? by.map { "\(column) by \($0)" } ?? column, counts: counts)
    guard let range, most > 0 else {
      title.draw(on: &plotter)
      plotter.sentence(counts.emptySentence, in: Rect(x: 0, y: 1, width: size.width, height: size.height - 1))
      return (plotter.list, [])
    }
    if form != .logarithmic, edges[1] > edges[0] {
      let width = edges[1] - edges[0]
      let text = axisKind == .time ? Numbers.duration(width) : Numbers.short(width)
      title.detail = "\(plotter.glyphs.dash) count per bin of \(text)"
    }
    let frame = PlotFrame(
      size: size, context: context, title: title, legend: legend,
      x: AxisSpec(column, range, kind: axisKind, form: form ?? .plain, placing: .bars, extends: false),
      y: .scale(AxisSpec("rows", 0...Double(most), kind: .integer, placing: .bars)), view: view)
    frame.draw(on: &plotter)
    if frame.plot.isEmpty { return (plotter.list, []) }
    for index in series.indices { draw(index, frame, &plotter) }
    let marks = bins.map { mark($0, frame, size, plotter.glyphs) }
    return (plotter.list, marks)
  }

  private func draw(_ index: Int, _ frame: PlotFrame, _ plotter: inout Plotter) {
    var outline: [DisplayList.Spot] = []
    for bin in bins {
      let y = frame.y(Double(count(index, bin)))
      outline += [.init(frame.x(edges[bin]), y), .init(frame.x(edges[bin + 1]), y)]
    }
    guard let first = outline.first, let last = outline.last else { return }
    let floor = frame.y(0)
    let closed = [.init(first.x, floor)] + outline + [DisplayList.Spot(last.x, floor)]
    if series.count == 1 {
      plotter.area(closed, .series(1), encoding: .eighths)
      return
    }
    plotter.line(closed, .series(index), .of(series: index))
    guard let shape = GroupedHistogram.shape(index) else { return }
    let filled = bins.filter { count(index, $0) > 0 }
    let every = max(1, filled.count / 8)
    let spots = stride(from: every / 2, to: filled.count, by: every).map { place -> DisplayList.Spot in
      let bin = filled[place]
      return .init((frame.x(edges[bin]) + frame.x(edges[bin + 1])) / 2, frame.y(Double(count(index, bin))))
    }
    plotter.markers(spots, .series(index), shape)
  }

  private func mark(_ bin: Int, _ frame: PlotFrame, _ size: Size, _ glyphs: Glyphs) -> ChartMark {
    let (lower, upper) = (edges[bin], edges[bin + 1])
    let isLast = bin == bins.count - 1
    let sum = series.indices.reduce(0) { $0 + count($1, bin) }
    let shown = RowCounts(total: total, sampled: sampled, missing: missing).shown ?? 0
    let share = Numbers.percent(Double(sum), of: Double(shown))
    var readout = "bin \(Numbers.text(lower, upper, axisKind, glyphs))  n=\(Numbers.grouped(sum)) \(share)"
    if by != nil {
      readout +=
        "  "
        + series.indices.map { "\(series[$0].category.name) \(Numbers.grouped(count($0, bin)))" }.joined(
          separator: ", ")
    }
    return ChartMark(
      rect: frame.columns(lower, upper).intersection(Rect(size)), place: Point(x: bin, y: 0), readout: readout,
      selection: .range(column: column, lower: lower, upper: upper, includesUpper: isLast, kind: axisKind))
  }

  public var table: ChartTable? {
    let rows = series.indices.flatMap { index in
      bins.map { bin in
        (by == nil ? [] : [series[index].category.label])
          + [
            ChartTable.text(edges[bin], axisKind), ChartTable.text(edges[bin + 1], axisKind),
            String(count(index, bin)),
          ]
      }
    }
    return ChartTable(columns: (by.map { [$0] } ?? []) + ["lower", "upper", "count"], rows: rows)
  }
}
