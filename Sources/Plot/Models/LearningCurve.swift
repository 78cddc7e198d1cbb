// A metric by epoch or boosting round, while a model trains and afterwards.

import Grid

/// Training and validation by epoch.
public struct LearningCurve: ChartContent {
  public static let kind = "learning-curve"
  public static let title = "Learning curve"

  /// Instead of `METRIC by UNIT`.
  public var title: String?
  public var metric: String
  /// What is counted along x, such as `epoch` or `round`.
  public var unit: String
  /// The number of the first value of each.
  public var first: Int
  /// A value an epoch; nil where none was measured.
  public var training, validation: [Double?]
  /// The number of the epoch that was kept.
  public var best: Int?

  public init(
    title: String? = nil, metric: String, unit: String = "epoch", first: Int = 1, training: [Double?],
    validation: [Double?] = [], best: Int? = nil
  ) {
    (self.title, self.metric, self.unit, self.first) = (title, metric, unit, first)
    (self.training, self.validation, self.best) = (training, validation, best)
  }

  private static func value(_ values: [Double?], _ i: Int) -> Double? {
    values.indices.contains(i) ? values[i].flatMap { $0.isFinite ? $0 : nil } : nil
  }

  private func text(_ i: Int) -> [String] {
    [("train", training), ("validation", validation)].compactMap { name, values in
      LearningCurve.value(values, i).map { "\(name) \(Numbers.short($0))" }
    }
  }

  public func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    let count = max(training.count, validation.count)
    let values = (training + validation).compactMap { $0 }
    var legend: [TitleLine.Key] = [.init(.line(.solid), role: .series(0), label: "train")]
    if !validation.isEmpty { legend.append(.init(.line(.dashed), role: .series(1), label: "validation")) }
    let kept = best.map { $0 - first }.flatMap { (0..<count).contains($0) ? $0 : nil }
    var figures = kept.map { [(["best \($0 + first)"] + text($0)).joined(separator: " ")] } ?? []
    if count > 0 { figures.append((["last \(count - 1 + first)"] + text(count - 1)).joined(separator: " ")) }
    let frame = PlotFrame(
      size: size, context: context,
      title: TitleLine(
        name: title ?? "\(metric) by \(unit)", notes: ["\(Numbers.grouped(count)) \(unit)\(count == 1 ? "" : "s")"]),
      legend: legend, x: AxisSpec(unit, count > 0 ? Double(first)...Double(first + count - 1) : nil, kind: .integer),
      y: .scale(AxisSpec(metric, values: values)), figures: figures, view: view)
    frame.draw(on: &plotter)
    if !values.contains(where: \.isFinite) {
      plotter.sentence("No \(unit) has been measured.", in: frame.plot)
      return (plotter.list, [])
    }
    if let kept {
      let x = frame.x(Double(kept + first))
      plotter.rule(
        .init(x, Double(frame.plot.y)), .init(x, Double(frame.plot.maxY)), .reference, .dashed, layer: .reference)
    }
    for (i, series) in [training, validation].enumerated() {
      let spots = series.enumerated().map { frame.spot(Double($0 + first), $1 ?? .nan) }
      plotter.line(spots, .series(i), i == 0 ? .solid : .dashed)
    }
    let marks = (0..<count).filter { view.contains(x: Double($0 + first)) }.map { i in
      let at = Double(i + first)
      return ChartMark(
        rect: frame.columns(at, at), place: Point(x: i, y: 0),
        readout: (["\(unit) \(Numbers.grouped(i + first))"] + text(i) + (i == kept ? ["best"] : []))
          .joined(separator: "  "), selection: .none)
    }
    return (plotter.list, marks)
  }
}
