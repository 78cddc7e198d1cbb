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
    SELECT count(*), count(*) FILTER (\(both)), min(x) FILTER (\(both)), max(x) FILTER (\(both)),
    min(y) FILTER (\(both)), max(y) FILTER (\(both)) FROM (\(rows))
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
    SELECT \(columns.settled("x", "a")) AS a, \(lines.settled("y", "b")) AS b, count(*)
    FROM (SELECT x, y, \(columns.guess("x")) AS a, \(lines.guess("y")) AS b FROM (\(rows)) WHERE \(both))
    GROUP BY ALL
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

  /// The bin that a value is in, or next to.
  func guess(_ name: String) -> String {
    let place = "(\(name) - \(literal(range.lowerBound))) / \(literal(span)) * \(count)"
    return "CAST(greatest(0, least(\(count - 1), floor(\(place)))) AS INTEGER)"
  }

  /// The bin that a value is in by the edges that a chart computes, which a division may round past.
  func settled(_ name: String, _ bin: String) -> String {
    "\(bin) - CAST(\(name) < \(edge(bin)) AS INTEGER)"
      + " + CAST(\(bin) < \(count - 1) AND \(name) >= \(edge("(\(bin) + 1)")) AS INTEGER)"
  }

  private func edge(_ bin: String) -> String {
    "(\(literal(range.lowerBound)) + \(literal(span)) * CAST(\(bin) AS DOUBLE) / \(literal(Double(count))))"
  }

  private func literal(_ number: Double) -> String { SQL.literal(.real(number)) }
}
