import Explain
import Foundation

/// Why a model says something else of one row than of another.
public struct RowComparison: Codable, Sendable, Equatable {
  public let first, second: RowExplanation
  /// By output and feature: what the feature adds to the second row beyond what it adds to the first. They add up to the
  /// difference of the predictions.
  public let differences: [[Double]]

  public init(_ first: RowExplanation, _ second: RowExplanation) {
    (self.first, self.second) = (first, second)
    // With a base value of each row's own, as of losses, theirs differ too; a model's outputs have one for all rows.
    differences = zip(first.outputs, second.outputs).map { zip($0.values, $1.values).map { $1 - $0 } }
  }

  /// Features by the size of what they change, largest first.
  public func order(output: Int) -> [Int] {
    let changes = differences[output]
    return changes.indices.sorted { (abs(changes[$1]), $0) < (abs(changes[$0]), $1) }
  }

  /// Prediction of the second row minus that of the first.
  public func change(output: Int) -> Double { second.outputs[output].prediction - first.outputs[output].prediction }
}
