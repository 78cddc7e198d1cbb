import Grid
import Widgets

/// The row under the table's cursor as a card: left and right go to the rows beside it.
struct RowCardOverlay: Overlay {
  private var top = 0

  var hints: [(key: String, label: String)] {
    [("←→", "row before/next"), ("↑↓", "scroll"), ("Esc", "close")]
  }

  private func text(_ state: WorkbenchState) -> (title: String, text: ScrollText) {
    guard let view = state.table.current else { return ("Row", ScrollText("")) }
    let title = "Row \(Number.grouped(view.row + 1))"
    guard view.isLoaded(view.row) else { return (title, ScrollText("Reading…")) }
    let lines = card(of: view, width: min(100, state.size.width - 12))
    return (title, ScrollText(lines.joined(separator: "\n"), top: top, wraps: false))
  }

  private func frame(_ state: WorkbenchState) -> Rect {
    let bounds = Rect(state.size).inset(dx: state.size.width >= 60 ? 3 : 0, dy: state.size.height >= 20 ? 2 : 1)
    // As wide for every row, so that it does not jump from one to the next.
    let width = min(100, bounds.width - 4)
    let height = text(state).text.lines.count
    return DialogFrame.rect(for: Size(width: width, height: max(3, height)), in: bounds)
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    let inner = DialogFrame.inner(frame(state))
    let last = text(state).text.lastTop(inner.size)
    switch event {
    case .key(let key):
      switch key.code {
      case .escape, .enter, .character("q"): return .close()
      case .right, .character("l"), .character("n"): state.table.changeCurrent { $0.moveRow(to: $0.row + 1) }
      case .left, .character("h"), .character("N"): state.table.changeCurrent { $0.moveRow(to: $0.row - 1) }
      case .down, .character("j"): top = min(last, top + 1)
      case .up, .character("k"): top = max(0, top - 1)
      case .pageDown, .character(" "): top = min(last, top + max(1, inner.height - 1))
      case .pageUp: top = max(0, top - max(1, inner.height - 1))
      case .home, .character("g"): top = 0
      case .end, .character("G"): top = last
      default: break
      }
    case .mouse(let mouse):
      switch mouse.kind {
      case .scroll(.down): top = min(last, top + 3)
      case .scroll(.up): top = max(0, top - 3)
      case .press where !frame(state).contains(mouse.position): return .close()
      default: break
      }
    case .paste, .resize, .wake, .hangup, .terminate: break
    }
    return .stay()
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let rect = frame(state)
    let shown = text(state)
    let hits = DialogFrame(shown.title, hints: "Left/Right: other rows  Esc: close").draw(
      in: rect, on: &grid, state.drawing)
    shown.text.draw(in: DialogFrame.inner(rect), on: &grid, state.drawing)
    return hits
  }
}
