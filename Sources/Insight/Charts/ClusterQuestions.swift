// Charts of rows that a cluster has: the same queries as here, which the cluster answers over all of them. What comes here are
// counts and figures.

import Frame
import Jobs

/// Answers what charts ask of rows that a cluster has.
public struct ClusterQuestions: Sendable {
  /// The cluster cannot say a query, or means something else by it.
  public struct Unsaid: Error {
    public var reason: String
    public init(_ reason: String) { self.reason = reason }
  }

  /// A query in the database's words, in those of the cluster; throws `Unsaid`.
  let question: @Sendable (_ sql: String) throws -> String
  /// Rows that a SELECT in the database's words makes of those of the cluster; throws `Unsaid`.
  let relation: @Sendable (_ sql: String) throws -> (sql: String, schema: Schema)
  /// Puts the answer to a query of the cluster into a new table of the database, and says meanwhile what it is for.
  let bring: @Sendable (_ sql: String, _ table: String, _ note: String) throws -> Void

  public init(
    question: @escaping @Sendable (_ sql: String) throws -> String,
    relation: @escaping @Sendable (_ sql: String) throws -> (sql: String, schema: Schema),
    bring: @escaping @Sendable (_ sql: String, _ table: String, _ note: String) throws -> Void
  ) {
    (self.question, self.relation, self.bring) = (question, relation, bring)
  }

  func answer(_ sql: String, _ note: String, in database: Database) throws -> DataTable {
    let there = try question(sql)
    return try ClusterRows(sql: there, schema: [], bring: bring).answer(there, note, in: database) {
      try database.query("SELECT * FROM \($0)")
    }
  }

  /// The quartiles of the column `name` of a SELECT, by linear interpolation and exact; zeros of no values.
  /// - Parameters:
  ///   - low: the smallest of them.
  ///   - high: the largest.
  ///   - count: how many are not missing.
  func quartiles(
    of name: String, in sql: String, from low: Double, to high: Double, count: Int, in database: Database,
    _ note: String
  ) throws -> [Double] {
    let values = try relation("SELECT \(name) FROM (\(sql))")
    let rows = ClusterRows(sql: values.sql, schema: values.schema, bring: bring)
    let found = try ClusterQuantiles(rows: rows, database: database, note: note)
      .find(TableAddress.quoted(name), from: low, to: high, count: count, shares: [0.25, 0.5, 0.75])
    return found.count == 3 ? found : [low, low, low]
  }
}
