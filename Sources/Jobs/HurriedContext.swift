import Dispatch
import Synchronization

/// A context for work that has only so many seconds: past them it is cancelled, though the whole goes on.
public final class HurriedContext: JobContext {
  private struct State {
    var hasEnded = false
    var isOver = false
    /// What interrupts the calls that are under way, or have been.
    var actions: [@Sendable () -> Void] = []
  }

  private let whole: any JobContext
  private let state = Mutex(State())

  /// The seconds count from now.
  public init(of whole: any JobContext, seconds: Double) {
    self.whole = whole
    DispatchQueue.global().asyncAfter(deadline: .now() + max(0, seconds)) { [weak self] in self?.stop() }
  }

  /// True once the time was up before the work had ended.
  public var isOver: Bool { state.withLock { $0.isOver } }

  /// Says that the work has ended: nothing is interrupted from now on.
  public func end() {
    state.withLock { ($0.hasEnded, $0.actions) = (true, []) }
  }

  private func stop() {
    let actions = state.withLock { state in
      guard !state.hasEnded else { return [@Sendable () -> Void]() }
      state.isOver = true
      defer { state.actions = [] }
      return state.actions
    }
    for action in actions { action() }
  }

  public func checkCancelled() throws {
    try whole.checkCancelled()
    if isOver { throw JobCancelled() }
  }

  public func report(_ fraction: Double?, _ note: String) { whole.report(fraction, note) }
  public func emit(_ partial: any Sendable) { whole.emit(partial) }

  public func onCancel(_ action: @escaping @Sendable () -> Void) {
    let isOver = state.withLock { state in
      if !state.isOver && !state.hasEnded { state.actions.append(action) }
      return state.isOver
    }
    if isOver { action() }
    whole.onCancel(action)
  }
}
