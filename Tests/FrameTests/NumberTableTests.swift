import Testing

@testable import Frame

/// Rows on their way to a file.
@Suite struct NumberTableTests {
  private static let columns = 8

  private func table(in database: Database) throws -> NumberTable {
    try NumberTable(columns: (0..<Self.columns).map { ("n\($0)", .double) }, beside: database)
  }

  /// DuckDB keeps dropped tables for older queries, which rows usually come from.
  @Test func memoryHoldsFewRowsThoughTheyComeFromAQuery() throws {
    let database = try Database()
    let rows = 600_000
    var peak = 0.0
    var chunks = 0
    var table: NumberTable?
    try database.stream("SELECT i FROM range(\(rows)) AS t(i)") { chunk in
      let numbers = try table ?? self.table(in: database)
      table = numbers
      try numbers.append(rows: chunk.rowCount) { row, column in
        Double(column) + (chunk.value(row, 0).number ?? .nan)
      }
      chunks += 1
      if chunks % 10 == 0 { peak = max(peak, Double(try numbers.heldBytes)) }
    }
    let made = try #require(table)
    try made.close()
    #expect(peak < 20e6, "\(peak) bytes for \(rows) rows of \(rows * Self.columns * 8) bytes")
    let read = try database.query("SELECT n0, n7 FROM (\(made.sql))")
    #expect(read.rowCount == rows)
    let isInOrder = (0..<rows).allSatisfy { row in
      read.value(row, 0) == .real(Double(row)) && read.value(row, 1) == .real(Double(row + 7))
    }
    #expect(isInOrder)
    #expect(try made.heldBytes < 2_000_000)
    made.drop()
    #expect(throws: FrameError.self) { try database.query(made.sql) }
  }

  @Test(arguments: [0, 1, 122_880]) func aFewRowsAreReadBack(rows: Int) throws {
    let database = try Database()
    let table = try table(in: database)
    try table.append(rows: rows) { row, column in Double(row * 10 + column) }
    try table.close()
    let read = try database.query("SELECT count(*), sum(n1) FROM (\(table.sql))")
    #expect(read.value(0, 0).number == Double(rows))
    #expect(read.value(0, 1).number ?? 0 == Double(rows) * Double(rows - 1) * 5 + Double(rows))
    table.drop()
  }
}
