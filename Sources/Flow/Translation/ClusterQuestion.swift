import Frame

/// A question in DuckDB's words about rows that a cluster has.
public enum ClusterQuestion {
  /// What the rows are called in questions.
  public static let table = "assay_rows"

  /// - Parameters:
  ///   - sql: a SELECT over `table`.
  ///   - rows: in Spark's words.
  /// - Returns: the same in Spark's words.
  /// - Throws: `Untranslatable` where Spark cannot say it, or means something else by it.
  public static func translate(_ sql: String, over rows: Relation) throws -> String {
    try SparkStatement.question(sql, over: [(table, rows.sql, rows.schema)])
  }

  /// The rows of a SELECT over `table` as a SELECT of the cluster.
  /// - Throws: `Untranslatable` likewise.
  public static func relation(_ sql: String, over rows: Relation) throws -> Relation {
    let made = try SparkStatement(tables: [table: rows.schema]).select(SQLPieces.of(sql))
    let schema = made.columns.map { Column(name: $0.name, type: $0.kind.kind?.typeName ?? "STRUCT()") }
    let head = "WITH \(SQLDialect.spark.identifier(table)) AS (\n\(rows.sql)\n)"
    return Relation(sql: "\(head)\n\(made.sql)", schema: schema)
  }
}
