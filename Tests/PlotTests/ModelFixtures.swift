// Charts of models for the tests: a classifier of incomes, made up.

import Foundation
import Plot

enum ModelFixtures {
  private static func curve(_ model: String, _ strength: Double, area: Double, operating: Int?) -> OperatingCurves.Curve
  {
    let points = (0...40).map { i -> OperatingCurves.Point in
      let rate = pow(Double(i) / 40, 1.6)
      return .init(
        threshold: i == 0 ? nil : 1 - Double(i) / 40, truePositives: Int(1568 * pow(rate, 1 / strength)),
        falsePositives: Int(4945 * rate))
    }
    return .init(model: model, area: area, points: points, operating: operating)
  }

  static let curves = [
    curve("GBT", 6, area: 0.927, operating: 12), curve("Logit", 4, area: 0.905, operating: nil),
    curve("Tree", 2.4, area: 0.841, operating: nil),
  ]
  static let roc = OperatingCurves(curves: curves, positives: 1568, negatives: 4945, missing: 3)
  static let precisionRecall = OperatingCurves(
    plane: .precisionRecall, curves: Array(curves.prefix(2)), positives: 1568, negatives: 4945)

  static let confusion = ConfusionMatrix(classes: ["<=50K", ">50K"], counts: [[4653, 292], [561, 1007]], missing: 2)
  static let species = ConfusionMatrix(
    classes: ["setosa", "versicolor", "virginica"], counts: [[17, 0, 0], [0, 15, 2], [0, 3, 13]])
  static let digits: ConfusionMatrix = {
    let counts = (0..<10).map { i in
      (0..<10).map { j -> Int in
        if i == j { return 90 + i }
        return (i * 7 + j * 3) % 11 == 0 ? 4 : 0
      }
    }
    return ConfusionMatrix(classes: (0..<10).map { "\($0)" }, counts: counts)
  }()

  static let calibration: Calibration = {
    let counts = [2400, 900, 500, 380, 300, 290, 310, 350, 420, 663]
    let bins = counts.enumerated().map { i, count -> Calibration.Bin in
      let (lower, upper) = (Double(i) / 10, Double(i + 1) / 10)
      let middle = (Double(i) + 0.5) / 10
      let observed = min(1, middle + 0.06 * sin(middle * 6))
      return .init(lower: lower, upper: upper, predicted: middle, observed: observed, count: count)
    }
    return Calibration(bins: bins, ece: 0.018, brier: 0.087, missing: 2)
  }()

  static let learning: LearningCurve = {
    let training = (0..<60).map { i -> Double? in 0.68 * exp(-Double(i) / 14) + 0.21 }
    let validation = (0..<60).map { i -> Double? in
      let fall = 0.66 * exp(-Double(i) / 11)
      return fall + 0.28 + Double(i) * 0.0012
    }
    return LearningCurve(metric: "log loss", unit: "round", training: training, validation: validation, best: 38)
  }()

  /// Name and chart, one golden each.
  static let all: [(name: String, chart: any ChartContent)] = [
    ("roc", roc), ("precision-recall", precisionRecall), ("confusion", confusion), ("confusion-3", species),
    ("confusion-10", digits), ("calibration", calibration), ("learning", learning),
  ]

  private static let point = OperatingCurves.Point(threshold: 0.5, truePositives: 1, falsePositives: 0)

  /// What nobody wants to draw.
  static let odd: [(name: String, chart: any ChartContent)] = [
    ("no models", OperatingCurves(curves: [], positives: 5, negatives: 5)),
    (
      "one class",
      OperatingCurves(curves: [.init(model: "a", area: .nan, points: [point])], positives: 5, negatives: 0)
    ),
    (
      "one point",
      OperatingCurves(
        plane: .precisionRecall, curves: [.init(model: "a\n日本", area: 1, points: [point], operating: 9)], positives: 1,
        negatives: 1)
    ),
    (
      "eight models",
      OperatingCurves(
        curves: (0..<8).map { .init(model: "a long name of model \($0)", area: 0.5, points: roc.curves[0].points) },
        positives: 1568, negatives: 4945)
    ),
    ("no classes", ConfusionMatrix(classes: [], counts: [])),
    ("a class", ConfusionMatrix(classes: ["only"], counts: [[7]])),
    ("ragged", ConfusionMatrix(classes: ["a", "b", "c"], counts: [[1], [], [0, 1_000_000, 3, 9]])),
    ("no bins", Calibration(bins: [], ece: .nan, brier: .infinity)),
    (
      "odd bins",
      Calibration(bins: [
        .init(lower: .nan, upper: 0, predicted: .nan, observed: 2, count: 5),
        .init(lower: 0.5, upper: 0.5, predicted: nil, observed: nil, count: 0),
        .init(lower: 0, upper: 1, predicted: 0.5, observed: -7, count: -3),
      ])
    ),
    ("no epochs", LearningCurve(metric: "loss", training: [])),
    ("an epoch", LearningCurve(metric: "loss", training: [0.5], validation: [nil], best: 1)),
    (
      "diverged", LearningCurve(metric: "loss", training: [1, .nan, .infinity, 1e300], validation: [nil, 2], best: 99)
    ),
  ]
}
