import CDuckDB

/// A table of numbers that grows by columns in memory: how a computation's results become rows of a file.
///
/// One thread fills it. What it holds is in the database, which spills to disk; only a few thousand rows are here.
public final class NumberTable {
  /// How many bits a number keeps.
  public enum Precision: Sendable {
    case single, double
  }

  /// A SELECT over its rows.
  public var sql: String { "SELECT * FROM \(SQL.identifier(name))" }

  private let name: String
  private let precisions: [Precision]
  private let database: Database
  private let connection: Connection
  private var appender: duckdb_appender?
  private var chunk: duckdb_data_chunk?

  /// Creates the table, in place of an older one of this name.
  public init(_ name: String, columns: [(name: String, precision: Precision)], in database: Database) throws {
    self.name = name
    self.database = database
    precisions = columns.map(\.precision)
    let definitions = columns.map { SQL.identifier($0.name) + ($0.precision == .single ? " FLOAT" : " DOUBLE") }
    try database.execute("CREATE OR REPLACE TABLE \(SQL.identifier(name)) (\(definitions.joined(separator: ", ")))")
    connection = try database.makeConnection()
    guard duckdb_appender_create(connection.handle, nil, name, &appender) == DuckDBSuccess else { throw failure }
    var types: [duckdb_logical_type?] = precisions.map {
      duckdb_create_logical_type($0 == .single ? DUCKDB_TYPE_FLOAT : DUCKDB_TYPE_DOUBLE)
    }
    chunk = duckdb_create_data_chunk(&types, idx_t(types.count))
    for index in types.indices { duckdb_destroy_logical_type(&types[index]) }
  }

  deinit {
    duckdb_destroy_data_chunk(&chunk)
    duckdb_appender_destroy(&appender)
  }

  private var failure: FrameError {
    let reason = appender.flatMap { duckdb_appender_error($0) }.map { String(cString: $0) }
    return FrameError.query(reason ?? "rows could not be added to \(name)", sql: "")
  }

  /// Adds `rows` rows; `value` gives the cell of a row and a column.
  public func append(rows: Int, _ value: (_ row: Int, _ column: Int) -> Double) throws {
    let most = Int(duckdb_vector_size())
    for start in stride(from: 0, to: rows, by: most) {
      let count = min(most, rows - start)
      duckdb_data_chunk_reset(chunk)
      for (column, precision) in precisions.enumerated() {
        guard let base = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, idx_t(column))) else {
          throw failure
        }
        switch precision {
        case .single:
          let cells = base.assumingMemoryBound(to: Float.self)
          for row in 0..<count { cells[row] = Float(value(start + row, column)) }
        case .double:
          let cells = base.assumingMemoryBound(to: Double.self)
          for row in 0..<count { cells[row] = value(start + row, column) }
        }
      }
      duckdb_data_chunk_set_size(chunk, idx_t(count))
      guard duckdb_append_data_chunk(appender, chunk) == DuckDBSuccess else { throw failure }
    }
  }

  /// Makes every row visible to queries; nothing can be added from here on.
  public func close() throws {
    guard duckdb_appender_close(appender) == DuckDBSuccess else { throw failure }
  }

  /// Removes the table.
  public func drop() throws {
    duckdb_appender_destroy(&appender)
    try database.execute("DROP TABLE IF EXISTS \(SQL.identifier(name))")
  }
}
