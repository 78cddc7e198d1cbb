import Engine
import Flow
import Grid
import Widgets

/// The flow as a tree: steps on a trunk, analyses as twigs beside the step that they look at.
func drawFlowPane(_ state: WorkbenchState, into grid: inout CellGrid, in rect: Rect, hits: inout HitMap) {
  let lines = flowLines(state)
  let tree = TreeView(
    lines.map { flowRow($0, state) }, cursor: lines.isEmpty ? nil : state.flowPane.cursor,
    isFocused: state.focus == .flow, name: "flow",
    placeholder: "No flow yet: \(state.keyLabel("file.newFlow")) begins one.")
  hits.add(tree.draw(in: rect, on: &grid, state.drawing))
  drawPlus(state, lines, into: &grid, in: rect, &hits)
}

/// The plus sign on the selected step: what adds to it.
private func drawPlus(
  _ state: WorkbenchState, _ lines: [FlowPaneState.Line], into grid: inout CellGrid, in rect: Rect,
  _ hits: inout HitMap
) {
  guard lines.indices.contains(state.flowPane.cursor), case .step = lines[state.flowPane.cursor], rect.width > 16,
    let row = hits.rect(of: .item("flow", state.flowPane.cursor))
  else { return }
  let sign = Rect(x: row.maxX - 4, y: row.y, width: 3, height: 1)
  let background = grid[sign.x, sign.y].style.background
  grid.draw(
    "[+]", x: sign.x, y: sign.y,
    style: state.drawing.style(state.drawing.theme.ui.borderFocus, .bold).with(background: background), width: 3)
  hits.add(sign, .command("flow.plus"))
}

private func flowRow(_ line: FlowPaneState.Line, _ state: WorkbenchState) -> TreeRow {
  switch line {
  case .step(let id, _):
    guard let step = state.flow.graph[id] else { return TreeRow(.step, id.rawValue) }
    return TreeRow(
      .step, step.title, detail: summary(of: step), depth: branchDepth(id, state),
      isRoot: step.operation.kind == .source, isEnabled: step.isEnabled)
  case .analysis(let id, _):
    guard let analysis = state.flow[analysis: id] else { return TreeRow(.analysis, "#\(id)") }
    let (badge, level) = analysisBadge(analysis, state)
    return TreeRow(
      .analysis, analysis.name, badge: badge, level: level, depth: branchDepth(analysis.node, state) + 1)
  }
}

/// Steps in a row stand under each other; only a second branch is set in.
private func branchDepth(_ id: StepID, _ state: WorkbenchState) -> Int {
  var depth = 0
  var current = id
  while let parent = state.flow.graph.parent(of: current) {
    let siblings = state.flow.graph.children(of: parent)
    if siblings.count > 1, siblings.last != current { depth += 1 }
    current = parent
  }
  return depth
}

private func summary(of step: Step) -> String {
  if case .source(let source) = step.operation { return source.name }
  return step.operation.summary
}

/// How an analysis stands: done, running with its share, waiting, or not run.
func analysisBadge(_ analysis: Analysis, _ state: WorkbenchState) -> (String, Level?) {
  let ascii = state.drawing.glyphs == .ascii
  if let request = state.requests.first(where: { $0.value == .analysis(analysis.id) })?.key,
    let row = state.jobs.rows.first(where: { $0.id == request })
  {
    if row.state == .queued { return ("queued", nil) }
    return ((ascii ? "> " : "▸ ") + (row.fraction.map { "\(Int($0 * 100))%" } ?? "…"), .info)
  }
  if analysis.result == nil { return ("!", .warning) }
  if isStale(analysis, state) { return (ascii ? "old" : "✓ old", .warning) }
  return (ascii ? "ok" : "✓", .success)
}

/// True when the step or the data has changed since the result was computed.
func isStale(_ analysis: Analysis, _ state: WorkbenchState) -> Bool {
  guard let made = analysis.provenance?.fingerprint, let now = state.fingerprints[analysis.node] else { return false }
  return now != made
}

/// Takes the fingerprints of all steps that analyses hang on. Called when the flow changes, not when it is drawn.
func updateFingerprints(_ state: inout WorkbenchState) {
  var found: [StepID: String] = [:]
  for node in Set(state.flow.analyses.map(\.node)) {
    found[node] = try? Fingerprint.of(NodeRequest(graph: state.flow.graph, node: node))
  }
  state.fingerprints = found
}
