// Figures of predicted probabilities against the classes that came true.

/// Figures of predicted probabilities.
public enum ClassificationMetrics {
  /// The area under the receiver operating characteristic: the chance that a positive row scores above a negative one, a tie
  /// counting one half (Mann and Whitney). Nil unless both kinds of row occur.
  public static func areaUnderROC(isPositive: [Bool], scores: [Double]) -> Double? {
    precondition(isPositive.count == scores.count, "each row needs a score")
    let ranks = Statistics.ranks(scores)
    var positives = 0.0
    var rankSum = 0.0
    for (row, positive) in isPositive.enumerated() where positive {
      positives += 1
      rankSum += ranks[row]
    }
    let negatives = Double(isPositive.count) - positives
    guard positives > 0, negatives > 0 else { return nil }
    return (rankSum - positives * (positives + 1) / 2) / (positives * negatives)
  }

  /// The mean over classes of the area of one class against the rest, over the classes that occur; nil when none has an area.
  ///
  /// - Parameter probabilities: `[rows × classes]`, row after row.
  public static func meanAreaUnderROC(actual: [Int], probabilities: [Double], classes: Int) -> Double? {
    var areas: [Double] = []
    for label in 0..<classes {
      let scores = actual.indices.map { probabilities[$0 * classes + label] }
      if let area = areaUnderROC(isPositive: actual.map { $0 == label }, scores: scores) { areas.append(area) }
    }
    return areas.isEmpty ? nil : areas.reduce(0, +) / Double(areas.count)
  }

  /// The mean of −ln(probability of the class that came true), in nats, probabilities being kept above 2.2e-16; NaN of nothing.
  ///
  /// - Parameter probabilities: `[rows × classes]`, row after row, each row summing to 1.
  public static func logLoss(actual: [Int], probabilities: [Double], classes: Int) -> Double {
    precondition(probabilities.count == actual.count * classes, "each row needs a probability for each class")
    let losses = actual.indices.map { row in
      -logarithm(min(max(probabilities[row * classes + actual[row]], .ulpOfOne), 1 - .ulpOfOne))
    }
    return Statistics.mean(losses)
  }
}
