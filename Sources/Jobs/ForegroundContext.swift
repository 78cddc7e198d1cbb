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

  /// Time within which a second signal is the first one once more: a terminal and `timeout` send it to a process and to its
  /// group. What was to be stopped elsewhere is told so meanwhile.
  private static let echo = Duration.milliseconds(500)

  /// Runs `body`; the first of `signals` that arrives meanwhile cancels it, a second half a second later and more ends the
  /// process at once.
  public func withSignals<Result>(_ signals: [Int32] = [SIGINT, SIGTERM], _ body: () throws -> Result) rethrows
    -> Result
  {
    guard let pipe = SignalPipe(signals) else { return try body() }
    let previous = signals.map { (number: $0, action: Foundation.signal($0, SignalPipe.note)) }
    // Whoever started the process may have left the signals blocked; then no handler would ever run.
    var set = sigset_t()
    sigemptyset(&set)
    for number in signals { sigaddset(&set, number) }
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    let thread = Thread { [weak self] in
      var first: ContinuousClock.Instant?
      while let number = pipe.next() {
        if let first, first.duration(to: .now) < Self.echo { continue }
        guard let self, !self.isCancelled else { _exit(128 + number) }
        first = .now
        self.cancel(signal: number)
      }
    }
    thread.name = "assay signals"
    thread.start()
    defer {
      for (number, action) in previous { _ = Foundation.signal(number, action) }
      pipe.close()
    }
    return try body()
  }
}

/// Carries signals from the handler, which may do next to nothing, to a thread that may do anything.
private final class SignalPipe: Sendable {
  /// For each signal the end that the handler writes to; -1 while nobody listens. One listener a signal.
  nonisolated(unsafe) private static let writeEnds: UnsafeMutablePointer<Int32> = {
    let ends = UnsafeMutablePointer<Int32>.allocate(capacity: 65)
    ends.initialize(repeating: -1, count: 65)
    return ends
  }()

  private let ends: (read: Int32, write: Int32)

  private let signals: [Int32]

  init?(_ signals: [Int32]) {
    self.signals = signals.filter { (1..<65).contains($0) }
    var ends: [Int32] = [-1, -1]
    guard Foundation.pipe(&ends) == 0 else { return nil }
    self.ends = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    for number in self.signals { Self.writeEnds[Int(number)] = ends[1] }
  }

  /// The handler: one byte into the pipe.
  static let note: @convention(c) (Int32) -> Void = { number in
    var byte = UInt8(truncatingIfNeeded: number)
    _ = write(SignalPipe.writeEnds[Int(number)], &byte, 1)
  }

  /// The next signal; nil once the pipe is closed.
  func next() -> Int32? {
    var byte: UInt8 = 0
    while true {
      let count = read(ends.read, &byte, 1)
      if count == 1 { return Int32(byte) }
      if count == 0 || errno != EINTR {
        _ = Foundation.close(ends.read)
        return nil
      }
    }
  }

  func close() {
    for number in signals where Self.writeEnds[Int(number)] == ends.write { Self.writeEnds[Int(number)] = -1 }
    _ = Foundation.close(ends.write)
  }
}
