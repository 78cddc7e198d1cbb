// A figure of each of several names with its interval, one a line as `├─●─┤`, against nothing.

import Grid

/// Names by a figure that is an estimate, such as the rise of a loss.
public struct RankedIntervals: ChartContent {
  public static let kind = "ranked-intervals"
  public static let title = "Ranked intervals"

  public struct Item: Codable, Sendable, Equatable {
    public var name: String
    /// The estimate, and the ends of its interval.
    public var value, low, high: Double

    public init(name: String, value: Double, low: Double, high: Double) {
      (self.name, self.value, self.low, self.high) = (name, value, low, high)
    }

    /// Whether the interval leaves nothing out of the question.
    var isOpen: Bool { low <= 0 && high >= 0 }
  }

  public var title: String
  /// Largest first.
  public var items: [Item]
  /// What the figures are.
  public var measure: String
  /// What the intervals are.
  public var interval: String
  /// Rows that the figures were computed on; nil when unknown.
  public var total: Int?
  /// Rows examined, when fewer than all.
  public var sampled: Int?

  public init(
    title: String, items: [Item], measure: String, interval: String = "95 % interval", total: Int? = nil,
    sampled: Int? = nil
  ) {
    (self.title, self.items, self.measure, self.interval) = (title, items, measure, interval)
    (self.total, self.sampled) = (total, sampled)
  }

  public func preferredRows(width: Int) -> Int { items.count + 4 }

  public func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    let line = TitleLine(name: title, counts: RowCounts(total: total, sampled: sampled, missing: 0))
    let values = items.flatMap { [$0.value, $0.low, $0.high] }.filter(\.isFinite) + [0]
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    let end = low + ShapBars.padded(high - low, size.width)
    let frame = PlotFrame.fitted(line, "features") { title in
      PlotFrame(
        size: size, context: context, title: title, x: AxisSpec(measure, end.isFinite ? low...end : low...high),
        y: .groups(items.map(\.name), rows: 1, around: view.cursor, isRuled: true),
        figures: [interval, "? where it holds 0"], view: view)
    }
    frame.draw(on: &plotter)
    if items.isEmpty {
      plotter.sentence("No features.", in: Rect(size).splitTop(min(1, size.height)).1)
      return (plotter.list, [])
    }
    let zero = frame.x(0)
    plotter.rule(
      .init(zero, Double(frame.plot.y)), .init(zero, Double(frame.plot.maxY)), .reference, .dotted, layer: .reference)
    for i in frame.groups { draw(items[i], frame.rect(ofGroup: i), frame, on: &plotter) }
    let marks = items.indices.map { i in
      ChartMark(
        rect: frame.rect(ofGroup: i).intersection(Rect(size)), place: Point(x: 0, y: i),
        readout: "\(items[i].name)  \(measure) \(Numbers.signed(items[i].value))  \(interval) "
          + "\(Numbers.signed(items[i].low)) to \(Numbers.signed(items[i].high))"
          + (items[i].isOpen ? "  may be nothing" : ""), selection: .feature(items[i].name))
    }
    return (plotter.list, marks)
  }

  private func draw(_ item: Item, _ rect: Rect, _ frame: PlotFrame, on plotter: inout Plotter) {
    if rect.isEmpty { return }
    let row = Double(rect.y) + 0.5
    let (left, right) = (frame.x(min(item.low, item.value)), frame.x(max(item.high, item.value)))
    guard left.isFinite, right.isFinite else { return }
    let role: Role = item.isOpen ? .muted : .series(1)
    if item.low < item.high {
      plotter.rule(.init(left, row), .init(right, row), role, capsStart: true, capsEnd: true)
    }
    plotter.markers([.init(frame.x(item.value), row)], role, .disc)
    plotter.label(
      [Numbers.signed(item.value) + (item.isOpen ? " ?" : "")],
      beside: left.rounded(.down)...(right.rounded(.down) + 1), row: rect.y, in: frame.plot)
  }

  public var table: ChartTable? {
    ChartTable(
      columns: ["feature", "value", "low", "high"],
      rows: items.map { [$0.name] + [$0.value, $0.low, $0.high].map { ChartTable.text($0) } })
  }
}
