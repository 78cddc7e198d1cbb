// Linear and logistic regression with an elastic-net penalty (Zou and Hastie 2005, doi:10.1111/j.1467-9868.2005.00503.x).
//
// Minimises  mean loss + penalty · (mixing · Σ|b| + (1 − mixing)/2 · Σb²)  over standardised features by coordinate descent on
// a quadratic model of the loss. For the logistic loss that model bounds it from above: its curvature is 1/4 everywhere (Böhning
// and Lindsay 1988, doi:10.1007/BF00049423), so the Gram matrix is computed once and every step lowers the loss.

import Foundation
import Jobs

/// Standardised features with their Gram matrix, ready for any number of labels and penalties.
struct ElasticNet {
  enum Loss { case squared, logistic }

  /// Coefficients for the features as they were given.
  struct Fit: Codable, Hashable {
    var intercept: Double
    var coefficients: [Double]
  }

  private let rows: Int
  private let features: Int
  /// `[features][rows]`, of mean 0 and mean square 1; features that never vary are 0.
  private let columns: [[Double]]
  /// The same, each row multiplied by its weight.
  private let weighted: [[Double]]
  /// Of mean 1; nil where all rows count alike.
  private let weights: [Double]?
  private let means: [Double]
  private let scales: [Double]
  /// `[features][features]`: mean product of two features.
  private let gram: [[Double]]

  /// - Parameter weights: how much each row counts, of mean 1; nil for all alike.
  init(_ matrix: FeatureMatrix, weights: [Double]? = nil, context: any JobContext) throws {
    self.weights = weights
    rows = matrix.rows
    features = matrix.features
    var columns: [[Double]] = []
    var means: [Double] = []
    var scales: [Double] = []
    for feature in 0..<matrix.features {
      let values = matrix.column(feature).map { $0.isNaN ? 0 : $0 }
      let mean = Self.sum(values, weights) / Double(max(rows, 1))
      let square = Self.sum(values.map { ($0 - mean) * ($0 - mean) }, weights) / Double(max(rows, 1))
      let scale = square > 1e-18 ? 1 / square.squareRoot() : 0
      columns.append(values.map { ($0 - mean) * scale })
      means.append(mean)
      scales.append(scale)
    }
    let weighted = weights.map { weights in columns.map { zip($0, weights).map { $0 * $1 } } } ?? columns
    var gram = Array(repeating: [Double](repeating: 0, count: columns.count), count: columns.count)
    for i in columns.indices {
      try context.checkCancelled()
      for j in 0...i {
        let product = dotProduct(columns[i], weighted[j], rows) / Double(max(rows, 1))
        gram[i][j] = product
        gram[j][i] = product
      }
    }
    (self.columns, self.weighted, self.means) = (columns, weighted, means)
    (self.scales, self.gram) = (scales, gram)
  }

  private static func sum(_ values: [Double], _ weights: [Double]?) -> Double {
    guard let weights else { return values.reduce(0, +) }
    return zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// Fits along a path of falling penalties, each starting where the one before ended.
  ///
  /// - Parameters:
  ///   - targets: 0 and 1 for the logistic loss.
  ///   - isBetter: told each fit, answers whether the path should go on.
  func path(
    _ targets: [Double], loss: Loss, mixing: Double, penalties: Int, context: any JobContext, goesOn: (Fit) -> Bool
  ) throws {
    let mean = Self.sum(targets, weights) / Double(max(rows, 1))
    var intercept = mean
    if loss == .logistic {
      let share = min(max(mean, 1e-6), 1 - 1e-6)
      intercept = log(share / (1 - share))
    }
    var weights = [Double](repeating: 0, count: features)
    var scores = [Double](repeating: intercept, count: rows)
    let correlations = weighted.map { dotProduct($0, targets.map { $0 - mean }, rows) / Double(max(rows, 1)) }
    let strongest = (correlations.map(abs).max() ?? 0) / max(mixing, 0.05)
    guard strongest > 0 else {
      _ = goesOn(fit(intercept, weights))
      return
    }
    let ratio = pow(1e-4, 1 / Double(max(penalties - 1, 1)))
    for step in 0..<penalties {
      let penalty = strongest * 0.3 * pow(ratio, Double(step))
      for _ in 0..<(loss == .squared ? 1 : 60) {
        try context.checkCancelled()
        let moved = improve(targets, loss, mixing, penalty, &intercept, &weights, &scores)
        if moved < 1e-3 { break }
      }
      if !goesOn(fit(intercept, weights)) { return }
    }
  }

  /// One quadratic model and its minimum; returns the largest change of a coefficient.
  private func improve(
    _ targets: [Double], _ loss: Loss, _ mixing: Double, _ penalty: Double, _ intercept: inout Double,
    _ weights: inout [Double], _ scores: inout [Double]
  ) -> Double {
    let curvature = loss == .squared ? 1 : 0.25
    var residuals = [Double](repeating: 0, count: rows)
    for row in 0..<rows {
      residuals[row] = targets[row] - (loss == .squared ? scores[row] : 1 / (1 + exp(-scores[row])))
    }
    let shift = Self.sum(residuals, weights) / Double(max(rows, 1)) / curvature
    var gradient = weighted.map { dotProduct($0, residuals, rows) / Double(max(rows, 1)) }
    let before = weights
    let (l1, l2) = (penalty * mixing, penalty * (1 - mixing))
    for _ in 0..<200 {
      var moved = 0.0
      for feature in 0..<features where scales[feature] > 0 {
        let old = weights[feature]
        let pull = gradient[feature] + curvature * gram[feature][feature] * old
        let size = max(abs(pull) - l1, 0)
        let new = (pull < 0 ? -size : size) / (curvature * gram[feature][feature] + l2)
        if new == old { continue }
        weights[feature] = new
        addScaled(gram[feature], -(new - old) * curvature, to: &gradient, features)
        moved = max(moved, abs(new - old))
      }
      if moved < 1e-5 { break }
    }
    intercept += shift
    var largest = abs(shift)
    for row in 0..<rows { scores[row] += shift }
    for feature in 0..<features where weights[feature] != before[feature] {
      let change = weights[feature] - before[feature]
      addScaled(columns[feature], change, to: &scores, rows)
      largest = max(largest, abs(change))
    }
    return largest
  }

  private func fit(_ intercept: Double, _ weights: [Double]) -> Fit {
    let coefficients = zip(weights, scales).map { $0 * $1 }
    let moved = zip(coefficients, means).reduce(0) { $0 + $1.0 * $1.1 }
    return Fit(intercept: intercept - moved, coefficients: coefficients)
  }
}

extension ElasticNet.Fit {
  /// The linear predictor of each row.
  func scores(_ matrix: FeatureMatrix) -> [Double] {
    var sums = [Double](repeating: intercept, count: matrix.rows)
    for (feature, weight) in coefficients.enumerated() where weight != 0 {
      for (row, value) in matrix.column(feature).enumerated() where !value.isNaN { sums[row] += weight * value }
    }
    return sums
  }
}
