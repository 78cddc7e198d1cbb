import Foundation
import Learn
import Plot

extension CandidateReport {
  /// The pictures of a model by its problem, from rows that it was not fitted to, the most telling first.
  public var charts: [(title: String, chart: Chart)] {
    if let decisions { return decisions.charts(of: name, target: target, rows: rows) }
    if let residuals { return residuals.charts(target: target) }
    return []
  }

  /// The curve of one plane, to be drawn with those of other models; nil for anything but two classes.
  public func curve(_ plane: OperatingCurves.Plane) -> OperatingCurves.Curve? {
    decisions?.curve(plane, label)
  }

  /// `Ensemble`, `LightGBM #3`.
  public var label: String { candidate.map { "\(name) #\($0)" } ?? name }
}

extension LossImportance {
  /// Bars, the most needed column first.
  public var chart: Chart {
    let rowsText = isUnseen ? "on rows that it has not seen" : "on rows that it was trained on"
    return .bars(
      Bars(
        title: "what the loss of a column costs, \(rowsText)", column: "column",
        items: items.map { .init(label: $0.column, count: rows, value: max(0, $0.drop)) }, missing: 0, total: rows,
        measure: "fall of \(metric.rawValue)"))
  }
}

extension DecisionReport {
  func curve(_ plane: OperatingCurves.Plane, _ name: String) -> OperatingCurves.Curve? {
    guard let area = plane == .roc ? areaUnderROC : averagePrecision else { return nil }
    return OperatingCurves.Curve(
      model: name, area: area,
      points: points.map {
        .init(threshold: $0.threshold, truePositives: $0.truePositives, falsePositives: $0.falsePositives)
      }, operating: operating)
  }

  fileprivate func charts(of name: String, target: String, rows: Int) -> [(title: String, chart: Chart)] {
    var charts: [(title: String, chart: Chart)] = [
      (
        "Confusion matrix",
        .content(ConfusionMatrix(title: "\(target): actual and predicted", classes: classes, counts: confusion))
      )
    ]
    for (title, plane) in [("ROC", OperatingCurves.Plane.roc), ("Precision–recall", .precisionRecall)] {
      guard let curve = curve(plane, name) else { continue }
      charts.append(
        (title, .content(OperatingCurves(plane: plane, curves: [curve], positives: positives, negatives: negatives))))
    }
    charts.append(
      (
        "Calibration",
        .content(
          Calibration(
            title: positive.map { "Probability of \($0)" } ?? "Probability of the predicted class",
            bins: calibration.map {
              .init(
                lower: $0.lower, upper: $0.upper, predicted: $0.predicted, observed: $0.observed, count: $0.count)
            }, ece: calibrationError, brier: brier))
      ))
    guard !deciles.isEmpty else { return charts }
    let shares = [0] + deciles.map { Double($0.rows) / Double(max(1, rows)) }
    let gains = [0] + deciles.map { Double($0.positives) / Double(max(1, positives)) }
    charts.append(
      (
        "Gain",
        .content(
          LineChart(
            heading: "Share of \(positive ?? "positives") found in the best-scored rows", x: "share of rows",
            y: "share found", positions: shares,
            series: [.init(name: name, values: gains), .init(name: "at random", values: shares)], total: rows))
      ))
    let lifts = zip(gains, shares).dropFirst().map { gain, share in share > 0 ? gain / share : nil }
    charts.append(
      (
        "Lift",
        .content(
          LineChart(
            heading: "How many times more \(positive ?? "positives") than at random", x: "share of rows", y: "lift",
            positions: Array(shares.dropFirst()),
            series: [
              .init(name: name, values: lifts),
              .init(name: "at random", values: Array(repeating: 1, count: lifts.count)),
            ], total: rows))
      ))
    return charts
  }
}

extension ResidualReport {
  fileprivate func charts(target: String) -> [(title: String, chart: Chart)] {
    let sampled = points.count < rows ? points.count : nil
    let values = points.flatMap { [$0.actual, $0.predicted] }
    let ends = [values.min() ?? 0, values.max() ?? 0]
    let perfect = Scatter.Trend(x: ends, y: ends)
    return [
      (
        "Actual and predicted",
        .scatter(
          Scatter(
            title: "\(target): predicted by actual, with the line where they agree", x: "actual", y: "predicted",
            points: points.map { .init(x: $0.actual, y: $0.predicted) }, total: rows, sampled: sampled,
            trends: ends[0] < ends[1] ? [perfect] : nil))
      ),
      (
        "Residuals",
        .scatter(
          Scatter(
            title: "actual − predicted, by predicted", x: "predicted", y: "residual",
            points: points.map { .init(x: $0.predicted, y: $0.actual - $0.predicted) }, total: rows,
            sampled: sampled))
      ),
      (
        "Spread of residuals",
        .histogram(
          Histogram(
            title: "Residuals in standard deviations; the outermost bins hold all beyond", column: "residual",
            bins: bins.map { .init(lower: $0.lower, upper: $0.upper, count: $0.count) }, missing: 0, total: rows))
      ),
    ]
  }
}
