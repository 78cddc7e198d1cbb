import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Jobs

struct HurriedContextTests {
  /// Counts how often it is told.
  private final class Bell: Sendable {
    private let count = Mutex(0)
    let rung = DispatchSemaphore(value: 0)
    var times: Int { count.withLock { $0 } }
    func ring() {
      count.withLock { $0 += 1 }
      rung.signal()
    }
  }

  @Test func workThatOutlivesItsSecondsIsInterrupted() throws {
    let bell = Bell()
    let context = HurriedContext(of: SilentContext(), seconds: 0.05)
    context.onCancel { bell.ring() }
    #expect(bell.rung.wait(timeout: .now() + 20) == .success)
    #expect(context.isOver)
    #expect(throws: JobCancelled.self) { try context.checkCancelled() }
    // A call that begins late is interrupted at once.
    context.onCancel { bell.ring() }
    #expect(bell.times == 2)
  }

  @Test func workThatHasEndedIsLeftAlone() throws {
    let bell = Bell()
    let context = HurriedContext(of: SilentContext(), seconds: 0.05)
    context.onCancel { bell.ring() }
    context.end()
    #expect(bell.rung.wait(timeout: .now() + 0.3) == .timedOut)
    #expect(!context.isOver)
    try context.checkCancelled()
  }
}
