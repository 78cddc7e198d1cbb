import Engine
import Frame

/// Opening, saving, undoing.
let fileCommands: [Command] = [
  Command(
    "file.newFlow", "New data flow…", "Begins a flow: choose where the data is, look at it, import it.",
    keys: ["ctrl-n"],
    group: .file, menu: .file
  ) { state in
    state.overlays.append(SourceOverlay(state))
    return [.list(folder: state.workingFolder)]
  },
  Command(
    "file.open", "Open…", "Opens a dataset or a saved flow by its path.", keys: ["ctrl-o"], group: .file, menu: .file
  ) { state in
    state.overlays.append(FileOverlay(state, purpose: .open))
    return [.list(folder: state.workingFolder)]
  },
  Command(
    "file.save", "Save flow", "Saves the flow, its analyses and their results as a .flow file.", keys: ["ctrl-s"],
    group: .file, menu: .file, priority: 3, hint: "save",
    availability: { $0.screen == .start ? .disabled("there is no flow yet: open a dataset first") : .enabled }
  ) { state in
    if let path = state.flowPath { return [.save(state.flow, path: path)] }
    return run("file.saveAs", &state)
  },
  Command(
    "file.saveAs", "Save flow as…", "Saves the flow under another name.", group: .file, menu: .file,
    availability: { $0.screen == .start ? .disabled("there is no flow yet: open a dataset first") : .enabled }
  ) { state in
    let stem = state.flow.name.split(separator: ".").first.map(String.init) ?? "untitled"
    state.overlays.append(TextPrompt.save(suggestion: state.flowPath ?? stem + ".flow"))
    return []
  },
  Command(
    "file.write", "Write rows to a file…", "Writes the rows of the selected step as CSV, Parquet, JSON or Excel.",
    keys: ["e"],
    in: [.pane(.table), .pane(.flow)], group: .file, menu: .file,
    availability: { $0.table.current == nil ? .disabled("there is no step to write") : .enabled }
  ) { state in
    let stem = fileName(state.flow.name).split(separator: ".").first.map(String.init) ?? "rows"
    state.overlays.append(TextPrompt.write(suggestion: stem + ".out.csv"))
    return []
  },
  Command(
    "file.reload", "Read again", "Reads the source again, for a file that has changed.", keys: ["ctrl-r"], group: .file,
    menu: .file, availability: { $0.selectedStep == nil ? .disabled("there is no source yet") : .enabled }
  ) { state in readSourcesAgain(&state) },
  Command(
    "edit.undo", "Undo", "Takes back the last change of the flow.", keys: ["z", "U"], group: .change, menu: .flow,
    priority: 1, hint: "undo",
    availability: { $0.undo.isEmpty ? .disabled("nothing has been changed yet") : .enabled }
  ) { state in
    guard let before = state.undo.popLast() else { return [] }
    state.redo.append(state.flow)
    return restore(before, "Undone", .undo, &state)
  },
  Command(
    "edit.redo", "Redo", "Makes the change again that was undone last.", keys: ["Z", "R"], group: .change, menu: .flow,
    availability: { $0.redo.isEmpty ? .disabled("nothing has been undone") : .enabled }
  ) { state in
    guard let after = state.redo.popLast() else { return [] }
    state.undo.append(state.flow)
    return restore(after, "Done again", .redo, &state)
  },
  Command(
    "start.open", "Open", "Opens the line under the cursor.", keys: ["enter", "space", "l", "right"], in: [.start],
    group: .move, priority: 9, hint: "open"
  ) { state in openStartLine(&state) },
  Command(
    "start.down", "Down", "Moves to the next line.", keys: ["down", "j", "tab"], in: [.start], group: .move
  ) { state in
    let count = startLines(state).count
    state.start.cursor = count == 0 ? 0 : (state.start.cursor + 1) % count
    return []
  },
  Command(
    "start.up", "Up", "Moves to the line before.", keys: ["up", "k", "shift-tab"], in: [.start], group: .move
  ) { state in
    let count = startLines(state).count
    state.start.cursor = count == 0 ? 0 : (state.start.cursor + count - 1) % count
    return []
  },
  Command(
    "datasets.open", "Open the file", "Opens the dataset or flow under the cursor.", keys: ["enter"],
    in: [.pane(.datasets)], group: .move, priority: 9, hint: "open"
  ) { state in openDatasetLine(&state) },
  Command(
    "datasets.into", "Open the branch", "Shows what is below: of a bucket, a prefix, a database or a table.",
    keys: ["l", "right"], in: [.pane(.datasets)], group: .move
  ) { state in
    guard let line = currentCloudLine(state), let place = line.branch else { return openDatasetLine(&state) }
    return openBranch(place, &state)
  },
  Command(
    "datasets.down", "Next file", "Moves to the next line.", keys: ["down", "j"], in: [.pane(.datasets)], group: .move
  ) { state in
    state.datasets.cursor = max(0, min(datasetLines(state).count - 1, state.datasets.cursor + 1))
    return []
  },
  Command(
    "datasets.up", "File before", "Moves to the line before.", keys: ["up", "k"], in: [.pane(.datasets)], group: .move
  ) { state in
    state.datasets.cursor = max(0, state.datasets.cursor - 1)
    return []
  },
]

/// Shows another version of the flow without making it a new step of undo.
private func restore(
  _ flow: FlowFile, _ word: String, _ command: SessionCommand, _ state: inout WorkbenchState
) -> [Effect] {
  let graphChanged = flow.graph != state.flow.graph
  let merged = flow.keepingResults(of: state.flow)
  // What is being computed of the other version is not what this one shows.
  let outdated = state.requests.filter { _, purpose in
    guard case .analysis(let id) = purpose else { return false }
    return merged[analysis: id]?.spec != state.flow[analysis: id]?.spec
  }
  for id in outdated.keys { state.requests[id] = nil }
  state.recordChanges()
  state.flow = merged
  state.record(command)
  state.say("\(word). \(state.keyLabel("edit.undo")) undoes, \(state.keyLabel("edit.redo")) does again.")
  if let selected = state.selected, state.flow.graph[selected] == nil {
    state.selected = state.flow.graph.outline.last?.id
  }
  let analyses = Set(state.flow.analyses.map(\.id))
  dropCharts(&state) { chart in
    if case .analysis(let id)? = chart.shown { !analyses.contains(id) } else { false }
  }
  state.analyses.cursor = max(0, min(state.analyses.cursor, state.flow.analyses.count - 1))
  alignFlowCursor(&state)
  let effects: [Effect] = outdated.keys.map { .cancel($0) } + [.autosave(state.flow, path: state.flowPath)]
  return graphChanged ? effects + openSelected(&state) : effects
}

/// Reads the sources of the selected step again, wherever they are.
private func readSourcesAgain(_ state: inout WorkbenchState) -> [Effect] {
  guard let step = state.selectedStep else { return [] }
  for id in (try? state.flow.graph.path(to: step.id)) ?? [] {
    if case .source(let source)? = state.flow.graph[id]?.operation { Fingerprint.readAgain(source.location) }
  }
  updateFingerprints(&state)
  return openSelected(&state)
}
