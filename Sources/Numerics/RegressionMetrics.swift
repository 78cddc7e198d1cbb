// Figures of predicted numbers against those that came true.

/// Figures of predicted numbers; all are NaN of nothing.
public enum RegressionMetrics {
  /// The mean squared error, in the square of the label's unit.
  public static func meanSquaredError(actual: [Double], predicted: [Double]) -> Double {
    Statistics.mean(zip(actual, predicted).map { ($0 - $1) * ($0 - $1) })
  }

  /// The square root of the mean squared error, in the label's unit.
  public static func rootMeanSquaredError(actual: [Double], predicted: [Double]) -> Double {
    meanSquaredError(actual: actual, predicted: predicted).squareRoot()
  }

  /// The mean absolute error, in the label's unit.
  public static func meanAbsoluteError(actual: [Double], predicted: [Double]) -> Double {
    Statistics.mean(zip(actual, predicted).map { abs($0 - $1) })
  }

  /// The median absolute error, in the label's unit.
  public static func medianAbsoluteError(actual: [Double], predicted: [Double]) -> Double {
    Statistics.median(zip(actual, predicted).map { abs($0 - $1) })
  }

  /// The share of the variance that the prediction explains: 1 − squared errors ÷ squared deviations from the mean of `actual`.
  /// Nil when `actual` is constant. Negative for a prediction worse than the mean.
  public static func rSquared(actual: [Double], predicted: [Double]) -> Double? {
    let center = Statistics.mean(actual)
    let total = Statistics.sum(actual.map { ($0 - center) * ($0 - center) })
    guard total > 0 else { return nil }
    return 1 - Statistics.sum(zip(actual, predicted).map { ($0 - $1) * ($0 - $1) }) / total
  }
}
