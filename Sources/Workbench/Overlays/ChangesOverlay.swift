import Engine
import Flow
import Grid
import Widgets

/// The command log: what changed the flow in this session, with the place where undo stands. Enter goes there.
struct ChangesOverlay: Overlay {
  private var cursor: Int

  init(_ state: WorkbenchState) { cursor = max(0, state.undo.count - 1) }

  var hints: [(key: String, label: String)] { [("↑↓", "choose"), ("Enter", "go there"), ("Esc", "close")] }

  /// What each change did, oldest first: those that undo takes back, then those that redo does again.
  static func changes(_ state: WorkbenchState) -> [String] {
    let versions = state.undo + [state.flow] + state.redo.reversed()
    return zip(versions, versions.dropFirst()).map { FlowChange.summary(from: $0, to: $1) }
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    let last = max(0, state.undo.count + state.redo.count - 1)
    switch event {
    case .key(let key):
      switch key.code {
      case .escape, .character("q"), .character("D"): return .close()
      case .down, .character("j"), .tab: cursor = min(last, cursor + 1)
      case .up, .character("k"), .backTab: cursor = max(0, cursor - 1)
      case .home, .character("g"): cursor = 0
      case .end, .character("G"): cursor = last
      case .pageDown: cursor = min(last, cursor + 10)
      case .pageUp: cursor = max(0, cursor - 10)
      case .enter: return go(&state)
      default: break
      }
    case .mouse(let mouse):
      switch mouse.kind {
      case .scroll(.down): cursor = min(last, cursor + 1)
      case .scroll(.up): cursor = max(0, cursor - 1)
      case .press(.left, let clicks):
        switch target(at: mouse.position, state) {
        case .item("changes", let index)?:
          cursor = index
          if clicks > 1 { return go(&state) }
        case nil: return .close()
        default: break
        }
      case .press, .release, .drag, .scroll: break
      }
    case .paste, .resize, .wake, .hangup, .terminate: break
    }
    return .stay()
  }

  /// Undoes or redoes until the change under the cursor is the last one that holds.
  private func go(_ state: inout WorkbenchState) -> OverlayOutcome {
    var effects: [Effect] = []
    while state.undo.count > cursor + 1 { effects += run("edit.undo", &state) }
    while state.undo.count < cursor + 1, !state.redo.isEmpty { effects += run("edit.redo", &state) }
    return .close(effects)
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let context = state.drawing
    let changes = Self.changes(state)
    let bounds = FormDialog.bounds(state.size)
    let done = state.undo.count
    let items = changes.enumerated().map { index, text in
      let detail = index == done - 1 ? "now" : index >= done ? "undone: Z does it again" : ""
      return ListItem(
        "\(TextWidth.fit("\(index + 1)", 3, .right))  \(text)", detail: detail,
        level: index < done ? .success : .queued)
    }
    let widest = items.map { TextWidth.of($0.text) + TextWidth.of($0.detail) + 8 }.max() ?? 0
    let size = Size(width: max(44, min(90, widest)), height: max(3, items.count))
    let rect = DialogFrame.rect(for: size, in: bounds)
    let note = "\(done) done" + (state.redo.isEmpty ? "" : ", \(state.redo.count) undone")
    var hits = DialogFrame("Command log", note: note, hints: "Enter: go there  Esc: close")
      .draw(in: rect, on: &grid, context)
    let list = ListView(
      items, cursor: cursor, name: "changes", placeholder: "Nothing has changed the flow in this session.")
    hits.add(list.draw(in: DialogFrame.inner(rect), on: &grid, context))
    return hits
  }
}
