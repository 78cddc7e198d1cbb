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

  /// Commands of the focused pane stand before those of everywhere, then what was chosen lately, then often.
  private static func items(_ state: WorkbenchState) -> [PaletteItem] {
    let here = state.context
    // Moving the cursor by palette helps nobody.
    let commands = state.registry.commands.filter { !$0.contexts.isEmpty && $0.group != .move }
    let ordered = commands.enumerated().sorted {
      ($1.element.priority, $0.offset) < ($0.element.priority, $1.offset)
    }.map(\.element)
    var items = ordered.map { command -> PaletteItem in
      let isHere = here.chain.dropLast().contains { command.contexts.contains($0) }
      let key = command.keys.first.flatMap(KeyEvent.sequence)?.map(\.label).joined(separator: " ") ?? ""
      let reason = command.availability(state).reason
      let id = "command:" + command.id.name
      return PaletteItem(
        id, command.title, detail: command.summary, key: isHere || command.contexts.contains(.everywhere) ? key : "",
        reason: reason, rank: (isHere ? 48 : 0) + (reason == nil ? 8 : 0) + state.commandUse.rank(id))
    }
    items += state.flow.graph.steps.map { step in
      PaletteItem(
        "step:" + step.id.rawValue, "Go to step \(shown(step.title))", detail: step.operation.summary, rank: 5)
    }
    items += state.flow.analyses.map { PaletteItem("analysis:\($0.id)", "Go to analysis \(shown($0.name))", rank: 5) }
    items += (currentExplanation(state)?.found.pages ?? []).enumerated().map { index, page in
      PaletteItem("picture:\(index)", "Show \(shown(page.title))", detail: page.help, rank: 6)
    }
    items += (state.table.current?.schema ?? []).enumerated().map { index, column in
      PaletteItem("column:\(index)", "Go to column \(shown(column.name))", detail: column.kind.rawValue, rank: 4)
    }
    items += files(state).map { PaletteItem("file:" + $0, "Open \(shown(fileName($0)))", detail: $0, rank: 3) }
    items += Glossary.all.map { entry in
      PaletteItem("term:" + entry.term, "Explain \(entry.term)", detail: entry.aliases.joined(separator: ", "))
    }
    return items
  }

  /// The files of the folder, those opened before and the samples, each once.
  private static func files(_ state: WorkbenchState) -> [String] {
    let open = datasetLines(state).filter { !$0.isCurrent && $0.cloud == nil }.compactMap(\.path)
    let samples = state.sampleFolder.map { folder in ["census.csv", "reviews.csv"].map { "\(folder)/\($0)" } } ?? []
    var seen: Set<String> = []
    return (state.recents + open + samples).filter { seen.insert($0).inserted }
  }

  private static func shown(_ name: String) -> String { name.isEmpty ? "(no name)" : name }

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
    case .chosen(let id):
      if id.hasPrefix("command:") { state.commandUse.note(id) }
      return go(to: id, &state)
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
    case "picture":
      let pages = currentExplanation(state)?.found.pages ?? []
      guard let place = Int(parts[1]), pages.indices.contains(place) else { return .close() }
      return .close(showPage(pages[place], &state))
    case "column":
      state.focus = .table
      if let index = Int(parts[1]) { state.table.changeCurrent { $0.moveColumn(to: index) } }
      return .close()
    case "file":
      if state.isDirty { return .replace(ConfirmOverlay.leaveUnsaved(opening: parts[1])) }
      return .close(openPath(parts[1], &state))
    case "term": return Glossary.entry(parts[1]).map { .replace(TextOverlay(explaining: $0)) } ?? .close()
    default: return .close()
    }
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let bounds = Rect(x: 0, y: 1, width: state.size.width, height: max(0, state.size.height - 2))
    return PaletteView(palette).draw(in: bounds, on: &grid, state.drawing)
  }
}
