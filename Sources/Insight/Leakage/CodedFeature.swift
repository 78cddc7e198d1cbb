// A feature of rows in memory, as places of bins or of categories.

import Frame
import Numerics

/// A feature whose rows are numbered by bin, or by category.
struct CodedFeature {
  static let mostBins = 256
  /// Rows of the mean of all that each category's own mean is mixed with.
  static let prior = 10.0

  /// [rows]: the bin or category; nil where the value is missing.
  let codes: [Int?]
  /// Of bins; nil for categories, which have no order.
  let ranges: [ClosedRange<Double>]?
  let count: Int

  /// Bins of numbers: each different value its own, or at most `mostBins` of nearly as many rows; what is not finite is
  /// missing. Texts are categories.
  init(_ column: TypedColumn) {
    if let numbers = column.numbers {
      let present = numbers.indices.filter { numbers[$0].isFinite }.sorted { numbers[$0] < numbers[$1] }
      var codes = [Int?](repeating: nil, count: numbers.count)
      var ranges: [ClosedRange<Double>] = []
      var distinct = 0
      for place in present.indices where place == 0 || numbers[present[place]] != numbers[present[place - 1]] {
        distinct += 1
      }
      let size = distinct <= Self.mostBins ? 1 : (present.count + Self.mostBins - 1) / Self.mostBins
      var start = 0
      for (place, row) in present.enumerated() {
        let value = numbers[row]
        let isNew = place == 0 || value != numbers[present[place - 1]]
        if isNew, place == 0 || place - start >= size {
          ranges.append(value...value)
          start = place
        } else {
          ranges[ranges.count - 1] = ranges[ranges.count - 1].lowerBound...value
        }
        codes[row] = ranges.count - 1
      }
      (self.codes, self.ranges, count) = (codes, ranges, ranges.count)
    } else {
      var places: [String: Int] = [:]
      codes = (0..<column.count).map { row in
        guard let text = column.text(row) else { return nil }
        if let place = places[text] { return place }
        places[text] = places.count
        return places.count - 1
      }
      (ranges, count) = (nil, places.count)
    }
  }

  var missing: Int { codes.count { $0 == nil } }

  /// What is predicted for each bin or category, and last for missing values.
  ///
  /// Bins are parted by a `SingleFeatureTree`. A category, and the missing values, predict their mean mixed with that of all
  /// rows learnt from, as if `prior` more rows had it (Micci-Barreca 2001, doi:10.1145/507533.507538); a category that was
  /// never seen predicts that of all.
  /// - Parameters:
  ///   - train: the rows to learn from.
  ///   - targets: [targets][rows].
  /// - Returns: [count + 1][targets].
  func predictions(learningFrom train: [Int], targets: [[Double]]) -> [[Double]] {
    let zero = SingleFeatureTree.Bin(
      sums: [Double](repeating: 0, count: targets.count), squares: [Double](repeating: 0, count: targets.count))
    // The last one is of missing values.
    var bins = [SingleFeatureTree.Bin](repeating: zero, count: count + 1)
    var all = zero
    for row in train {
      let code = codes[row] ?? count
      bins[code].count += 1
      all.count += 1
      for target in targets.indices {
        let value = targets[target][row]
        bins[code].sums[target] += value
        bins[code].squares[target] += value * value
        all.sums[target] += value
      }
    }
    let means = all.sums.map { all.count > 0 ? $0 / all.count : 0 }
    func mixed(_ bin: SingleFeatureTree.Bin) -> [Double] {
      means.indices.map { (bin.sums[$0] + Self.prior * means[$0]) / (bin.count + Self.prior) }
    }
    guard let ranges, count > 0 else { return bins.map(mixed) }
    let tree = SingleFeatureTree(Array(bins.dropLast()), ranges: ranges)
    return tree.predictions + [mixed(bins[count])]
  }
}
