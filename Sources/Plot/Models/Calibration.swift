// Reliability diagram: how often the predicted thing happened, by predicted probability.

import Grid

/// Predicted probabilities against observed rates.
public struct Calibration: ChartContent {
  public static let kind = "calibration"
  public static let title = "Calibration"

  /// Rows whose predicted probability lies in an interval; both figures are nil where it has none.
  public struct Bin: Codable, Sendable, Equatable {
    public var lower, upper: Double
    /// Mean predicted probability, and the share of positive rows.
    public var predicted, observed: Double?
    public var count: Int

    public init(lower: Double, upper: Double, predicted: Double?, observed: Double?, count: Int) {
      (self.lower, self.upper, self.count) = (lower, upper, count)
      (self.predicted, self.observed) = (predicted, observed)
    }
  }

  /// Instead of `Calibration`.
  public var title: String?
  /// In rising order.
  public var bins: [Bin]
  /// Expected calibration error: mean distance from the diagonal, weighted by count.
  public var ece: Double?
  /// Mean squared error of the probabilities.
  public var brier: Double?
  /// Rows without a label or a probability.
  public var missing: Int

  public init(title: String? = nil, bins: [Bin], ece: Double? = nil, brier: Double? = nil, missing: Int = 0) {
    (self.title, self.bins, self.ece, self.brier, self.missing) = (title, bins, ece, brier, missing)
  }

  public func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    let rows = bins.reduce(0) { $0 + $1.count }
    let errors = [("ECE", ece), ("Brier", brier)].compactMap { name, value in
      value.map { "\(name) \(Numbers.score($0))" }
    }
    let line = TitleLine(
      name: title ?? Calibration.title, counts: RowCounts(total: rows + missing, sampled: nil, missing: missing),
      notes: errors)
    let frame = PlotFrame(
      size: size, context: context, title: line,
      x: AxisSpec("predicted", 0...1, extends: false), y: .scale(AxisSpec("observed", 0...1, extends: false)),
      strip: 1, aspect: 2, view: view)
    frame.draw(on: &plotter)
    if rows <= 0 {
      plotter.sentence(
        RowCounts(total: missing, sampled: nil, missing: missing).emptySentence, in: frame.plot)
      return (plotter.list, [])
    }
    plotter.line([frame.spot(0, 0), frame.spot(1, 1)], .reference, .dotted, layer: .reference)
    let spots = bins.map { frame.spot($0.predicted ?? .nan, $0.observed ?? .nan) }
    plotter.line(spots.filter(\.isFinite), .series(1))
    plotter.markers(spots, .series(1), .disc, layer: .overlay)
    frame.drawStrip(bins.map { ($0.lower, $0.upper, $0.count) }, .series(1), on: &plotter)
    if !frame.strip.isEmpty {
      plotter.text("n", .init(Double(frame.strip.maxX + 1), Double(frame.strip.y)), role: .muted)
    }
    plotter.side(
      [
        .init(.marker(.disc), role: .series(1), label: "observed rate"),
        .init(.line(.dotted), role: .reference, label: "perfect"),
      ], [], of: frame)
    let shown = zip(bins, spots).filter { !view.isZoomed || !frame.cell($0.1).isEmpty }
    let marks = shown.enumerated().map { i, pair in
      ChartMark(
        rect: frame.cell(pair.1), place: Point(x: i, y: 0), readout: readout(pair.0, plotter.glyphs),
        selection: .none, emphasis: .cell)
    }
    return (plotter.list, marks)
  }

  private func readout(_ bin: Bin, _ glyphs: Glyphs) -> String {
    let range = "\(Numbers.short(bin.lower))\(glyphs.range)\(Numbers.short(bin.upper))"
    guard let predicted = bin.predicted, let observed = bin.observed else { return "\(range)  no rows" }
    return "\(range)  predicted \(Numbers.score(predicted))  observed \(Numbers.score(observed))"
      + "  n=\(Numbers.grouped(bin.count))"
  }
}
