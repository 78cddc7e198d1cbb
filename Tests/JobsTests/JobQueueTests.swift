import Foundation
import Synchronization
import Testing

@testable import Jobs

struct JobQueueTests {
  /// A queue whose events can be waited for.
  final class Harness: Sendable {
    let mailbox: Mailbox<Int>
    let queue: JobQueue<Int>
    private let arrived = DispatchSemaphore(value: 0)

    init() {
      let arrived = self.arrived
      mailbox = Mailbox { arrived.signal() }
      queue = JobQueue(mailbox: mailbox)
    }

    func events(until isLast: (JobEvent<Int>) -> Bool) -> [JobEvent<Int>] {
      var events: [JobEvent<Int>] = []
      while !events.contains(where: isLast) {
        guard arrived.wait(timeout: .now() + 10) == .success else { return events }
        events += mailbox.drain()
      }
      return events
    }

    func ending(of id: JobID) -> JobEnding<Int>? {
      for case .ended(id, let ending) in events(until: { if case .ended(id, _) = $0 { true } else { false } }) {
        return ending
      }
      return nil
    }
  }

  @Test func resultOfAJobArrivesOnce() {
    let harness = Harness()
    let id = harness.queue.submit(.standard) { _ in 42 }
    guard case .done(42)? = harness.ending(of: id) else {
      Issue.record("no result")
      return
    }
    #expect(!harness.queue.isBusy)
  }

  @Test func anErrorEndsTheJobAsFailed() {
    struct Broken: Error {}
    let harness = Harness()
    let id = harness.queue.submit(.standard) { _ in throw Broken() }
    guard case .failed(let error)? = harness.ending(of: id) else {
      Issue.record("did not fail")
      return
    }
    #expect(error is Broken)
  }

  @Test func aRunningJobNoticesThatItIsCancelled() {
    let harness = Harness()
    let started = DispatchSemaphore(value: 0)
    let id = harness.queue.submit(.heavy) { context in
      started.signal()
      while true {
        try context.checkCancelled()
        Thread.sleep(forTimeInterval: 0.001)
      }
    }
    started.wait()
    harness.queue.cancel(id)
    guard case .cancelled? = harness.ending(of: id) else {
      Issue.record("was not cancelled")
      return
    }
  }

  @Test func aCancelledJobInterruptsItsNativeCall() {
    let harness = Harness()
    let started = DispatchSemaphore(value: 0)
    let id = harness.queue.submit(.heavy) { context in
      let interrupted = DispatchSemaphore(value: 0)
      context.onCancel { interrupted.signal() }
      started.signal()
      guard interrupted.wait(timeout: .now() + 5) == .success else { return 1 }
      try context.checkCancelled()
      return 2
    }
    started.wait()
    harness.queue.cancel(id)
    guard case .cancelled? = harness.ending(of: id) else {
      Issue.record("was not cancelled")
      return
    }
  }

  @Test func aWaitingJobThatIsCancelledNeverStarts() {
    let harness = Harness()
    let gate = DispatchSemaphore(value: 0)
    let ran = Mutex(false)
    let first = harness.queue.submit(.standard) { _ in
      gate.wait()
      return 1
    }
    let second = harness.queue.submit(.standard) { _ in
      ran.withLock { $0 = true }
      return 2
    }
    harness.queue.cancel(second)
    gate.signal()
    _ = harness.ending(of: first)
    #expect(!ran.withLock { $0 })
  }

  @Test func lanesDoNotWaitForEachOther() {
    let harness = Harness()
    let gate = DispatchSemaphore(value: 0)
    harness.queue.submit(.heavy) { _ in
      gate.wait()
      return 1
    }
    let quick = harness.queue.submit(.interactive) { _ in 2 }
    guard case .done(2)? = harness.ending(of: quick) else {
      Issue.record("the interactive lane waited")
      return
    }
    gate.signal()
  }

  @Test func lastingJobsRunBesideEachOtherUntilTheyAreCancelled() {
    let harness = Harness()
    let started = DispatchSemaphore(value: 0)
    let jobs = (0..<3).map { _ in
      harness.queue.submit(.lasting) { context in
        started.signal()
        while true {
          try context.checkCancelled()
          Thread.sleep(forTimeInterval: 0.001)
        }
      }
    }
    for _ in jobs { #expect(started.wait(timeout: .now() + 10) == .success) }
    harness.queue.close()
    let events = harness.events { if case .ended = $0 { true } else { false } }
    #expect(events.contains { if case .ended(_, .cancelled) = $0 { true } else { false } })
  }

  @Test func onlyTheNewestProgressIsKeptAndItNeverGoesBack() {
    let mailbox = Mailbox<Int> {}
    let context = RunningContext(id: JobID(1), mailbox: mailbox)
    context.report(0.5, "half")
    context.report(0.4, "less")
    let events = mailbox.drain()
    #expect(events.count == 1)
    guard case .progress(_, let progress)? = events.first else {
      Issue.record("no progress")
      return
    }
    #expect(progress == JobProgress(fraction: 0.5, note: "less"))
  }

  @Test func lateReportsOfACancelledJobAreDropped() {
    let mailbox = Mailbox<Int> {}
    let context = RunningContext(id: JobID(1), mailbox: mailbox)
    context.cancel()
    context.report(0.5, "half")
    context.emit(3)
    #expect(mailbox.drain().isEmpty)
  }

  @Test func aPartFillsItsRangeOfTheWhole() {
    let mailbox = Mailbox<Int> {}
    let part = PartContext(of: RunningContext(id: JobID(1), mailbox: mailbox), 0.5...1)
    part.report(0.5, "inner")
    guard case .progress(_, let progress)? = mailbox.drain().first else {
      Issue.record("no progress")
      return
    }
    #expect(progress.fraction == 0.75)
  }
}
