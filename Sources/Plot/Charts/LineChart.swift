// Lines: one or several numbers along an ordered column, such as totals by month or losses by epoch.

import Grid

/// Series over one horizontal axis.
public struct LineChart: ChartContent {
  public static let kind = "line"
  public static let title = "Line chart"

  /// A line; each has its own dash, so that it reads without colour.
  public struct Series: Codable, Sendable, Equatable {
    public var name: String
    /// One a position of the chart; nil is a gap.
    public var values: [Double?]

    public init(name: String, values: [Double?]) { (self.name, self.values) = (name, values) }
  }

  /// Instead of `y by x`.
  public var heading: String?
  public var x: String
  public var y: String
  /// Rising.
  public var positions: [Double]
  /// How far a position reaches, where it stands for an interval from there on; nil where it is one value.
  public var step: Double?
  /// Where the interval of each position ends, where they differ, such as those of months; nil where `step` says it.
  public var ends: [Double]?
  /// What an interval is called, such as `month`.
  public var stepName: String?
  public var series: [Series]
  /// A position to mark, such as the best epoch.
  public var best: Double?
  /// Examined rows without x, or without y.
  public var missing: Int
  /// Rows in the table; nil when the positions are not made of rows.
  public var total: Int?
  /// Rows examined, when fewer than all.
  public var sampled: Int?
  public var xKind: AxisKind
  public var yForm: AxisForm

  public init(
    heading: String? = nil, x: String, y: String, positions: [Double], step: Double? = nil, series: [Series],
    best: Double? = nil, missing: Int = 0, total: Int?, sampled: Int? = nil, xKind: AxisKind = .number,
    yForm: AxisForm = .plain, ends: [Double]? = nil, stepName: String? = nil
  ) {
    (self.heading, self.x, self.y, self.positions, self.step) = (heading, x, y, positions, step)
    (self.series, self.best, self.missing, self.total, self.sampled) = (series, best, missing, total, sampled)
    (self.xKind, self.yForm, self.ends, self.stepName) = (xKind, yForm, ends, stepName)
  }

  var legend: [TitleLine.Key] {
    if series.count < 2 { return [] }
    return series.enumerated().map { index, line in
      var key = TitleLine.Key(.line(.of(series: index)), role: .series(index), label: line.name)
      if let shape = LineChart.shape(index) { key.pieces.append((" ", .sample(.marker(shape), .series(index)))) }
      return key
    }
  }

  // There are four dashes: later series carry markers as well.
  private static func shape(_ index: Int) -> MarkerShape? {
    index < Dash.allCases.count ? nil : .of(series: 1 + (index - Dash.allCases.count) % 6)
  }

  /// Where the interval of a position ends; nil where it is one value.
  private func end(_ place: Int) -> Double? {
    if let ends, ends.indices.contains(place) { return ends[place] }
    return step.map { positions[place] + $0 }
  }

  public func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    let counts = RowCounts(total: total, sampled: sampled, missing: missing)
    let title = TitleLine(
      name: view.place?.title ?? heading ?? "\(y) by \(x)",
      detail: stepName.map { "\(plotter.glyphs.dash) each point a \($0)" } ?? "", counts: counts)
    let shown = positions.indices.filter { place in series.indices.contains { value(of: $0, at: place) != nil } }
    if shown.isEmpty {
      title.draw(on: &plotter)
      plotter.sentence(
        total == nil ? "No finite values." : counts.emptySentence,
        in: Rect(x: 0, y: 1, width: size.width, height: size.height - 1))
      return (plotter.list, [])
    }
    let values = series.indices.flatMap { index in shown.compactMap { value(of: index, at: $0) } }
    let frame = PlotFrame(
      size: size, context: context, title: title, legend: legend,
      x: AxisSpec(x, values: shown.map { positions[$0] }, kind: xKind),
      y: .scale(AxisSpec(y, values: values, form: yForm)),
      figures: best.map { ["best \(Numbers.text($0, xKind))"] } ?? [], view: view)
    frame.draw(on: &plotter)
    if frame.plot.isEmpty { return (plotter.list, []) }
    if let best, best.isFinite { drawRule(at: best, .reference, frame, &plotter) }
    for index in series.indices { draw(index, frame, &plotter) }
    let inside = view.x == nil ? shown : shown.filter { frame.columns(positions[$0], positions[$0]).isEmpty == false }
    if let cursor = view.cursor, inside.indices.contains(cursor) {
      drawRule(at: positions[inside[cursor]], .cursor, frame, &plotter)
    }
    return (plotter.list, inside.map { mark($0, frame, size, plotter.glyphs) })
  }

  // MARK: - Drawing

  private func drawRule(at position: Double, _ role: Role, _ frame: PlotFrame, _ plotter: inout Plotter) {
    let x = frame.x(position)
    plotter.rule(
      .init(x, Double(frame.plot.y)), .init(x, Double(frame.plot.maxY)), role, .dashed, layer: .reference)
  }

  private func draw(_ index: Int, _ frame: PlotFrame, _ plotter: inout Plotter) {
    let gap = DisplayList.Spot(.nan, .nan)
    let points = positions.indices.map { place -> DisplayList.Spot in
      guard let value = value(of: index, at: place) else { return gap }
      return frame.spot(positions[place], value)
    }
    plotter.line(points, .series(index), .of(series: index))
    // A point between gaps has no line to be seen by.
    let alone = points.indices.filter { place in
      points[place].isFinite && !(place > 0 && points[place - 1].isFinite)
        && !(place + 1 < points.count && points[place + 1].isFinite)
    }
    plotter.markers(alone.map { points[$0] }, .series(index), .disc)
    guard let shape = LineChart.shape(index) else { return }
    let drawn = points.filter(\.isFinite)
    let every = max(1, drawn.count / 8)
    plotter.markers(stride(from: every / 2, to: drawn.count, by: every).map { drawn[$0] }, .series(index), shape)
  }

  private func value(of index: Int, at place: Int) -> Double? {
    let values = series[index].values
    guard place < values.count, let value = values[place], value.isFinite, positions[place].isFinite else {
      return nil
    }
    return yForm == .logarithmic && value <= 0 ? nil : value
  }

  // MARK: - Cursor

  private func mark(_ place: Int, _ frame: PlotFrame, _ size: Size, _ glyphs: Glyphs) -> ChartMark {
    let position = positions[place]
    let column = frame.column(position) ?? -1
    let inside = column >= frame.plot.x && column < frame.plot.maxX
    let rect = inside ? Rect(x: column, y: frame.plot.y, width: 1, height: frame.plot.height) : .zero
    let end = end(place)
    let range = end.map { Numbers.text(position, $0, xKind, glyphs) } ?? Numbers.text(position, xKind)
    let figures = series.indices.map { index -> String in
      let text = value(of: index, at: place).map { Numbers.short($0) } ?? "no value"
      return "\(series.count > 1 ? series[index].name : y) \(text)"
    }
    let selection: ChartSelection =
      total == nil
      ? .none
      : .range(column: x, lower: position, upper: end ?? position, includesUpper: end == nil, kind: xKind)
    return ChartMark(
      rect: rect.intersection(Rect(size)), place: Point(x: place, y: 0),
      readout: (["\(x) \(range)"] + figures).joined(separator: "  "), selection: selection, emphasis: .none)
  }
}
