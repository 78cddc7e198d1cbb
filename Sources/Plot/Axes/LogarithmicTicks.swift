// Ticks of a logarithmic axis: decades, every second or third one where there are many, then 1-2-5 within each where
// there are few.

import Foundation

/// Positions on a logarithmic axis.
enum LogarithmicTicks {
  struct Labelling {
    var values: [Double]
    var labels: [String]
  }

  // Decades between labels and mantissas in each, the simplest first.
  private static let plans: [(stride: Int, mantissas: [Double])] =
    [(1, [1]), (1, [1, 5]), (1, [1, 2, 5]), (1, [1, 2, 3, 5, 7])]
    + [2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 50, 100, 200].map { ($0, [1]) }

  /// The labelling of `range`, above zero, that has about `target` labels and that the caller finds legible; nil where
  /// the range has fewer than two such values, so that evenly spaced ticks say more.
  static func search(
    _ range: ClosedRange<Double>, target: Double, labels: ([Double]) -> [String], isLegible: (Labelling) -> Bool
  ) -> Labelling? {
    guard range.lowerBound > 0, range.upperBound.isFinite else { return nil }
    var best: (score: Double, labelling: Labelling)?
    for (rank, plan) in plans.enumerated() {
      let values = values(range, plan.stride, plan.mantissas)
      if values.count < 2 { continue }
      let count = Double(values.count)
      let score = -max(count / target, target / count) - 0.05 * Double(min(rank, 4))
      if let best, best.score >= score { continue }
      let labelling = Labelling(values: values, labels: labels(values))
      if Set(labelling.labels).count == values.count, isLegible(labelling) { best = (score, labelling) }
    }
    return best?.labelling
  }

  /// Values inside the range, in rising order.
  private static func values(_ range: ClosedRange<Double>, _ stride: Int, _ mantissas: [Double]) -> [Double] {
    let first = Int(log10(range.lowerBound).rounded(.down)) - 1
    let last = Int(log10(range.upperBound).rounded(.up))
    var values: [Double] = []
    // Multiples of the stride, so that 1 is among them.
    for exponent in first...max(first, last) where exponent % stride == 0 {
      for mantissa in mantissas {
        let value = ten(exponent) * mantissa
        if value >= range.lowerBound * (1 - 1e-9), value <= range.upperBound * (1 + 1e-9) { values.append(value) }
      }
      if values.count > 400 { return values }
    }
    return values
  }

  /// Ten to a whole power without rounding noise: `pow` gives 0.001 as 1/1000 does not.
  private static func ten(_ exponent: Int) -> Double {
    exponent >= 0 ? pow(10, Double(exponent)) : 1 / pow(10, Double(-exponent))
  }
}
