// The figures of numbers from a table of values and their counts.

import Foundation
import Frame
import Jobs

/// Measures `counts`: a relation with the values as `v`, DOUBLE, and the rows that have each as `n`.
struct NumberMeasure {
  typealias Figures = ColumnInspection.NumberFigures
  static let parts = 20

  private let inspector: Inspector
  private let counts: String
  private let isEstimated: Bool

  init(_ inspector: Inspector, _ counts: String, isEstimated: Bool) {
    (self.inspector, self.counts, self.isEstimated) = (inspector, counts, isEstimated)
  }

  private func query(_ sql: String) throws -> DataTable {
    try inspector.database.query(sql, context: inspector.context, note: "measuring \(inspector.column.name)")
  }

  private func literal(_ number: Double) -> String { SQL.literal(.real(number)) }

  /// - Returns: nil where no value is finite.
  func run() throws -> Figures? {
    let table = try query(
      """
      SELECT min(v) FILTER (isfinite(v)), max(v) FILTER (isfinite(v)), sum(n) FILTER (isfinite(v)),
      sum(n) FILTER (v = 0), sum(n) FILTER (v < 0 AND isfinite(v)), sum(n) FILTER (isnan(v)), sum(n) FILTER (isinf(v))
      FROM \(counts)
      """)
    guard let low = table.value(0, 0).number, let high = table.value(0, 1).number else { return nil }
    let count = table.value(0, 2).whole
    let quantiles = try isEstimated ? estimatedQuantiles() : exactQuantiles(count)
    var figures = Figures(
      scale: inspector.scale, min: low, max: high, mean: low, quantiles: quantiles, zeros: table.value(0, 3).whole,
      negatives: table.value(0, 4).whole, outliers: 0, lowerWhisker: low, upperWhisker: high,
      notANumber: table.value(0, 5).whole, infinite: table.value(0, 6).whole, shape: [])
    try moments(count, &figures)
    return figures
  }

  private func estimatedQuantiles() throws -> [String: Double] {
    let list = ColumnInspection.probabilities.map { String($0.value) }.joined(separator: ", ")
    let items = ColumnInspection.probabilities.indices.map { "q[\($0 + 1)]" }.joined(separator: ", ")
    let table = try query(
      "SELECT \(items) FROM (SELECT approx_quantile(v, [\(list)]) AS q FROM \(counts) WHERE isfinite(v))")
    var quantiles: [String: Double] = [:]
    for (index, probability) in ColumnInspection.probabilities.enumerated() {
      quantiles[probability.key] = table.value(0, index).number
    }
    return quantiles
  }

  /// Linear between order statistics (type 7 of Hyndman and Fan 1996), found by running counts.
  private func exactQuantiles(_ count: Int) throws -> [String: Double] {
    let positions = ColumnInspection.probabilities.map { $0.value * Double(count - 1) }
    let items = positions.flatMap { position in
      [Int(position), min(Int(position) + 1, count - 1)].map { "min(v) FILTER (c > \($0))" }
    }
    let table = try query(
      """
      SELECT \(items.joined(separator: ", ")) FROM (
      SELECT v, sum(n) OVER (ORDER BY v ROWS UNBOUNDED PRECEDING) AS c FROM \(counts) WHERE isfinite(v))
      """)
    var quantiles: [String: Double] = [:]
    for (index, probability) in ColumnInspection.probabilities.enumerated() {
      guard let lower = table.value(0, 2 * index).number, let upper = table.value(0, 2 * index + 1).number else {
        continue
      }
      let part = positions[index] - positions[index].rounded(.down)
      quantiles[probability.key] = lower == upper ? lower : lower * (1 - part) + upper * part
    }
    return quantiles
  }

  /// Mean, deviation, skew, kurtosis, outliers, whiskers and shape. `u` is the place of a value in the range, 0 to 1, so
  /// that no power overflows.
  private func moments(_ count: Int, _ figures: inout Figures) throws {
    let (low, high) = (figures.min, figures.max)
    let half = high / 2 - low / 2
    guard half > 0 else {
      figures.shape = [count]
      figures.sd = count > 1 ? 0 : nil
      return
    }
    let place = "(v / 2 - \(literal(low / 2))) / \(literal(half))"
    let places = "SELECT v, n, \(place) AS u FROM \(counts) WHERE isfinite(v)"
    let center = try query("SELECT sum(u * n) / sum(n) FROM (\(places))").value(0, 0).number ?? 0
    figures.mean = low + half * center * 2
    let q1 = figures.quantiles["0.25"] ?? low
    let q3 = figures.quantiles["0.75"] ?? high
    let fence = (q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1))
    let inside = "v BETWEEN \(literal(fence.0)) AND \(literal(fence.1))"
    let shape = (0..<Self.parts).map { part in
      "coalesce(sum(n) FILTER (least(\(Self.parts - 1), floor(u * \(Self.parts))) = \(part)), 0)"
    }
    let table = try query(
      """
      SELECT sum(n * d * d), sum(n * d * d * d), sum(n * d * d * d * d), sum(n) FILTER (NOT (\(inside))),
      min(v) FILTER (\(inside)), max(v) FILTER (\(inside)), \(shape.joined(separator: ", "))
      FROM (SELECT *, u - \(literal(center)) AS d FROM (\(places)))
      """)
    figures.outliers = table.value(0, 3).whole
    figures.lowerWhisker = table.value(0, 4).number ?? low
    figures.upperWhisker = table.value(0, 5).number ?? high
    figures.shape = (0..<Self.parts).map { table.value(0, 6 + $0).whole }
    let n = Double(count)
    let second = (table.value(0, 0).number ?? 0) / n
    guard count > 1, second > 0 else { return }
    figures.sd = finite((second * n / (n - 1)).squareRoot() * half * 2)
    if count > 2 {
      let third = (table.value(0, 1).number ?? 0) / n
      figures.skew = finite(third / pow(second, 1.5) * (n * (n - 1)).squareRoot() / (n - 2))
    }
    if count > 3 {
      let fourth = (table.value(0, 2).number ?? 0) / n
      let excess = fourth / (second * second) - 3
      figures.kurtosis = finite((n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * excess + 6))
    }
  }

  private func finite(_ number: Double) -> Double? { number.isFinite ? number : nil }
}
