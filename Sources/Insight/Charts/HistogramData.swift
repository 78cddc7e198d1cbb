// The numbers behind a histogram, counted by the database in two passes: first the range, then everything within it.

import Foundation
import Frame
import Jobs
import Plot

/// Counts the values of a column in bins.
///
/// Cells without a finite value stand in `missing`; infinite ones among them are told apart as `infinite` in `summary`,
/// beside n, mean, sd, min, q1, median, q3, max, skew (adjusted Fisher-Pearson) and outliers (beyond 1.5 interquartile
/// ranges from the quartiles). Times are seconds since 1970-01-01.
/// - Parameter bins: how many bins; nil follows Freedman and Diaconis and rounds to a width that reads well.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func histogram(
  of column: String, bins: Int? = nil, relation: String, schema: Schema, in database: Database,
  context: any JobContext = SilentContext()
) throws -> Histogram {
  let axis = try AxisColumn(try schema.required(column), advice: "draw bars instead")
  let values = "SELECT \(axis.sql) AS v FROM \(SQL.subquery(relation))"
  let range = try database.query(
    """
    SELECT count(*), count(f), count(*) FILTER (isinf(v)), min(f), max(f),
    \([0.25, 0.5, 0.75].map { "quantile_cont(f, [0.25, 0.5, 0.75])[\(Int($0 * 4))]" }.joined(separator: ", "))
    FROM (SELECT v, CASE WHEN isfinite(v) THEN v END AS f FROM (\(values)))
    """, context: context, note: "measuring \(column)")
  let total = range.value(0, 0).whole
  let count = range.value(0, 1).whole
  let infinite = range.value(0, 2).whole
  var summary: [String: Double] = ["n": Double(count)]
  if infinite > 0 { summary["infinite"] = Double(infinite) }
  guard let low = range.value(0, 3).number, let high = range.value(0, 4).number else {
    return Histogram(
      column: column, bins: [], missing: total - count, total: total, summary: summary, kind: axis.axis)
  }
  let quartiles = (5...7).map { range.value(0, $0).number ?? low }
  let edges = BinEdges(
    low: low, high: high, spread: quartiles[2] - quartiles[0], values: count, bins: bins, axis: axis.axis)
  let counter = BinCounter(values: values, edges: edges, low: low, high: high, quartiles: quartiles)
  let counted = try counter.run(database, context, column)
  summary.merge(
    ["min": low, "max": high, "q1": quartiles[0], "median": quartiles[1], "q3": quartiles[2]]
  ) { first, _ in first }
  summary.merge(counted.summary) { first, _ in first }
  let drawn = (0..<edges.count).map {
    Histogram.Bin(lower: edges.edges[$0], upper: edges.edges[$0 + 1], count: counted.counts[$0])
  }
  return Histogram(
    column: column, bins: drawn, missing: total - count, total: total,
    density: Density.curve(drawn, deviation: counted.summary["sd"], spread: quartiles[2] - quartiles[0]),
    summary: summary, kind: axis.axis)
}

/// The second pass of a histogram.
private struct BinCounter {
  let values: String
  let edges: BinEdges
  let low: Double
  let high: Double
  let quartiles: [Double]

  func run(
    _ database: Database, _ context: any JobContext, _ column: String
  ) throws -> (counts: [Int], summary: [String: Double]) {
    func literal(_ number: Double) -> String { SQL.literal(.real(number)) }
    let last = edges.count - 1
    let list = "[\(edges.edges.map(literal).joined(separator: ", "))]"
    // Halves keep the largest range finite; `u` is the place of a value within it, 0 to 1.
    let half = high / 2 - low / 2
    let place = half > 0 ? "(v / 2 - \(literal(low / 2))) / \(literal(half))" : "0.0::DOUBLE"
    let start = edges.edges[0]
    let span = edges.edges[edges.count] / 2 - start / 2
    let guess = "floor((v / 2 - \(literal(start / 2))) / \(literal(span)) * \(edges.count))"
    let outside = 1.5 * (quartiles[2] - quartiles[0])
    // The guess can be one off at an edge; the list of edges decides.
    let sql = """
      SELECT b - CAST(v < e[b + 1] AS INTEGER) + CAST(b < \(last) AND v >= e[b + 2] AS INTEGER) AS bin, count(*),
      sum(u), sum(u * u), sum(u * u * u),
      count(*) FILTER (v < \(literal(quartiles[0] - outside)) OR v > \(literal(quartiles[2] + outside)))
      FROM (SELECT v, \(place) AS u, \(list) AS e, CAST(greatest(0, least(\(last), \(guess))) AS INTEGER) AS b
      FROM (\(values)) WHERE isfinite(v)) GROUP BY bin
      """
    let table = try database.query(sql, context: context, note: "counting \(column)")
    var counts = [Int](repeating: 0, count: edges.count)
    var sums = [0.0, 0.0, 0.0]
    var outliers = 0
    for row in 0..<table.rowCount {
      counts[max(0, min(last, table.value(row, 0).whole))] += table.value(row, 1).whole
      for power in 0..<3 { sums[power] += table.value(row, 2 + power).number ?? 0 }
      outliers += table.value(row, 5).whole
    }
    return (counts, summary(sums, count: Double(counts.reduce(0, +)), outliers: outliers, half: half))
  }

  private func summary(_ sums: [Double], count: Double, outliers: Int, half: Double) -> [String: Double] {
    let mean = sums[0] / count
    let second = max(0, sums[1] / count - mean * mean)
    let third = sums[2] / count - 3 * mean * sums[1] / count + 2 * mean * mean * mean
    var summary = ["mean": low + half * mean * 2, "outliers": Double(outliers)]
    if count > 1 { summary["sd"] = (second * count / (count - 1)).squareRoot() * half * 2 }
    if count > 2, second > 1e-18 {
      summary["skew"] = third / pow(second, 1.5) * (count * (count - 1)).squareRoot() / (count - 2)
    }
    return summary.filter { $0.value.isFinite }
  }
}

/// A density curve from the counts of bins: a Gaussian kernel at the middle of each bin, Silverman's bandwidth (1986, p. 48).
enum Density {
  /// In counts per bin, one for each bin; nil where there is nothing to smooth.
  static func curve(_ bins: [Histogram.Bin], deviation: Double?, spread: Double) -> [Double]? {
    let count = Double(bins.reduce(0) { $0 + $1.count })
    guard bins.count > 2, count > 1, let deviation, deviation > 0, let first = bins.first else { return nil }
    let width = first.upper - first.lower
    let scale = spread > 0 ? min(deviation, spread / 1.349) : deviation
    let bandwidth = max(0.9 * scale * pow(count, -0.2), width / 2) / width
    guard bandwidth.isFinite, bandwidth > 0 else { return nil }
    let kernel = (0..<bins.count).map { distance in
      exp(-0.5 * pow(Double(distance) / bandwidth, 2)) / (bandwidth * (2 * Double.pi).squareRoot())
    }
    return bins.indices.map { center in
      bins.indices.reduce(0) { $0 + Double(bins[$1].count) * kernel[abs($1 - center)] }
    }
  }
}
