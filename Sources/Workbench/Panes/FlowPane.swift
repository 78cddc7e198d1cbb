import Engine
import Flow
import Grid
import Widgets

/// The flow as a tree: steps on a trunk, analyses as twigs beside the step that they look at.
func drawFlowPane(_ state: WorkbenchState, into grid: inout CellGrid, in rect: Rect, hits: inout HitMap) {
  let lines = flowLines(state)
  let rect = drawNote(state, lines, into: &grid, in: rect)
  let tree = TreeView(
    lines.map { flowRow($0, state) }, cursor: lines.isEmpty ? nil : state.flowPane.cursor,
    isFocused: state.focus == .flow, name: "flow",
    placeholder: "No flow yet: \(state.keyLabel("file.newFlow")) begins one.")
  hits.add(tree.draw(in: rect, on: &grid, state.drawing))
  drawPlus(state, lines, into: &grid, in: rect, &hits)
}

/// The note of the step under the cursor, at the bottom; returns what is left above.
private func drawNote(
  _ state: WorkbenchState, _ lines: [FlowPaneState.Line], into grid: inout CellGrid, in rect: Rect
) -> Rect {
  guard lines.indices.contains(state.flowPane.cursor), case .step(let id, _) = lines[state.flowPane.cursor],
    let note = state.flow.graph[id]?.note, rect.height >= 4, rect.width >= 12
  else { return rect }
  let mark = noteMark(state) + " "
  let all = wrapped(note.replacing("\n", with: " "), width: rect.width - 1 - mark.count)
  let shown = min(all.count, max(1, rect.height / 3))
  let (bottom, above) = rect.splitBottom(shown)
  for (offset, line) in all.prefix(shown).enumerated() {
    let isCut = offset == shown - 1 && all.count > shown
    let room = rect.width - 1 - mark.count
    let text = isCut ? TextWidth.fit(line + " " + all[shown], room) : line
    drawParts(
      [
        (offset == 0 ? " " + mark : String(repeating: " ", count: mark.count + 1), state.drawing.markStyle),
        (text, state.drawing.mutedStyle),
      ],
      into: &grid, in: Rect(x: bottom.x, y: bottom.y + offset, width: bottom.width, height: 1))
  }
  return above
}

/// What marks a step that has a note.
private func noteMark(_ state: WorkbenchState) -> String { state.drawing.glyphs == .ascii ? "*" : "✎" }

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
      .step, step.title, detail: summary(of: step), badge: step.note == nil ? "" : noteMark(state),
      depth: branchDepth(id, state), isRoot: step.operation.kind == .source || isBranch(id, state),
      isEnabled: step.isEnabled)
  case .analysis(let id, _):
    guard let analysis = state.flow[analysis: id] else { return TreeRow(.analysis, "#\(id)") }
    let (badge, level) = analysisBadge(analysis, state)
    return TreeRow(
      .analysis, analysis.name, badge: badge, level: level, depth: branchDepth(analysis.node, state) + 1)
  }
}

/// Whether a step is one of several parts of a split: each begins a branch.
private func isBranch(_ id: StepID, _ state: WorkbenchState) -> Bool {
  state.flow.graph[id]?.operation.splitParts.isEmpty == false && state.flow.graph.splitSteps(of: id).count > 1
}

/// Steps in a row stand under each other; only a second branch is set in, and all parts of a split.
private func branchDepth(_ id: StepID, _ state: WorkbenchState) -> Int {
  var depth = 0
  var current = id
  while let parent = state.flow.graph.parent(of: current) {
    let siblings = state.flow.graph.children(of: parent)
    if siblings.count > 1, siblings.last != current || isBranch(current, state) { depth += 1 }
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
  if let run = state.automl.runs[analysis.id], run.phase == .paused, !run.trials.isEmpty { return ("paused", .warning) }
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
