import CDuckDB
import Foundation
import Jobs

/// The statements of one SQL text, and how they run: in small tasks on the calling thread (and DuckDB's own threads), so
/// that progress is reported and a cancelled job stops between two tasks.
struct StatementRunner {
  let connection: Connection
  let context: (any JobContext)?
  let note: String
  /// True when the rows of a SELECT shall come as they are made; else the whole result is made first, which lets every
  /// thread work on it.
  var streams = false

  /// Runs every statement; `onChunk` gets the chunks of the last one.
  func run(_ sql: String, decoding body: (inout ResultDecoder, duckdb_data_chunk) throws -> Void) throws
    -> ResultDecoder
  {
    try context?.checkCancelled()
    let interruption = Interruption(connection, for: context)
    defer { interruption.end() }

    var extracted: duckdb_extracted_statements?
    defer { duckdb_destroy_extracted(&extracted) }
    let count = duckdb_extract_statements(connection.handle, sql, &extracted)
    guard count > 0 else {
      let message = extracted.flatMap { duckdb_extract_statements_error($0) }.map { String(cString: $0) }
      throw FrameError.query(message ?? "there is no statement in this text", sql: sql)
    }
    var decoder = ResultDecoder(columns: [], types: [])
    for index in 0..<count {
      let statement = try PreparedStatement(connection, extracted, index, sql: sql)
      if index + 1 == count {
        decoder = try run(last: statement, of: sql, isOnly: count == 1, body)
      } else {
        _ = try execute(statement, sql: sql, decoder: ResultDecoder(columns: [], types: [])) { _, _ in }
      }
    }
    return decoder
  }

  /// The columns of the last statement.
  func columns(of sql: String) throws -> Schema {
    var extracted: duckdb_extracted_statements?
    defer { duckdb_destroy_extracted(&extracted) }
    let count = duckdb_extract_statements(connection.handle, sql, &extracted)
    guard count > 0 else {
      let message = extracted.flatMap { duckdb_extract_statements_error($0) }.map { String(cString: $0) }
      throw FrameError.query(message ?? "there is no statement in this text", sql: sql)
    }
    return try PreparedStatement(connection, extracted, count - 1, sql: sql).columns
  }

  private func run(
    last statement: PreparedStatement, of sql: String, isOnly: Bool,
    _ body: (inout ResultDecoder, duckdb_data_chunk) throws -> Void
  ) throws -> ResultDecoder {
    let columns = statement.columns
    let decoder = ResultDecoder(columns: columns, types: statement.types)
    guard isOnly, statement.isSelect, decoder.types.contains(where: { !$0.isDecodable }) else {
      return try execute(statement, sql: sql, decoder: decoder, body)
    }
    // Lists, structs and the like are cast to text by DuckDB itself, column by position: names may repeat.
    let names = columns.indices.map { "c\($0)" }
    let casts = zip(names, decoder.types).map { $1.isDecodable ? $0 : "CAST(\($0) AS VARCHAR)" }
    let wrapped =
      "SELECT \(casts.joined(separator: ", ")) FROM \(SQL.subquery(sql)) AS t(\(names.joined(separator: ", ")))"
    var extracted: duckdb_extracted_statements?
    defer { duckdb_destroy_extracted(&extracted) }
    guard duckdb_extract_statements(connection.handle, wrapped, &extracted) == 1 else {
      return try execute(statement, sql: sql, decoder: decoder, body)
    }
    let texts = try PreparedStatement(connection, extracted, 0, sql: wrapped)
    return try execute(texts, sql: sql, decoder: ResultDecoder(columns: columns, types: texts.types), body)
  }

  private func execute(
    _ statement: PreparedStatement, sql: String, decoder: ResultDecoder,
    _ body: (inout ResultDecoder, duckdb_data_chunk) throws -> Void
  ) throws -> ResultDecoder {
    var decoder = decoder
    var pending: duckdb_pending_result?
    defer { duckdb_destroy_pending(&pending) }
    let state =
      streams && statement.isSelect
      ? duckdb_pending_prepared_streaming(statement.handle, &pending)
      : duckdb_pending_prepared(statement.handle, &pending)
    guard state == DuckDBSuccess, let pending else {
      throw try failure(pending.flatMap { duckdb_pending_error($0) }, sql)
    }
    try work(through: pending, sql)

    var result = duckdb_result()
    defer { duckdb_destroy_result(&result) }
    guard duckdb_execute_pending(pending, &result) == DuckDBSuccess else {
      throw try failure(duckdb_result_error(&result), sql)
    }
    var clock = ReportClock()
    while var chunk = Optional.some(duckdb_fetch_chunk(result)), let filled = chunk {
      defer { duckdb_destroy_data_chunk(&chunk) }
      try context?.checkCancelled()
      try body(&decoder, filled)
      if clock.isDue { context?.report(connection.progress, note) }
    }
    if let message = duckdb_result_error(&result) { throw try failure(message, sql) }
    return decoder
  }

  /// Runs tasks until the first rows (of a SELECT) or the whole result stand ready.
  private func work(through pending: duckdb_pending_result, _ sql: String) throws {
    var clock = ReportClock()
    while true {
      let started = DispatchTime.now().uptimeNanoseconds
      let state = duckdb_pending_execute_task(pending)
      if state == DUCKDB_PENDING_ERROR { throw try failure(duckdb_pending_error(pending), sql) }
      if duckdb_pending_execution_is_finished(state) { return }
      try context?.checkCancelled()
      if clock.isDue { context?.report(connection.progress, note) }
      // Nothing was left to do here: DuckDB's own threads hold the remaining tasks.
      if DispatchTime.now().uptimeNanoseconds - started < 20_000 { usleep(100) }
    }
  }

  /// The error to throw: cancellation where the job was cancelled, else what DuckDB says.
  private func failure(_ message: UnsafePointer<CChar>?, _ sql: String) throws -> any Error {
    try context?.checkCancelled()
    return FrameError.query(message.map { String(cString: $0) } ?? "DuckDB gave no reason", sql: sql)
  }
}

/// A prepared statement that frees itself.
final class PreparedStatement {
  let handle: duckdb_prepared_statement

  init(_ connection: Connection, _ extracted: duckdb_extracted_statements?, _ index: idx_t, sql: String) throws {
    var handle: duckdb_prepared_statement?
    let state = duckdb_prepare_extracted_statement(connection.handle, extracted, index, &handle)
    guard state == DuckDBSuccess, let handle else {
      let message = handle.flatMap { duckdb_prepare_error($0) }.map { String(cString: $0) }
      duckdb_destroy_prepare(&handle)
      throw FrameError.query(message ?? "the statement could not be prepared", sql: sql)
    }
    self.handle = handle
  }

  deinit {
    var handle: duckdb_prepared_statement? = handle
    duckdb_destroy_prepare(&handle)
  }

  var isSelect: Bool { duckdb_prepared_statement_type(handle) == DUCKDB_STATEMENT_TYPE_SELECT }

  /// Asked for once: DuckDB copies all types for each that is asked for.
  private(set) lazy var types: [LogicalType] = (0..<duckdb_prepared_statement_column_count(handle)).map {
    LogicalType(duckdb_prepared_statement_column_logical_type(handle, $0))
  }

  var columns: Schema {
    types.enumerated().map { index, type in
      let name = duckdb_prepared_statement_column_name(handle, idx_t(index))
      defer { duckdb_free(UnsafeMutableRawPointer(mutating: name)) }
      return Column(name: name.map { String(cString: $0) } ?? "", type: type.name)
    }
  }
}

/// True at most ten times a second: how often progress is worth a report.
struct ReportClock {
  private var next = DispatchTime.now().uptimeNanoseconds + 100_000_000

  var isDue: Bool {
    mutating get {
      let now = DispatchTime.now().uptimeNanoseconds
      guard now >= next else { return false }
      next = now + 100_000_000
      return true
    }
  }
}
