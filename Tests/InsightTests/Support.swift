import Foundation
import Frame
import Jobs
import Testing

@testable import Insight

/// A relation to look at.
struct Sheet {
  let database: Database
  let sql: String
  let schema: Schema

  init(_ sql: String) throws {
    database = try Database()
    self.sql = sql
    schema = try database.describe(sql)
  }

  /// The sample data `census.csv`: 5,000 rows. The figures in these tests are those of pandas 3.0.
  static func census() throws -> Sheet {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try Sheet("SELECT * FROM '\(root.path)/sample-data/census.csv'")
  }

  func profile() throws -> TableProfile { try Insight.profile(sql, schema: schema, in: database) }

  /// The profile as of a table that is too large for exact figures.
  func largeProfile(headRows: Int = 2000) throws -> TableProfile {
    var profiler = Profiler(relation: sql, schema: schema, database: database, context: SilentContext())
    profiler.exactRows = 1000
    profiler.headRows = headRows
    return try profiler.run()
  }
}

func isClose(_ left: Double?, _ right: Double, _ tolerance: Double = 1e-12) -> Bool {
  guard let left else { return false }
  return abs(left - right) <= tolerance * max(1, abs(right))
}
