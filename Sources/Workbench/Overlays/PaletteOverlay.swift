import Engine
import Flow
import Grid
import Widgets

/// Finds anything by a few letters: commands, and files, steps, columns and analyses to go to. What suits the focused
/// pane comes first.
struct PaletteOverlay: Overlay {
  private var palette: PaletteState

  init(_ state: WorkbenchState) {
    palette = PaletteState(Self.items(state))
  }

  /// The columns of the table alone, under the names that they have on screen.
  init(columnsOf state: WorkbenchState) {
    let view = state.table.current
    palette = PaletteState(
      (view?.shownColumns ?? []).compactMap { index in
        guard let column = view?.schema[index] else { return nil }
        return PaletteItem(
          "column:\(index)", view?.arrangement.names[column.name] ?? column.name, detail: column.kind.rawValue)
      })
  }

  var hints: [(key: String, label: String)] {
    [("Enter", "run"), ("↑↓", "move"), ("type", "search"), ("Esc", "close")]
  }

  private static func items(_ state: WorkbenchState) -> [PaletteItem] {
    let here = state.context
    var items = state.registry.commands.filter { !$0.contexts.isEmpty }.compactMap { command -> PaletteItem? in
      // Moving the cursor by palette helps nobody.
      guard command.group != .move else { return nil }
      let isHere = command.contexts.contains(here)
      let key = command.keys.first.flatMap(KeyEvent.sequence)?.map(\.label).joined(separator: " ") ?? ""
      return PaletteItem(
        "command:" + command.id.name, command.title, detail: command.summary,
        key: isHere || command.contexts.contains(.everywhere) ? key : "",
        reason: command.availability(state).reason,
        rank: (isHere ? 30 : 0) + command.priority + (command.availability(state).isEnabled ? 10 : 0))
    }
    items += state.flow.graph.steps.map { step in
      PaletteItem("step:" + step.id.rawValue, "Go to step \(step.title)", detail: step.operation.summary, rank: 5)
    }
    items += state.flow.analyses.map { PaletteItem("analysis:\($0.id)", "Go to analysis \($0.name)", rank: 5) }
    items += (state.table.current?.schema ?? []).enumerated().map { index, column in
      PaletteItem("column:\(index)", "Go to column \(column.name)", detail: column.kind.rawValue, rank: 4)
    }
    items += state.recents.map { PaletteItem("file:" + $0, "Open \(fileName($0))", detail: $0, rank: 3) }
    return items
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch event {
    case .key(let key): return settle(palette.handle(key), &state)
    case .paste(let text):
      palette.paste(text)
    case .mouse(let mouse):
      switch mouse.kind {
      case .scroll(.down): palette.scroll(by: 3)
      case .scroll(.up): palette.scroll(by: -3)
      case .press(.left, _):
        guard let target = target(at: mouse.position, state) else { return .close() }
        return settle(palette.click(target), &state)
      default: break
      }
    case .resize, .wake, .hangup, .terminate: break
    }
    return .stay()
  }

  private func settle(_ event: PaletteEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch event {
    case .ignored, .handled: return .stay()
    case .cancelled: return .close()
    case .refused(let reason):
      state.say(reason, .warning)
      return .stay()
    case .chosen(let id): return go(to: id, &state)
    }
  }

  private func go(to id: String, _ state: inout WorkbenchState) -> OverlayOutcome {
    let parts = id.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return .close() }
    switch parts[0] {
    case "command": return .run(CommandID(parts[1]))
    case "step":
      state.focus = .flow
      let effects = open(StepID(parts[1]), &state)
      alignFlowCursor(&state)
      return .close(effects)
    case "analysis": return .close(Int(parts[1]).map { showAnalysis($0, focus: true, &state) } ?? [])
    case "column":
      state.focus = .table
      if let index = Int(parts[1]) { state.table.changeCurrent { $0.moveColumn(to: index) } }
      return .close()
    case "file": return .close(openPath(parts[1], &state))
    default: return .close()
    }
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let bounds = Rect(x: 0, y: 1, width: state.size.width, height: max(0, state.size.height - 2))
    return PaletteView(palette).draw(in: bounds, on: &grid, state.drawing)
  }
}
