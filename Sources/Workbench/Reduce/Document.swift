import Engine
import Flow
import Frame

/// Shows a flow that was read from disk or restored.
func show(_ flow: FlowFile, path: String?, _ state: inout WorkbenchState) -> [Effect] {
  state.flow = flow
  state.savedFlow = flow
  state.flowPath = path
  state.undo = []
  state.redo = []
  state.screen = .workbench
  state.chart = ChartState()
  state.keptCharts = []
  state.analyses = AnalysesState()
  state.flowPane = FlowPaneState()
  state.focus = flow.analyses.isEmpty ? .table : .analyses
  let last = flow.graph.outline.last?.id
  var effects: [Effect] = path.map { [.remember(path: $0)] } ?? []
  if let first = flow.analyses.first {
    state.chart.shown = .analysis(first.id)
  }
  if let last {
    effects += open(last, &state)
    alignFlowCursor(&state)
  } else {
    effects += cancelViews(state.table.views, state)
    state.table.views = []
    state.selected = nil
  }
  return effects
}

/// Puts a source beside those of the flow, to be joined or concatenated.
func addSource(_ source: Source, _ state: inout WorkbenchState) -> [Effect] {
  var source = source
  source.location = FilePaths.absolute(source.location, in: state.workingFolder)
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
  var source = source
  source.location = FilePaths.absolute(source.location, in: state.workingFolder)
  var flow = FlowFile(name: source.name)
  let node = flow.graph.addSource(source)
  state.flow = flow
  state.savedFlow = flow
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
