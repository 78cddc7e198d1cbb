// The analysis "Table summary": five figures a column, as analysts know it from Data Wrangler.

import Frame
import Jobs

/// One line a column: of numbers count, smallest, largest, mean and standard deviation; of all others count, and the least
/// and the most frequent value in place of the smallest and the largest.
public struct TableSummary: Codable, Sendable, Equatable {
  public struct Line: Codable, Sendable, Equatable {
    public var column: String
    public var kind: ColumnKind
    /// Cells that have a value.
    public var count: Int
    /// The smallest number, or the least frequent value (the smallest of several), as text.
    public var min: String?
    /// The largest number, or the most frequent value (the smallest of several), as text.
    public var max: String?
    public var mean: Double?
    public var stddev: Double?
  }

  public var rows: Int
  public var lines: [Line]
}

/// Summarises the columns of a table.
/// - Throws: `FrameError` or `JobCancelled`.
public func tableSummary(
  _ relation: String, schema: Schema, in database: Database, context: any JobContext = SilentContext()
) throws -> TableSummary {
  let source = SQL.subquery(relation)
  var summary = TableSummary(rows: 0, lines: [])
  var byName: [String: TableSummary.Line] = [:]
  let numeric = schema.filter(\.kind.isNumeric).enumerated().map {
    ProfiledColumn(index: $0.offset, column: $0.element)
  }
  for batch in numeric.batches(of: 400) {
    let inner = "SELECT \(batch.map(\.projection).joined(separator: ", ")) FROM \(source)"
    let table = try database.query(
      "SELECT \(batch.flatMap(\.basics).joined(separator: ", ")) FROM (\(inner))", context: context,
      note: "summarising")
    for (position, column) in batch.enumerated() {
      let measure = (0..<6).map { table.value(0, position * 6 + $0) }
      let size = max(abs(measure[2].number ?? 0), abs(measure[3].number ?? 0))
      var (mean, deviation) = (measure[4].number, measure[5].number)
      if column.kind == .real, size >= ProfiledColumn.hugeLimit {
        let extremes = try Extremes.measure(column.column, scale: size, in: relation, database, context)
        (mean, deviation) = (extremes.mean, extremes.stddev)
      }
      byName[column.column.name] = TableSummary.Line(
        column: column.column.name, kind: column.kind, count: measure[1].whole, min: measure[2].text,
        max: measure[3].text, mean: mean, stddev: deviation)
    }
  }
  for column in schema where !column.kind.isNumeric {
    try context.checkCancelled()
    let name = SQL.identifier(column.name)
    let table = try database.query(
      """
      SELECT CAST(coalesce(sum(n), 0) AS BIGINT), CAST(first(v ORDER BY n, v) AS VARCHAR),
      CAST(first(v ORDER BY n DESC, v) AS VARCHAR)
      FROM (SELECT \(name) AS v, count(*) AS n FROM \(source) WHERE \(name) IS NOT NULL GROUP BY \(name))
      """, context: context, note: "summarising \(column.name)")
    byName[column.name] = TableSummary.Line(
      column: column.name, kind: column.kind, count: table.value(0, 0).whole, min: table.text(0, 1),
      max: table.text(0, 2))
  }
  summary.rows = try database.query("SELECT count(*) FROM \(source)", context: context).value(0, 0).whole
  summary.lines = schema.compactMap { byName[$0.name] }
  return summary
}
