import Engine
import Explain
import Flow
import Frame
import Grid
import Plot

/// An explanation in front, with its result.
struct ExplainView: Sendable {
  let analysis: Analysis
  let spec: ExplainSpec
  let found: ExplainedTable
}

/// The explanation in front: that of the chart, or in the analyses pane the one under the cursor.
func currentExplanation(_ state: WorkbenchState) -> ExplainView? {
  var analysis = currentAnalysis(state)
  if state.focus != .analyses, case .analysis(let id)? = state.chart.shown { analysis = state.flow[analysis: id] }
  guard let analysis, case .explanation(let spec) = analysis.spec, case .explanation(let found)? = analysis.result
  else {
    return nil
  }
  return ExplainView(analysis: analysis, spec: spec, found: found)
}

/// What lies behind the mark of an explanation's chart: a column's dependence, or a row's waterfall. Nil for marks that
/// stand for rows of the table, and for other analyses.
func openExplanation(_ state: inout WorkbenchState) -> [Effect]? {
  guard state.focus == .chart, let view = currentExplanation(state), state.chart.box == nil else { return nil }
  switch shownChart(state) {
  case .content(let content)?:
    if let swarm = content as? ShapSwarm { return openDot(of: swarm, view, &state) }
    if let forces = content as? ShapForce { return open(forces.rows.map(\.row), view, &state) }
    if let decisions = content as? ShapDecision { return open(decisions.rows.map(\.row), view, &state) }
    guard content is ShapBars || content is RankedIntervals || content is ShapWaterfall else { return nil }
  case .heatmap?: break
  default: return nil
  }
  let marks = drawnMarks(state)
  guard marks.indices.contains(state.chart.cursor) else { return [] }
  switch marks[state.chart.cursor].selection {
  case .feature(let name), .pair(let name, _): return showDependence(of: name, view, &state)
  default: return []
  }
}

/// Turns to the picture of what a feature does.
private func showDependence(of feature: String, _ view: ExplainView, _ state: inout WorkbenchState) -> [Effect] {
  guard let page = view.found.pages.firstIndex(of: .dependence(feature)) else {
    state.say(
      !view.found.hasValues(of: feature)
        ? "\(feature) has no values to draw." : "\(feature) moves nothing, or little beside others.")
    return []
  }
  state.chart.page = page
  (state.chart.cursor, state.chart.view) = (0, .whole)
  return []
}

/// Opens the row whose mark the cursor stands on.
private func open(_ rows: [Int?], _ view: ExplainView, _ state: inout WorkbenchState) -> [Effect] {
  guard rows.indices.contains(state.chart.cursor), let row = rows[state.chart.cursor],
    let kept = view.found.kept.first(where: { $0.row == row })
  else { return [] }
  state.overlays.append(RowExplanationOverlay(kept, of: view))
  return []
}

private func openDot(of swarm: ShapSwarm, _ view: ExplainView, _ state: inout WorkbenchState) -> [Effect] {
  var left = state.chart.cursor
  for feature in swarm.features {
    let dots = feature.dots.filter { state.chart.view.x?.contains($0.shap) ?? true }
    guard left >= dots.count else {
      guard dots.indices.contains(left), let kept = view.found.kept.first(where: { $0.row == dots[left].row }) else {
        return []
      }
      state.overlays.append(RowExplanationOverlay(kept, of: view))
      return []
    }
    left -= dots.count
  }
  return []
}

/// The explanation that rows of the table's step can be explained by: the one in front, or the newest of its step.
func explanation(ofRowsIn state: WorkbenchState) -> (analysis: Analysis, spec: ExplainSpec)? {
  state.table.views.first.flatMap { explanation(of: $0.request.node, state) }
}

/// The explanation that rows of a step can be explained by: the one in front, or the newest of the step.
func explanation(of node: StepID, _ state: WorkbenchState) -> (analysis: Analysis, spec: ExplainSpec)? {
  let front = currentExplanation(state).map(\.analysis)
  let all = (front.map { [$0] } ?? []) + state.flow.analyses.reversed()
  for analysis in all where analysis.node == node {
    if case .explanation(let spec) = analysis.spec { return (analysis, spec) }
  }
  return nil
}

/// Explains the row under the table's cursor.
/// - Parameter flips: also looks for the smallest change that flips what is decided of it.
func explainRow(_ state: inout WorkbenchState, flips: Bool = false) -> [Effect] {
  guard let (analysis, spec) = explanation(ofRowsIn: state), let view = state.table.current,
    view.request.look.summary == nil
  else {
    return []
  }
  let row = view.row
  guard view.isLoaded(row) else { return [] }
  // The number that the row has in the step, whatever the view's order and filters: as a comparison calls it.
  let title = "Row \(Number.grouped((view.rowID(row) ?? row) + 1))"
  state.overlays.append(RowExplanationOverlay(cells(ofRowIn: view), titled: title, spec, analysis, flips: flips))
  return []
}

/// How the values of an explanation were found, beside each of its pictures: as much of it as has room.
func explanationNote(_ chart: ChartState, _ state: WorkbenchState, width: Int) -> String {
  guard case .analysis(let id)? = chart.shown, case .explanation(let found)? = state.flow[analysis: id]?.result else {
    return ""
  }
  let notes = [found.explanation.provenance(), found.explanation.provenance(isShort: true)]
  return notes.first { TextWidth.of($0) <= width } ?? TextWidth.prefix(notes[1], max(0, width)).text
}
