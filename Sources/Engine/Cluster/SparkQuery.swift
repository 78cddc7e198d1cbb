import Foundation
import Frame
import Jobs
import Spark

/// A question to a Spark cluster.
public struct SparkQuery: Codable, Hashable, Sendable {
  /// `sc://HOST:PORT/;…`; nil where nobody has said it.
  public var remote: String?
  /// A PEM file with the certificates that sign for it, in place of the system's.
  public var authority: String?
  /// In Spark's dialect.
  public var sql: String
  /// Options of the session, such as `spark.sql.ansi.enabled`.
  public var options: [String: String]

  public init(remote: String?, authority: String? = nil, sql: String, options: [String: String] = [:]) {
    self.remote = remote
    self.authority = authority
    self.sql = sql
    self.options = options
  }

  /// - Throws: `EngineError.noCluster`, `SparkError.badAddress`.
  func address() throws -> SparkAddress {
    guard let remote, !remote.isEmpty else { throw EngineError.noCluster }
    return try SparkAddress(remote, authority: authority)
  }

  /// The first line, as a title.
  var title: String {
    let line = sql.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    return line.count > 60 ? line.prefix(59) + "…" : line
  }
}

extension SparkResult: ArrowSource {}

/// Runs a question on its cluster and hands over the answer's rows while they come.
struct ClusterRunner {
  let database: Database
  let context: any JobContext

  /// - Parameter body: gets a SELECT over the rows, which pass by once; nil where the statement gives none.
  func run<Result>(_ query: SparkQuery, _ body: (_ sql: String?) throws -> Result) throws -> Result {
    let session = try SparkSession(query.address())
    defer { session.close() }
    if !query.options.isEmpty { try session.set(query.options) }
    let context = context
    context.report(nil, "asking \(session.address)")
    let result = try session.run(query.sql, context: context) { context.report($0.fraction, $0.summary) }
    return try database.withArrow(result, body)
  }

  /// Writes the answer to a file; 0 rows and no file where the statement gives none.
  func write(_ query: SparkQuery, to path: String, format: SourceFormat?) throws -> Int {
    try run(query) { sql in
      try sql.map { try database.write($0, to: path, format: format, context: context) } ?? 0
    }
  }
}

extension Engine {
  /// Hands over the rows of a cluster's answer as they come. Nothing is handed over for a statement that gives none.
  ///
  /// - Throws: `SparkError`, `FrameError`, `EngineError.noCluster`.
  public func stream(
    _ query: SparkQuery, context: any JobContext = SilentContext(), begin: (Schema) throws -> Void,
    rows: (DataTable) throws -> Void
  ) throws {
    let nodes = try nodes()
    try ClusterRunner(database: nodes.database, context: context).run(query) { sql in
      if let sql { try nodes.stream(sql, context, begin, rows) }
    }
  }
}
