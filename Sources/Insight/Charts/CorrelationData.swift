// Pearson correlations of all pairs of numeric columns, by the database, pairwise complete.

import Frame
import Jobs
import Plot

/// Correlates numeric columns; truth values count as 0 and 1.
///
/// A pair has no value where fewer than two rows have both, or where one of the columns is constant on them. Infinite
/// values, not-a-numbers and values beyond ±1e70 count as missing. Of very many columns the first hundred are taken,
/// and the title says so: pairs grow with the square of the columns.
/// - Parameter columns: the columns to take; nil takes all that are numeric.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func correlation(
  of columns: [String]? = nil, relation: String, schema: Schema, in database: Database,
  context: any JobContext = SilentContext()
) throws -> Heatmap {
  try correlation(
    of: columns, in: ChartRows(relation: relation, schema: schema, database: database, context: context))
}

/// The same of rows that a cluster may have.
/// - Throws: `InsightError`, `FrameError`, `JobCancelled` or `ClusterQuestions.Unsaid`.
public func correlation(of columns: [String]? = nil, in rows: ChartRows) throws -> Heatmap {
  let schema = rows.schema
  func fits(_ column: Column) -> Bool { column.kind.isNumeric || column.kind == .boolean }
  let fitting = try columns.map { try $0.map(schema.required) } ?? schema.filter(fits)
  if let other = fitting.first(where: { !fits($0) }) {
    throw InsightError.notNumeric(column: other.name, kind: other.kind, advice: "leave it out or cast it")
  }
  guard fitting.count >= 2 else { throw InsightError.tooFewNumericColumns(found: fitting.count, needed: 2) }
  let limit = 100
  let chosen = Array(fitting.prefix(limit))
  let values = chosen.enumerated().map { index, column in
    let name = SQL.identifier(column.name)
    let number = column.kind == .boolean ? "CAST(CAST(\(name) AS TINYINT) AS DOUBLE)" : "CAST(\(name) AS DOUBLE)"
    return "CASE WHEN abs(\(number)) < 1e70 THEN \(number) END AS c\(index)"
  }
  let table = "SELECT \(values.joined(separator: ", ")) FROM \(rows.from)"
  var matrix = [[Double?]](repeating: [Double?](repeating: nil, count: chosen.count), count: chosen.count)
  var total = 0
  let pairs = chosen.indices.flatMap { row in (0...row).map { (row: row, column: $0) } }
  for batch in pairs.batches(of: 1000) {
    try rows.context.checkCancelled()
    let items = batch.map { "corr(c\($0.row), c\($0.column))" }.joined(separator: ", ")
    let result = try rows.query("SELECT count(*), \(items) FROM (\(table))", "correlating columns")
    total = result.value(0, 0).whole
    for (position, pair) in batch.enumerated() {
      guard let value = result.value(0, position + 1).number, value.isFinite else { continue }
      // A column equals itself; sums may be off in the last digit.
      let bounded = pair.row == pair.column ? 1 : max(-1, min(1, value))
      matrix[pair.row][pair.column] = bounded
      matrix[pair.column][pair.row] = bounded
    }
  }
  let names = chosen.map(\.name)
  let title = fitting.count > limit ? "Correlation of the first \(limit) of \(fitting.count) columns" : "Correlation"
  return Heatmap(
    title: title, rows: names, columns: names, values: matrix, range: -1...1, kind: .correlation, total: total)
}
