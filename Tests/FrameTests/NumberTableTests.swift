import Foundation
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

  @Test func nothingIsLeftOnTheDisk() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("spill-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let database = try Database(options: DatabaseOptions(temporaryDirectory: folder.path))
    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path) }
    let dropped = try table(in: database)
    try dropped.append(rows: 10) { row, _ in Double(row) }
    try dropped.close()
    #expect(try names().count == 1)
    dropped.drop()
    #expect(try names().isEmpty)
    var forgotten: NumberTable? = try table(in: database)
    try forgotten?.close()
    #expect(try names().count == 1)
    forgotten = nil
    #expect(try names().isEmpty)
  }

  /// A process that was killed cannot clean up.
  @Test func whatAKilledProcessLeftGoesAfterADay() throws {
    let folder = NSTemporaryDirectory() + "left-\(UUID().uuidString)"
    let dead = 0x3FFF_FFF0  // above every number that Linux gives
    let own = Int(ProcessInfo.processInfo.processIdentifier)
    for name in [
      "assay-spill-\(dead)", "assay-spill-\(dead).part", "assay-spill-\(own)", "assay-spill-x", "other-\(dead)",
    ] {
      try FileManager.default.createDirectory(atPath: folder + "/" + name, withIntermediateDirectories: true)
    }
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }
    SpillFolder.removeLeft(in: folder)
    #expect(try names().count == 5, "it may be at work in a container")
    SpillFolder.removeLeft(in: folder, now: Date(timeIntervalSinceNow: 90_000))
    #expect(try names() == ["assay-spill-\(own)", "assay-spill-x", "other-\(dead)"])
  }
}
