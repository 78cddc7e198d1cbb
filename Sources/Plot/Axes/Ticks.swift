// Where the labels of an axis go: the extended Wilkinson search of Talbot, Lin and Hanrahan, "An Extension of
// Wilkinson's Algorithm for Positioning Tick Labels on Axes", IEEE TVCG 16(6), 2010, doi:10.1109/TVCG.2010.130,
// with the weights of the paper. Legibility is decided by the caller, who knows the cells: a labelling that does not
// fit is never chosen.

import Foundation

/// Positions of tick labels.
public enum Ticks {
  // Nice step mantissas, best first.
  private static let mantissas: [Double] = [1, 5, 2, 2.5, 4, 3]
  private static let weights = (simplicity: 0.25, coverage: 0.2, density: 0.5, legibility: 0.05)

  /// The best labelling of `range` with about `target` labels, in rising order; a labelling may reach a little past
  /// the range. With `isInteger` labels fall on whole numbers only. Empty when none is legible.
  public static func wilkinson(
    _ range: ClosedRange<Double>, target: Double, isInteger: Bool = false,
    isLegible: ([Double]) -> Bool = { _ in true }
  ) -> [Double] {
    guard range.lowerBound.isFinite, range.upperBound.isFinite else { return [] }
    let (low, high) = (range.lowerBound, range.upperBound)
    let span = high - low
    // Below this the steps would vanish in rounding.
    guard span.isFinite, span > max(abs(low), abs(high)) * 1e-12, span > 1e-300 else {
      return isLegible([low]) ? [low] : []
    }
    var search = Search(low: low, high: high, target: max(2, target), isInteger: isInteger)
    return search.run(isLegible)
  }

  private static let powers: [Double] = (-330...330).map { pow(10, Double($0)) }

  /// Ten to a whole exponent.
  private static func ten(_ exponent: Double) -> Double {
    exponent.magnitude <= 330 ? powers[Int(exponent) + 330] : exponent > 0 ? .infinity : 0
  }

  private struct Search {
    let low, high, target: Double
    let isInteger: Bool
    var best: [Double] = []
    // Low enough for two labels where a dozen were wanted.
    var bestScore = -12.0
    // Labellings to ask the caller about: where none fits, trying them all would take longer than drawing the chart.
    var budget = 600

    init(low: Double, high: Double, target: Double, isInteger: Bool) {
      (self.low, self.high, self.isInteger) = (low, high, isInteger)
      // There are no more labels than whole numbers.
      self.target = isInteger ? max(2, min(target, (high - low).rounded(.down) + 1)) : target
    }

    mutating func run(_ isLegible: ([Double]) -> Bool) -> [Double] {
      var skip = 1
      while skip <= 5, budget > 0, bound(simplicity: 2 - Double(skip)) >= bestScore {
        for (rank, mantissa) in mantissas.enumerated() { tryMantissa(mantissa, rank, skip, isLegible) }
        skip += 1
      }
      return best
    }

    private func bound(simplicity: Double, coverage: Double = 1, density: Double = 1) -> Double {
      weights.simplicity * simplicity + weights.coverage * coverage + weights.density * density + weights.legibility
    }

    private mutating func tryMantissa(
      _ mantissa: Double, _ rank: Int, _ skip: Int, _ isLegible: ([Double]) -> Bool
    ) {
      let simplest = 2 - Double(rank) / Double(mantissas.count - 1) - Double(skip)
      var count = 2
      while Double(count) <= 3 * target + 8 {
        let k = Double(count)
        let densest = k >= target ? 2 - (k - 1) / (target - 1) : 1
        if bound(simplicity: simplest, density: densest) < bestScore { return }
        let gap = (high - low) / (k + 1) / (Double(skip) * mantissa)
        var exponent = log10(gap).rounded(.up)
        while exponent < 300 {
          let step = Double(skip) * mantissa * Ticks.ten(exponent)
          let span = step * (k - 1)
          if bound(simplicity: simplest, coverage: bestCoverage(span), density: densest) < bestScore { break }
          place(mantissa, rank, skip, count, step, isLegible)
          exponent += 1
        }
        count += 1
      }
    }

    private func bestCoverage(_ span: Double) -> Double {
      let range = high - low
      if span <= range { return 1 }
      let half = (span - range) / 2
      return 1 - half * half / (0.01 * range * range)
    }

    private mutating func place(
      _ mantissa: Double, _ rank: Int, _ skip: Int, _ count: Int, _ step: Double, _ isLegible: ([Double]) -> Bool
    ) {
      if isInteger && (step < 1 || step != step.rounded()) { return }
      let k = Double(count)
      let unit = step / Double(skip)
      let first = (high / step).rounded(.down) * Double(skip) - (k - 1) * Double(skip)
      let last = (low / step).rounded(.up) * Double(skip)
      guard first <= last, abs(first) < 1e15, abs(last) < 1e15, last - first < 1e4 else { return }
      var start = first
      while start <= last {
        let from = start * unit
        let to = from + step * (k - 1)
        start += 1
        if isInteger && from != from.rounded() { continue }
        let score = score(rank, skip, k, from, to, step)
        if score <= bestScore { continue }
        budget -= 1
        if budget < 0 { return }
        let values = (0..<count).map { i in tidy(from + Double(i) * step, step) }
        if isLegible(values) { (best, bestScore) = (values, score) }
      }
    }

    private func score(_ rank: Int, _ skip: Int, _ k: Double, _ from: Double, _ to: Double, _ step: Double) -> Double {
      let offset = from.remainder(dividingBy: step)
      let hasZero = abs(offset) < step * 1e-8 && from <= 0 && to >= 0
      let simplicity = 1 - Double(rank) / Double(mantissas.count - 1) - Double(skip) + (hasZero ? 1 : 0)
      let range = high - low
      let misses = (high - to) * (high - to) + (low - from) * (low - from)
      let coverage = 1 - 0.5 * misses / (0.01 * range * range)
      let actual = (k - 1) / (to - from)
      let wanted = (target - 1) / (max(to, high) - min(low, from))
      let density = 2 - max(actual / wanted, wanted / actual)
      return bound(simplicity: simplicity, coverage: coverage, density: density)
    }

    /// Removes the rounding noise of adding steps: 0.30000000000000004 → 0.3.
    private func tidy(_ value: Double, _ step: Double) -> Double {
      if abs(value) < step * 1e-9 { return 0 }
      let scale = Ticks.ten((-log10(step)).rounded(.up) + 3)
      guard scale.isFinite, scale > 0, abs(value * scale) < 1e15 else { return value }
      return scale >= 1 ? (value * scale).rounded() / scale : value
    }
  }
}
