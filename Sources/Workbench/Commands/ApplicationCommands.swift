import Flow
import Widgets

private let hasLog: @Sendable (WorkbenchState) -> Availability = { state in
  state.log.isEmpty ? .disabled("nothing has been done yet that is worth a record: open a dataset") : .enabled
}

/// Help, palette, menus, messages, leaving: what every screen has.
let applicationCommands: [Command] = [
  Command(
    "help.pane", "Keys and help", "Shows what the focused pane is for and every key that works there; Enter runs one.",
    keys: ["?", "f1"], group: .look, menu: .help
  ) { state in
    state.overlays.append(HelpOverlay(state))
    return []
  },
  Command(
    "palette", "Command palette", "Finds a command, a file, a step, a column or an analysis by a few of its letters.",
    keys: ["ctrl-p", ":"], group: .look, menu: .help
  ) { state in
    state.overlays.append(PaletteOverlay(state))
    return []
  },
  Command(
    "help.explain", "Explain a term…",
    "Says what a statistic, a metric, a chart or a field means: a paragraph, its formula, its range, its source.",
    keys: ["f2"], group: .look, menu: .help
  ) { state in
    state.overlays.append(ExplainOverlay())
    return []
  },
  Command(
    "jump", "Jump to a place", "Puts letters on everything that can be clicked; typing them clicks it.",
    keys: ["ctrl-t"], group: .look, menu: .view
  ) { state in
    state.overlays.append(JumpOverlay())
    return []
  },
  Command(
    "log.changes", "Command log…",
    "Lists what was done in this session, as it is recorded; Enter goes back or forward to a change.",
    keys: ["D"], group: .look, menu: .flow, availability: hasLog
  ) { state in
    state.overlays.append(LogOverlay(state))
    return []
  },
  Command(
    "log.save", "Save session as…", "Copies the record of this session to a file that assay run does again.",
    group: .file, menu: .file, availability: hasLog
  ) { state in
    let stem = fileName(state.flow.name).split(separator: ".").first.map(String.init) ?? "session"
    state.overlays.append(TextPrompt.saveSession(suggestion: stem + ".assay"))
    return []
  },
  Command(
    "menu", "Menu bar", "Opens the menus; arrows move, Enter chooses.", keys: ["f10"], group: .look
  ) { state in openMenu(0, &state) },
  Command("menu.file", "File menu", "Opens the File menu.", keys: ["alt-f"], group: .look) { openMenu(0, &$0) },
  Command("menu.data", "Data menu", "Opens the Data menu.", keys: ["alt-d"], group: .look) { openMenu(1, &$0) },
  Command("menu.flow", "Flow menu", "Opens the Flow menu.", keys: ["alt-l"], group: .look) { openMenu(2, &$0) },
  Command("menu.analyze", "Analyze menu", "Opens the Analyze menu.", keys: ["alt-a"], group: .look) {
    openMenu(3, &$0)
  },
  Command("menu.model", "Model menu", "Opens the Model menu.", keys: ["alt-m"], group: .look) { openMenu(4, &$0) },
  Command("menu.view", "View menu", "Opens the View menu.", keys: ["alt-v"], group: .look) { openMenu(5, &$0) },
  Command("menu.help", "Help menu", "Opens the Help menu.", keys: ["alt-h"], group: .look) { openMenu(6, &$0) },
  Command(
    "error.last", "Last errors…", "Lists what failed in this session, each with its whole text.", keys: ["ctrl-e"],
    group: .look, menu: .help,
    availability: { $0.lastError == nil ? .disabled("nothing has failed so far") : .enabled }
  ) { state in
    state.overlays.append(ErrorsOverlay())
    return []
  },
  Command(
    "interrupt", "Cancel what runs", "Cancels the newest running job; with nothing to cancel it says how to quit.",
    keys: ["ctrl-c"], group: .change
  ) { state in
    guard state.jobs.active.isEmpty else { return run("jobs.cancelNewest", &state) }
    let back = state.keyLabel("back")
    let quit = "\(state.keyLabel("quit")) quits from anywhere."
    state.say(back.isEmpty ? quit : "\(back) goes back and quits at the start; \(quit)")
    return []
  },
  Command("suspend", "Suspend", "Hands the terminal back to the shell; fg returns.", keys: ["ctrl-z"], group: .file) {
    _ in [.suspend]
  },
  Command(
    "back", "Back", "Leaves the view that was opened last; at the root it quits.", keys: ["q"], group: .pane,
    menu: .view
  ) { state in
    if state.table.views.count > 1 {
      let view = state.table.views.removeLast()
      state.focus = state.focus == .table && shownChart(state) != nil ? view.openedFrom : .table
      return cancelViews([view], state)
    }
    if state.zoom != .normal {
      state.zoom = .normal
      return []
    }
    return run("quit", &state)
  },
  Command(
    "escape", "Leave the mode", "Ends a sort, a filter or a zoom that only looks. Never quits.", keys: ["escape"],
    group: .pane
  ) { state in
    if state.message?.level == .error {
      state.message = nil
      return []
    }
    if state.focus == .datasets, state.datasets.filter != nil {
      clearDatasetFilter(&state)
      return []
    }
    if state.table.current?.rangeStart != nil {
      state.table.changeCurrent { $0.rangeStart = nil }
      return []
    }
    if let search = state.table.current?.search {
      state.table.changeCurrent { $0.search = nil }
      return search.request.map { [.cancel($0)] } ?? []
    }
    if state.table.current?.openedFrom == .table, let effects = clearNewestFilter(&state) { return effects }
    if state.table.views.count > 1 { return run("back", &state) }
    if let view = state.table.current, !view.request.look.sort.isEmpty { return sort(by: [], &state) }
    state.zoom = .normal
    return []
  },
  Command(
    "quit", "Quit", "Leaves assay; asks when something runs or is not saved.", keys: ["ctrl-q"], group: .file,
    menu: .file
  ) { state in
    let running = state.jobs.active.count(where: \.makesSomething)
    guard running > 0 || state.isDirty else { return [.forgetAutosave, .quit] }
    state.overlays.append(ConfirmOverlay.quit(running: running, unsaved: state.isDirty))
    return []
  },
]

/// Opens the menu with this number.
func openMenu(_ index: Int, _ state: inout WorkbenchState) -> [Effect] {
  state.overlays.append(MenuOverlay(menu: index, state))
  return []
}
