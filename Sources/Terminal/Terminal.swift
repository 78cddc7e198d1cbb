// The loop: sleep until something happens, hand it to the application, draw once, sleep again.

import Grid
import Widgets

/// Why the loop ended.
public enum TerminalOutcome: Sendable, Equatable {
  case finished
  /// SIGTERM, or SIGINT from elsewhere: the process should exit with 143.
  case terminated
  /// The terminal is gone: the process should exit with 129.
  case hungUp

  /// The exit status that shells expect.
  public var status: Int32 {
    switch self {
    case .finished: 0
    case .terminated: 143
    case .hungUp: 129
    }
  }
}

/// Shows `application` on the terminal until it finishes or the terminal or process ends. The terminal is given back in
/// every case. Blocks the main thread; costs nothing while nothing happens.
///
/// - Throws: `TerminalError` where there is no terminal that can be used.
@MainActor
public func runTerminal(
  _ application: some TerminalApplication, options: TerminalOptions = .init()
) throws -> TerminalOutcome {
  let screen = try TerminalScreen(options: options)
  defer { screen.close() }
  application.start(size: screen.size, colors: screen.colors, wake: { TerminalScreen.wake() })
  var mustDraw = true
  while true {
    for request in application.takeRequests() {
      screen.perform(request)
      if request == .suspend || request == .redraw { mustDraw = true }
    }
    for report in screen.takeCopyReports() { application.copied(report) }
    if application.isFinished { return .finished }
    if mustDraw || application.needsDisplay {
      screen.present(application.draw(size: screen.size))
      mustDraw = false
    }
    let events = screen.nextEvents(timeout: application.tick)
    mustDraw = events.contains { if case .resize = $0 { true } else { false } }
    application.handle(events)
    if events.contains(.hangup) { return .hungUp }
    if events.contains(.terminate) { return .terminated }
  }
}
