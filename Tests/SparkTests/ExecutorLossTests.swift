import Foundation
import Frame
import Jobs
import ProgramDriver
import Synchronization
import Testing

@testable import Spark

/// A cluster of Spark itself, of two workers: what no stand-in for Spark can prove.
@Suite(.serialized, .enabled(if: SparkCluster.isInstalled, "\(SparkCluster.missing)"))
struct ExecutorLossTests {
  private final class Watching: JobContext, Sendable {
    let isCancelled = Mutex(false)
    func checkCancelled() throws { if isCancelled.withLock({ $0 }) { throw JobCancelled() } }
    func report(_ fraction: Double?, _ note: String) {}
    func emit(_ partial: any Sendable) {}
    func onCancel(_ action: @escaping @Sendable () -> Void) {}
  }

  private static let rows = 2_400_000

  /// 60 tasks whose output is kept by the executors until a second stage fetches it.
  private static func query(_ rows: Int) -> String {
    """
    SELECT count(*) AS n, sum(id) AS total, count(DISTINCT sha2(CAST(id % 100003 AS STRING), 256)) AS kinds
    FROM range(0, \(rows), 1, 60)
    """
  }

  private func session(_ cluster: SparkCluster) throws -> SparkSession {
    try SparkSession(SparkAddress("sc://127.0.0.1:\(cluster.port)"))
  }

  @Test(.timeLimit(.minutes(4))) func aJobThatLosesAnExecutorStillCountsRight() throws {
    let cluster = try SparkCluster.shared.get()
    let session = try session(cluster)
    defer { session.close() }
    let database = try Database()
    let seen = Mutex<(killed: pid_t?, tasks: Int, before: Int)>((nil, 0, 0))
    let result = try session.run(Self.query(Self.rows)) { progress in
      seen.withLock { seen in
        seen.tasks = max(seen.tasks, progress.tasks)
        guard seen.killed == nil, progress.completedTasks >= 8, let victim = cluster.executors().first else { return }
        seen = (victim, seen.tasks, progress.completedTasks)
        kill(victim, SIGKILL)
      }
    }
    let table = try database.withArrow(result) { try database.query($0 ?? "") }
    let (killed, tasks, before) = seen.withLock { $0 }
    #expect(tasks >= 60 && before < tasks, "killed in the middle: after \(before) of \(tasks) tasks")
    let victim = try #require(killed)
    #expect(!cluster.executors().contains(victim))
    let found = table.columns.indices.map { table.text(0, $0) }
    #expect(found == ["\(Self.rows)", "\(Self.rows * (Self.rows - 1) / 2)", "100003"])
  }

  @Test(.timeLimit(.minutes(4))) func aCancelledJobEndsThereToo() throws {
    let cluster = try SparkCluster.shared.get()
    let session = try session(cluster)
    defer { session.close() }
    let context = Watching()
    let asked = Mutex<ContinuousClock.Instant?>(nil)
    #expect(throws: JobCancelled.self) {
      let result = try session.run(Self.query(Self.rows * 250), context: context) { progress in
        guard progress.runningTasks > 0, asked.withLock({ $0 == nil }) else { return }
        asked.withLock { $0 = .now }
        context.isCancelled.withLock { $0 = true }
      }
      while try result.next() != nil {}
    }
    let moment = try #require(asked.withLock { $0 })
    #expect(moment.duration(to: .now) < .seconds(10))
    // The cores are free again: a small question is answered at once.
    let start = ContinuousClock.now
    let small = try session.run("SELECT count(*) AS n FROM range(0, 1000, 1, 4)") { _ in }
    while try small.next() != nil {}
    #expect(start.duration(to: .now) < .seconds(20))
  }
}
