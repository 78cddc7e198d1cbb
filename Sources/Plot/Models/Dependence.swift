// Dependence of a model's output on one feature: a cloud of rows, a curve through it, and how many rows there are along
// x. Rows with a high value of an interacting feature have a marker of their own, beside their colour.

import Grid

/// A feature against what it does to the output.
public struct Dependence: ChartContent {
  public static let kind = "dependence"
  public static let title = "Dependence"

  /// A row; `rank` is the rank of the interacting feature's value, 0...1.
  public struct Point: Codable, Sendable, Equatable {
    public var x, y: Double
    public var rank: Double?

    public init(x: Double, y: Double, rank: Double? = nil) { (self.x, self.y, self.rank) = (x, y, rank) }
  }

  /// Instead of `OUTPUT by FEATURE`.
  public var title: String?
  public var feature: String
  /// What y is, such as `SHAP value` or `mean prediction`.
  public var output: String
  public var interaction: String?
  public var points: [Point]
  /// A smoothed or partial-dependence curve, in rising order of x.
  public var curve: [Point]
  public var axisKind: AxisKind
  /// Examined rows without a value.
  public var missing: Int
  /// Rows in the table.
  public var total: Int
  /// Rows examined, when fewer than all.
  public var sampled: Int?

  public init(
    title: String? = nil, feature: String, output: String = "SHAP value", interaction: String? = nil, points: [Point],
    curve: [Point] = [], axisKind: AxisKind = .number, missing: Int = 0, total: Int, sampled: Int? = nil
  ) {
    (self.title, self.feature, self.output, self.interaction) = (title, feature, output, interaction)
    (self.points, self.curve, self.axisKind) = (points, curve, axisKind)
    (self.missing, self.total, self.sampled) = (missing, total, sampled)
  }

  private static func isHigh(_ point: Point) -> Bool { point.rank ?? 0 >= 0.5 }

  private var legend: [TitleLine.Key] {
    var keys: [TitleLine.Key] = []
    if let interaction {
      keys = [
        .init(.marker(.dot), role: .sequential(0.15), label: "\(interaction) low"),
        .init(.marker(.plus), role: .sequential(0.85), label: "high"),
      ]
    }
    if !curve.isEmpty { keys.append(.init(.line(.solid), role: .series(0), label: "mean")) }
    return keys
  }

  public func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    let counts = RowCounts(total: total, sampled: sampled, missing: missing)
    let all = points + curve
    let frame = PlotFrame(
      size: size, context: context, title: TitleLine(name: title ?? "\(output) by \(feature)", counts: counts),
      legend: legend, x: AxisSpec(feature, values: all.map(\.x), kind: axisKind),
      y: .scale(AxisSpec(output, values: all.map(\.y))), strip: points.isEmpty ? 0 : 1, view: view)
    frame.draw(on: &plotter)
    if !all.contains(where: { $0.x.isFinite && $0.y.isFinite }) {
      plotter.sentence(counts.emptySentence, in: frame.plot)
      return (plotter.list, [])
    }
    let zero = frame.y(0)
    plotter.rule(
      .init(Double(frame.plot.x), zero), .init(Double(frame.plot.maxX), zero), .reference, .dotted, layer: .reference)
    for isHigh in [false, true] {
      let part = points.filter { Dependence.isHigh($0) == isHigh }
      let role = interaction == nil ? Role.series(1) : .sequential(isHigh ? 0.85 : 0.15)
      plotter.markers(part.map { frame.spot($0.x, $0.y) }, role, isHigh && interaction != nil ? .plus : .dot)
    }
    plotter.line(curve.map { frame.spot($0.x, $0.y) }, .series(0), layer: .overlay)
    let columns = columns(frame)
    frame.drawStrip(columns.map { ($0.lower, $0.upper, $0.points.count) }, .muted, on: &plotter)
    return (plotter.list, columns.enumerated().map { mark($1, $0, frame, plotter.glyphs) })
  }

  private struct Column {
    var cell: Int
    var lower, upper: Double
    var points: [Point]
  }

  /// The points in the window by column of cells; columns without any are left out.
  private func columns(_ frame: PlotFrame) -> [Column] {
    var byCell: [Int: [Point]] = [:]
    for point in points where point.y.isFinite {
      let at = frame.x(point.x)
      guard at >= Double(frame.plot.x), at <= Double(frame.plot.maxX) else { continue }
      byCell[frame.xAxis.scale.cell(point.x), default: []].append(point)
    }
    return byCell.sorted { $0.key < $1.key }.map { cell, points in
      let (lower, upper) = frame.xAxis.scale.interval(cell: cell)
      return Column(cell: cell, lower: lower, upper: upper, points: points)
    }
  }

  private func mark(_ column: Column, _ i: Int, _ frame: PlotFrame, _ glyphs: Glyphs) -> ChartMark {
    let mean = column.points.reduce(0) { $0 + $1.y } / Double(max(1, column.points.count))
    let ends = [column.lower, column.upper].map {
      axisKind == .time ? Numbers.moment($0) : Numbers.short($0)
    }
    let rect = Rect(x: frame.plot.x + column.cell, y: frame.plot.y, width: 1, height: frame.plot.height)
    return ChartMark(
      rect: rect.intersection(frame.plot), place: Grid.Point(x: i, y: 0),
      readout: "\(feature) \(ends.joined(separator: glyphs.range))  n=\(Numbers.grouped(column.points.count))"
        + "  mean \(output) \(Numbers.short(mean, digits: 3))",
      selection: .range(
        column: feature, lower: column.lower, upper: column.upper, includesUpper: false, kind: axisKind))
  }
}
