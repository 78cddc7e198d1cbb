import CDuckDB
import Jobs
import Synchronization

/// One connection to a database. Used by one thread at a time; only `interrupt` may come from another.
final class Connection: @unchecked Sendable {
  let handle: duckdb_connection

  init(_ database: duckdb_database) throws {
    var handle: duckdb_connection?
    guard duckdb_connect(database, &handle) == DuckDBSuccess, let handle else {
      throw FrameError(.query, what: "the database gave no connection")
    }
    self.handle = handle
  }

  deinit {
    var handle: duckdb_connection? = handle
    duckdb_disconnect(&handle)
  }

  func interrupt() { duckdb_interrupt(handle) }

  /// 0...1, nil while DuckDB does not know.
  var progress: Double? {
    let percentage = duckdb_query_progress(handle).percentage
    return percentage < 0 ? nil : min(percentage / 100, 1)
  }
}

/// Lets a cancelled job interrupt its query, and never the query that uses the connection next.
final class Interruption: Sendable {
  private let connection: Mutex<Connection?>

  init(_ connection: Connection, for context: (any JobContext)?) {
    self.connection = Mutex(connection)
    context?.onCancel { [weak self] in self?.interrupt() }
  }

  private func interrupt() { connection.withLock { $0?.interrupt() } }

  /// From here on nothing is interrupted.
  func end() { connection.withLock { $0 = nil } }
}
