import Dispatch
import Grid
import Plot
import Synchronization

/// One line at the bottom of a terminal that says how far the work is. Shown only to a person, and only when the work
/// takes longer than 300 ms; drawn over at most ten times a second; gone when the work ends.
final class ProgressLine: Sendable {
  private struct State {
    let start: UInt64
    var last: UInt64 = 0
    var isShown = false
    var isEnded = false
  }

  private static let delay: UInt64 = 300_000_000
  private static let interval: UInt64 = 100_000_000

  private let console: Console
  private let state: Mutex<State>
  private let isWanted: Bool

  init(_ console: Console) {
    self.console = console
    state = Mutex(State(start: DispatchTime.now().uptimeNanoseconds))
    isWanted = console.errorIsTerminal
    // Rows that appear on the screen show how far the work is.
    if isWanted, console.outputIsTerminal { console.beforeOutput { [weak self] in self?.end() } }
  }

  func report(_ fraction: Double?, _ note: String) {
    guard isWanted else { return }
    let now = DispatchTime.now().uptimeNanoseconds
    state.withLock { state in
      guard !state.isEnded, now - state.start >= Self.delay, now - state.last >= Self.interval else { return }
      state.last = now
      state.isShown = true
      let share = fraction.flatMap { $0 > 0 ? $0 : nil }.map { Numbers.percent($0, of: 1) + "  " } ?? ""
      let seconds = Numbers.fixed(Double(now - state.start) / 1e9, 1) + " s"
      console.draw("\r\u{1B}[K" + TextWidth.fit("\(share)\(note)  \(seconds)", 78))
    }
  }

  /// Takes the line away until the next report.
  func clear() {
    state.withLock { state in
      if state.isShown { console.draw("\r\u{1B}[K") }
      state.isShown = false
    }
  }

  func end() {
    clear()
    state.withLock { $0.isEnded = true }
  }
}
