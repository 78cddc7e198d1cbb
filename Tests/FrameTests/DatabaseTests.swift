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

  /// To Swift a quote under a combining mark is another character; the database reads bytes.
  @Test(arguments: [
    "it's", "x'\u{301} || 'y", "\u{301}'", "a\"\u{301} b", "'\u{200D}", "\u{FE0F}''", "nul \0\u{301} here",
  ])
  func aTextStaysAText(_ text: String) throws {
    let database = try Database()
    let named = try database.query("SELECT 1 AS \(SQL.identifier(text))")
    #expect(named.rowCount == 1 && named.columns.count == 1)
    let same = try database.query("SELECT encode(\(SQL.text(text))) = \(bytes(text))")
    #expect(same.text(0, 0) == "true")
  }

  /// The bytes of a text as a literal.
  private func bytes(_ text: String) -> String {
    "unhex('" + text.utf8.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() + "')"
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

  @Test func queriesRunSideBySideAndOnlyTheCancelledOneStops() throws {
    final class Context: JobContext {
      let isCancelled = Atomic<Bool>(false)
      let action = Mutex<(@Sendable () -> Void)?>(nil)
      func checkCancelled() throws { if isCancelled.load(ordering: .acquiring) { throw JobCancelled() } }
      func report(_ fraction: Double?, _ note: String) {}
      func emit(_ partial: any Sendable) {}
      func onCancel(_ action: @escaping @Sendable () -> Void) { self.action.withLock { $0 = action } }
      func cancel() {
        isCancelled.store(true, ordering: .releasing)
        action.withLock { $0 }?()
      }
    }
    let database = try Database()
    let context = Context()
    let failures = Atomic<Int>(0)
    let cancelled = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: 4) { worker in
      if worker == 0 {
        do {
          _ = try database.query(
            "SELECT sum(hash(a.i, b.i)) FROM range(100000) a(i), range(100000) b(i)", context: context)
        } catch is JobCancelled {
          cancelled.add(1, ordering: .relaxed)
        } catch {}
        return
      }
      for round in 0..<40 {
        if worker == 1 && round == 20 { context.cancel() }
        let answer = try? database.query("SELECT count(*) FROM range(\(10_000 + round)) t(i) WHERE i % 2 = 0").value(
          0, 0)
        if answer != .integer(Int64((10_001 + round) / 2)) { failures.add(1, ordering: .relaxed) }
      }
    }
    #expect(failures.load(ordering: .relaxed) == 0)
    #expect(cancelled.load(ordering: .relaxed) == 1)
  }
}
