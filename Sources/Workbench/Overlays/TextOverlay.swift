import Grid
import Widgets

/// A text to read: a report, a row, an error. Scrolls; any way out closes it.
struct TextOverlay: Overlay {
  let title: String
  private var text: ScrollText
  private let widest: Int

  /// - Parameter wraps: break long lines at words; false keeps the columns of a report and scrolls sideways.
  /// - Parameter width: columns of text at most; nil takes all that there are.
  init(title: String, text: String, wraps: Bool = true, width: Int? = nil) {
    self.title = title
    widest = width ?? .max
    self.text = ScrollText(text, wraps: wraps)
  }

  var hints: [(key: String, label: String)] {
    [(text.wraps ? "↑↓" : "↑↓←→", "scroll"), ("PgDn", "page"), ("Esc", "close")]
  }

  private func frame(_ state: WorkbenchState) -> Rect {
    let bounds = Rect(state.size).inset(dx: state.size.width >= 60 ? 3 : 0, dy: state.size.height >= 20 ? 2 : 1)
    let longest = text.lines.map { TextWidth.of($0) }.max() ?? 0
    let width = min(max(40, longest + 1, TextWidth.of(title) + 8), bounds.width - 4, widest)
    let height = text.laidOut(width: max(1, width)).count
    return DialogFrame.rect(for: Size(width: width, height: max(3, height)), in: bounds)
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    let inner = DialogFrame.inner(frame(state))
    let last = text.lastTop(inner.size)
    let page = max(1, inner.height - 1)
    switch event {
    case .key(let key):
      switch key.code {
      case .escape, .enter, .character("q"): return .close()
      case .down, .character("j"): text.top = min(last, text.top + 1)
      case .up, .character("k"): text.top = max(0, text.top - 1)
      case .right, .character("l"): text.left = min(text.lastLeft(inner.width - 1), text.left + 8)
      case .left, .character("h"): text.left = max(0, text.left - 8)
      case .pageDown, .character(" "), .character("d"), .character("f"): text.top = min(last, text.top + page)
      case .pageUp, .character("u"), .character("b"): text.top = max(0, text.top - page)
      case .home, .character("g"): text.top = 0
      case .end, .character("G"): text.top = last
      default: break
      }
    case .mouse(let mouse):
      switch mouse.kind {
      case .scroll(.down): text.top = min(last, text.top + 3)
      case .scroll(.up): text.top = max(0, text.top - 3)
      case .press where !frame(state).contains(mouse.position): return .close()
      default: break
      }
    case .paste, .resize, .wake, .hangup, .terminate: break
    }
    return .stay()
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let rect = frame(state)
    let hits = DialogFrame(title, hints: "Esc: close").draw(in: rect, on: &grid, state.drawing)
    text.draw(in: DialogFrame.inner(rect), on: &grid, state.drawing)
    return hits
  }
}
