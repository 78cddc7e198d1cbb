// What somebody may ask of a run that goes on.

import Foundation
import Jobs
import Synchronization

/// The reins of one run. Any thread may ask; the run looks at it between two rounds of a learner.
public final class AutoMLControl: Sendable {
  public enum Request: Codable, Hashable, Sendable {
    /// Trains nothing until `resume`; the clock of the run stands still.
    case pause
    case resume
    /// Ends the search: chooses and judges the ensemble of what is there.
    case finish
    /// Stops a candidate that is being trained; it counts as stopped.
    case stop(candidate: Int)
    /// Trains a candidate that failed or was stopped once more, next.
    case retry(candidate: Int)
    /// Tries settings around a candidate's next, several times.
    case boost(candidate: Int)
    /// Trains this next.
    case add(CandidateSpec)
  }

  private struct State {
    var isPaused = false
    var isFinishing = false
    var stopped: Set<Int> = []
    var waiting: [Request] = []
    var pausedSeconds = 0.0
    var pausedSince: UInt64?

    mutating func resume(_ now: UInt64) {
      isPaused = false
      if let since = pausedSince { pausedSeconds += Double(now - since) / 1e9 }
      pausedSince = nil
    }
  }

  private let state = Mutex(State())
  /// Those who wait for a pause to end.
  private let changed = NSCondition()

  public init() {}

  public func ask(_ request: Request) {
    let now = DispatchTime.now().uptimeNanoseconds
    state.withLock { state in
      switch request {
      case .pause where !state.isPaused && !state.isFinishing:
        state.isPaused = true
        state.pausedSince = now
      case .resume: state.resume(now)
      case .pause: break
      case .finish:
        // What is to end does not stand still.
        state.resume(now)
        state.isFinishing = true
      case .stop(let candidate): state.stopped.insert(candidate)
      case .retry, .boost, .add: state.waiting.append(request)
      }
    }
    wake()
  }

  /// Returns when the run is not paused, or when `isOver` says so.
  ///
  /// - Throws: `JobCancelled`.
  func waitWhilePaused(_ context: any JobContext, until isOver: () -> Bool = { false }) throws {
    guard isPaused else { return }
    context.onCancel { [weak self] in self?.wake() }
    while isPaused, !isOver() {
      try context.checkCancelled()
      changed.lock()
      // Whoever ends the pause says so under the lock; the limit is for contexts that tell nobody of their end.
      if isPaused, !isOver() { _ = changed.wait(until: Date(timeIntervalSinceNow: 0.5)) }
      changed.unlock()
    }
    try context.checkCancelled()
  }

  private func wake() {
    changed.lock()
    changed.broadcast()
    changed.unlock()
  }

  public var isPaused: Bool { state.withLock { $0.isPaused } }
  var isFinishing: Bool { state.withLock { $0.isFinishing } }
  func isStopped(_ candidate: Int) -> Bool { state.withLock { $0.stopped.contains(candidate) } }

  /// What is to be trained next; each request is given out once.
  func next() -> Request? { state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() } }

  var hasRequests: Bool { state.withLock { !$0.waiting.isEmpty } }

  /// Seconds that the run has stood still.
  var pausedSeconds: Double {
    let now = DispatchTime.now().uptimeNanoseconds
    return state.withLock { $0.pausedSeconds + ($0.pausedSince.map { Double(now - $0) / 1e9 } ?? 0) }
  }
}

/// The runs that go on, by the folder that they write: how a request finds its run.
public final class RunningTrainings: Sendable {
  private let controls = Mutex<[String: AutoMLControl]>([:])

  public init() {}

  /// Runs `body` with reins that `ask` finds while it goes on.
  public func during<Result>(_ folder: String, _ body: (AutoMLControl) throws -> Result) rethrows -> Result {
    let (key, control) = (Self.key(folder), AutoMLControl())
    controls.withLock { $0[key] = control }
    defer { controls.withLock { $0[key] = $0[key] === control ? nil : $0[key] } }
    return try body(control)
  }

  /// False where no run writes the folder.
  @discardableResult
  public func ask(_ request: AutoMLControl.Request, folder: String) -> Bool {
    guard let control = controls.withLock({ $0[Self.key(folder)] }) else { return false }
    control.ask(request)
    return true
  }

  private static func key(_ folder: String) -> String {
    URL(fileURLWithPath: folder).standardizedFileURL.path
  }
}
