import Foundation
import Frame
import Jobs
import Spark
import Synchronization

/// Where tables that `spark:` names are, and how many of their rows may come here.
public struct ClusterPlace: Codable, Hashable, Sendable {
  /// `sc://HOST:PORT/;…`.
  public var remote: String
  /// A PEM file with the certificates that sign for the cluster, in place of the system's.
  public var authority: String?
  /// Rows that are brought here unasked.
  public var rowLimit: Int

  public static let standardRowLimit = 2_000_000

  public init(remote: String, authority: String? = nil, rowLimit: Int = standardRowLimit) {
    (self.remote, self.authority, self.rowLimit) = (remote, authority, rowLimit)
  }

  /// What settings and the environment say; nil where they name no cluster.
  /// - Parameters:
  ///   - remote: of the settings; SPARK_REMOTE takes the place of one that is empty.
  ///   - authority: of the settings, empty for the system's.
  public init?(remote: String, authority: String, environment: [String: String]) {
    let named = remote.isEmpty ? environment["SPARK_REMOTE"] ?? "" : remote
    guard !named.isEmpty else { return nil }
    self.init(
      remote: named, authority: authority.isEmpty ? nil : authority,
      rowLimit: environment["ASSAY_SPARK_ROWS"].flatMap { Int($0) } ?? Self.standardRowLimit)
  }

  func address() throws -> SparkAddress { try SparkAddress(remote, authority: authority) }
}

/// A cluster of Spark, with one session for all that this process asks.
final class Cluster: ClusterReader {
  let settings: ClusterPlace
  private let session = Mutex<SparkSession?>(nil)

  init(_ settings: ClusterPlace) { self.settings = settings }

  deinit { session.withLock { $0?.close() } }

  var rowLimit: Int { settings.rowLimit }

  var place: String { (try? settings.address()).map { "\($0)" } ?? String(settings.remote.prefix { $0 != ";" }) }

  /// Time stamps are those of UTC, as here.
  private static let options = ["spark.sql.session.timeZone": "UTC"]

  /// - Throws: `SparkError`.
  func connected() throws -> SparkSession {
    try session.withLock { session in
      if let session { return session }
      let new = try SparkSession(settings.address())
      try new.set(Self.options)
      session = new
      return new
    }
  }

  func rows(of sql: String, context: any JobContext) throws -> any ArrowSource {
    do {
      return try ask(sql, context)
    } catch let error as SparkError where error.endsSession {
      // The server forgets sessions that nobody uses for an hour.
      session.withLock { $0 = nil }
      return try ask(sql, context)
    }
  }

  private func ask(_ sql: String, _ context: any JobContext) throws -> SparkResult {
    context.report(nil, "asking \(place)")
    return try connected().run(sql, context: context) { context.report($0.fraction, $0.summary) }
  }
}
