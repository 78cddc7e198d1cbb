// Rows counted in two directions: one column against another where points would cover each other.

import Foundation
import Grid

/// Counts in a grid of equal bins over two columns.
public struct DensityHeatmap: ChartContent {
  public static let kind = "density"
  public static let title = "Density heatmap"

  public var x, y: String
  /// The outer edges of the bins; the last bin of a direction includes its upper edge.
  public var xRange, yRange: ClosedRange<Double>
  /// Rows in each bin: one array a row of bins, from the lowest y up, each from the lowest x on.
  public var counts: [[Int]]
  /// Examined rows where x or y is missing.
  public var missing: Int
  /// Rows in the table.
  public var total: Int
  /// Rows examined, when fewer than all.
  public var sampled: Int?
  public var xKind, yKind: AxisKind
  /// Logarithmic where the bins are of equal width on such an axis; nil is plain.
  public var xForm, yForm: AxisForm?

  public init(
    x: String, y: String, xRange: ClosedRange<Double>, yRange: ClosedRange<Double>, counts: [[Int]], missing: Int,
    total: Int, sampled: Int? = nil, xKind: AxisKind = .number, yKind: AxisKind = .number, xForm: AxisForm? = nil,
    yForm: AxisForm? = nil
  ) {
    (self.xForm, self.yForm) = (xForm, yForm)
    (self.x, self.y, self.xRange, self.yRange, self.counts) = (x, y, xRange, yRange, counts)
    (self.missing, self.total, self.sampled, self.xKind, self.yKind) = (missing, total, sampled, xKind, yKind)
  }

  public func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    let rows = RowCounts(total: total, sampled: sampled, missing: missing)
    var title = TitleLine(
      name: view.place?.title ?? "\(y) by \(x)", detail: "\(plotter.glyphs.dash) rows per bin", counts: rows)
    let most = counts.joined().max() ?? 0
    if most <= 0 || !isPlaced {
      title.detail = ""
      title.draw(on: &plotter)
      let sentence = most > 0 ? "The values lie too far apart to be drawn." : rows.emptySentence
      plotter.sentence(sentence, in: Rect(x: 0, y: 1, width: size.width, height: size.height - 1))
      return (plotter.list, [])
    }
    // The bar with the scale takes a row of its own, where there is one.
    let hasBar = size.height >= 9 && size.width >= 30 && view.place == nil
    var inner = size
    if hasBar { inner.height -= 1 }
    let frame = frame(size: inner, context: context, title: title, view: view)
    frame.draw(on: &plotter)
    if frame.plot.isEmpty { return (plotter.list, []) }
    let bins = Bins(self, frame, halves: DensityHeatmap.hasHalves(context))
    let scale = view.place.flatMap(CountScale.init) ?? CountScale(bins.counts.joined())
    plotter.colors(bins.box, bins.counts.reversed().map { line in line.map { scale.share($0) } })
    if hasBar { DensityHeatmap.drawBar(scale, &plotter) }
    return (plotter.list, marks(bins, frame, plotter.glyphs))
  }

  private func frame(size: Size, context: DrawContext, title: TitleLine, view: ChartView) -> PlotFrame {
    PlotFrame(
      size: size, context: context, title: title,
      x: AxisSpec(x, xRange, kind: xKind, form: xForm ?? .plain, placing: .bars, extends: false),
      y: .scale(AxisSpec(y, yRange, kind: yKind, form: yForm ?? .plain, placing: .bars, extends: false)), view: view)
  }

  /// The lower edge of a bin, as the rows were counted by.
  static func edge(_ bin: Int, of bins: Int, _ range: ClosedRange<Double>, _ form: AxisForm?) -> Double {
    if bin == bins { return range.upperBound }
    if form == .logarithmic, range.lowerBound > 0 {
      let share = Double(bin) / Double(max(1, bins))
      return bin == 0 ? range.lowerBound : range.lowerBound * pow(range.upperBound / range.lowerBound, share)
    }
    return range.lowerBound + (range.upperBound - range.lowerBound) * Double(bin) / Double(max(1, bins))
  }

  private static func hasHalves(_ context: DrawContext) -> Bool {
    context.hasScale(isDiverging: false) && context.glyphs != .ascii
  }

  /// The scale that charts of one place and size have in common.
  static func scale(of charts: [DensityHeatmap], size: Size, context: DrawContext, view: ChartView) -> CountScale {
    CountScale(
      charts.filter(\.isPlaced).flatMap { chart -> [Int] in
        let frame = chart.frame(size: size, context: context, title: TitleLine(name: ""), view: view)
        return frame.plot.isEmpty ? [] : Array(Bins(chart, frame, halves: hasHalves(context)).counts.joined())
      })
  }

  /// Whether both directions have a length to lay bins on.
  private var isPlaced: Bool {
    [xRange, yRange].allSatisfy {
      $0.lowerBound.isFinite && $0.upperBound.isFinite && ($0.upperBound - $0.lowerBound).isFinite
        && $0.upperBound > $0.lowerBound
    }
  }

  /// `rows 1 ░░▒▒ 600 ▓▓██ 1,200`: the scale with a number at both ends and in the middle.
  static func drawBar(_ scale: CountScale, _ plotter: inout Plotter) {
    plotter.clip = nil
    let row = Double(plotter.height - 1)
    let half = plotter.width >= 60 ? 12 : 6
    var column = plotter.width >= 60 ? 2 : 1
    func write(_ text: String, _ role: Role) {
      plotter.text(text, .init(Double(column), row), role: role)
      column += TextWidth.of(text) + 1
    }
    write(scale.isLogarithmic ? "rows (log)" : "rows", .muted)
    for part in 0...2 {
      write(Numbers.grouped(scale.count(at: Double(part) / 2)), .tick)
      if part == 2 { break }
      let shares = (0..<half).map { i -> Double? in
        max(CountScale.least, Double(part) / 2 + (Double(i) + 0.5) / Double(2 * half))
      }
      plotter.colors(.init(x: Double(column), y: row, width: Double(half), height: 1), [shares])
      column += half + 1
    }
  }

  // MARK: - Cursor

  private func marks(_ bins: Bins, _ frame: PlotFrame, _ glyphs: Glyphs) -> [ChartMark] {
    let shown = RowCounts(total: total, sampled: sampled, missing: missing).shown ?? 0
    var marks: [ChartMark] = []
    for row in bins.counts.indices.reversed() {
      let y = bins.interval(row, bins.rows, yRange, column: self.y, kind: yKind, form: yForm)
      let bottom = frame.y(y.lower)
      let top = frame.y(y.upper)
      for (column, count) in bins.counts[row].enumerated() where count > 0 {
        let x = bins.interval(column, bins.columns, xRange, column: self.x, kind: xKind, form: xForm)
        let rect = DensityHeatmap.cells(frame.x(x.lower), frame.x(x.upper), top, bottom).intersection(frame.plot)
        if rect.isEmpty, frame.isZoomed { continue }
        let share = Numbers.percent(Double(count), of: Double(shown))
        let range = Numbers.text(x.lower, x.upper, xKind, glyphs)
        let readout =
          "\(self.x) \(range)  \(self.y) \(Numbers.text(y.lower, y.upper, yKind, glyphs))"
          + "  n=\(Numbers.grouped(count)) \(share)"
        marks.append(
          ChartMark(
            rect: rect, place: Point(x: column, y: bins.counts.count - 1 - row), readout: readout,
            selection: .box(x: x, y: y), emphasis: .cell))
      }
    }
    return marks
  }

  /// The cells whose middle lies in a box; the one that its middle lies in where it is smaller than a cell.
  private static func cells(_ left: Double, _ right: Double, _ top: Double, _ bottom: Double) -> Rect {
    func span(_ low: Double, _ high: Double) -> (from: Int, length: Int) {
      guard let first = Rasterizer.whole(low + 0.5 - 1e-9), let end = Rasterizer.whole(high + 0.5 - 1e-9),
        let only = Rasterizer.whole((low + high) / 2)
      else { return (0, 0) }
      return end > first ? (first, end - first) : (only, 1)
    }
    let (across, down) = (span(left, right), span(top, bottom))
    return Rect(x: across.from, y: down.from, width: across.length, height: down.length)
  }
}

extension DensityHeatmap {
  /// The bins as they are drawn: neighbours are added up where there are more of them than cells.
  fileprivate struct Bins {
    var counts: [[Int]]
    /// Bins of the data in one drawn bin, in each direction, and all of them.
    var columns, rows: (each: Int, total: Int)
    /// Where the drawn bins stand; they may reach over the data's upper edges.
    var box: DisplayList.Box

    init(_ chart: DensityHeatmap, _ frame: PlotFrame, halves: Bool) {
      let down = chart.counts.count
      let across = chart.counts.map(\.count).max() ?? 0
      let (left, right) = (frame.x(chart.xRange.lowerBound), frame.x(chart.xRange.upperBound))
      let (bottom, top) = (frame.y(chart.yRange.lowerBound), frame.y(chart.yRange.upperBound))
      func each(_ bins: Int, _ places: Double) -> Int {
        let wanted = places > 0 && places.isFinite ? (Double(bins) / places - 1e-9).rounded(.up) : 1
        return Int(min(max(wanted, 1), Double(max(1, bins))))
      }
      columns = (each(across, right - left), across)
      rows = (each(down, (bottom - top) * (halves ? 2 : 1)), down)
      let (wide, tall) = ((across + columns.each - 1) / columns.each, (down + rows.each - 1) / rows.each)
      counts = [[Int]](repeating: [Int](repeating: 0, count: wide), count: tall)
      for (row, line) in chart.counts.enumerated() {
        for (column, count) in line.enumerated() where count > 0 {
          let sum = counts[row / rows.each][column / columns.each].addingReportingOverflow(count)
          counts[row / rows.each][column / columns.each] = sum.overflow ? Int.max : sum.partialValue
        }
      }
      let width = (right - left) * Double(wide * columns.each) / Double(max(1, across))
      let height = (bottom - top) * Double(tall * rows.each) / Double(max(1, down))
      box = DisplayList.Box(x: left, y: bottom - height, width: width, height: height)
    }

    /// The values in a drawn bin.
    func interval(
      _ index: Int, _ bins: (each: Int, total: Int), _ range: ClosedRange<Double>, column: String, kind: AxisKind,
      form: AxisForm?
    ) -> ChartSelection.Interval {
      let last = min(bins.total, (index + 1) * bins.each)
      return .init(
        column: column, lower: DensityHeatmap.edge(index * bins.each, of: bins.total, range, form),
        upper: DensityHeatmap.edge(last, of: bins.total, range, form), includesUpper: last == bins.total, kind: kind
      )
    }
  }

  /// Counts on the colour scale; by their logarithm where a few bins hold nearly everything.
  struct CountScale {
    let most: Int
    let isLogarithmic: Bool
    /// The share of one row: the lightest shade begins at a twentieth.
    static let least = 0.06

    init(_ counts: some Sequence<Int>) {
      let filled = counts.filter { $0 > 0 }.sorted()
      most = max(1, filled.last ?? 1)
      isLogarithmic = Double(most) > 30 * Double(filled.isEmpty ? 1 : filled[filled.count / 2])
    }

    /// The scale that charts on shared axes have been given; nil where there is none.
    init?(_ place: ChartPlace) {
      guard let most = place.mostCount else { return nil }
      (self.most, isLogarithmic) = (max(1, most), place.isLogarithmic)
    }

    /// 0...1; nil for an empty bin. A filled one never vanishes.
    func share(_ count: Int) -> Double? {
      if count <= 0 { return nil }
      let share =
        isLogarithmic ? log(Double(count)) / log(Double(most)) : Double(count - 1) / Double(max(1, most - 1))
      return max(CountScale.least, most == 1 ? 1 : share)
    }

    /// The count at a share of the scale.
    func count(at share: Double) -> Int {
      if share <= 0 { return 1 }
      if share >= 1 { return most }
      return Int((isLogarithmic ? pow(Double(most), share) : 1 + share * Double(most - 1)).rounded())
    }
  }
}
