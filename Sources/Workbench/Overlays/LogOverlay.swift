import Engine
import Flow
import Grid
import Widgets

/// The command log: what was done in this session, line by line as it is recorded, with the place where undo stands.
/// Enter on a change goes there.
struct LogOverlay: Overlay {
  private var cursor: Int

  init(_ state: WorkbenchState) { cursor = Self.history(state).now ?? max(0, state.log.count - 1) }

  var hints: [(key: String, label: String)] {
    [("↑↓", "choose"), ("Enter", "go there"), ("s", "save session"), ("Esc", "close")]
  }

  /// Which lines of the log are changes that undo can reach, and where they stand.
  struct History: Equatable {
    /// The lines of the changes that hold, oldest first, and of those that are undone, the next to do again last.
    var done: [Int] = []
    var undone: [Int] = []
    var now: Int? { done.last }
  }

  static func history(_ state: WorkbenchState) -> History {
    var history = History()
    for (index, line) in state.log.enumerated() {
      switch line.command {
      case .openData, .openFlow: history = History()
      case .edit(.replace) where index == 0: history = History()
      case .edit where !line.isJoined:
        history.done.append(index)
        history.undone = []
      case .undo: history.done.popLast().map { history.undone.append($0) }
      case .redo: history.undone.popLast().map { history.done.append($0) }
      case .edit, .fit, .runAnalysis, .writeRows, .exportChart, .exportReport, .exportModel, .predictRows, .exportFlow,
        .save:
        break
      }
    }
    return history
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    let last = max(0, state.log.count - 1)
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
      case .character("s"): return .run("log.save")
      case .enter: return go(&state)
      default: break
      }
    case .mouse(let mouse):
      switch mouse.kind {
      case .scroll(.down): cursor = min(last, cursor + 1)
      case .scroll(.up): cursor = max(0, cursor - 1)
      case .press(.left, let clicks):
        switch target(at: mouse.position, state) {
        case .item("log", let index)?:
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
    let history = Self.history(state)
    // A line that belongs to the change before it is that change.
    var line = cursor
    while line > 0, state.log.indices.contains(line), state.log[line].isJoined { line -= 1 }
    // Undo may reach less far back than the record.
    let older = history.done.count - state.undo.count
    var effects: [Effect] = []
    if let place = history.done.firstIndex(of: line), place + 1 >= older {
      for _ in 0..<(history.done.count - place - 1) { effects += run("edit.undo", &state) }
    } else if let place = history.undone.lastIndex(of: line) {
      for _ in place..<history.undone.count { effects += run("edit.redo", &state) }
    } else {
      state.say("This line is no change that undo can go to. The lines with ✓ and those undone are.", .warning)
      return .stay()
    }
    return .close(effects)
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let context = state.drawing
    let history = Self.history(state)
    let bounds = FormDialog.bounds(state.size)
    let (done, undone) = (Set(history.done), Set(history.undone))
    var level = Level.info
    let items = state.log.enumerated().map { index, line in
      if !line.isJoined { level = done.contains(index) ? .success : undone.contains(index) ? .queued : .info }
      let detail = index == history.now ? "now" : undone.contains(index) ? "undone" : ""
      let text = line.command.text.split(whereSeparator: \.isNewline).joined(separator: " ")
      return ListItem(
        "\(TextWidth.fit("\(index + 1)", 3, .right))  \(line.isJoined ? "+ " : "")\(text)", detail: detail, level: level
      )
    }
    let path = state.logPath.map { "Recorded in \(Self.short($0))" } ?? ""
    let widest =
      (items.map { TextWidth.of($0.text) + TextWidth.of($0.detail) + 8 } + [TextWidth.of(path) + 2]).max() ?? 0
    let size = Size(width: max(44, min(90, widest)), height: max(3, items.count) + 2)
    let rect = DialogFrame.rect(for: size, in: bounds)
    let note =
      "\(items.count) recorded" + (undone.isEmpty ? "" : ", \(undone.count) undone")
    var hits = DialogFrame("Command log", note: note, hints: "Enter: go there  s: save session as  Esc: close")
      .draw(in: rect, on: &grid, context)
    let (below, list) = DialogFrame.inner(rect).splitBottom(rect.height > 6 ? 2 : 0)
    let view = ListView(
      items, cursor: cursor, name: "log", placeholder: "Nothing has been done in this session yet.")
    hits.add(view.draw(in: list, on: &grid, context))
    if below.height > 1 {
      grid.draw(path, x: below.x, y: below.y + 1, style: context.mutedStyle, width: below.width)
    }
    return hits
  }

  /// A path with `~` for the home folder.
  private static func short(_ path: String) -> String {
    path.hasPrefix(Locations.home + "/") ? "~" + path.dropFirst(Locations.home.count) : path
  }
}
