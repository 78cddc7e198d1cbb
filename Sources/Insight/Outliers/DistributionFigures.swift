// Figures of the distribution of numeric columns, exact: from the column's values in order, so that they are the same in whatever
// order the rows come.

import Foundation
import Frame
import Jobs
import Numerics

/// Figures of the finite values of a column.
public struct DistributionFigures: Codable, Sendable, Equatable {
  /// Cells that are finite numbers, not a number (NaN), and infinite.
  public var count, notANumber, infinite: Int
  public var integers, zeros, negatives: Int
  /// Nil where no value is finite.
  public var min, max, mean: Double?
  /// Of the sample (divided by n − 1); nil of a single value.
  public var sd: Double?
  /// By probability: `0.05`, `0.25`, `0.5`, `0.75`, `0.95`; interpolated linearly (type 7 of Hyndman and Fan 1996).
  public var quantiles: [String: Double]
  /// The third standardised moment m₃ / m₂^1.5, and Pearson's kurtosis m₄ / m₂² (3 of a normal distribution); moments of
  /// the population. Nil of a constant.
  public var skew, kurtosis: Double?
  /// The deviation of the values clipped to the quantiles 0.05 and 0.95 (divided by n − 1).
  public var robustDeviation: Double?
  /// Values more than five robust deviations from the median. A deviation of zero bounds nothing.
  public var lowOutliers, highOutliers: Int
  /// Counts of twenty equal parts of the range.
  public var shape: [Int]

  public var median: Double? { quantiles["0.5"] }
  public var outliers: Int { lowOutliers + highOutliers }

  static let none = DistributionFigures(
    count: 0, notANumber: 0, infinite: 0, integers: 0, zeros: 0, negatives: 0, quantiles: [:], lowOutliers: 0,
    highOutliers: 0, shape: [])

  /// The bounds of ordinary values: five robust deviations around the median.
  public var robustBounds: ClosedRange<Double>? {
    guard let median, let robustDeviation, robustDeviation > 0 else { return nil }
    let (low, high) = (median - 5 * robustDeviation, median + 5 * robustDeviation)
    return low.isFinite && high.isFinite ? low...high : nil
  }
}

/// Measures columns given as expressions that can be read as DOUBLE.
struct DistributionSurvey {
  let database: Database
  let context: any JobContext
  static let parts = 20
  /// Numbers held at a time; a single column may have more.
  private static let most = 8_000_000

  /// What the values of a column, in order, say of it.
  struct Measured {
    var figures: DistributionFigures
    /// Different finite values, and the most frequent of them: the smaller first of those as frequent.
    var distinct: Int
    var frequent: [(value: Double, count: Int)]
  }

  /// - Parameter rows: of the source.
  /// - Returns: the figures of each expression.
  func measure(_ expressions: [String], in source: String, rows: Int) throws -> [DistributionFigures] {
    try survey(expressions, in: source, rows: rows, most: 0).map(\.figures)
  }

  /// - Parameters:
  ///   - rows: of the source.
  ///   - most: how many of the most frequent values are told; 0 counts none.
  func survey(_ expressions: [String], in source: String, rows: Int, most: Int) throws -> [Measured] {
    var measured: [Measured] = []
    for batch in expressions.batches(of: max(1, min(60, Self.most / max(1, rows)))) {
      measured += try measure(batch, source, rows, most)
      context.report(Double(measured.count) / Double(expressions.count), "measuring columns")
    }
    return measured
  }

  private func measure(_ expressions: [String], _ source: String, _ rows: Int, _ most: Int) throws -> [Measured] {
    var columns = expressions.map { _ in NumberColumn(rows: rows) }
    let items = expressions.map { "CAST(\($0) AS DOUBLE)" }
    try database.stream(
      "SELECT \(items.joined(separator: ", ")) FROM \(source)", context: context, note: "measuring columns"
    ) { table in
      for index in columns.indices { columns[index].append(table.columns[index]) }
    }
    // One by one, so that a column's numbers are gone once they are measured.
    return try columns.indices.map { index in
      try context.checkCancelled()
      var column = NumberColumn(rows: 0)
      swap(&column, &columns[index])
      column.finite.sortNumbers()
      return column.finite.withUnsafeBufferPointer { values in
        let (distinct, frequent) = most > 0 ? values.counted(most: most) : (0, [])
        return Measured(figures: DistributionFigures(column, values), distinct: distinct, frequent: frequent)
      }
    }
  }
}

/// The numbers of a column.
private struct NumberColumn {
  var finite: [Double] = []
  var notANumber = 0
  var infinite = 0

  init(rows: Int) { finite.reserveCapacity(rows) }

  mutating func append(_ column: TypedColumn) {
    guard case .reals(let values) = column.data else { return }
    if column.valid == nil, values.allSatisfy(\.isFinite) {
      finite += values
      return
    }
    for (row, value) in values.enumerated() where column.valid?[row] ?? true {
      if value.isFinite {
        finite.append(value)
      } else if value.isNaN {
        notANumber += 1
      } else {
        infinite += 1
      }
    }
  }
}

extension DistributionFigures {
  private static let keys: [(name: String, probability: Double)] = [
    ("0.05", 0.05), ("0.25", 0.25), ("0.5", 0.5), ("0.75", 0.75), ("0.95", 0.95),
  ]
  /// A power of two that keeps sums of many large numbers finite.
  private static let scale = 0x1p-40

  fileprivate init(_ column: NumberColumn, _ values: UnsafeBufferPointer<Double>) {
    self = .none
    (count, notANumber, infinite) = (values.count, column.notANumber, column.infinite)
    measure(values)
  }

  private mutating func measure(_ values: UnsafeBufferPointer<Double>) {
    guard let low = values.first, let high = values.last else { return }
    (min, max) = (low, high)
    negatives = values.count { $0 < 0 }
    zeros = values.start(where: { $0 > 0 }) - negatives
    integers = values.count { $0 == $0.rounded(.towardZero) }
    for (name, probability) in Self.keys { quantiles[name] = values.quantile(probability) }
    guard low < high else {
      mean = low
      sd = count > 1 ? 0 : nil
      robustDeviation = sd
      shape = [count]
      return
    }
    moments(values, low, high)
    guard let bounds = robustBounds else { return }
    lowOutliers = values.start(where: { $0 >= bounds.lowerBound })
    highOutliers = count - values.start(where: { $0 > bounds.upperBound })
  }

  /// Half of everything, so that no difference overflows; offsets in parts of the range, so that no power does.
  private mutating func moments(_ values: UnsafeBufferPointer<Double>, _ low: Double, _ high: Double) {
    let n = Double(count)
    // A sum may round past the ends.
    let rough = Swift.min(Swift.max(values.sum { $0 * Self.scale } / n / Self.scale, low), high)
    let half = high / 2 - low / 2
    guard half > 0 else {
      mean = rough
      return
    }
    func part(_ value: Double) -> Int { Int((value / 2 - low / 2) / half * Double(DistributionSurvey.parts)) }
    let ends = (1..<DistributionSurvey.parts).map { edge in values.start { part($0) >= edge } }
    shape = zip(ends + [count], [0] + ends).map { $0 - $1 }
    let middle = rough / 2
    let sums = (1...4).map { power in
      values.sum { value in
        let offset = (value / 2 - middle) / half
        switch power {
        case 1: return offset
        case 2: return offset * offset
        case 3: return offset * offset * offset
        default: return offset * offset * (offset * offset)
        }
      }
    }
    // The moments around a mean that is off in its last digits, moved to the true one.
    let shift = sums[0] / n
    let (s2, s3, s4) = (sums[1] / n, sums[2] / n, sums[3] / n)
    let m2 = s2 - shift * shift
    let m3 = s3 - 3 * shift * s2 + 2 * shift * shift * shift
    let m4 = s4 - 4 * shift * s3 + 6 * shift * shift * s2 - 3 * shift * shift * shift * shift
    mean = rough + shift * half * 2
    guard m2 > 0, n > 1 else { return }
    func finite(_ number: Double) -> Double? { number.isFinite ? number : nil }
    sd = finite((m2 * n / (n - 1)).squareRoot() * half * 2)
    skew = finite(m3 / pow(m2, 1.5))
    kurtosis = finite(m4 / (m2 * m2))
    guard let p5 = quantiles["0.05"], let p95 = quantiles["0.95"] else { return }
    let (least, greatest) = ((p5 / 2 - middle) / half, (p95 / 2 - middle) / half)
    func clipped(_ value: SIMD4<Double>) -> SIMD4<Double> {
      ((value / 2 - middle) / half).clamped(
        lowerBound: SIMD4(repeating: least), upperBound: SIMD4(repeating: greatest))
    }
    let center = values.sum(clipped) / n
    let squares = values.sum { value in
      let offset = clipped(value) - center
      return offset * offset
    }
    robustDeviation = finite((squares / (n - 1)).squareRoot() * half * 2)
  }
}

extension UnsafeBufferPointer<Double> {
  /// The place of the first number of which `isBeyond` is true, and of all after it; the count where there is none.
  fileprivate func start(where isBeyond: (Double) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBeyond(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// Of numbers in order: how many differ, and the most frequent.
  fileprivate func counted(most: Int) -> (distinct: Int, frequent: [(value: Double, count: Int)]) {
    var distinct = 0
    var frequent: [(value: Double, count: Int)] = []
    var start = 0
    while start < count {
      let value = self[start]
      var end = start + 1
      while end < count, self[end] == value { end += 1 }
      distinct += 1
      let number = end - start
      start = end
      guard frequent.count < most || number > frequent[frequent.count - 1].count else { continue }
      if frequent.count == most { frequent.removeLast() }
      // Values come in ascending order: among those as frequent the new one is the last.
      let place = frequent.firstIndex { $0.count < number } ?? frequent.count
      frequent.insert((value, number), at: place)
    }
    return (distinct, frequent)
  }

  /// Of numbers in order: interpolated linearly between the two nearest.
  fileprivate func quantile(_ probability: Double) -> Double {
    let place = probability * Double(count - 1)
    let index = Int(place)
    let low = self[index]
    guard index + 1 < count else { return low }
    let (part, high) = (place - Double(index), self[index + 1])
    let range = high - low
    return range.isFinite ? low + range * part : low * (1 - part) + high * part
  }

  /// Four by four, thousand by thousand, so that little is lost of small numbers beside a large sum.
  fileprivate func sum(_ term: (SIMD4<Double>) -> SIMD4<Double>) -> Double {
    var total = 0.0
    var block = SIMD4<Double>.zero
    let whole = count & ~3
    for start in stride(from: 0, to: whole, by: 4) {
      block += term(SIMD4(self[start], self[start &+ 1], self[start &+ 2], self[start &+ 3]))
      if start & 0xFFF == 0xFFC {
        total += block.sum()
        block = .zero
      }
    }
    total += block.sum()
    for index in whole..<count { total += term(SIMD4(repeating: self[index]))[0] }
    return total
  }
}
