import Engine
import Flow
import Frame

/// Shows a flow that was read from disk or restored.
func show(_ flow: FlowFile, path: String?, _ state: inout WorkbenchState) -> [Effect] {
  let reading = flow.reading
  var flow = flow
  flow.reading = nil
  state.flow = flow
  state.savedFlow = flow
  recordOpened(flow, path, &state)
  // A file of another program is never overwritten: the flow is saved under a name of its own.
  state.flowPath = reading == nil ? path : nil
  state.undo = []
  state.redo = []
  state.screen = .workbench
  state.chart = ChartState()
  (state.automl.runs, state.automl.boards, state.automl.asked) = ([:], [:], [])
  state.automl.findings = [:]
  state.keptCharts = []
  state.analyses = AnalysesState()
  state.flowPane = FlowPaneState()
  state.focus = flow.analyses.isEmpty ? .table : .analyses
  let last = flow.graph.outline.last?.id
  var effects: [Effect] = path.map { [.remember(path: $0)] } ?? []
  if let first = flow.analyses.first {
    state.chart.shown = .analysis(first.id)
  }
  let remote = (try? flow.graph.remoteSources(for: flow.graph.leaves)) ?? []
  if let first = remote.first {
    // Nothing can be read yet: the flow pane shows where files are wanted.
    effects += cancelViews(state.table.views, state)
    state.table.views = []
    state.selected = first.id
    state.focus = .flow
    alignFlowCursor(&state)
  } else if let last {
    effects += open(last, &state)
    alignFlowCursor(&state)
  } else {
    effects += cancelViews(state.table.views, state)
    state.table.views = []
    state.selected = nil
  }
  if let reading { tell(reading, remote, &state) }
  return effects
}

/// Records how a flow came to be shown: from its file, or as it was in memory where no file has it.
private func recordOpened(_ flow: FlowFile, _ path: String?, _ state: inout WorkbenchState) {
  if let path { return state.record(.openFlow(path: path)) }
  let computed = flow.analyses.filter { $0.result != nil }.map { SessionLine(.runAnalysis($0.id)) }
  state.record([SessionLine(.edit(.replace(flow.withoutResults)))] + computed)
}

/// Shows the flow of a script. It is not saved as a flow yet.
func showScript(_ flow: FlowFile, path: String, _ state: inout WorkbenchState) -> [Effect] {
  let effects = show(flow, path: nil, &state)
  state.say("The flow of \(fileName(path)). Its analyses are not computed: r runs one.", .success)
  return effects + [.remember(path: path)]
}

/// Says once what came of a file of Data Wrangler. Each of its notes stands in the list of errors, to be read later.
private func tell(_ reading: DataWranglerReading, _ remote: [Step], _ state: inout WorkbenchState) {
  let notes = reading.important
  for note in notes.reversed() { state.say(note.sentence, .error) }
  let what = reading.summary.map { "\($0), see their notes" } ?? "everything runs"
  let sources = remote.isEmpty ? "" : " Press Enter on a source to choose its file."
  state.say("Read from Data Wrangler: \(what).\(sources)", notes.isEmpty ? .success : .warning)
}

/// Puts a source beside those of the flow, to be joined or concatenated.
func addSource(_ source: Source, _ state: inout WorkbenchState) -> [Effect] {
  let source = FilePaths.absolute(source, in: state.workingFolder)
  var added: StepID?
  let effects = state.edit { added = $0.graph.addSource(source) }
  guard let added else { return effects }
  state.selected = added
  alignFlowCursor(&state)
  state.say("Added \(source.name). + on a step joins or concatenates it; z undoes.", .success)
  return effects + [.remember(path: source.location)] + open(added, &state)
}

/// Begins a flow with a source. Its path is kept in full, so that the flow finds it from any folder.
func begin(_ source: Source, _ state: inout WorkbenchState) -> [Effect] {
  let source = FilePaths.absolute(source, in: state.workingFolder)
  var flow = FlowFile(name: source.name)
  let node = flow.graph.addSource(source)
  state.flow = flow
  state.savedFlow = flow
  state.record(.openData(source, step: node))
  state.flowPath = nil
  state.undo = []
  state.redo = []
  state.screen = .workbench
  state.focus = .table
  state.chart = ChartState()
  state.keptCharts = []
  state.analyses = AnalysesState()
  state.flowPane = FlowPaneState()
  return [.remember(path: source.location)] + open(node, &state)
}
