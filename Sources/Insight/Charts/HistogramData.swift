// The numbers behind a histogram, counted by the database in two passes: first the range, then everything within it.

import Foundation
import Frame
import Jobs
import Plot

/// Counts the values of a column in bins.
///
/// Cells without a finite value stand in `missing`; infinite ones among them are told apart as `infinite` in `summary`,
/// those that have no place on a logarithmic axis as `not positive`, beside n, mean, sd, min, q1, median, q3, max, skew
/// (adjusted Fisher-Pearson) and outliers (beyond 1.5 interquartile ranges from the quartiles). Times are seconds since
/// 1970-01-01.
/// - Parameters:
///   - bins: how many bins; nil follows Freedman and Diaconis and rounds to a width that reads well.
///   - isLogarithmic: bins are of equal width in logarithms, and values that are not positive are missing.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func histogram(
  of column: String, bins: Int? = nil, isLogarithmic: Bool = false, relation: String, schema: Schema,
  in database: Database, context: any JobContext = SilentContext()
) throws -> Histogram {
  try histogram(
    of: column, bins: bins, isLogarithmic: isLogarithmic,
    in: ChartRows(relation: relation, schema: schema, database: database, context: context))
}

/// The same of rows that a cluster may have.
/// - Throws: `InsightError`, `FrameError`, `JobCancelled` or `ClusterQuestions.Unsaid`.
public func histogram(
  of column: String, bins: Int? = nil, isLogarithmic: Bool = false, in rows: ChartRows
) throws -> Histogram {
  let range = try ValueRange(column, isLogarithmic: isLogarithmic, of: rows)
  var chart = Histogram(
    column: column, bins: [], missing: range.total - range.count, total: range.total, summary: range.summary,
    kind: range.axis.axis, form: isLogarithmic ? .logarithmic : nil)
  guard range.count > 0 else { return chart }
  let edges = range.edges(bins: bins)
  let counter = BinCounter(range: range, edges: edges)
  let counted = try counter.run(rows, column)
  chart.summary = range.summary.merging(
    [
      "min": range.low, "max": range.high, "q1": range.quartiles[0], "median": range.quartiles[1],
      "q3": range.quartiles[2],
    ]
  ) { first, _ in first }.merging(counted.summary) { first, _ in first }
  chart.bins = (0..<(edges.count - 1)).map {
    Histogram.Bin(lower: edges[$0], upper: edges[$0 + 1], count: counted.counts[$0])
  }
  let spread = range.quartiles[2] - range.quartiles[0]
  chart.density =
    isLogarithmic
    ? Density.curve(chart.bins, isLogarithmic: true)
    : Density.curve(chart.bins, deviation: counted.summary["sd"], spread: spread)
  return chart
}

/// Bins of a column by the values of another.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func groupedHistogram(
  of column: String, by: String, bins: Int? = nil, isLogarithmic: Bool = false, in rows: ChartRows
) throws -> GroupedHistogram {
  let charts = try groupedHistograms(
    of: column, by: by, bins: bins, isLogarithmic: isLogarithmic, facets: nil, in: rows)
  return charts[0]
}

func groupedHistograms(
  of column: String, by: String?, bins: Int?, isLogarithmic: Bool, facets: Categories?, in rows: ChartRows
) throws -> [GroupedHistogram] {
  let range = try ValueRange(column, isLogarithmic: isLogarithmic, of: rows)
  let edges = range.count > 0 ? range.edges(bins: bins) : []
  let series = try by.map { try Categories(of: $0, most: 7, hasOthers: true, in: rows) }
  let divided = DividedRows(rows, facets: facets, series: series)
  let last = max(0, edges.count - 2)
  let list = series?.list ?? [ChartCategory("")]
  var charts = (0..<divided.charts).map { _ in
    GroupedHistogram(
      column: column, by: by, edges: edges,
      series: list.map { .init($0, counts: [Int](repeating: 0, count: edges.isEmpty ? 0 : last + 1)) }, missing: 0,
      total: 0, axisKind: range.axis.axis, form: isLogarithmic ? .logarithmic : nil)
  }
  let values = "SELECT assay_facet AS f, assay_series AS s, \(range.value) AS v FROM \(divided.from)"
  let bin = edges.isEmpty ? "NULL::INTEGER" : BinCounter(range: range, edges: edges).bin("v")
  let table = try rows.query(
    "SELECT f, s, CASE WHEN isfinite(v) THEN \(bin) END AS bin, count(*) FROM (\(values)) GROUP BY f, s, bin",
    "counting \(column)")
  for row in 0..<table.rowCount {
    guard let facet = divided.chart(table, row) else { continue }
    let count = table.value(row, 3).whole
    charts[facet].total += count
    if table.value(row, 2).isNull {
      charts[facet].missing += count
    } else if let line = divided.series(table, row) {
      charts[facet].series[line].counts[min(max(0, table.value(row, 2).whole), last)] += count
    }
  }
  return charts
}

/// The first pass of a histogram: the values that have a place on its axis.
struct ValueRange {
  let axis: AxisColumn
  let isLogarithmic: Bool
  /// The value as a DOUBLE; NULL or not finite where it has no place.
  let value: String
  let relation: String
  let total: Int
  /// Rows with a value.
  let count: Int
  private(set) var low = 0.0
  private(set) var high = 0.0
  private(set) var quartiles: [Double] = []
  private(set) var summary: [String: Double] = [:]

  init(_ column: String, isLogarithmic: Bool, of rows: ChartRows) throws {
    axis = try AxisColumn(try rows.schema.required(column), advice: "draw bars instead")
    self.isLogarithmic = isLogarithmic
    relation = rows.relation
    value = isLogarithmic ? "CASE WHEN \(axis.sql) > 0 THEN \(axis.sql) END" : axis.sql
    // A cluster finds them by the range, which is to be known before.
    let quartile = (1...3).map { rows.cluster == nil ? "quantile_cont(f, [0.25, 0.5, 0.75])[\($0)]" : "0" }
    let values =
      "SELECT w, CASE WHEN isfinite(v) THEN v END AS f FROM (SELECT \(axis.sql) AS w, \(value) AS v FROM \(rows.from))"
    let range = try rows.query(
      """
      SELECT count(*), count(f), count(*) FILTER (isinf(w)), min(f), max(f), \(quartile.joined(separator: ", ")),
      count(*) FILTER (isfinite(w) AND f IS NULL)
      FROM (\(values))
      """, "measuring \(column)")
    total = range.value(0, 0).whole
    count = range.value(0, 1).whole
    summary = ["n": Double(count)]
    if range.value(0, 2).whole > 0 { summary["infinite"] = Double(range.value(0, 2).whole) }
    if range.value(0, 8).whole > 0 { summary["not positive"] = Double(range.value(0, 8).whole) }
    guard let low = range.value(0, 3).number, let high = range.value(0, 4).number else { return }
    (self.low, self.high) = (low, high)
    quartiles =
      try rows.cluster?.quartiles(
        of: "f", in: values, from: low, to: high, count: count, in: rows.database, "measuring \(column)")
      ?? (5...7).map { range.value(0, $0).number ?? low }
  }

  /// One more than there are bins, rising.
  func edges(bins: Int?) -> [Double] {
    let spread = quartiles[2] - quartiles[0]
    guard isLogarithmic else {
      return BinEdges(low: low, high: high, spread: spread, values: count, bins: bins, axis: axis.axis).edges
    }
    // Logarithms keep the order, so that quartiles of logarithms are logarithms of quartiles.
    let logs = BinEdges(
      low: log10(low), high: log10(high), spread: log10(quartiles[2]) - log10(quartiles[0]), values: count, bins: bins,
      axis: .number
    ).edges
    var edges = logs.map { pow(10, $0) }
    // Rounding must not leave the ends out.
    edges[0] = min(edges[0], low)
    edges[edges.count - 1] = max(edges[edges.count - 1], high)
    var rising = [edges[0]]
    for edge in edges.dropFirst() where edge > rising[rising.count - 1] && edge.isFinite { rising.append(edge) }
    return rising.count > 1 ? rising : [low, low.nextUp]
  }
}

/// The second pass of a histogram.
private struct BinCounter {
  let range: ValueRange
  let edges: [Double]

  private func literal(_ number: Double) -> String { SQL.literal(.real(number)) }

  /// The bin of a value, by the edges. A guess can be one off at an edge; the list of edges decides.
  func bin(_ name: String) -> String {
    let last = edges.count - 2
    let list = "[\(edges.map(literal).joined(separator: ", "))]"
    let (start, end) = (edges[0], edges[edges.count - 1])
    var guess = "floor((\(name) / 2 - \(literal(start / 2))) / \(literal(end / 2 - start / 2)) * \(edges.count - 1))"
    if range.isLogarithmic {
      let span = log10(end) - log10(start)
      guess = "floor((log10(\(name)) - \(literal(log10(start)))) / \(literal(span)) * \(edges.count - 1))"
    }
    let bounded = "CAST(greatest(0, least(\(last), \(guess))) AS INTEGER)"
    return """
      (\(bounded) - CAST(\(name) < (\(list))[\(bounded) + 1] AS INTEGER)
      + CAST(\(bounded) < \(last) AND \(name) >= (\(list))[\(bounded) + 2] AS INTEGER))
      """
  }

  func run(_ rows: ChartRows, _ column: String) throws -> (counts: [Int], summary: [String: Double]) {
    let last = edges.count - 2
    let (low, quartiles) = (range.low, range.quartiles)
    // Halves keep the largest range finite; `u` is the place of a value within it, 0 to 1.
    let half = range.high / 2 - low / 2
    let place = half > 0 ? "(v / 2 - \(literal(low / 2))) / \(literal(half))" : "0.0::DOUBLE"
    let outside = 1.5 * (quartiles[2] - quartiles[0])
    let sql = """
      SELECT \(bin("v")) AS bin, count(*), sum(u), sum(u * u), sum(u * u * u),
      count(*) FILTER (v < \(literal(quartiles[0] - outside)) OR v > \(literal(quartiles[2] + outside)))
      FROM (SELECT v, \(place) AS u FROM (SELECT \(range.value) AS v FROM \(rows.from)) WHERE isfinite(v)) GROUP BY bin
      """
    let table = try rows.query(sql, "counting \(column)")
    var counts = [Int](repeating: 0, count: last + 1)
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
    let low = range.low
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
  /// The same with the spread of the bins' places, for bins that are even in logarithms.
  static func curve(_ bins: [Histogram.Bin], isLogarithmic: Bool) -> [Double]? {
    let count = Double(bins.reduce(0) { $0 + $1.count })
    if count < 2 { return nil }
    let mean = bins.enumerated().reduce(0) { $0 + Double($1.offset * $1.element.count) } / count
    let squares = bins.enumerated().reduce(0) { sum, bin in
      sum + Double(bin.element.count) * pow(Double(bin.offset) - mean, 2)
    }
    let places = bins.enumerated().map { index, bin in
      Histogram.Bin(lower: Double(index), upper: Double(index + 1), count: bin.count)
    }
    return curve(places, deviation: (squares / (count - 1)).squareRoot(), spread: 0)
  }

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
