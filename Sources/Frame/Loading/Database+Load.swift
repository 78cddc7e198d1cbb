import Foundation
import Jobs

/// A source that has become a table of the database: rows in order, so that `rowid` is the row's number from 0.
public struct LoadedTable: Sendable {
  public let name: String
  public let schema: Schema
  public let rowCount: Int
  /// Rows of the wrong length that were left out; 0 unless the source's options ask for that.
  public let skippedRows: Int
  /// The source as it was read in the end.
  public let source: OpenedSource
  /// What the reader of the data should know: the source's notes, and what loading found.
  public let notes: [String]

  /// A SELECT over some rows, by number from 0.
  public func sql(_ rows: Range<Int>) -> String {
    "SELECT * FROM \(SQL.identifier(name)) WHERE rowid BETWEEN \(rows.lowerBound) AND \(rows.upperBound - 1)"
  }
}

extension Database {
  /// Reads a source into a table, replacing one of the same name. Types and encodings that turn out wrong are widened
  /// and noted; no row is lost.
  /// - Throws: `FrameError`, or `JobCancelled`; the old table, if there was one, is then still there.
  public func load(
    _ opened: OpenedSource, into name: String, context: any JobContext = SilentContext()
  ) throws -> LoadedTable {
    let (loaded, source) = try reading(opened, context: context) { opened in
      try withConnection { connection in
        let part = PartContext(of: context, 0.1...1)
        return try load(
          opened, into: name, StatementRunner(connection: connection, context: part, note: "reading rows"))
      }
    }
    source.clusterTable?.drop(self)
    var notes = source.notes
    if loaded.skipped > 0 {
      notes.append(
        "\(loaded.skipped.grouped) row\(loaded.skipped == 1 ? " was" : "s were") left out for a wrong number of fields."
      )
    }
    return LoadedTable(
      name: name, schema: source.schema, rowCount: loaded.rows, skippedRows: loaded.skipped, source: source,
      notes: notes)
  }

  /// How many rows a source has, its import rule aside: from the metadata of a Parquet file, by the quick count of a
  /// plain CSV, else by reading it.
  public func rowCount(_ opened: OpenedSource, context: any JobContext = SilentContext()) throws -> Int {
    if let table = opened.clusterTable { return try table.count(self, context) }
    if let index = try LineIndex(opened, in: self) {
      try index.build(context)
      return index.count.number
    }
    let counted = try reading(opened, context: context) { opened in
      try query("SELECT count(*) FROM \(SQL.subquery(opened.allRowsSQL))", context: context, note: "counting rows")
    }
    return Int(counted.result.value(0, 0).number ?? 0)
  }

  /// How many rows a source that leaves bad rows out would leave out. Reads all of it.
  public func skippedRows(_ opened: OpenedSource, context: any JobContext = SilentContext()) throws -> Int {
    if case .list(let list) = opened.layout {
      return try list.parts.reduce(0) { try $0 + skippedRows($1, context: context) }
    }
    guard case .delimited(let layout) = opened.layout, layout.skipBadRows else { return 0 }
    return try withConnection { connection in
      let runner = StatementRunner(connection: connection, context: context, note: "counting bad rows")
      return try countingRejects(runner) { rejects in
        // Every column is read: with fewer, DuckDB would not look at the rest of a row.
        let all = layout.columns.map { "count(\(SQL.identifier($0.name)))" }.joined(separator: ", ")
        _ = try runner.run("SELECT \(all) FROM \(layout.call(opened.file.path, rejects: rejects))") { _, _ in }
      }
    }
  }

  private func load(
    _ opened: OpenedSource, into name: String, _ runner: StatementRunner
  ) throws -> (rows: Int, skipped: Int) {
    var skipped = 0
    let create = "CREATE OR REPLACE TABLE \(SQL.identifier(name)) AS "
    if case .delimited(let layout) = opened.layout, layout.skipBadRows {
      skipped = try countingRejects(runner) { rejects in
        let all = layout.select(opened.file.path, rejects: rejects)
        _ = try runner.run(create + opened.source.rows.applied(to: all)) { _, _ in }
      }
    } else if case .list(let list) = opened.layout, opened.source.options.skipBadRows {
      skipped = try countingRejects(runner) { rejects in
        _ = try runner.run(create + opened.source.rows.applied(to: list.select(rejects: rejects))) { _, _ in }
      }
    } else {
      _ = try runner.run(create + opened.sql) { _, _ in }
    }
    let count = try runner.table("SELECT count(*) FROM \(SQL.identifier(name))")
    return (Int(count.value(0, 0).number ?? 0), skipped)
  }

  /// Runs `body` with the name of a table for rejected rows, and counts those.
  private func countingRejects(_ runner: StatementRunner, _ body: (String) throws -> Void) throws -> Int {
    let rejects = "assay_rejects"
    let drop = "DROP TABLE IF EXISTS temp.\(rejects); DROP TABLE IF EXISTS temp.\(rejects)_scan"
    _ = try runner.run(drop) { _, _ in }
    defer { _ = try? runner.run(drop) { _, _ in } }
    try body(rejects)
    let count = try runner.table("SELECT count(DISTINCT (scan_id, file_id, line)) FROM temp.\(rejects)")
    return Int(count.value(0, 0).number ?? 0)
  }
}

extension StatementRunner {
  /// The whole result of `sql`.
  func table(_ sql: String) throws -> DataTable {
    var decoder = try run(sql) { decoder, chunk in decoder.append(chunk) }
    return decoder.take()
  }
}
