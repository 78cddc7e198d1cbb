// The time of a run, and what it tells.

import Foundation
import Jobs
import Synchronization

/// Seconds of a run: those of earlier runs into the folder count, those of a pause do not.
final class RunClock: Sendable {
  let limit: Double
  let control: AutoMLControl
  private let begun = DispatchTime.now().uptimeNanoseconds
  private let before: Mutex<Double>

  /// - Parameter spent: seconds that went before.
  init(limit: Double, spent: Double, control: AutoMLControl) {
    self.limit = limit
    self.control = control
    before = Mutex(spent)
  }

  /// Counts seconds of an earlier run.
  func add(_ seconds: Double) { before.withLock { $0 += seconds } }

  var elapsed: Double {
    before.withLock { $0 } + Double(DispatchTime.now().uptimeNanoseconds - begun) / 1e9 - control.pausedSeconds
  }

  /// A moment of this clock.
  func deadline(in seconds: Double) -> Deadline { Deadline(in: seconds, control: control) }
}

/// Tells whoever watches what happens. Any thread may.
final class Announcer: Sendable {
  private struct State {
    var phase = AutoMLPhase.preparing
    var best: Double?
    var left = 0.0
    var queue: [CandidateSummary] = []
    /// What is worked at, where how far the run is follows from its time.
    var work: String?
  }

  private let clock: RunClock
  private let metric: Objective
  private let context: any JobContext
  private let state = Mutex(State())

  init(_ clock: RunClock, _ metric: Objective, _ context: any JobContext) {
    (self.clock, self.metric, self.context) = (clock, metric, context)
  }

  /// - Parameter left: seconds that candidates may take from now on.
  func note(best: Double?, left: Double) {
    let end = clock.elapsed + left
    state.withLock { ($0.best, $0.left) = (best, end) }
  }

  /// - Parameter work: what takes the run's time from now on; nil where something else tells how far it is.
  func note(work: String?) {
    state.withLock { $0.work = work }
    reportTime()
  }

  private func reportTime() {
    guard let work = state.withLock({ $0.work }) else { return }
    context.report(min(clock.elapsed / clock.limit, 0.97), work)
  }

  func note(queue: [CandidateSummary]) { state.withLock { $0.queue = queue } }

  func enter(_ phase: AutoMLPhase) {
    let isNew = state.withLock { state in
      defer { state.phase = phase }
      return state.phase != phase
    }
    if isNew { tell(.phase(phase)) }
  }

  func tell(_ event: AutoMLProgress.Event) {
    let elapsed = clock.elapsed
    // Under the lock, so that events arrive in their order.
    state.withLock { state in
      context.emit(
        AutoMLProgress(
          event: event, phase: state.phase, best: state.best, metric: metric, elapsed: elapsed,
          timeLimit: clock.limit, left: max(0, state.left - elapsed), queue: state.queue))
    }
    reportTime()
  }
}

/// What a learner says while it learns.
struct LearningStep: Sendable {
  let step: Int
  let steps: Int
  let score: Double
  let name: String
}

/// Why a candidate was given up.
enum GivenUp: Error {
  case asked
  case outOfTime
}

/// What the learner of one fold may ask and tell: it waits while the run is paused, and is given up when the candidate is
/// stopped or the run's time is out.
struct FoldContext: JobContext {
  private let whole: any JobContext
  private let announcer: Announcer?
  private let control: AutoMLControl
  private let candidate: Int
  private let fold: Int
  private let hardStop: Deadline
  private let lastTold = Latest()

  private final class Latest: Sendable {
    let at = Mutex<UInt64>(0)
  }

  init(
    _ whole: any JobContext, _ announcer: Announcer?, _ control: AutoMLControl, candidate: Int, fold: Int,
    hardStop: Deadline
  ) {
    (self.whole, self.announcer, self.control) = (whole, announcer, control)
    (self.candidate, self.fold, self.hardStop) = (candidate, fold, hardStop)
  }

  func checkCancelled() throws {
    try whole.checkCancelled()
    try control.waitWhilePaused(whole) { control.isStopped(candidate) }
    if control.isStopped(candidate) { throw GivenUp.asked }
    if hardStop.hasPassed || control.isFinishing { throw GivenUp.outOfTime }
  }

  func report(_ fraction: Double?, _ note: String) {}

  func emit(_ partial: any Sendable) {
    guard let announcer, let step = partial as? LearningStep, step.score.isFinite else { return }
    let now = DispatchTime.now().uptimeNanoseconds
    let isDue = lastTold.at.withLock { last in
      // The first steps show the shape; later ones come four times a second.
      guard step.step == 1 || now > last + 250_000_000 else { return false }
      last = now
      return true
    }
    guard isDue else { return }
    announcer.tell(
      .learning(
        LearningPoint(
          candidate: candidate, fold: fold, step: step.step, steps: step.steps, score: step.score, name: step.name)))
  }

  func onCancel(_ action: @escaping @Sendable () -> Void) { whole.onCancel(action) }
}
