// What if each group had its own threshold: every pair of thresholds against a bias metric and accuracy.

/// Thresholds of the score for group a and group d, with what follows from them.
public struct ThresholdStudy: Codable, Sendable, Equatable {
  public struct Point: Codable, Sendable, Equatable {
    /// Scores above are positive.
    public var thresholdA, thresholdD: Double
    /// Of all rows of both groups, 0 ... 1.
    public var accuracy: Double
    public var counts: BiasCounts

    /// Any metric that counts give; nil where it cannot be computed, and for CDDL, CDDPL and FT.
    public func value(_ metric: BiasMetric) -> Double? { try? metric.value(of: counts) }

    enum CodingKeys: String, CodingKey {
      case accuracy, counts
      case thresholdA = "threshold_a"
      case thresholdD = "threshold_d"
    }
  }

  /// The metric that is traded against accuracy.
  public var metric: BiasMetric
  public var facet: String
  public var value: String
  public var groupD: String
  public var groupA: String
  /// One threshold for both groups, as it is now.
  public var current: Point
  /// Pairs of which no other is both more accurate and closer to the ideal value, from the most accurate on.
  public var pareto: [Point]
  /// One threshold for both groups, all of them.
  public var shared: [Point]
  public var rows: Int
  /// The bins of scores that thresholds lie between.
  public var bins: Int
}
