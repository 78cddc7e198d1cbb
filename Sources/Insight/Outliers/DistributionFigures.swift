// Figures of the distribution of numeric columns, exact, in three passes over the rows for all columns together.

import Foundation
import Frame
import Jobs

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

/// Measures columns given as expressions of type DOUBLE.
struct DistributionSurvey {
  let database: Database
  let context: any JobContext
  static let parts = 20
  private static let probabilities = [0.05, 0.25, 0.5, 0.75, 0.95]
  private static let keys = ["0.05", "0.25", "0.5", "0.75", "0.95"]
  /// A power of two that keeps sums of many large numbers finite.
  private static let scale = 0x1p-40

  private func literal(_ number: Double) -> String { SQL.literal(.real(number)) }

  /// - Returns: the figures of each expression.
  func measure(_ expressions: [String], in source: String) throws -> [DistributionFigures] {
    var figures: [DistributionFigures] = []
    for batch in expressions.batches(of: 60) {
      var part = try first(batch, source)
      try second(batch, source, &part)
      try third(batch, source, &part)
      figures += part
    }
    return figures
  }

  private func first(_ expressions: [String], _ source: String) throws -> [DistributionFigures] {
    let list = Self.probabilities.map { String($0) }.joined(separator: ", ")
    let items = expressions.indices.flatMap { index in
      [
        "count(v\(index))", "count(*) FILTER (isnan(r\(index)))", "count(r\(index))",
        "count(*) FILTER (v\(index) = trunc(v\(index)))", "count(*) FILTER (v\(index) = 0)",
        "count(*) FILTER (v\(index) < 0)", "min(v\(index))", "max(v\(index))",
        "avg(v\(index) * \(literal(Self.scale)))", "quantile_cont(v\(index), [\(list)]) AS q\(index)",
      ]
    }
    // Lists come apart outside.
    let named = items.enumerated().map { $0.element.contains(" AS q") ? $0.element : "\($0.element) AS a\($0.offset)" }
    let outer = expressions.indices.flatMap { index in
      (0..<9).map { "a\(index * 10 + $0)" } + (1...5).map { "q\(index)[\($0)]" }
    }
    let columns = expressions.enumerated().map { "\($0.element) AS r\($0.offset)" }
    let finite = expressions.indices.map { "CASE WHEN isfinite(r\($0)) THEN r\($0) END AS v\($0)" }
    try context.checkCancelled()
    let table = try database.query(
      """
      SELECT \(outer.joined(separator: ", ")) FROM (SELECT \(named.joined(separator: ", ")) FROM (
      SELECT *, \(finite.joined(separator: ", ")) FROM (SELECT \(columns.joined(separator: ", ")) FROM \(source))))
      """, context: context, note: "measuring columns")
    return expressions.indices.map { index in
      func value(_ place: Int) -> Value { table.value(0, index * 14 + place) }
      var figures = DistributionFigures.none
      figures.count = value(0).whole
      figures.notANumber = value(1).whole
      figures.infinite = value(2).whole - figures.count - figures.notANumber
      (figures.integers, figures.zeros, figures.negatives) = (value(3).whole, value(4).whole, value(5).whole)
      (figures.min, figures.max) = (value(6).number, value(7).number)
      figures.mean = value(8).number.map { $0 / Self.scale }
      for (place, key) in Self.keys.enumerated() { figures.quantiles[key] = value(9 + place).number }
      return figures
    }
  }

  /// Where a column's values lie in its range: half of everything, so that no difference overflows.
  private struct Place {
    let index: Int
    let low, half, mean, p5, p95: Double

    init?(_ index: Int, _ figures: DistributionFigures) {
      guard let low = figures.min, let high = figures.max, let mean = figures.mean, high > low,
        let p5 = figures.quantiles["0.05"], let p95 = figures.quantiles["0.95"]
      else { return nil }
      (self.index, self.low, half) = (index, low, high / 2 - low / 2)
      // A sum may round past the ends.
      self.mean = Swift.min(Swift.max(mean, low), high)
      (self.p5, self.p95) = (p5, p95)
    }

    /// (v − mean) / range.
    func offset(_ value: Double) -> Double { (value / 2 - mean / 2) / half }
  }

  private func second(_ expressions: [String], _ source: String, _ figures: inout [DistributionFigures]) throws {
    let places = figures.indices.compactMap { Place($0, figures[$0]) }
    for index in figures.indices where figures[index].min != nil && figures[index].min == figures[index].max {
      figures[index].mean = figures[index].min
      figures[index].sd = figures[index].count > 1 ? 0 : nil
      figures[index].robustDeviation = figures[index].sd
      figures[index].shape = [figures[index].count]
    }
    guard !places.isEmpty else { return }
    let projections = places.map { place in
      let value = "CASE WHEN isfinite(r\(place.index)) THEN r\(place.index) END"
      // From the low end on, so that an end of a part is met exactly where it can be.
      return """
        (\(value) / 2 - \(literal(place.mean / 2))) / \(literal(place.half)) AS d\(place.index),
        (\(value) / 2 - \(literal(place.low / 2))) / \(literal(place.half)) AS p\(place.index)
        """
    }
    let items = places.flatMap { place in
      let d = "d\(place.index)"
      let clipped = "least(greatest(\(d), \(literal(place.offset(place.p5)))), \(literal(place.offset(place.p95))))"
      let part = "p\(place.index) * \(Self.parts)"
      return [
        "sum(\(d))", "sum(\(d) * \(d))", "sum(\(d) * \(d) * \(d))", "sum(\(d) * \(d) * \(d) * \(d))",
        "stddev_samp(\(clipped))",
        "array_to_string(map_values(histogram_exact(CAST(least(\(Self.parts - 1), floor(\(part))) AS TINYINT), "
          + "CAST(range(\(Self.parts)) AS TINYINT[]))), ',')",
      ]
    }
    let columns = places.map { "\(expressions[$0.index]) AS r\($0.index)" }
    let table = try database.query(
      """
      SELECT \(items.joined(separator: ", ")) FROM (SELECT \(projections.joined(separator: ", ")) FROM (
      SELECT \(columns.joined(separator: ", ")) FROM \(source)))
      """, context: context, note: "measuring deviations")
    for (position, place) in places.enumerated() {
      func value(_ item: Int) -> Double { table.value(0, position * 6 + item).number ?? 0 }
      let n = Double(figures[place.index].count)
      // The moments around a mean that is off in its last digits, moved to the true one.
      let shift = value(0) / n
      let (s2, s3, s4) = (value(1) / n, value(2) / n, value(3) / n)
      let m2 = s2 - shift * shift
      let m3 = s3 - 3 * shift * s2 + 2 * shift * shift * shift
      let m4 = s4 - 4 * shift * s3 + 6 * shift * shift * s2 - 3 * shift * shift * shift * shift
      let range = place.half * 2
      figures[place.index].mean = place.mean + shift * place.half * 2
      figures[place.index].shape = (table.text(0, position * 6 + 5) ?? "").split(separator: ",").prefix(Self.parts)
        .compactMap { Int($0) }
      guard m2 > 0, n > 1 else { continue }
      func finite(_ number: Double) -> Double? { number.isFinite ? number : nil }
      figures[place.index].sd = finite((m2 * n / (n - 1)).squareRoot() * range)
      figures[place.index].skew = finite(m3 / pow(m2, 1.5))
      figures[place.index].kurtosis = finite(m4 / (m2 * m2))
      figures[place.index].robustDeviation = finite(value(4) * range)
    }
  }

  /// Counts outliers of the columns whose ends lie beyond the bounds.
  private func third(_ expressions: [String], _ source: String, _ figures: inout [DistributionFigures]) throws {
    let bounds = figures.indices.compactMap { index -> (index: Int, range: ClosedRange<Double>)? in
      guard let range = figures[index].robustBounds, let low = figures[index].min, let high = figures[index].max,
        low < range.lowerBound || high > range.upperBound
      else { return nil }
      return (index, range)
    }
    guard !bounds.isEmpty else { return }
    let items = bounds.flatMap { index, range in
      [
        "count(*) FILTER (isfinite(r\(index)) AND r\(index) < \(literal(range.lowerBound)))",
        "count(*) FILTER (isfinite(r\(index)) AND r\(index) > \(literal(range.upperBound)))",
      ]
    }
    let columns = bounds.map { "\(expressions[$0.index]) AS r\($0.index)" }
    let table = try database.query(
      "SELECT \(items.joined(separator: ", ")) FROM (SELECT \(columns.joined(separator: ", ")) FROM \(source))",
      context: context, note: "counting outliers")
    for (position, bound) in bounds.enumerated() {
      figures[bound.index].lowOutliers = table.value(0, 2 * position).whole
      figures[bound.index].highOutliers = table.value(0, 2 * position + 1).whole
    }
  }
}
