import Engine
import Fairness
import Flow
import Frame
import Plot

/// A bias report in front: of facets, or of combined groups.
struct BiasView: Sendable {
  let analysis: Analysis
  let study: BiasStudy
  let report: BiasReport
  /// The pairs of groups, in the order of the cockpit's columns.
  let pairs: [FacetReport]
  let cockpit: BiasGrid
  /// The segment that the pairs are of; nil for all rows.
  let part: Int?

  /// - Parameter part: the segment to look at.
  init?(_ analysis: Analysis, part: Int? = nil) {
    guard case .bias(let study) = analysis.spec, case .bias(let result)? = analysis.result else { return nil }
    self.part = part
    switch result {
    case .report(let report):
      guard let part else {
        (self.report, pairs, cockpit) = (report, report.facets, report.cockpit)
        break
      }
      guard report.segments.indices.contains(part) else { return nil }
      (self.report, pairs, cockpit) = (report, report.segments[part].facets, report.cockpit(ofSegment: part))
    case .intersections(let report):
      (self.report, pairs, cockpit) = (report, report.intersections, report.combinedCockpit)
    case .simpson, .thresholds, .mending, .drift: return nil
    }
    (self.analysis, self.study) = (analysis, study)
  }

  /// What the part of the rows is called; nil for all rows.
  var partTitle: String? { part.map(report.segmentTitle) }

  /// The metrics of a pair in the order of the cockpit's rows.
  func values(of pair: Int) -> [MetricValue?] {
    guard pairs.indices.contains(pair) else { return [] }
    return cockpit.metrics.map { name in BiasMetric(name: name).flatMap { pairs[pair][$0] } }
  }

  /// The same pair in a report above this one in the flow, with the same questions: how it was before the steps between.
  func before(_ pair: Int, _ state: WorkbenchState) -> (report: String, pair: FacetReport)? {
    guard part == nil, pairs.indices.contains(pair), let path = try? state.flow.graph.path(to: analysis.node) else {
      return nil
    }
    let above = Set(path.filter { $0 != analysis.node })
    let (facet, value) = (pairs[pair].facet, pairs[pair].value)
    for other in state.flow.analyses.reversed() where above.contains(other.node) && other.id != analysis.id {
      guard case .bias(study) = other.spec, let view = BiasView(other),
        let same = view.pairs.first(where: { $0.facet == facet && $0.value == value })
      else { continue }
      return (other.name, same)
    }
    return nil
  }
}

/// The study of the report in front that has groups; cheap, for every frame asks.
func reportStudy(_ state: WorkbenchState) -> BiasStudy? {
  guard let (analysis, study) = currentStudy(state), case .bias(let result)? = analysis.result else { return nil }
  switch result {
  case .report(let report): return report.facets.isEmpty ? nil : study
  case .intersections(let report): return report.intersections.isEmpty ? nil : study
  case .simpson, .thresholds, .mending, .drift: return nil
  }
}

/// The study of bias in front: that of the chart, or in the analyses pane the one under the cursor.
func currentStudy(_ state: WorkbenchState) -> (analysis: Analysis, study: BiasStudy)? {
  var analysis = currentAnalysis(state)
  if state.focus != .analyses, case .analysis(let id)? = state.chart.shown { analysis = state.flow[analysis: id] }
  guard let analysis, case .bias(let study) = analysis.spec else { return nil }
  return (analysis, study)
}

/// The report in front, and the pair of groups and the metric under the cockpit's cursor.
func currentBias(_ state: WorkbenchState) -> (view: BiasView, pair: Int, metric: Int)? {
  guard let analysis = currentStudy(state)?.analysis else { return nil }
  var part: Int?
  if state.chart.shown == .analysis(analysis.id), case .bias(.report(let report))? = analysis.result {
    part = report.segment(ofChart: state.chart.page)
  }
  guard let view = BiasView(analysis, part: part), !view.pairs.isEmpty else { return nil }
  var place: (metric: Int, group: Int)?
  if state.chart.shown == .analysis(view.analysis.id) {
    // Other pictures of the report have marks of their own.
    let isCockpit = shownChart(state) == .content(view.cockpit)
    place = isCockpit ? view.cockpit.place(ofMark: state.chart.cursor) : nil
  }
  return (view, place?.group ?? 0, place?.metric ?? 0)
}

/// What lies behind the mark of a study's chart, or behind its line in the analyses pane; nil for other analyses.
func openStudy(_ state: inout WorkbenchState) -> [Effect]? {
  guard let (analysis, _) = currentStudy(state), case .bias(let result)? = analysis.result else { return nil }
  switch result {
  case .report, .intersections:
    guard let found = currentBias(state) else {
      state.say("The report has no groups.", .warning)
      return []
    }
    state.overlays.append(BiasPanelOverlay(found.view, pair: found.pair, metric: found.metric))
  case .simpson(let report): state.overlays.append(SimpsonOverlay(report, of: analysis))
  case .mending(let study): state.overlays.append(BiasMendOverlay(study, of: analysis))
  case .thresholds(let study): state.overlays.append(ThresholdOverlay(study, of: analysis, at: state.chart.cursor))
  case .drift(let drift): state.overlays.append(BiasDriftOverlay(drift, of: analysis))
  }
  return []
}

// MARK: - Rows

/// Opens the rows that a count of a report counts; `q` in the table comes back to the cockpit.
func showRows(
  _ rows: BiasRows, titled title: String, of pair: FacetReport, in view: BiasView, _ state: inout WorkbenchState
)
  -> [Effect]
{
  let node = view.analysis.node
  guard state.flow.graph[node] != nil else {
    state.say("The step that the report looked at is gone.", .warning)
    return []
  }
  guard !isStale(view.analysis, state) else {
    state.say(
      "The steps have changed since the report was made: \(state.keyLabel("analyses.run")) runs it again.", .warning)
    return []
  }
  guard let schema = knownSchema(of: node, state) else {
    state.say("The step is being opened: choose the count again in a moment.")
    return open(node, &state)
  }
  do {
    let whole = NodeRequest(graph: state.flow.graph, node: node)
    var (request, spec) = try view.study.scored(whole, schema)
    let label = schema.column(named: spec.label.column)?.type ?? "VARCHAR"
    let predictions: Schema =
      switch spec.prediction {
      case .label(let column)?: [Column(name: column, type: label)]
      case .score(let column, _)?: [Column(name: column, type: "DOUBLE")]
      case .highest?, nil: []
      }
    let known = schema + predictions.filter { schema.column(named: $0.name) == nil }
    guard let filter = rows.filter(spec, of: view.report, pair, part: view.part, schema: known) else {
      state.say("No condition on a row says how these were counted: scores in lists are beyond a filter.", .warning)
      return []
    }
    request.look.filters = [filter]
    return show(request, titled: title, over: node, &state)
  } catch {
    state.say("\(error)", .error)
    return []
  }
}

/// Opens rows on top of a step's own.
private func show(_ request: NodeRequest, titled title: String, over node: StepID, _ state: inout WorkbenchState)
  -> [Effect]
{
  var effects: [Effect] = []
  if state.table.views.first?.request.node == node {
    while state.table.views.count > 1 { effects += cancelViews([state.table.views.removeLast()], state) }
  } else {
    effects += open(node, &state)
    alignFlowCursor(&state)
  }
  effects += push(request, title: title, &state)
  state.table.changeCurrent { $0.openedFrom = .chart }
  state.focus = .table
  return effects
}

/// The rows of one stratum.
func showRows(where column: String, is value: String, of analysis: Analysis, _ state: inout WorkbenchState) -> [Effect]
{
  guard state.flow.graph[analysis.node] != nil else { return [] }
  var request = NodeRequest(graph: state.flow.graph, node: analysis.node)
  request.look.filters = [.mark(.equals(column: column, value: value == "(missing)" ? nil : value))]
  return show(request, titled: "\(column) = \(value)", over: analysis.node, &state)
}
