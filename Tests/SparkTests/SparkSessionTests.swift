import Foundation
import Jobs
import ProgramDriver
import Synchronization
import Testing

@testable import Frame
@testable import Spark

extension SparkResult: ArrowSource {}

/// A job that is cancelled from outside.
private final class Cancelling: JobContext {
  private let isCancelled = Mutex(false)

  func cancel() { isCancelled.withLock { $0 = true } }
  func checkCancelled() throws { if isCancelled.withLock({ $0 }) { throw JobCancelled() } }
  func report(_ fraction: Double?, _ note: String) {}
  func emit(_ partial: any Sendable) {}
  func onCancel(_ action: @escaping @Sendable () -> Void) {}
}

private func rows(_ session: SparkSession, _ sql: String, _ query: (String) -> String = { $0 }) throws -> [String] {
  let database = try Database()
  let table = try database.withArrow(try session.run(sql) { _ in }) { try database.query(query(#require($0))) }
  return (0..<table.rowCount).map { row in
    table.columns.indices.map { table.text(row, $0) ?? "·" }.joined(separator: "|")
  }
}

/// A real server answers all of this.
@Suite(.serialized, .enabled(if: SparkServer.isThere, "\(LocalServer.missing)"))
struct SparkSessionTests {
  /// Sail has none to tell unless PySpark is there too.
  @Test(.enabled(if: SparkServer.isSpark)) func itsVersionIsTold() throws {
    #expect(try SparkServer.session().version().first?.isNumber == true)
  }

  @Test func valuesOfEveryTypeComeAsTheyAre() throws {
    let session = try SparkServer.session()
    try session.set(["spark.sql.session.timeZone": "UTC"])
    let sql = """
      SELECT true a, 1Y b, 2S c, 3 d, 4L e, 1.5F f, 2.5D g, 'naïve 🦆' h, X'00FF' i, CAST('-0.01' AS DECIMAL(38, 2)) j,
        DATE'2024-02-29' k, TIMESTAMP'2024-02-29 12:30:00.123456' l, TIMESTAMP_NTZ'1960-01-01 00:00:00' m,
        array(1, NULL) n, named_struct('x', 1, 'y', 'z') o, map('k', 1.0D) p, CAST(NULL AS STRING) q
      """
    let text = try rows(session, sql) { "SELECT COLUMNS(*)::VARCHAR FROM (\($0))" }
    #expect(
      text == [
        "true|1|2|3|4|1.5|2.5|naïve 🦆|\\x00\\xFF|-0.01|2024-02-29|2024-02-29 12:30:00.123456+00|1960-01-01 00:00:00"
          + "|[1, NULL]|{'x': 1, 'y': z}|{k=1.0}|·"
      ])
  }

  @Test func manyBatchesComeWhole() throws {
    let text = try rows(SparkServer.session(), "SELECT id, id % 7 AS r FROM range(0, 300000, 1, 4)") {
      "SELECT count(*), sum(id), sum(r) FROM (\($0))"
    }
    #expect(text == ["300000|44999850000|899997"])
  }

  @Test func anEmptyResultHasItsColumns() throws {
    let text = try rows(SparkServer.session(), "SELECT id, 'a' AS b FROM range(5) WHERE id > 9") {
      "SELECT column_name FROM (DESCRIBE \($0))"
    }
    #expect(text == ["id", "b"])
  }

  @Test func aCommandIsDoneWhenItReturns() throws {
    let session = try SparkServer.session()
    let done = try session.run("CREATE OR REPLACE TEMPORARY VIEW three AS SELECT * FROM range(3)") { _ in }
    // Sail says that it is done.
    if SparkServer.isSpark { #expect(try Database().withArrow(done) { $0 == nil }, "such a statement gives no rows") }
    #expect(try rows(session, "SELECT count(*) FROM three") == ["3"])
  }

  @Test func anErrorSaysWhatSparkSays() throws {
    let session = try SparkServer.session()
    let error = #expect(throws: SparkError.self) { try rows(session, "SELECT nowhere FROM range(3)") }
    guard case .failed(let message, _, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(message.contains("nowhere"))
    #expect(try rows(session, "SELECT 1") == ["1"])
  }

  /// Sail goes on with what nobody waits for.
  @Test(.enabled(if: SparkServer.isSpark)) func aCancelledQueryEndsSoonAndTheSessionGoesOn() throws {
    let session = try SparkServer.session()
    let context = Cancelling()
    Thread.detachNewThread {
      usleep(500_000)
      context.cancel()
    }
    let start = Date()
    #expect(throws: JobCancelled.self) {
      let result = try session.run(
        "SELECT count(*) FROM range(1000000) a CROSS JOIN range(1000000) b WHERE a.id * b.id % 7 = 3", context: context
      ) { _ in }
      while try result.next() != nil {}
    }
    #expect(Date().timeIntervalSince(start) < 20)
    #expect(try rows(session, "SELECT 1") == ["1"])
  }

  /// Sail does not always send again what a lost connection had not carried: then the answer is refused.
  @Test func aLostConnectionIsMadeAgainAndNothingIsLostOrDoubled() throws {
    let relay = try Relay(to: SparkServer.address())
    let session = try SparkSession(SparkAddress("sc://127.0.0.1:\(relay.port)"))
    relay.cut(after: 400_000)
    try SparkServer.whole {
      let text = try rows(session, "SELECT id FROM range(0, 400000, 1, 4)") {
        "SELECT count(*), count(DISTINCT id), sum(id) FROM (\($0))"
      }
      #expect(text == ["400000|400000|79999800000"])
      #expect(relay.connections > 1)
    }
  }

  @Test func nobodyAtTheAddressIsToldWithTheReason() {
    let error = #expect(throws: SparkError.self) { try SparkSession(SparkAddress("sc://127.0.0.1:1")) }
    #expect(error.map { "\($0)" }?.hasPrefix("sc://127.0.0.1:1 does not answer: connection refused") == true)
  }
}
