// How often each value of a column occurs, counted by the database.

import Frame
import Jobs
import Plot

/// Counts the values of a column: the most frequent ones, and all others together.
/// - Parameter top: how many values have a bar of their own.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func bars(
  of column: String, top: Int = 20, relation: String, schema: Schema, in database: Database,
  context: any JobContext = SilentContext()
) throws -> Bars {
  try bars(
    of: column, top: top,
    in: ChartRows(relation: relation, schema: schema, database: database, context: context))
}

/// The same of rows that a cluster may have.
/// - Throws: `InsightError`, `FrameError`, `JobCancelled` or `ClusterQuestions.Unsaid`.
public func bars(of column: String, top: Int = 20, in rows: ChartRows) throws -> Bars {
  let name = SQL.identifier(try rows.schema.required(column).name)
  let sql = """
    WITH counts AS MATERIALIZED (SELECT \(name) AS v, count(*) AS n FROM \(rows.from) GROUP BY \(name))
    SELECT NULL AS label, CAST(coalesce(sum(n), 0) AS BIGINT) AS n, count(v) AS distinct_values,
    CAST(coalesce(sum(n) FILTER (v IS NULL), 0) AS BIGINT) AS missing FROM counts
    UNION ALL (SELECT CAST(v AS VARCHAR), n, NULL, NULL FROM counts WHERE v IS NOT NULL ORDER BY n DESC, v LIMIT \(max(0, top)))
    """
  let table = try rows.query(sql, "counting \(column)")
  var bars = Bars(column: column, items: [], missing: 0, total: 0)
  var distinct = 0
  for row in 0..<table.rowCount {
    if table.value(row, 2).isNull {
      bars.items.append(Bars.Item(label: table.text(row, 0) ?? "", count: table.value(row, 1).whole))
    } else {
      bars.total = table.value(row, 1).whole
      distinct = table.value(row, 2).whole
      bars.missing = table.value(row, 3).whole
    }
  }
  let shown = bars.items.reduce(0) { $0 + $1.count }
  let rest = distinct - bars.items.count
  if rest > 0 { bars.others = Bars.Others(count: bars.total - bars.missing - shown, distinct: rest) }
  return bars
}
