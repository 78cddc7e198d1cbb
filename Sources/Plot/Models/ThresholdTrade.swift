// What if each group had its own threshold: accuracy against the gap between groups, as a front of the pairs of
// thresholds that nothing beats, with the pairs of one threshold for all behind it.

import Grid

/// Pairs of thresholds by gap and accuracy.
public struct ThresholdTrade: ChartContent {
  public static let kind = "threshold-trade"
  public static let title = "Thresholds: gap and accuracy"

  /// A pair of thresholds.
  public struct Point: Codable, Sendable, Equatable {
    public var thresholdA, thresholdD: Double
    /// How far the metric is from its ideal value; nil where it has none.
    public var gap: Double?
    /// 0 ... 1.
    public var accuracy: Double

    public init(thresholdA: Double, thresholdD: Double, gap: Double?, accuracy: Double) {
      (self.thresholdA, self.thresholdD, self.gap, self.accuracy) = (thresholdA, thresholdD, gap, accuracy)
    }
  }

  /// Instead of the metric's name.
  public var title: String?
  public var metric: String
  public var groupA, groupD: String
  /// Pairs that no other is both more accurate and closer to the ideal than, the most accurate first.
  public var front: [Point]
  /// One threshold for both groups.
  public var shared: [Point]
  public var current: Point
  public var total: Int?

  public init(
    title: String? = nil, metric: String, groupA: String, groupD: String, front: [Point], shared: [Point],
    current: Point, total: Int? = nil
  ) {
    (self.title, self.metric, self.groupA, self.groupD) = (title, metric, groupA, groupD)
    (self.front, self.shared, self.current, self.total) = (front, shared, current, total)
  }

  public var table: ChartTable? {
    let series: [(String, [Point])] = [("front", front), ("shared", shared), ("current", [current])]
    let rows = series.flatMap { name, points in
      points.map { point in
        [name] + [point.thresholdA, point.thresholdD, point.gap, point.accuracy].map { ChartTable.text($0) }
      }
    }
    return ChartTable(columns: ["series", "threshold_a", "threshold_d", "gap", "accuracy"], rows: rows)
  }

  /// The points that the cursor stands on: the front, then the shared thresholds.
  public func point(ofMark index: Int) -> Point? {
    let all = front + shared
    return all.indices.contains(index) ? all[index] : nil
  }

  private func readout(_ point: Point) -> String {
    let gap = point.gap.map { Numbers.short($0, digits: 3) } ?? "-"
    return "threshold of \(groupA) \(Numbers.short(point.thresholdA, digits: 3)), of \(groupD) "
      + "\(Numbers.short(point.thresholdD, digits: 3))  accuracy \(Numbers.score(point.accuracy))  gap \(gap)"
  }

  public func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    let best = front + [current]
    let gaps = (front + shared + [current]).compactMap(\.gap).filter(\.isFinite)
    // The front is what one chooses from: shared thresholds far below it would press it flat.
    let heights = best.map(\.accuracy).filter(\.isFinite)
    let (low, high) = (heights.min() ?? 0, heights.max() ?? 1)
    let floor = max(0, low - max(0.05, high - low))
    let hidden = shared.count { $0.accuracy < floor }
    let legend: [TitleLine.Key] = [
      .init(.marker(.disc), role: .series(0), label: "own thresholds"),
      .init(.marker(.plus), role: .series(1), label: "one for both"),
      .init(.marker(.diamond), role: .warning, label: "now"),
    ]
    let here = view.cursor.flatMap { point(ofMark: $0) }
    let frame = PlotFrame(
      size: size, context: context,
      title: TitleLine(
        name: title ?? "\(metric) against accuracy", counts: RowCounts(total: total, sampled: nil, missing: 0),
        notes: hidden > 0 ? ["\(hidden) below accuracy \(Numbers.short(floor, digits: 2))"] : []),
      legend: legend, x: AxisSpec("\(metric): distance from the ideal", values: gaps + [0]),
      y: .scale(AxisSpec("accuracy", heights.isEmpty ? nil : floor...max(floor, high))),
      figures: here.map { [readout($0)] } ?? [],
      view: view)
    frame.draw(on: &plotter)
    if gaps.isEmpty {
      plotter.sentence("No pair of thresholds has a value.", in: frame.plot)
      return (plotter.list, [])
    }
    func spot(_ point: Point) -> DisplayList.Spot { frame.spot(point.gap ?? .nan, point.accuracy) }
    plotter.markers(shared.map(spot), .series(1), .plus)
    plotter.line(front.map(spot), .series(0), .dotted)
    plotter.markers(front.map(spot), .series(0), .disc)
    plotter.markers([spot(current)], .warning, .diamond, layer: .overlay)
    let marks = (front.map { ($0, 0) } + shared.map { ($0, 1) }).enumerated().map { index, item in
      ChartMark(
        rect: frame.cell(spot(item.0)),
        place: Grid.Point(x: item.1 == 0 ? index : index - front.count, y: item.1), readout: readout(item.0),
        selection: .none, emphasis: .cell)
    }
    return (plotter.list, marks)
  }
}
