import Foundation
import Jobs
import Synchronization
import Testing

@Suite(.serialized) struct ForegroundContextTests {
  @Test func cancellingRunsTheActionsOnceAndStopsTheWork() throws {
    let context = ForegroundContext()
    let calls = Mutex(0)
    context.onCancel { calls.withLock { $0 += 1 } }
    try context.checkCancelled()
    context.cancel()
    context.cancel()
    #expect(calls.withLock { $0 } == 1)
    #expect(throws: JobCancelled.self) { try context.checkCancelled() }
    // Who comes late is told at once.
    context.onCancel { calls.withLock { $0 += 1 } }
    #expect(calls.withLock { $0 } == 2)
  }

  @Test func aSignalCancelsAndIsRemembered() throws {
    let context = ForegroundContext()
    #expect(throws: JobCancelled.self) {
      try context.withSignals([SIGUSR1]) {
        kill(getpid(), SIGUSR1)
        let deadline = Date().addingTimeInterval(60)
        while Date() < deadline {
          try context.checkCancelled()
          usleep(1000)
        }
      }
    }
    #expect(context.signal == SIGUSR1)
  }

  @Test func reportsAndPartsReachTheirListeners() {
    let seen = Mutex<[String]>([])
    let context = ForegroundContext(
      progress: { fraction, note in seen.withLock { $0.append("\(note) \(fraction ?? -1)") } },
      partial: { part in seen.withLock { $0.append("\(part)") } })
    context.report(0.5, "reading")
    context.emit("rows")
    #expect(seen.withLock { $0 } == ["reading 0.5", "rows"])
  }
}
