// A small regression tree on one feature whose values stand in ordered bins.

import Numerics

/// A tree that parts the bins of a feature into runs and predicts each run's mean, grown best split first.
///
/// A split is the one that takes the most from the squared error, summed over the targets (for classes as 0 and 1 that is
/// Gini's impurity; Breiman, Friedman, Olshen and Stone 1984). It has no random choice.
struct SingleFeatureTree {
  /// Runs at most, and rows in each at least.
  static let mostLeaves = 16
  static let leastRows = 20

  /// A bin of the rows that are learnt from.
  struct Bin {
    var count = 0.0
    /// [targets]
    var sums: [Double]
    /// [targets]: of squares.
    var squares: [Double]
  }

  private struct Run {
    var bins: Range<Int>
    var split: Int?
    var gain = 0.0
  }

  /// [bins][targets]: what is predicted for a row of the bin.
  let predictions: [[Double]]

  /// - Parameters:
  ///   - bins: in the order of their values.
  ///   - ranges: the smallest and the largest value of each bin: a bin without rows goes to the nearer side of a split.
  init(_ bins: [Bin], ranges: [ClosedRange<Double>]) {
    let targets = bins.first?.sums.count ?? 0
    var runs = [Self.searched(0..<bins.count, bins, ranges)]
    while runs.count < Self.mostLeaves {
      guard let best = runs.indices.max(by: { runs[$0].gain < runs[$1].gain }), let split = runs[best].split else {
        break
      }
      let whole = runs[best].bins
      runs[best] = Self.searched(whole.lowerBound..<split, bins, ranges)
      runs.append(Self.searched(split..<whole.upperBound, bins, ranges))
    }
    var predictions = [[Double]](repeating: [Double](repeating: 0, count: targets), count: bins.count)
    for run in runs {
      let total = Self.total(bins[run.bins], targets)
      let means = total.sums.map { total.count > 0 ? $0 / total.count : 0 }
      for bin in run.bins { predictions[bin] = means }
    }
    self.predictions = predictions
  }

  private static func total(_ bins: ArraySlice<Bin>, _ targets: Int) -> Bin {
    var total = Bin(sums: [Double](repeating: 0, count: targets), squares: [Double](repeating: 0, count: targets))
    for bin in bins {
      total.count += bin.count
      for target in 0..<targets {
        total.sums[target] += bin.sums[target]
        total.squares[target] += bin.squares[target]
      }
    }
    return total
  }

  /// The run with its best split; none where it gains nothing, or a side is too small.
  private static func searched(_ range: Range<Int>, _ bins: [Bin], _ ranges: [ClosedRange<Double>]) -> Run {
    var run = Run(bins: range)
    let targets = bins.first?.sums.count ?? 0
    let all = total(bins[range], targets)
    guard all.count >= Double(2 * leastRows) else { return run }
    var left = [Double](repeating: 0, count: targets)
    var count = 0.0
    // What rounding can make of nothing.
    let spread = (0..<targets).reduce(0) { $0 + all.squares[$1] - all.sums[$1] / all.count * all.sums[$1] }
    var best = 1e-12 * max(spread, (0..<targets).reduce(0) { $0 + abs(all.squares[$1]) } * 1e-3)
    var last: Int?
    for bin in range where bins[bin].count > 0 {
      let right = all.count - count
      if let last, count >= Double(leastRows), right >= Double(leastRows) {
        var gain = 0.0
        for target in 0..<targets {
          let difference = left[target] / count - (all.sums[target] - left[target]) / right
          gain += difference * difference
        }
        gain *= count / all.count * right
        if gain > best {
          best = gain
          (run.gain, run.split) = (gain, place(after: last, before: bin, ranges))
        }
      }
      count += bins[bin].count
      for target in 0..<targets { left[target] += bins[bin].sums[target] }
      last = bin
    }
    return run
  }

  /// The first bin of the right side: empty bins between two are parted in the middle.
  private static func place(after last: Int, before next: Int, _ ranges: [ClosedRange<Double>]) -> Int {
    let middle = ranges[last].upperBound / 2 + ranges[next].lowerBound / 2
    return (last + 1..<next).first { ranges[$0].upperBound > middle } ?? next
  }
}
