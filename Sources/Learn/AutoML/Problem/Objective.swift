// The figures that an AutoML run can be asked to make best, and how each is computed from predictions.

import Foundation
import Numerics

/// What makes one model better than another.
public enum Objective: String, Codable, Sendable, CaseIterable {
  case mse, rmse, mae, r2
  case f1, accuracy, auc
  case balancedAccuracy = "balanced_accuracy"
  case precision, recall
  case f1Macro = "f1_macro"
  case precisionMacro = "precision_macro"
  case recallMacro = "recall_macro"
  case logLoss = "log_loss"

  /// The objectives that a problem has, its default first.
  public static func all(for problem: Problem) -> [Objective] {
    switch problem {
    case .regression: [.mse, .rmse, .mae, .r2]
    case .binary: [.f1, .accuracy, .auc, .balancedAccuracy, .precision, .recall, .logLoss]
    case .multiclass: [.accuracy, .balancedAccuracy, .f1Macro, .precisionMacro, .recallMacro, .logLoss, .auc]
    }
  }

  /// True where more is better.
  public var isHigherBetter: Bool {
    switch self {
    case .mse, .rmse, .mae, .logLoss: false
    case .r2, .f1, .accuracy, .auc, .balancedAccuracy, .precision, .recall, .f1Macro, .precisionMacro, .recallMacro:
      true
    }
  }

  /// True where only the most probable class counts, so that a threshold matters.
  public var usesDecision: Bool {
    switch self {
    case .mse, .rmse, .mae, .r2, .auc, .logLoss: false
    case .f1, .accuracy, .balancedAccuracy, .precision, .recall, .f1Macro, .precisionMacro, .recallMacro: true
    }
  }

  /// True where another threshold than one half may pay without making the figure meaningless: always saying yes has a
  /// recall of 1, and saying it once a precision of 1.
  var hasThreshold: Bool { self == .f1 || self == .accuracy || self == .balancedAccuracy }

  /// A figure for comparisons, larger for the better; the worst of all where the value is not defined.
  public func gain(_ value: Double?) -> Double {
    guard let value, value.isFinite else { return -.infinity }
    return isHigherBetter ? value : -value
  }

  /// The figure of predictions; nil where it is not defined on these rows.
  ///
  /// - Parameters:
  ///   - predictions: `[rows × outputs]`, row after row: probabilities, or numbers.
  ///   - threshold: of two classes the second is predicted from this probability on.
  public func value(_ labels: Labels, _ predictions: [Double], threshold: Double = 0.5) -> Double? {
    switch labels {
    case .numbers(let actual): value(actual, predictions)
    case .classes(let actual, let count):
      usesDecision
        ? value(decisions: decisions(predictions, classes: count, threshold: threshold), actual, count)
        : value(probabilities: predictions, actual, count)
    }
  }

  private func value(_ actual: [Double], _ predicted: [Double]) -> Double? {
    switch self {
    case .rmse: RegressionMetrics.rootMeanSquaredError(actual: actual, predicted: predicted)
    case .mae: RegressionMetrics.meanAbsoluteError(actual: actual, predicted: predicted)
    case .r2: RegressionMetrics.rSquared(actual: actual, predicted: predicted)
    case .mse, .f1, .accuracy, .auc, .balancedAccuracy, .precision, .recall, .f1Macro, .precisionMacro, .recallMacro,
      .logLoss:
      RegressionMetrics.meanSquaredError(actual: actual, predicted: predicted)
    }
  }

  private func value(probabilities: [Double], _ actual: [Int], _ classes: Int) -> Double? {
    guard self == .auc else {
      return ClassificationMetrics.logLoss(actual: actual, probabilities: probabilities, classes: classes)
    }
    guard classes == 2 else {
      return ClassificationMetrics.meanAreaUnderROC(actual: actual, probabilities: probabilities, classes: classes)
    }
    let scores = actual.indices.map { probabilities[$0 * 2 + 1] }
    return ClassificationMetrics.areaUnderROC(isPositive: actual.map { $0 == 1 }, scores: scores)
  }

  private func value(decisions: [Int], _ actual: [Int], _ classes: Int) -> Double? {
    let matrix = ConfusionMatrix(actual: actual, predicted: decisions, classes: classes)
    let value: Double
    switch self {
    case .f1: value = classes == 2 ? matrix.f1(1) : matrix.weightedF1
    case .precision: value = classes == 2 ? matrix.precision(1) : matrix.weighted(matrix.precision)
    case .recall: value = classes == 2 ? matrix.recall(1) : matrix.weighted(matrix.recall)
    case .balancedAccuracy: value = matrix.balancedAccuracy
    case .f1Macro: value = matrix.macroF1
    case .precisionMacro: value = matrix.macro(matrix.precision)
    case .recallMacro: value = matrix.macro(matrix.recall)
    case .accuracy, .mse, .rmse, .mae, .r2, .auc, .logLoss: value = matrix.accuracy
    }
    return value.isFinite ? value : nil
  }

  /// Every figure of the problem, by name; those that are not defined are left out.
  static func figures(
    _ problem: Problem, _ labels: Labels, _ predictions: [Double], threshold: Double = 0.5
  ) -> [String: Double] {
    var figures: [String: Double] = [:]
    for objective in all(for: problem) {
      if let value = objective.value(labels, predictions, threshold: threshold), value.isFinite {
        figures[objective.rawValue] = value
      }
    }
    return figures
  }
}

/// The predicted class of each row: the most probable, or of two the second from `threshold` on.
///
/// - Parameter probabilities: `[rows × classes]`, row after row.
func decisions(_ probabilities: [Double], classes: Int, threshold: Double) -> [Int] {
  if classes == 2 {
    return stride(from: 1, to: probabilities.count, by: 2).map { probabilities[$0] >= threshold ? 1 : 0 }
  }
  return stride(from: 0, to: probabilities.count, by: classes).map { start in
    var best = start
    for index in start..<start + classes where probabilities[index] > probabilities[best] { best = index }
    return best - start
  }
}
