// The figures of a prediction on the test rows, and those of a prediction that knows no feature.

import Numerics

/// How good a prediction is, beside the baseline.
struct Judgement {
  let metric: String
  let metrics: [String: Double]
  let baselineMetrics: [String: Double]
  var classes: [ClassReport]?
  var positiveClass: String?
  var confusion: [[Int]]?

  var score: Double { metrics[metric] ?? 0 }
  var baselineScore: Double { baselineMetrics[metric] ?? 0 }

  /// Judges numbers; the baseline is the mean of the rows learnt from.
  init(train: [Double], test: [Double], predicted: [Double]) {
    metric = "mse"
    metrics = Self.figures(actual: test, predicted: predicted)
    baselineMetrics = Self.figures(
      actual: test, predicted: Array(repeating: Statistics.mean(train), count: test.count))
  }

  /// Judges classes; the baseline is the most frequent class of the rows learnt from, with the classes' shares there as
  /// probabilities.
  ///
  /// - Parameter probabilities: `[test rows × classes]`.
  init(names: [String], train: [Int], test: [Int], probabilities: [Double]) {
    let count = names.count
    let predicted = test.indices.map { row in Self.mostProbable(probabilities[row * count..<(row + 1) * count]) }
    let matrix = ConfusionMatrix(actual: test, predicted: predicted, classes: count)
    var trainCounts = [Int](repeating: 0, count: count)
    for label in train { trainCounts[label] += 1 }
    let shares = trainCounts.map { Double($0) / Double(max(train.count, 1)) }
    let majority = Self.mostProbable(shares[...])
    let blind = ConfusionMatrix(
      actual: test, predicted: Array(repeating: majority, count: test.count), classes: count)
    metric = "f1"
    metrics = Self.figures(matrix, test, probabilities)
    baselineMetrics = Self.figures(blind, test, test.flatMap { _ in shares })
    classes = names.enumerated().map { label, name in
      ClassReport(
        label: name, trainRows: trainCounts[label], testRows: matrix.support(label), precision: matrix.precision(label),
        recall: matrix.recall(label), f1: matrix.f1(label))
    }
    positiveClass = count == 2 ? names[1] : nil
    confusion = count <= 20 ? matrix.counts : nil
  }

  private static func mostProbable(_ probabilities: ArraySlice<Double>) -> Int {
    var best = probabilities.startIndex
    for index in probabilities.indices where probabilities[index] > probabilities[best] { best = index }
    return best - probabilities.startIndex
  }

  private static func figures(_ matrix: ConfusionMatrix, _ test: [Int], _ probabilities: [Double]) -> [String: Double] {
    let count = matrix.classCount
    var figures = [
      "f1": matrix.weightedF1, "f1_macro": matrix.macroF1, "accuracy": matrix.accuracy,
      "balanced_accuracy": matrix.balancedAccuracy, "precision": matrix.weighted(matrix.precision),
      "recall": matrix.weighted(matrix.recall),
      "log_loss": ClassificationMetrics.logLoss(actual: test, probabilities: probabilities, classes: count),
    ]
    if count == 2 {
      figures["f1_positive"] = matrix.f1(1)
      let scores = test.indices.map { probabilities[$0 * 2 + 1] }
      figures["auc"] = ClassificationMetrics.areaUnderROC(isPositive: test.map { $0 == 1 }, scores: scores)
    } else {
      figures["auc"] = ClassificationMetrics.meanAreaUnderROC(
        actual: test, probabilities: probabilities, classes: count)
    }
    return figures.filter(\.value.isFinite)
  }

  private static func figures(actual: [Double], predicted: [Double]) -> [String: Double] {
    var figures = [
      "mse": RegressionMetrics.meanSquaredError(actual: actual, predicted: predicted),
      "rmse": RegressionMetrics.rootMeanSquaredError(actual: actual, predicted: predicted),
      "mae": RegressionMetrics.meanAbsoluteError(actual: actual, predicted: predicted),
    ]
    figures["r2"] = RegressionMetrics.rSquared(actual: actual, predicted: predicted)
    return figures.filter(\.value.isFinite)
  }
}
