import Flow
import Frame
import Insight
import Jobs
import Plot

extension NodeStore {
  /// Computes a summary into a table of the session.
  func materialiseSummary(
    _ summary: Summary, _ request: NodeRequest, _ key: String, _ context: any JobContext
  ) throws -> Entry {
    var rows = request
    rows.look = summary.base
    if try !isCountedThere(summary, rows, context) { _ = try materialiseLocked(rows, context) }
    let table = "summary_" + key
    // Rows of a look are found through their numbers: worth copying where they are read more than once.
    let schema = try summarised(summary, of: request, copies: !rows.look.isPlain, context) {
      let sql = "CREATE OR REPLACE TABLE \(SQL.identifier(table)) AS \($0.sql)"
      try database.execute(sql, context: context, note: "counting")
      return $0.schema
    }
    let entry = Entry(table: table, base: nil, schema: schema, rows: try count(table), notes: [], lastUse: 0)
    try keep(entry, key)
    return entry
  }

  /// True for a table of values that the cluster counts, which has the rows.
  private func isCountedThere(_ summary: Summary, _ rows: NodeRequest, _ context: any JobContext) throws -> Bool {
    guard case .frequency = summary, rows.look.isPlain else { return false }
    return try clusterRelationIfSaid(rows, context) != nil
  }

  /// Gives `body` the rows of a summary.
  /// - Parameter copies: the rows that it is about are slow to read twice.
  func summarised<Result>(
    _ summary: Summary, of request: NodeRequest, copies: Bool, _ context: any JobContext,
    _ body: (NodeRelation) throws -> Result
  ) throws -> Result {
    var rows = request
    rows.look = summary.base
    if case .frequency(let frequency, _) = summary, rows.look.isPlain {
      let columns = frequency.columns + (frequency.target.map { [$0] } ?? [])
      let counted = try readingCounted(rows, columns, weighs: false, context) { relation in
        try relation.schema.check(columns)
        let result = try frequencyTable(
          frequency, relation: relation.sql, schema: relation.schema, in: database, copies: false, context: context
        ) { sql in try body(NodeRelation(sql: sql, schema: database.describe(sql))) }
        return (result, relation.rows ?? 0)
      }
      if let ((result, total), place) = counted {
        context.emit(JobOutput.notes(["Spark at \(place) counted all \(Numbers.grouped(total)) rows."]))
        return result
      }
    }
    return try reading(rows, context) { relation in
      func give(_ sql: String) throws -> Result {
        try body(NodeRelation(sql: sql, schema: database.describe(sql)))
      }
      switch summary {
      case .frequency(let frequency, _):
        try relation.schema.check(frequency.columns + (frequency.target.map { [$0] } ?? []))
        return try frequencyTable(
          frequency, relation: relation.sql, schema: relation.schema, in: database, copies: copies, context: context,
          give)
      case .description:
        return try give(
          descriptionTable(relation.sql, schema: relation.schema, in: database, context: context))
      }
    }
  }
}
