import CDuckDB
import Foundation
import Jobs

/// A table of numbers that grows by columns in memory: how a computation's results become rows of a file.
///
/// One thread fills it. However many rows there are, memory holds some of them: whenever the table is full it goes to a
/// file of its own, and `sql` reads these one after another. It is filled, and written, in a database of its own with one
/// thread: DuckDB keeps what was dropped for as long as any older query runs, and rows are often computed from such a query;
/// and the more threads write a file, the more of it waits in memory for the parts before.
public final class NumberTable {
  /// How many bits a number keeps.
  public enum Precision: Sendable {
    case single, double
  }

  /// A SELECT over its rows, in their order, for any database; once it is closed.
  public var sql: String {
    "SELECT * FROM read_parquet([\(parts.map { SQL.text($0.path) }.joined(separator: ", "))])"
  }

  /// Rows that the table holds at most: a row group of a Parquet file.
  private static let most = 122_880
  private static let name = "numbers"

  private let definitions: String
  /// Rows in the table, and the files of those that came before.
  private var held = 0
  private var parts: [URL] = []
  private let precisions: [Precision]
  private let folder: URL
  private let database: Database
  private let connection: Connection
  private var appender: duckdb_appender?
  private var chunk: duckdb_data_chunk?

  /// - Parameter database: spills to where this one does, and writes with its credentials.
  public init(columns: [(name: String, precision: Precision)], beside database: Database) throws {
    folder = try Self.folder(of: database)
    var options = database.options
    options.threads = 1
    options.temporaryDirectory = folder.path
    self.database = try Database(options: options, environment: database.remote.environment)
    // Files that are read once need not be kept.
    try self.database.execute("SET enable_external_file_cache = false")
    precisions = columns.map(\.precision)
    definitions =
      columns.map { SQL.identifier($0.name) + ($0.precision == .single ? " FLOAT" : " DOUBLE") }
      .joined(separator: ", ")
    connection = try self.database.makeConnection()
    try begin()
    var types: [duckdb_logical_type?] = precisions.map {
      duckdb_create_logical_type($0 == .single ? DUCKDB_TYPE_FLOAT : DUCKDB_TYPE_DOUBLE)
    }
    chunk = duckdb_create_data_chunk(&types, idx_t(types.count))
    for index in types.indices { duckdb_destroy_logical_type(&types[index]) }
  }

  deinit {
    duckdb_destroy_data_chunk(&chunk)
    drop()
  }

  private func begin() throws {
    try database.execute("CREATE OR REPLACE TABLE \(Self.name) (\(definitions))")
    guard duckdb_appender_create(connection.handle, nil, Self.name, &appender) == DuckDBSuccess else { throw failure }
    held = 0
  }

  /// A folder of its own: in that which the database spills to, or beside the one of this process, which DuckDB makes and
  /// removes.
  private static func folder(of database: Database) throws -> URL {
    let setting = try? database.query("SELECT current_setting('temp_directory')")
    let name = UUID().uuidString
    var path = SpillFolder.path + "." + name
    if let chosen = setting?.text(0, 0), !chosen.isEmpty, chosen != SpillFolder.path {
      path = (chosen as NSString).appendingPathComponent("assay-" + name)
    }
    let folder = URL(fileURLWithPath: path, isDirectory: true)
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw FrameError(
        .notWritable, location: path, what: "rows cannot be kept there", advice: "Name another folder for what spills.")
    }
    return folder
  }

  /// Writes what the table holds to a file of its own.
  private func flush() throws {
    guard duckdb_appender_close(appender) == DuckDBSuccess else { throw failure }
    duckdb_appender_destroy(&appender)
    let part = folder.appendingPathComponent("\(parts.count).parquet")
    parts.append(part)
    try database.execute("COPY \(Self.name) TO \(SQL.text(part.path)) (FORMAT parquet)")
    held = 0
  }

  private var failure: FrameError {
    let reason = appender.flatMap { duckdb_appender_error($0) }.map { String(cString: $0) }
    return FrameError.query(reason ?? "rows could not be added", sql: "")
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
    if held > 0 || parts.isEmpty { try flush() }
    try database.execute("DROP TABLE IF EXISTS \(Self.name)")
  }

  /// Writes the rows to a file, once the table is closed: see `Database.write`.
  public func write(to path: String, context: any JobContext = SilentContext()) throws {
    try database.write(sql, to: path, hasBloomFilters: false, context: context)
  }

  /// Bytes of rows that memory holds.
  var heldBytes: Int {
    get throws {
      let found = try database.query(
        "SELECT CAST(coalesce(sum(memory_usage_bytes), 0) AS BIGINT) FROM duckdb_memory() WHERE tag = 'IN_MEMORY_TABLE'"
      )
      if case .integer(let bytes) = found.value(0, 0) { return Int(bytes) }
      return 0
    }
  }

  /// Removes the rows.
  public func drop() {
    duckdb_appender_destroy(&appender)
    parts = []
    try? FileManager.default.removeItem(at: folder)
  }
}
