/// What a piece of work may ask of whoever runs it, and tell them. Not a queue: see `JobQueue`.
///
/// Work is synchronous. It calls `checkCancelled()` in every outer loop, at least every 50 ms, reports how far it is,
/// and hands over partial results as they exist.
public protocol JobContext: Sendable {
  /// Throws `JobCancelled` once somebody asked for the work to stop.
  func checkCancelled() throws

  /// Says how far the work is: `fraction` in 0...1, or nil while that is unknown. Never goes back on screen.
  func report(_ fraction: Double?, _ note: String)

  /// Hands over a result that is usable before the work has ended.
  func emit(_ partial: any Sendable)

  /// Runs `action` once when the work is cancelled, from the cancelling thread; at once if it is cancelled already.
  /// Used to interrupt native calls that cannot poll.
  func onCancel(_ action: @escaping @Sendable () -> Void)
}

/// Thrown out of work that was cancelled. Not a failure.
public struct JobCancelled: Error, Sendable, CustomStringConvertible {
  public init() {}
  public var description: String { "cancelled" }
}

/// A context for tests and for calls that nobody watches: it never cancels and drops every report.
public struct SilentContext: JobContext {
  public init() {}
  public func checkCancelled() throws {}
  public func report(_ fraction: Double?, _ note: String) {}
  public func emit(_ partial: any Sendable) {}
  public func onCancel(_ action: @escaping @Sendable () -> Void) {}
}

/// A context that stands for one part of a larger piece of work: its fractions fill `range` of the whole.
public struct PartContext: JobContext {
  private let whole: any JobContext
  private let range: ClosedRange<Double>

  public init(of whole: any JobContext, _ range: ClosedRange<Double>) {
    self.whole = whole
    self.range = range
  }

  public func checkCancelled() throws { try whole.checkCancelled() }

  public func report(_ fraction: Double?, _ note: String) {
    let done = fraction.map { range.lowerBound + $0 * (range.upperBound - range.lowerBound) }
    whole.report(done ?? range.lowerBound, note)
  }

  public func emit(_ partial: any Sendable) { whole.emit(partial) }
  public func onCancel(_ action: @escaping @Sendable () -> Void) { whole.onCancel(action) }
}

/// Says nothing of how far a part of the work is; the whole does.
public struct QuietContext: JobContext {
  private let whole: any JobContext
  private let emits: Bool

  /// - Parameter emits: whether partial results are handed on.
  public init(_ whole: any JobContext, emits: Bool = true) { (self.whole, self.emits) = (whole, emits) }

  public func checkCancelled() throws { try whole.checkCancelled() }
  public func report(_ fraction: Double?, _ note: String) {}
  public func emit(_ partial: any Sendable) { if emits { whole.emit(partial) } }
  public func onCancel(_ action: @escaping @Sendable () -> Void) { whole.onCancel(action) }
}
