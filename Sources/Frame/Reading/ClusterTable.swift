import Foundation
import Jobs
import Synchronization

/// A table of a cluster as a source: its first rows and its count are asked for there; all rows come when somebody reads
/// them here, once, into a table of the database.
final class ClusterTable: Sendable {
  private struct State {
    var count: Int?
    var isHere = false
  }

  let address: TableAddress
  let cluster: any ClusterReader
  let first: Preview
  /// Which of its rows the source asks for.
  private let wanted: ImportRows
  private let name = "cluster_\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
  private let state = Mutex(State())
  /// One reader brings it.
  private let bringing = NSLock()

  /// Rows that show what it holds.
  static let firstRows = 256

  init(_ address: TableAddress, _ cluster: any ClusterReader, first: Preview, wanted: ImportRows) {
    (self.address, self.cluster, self.first, self.wanted) = (address, cluster, first, wanted)
    if first.complete { state.withLock { $0.count = first.table.rowCount } }
  }

  var select: String { "SELECT * FROM \(SQL.identifier(name))" }

  /// How many rows it has on the cluster, which counts them.
  func count(_ database: Database, _ context: any JobContext) throws -> Int {
    if let known = state.withLock({ $0.count }) { return known }
    let counted = try database.ask(cluster, "SELECT count(*) AS n FROM \(address.sql)", context)
    let count = Int(counted.value(0, 0).number ?? 0)
    state.withLock { $0.count = count }
    return count
  }

  /// Brings the rows that are wanted, unless they are here. A random sample is drawn there.
  /// - Throws: `ClusterError.tooManyRows`.
  func bring(_ database: Database, _ context: any JobContext) throws {
    while !bringing.lock(before: Date(timeIntervalSinceNow: 0.05)) { try context.checkCancelled() }
    defer { bringing.unlock() }
    guard !state.withLock({ $0.isHere }) else { return }
    let rows = try count(database, context)
    var (count, sql) = (rows, "SELECT * FROM \(address.sql)")
    switch wanted {
    case .first(let most):
      count = min(rows, max(0, most))
      sql += " LIMIT \(count)"
    case .random(let most, let seed):
      count = min(rows, max(0, most))
      sql = ClusterSample(rows: count, seed: seed).sql(of: sql, first.schema.map(\.name), total: rows)
    case .all, .stratified: break
    }
    guard count <= cluster.rowLimit else {
      throw ClusterError.tooManyRows("\(address)", rows: count, limit: cluster.rowLimit)
    }
    context.report(nil, "bringing \(count.grouped) rows from \(cluster.place)")
    try database.bring(cluster, sql, into: name, context)
    state.withLock { $0.isHere = true }
  }

  /// Lets go of rows that stand elsewhere by now.
  func drop(_ database: Database) {
    state.withLock { $0.isHere = false }
    try? database.execute("DROP TABLE IF EXISTS \(SQL.identifier(name))")
  }
}

extension Database {
  /// The answer of a cluster, whole.
  public func ask(_ cluster: any ClusterReader, _ sql: String, _ context: any JobContext) throws -> DataTable {
    try reading(cluster, sql, context) { try query($0, context: context) } ?? DataTable(columns: [], rowCount: 0)
  }

  /// Puts the answer of a cluster into a new table. Columns are those of the answer, time stamps in UTC without a zone.
  /// - Returns: its columns.
  @discardableResult
  public func bring(
    _ cluster: any ClusterReader, _ sql: String, into table: String, _ context: any JobContext
  ) throws -> Schema {
    try reading(cluster, sql, context) { rows in
      try execute(
        "CREATE OR REPLACE TABLE \(SQL.identifier(table)) AS \(rows)", context: context, note: "bringing rows")
      return try describe("SELECT * FROM \(SQL.identifier(table))")
    } ?? []
  }

  /// Lets `body` read the answer of a cluster once, as a SELECT; nil for a statement that gives none.
  public func reading<Result>(
    _ cluster: any ClusterReader, _ sql: String, _ context: any JobContext, _ body: (String) throws -> Result
  ) throws -> Result? {
    try withArrow(try cluster.rows(of: sql, context: context)) { rows in
      try rows.map { rows in
        let zoned = try describe(rows).filter { $0.type == "TIMESTAMP WITH TIME ZONE" }.map {
          "timezone('UTC', \(SQL.identifier($0.name))) AS \(SQL.identifier($0.name))"
        }
        guard !zoned.isEmpty else { return try body(rows) }
        return try body("SELECT * REPLACE (\(zoned.joined(separator: ", "))) FROM \(SQL.subquery(rows))")
      }
    }
  }

  /// Rows before a page that the driver of a cluster may have to hold.
  public static let collectedRows = 100_000

  /// A query with a LIMIT whose rows the driver does not collect: Spark's does so with all rows before those of the last
  /// thing that a query does.
  public static func skippingThere(_ sql: String) -> String { "SELECT * FROM (\(sql)) WHERE rand(0) >= 0" }

  /// Some rows of a table of a cluster, by their place in the order in which it gives them.
  public func window(_ opened: OpenedSource, _ range: Range<Int>, _ context: any JobContext) throws -> DataTable {
    guard let table = opened.clusterTable else { return DataTable(columns: [], rowCount: 0) }
    if range.upperBound <= table.first.table.rowCount { return table.first.table.slice(range) }
    var sql = "SELECT * FROM \(table.address.sql) LIMIT \(range.count) OFFSET \(range.lowerBound)"
    if range.lowerBound > Self.collectedRows { sql = Self.skippingThere(sql) }
    return try ask(table.cluster, sql, context)
  }

  /// Looks at a table of the cluster.
  func openCluster(_ source: Source, _ context: (any JobContext)?) throws -> OpenedSource {
    let address = try TableAddress(source.location)
    guard let cluster else { throw ClusterError.noCluster(source.location) }
    let context = context ?? SilentContext()
    let head = "SELECT * FROM \(address.sql) LIMIT \(ClusterTable.firstRows + 1)"
    let rows = try ask(cluster, head, context)
    let isWhole = rows.rowCount <= ClusterTable.firstRows
    let note = "The rows are on \(cluster.place), which counts them; Spark gives them in no order of their own."
    let first = Preview(
      schema: rows.schema, table: rows.prefix(ClusterTable.firstRows), complete: isWhole, notes: [note], bytes: nil)
    // There is no file: nothing can change under our hands that would be noticed.
    let file = InputFile(standingFor: address.description)
    return OpenedSource(
      source: source, format: .parquet, schema: rows.schema, bytes: nil, notes: [note],
      layout: .cluster(ClusterTable(address, cluster, first: first, wanted: source.rows)), file: file, original: file,
      head: nil)
  }
}

extension OpenedSource {
  /// The cluster that holds the rows; nil for rows that are elsewhere.
  public var cluster: (any ClusterReader)? { clusterTable?.cluster }

  var clusterTable: ClusterTable? { if case .cluster(let table) = layout { table } else { nil } }
}
