// Figures of two lists of counts of the same parts.

import Foundation

/// Distances of two distributions over the same parts.
enum DriftMeasure {
  /// The population stability index (Siddiqi 2006, "Credit risk scorecards"): symmetric relative entropy, in nats.
  static func stabilityIndex(_ counts: [(baseline: Double, current: Double)]) -> Double? {
    let (all, now) = totals(counts)
    guard all > 0, now > 0 else { return nil }
    return counts.reduce(0) { sum, part in
      let before = max(part.baseline / all, Drift.epsilon)
      let after = max(part.current / now, Drift.epsilon)
      return sum + (after - before) * log(after / before)
    }
  }

  /// The Jensen-Shannon divergence with base 2 (Lin 1991, doi:10.1109/18.61115).
  static func divergence(_ counts: [(baseline: Double, current: Double)]) -> Double? {
    let (all, now) = totals(counts)
    guard all > 0, now > 0 else { return nil }
    func term(_ share: Double, _ middle: Double) -> Double { share > 0 ? share / 2 * log2(share / middle) : 0 }
    let sum = counts.reduce(0) { sum, part in
      let (before, after) = (part.baseline / all, part.current / now)
      let middle = (before + after) / 2
      return sum + term(before, middle) + term(after, middle)
    }
    return max(0, min(1, sum))
  }

  /// The 95 % quantile of the index between two samples of one distribution: (1/n + 1/m) χ² with parts − 1 degrees of
  /// freedom (Yurdakul 2018, "Statistical properties of population stability index"), χ² by Wilson and Hilferty (1931).
  static func byChance(parts: Int, _ baseline: Int, _ current: Int) -> Double? {
    guard parts > 1, baseline > 0, current > 0 else { return nil }
    let degrees = Double(parts - 1)
    let spread = 2 / (9 * degrees)
    let quantile = degrees * pow(1 - spread + 1.6448536269514722 * spread.squareRoot(), 3)
    return (1 / Double(baseline) + 1 / Double(current)) * quantile
  }

  private static func totals(_ counts: [(baseline: Double, current: Double)]) -> (Double, Double) {
    counts.reduce((0, 0)) { ($0.0 + $1.baseline, $0.1 + $1.current) }
  }
}
