import CDuckDB
import Foundation
import Jobs
import Synchronization

/// A DuckDB instance: in memory, or in a file that larger-than-memory tables live in.
///
/// Every call takes a connection from a pool, so that calls from several threads run side by side. Calls block; give
/// them a `JobContext` to watch and cancel them.
public final class Database: Sendable {
  /// The database's file, nil for one in memory.
  public let path: String?
  public let options: DatabaseOptions
  private let instance = Instance()
  private let idle = Mutex<[Connection]>([])
  let remote: RemoteAccess
  let sheetCopies = SheetCopies()
  /// Holds the tables that `spark:` names.
  let cluster: (any ClusterReader)?

  /// Owns the native handle; DuckDB itself guards its use by several threads.
  private final class Instance: @unchecked Sendable {
    private let lock = NSLock()
    private var handle: duckdb_database?

    deinit { duckdb_close(&handle) }

    /// The handle, which `open` makes for the first who asks.
    func opened(_ open: (inout duckdb_database?) throws -> Void) throws -> duckdb_database {
      try lock.withLock {
        if handle == nil { try open(&handle) }
        guard let handle else { throw FrameError(.query, what: "the database is closed") }
        return handle
      }
    }
  }

  /// Opens or creates a database.
  /// - Parameters:
  ///   - path: its file; nil keeps everything in memory, spilling to `options.temporaryDirectory`.
  ///   - environment: says with which credentials `s3://` is read.
  ///   - cluster: holds the tables that `spark:` names.
  public init(
    path: String? = nil, options: DatabaseOptions = DatabaseOptions(),
    environment: [String: String] = ProcessInfo.processInfo.environment, cluster: (any ClusterReader)? = nil
  ) throws {
    self.path = path
    remote = RemoteAccess(environment: environment)
    self.cluster = cluster
    self.options = options
    // One in memory opens with its first statement: many jobs, such as a training from a file of lines, ask it nothing.
    if path != nil { _ = try handle() }
  }

  private func handle() throws -> duckdb_database {
    try instance.opened { handle in
      var config: duckdb_config?
      duckdb_create_config(&config)
      defer { duckdb_destroy_config(&config) }
      for (name, value) in options.settings where duckdb_set_config(config, name, value) != DuckDBSuccess {
        throw FrameError(.query, what: "DuckDB does not take the setting \(name) = \(value)")
      }
      var message: UnsafeMutablePointer<CChar>?
      var opened: duckdb_database?
      guard duckdb_open_ext(path, &opened, config, &message) == DuckDBSuccess, let found = opened else {
        defer { duckdb_free(message) }
        throw FrameError.query(message.map { String(cString: $0) } ?? "it could not be opened", sql: "", location: path)
      }
      do {
        let connection = try Connection(found)
        guard withExtendedLifetime(connection, { assay_add_functions($0.handle) }) else {
          throw FrameError(.query, what: "DuckDB does not take the functions for natural order")
        }
      } catch {
        duckdb_close(&opened)
        throw error
      }
      handle = found
    }
  }

  deinit {
    idle.withLock { $0 = [] }
  }

  /// The version of the DuckDB library, for example `v1.5.5`.
  public static var libraryVersion: String { String(cString: duckdb_library_version()) }

  /// Runs `sql` and returns the whole result of its last statement.
  /// - Parameter note: what `context` shows beside the progress.
  /// - Throws: `FrameError`, or `JobCancelled`.
  public func query(
    _ sql: String, context: (any JobContext)? = nil, note: String = "running the query"
  ) throws -> DataTable {
    try withConnection { connection in
      let runner = StatementRunner(connection: connection, context: context, note: note)
      var decoder = try runner.run(sql) { decoder, chunk in decoder.append(chunk) }
      return decoder.take()
    }
  }

  /// Runs `sql` for its effect.
  public func execute(_ sql: String, context: (any JobContext)? = nil, note: String = "running the query") throws {
    try withConnection { connection in
      _ = try StatementRunner(connection: connection, context: context, note: note).run(sql) { _, _ in }
    }
  }

  /// Runs `sql` and hands its rows to `body` in order, about two thousand at a time, as they are made.
  public func stream(
    _ sql: String, context: (any JobContext)? = nil, note: String = "reading rows",
    _ body: (DataTable) throws -> Void
  ) throws {
    try withConnection { connection in
      let runner = StatementRunner(connection: connection, context: context, note: note, streams: true)
      _ = try runner.run(sql) { decoder, chunk in
        decoder.append(chunk)
        try body(decoder.take())
      }
    }
  }

  /// The columns that `sql` would return. Runs nothing.
  public func describe(_ sql: String) throws -> Schema {
    try withConnection { connection in
      try StatementRunner(connection: connection, context: nil, note: "").columns(of: sql)
    }
  }

  func withConnection<Result>(_ body: (Connection) throws -> Result) throws -> Result {
    let connection = try idle.withLock { $0.popLast() } ?? makeConnection()
    defer { idle.withLock { if $0.count < 8 { $0.append(connection) } } }
    return try body(connection)
  }

  func makeConnection() throws -> Connection {
    let connection = try Connection(try handle())
    // A page of rows is joined by row id: up to this many ids become a filter of the scan, which then skips what holds
    // none of them.
    let settings =
      "SET enable_progress_bar = true; SET enable_progress_bar_print = false; SET TimeZone = 'UTC'; "
      + "SET dynamic_or_filter_threshold = 512"
    _ = try StatementRunner(connection: connection, context: nil, note: "").run(settings) { _, _ in }
    return connection
  }
}
