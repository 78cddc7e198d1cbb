import Grid
import Widgets

/// Help for where one stands: what it is for, every command there with its keys; typing finds, Enter runs.
struct HelpOverlay: Overlay {
  private var help: HelpState

  init(_ state: WorkbenchState) {
    let title = state.screen == .start ? "Start" : state.focus.title
    let purpose =
      state.screen == .start
      ? "Open a dataset or begin a data flow. Everything can be done with keys, menus (\(state.keyLabel("menu"))) and the "
        + "palette (\(state.keyLabel("palette")))."
      : state.focus.purpose
    // Those without a key can be found by their title too.
    let all = state.registry.available(in: state.context)
    let commands = all.filter { !$0.keys.isEmpty } + all.filter { $0.keys.isEmpty }
    let entries = CommandGroup.allCases.flatMap { group in
      commands.filter { $0.group == group }.map { command in
        HelpEntry(
          command.id.name, group: group.rawValue, command.title,
          keys: command.keys.compactMap(KeyEvent.sequence).map { $0.map(\.label).joined(separator: " ") },
          summary: command.summary, reason: command.availability(state).reason)
      }
    }
    help = HelpState(title, purpose: purpose, entries: entries)
  }

  var hints: [(key: String, label: String)] {
    [("Enter", "run"), ("↑↓", "move"), ("type", "search"), ("Esc", "close")]
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch event {
    case .key(let key): return settle(help.handle(key), &state)
    case .mouse(let mouse):
      switch mouse.kind {
      case .scroll(.down): help.scroll(by: 3)
      case .scroll(.up): help.scroll(by: -3)
      case .press(.left, _):
        guard let target = target(at: mouse.position, state) else { return .close() }
        return settle(help.click(target), &state)
      default: break
      }
    case .paste, .resize, .wake, .hangup, .terminate: break
    }
    return .stay()
  }

  private func settle(_ event: PaletteEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch event {
    case .ignored, .handled: return .stay()
    case .chosen(let id): return .run(CommandID(id))
    case .refused(let reason):
      state.say(reason, .warning)
      return .stay()
    case .cancelled: return .close()
    }
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let bounds = Rect(x: 0, y: 1, width: state.size.width, height: max(0, state.size.height - 2))
    return HelpSheet(help).draw(in: bounds, on: &grid, state.drawing)
  }
}
