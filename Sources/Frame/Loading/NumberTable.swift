import CDuckDB
import Foundation

/// A table of numbers that grows by columns in memory: how a computation's results become rows of a file.
///
/// One thread fills it. However many rows there are, memory holds some of them: whenever the table is full it goes to a
/// file of its own, and `sql` reads these one after another.
public final class NumberTable {
  /// How many bits a number keeps.
  public enum Precision: Sendable {
    case single, double
  }

  /// A SELECT over its rows, in their order.
  public var sql: String {
    guard !parts.isEmpty else { return "SELECT * FROM \(SQL.identifier(name))" }
    return "SELECT * FROM read_parquet([\(parts.map { SQL.text($0.path) }.joined(separator: ", "))])"
  }

  /// Rows that the table holds at most: two row groups of a Parquet file.
  private static let most = 245_760

  private let name: String
  private let definitions: String
  /// Rows in the table, and the files of those that came before.
  private var held = 0
  private var parts: [URL] = []
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
    definitions =
      columns.map { SQL.identifier($0.name) + ($0.precision == .single ? " FLOAT" : " DOUBLE") }
      .joined(separator: ", ")
    connection = try database.makeConnection()
    try begin()
    var types: [duckdb_logical_type?] = precisions.map {
      duckdb_create_logical_type($0 == .single ? DUCKDB_TYPE_FLOAT : DUCKDB_TYPE_DOUBLE)
    }
    chunk = duckdb_create_data_chunk(&types, idx_t(types.count))
    for index in types.indices { duckdb_destroy_logical_type(&types[index]) }
  }

  deinit {
    duckdb_destroy_data_chunk(&chunk)
    duckdb_appender_destroy(&appender)
    for part in parts { try? FileManager.default.removeItem(at: part) }
  }

  private func begin() throws {
    try database.execute("CREATE OR REPLACE TABLE \(SQL.identifier(name)) (\(definitions))")
    guard duckdb_appender_create(connection.handle, nil, name, &appender) == DuckDBSuccess else { throw failure }
    held = 0
  }

  /// Where the database spills to.
  private var folder: URL {
    let setting = try? database.query("SELECT current_setting('temp_directory')")
    let fallback = FileManager.default.temporaryDirectory
    guard let path = setting?.text(0, 0), !path.isEmpty else { return fallback }
    let folder = URL(fileURLWithPath: path, isDirectory: true)
    let made: Void? = try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return made == nil ? fallback : folder
  }

  /// Writes what the table holds to a file of its own.
  private func flush() throws {
    guard duckdb_appender_close(appender) == DuckDBSuccess else { throw failure }
    duckdb_appender_destroy(&appender)
    let part = folder.appendingPathComponent("assay-\(UUID().uuidString).parquet")
    parts.append(part)
    try database.execute("COPY \(SQL.identifier(name)) TO \(SQL.text(part.path)) (FORMAT parquet)")
    held = 0
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
      held += count
      if held >= Self.most {
        try flush()
        try begin()
      }
    }
  }

  /// Makes every row visible to queries; nothing can be added from here on.
  public func close() throws {
    if parts.isEmpty {
      guard duckdb_appender_close(appender) == DuckDBSuccess else { throw failure }
    } else if held > 0 {
      try flush()
    }
  }

  /// Removes the table.
  public func drop() throws {
    duckdb_appender_destroy(&appender)
    for part in parts { try? FileManager.default.removeItem(at: part) }
    parts = []
    try database.execute("DROP TABLE IF EXISTS \(SQL.identifier(name))")
  }
}
