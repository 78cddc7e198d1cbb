import Synchronization

/// The context of one job in a queue.
final class RunningContext<Output: Sendable>: JobContext {
  private struct State {
    var isCancelled = false
    var hasEnded = false
    var fraction = 0.0
    var actions: [@Sendable () -> Void] = []
  }

  private let id: JobID
  private let mailbox: Mailbox<Output>
  private let state = Mutex(State())

  init(id: JobID, mailbox: Mailbox<Output>) {
    self.id = id
    self.mailbox = mailbox
  }

  var isCancelled: Bool { state.withLock { $0.isCancelled } }

  func checkCancelled() throws {
    if isCancelled { throw JobCancelled() }
  }

  func report(_ fraction: Double?, _ note: String) {
    let shown: Double?? = state.withLock { state in
      guard !state.isCancelled, !state.hasEnded else { return nil }
      guard let fraction, fraction.isFinite else { return .some(nil) }
      state.fraction = max(state.fraction, min(fraction, 1))
      return state.fraction
    }
    guard let shown else { return }
    mailbox.post(.progress(id, JobProgress(fraction: shown, note: note)))
  }

  func emit(_ partial: any Sendable) {
    let mayPost = state.withLock { !$0.isCancelled && !$0.hasEnded }
    if mayPost { mailbox.post(.partial(id, partial)) }
  }

  func onCancel(_ action: @escaping @Sendable () -> Void) {
    let runNow = state.withLock { state in
      if !state.isCancelled && !state.hasEnded { state.actions.append(action) }
      return state.isCancelled && !state.hasEnded
    }
    if runNow { action() }
  }

  func cancel() {
    let actions = state.withLock { state in
      defer {
        state.isCancelled = true
        state.actions = []
      }
      return state.actions
    }
    for action in actions { action() }
  }

  /// After the work has returned nothing more may be posted or interrupted.
  func end() {
    state.withLock { state in
      state.hasEnded = true
      state.actions = []
    }
  }
}
