import Engine
import Grid
import Widgets

/// The inspector as a sheet at the right, where it has no pane: arrows move to other columns, and it follows.
struct InspectorOverlay: Overlay {
  var hints: [(key: String, label: String)] {
    [("←→", "column"), ("↑↓", "scroll"), ("Enter", "freq"), ("Esc", "close")]
  }

  private func frame(_ state: WorkbenchState) -> Rect {
    let (_, below) = Rect(state.size).splitTop(1)
    let (_, body) = below.splitBottom(2)
    return body.splitRight(min(64, max(38, state.size.width * 6 / 10))).0
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch event {
    case .key(let key):
      switch key.code {
      case .escape, .character("q"), .character("i"): return .close()
      case .enter, .character("F"): return .run("table.frequency")
      case .right, .character("l"): state.table.changeCurrent { $0.moveColumn(by: 1) }
      case .left, .character("h"): state.table.changeCurrent { $0.moveColumn(by: -1) }
      case .down, .character("j"): state.inspector.scroll += 1
      case .up, .character("k"): state.inspector.scroll = max(0, state.inspector.scroll - 1)
      default: break
      }
    case .mouse(let mouse):
      switch mouse.kind {
      case .scroll(.down): state.inspector.scroll += 3
      case .scroll(.up): state.inspector.scroll = max(0, state.inspector.scroll - 3)
      case .press where !frame(state).contains(mouse.position): return .close()
      default: break
      }
    case .paste, .resize, .wake, .hangup, .terminate: break
    }
    return .stay()
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let rect = frame(state)
    grid.fill(rect, style: state.drawing.textStyle)
    let title = "i Inspector" + (currentColumn(state).map { " · " + $0.name } ?? "")
    PaneFrame(title, note: inspectorNote(state), isFocused: true).draw(in: rect, on: &grid, state.drawing)
    var hits = HitMap()
    drawInspectorPane(state, into: &grid, in: PaneFrame.inner(rect), hits: &hits)
    return hits
  }
}
