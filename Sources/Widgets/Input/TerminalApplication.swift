// The contract between an application and whatever shows it: a terminal, or a test that calls these by hand.

import Grid

/// Something only the terminal can do for the application.
public enum TerminalRequest: Hashable, Sendable {
  /// Stop as `^Z` does; the screen comes back when the shell continues the process.
  case suspend
  /// Paint everything again, whatever the terminal shows now.
  case redraw
  /// Put text on the clipboard; `copied` tells what became of it.
  case copy(String)
  case title(String)
  case bell
}

/// What became of a request to copy.
public struct CopyReport: Hashable, Sendable {
  public var isCopied: Bool
  /// By which way, or why not: `with wl-copy`.
  public var text: String

  public init(isCopied: Bool, _ text: String) {
    self.isCopied = isCopied
    self.text = text
  }
}

/// An application that a terminal can show.
///
/// The loop calls `start`, then forever: `handle` with all that has arrived, `requests`, and `draw` if `needsDisplay`.
/// It sleeps between events and costs nothing then.
@MainActor
public protocol TerminalApplication: AnyObject {
  /// Called once before the first `draw` with what the terminal can show; `wake` may be called from any thread and makes
  /// the loop call `handle([.wake])`.
  func start(size: Size, colors: ColorDepth, wake: @escaping @Sendable () -> Void)
  func handle(_ events: [InputEvent])
  /// The whole screen; called only after `needsDisplay` was true or the size changed.
  func draw(size: Size) -> CellGrid
  /// True when the last `handle` changed what `draw` returns.
  var needsDisplay: Bool { get }
  var isFinished: Bool { get }
  /// Seconds until the loop should send `.wake` by itself (a clock on the screen while a job runs); nil sleeps until input.
  var tick: Double? { get }
  /// Requests since the last call, in order.
  func takeRequests() -> [TerminalRequest]
  /// What became of the oldest request to copy that was not answered yet.
  func copied(_ report: CopyReport)
}

extension TerminalApplication {
  public var tick: Double? { nil }
  public func takeRequests() -> [TerminalRequest] { [] }
  public func copied(_ report: CopyReport) {}
}
