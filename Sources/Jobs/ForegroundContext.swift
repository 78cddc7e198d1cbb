import Dispatch
import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The context of the one job of a process without a screen: runs on the calling thread, is cancelled by signals, and
/// hands its progress to a closure.
public final class ForegroundContext: JobContext {
  private struct State {
    var isCancelled = false
    var signal: Int32?
    var actions: [@Sendable () -> Void] = []
  }

  private let state = Mutex(State())
  private let progress: @Sendable (Double?, String) -> Void
  private let partial: @Sendable (any Sendable) -> Void

  /// - Parameters:
  ///   - progress: called from the working thread with a fraction in 0...1, or nil, and a note.
  ///   - partial: called from the working thread with what the work emits.
  public init(
    progress: @escaping @Sendable (Double?, String) -> Void = { _, _ in },
    partial: @escaping @Sendable (any Sendable) -> Void = { _ in }
  ) {
    self.progress = progress
    self.partial = partial
  }

  public var isCancelled: Bool { state.withLock { $0.isCancelled } }

  /// The signal that cancelled the job, nil where none did.
  public var signal: Int32? { state.withLock { $0.signal } }

  public func checkCancelled() throws {
    if isCancelled { throw JobCancelled() }
  }

  public func report(_ fraction: Double?, _ note: String) { progress(fraction, note) }

  public func emit(_ partial: any Sendable) { self.partial(partial) }

  public func onCancel(_ action: @escaping @Sendable () -> Void) {
    let runNow = state.withLock { state in
      if !state.isCancelled { state.actions.append(action) }
      return state.isCancelled
    }
    if runNow { action() }
  }

  /// Asks the job to stop. Any thread may call it.
  public func cancel(signal: Int32? = nil) {
    let actions = state.withLock { state in
      state.isCancelled = true
      state.signal = state.signal ?? signal
      defer { state.actions = [] }
      return state.actions
    }
    for action in actions { action() }
  }

  /// Runs `body`; the first of `signals` that arrives meanwhile cancels it, the second ends the process at once.
  public func withSignals<Result>(_ signals: [Int32] = [SIGINT, SIGTERM], _ body: () throws -> Result) rethrows
    -> Result
  {
    // A queue of its own gets a thread of its own: one of the shared queues may be busy for as long as the work lasts.
    let queue = DispatchQueue(label: "assay signals", qos: .userInteractive)
    let sources = signals.map { number in
      // A source sees a signal only when its default action is off.
      let previous = Foundation.signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { [weak self] in
        guard let self, !self.isCancelled else { _exit(128 + number) }
        self.cancel(signal: number)
      }
      source.resume()
      return (number, previous, source)
    }
    defer {
      for (number, previous, source) in sources {
        source.cancel()
        _ = Foundation.signal(number, previous)
      }
    }
    return try body()
  }
}
