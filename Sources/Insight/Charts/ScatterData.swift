// The points of a scatter plot: all rows, or the same random rows for the same seed.

import Frame
import Jobs
import Plot

/// Draws the rows of a table as points.
/// - Parameters:
///   - colorBy: a column whose six most frequent values get a colour each, and the others one together.
///   - limit: more rows than this are sampled.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func scatter(
  x: String, y: String, colorBy: String? = nil, limit: Int = 10_000, seed: UInt64 = 0, relation: String,
  schema: Schema, in database: Database, context: any JobContext = SilentContext()
) throws -> Scatter {
  let across = try AxisColumn(try schema.required(x), advice: "choose a numeric column")
  let up = try AxisColumn(try schema.required(y), advice: "choose a numeric column")
  let total = try database.query(
    "SELECT count(*) FROM \(SQL.subquery(relation))", context: context, note: "counting rows"
  ).value(0, 0).whole
  var categories: [String] = []
  var hasOthers = false
  if let colorBy {
    let counts = try bars(of: colorBy, top: 7, relation: relation, schema: schema, in: database, context: context)
    hasOthers = counts.others != nil
    categories = counts.items.prefix(hasOthers ? 6 : 7).map(\.label)
  }
  let color = colorBy.map { "CAST(\(SQL.identifier($0)) AS VARCHAR)" } ?? "NULL"
  let rows = "SELECT \(across.sql) AS x, \(up.sql) AS y, \(color) AS c FROM \(SQL.subquery(relation))"
  let sampled = """
    SELECT x, y, c FROM (SELECT *, row_number() OVER () AS r FROM (\(rows)))
    ORDER BY hash(r, \(seed)::UBIGINT), r LIMIT \(limit)
    """
  let isSampled = total > limit
  let table = try database.query(isSampled ? sampled : rows, context: context, note: "reading points")
  var chart = Scatter(
    x: x, y: y, colorBy: colorBy, points: [], categories: categories, total: total,
    sampled: isSampled ? table.rowCount : nil, xKind: across.axis, yKind: up.axis)
  let numbers = Dictionary(uniqueKeysWithValues: zip(categories, categories.indices))
  if hasOthers { chart.categories.append("other") }
  for row in 0..<table.rowCount {
    guard let x = table.value(row, 0).number, let y = table.value(row, 1).number, x.isFinite, y.isFinite else {
      chart.missing += 1
      continue
    }
    let category = table.text(row, 2).map { numbers[$0] ?? categories.count }
    chart.points.append(Scatter.Point(x: x, y: y, category: category))
  }
  return chart
}
