// Which features move a model's output most, over many rows.

import Grid

/// Mean |SHAP| by feature.
public struct ShapBars: ChartContent {
  public static let kind = "shap-bars"
  public static let title = "SHAP bars"

  /// A feature.
  public struct Item: Codable, Sendable, Equatable {
    public var feature: String
    /// Mean absolute SHAP value, in the unit of the model's output.
    public var size: Double
    /// Correlation of the feature's value with its SHAP value, -1...1; nil where a feature has no order.
    public var correlation: Double?

    public init(feature: String, size: Double, correlation: Double? = nil) {
      (self.feature, self.size, self.correlation) = (feature, size, correlation)
    }
  }

  /// Instead of `Mean |SHAP|`.
  public var title: String?
  /// Largest first.
  public var items: [Item]
  /// What the values are in, such as `log-odds`.
  public var unit: String
  /// Rows in the table; nil when unknown.
  public var total: Int?
  /// Rows explained, when fewer than all.
  public var sampled: Int?

  public init(title: String? = nil, items: [Item], unit: String = "log-odds", total: Int? = nil, sampled: Int? = nil) {
    (self.title, self.items, self.unit, self.total, self.sampled) = (title, items, unit, total, sampled)
  }

  public func preferredRows(width: Int) -> Int { items.count + 4 }

  public func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    let line = TitleLine(
      name: title ?? "Mean |SHAP|", counts: RowCounts(total: total, sampled: sampled, missing: 0))
    let sizes = items.map(\.size).filter { $0.isFinite && $0 > 0 }
    let range = sizes.max().map { 0...ShapBars.padded($0, size.width) }
    let (up, down) = (plotter.glyphs.rise, plotter.glyphs.fall)
    let frame = PlotFrame.fitted(line, "features") { title in
      PlotFrame(
        size: size, context: context, title: title,
        x: AxisSpec(unit, items.isEmpty ? nil : range ?? 0...1, placing: .bars),
        y: .groups(items.map(\.feature), rows: 1, around: view.cursor, isRuled: true),
        figures: ["\(up) higher values raise the output", "\(down) lower it"], view: view)
    }
    frame.draw(on: &plotter)
    if items.isEmpty {
      plotter.sentence("No features.", in: Rect(size).splitTop(min(1, size.height)).1)
      return (plotter.list, [])
    }
    for i in frame.groups {
      let rect = frame.rect(ofGroup: i)
      let end = items[i].size > 0 ? frame.x(items[i].size) : frame.x(0)
      guard end.isFinite else { continue }
      let start = frame.x(0)
      plotter.fill(
        .init(x: start, y: Double(rect.y), width: end - start, height: Double(rect.height)), .series(1), growth: .right)
      plotter.label([value(items[i], plotter.glyphs)], beside: end...end, row: rect.y, in: frame.plot)
    }
    let marks = items.indices.map { i in
      ChartMark(
        rect: frame.rect(ofGroup: i).intersection(Rect(size)), place: Point(x: 0, y: i), readout: readout(items[i]),
        selection: .feature(items[i].feature))
    }
    return (plotter.list, marks)
  }

  /// The upper end of an axis that leaves room for a number after the longest bar.
  static func padded(_ value: Double, _ width: Int) -> Double {
    let plot = Double(max(10, width * 7 / 10))
    return value * plot / max(plot / 2, plot - 10)
  }

  private func value(_ item: Item, _ glyphs: Glyphs) -> String {
    let arrow = item.correlation.map { abs($0) < 0.1 ? "" : $0 > 0 ? " " + glyphs.rise : " " + glyphs.fall } ?? ""
    return Numbers.short(item.size, digits: 3) + arrow
  }

  private func readout(_ item: Item) -> String {
    let relation = item.correlation.map { "  correlation with value \(Numbers.signed($0))" } ?? ""
    return "\(item.feature)  mean |SHAP| \(Numbers.short(item.size)) \(unit)" + relation
  }
}

extension Glyphs {
  /// A rise, and a fall.
  var rise: String { kind == .ascii ? "^" : "▲" }
  var fall: String { kind == .ascii ? "v" : "▼" }
}
