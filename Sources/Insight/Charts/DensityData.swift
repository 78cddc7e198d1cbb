// The numbers behind a density heatmap: the range in one pass, counts by two bins in another.

import Frame
import Jobs
import Plot

/// Counts the rows of a table in a grid of equal bins over two columns.
///
/// Rows where either value is missing or not finite stand in `missing`.
/// - Parameter bins: most bins in each direction; whole numbers get bins of whole widths.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func densityHeatmap(
  x: String, y: String, bins: (x: Int, y: Int) = (120, 80), relation: String, schema: Schema, in database: Database,
  context: any JobContext = SilentContext()
) throws -> DensityHeatmap {
  let across = try AxisColumn(try schema.required(x), advice: "choose a numeric column")
  let up = try AxisColumn(try schema.required(y), advice: "choose a numeric column")
  let rows = "SELECT \(across.sql) AS x, \(up.sql) AS y FROM \(SQL.subquery(relation))"
  let both = "isfinite(x) AND isfinite(y)"
  let range = try database.query(
    """
    SELECT n, found, x0, x1, y0, y1 FROM (SELECT count(*) AS n FROM \(SQL.subquery(relation))),
    (SELECT count(*) AS found, min(x) AS x0, max(x) AS x1, min(y) AS y0, max(y) AS y1 FROM (\(rows)) WHERE \(both))
    """, context: context, note: "measuring \(x) and \(y)")
  let total = range.value(0, 0).whole
  let count = range.value(0, 1).whole
  var chart = DensityHeatmap(
    x: x, y: y, xRange: 0...1, yRange: 0...1, counts: [], missing: total - count, total: total, xKind: across.axis,
    yKind: up.axis)
  let ends = (2...5).map { range.value(0, $0).number ?? .nan }
  guard count > 0, ends.allSatisfy(\.isFinite) else { return chart }
  let columns = EvenBins(low: ends[0], high: ends[1], most: bins.x, axis: across.axis)
  let lines = EvenBins(low: ends[2], high: ends[3], most: bins.y, axis: up.axis)
  (chart.xRange, chart.yRange) = (columns.range, lines.range)
  let table = try database.query(
    """
    SELECT k // \(lines.count) AS a, k % \(lines.count) AS b, n FROM (
    SELECT CAST((\(columns.settled("x", "a"))) * \(lines.count) + \(lines.settled("y", "b")) AS INTEGER) AS k, count(*) AS n
    FROM (SELECT x, y, \(columns.guess("x")) AS a, \(lines.guess("y")) AS b FROM (\(rows)) WHERE \(both))
    GROUP BY k)
    """, context: context, note: "counting bins")
  chart.counts = [[Int]](repeating: [Int](repeating: 0, count: columns.count), count: lines.count)
  for row in 0..<table.rowCount {
    let column = min(max(0, table.value(row, 0).whole), columns.count - 1)
    let line = min(max(0, table.value(row, 1).whole), lines.count - 1)
    chart.counts[line][column] += table.value(row, 2).whole
  }
  return chart
}

/// Equal bins over a range.
struct EvenBins {
  let range: ClosedRange<Double>
  let count: Int

  init(low: Double, high: Double, most: Int, axis: AxisKind) {
    let most = max(1, most)
    let span = high - low
    if axis == .integer, span < 1e15, abs(low) < 1e15 {
      let width = ((span + 1) / Double(most)).rounded(.up)
      count = Int(((span + 1) / width).rounded(.up))
      range = low...(low + width * Double(count))
    } else if span > 0 {
      (range, count) = (low...high, most)
    } else {
      let margin = max(0.5, abs(low) * 1e-9)
      (range, count) = ((low - margin)...(low + margin), 1)
    }
  }

  private var span: Double { range.upperBound - range.lowerBound }

  /// The bin that a value of the range is in, or next to, as a DOUBLE.
  func guess(_ name: String) -> String {
    let rate = Double(count) / span
    let offset = "(\(name) - \(literal(range.lowerBound)))"
    let place = rate.isFinite ? "\(offset) * \(literal(rate))" : "\(offset) / \(literal(span)) * \(count)"
    return "least(\(literal(Double(count - 1))), floor(\(place)))"
  }

  /// The bin that a value is in by the edges that a chart computes, which the guess may round past.
  func settled(_ name: String, _ bin: String) -> String {
    """
    CASE WHEN \(name) < \(edge(bin)) THEN \(bin) - 1
    WHEN \(name) >= \(edge("(\(bin) + 1)")) AND \(bin) < \(literal(Double(count - 1))) THEN \(bin) + 1 ELSE \(bin) END
    """
  }

  private func edge(_ bin: String) -> String {
    "(\(literal(range.lowerBound)) + \(literal(span)) * \(bin) / \(literal(Double(count))))"
  }

  private func literal(_ number: Double) -> String { SQL.literal(.real(number)) }
}
