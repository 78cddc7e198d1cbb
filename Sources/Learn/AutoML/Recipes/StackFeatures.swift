// Predictions as features: what candidates of level 1 say of a row, for those of level 2 (Wolpert 1992, "Stacked
// generalization", doi:10.1016/S0893-6080(05)80023-1). What they say of a row to learn from is always what folds said that had
// put the row aside; of new rows it is the mean of all folds.

import Foundation
import Numerics

/// What candidates of level 1 say of the rows of a run, each by models that had not seen the row.
struct StackFeatures: Sendable {
  /// The candidates, by number.
  let base: [Int]
  /// `[candidates × width][rows]`
  let values: [[Double]]

  /// - Parameter answers: of each candidate of `base`, `[rows × outputs]`.
  init(base: [Int], answers: [[Double]], outputs: Int) {
    let width = Self.width(outputs)
    var values: [[Double]] = []
    for answers in answers {
      let rows = answers.count / outputs
      var features = [[Double]](repeating: [Double](repeating: 0, count: rows), count: width)
      for row in 0..<rows {
        for feature in 0..<width {
          features[feature][row] = Self.feature(answers[row * outputs + Self.place(feature, outputs)], outputs)
        }
      }
      values += features
    }
    (self.base, self.values) = (base, values)
  }

  /// Features of one candidate: the number, the log-odds of the second of two classes, or those of each.
  static func width(_ outputs: Int) -> Int { outputs > 2 ? outputs : 1 }

  /// Which output a feature is made of.
  static func place(_ feature: Int, _ outputs: Int) -> Int { outputs == 2 ? 1 : feature }

  /// Log-odds tell probabilities near 0 and 1 apart, and add up.
  static func feature(_ answer: Double, _ outputs: Int) -> Double {
    guard outputs > 1 else { return answer }
    let probability = min(max(answer, 1e-7), 1 - 1e-7)
    return log(probability / (1 - probability))
  }

  /// Learns from some rows what is done to the features.
  func fit(_ rows: [Int], isScaled: Bool) -> FittedStack {
    FittedStack(base: base, encodings: values.map { isScaled ? NumberEncoding($0, rows: rows) : .asItIs })
  }
}

/// What a fold learnt about the predictions of other candidates.
struct FittedStack: Codable, Hashable, Sendable {
  let base: [Int]
  /// `[candidates × width]`
  let encodings: [NumberEncoding]

  /// True where it takes what the candidates of a specification say.
  func matches(_ base: [Int], outputs: Int) -> Bool {
    self.base == base && encodings.count == base.count * StackFeatures.width(outputs)
      && encodings.allSatisfy { $0.width == 1 }
  }
}

extension EncodedFeatures {
  /// The same rows with what other candidates say of them.
  ///
  /// - Parameter rows: their places among the rows of `features`.
  func adding(_ features: StackFeatures, _ fitted: FittedStack, rows: [Int]) -> EncodedFeatures {
    let columns = zip(features.values, fitted.encodings).flatMap { $1.encode($0, rows) }
    return adding(Array(columns.joined()))
  }

  /// The same rows with more features.
  ///
  /// - Parameter values: `[features × rows]`, feature after feature.
  func adding(_ values: [Double]) -> EncodedFeatures {
    let added = matrix.rows == 0 ? 0 : values.count / matrix.rows
    return EncodedFeatures(
      matrix: FeatureMatrix(
        rows: matrix.rows, features: matrix.features + added, values: matrix.values + values),
      categorical: categorical)
  }
}
