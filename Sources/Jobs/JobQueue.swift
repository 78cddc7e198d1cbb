import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Runs work on background threads, one thread a lane, first come first served within a lane; lasting work has a thread a job.
///
/// A cancelled job that has not started never starts; one that runs is asked to stop, and whatever it still says is
/// dropped. Every submitted job ends with exactly one `.ended` event.
public final class JobQueue<Output: Sendable>: Sendable {
  public typealias Work = @Sendable (any JobContext) throws -> Output

  private struct Entry {
    let id: JobID
    let work: Work
    let context: RunningContext<Output>
  }

  private struct State {
    var nextNumber = 1
    var waiting: [JobLane: [Entry]] = [:]
    var contexts: [JobID: RunningContext<Output>] = [:]
    var isClosed = false
  }

  private let state: SharedState
  private let mailbox: Mailbox<Output>

  /// A state behind a condition variable that the workers wait on.
  private final class SharedState: @unchecked Sendable {
    let condition = NSCondition()
    var value = State()

    func withLock<Result>(_ body: (inout State) throws -> Result) rethrows -> Result {
      condition.lock()
      defer { condition.unlock() }
      return try body(&value)
    }
  }

  /// - Parameter mailbox: where the events go; its `wake` runs on worker threads.
  public init(mailbox: Mailbox<Output>) {
    self.mailbox = mailbox
    let state = SharedState()
    self.state = state
    for lane in JobLane.allCases where lane != .lasting {
      Self.startThread(lane) { Self.serve(lane, state, mailbox) }
    }
  }

  private static func startThread(_ lane: JobLane, _ body: @escaping @Sendable () -> Void) {
    let thread = Thread(block: body)
    thread.name = "assay \(lane)"
    thread.stackSize = 8 << 20
    thread.start()
  }

  deinit { close() }

  /// Queues `work` and returns at once.
  @discardableResult
  public func submit(_ lane: JobLane, _ work: @escaping Work) -> JobID {
    state.withLock { [state, mailbox] value in
      let id = JobID(value.nextNumber)
      value.nextNumber += 1
      let context = RunningContext<Output>(id: id, mailbox: mailbox)
      value.contexts[id] = context
      let entry = Entry(id: id, work: work, context: context)
      if lane == .lasting {
        Self.startThread(lane) { Self.run(entry, state, mailbox) }
      } else {
        value.waiting[lane, default: []].append(entry)
        state.condition.broadcast()
      }
      return id
    }
  }

  /// Asks a job to stop. Its `.ended(.cancelled)` comes at once when it waits, and when it notices when it runs.
  public func cancel(_ id: JobID) {
    let (context, waited) = state.withLock { value in
      let context = value.contexts[id]
      var waited = false
      for lane in JobLane.allCases {
        guard let index = value.waiting[lane]?.firstIndex(where: { $0.id == id }) else { continue }
        value.waiting[lane]?.remove(at: index)
        value.contexts[id] = nil
        waited = true
      }
      return (context, waited)
    }
    context?.cancel()
    if waited { mailbox.post(.ended(id, .cancelled)) }
  }

  /// Asks everything to stop.
  public func cancelAll() {
    for id in state.withLock({ Array($0.contexts.keys) }) { cancel(id) }
  }

  /// True while anything waits or runs.
  public var isBusy: Bool { state.withLock { !$0.contexts.isEmpty } }

  /// Cancels everything and lets the threads end.
  public func close() {
    cancelAll()
    state.withLock { value in
      value.isClosed = true
      state.condition.broadcast()
    }
  }

  private static func serve(_ lane: JobLane, _ state: SharedState, _ mailbox: Mailbox<Output>) {
    if lane == .heavy { lowerPriority() }
    while let entry = next(lane, state) { run(entry, state, mailbox) }
  }

  private static func run(_ entry: Entry, _ state: SharedState, _ mailbox: Mailbox<Output>) {
    mailbox.post(.started(entry.id))
    let ending: JobEnding<Output>
    do {
      try entry.context.checkCancelled()
      ending = .done(try entry.work(entry.context))
    } catch is JobCancelled {
      ending = .cancelled
    } catch {
      ending = entry.context.isCancelled ? .cancelled : .failed(error)
    }
    entry.context.end()
    _ = state.withLock { $0.contexts.removeValue(forKey: entry.id) }
    mailbox.post(.ended(entry.id, ending))
  }

  private static func next(_ lane: JobLane, _ state: SharedState) -> Entry? {
    state.condition.lock()
    defer { state.condition.unlock() }
    while true {
      if state.value.isClosed { return nil }
      if var queue = state.value.waiting[lane], !queue.isEmpty {
        let entry = queue.removeFirst()
        state.value.waiting[lane] = queue
        return entry
      }
      state.condition.wait()
    }
  }

  /// Threads that a native library starts from this one inherit the lower priority, so that keys stay quick while a
  /// model trains on every core.
  private static func lowerPriority() {
    #if os(Linux)
      setpriority(__priority_which_t(UInt32(PRIO_PROCESS.rawValue)), 0, 10)
    #endif
  }
}
