// The numbers behind a density heatmap: the range in one pass, counts by two bins in another.

import Foundation
import Frame
import Jobs
import Plot

/// How a plane is divided into bins.
public struct DensityOptions {
  /// Most bins in each direction; whole numbers get bins of whole widths.
  public var bins: (x: Int, y: Int)
  /// Bins of equal width in logarithms; rows without a positive value are missing.
  public var isLogX, isLogY: Bool

  public init(bins: (x: Int, y: Int) = (120, 80), isLogX: Bool = false, isLogY: Bool = false) {
    (self.bins, self.isLogX, self.isLogY) = (bins, isLogX, isLogY)
  }
}

/// Counts the rows of a table in a grid of equal bins over two columns.
///
/// Rows where either value is missing or not finite stand in `missing`.
/// - Parameter bins: most bins in each direction; whole numbers get bins of whole widths.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func densityHeatmap(
  x: String, y: String, bins: (x: Int, y: Int) = (120, 80), relation: String, schema: Schema, in database: Database,
  context: any JobContext = SilentContext()
) throws -> DensityHeatmap {
  try densityHeatmap(
    x: x, y: y, options: DensityOptions(bins: bins),
    in: ChartRows(relation: relation, schema: schema, database: database, context: context))
}

/// Counts the rows of a table in a grid of bins that are equal on the axes.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func densityHeatmap(
  x: String, y: String, options: DensityOptions, in rows: ChartRows
) throws -> DensityHeatmap {
  let charts = try densityHeatmaps(x: x, y: y, options: options, facets: nil, in: rows)
  return charts[0]
}

func densityHeatmaps(
  x: String, y: String, options: DensityOptions, facets: Categories?, in rows: ChartRows
) throws -> [DensityHeatmap] {
  let across = try AxisColumn(try rows.schema.required(x), advice: "choose a numeric column")
  let up = try AxisColumn(try rows.schema.required(y), advice: "choose a numeric column")
  let divided = DividedRows(rows, facets: facets, series: nil)
  let values = "SELECT \(facets == nil ? "0" : "assay_facet") AS f, \(across.sql) AS x, \(up.sql) AS y"
  let points = "\(values) FROM \(facets == nil ? rows.from : divided.from)"
  // Every comparison with a missing value is unknown, and so is the sum of them.
  let limit = SQL.literal(.real(.greatestFiniteMagnitude))
  let both =
    "x BETWEEN \(options.isLogX ? "5e-324" : "-\(limit)") AND \(limit) "
    + "AND y BETWEEN \(options.isLogY ? "5e-324" : "-\(limit)") AND \(limit)"
  let range = try rows.query(
    """
    SELECT n, found, x0, x1, y0, y1 FROM (SELECT count(*) AS n FROM \(rows.from)),
    (SELECT count(*) AS found, min(x) AS x0, max(x) AS x1, min(y) AS y0, max(y) AS y1 FROM (\(points)) WHERE \(both))
    """, "measuring \(x) and \(y)")
  let total = range.value(0, 0).whole
  let blank = DensityHeatmap(
    x: x, y: y, xRange: 0...1, yRange: 0...1, counts: [], missing: 0, total: 0, xKind: across.axis, yKind: up.axis,
    xForm: options.isLogX ? .logarithmic : nil, yForm: options.isLogY ? .logarithmic : nil)
  var charts = [DensityHeatmap](repeating: blank, count: divided.charts)
  for (index, count) in (facets?.counts ?? [total]).enumerated() {
    (charts[index].total, charts[index].missing) = (count, count)
  }
  let ends = (2...5).map { range.value(0, $0).number ?? .nan }
  guard range.value(0, 1).whole > 0, ends.allSatisfy(\.isFinite) else { return charts }
  let columns = EvenBins(
    low: ends[0], high: ends[1], most: options.bins.x, axis: across.axis, isLogarithmic: options.isLogX)
  let lines = EvenBins(low: ends[2], high: ends[3], most: options.bins.y, axis: up.axis, isLogarithmic: options.isLogY)
  let cells = columns.count * lines.count
  let table = try rows.query(
    """
    SELECT k // \(cells) AS f, k // \(lines.count) % \(columns.count) AS a, k % \(lines.count) AS b, n FROM (
    SELECT CAST(f * \(cells) + (\(columns.bin("x", "p"))) * \(lines.count) + \(lines.bin("y", "q")) AS INTEGER) AS k,
    count(*) AS n FROM (SELECT f, x, y, \(columns.place("x")) AS p, \(lines.place("y")) AS q FROM (\(points))
    WHERE \(both)) GROUP BY k) WHERE k IS NOT NULL
    """, "counting bins")
  let grid = [[Int]](repeating: [Int](repeating: 0, count: columns.count), count: lines.count)
  for index in charts.indices {
    (charts[index].xRange, charts[index].yRange, charts[index].counts) = (columns.range, lines.range, grid)
  }
  for row in 0..<table.rowCount {
    guard let facet = divided.chart(table, row) else { continue }
    let column = min(max(0, table.value(row, 1).whole), columns.count - 1)
    let line = min(max(0, table.value(row, 2).whole), lines.count - 1)
    charts[facet].counts[line][column] += table.value(row, 3).whole
    charts[facet].missing -= table.value(row, 3).whole
  }
  return charts
}

/// Equal bins over a range.
struct EvenBins {
  let range: ClosedRange<Double>
  let count: Int
  let isLogarithmic: Bool
  // Offsets of whole numbers from a whole number, divided by a whole width, are never rounded past an edge.
  private let isWhole: Bool

  init(low: Double, high: Double, most: Int, axis: AxisKind, isLogarithmic: Bool = false) {
    let most = max(1, most)
    let span = high - low
    self.isLogarithmic = isLogarithmic && low > 0 && span > 0
    if axis == .integer, span < 1e15, abs(low) < 1e15, !self.isLogarithmic {
      let width = ((span + 1) / Double(most)).rounded(.up)
      count = Int(((span + 1) / width).rounded(.up))
      range = low...(low + width * Double(count))
      isWhole = true
      return
    }
    isWhole = false
    if span > 0 {
      (range, count) = (low...high, most)
    } else {
      let margin = max(0.5, abs(low) * 1e-9)
      (range, count) = ((isLogarithmic ? low / 2 : low - margin)...(low + margin), 1)
    }
  }

  private var span: Double { range.upperBound - range.lowerBound }

  /// Where a value of the range lies, in bins, as a DOUBLE.
  func place(_ name: String) -> String {
    if isLogarithmic {
      let logs = log10(range.upperBound) - log10(range.lowerBound)
      return "(log10(\(name)) - \(literal(log10(range.lowerBound)))) * \(literal(Double(count) / logs))"
    }
    let offset = "(\(name) - \(literal(range.lowerBound)))"
    if isWhole { return "\(offset) / \(literal(span / Double(count)))" }
    let rate = Double(count) / span
    return rate.isFinite ? "\(offset) * \(literal(rate))" : "\(offset) / \(literal(span)) * \(count)"
  }

  /// The bin of a value whose place is known, as a DOUBLE: by the edges that a chart computes, where it lies next to one.
  func bin(_ name: String, _ place: String) -> String {
    let last = literal(Double(count - 1))
    if isWhole { return "least(\(last), floor(\(place)))" }
    let part = "\(place) - floor(\(place))"
    return """
      CASE WHEN \(part) BETWEEN 1e-6 AND 0.999999 THEN floor(\(place))
      ELSE \(settled(name, "greatest(0.0, least(\(last), round(\(place))))")) END
      """
  }

  private func settled(_ name: String, _ bin: String) -> String {
    """
    CASE WHEN \(name) < \(edge(bin)) THEN greatest(0.0, \(bin) - 1)
    WHEN \(name) >= \(edge("(\(bin) + 1)")) AND \(bin) < \(literal(Double(count - 1))) THEN \(bin) + 1 ELSE \(bin) END
    """
  }

  private func edge(_ bin: String) -> String {
    if isLogarithmic {
      let list = (0...count).map { literal(edge($0)) }.joined(separator: ", ")
      return "([\(list)])[CAST(\(bin) AS INTEGER) + 1]"
    }
    return "(\(literal(range.lowerBound)) + \(literal(span)) * \(bin) / \(literal(Double(count))))"
  }

  /// The lower edge of a bin, as a chart computes it.
  private func edge(_ bin: Int) -> Double {
    if bin == 0 { return range.lowerBound }
    if bin == count { return range.upperBound }
    return range.lowerBound * pow(range.upperBound / range.lowerBound, Double(bin) / Double(count))
  }

  private func literal(_ number: Double) -> String { SQL.literal(.real(number)) }
}
