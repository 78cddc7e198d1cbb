import Foundation
import Jobs
import Synchronization
import Testing

@testable import Frame

@Suite struct DatabaseTests {
  @Test func theLibraryIsTheOfficialBuild() throws {
    let version = try Database().query("SELECT library_version, source_id FROM pragma_version()")
    #expect(lines(version) == ["v1.5.5|d8cdaa33fd"])
    #expect(Database.libraryVersion == "v1.5.5")
  }

  @Test func everyTypeIsDecoded() throws {
    let database = try Database()
    let table = try database.query("SELECT * FROM test_all_types()")
    #expect(table.rowCount == 3)
    // These hold more digits than 64 bits do, and are shown with fewer.
    let inexact = [
      "hugeint", "uhugeint", "ubigint", "timestamp_ns", "time_tz", "timestamp_tz", "dec_18_6", "dec38_10",
    ]
    for (index, column) in table.columns.enumerated() {
      let reference = try database.query(
        "SELECT CAST(\(SQL.identifier(column.column.name)) AS VARCHAR) FROM test_all_types()")
      for row in 0..<3 {
        #expect((table.text(row, index) == nil) == (reference.text(row, 0) == nil), "\(column.column)")
        let isInexact = inexact.contains(column.column.name)
        #expect(isInexact || table.text(row, index) == reference.text(row, 0), "\(column.column)")
      }
    }
  }

  @Test func anErrorInTheMiddleOfAStreamIsThrown() throws {
    let database = try Database()
    #expect(throws: FrameError.self) {
      try database.query("SELECT CASE WHEN i = 900000 THEN error('late') ELSE 'x' END FROM range(1000000) t(i)")
    }
    #expect(throws: FrameError.self) {
      try database.stream("SELECT CASE WHEN i = 900000 THEN error('late') ELSE 'x' END FROM range(1000000) t(i)") { _ in
      }
    }
  }

  @Test func progressIsReportedAndCancelStops() throws {
    final class Context: JobContext {
      let count = Atomic<Int>(0)
      let cancelled = Atomic<Bool>(false)
      let actions = Mutex<[@Sendable () -> Void]>([])
      func checkCancelled() throws { if cancelled.load(ordering: .relaxed) { throw JobCancelled() } }
      func report(_ fraction: Double?, _ note: String) {
        if count.add(1, ordering: .relaxed).newValue == 3 {
          cancelled.store(true, ordering: .relaxed)
          for action in actions.withLock({ $0 }) { action() }
        }
      }
      func emit(_ partial: any Sendable) {}
      func onCancel(_ action: @escaping @Sendable () -> Void) { actions.withLock { $0.append(action) } }
    }
    let database = try Database()
    try database.execute("CREATE TABLE t AS SELECT i, hash(i) h FROM range(3000000) t(i)")
    let started = Date()
    #expect(throws: JobCancelled.self) {
      try database.query(
        "SELECT count(*) FROM (SELECT a.h x FROM t a, range(1000) b WHERE a.h % 7 = b.range % 7) ", context: Context())
    }
    #expect(Date().timeIntervalSince(started) < 5)
    #expect(try database.query("SELECT count(*) n FROM t").value(0, 0) == .integer(3_000_000))
  }
}
