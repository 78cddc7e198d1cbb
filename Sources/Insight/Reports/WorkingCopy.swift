// What several analyses share in reading a relation: a copy to work on, and columns as numbers.

import Frame
import Jobs

/// A table of the database that lives as long as the work on it.
func withCopy<Result>(
  _ select: String, in database: Database, context: any JobContext, note: String, _ body: (String) throws -> Result
) throws -> Result {
  let copy = "assay_analysis_\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
  defer { try? database.execute("DROP TABLE IF EXISTS \(copy)") }
  try database.execute("CREATE TABLE \(copy) AS \(select)", context: context, note: note)
  return try body(copy)
}

extension Column {
  /// Numbers and truth values, as numbers that correlations can square: values that are not finite, or beyond ±1e70, are
  /// missing. Nil for all other kinds.
  var measure: String? {
    let name = SQL.identifier(name)
    switch kind {
    case .integer, .real: return Self.bounded("CAST(\(name) AS DOUBLE)")
    case .boolean: return "CAST(CAST(\(name) AS TINYINT) AS DOUBLE)"
    case .text, .date, .timestamp, .time, .other: return nil
    }
  }

  private static func bounded(_ number: String) -> String { "CASE WHEN abs(\(number)) < 1e70 THEN \(number) END" }
}
