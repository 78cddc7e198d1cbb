import Foundation
import Frame
import Jobs
import ProgramDriver
import Testing

@testable import Flow
@testable import Spark

/// The same rows here and on a cluster, and the same step run in both places.
final class Bench {
  let database: Database
  let session: SparkSession
  private let folder: TemporaryFolder
  private var views: [String: String] = [:]

  init() throws {
    folder = try TemporaryFolder()
    database = try Database()
    session = try SparkServer.session()
    try session.set(["spark.sql.session.timeZone": "UTC"])
  }

  deinit {
    session.close()
    folder.remove()
  }

  /// Puts rows into a view of the session.
  /// - Parameter sql: a SELECT of DuckDB that gives them.
  func view(_ sql: String) throws -> String {
    if let known = views[sql] { return known }
    let rows = try database.query(sql)
    // Nested values cannot be written down in the words of both, and many rows not in one statement: they go by a file.
    if rows.rowCount > 200 || rows.schema.contains(where: { $0.kind == .other }) {
      let path = folder.path("\(views.count).parquet")
      _ = try database.write(sql, to: path)
      views[sql] = "parquet.`\(path)`"
      return "parquet.`\(path)`"
    }
    let name = "bench_\(views.count)"
    let types = rows.schema.map { column in
      let plain = column.type == "HUGEINT" ? "DECIMAL(38,0)" : column.type == "VARCHAR" ? "STRING" : column.type
      return column.type.hasPrefix("ENUM") ? "STRING" : plain == "INTEGER" ? "INT" : plain
    }
    func cells(_ row: Int?) -> String {
      rows.schema.indices.map { place in
        let value = row.map { rows.value($0, place) } ?? .null
        return "CAST(\(SQLDialect.spark.literal(value)) AS \(types[place]))"
      }.joined(separator: ", ")
    }
    let lines = (0..<rows.rowCount).map { "SELECT \(cells($0))" }
    let body = lines.isEmpty ? "SELECT \(cells(nil)) WHERE false" : lines.joined(separator: " UNION ALL ")
    let names = rows.schema.map { SQLDialect.spark.identifier($0.name) }
    _ = try session.run(
      "CREATE OR REPLACE TEMP VIEW \(name) AS SELECT * FROM (\(body)) AS t(\(names.joined(separator: ", ")))"
    ) { _ in }
    views[sql] = "`\(name)`"
    return "`\(name)`"
  }

  /// The rows of a query of the cluster, each as a line, in alphabetical order.
  func there(_ sql: String, _ schema: Schema) throws -> [String] {
    try database.withArrow(session.run(sql) { _ in }) { rows in
      guard let rows else { return [] }
      let items = schema.map { column in
        let name = SQL.identifier(column.name)
        return column.kind == .timestamp ? "CAST(\(name) AS TIMESTAMP) AS \(name)" : name
      }
      return try lines(database.query("SELECT \(items.joined(separator: ", ")) FROM (\(rows))"))
    }
  }

  /// What asks the cluster about rows of the views.
  func cluster(_ tables: [StepID: String], _ observe: @escaping @Sendable (String) -> Void = { _ in }) -> FitCluster {
    let (database, session) = (database, session)
    return FitCluster(tables: tables) { sql, _ in
      observe(sql)
      return try database.withArrow(session.run(sql) { _ in }) { rows in
        try rows.map { try database.query($0) } ?? DataTable(columns: [], rowCount: 0)
      }
    }
  }

  func here(_ sql: String) throws -> [String] { lines(try database.query(sql)) }

  private func lines(_ table: DataTable) -> [String] {
    (0..<table.rowCount).map { row in
      table.columns.indices.map { Self.text(table.value(row, $0)) }.joined(separator: " | ")
    }.sorted()
  }

  /// Reals to twelve digits: sums come in another order there.
  private static func text(_ value: Value) -> String {
    guard case .real(let number) = value else { return value.text ?? "·" }
    if number == number.rounded(), abs(number) < 1e12 { return "\(number == 0 ? 0 : number)" }
    if number.isNaN { return "nan" }
    return number.isFinite ? String(format: "%.11e", number) : "\(number)"
  }
}
