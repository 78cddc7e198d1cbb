// Whether values are outside their limits by more than chance, when many groups are looked at.

import Foundation

enum Verdicts {
  /// The two-sided chance of a value so far outside the limits if the true one were at the limit, by the normal law with
  /// the deviation of the bootstrap draws; of an infinite value by the share of draws inside. Nil inside the limits.
  static func probability(_ raw: RawMetric, _ limits: BiasMetric.Limits, draws: Int) -> Double? {
    guard let value = raw.value, !limits.contains(value), draws > 0 else { return nil }
    let bound = value > limits.high ?? .infinity ? limits.high : limits.low
    if let deviation = raw.deviation, let bound, value.isFinite {
      guard deviation > 0 else { return 0 }
      return erfc(abs(value - bound) / deviation / 2.0.squareRoot())
    }
    return raw.shareWithin.map { min(1, 2 * ($0 * Double(draws) + 1) / Double(draws + 1)) }
  }

  /// Corrected probabilities, in the order given.
  /// - Parameter comparisons: all that were made, those inside their limits among them.
  static func corrected(_ values: [Double], comparisons: Int, by method: BiasSpec.Correction) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var result = values
    switch method {
    case .none: break
    case .holm:
      var least = 0.0
      for (rank, place) in order.enumerated() {
        least = max(least, min(1, values[place] * Double(comparisons - rank)))
        result[place] = least
      }
    case .benjaminiHochberg:
      var most = 1.0
      for (rank, place) in order.enumerated().reversed() {
        most = min(most, values[place] * Double(comparisons) / Double(rank + 1))
        result[place] = most
      }
    }
    return result
  }

  static func verdict(_ value: MetricValue, confidence: Double) -> MetricValue.Verdict {
    guard let limits = value.limits, let number = value.value else { return .none }
    guard limits.contains(number) else {
      guard value.low != nil else { return .outside }
      return (value.probability ?? 1) <= 1 - confidence ? .outside : .notConclusive
    }
    guard let low = value.low, let high = value.high else { return .within }
    return limits.contains(low) && limits.contains(high) ? .within : .notConclusive
  }
}
