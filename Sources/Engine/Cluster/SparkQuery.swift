import Flow
import Foundation
import Frame
import Jobs
import Spark

/// A question to a Spark cluster.
public struct SparkQuery: Codable, Hashable, Sendable {
  /// `sc://HOST:PORT/;…`; nil means what the environment names as SPARK_REMOTE.
  public var remote: String?
  /// In Spark's dialect.
  public var sql: String
  /// Options of the session, such as `spark.sql.ansi.enabled`.
  public var options: [String: String]

  public init(remote: String? = nil, sql: String, options: [String: String] = [:]) {
    self.remote = remote
    self.sql = sql
    self.options = options
  }

  /// - Throws: `EngineError.noCluster`, `SparkError.badAddress`.
  func address(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws -> SparkAddress {
    guard let text = remote ?? environment["SPARK_REMOTE"], !text.isEmpty else { throw EngineError.noCluster }
    return try SparkAddress(text)
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
  func run<Result>(_ query: SparkQuery, _ body: (_ sql: String) throws -> Result) throws -> Result {
    let session = try SparkSession(query.address())
    defer { session.close() }
    // Times of day are told as the cluster means them, whatever this machine's zone is.
    if !query.options.isEmpty { try session.set(query.options) }
    let context = context
    context.report(nil, "asking \(session.address)")
    let result = try session.run(query.sql, context: context) { context.report($0.fraction, $0.summary) }
    return try database.withArrow(result, body)
  }
}

extension Engine {
  /// Writes the answer of a cluster to a file.
  ///
  /// - Returns: the number of rows.
  /// - Throws: `SparkError`, `FrameError`, `EngineError.noCluster`.
  public func write(
    _ query: SparkQuery, to path: String, format: SourceFormat?, context: any JobContext = SilentContext()
  ) throws -> Int {
    let database = try nodes().database
    return try ClusterRunner(database: database, context: context).run(query) {
      try database.write($0, to: path, format: format, context: context)
    }
  }

  /// Hands over the rows of a cluster's answer as they come.
  public func stream(
    _ query: SparkQuery, context: any JobContext = SilentContext(), begin: (Schema) throws -> Void,
    rows: (DataTable) throws -> Void
  ) throws {
    let nodes = try nodes()
    try ClusterRunner(database: nodes.database, context: context).run(query) {
      try nodes.stream($0, context, begin, rows)
    }
  }
}
