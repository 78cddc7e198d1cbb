// Bias panel: a metric a line, a dumb-bell between the groups of people it differs for, the band that the threshold
// allows behind it, and a sign for the verdict.

import Grid

/// Metrics of a model by group.
public struct BiasPanel: ChartContent {
  public static let kind = "bias"
  public static let title = "Bias panel"

  /// A metric; one value a group, nil where it cannot be computed.
  public struct Metric: Codable, Sendable, Equatable {
    public var name: String
    public var values: [Double?]
    /// The values that the threshold allows; nil for a metric without one.
    public var allowed: ClosedRange<Double>?

    public init(name: String, values: [Double?], allowed: ClosedRange<Double>? = nil) {
      (self.name, self.values, self.allowed) = (name, values, allowed)
    }

    var finite: [Double] { values.compactMap { $0 }.filter(\.isFinite) }

    /// Whether every group is within the threshold; nil where there is none, or nothing to judge.
    public var isWithin: Bool? {
      guard let allowed, !finite.isEmpty, finite.count == values.count else { return nil }
      return finite.allSatisfy { allowed.contains($0) }
    }
  }

  /// Instead of `Bias by COLUMN`.
  public var title: String?
  /// The column that the groups come from, and their names, in the order of the values.
  public var column: String
  public var groups: [String]
  public var metrics: [Metric]
  /// Rows judged; nil when unknown.
  public var total: Int?

  public init(title: String? = nil, column: String, groups: [String], metrics: [Metric], total: Int? = nil) {
    (self.title, self.column, self.groups) = (title, column, groups)
    (self.metrics, self.total) = (metrics, total)
  }

  public func preferredRows(width: Int) -> Int { metrics.count * 2 + 5 }

  private static func shape(_ group: Int) -> MarkerShape {
    [.disc, .ring, .diamond, .triangle, .square, .plus, .cross][group % 7]
  }

  private static func sign(_ metric: Metric) -> String { metric.isWithin.map { $0 ? "ok" : " !" } ?? "  " }

  public func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    let line = TitleLine(
      name: title ?? "Bias by \(column)", counts: RowCounts(total: total, sampled: nil, missing: 0))
    let legend = groups.enumerated().map { i, name in
      TitleLine.Key(.marker(BiasPanel.shape(i)), role: .series(i), label: name)
    }
    let failed = metrics.filter { $0.isWithin == false }.count
    let values = metrics.flatMap { $0.finite + [$0.allowed?.lowerBound, $0.allowed?.upperBound].compactMap { $0 } }
    let frame = PlotFrame.fitted(line, "metrics") { title in
      PlotFrame(
        size: size, context: context, title: title, legend: legend,
        x: AxisSpec("", values.filter(\.isFinite).isEmpty ? nil : BiasPanel.range(values), placing: .points),
        y: .groups(
          metrics.map { "\(BiasPanel.sign($0)) \($0.name)" }, rows: size.height >= metrics.count * 2 + 6 ? 2 : 1,
          around: view.cursor, isRuled: true),
        figures: ["! \(failed) of \(metrics.count) outside the threshold", "\(bandSample(plotter.glyphs)) allowed"],
        view: view)
    }
    frame.draw(on: &plotter)
    if metrics.isEmpty {
      plotter.sentence("No metrics.", in: Rect(size).splitTop(min(1, size.height)).1)
      return (plotter.list, [])
    }
    for i in frame.groups { draw(metrics[i], frame.rect(ofGroup: i), frame, on: &plotter) }
    let marks = metrics.indices.map { i in
      ChartMark(
        rect: frame.rect(ofGroup: i).intersection(Rect(size)), place: Point(x: 0, y: i),
        readout: readout(metrics[i], plotter.glyphs), selection: .none)
    }
    return (plotter.list, marks)
  }

  private func bandSample(_ glyphs: Glyphs) -> String { String(Character(glyphs.shade(.light))) }

  private static func range(_ values: [Double]) -> ClosedRange<Double> {
    let finite = values.filter(\.isFinite)
    return (finite.min() ?? 0)...(finite.max() ?? 0)
  }

  private func draw(_ metric: Metric, _ rect: Rect, _ frame: PlotFrame, on plotter: inout Plotter) {
    if rect.isEmpty { return }
    // The line that the name stands on.
    let top = rect.y + (rect.height - 1) / 2
    let row = Double(top) + 0.5
    if let allowed = metric.allowed {
      let (left, right) = (frame.x(allowed.lowerBound), frame.x(allowed.upperBound))
      plotter.band(.init(x: left, y: Double(top), width: max(1, right - left), height: 1))
    }
    let ends = metric.finite
    guard let low = ends.min(), let high = ends.max() else {
      plotter.text("no value", .init(Double(rect.x + 1), Double(top)), role: .muted)
      return
    }
    plotter.rule(.init(frame.x(low), row), .init(frame.x(high), row), metric.isWithin == false ? .warning : .axis)
    for (i, value) in metric.values.enumerated() {
      plotter.markers([.init(frame.x(value ?? .nan), row)], .series(i), BiasPanel.shape(i))
    }
    var text = Numbers.short(low, digits: 3)
    if low < high { text += plotter.glyphs.range + Numbers.short(high, digits: 3) }
    let gaps = metric.values.count - ends.count
    if gaps > 0 { text += ", \(gaps) missing" }
    let right = max(frame.x(high), metric.allowed.map { frame.x($0.upperBound) } ?? 0)
    let left = min(frame.x(low), metric.allowed.map { frame.x($0.lowerBound) } ?? .infinity)
    guard left.isFinite, right.isFinite, left <= right else { return }
    plotter.label([text], beside: left...(right.rounded(.down) + 1), row: top, in: frame.plot, role: .muted)
  }

  private func readout(_ metric: Metric, _ glyphs: Glyphs) -> String {
    var parts = [metric.name]
    for (i, value) in metric.values.enumerated() {
      let group = groups.indices.contains(i) ? groups[i] : "\(i + 1)"
      parts.append("\(group) \(value.map { Numbers.short($0, digits: 3) } ?? "-")")
    }
    if let allowed = metric.allowed {
      let range = [allowed.lowerBound, allowed.upperBound].map { Numbers.short($0, digits: 3) }
      parts.append("allowed \(range.joined(separator: glyphs.range))")
    }
    if let isWithin = metric.isWithin { parts.append(isWithin ? "ok" : "! outside") }
    return parts.joined(separator: "  ")
  }
}
