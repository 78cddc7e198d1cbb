import Grid
import Widgets

/// The last things that failed, newest first; below the list the whole text of the one under the cursor.
struct ErrorsOverlay: Overlay {
  private var cursor = 0

  var hints: [(key: String, label: String)] {
    [("↑↓", "choose"), ("Enter", "in full"), ("y", "copy"), ("Esc", "close")]
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    let last = max(0, state.errors.count - 1)
    switch event {
    case .key(let key):
      switch key.code {
      case .escape, .character("q"): return .close()
      case .down, .character("j"), .tab: cursor = min(last, cursor + 1)
      case .up, .character("k"), .backTab: cursor = max(0, cursor - 1)
      case .home, .character("g"): cursor = 0
      case .end, .character("G"): cursor = last
      case .character("y"):
        guard state.errors.indices.contains(cursor) else { return .stay() }
        return .stay([.copy(state.errors[cursor].text, what: "the error")])
      case .enter: return open(state)
      default: break
      }
    case .mouse(let mouse):
      switch mouse.kind {
      case .scroll(.down): cursor = min(last, cursor + 1)
      case .scroll(.up): cursor = max(0, cursor - 1)
      case .press(.left, let clicks):
        switch target(at: mouse.position, state) {
        case .item("errors", let index)?:
          cursor = index
          if clicks > 1 { return open(state) }
        case nil: return .close()
        default: break
        }
      case .press, .release, .drag, .scroll: break
      }
    case .paste, .resize, .wake, .hangup, .terminate: break
    }
    return .stay()
  }

  private func open(_ state: WorkbenchState) -> OverlayOutcome {
    guard state.errors.indices.contains(cursor) else { return .stay() }
    return .push(TextOverlay(title: "Error \(cursor + 1) of \(state.errors.count)", text: state.errors[cursor].text))
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let context = state.drawing
    let bounds = FormDialog.bounds(state.size)
    let across = max(1, min(90, bounds.width - 4))
    let text = state.errors.indices.contains(cursor) ? state.errors[cursor].text : ""
    let block = TextBlock(text)
    let rows = min(state.errors.count, max(1, bounds.height / 2 - 2))
    let size = Size(width: across, height: rows + 1 + block.height(width: across))
    let rect = DialogFrame.rect(for: size, in: bounds)
    let note = "\(state.errors.count)"
    var hits = DialogFrame("Last errors", note: note, hints: "Enter: in full  y: copy  Esc: close")
      .draw(in: rect, on: &grid, context)
    let (list, below) = DialogFrame.inner(rect).splitTop(rows)
    let items = state.errors.map { error in
      ListItem(
        error.text.split(separator: "\n").first.map(String.init) ?? "",
        detail: Number.duration(max(0, state.clock - error.at)) + " ago", level: .error)
    }
    hits.add(ListView(items, cursor: cursor, name: "errors").draw(in: list, on: &grid, context))
    _ = block.draw(in: below.splitTop(1).1, on: &grid, context)
    return hits
  }
}
