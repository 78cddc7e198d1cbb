import Engine
import Flow
import Learn
import Plot

private let hasAnalysis: @Sendable (WorkbenchState) -> Availability = { state in
  state.flow.analyses.isEmpty ? .disabled("there is no analysis yet: a adds one") : .enabled
}

private let hasStep: @Sendable (WorkbenchState) -> Availability = { state in
  state.selectedStep == nil ? .disabled("there is no step yet: open a dataset") : .enabled
}

/// Opens the form of one kind of analysis straight away.
private func adding(
  _ kind: AnalysisSpec.Kind, _ name: String, menu: MenuTitle, keys: [String] = [],
  in contexts: Set<Context> = [.everywhere]
) -> Command {
  Command(
    CommandID("analyze." + name), kind.title + "…", kind.summary + ".", keys: keys, in: contexts, group: .analyse,
    menu: menu, availability: hasStep
  ) { state in
    state.overlays.append(analysisDialog(kind, state))
    return []
  }
}

/// Adding, running and reading analyses.
let analysisCommands: [Command] = [
  Command(
    "analyses.add", "Add analysis…", "Adds a chart, a summary or a Quick Model to the selected step.", keys: ["a"],
    in: [.pane(.table), .pane(.flow), .pane(.analyses)], group: .analyse, menu: .analyze, priority: 8,
    hint: "add analysis", availability: hasStep
  ) { state in
    state.overlays.append(AnalysisMenuOverlay(state))
    return []
  },
  adding(.histogram, "histogram", menu: .analyze),
  adding(.bars, "bars", menu: .analyze),
  adding(.scatter, "scatter", menu: .analyze),
  adding(.line, "line", menu: .analyze),
  adding(.box, "box", menu: .analyze),
  adding(.violin, "violin", menu: .analyze),
  adding(.density, "density", menu: .analyze),
  adding(.correlation, "correlation", menu: .analyze),
  adding(.summary, "summary", menu: .analyze),
  adding(.quickModel, "quickModel", menu: .model),
  adding(.automl, "automl", menu: .model),
  adding(.quality, "quality", menu: .analyze),
  adding(.leakage, "leakage", menu: .model),
  adding(.associations, "associations", menu: .analyze),
  adding(.collinearity, "collinearity", menu: .analyze),
  adding(.lasso, "lasso", menu: .model),
  adding(.duplicates, "duplicates", menu: .analyze),
  adding(.missingness, "missingness", menu: .analyze),
  adding(.outliers, "outliers", menu: .analyze),
  adding(.anomalies, "anomalies", menu: .analyze),
  adding(.patterns, "patterns", menu: .analyze),
  adding(.drift, "drift", menu: .analyze),
  adding(.comparison, "comparison", menu: .analyze, keys: ["V"], in: [.pane(.flow)]),
  adding(.series, "series", menu: .analyze),
  adding(.bias, "bias", menu: .analyze),
  adding(.biasIntersections, "biasIntersections", menu: .analyze),
  adding(.simpson, "simpson", menu: .analyze),
  adding(.thresholds, "thresholds", menu: .model),
  adding(.biasMending, "biasMending", menu: .analyze),
  adding(.biasDrift, "biasDrift", menu: .analyze),
  adding(.explanation, "explanation", menu: .model),
  Command(
    "analyses.down", "Next analysis", "Moves to the next analysis.", keys: ["down", "j"], in: [.pane(.analyses)],
    group: .move, availability: hasAnalysis
  ) { selectAnalysis(at: $0.analyses.cursor + 1, &$0) },
  Command(
    "analyses.up", "Analysis before", "Moves to the analysis before.", keys: ["up", "k"], in: [.pane(.analyses)],
    group: .move, availability: hasAnalysis
  ) { selectAnalysis(at: $0.analyses.cursor - 1, &$0) },
  Command(
    "analyses.open", "Open the result", "Shows the whole result.", keys: ["enter"], in: [.pane(.analyses)],
    group: .look, priority: 9, hint: "open", availability: hasAnalysis
  ) { state in
    guard let analysis = currentAnalysis(state) else { return [] }
    if let effects = openStudy(&state) { return effects }
    if case .automl = analysis.spec { return showAnalysis(analysis.id, focus: true, &state) }
    state.overlays.append(TextOverlay(title: analysis.name, text: reportText(of: analysis, state), wraps: false))
    return []
  },
  Command(
    "analyses.run", "Run again", "Computes the analysis again, on the rows as they are now.", keys: ["r"],
    in: [.pane(.analyses), .pane(.chart)], group: .analyse, menu: .analyze, priority: 7, hint: "run again",
    availability: { state in
      if state.focus == .chart, case .look? = state.chart.shown {
        return .disabled("the chart is no analysis of the flow: a saves it as one")
      }
      return hasAnalysis(state)
    }
  ) { state in currentAnalysis(state).map { runAnalysis($0.id, &state) } ?? [] },
  Command(
    "analyses.delete", "Delete analysis", "Removes the analysis from the flow.", keys: ["d", "delete"],
    in: [.pane(.analyses)], group: .change, menu: .analyze, priority: 5, hint: "delete", availability: hasAnalysis
  ) { state in currentAnalysis(state).map { deleteAnalysis($0.id, &state) } ?? [] },
  Command(
    "analyses.scrollDown", "Scroll the report down", "Shows the next lines of the report.",
    keys: ["pagedown", "ctrl-d", "ctrl-f"], in: [.pane(.analyses)], group: .move, availability: hasAnalysis
  ) { state in
    state.analyses.scroll += 5
    return []
  },
  Command(
    "analyses.scrollUp", "Scroll the report up", "Shows the lines before.", keys: ["pageup", "ctrl-u", "ctrl-b"],
    in: [.pane(.analyses)], group: .move, availability: hasAnalysis
  ) { state in
    state.analyses.scroll = max(0, state.analyses.scroll - 5)
    return []
  },
]

/// The analysis under the cursor of the analyses pane.
func currentAnalysis(_ state: WorkbenchState) -> Analysis? {
  state.flow.analyses.indices.contains(state.analyses.cursor) ? state.flow.analyses[state.analyses.cursor] : nil
}

func selectAnalysis(at index: Int, _ state: inout WorkbenchState) -> [Effect] {
  guard !state.flow.analyses.isEmpty else { return [] }
  let bounded = min(max(0, index), state.flow.analyses.count - 1)
  return showAnalysis(state.flow.analyses[bounded].id, focus: false, &state)
}

/// Shows an analysis in the chart and analyses panes.
func showAnalysis(_ id: Int, focus: Bool, _ state: inout WorkbenchState) -> [Effect] {
  guard let index = state.flow.analyses.firstIndex(where: { $0.id == id }) else { return [] }
  if state.analyses.cursor != index { state.analyses.scroll = 0 }
  state.analyses.cursor = index
  makeRoom(&state) { $0.shown == .analysis(id) }
  if state.chart.shown != .analysis(id) { state.chart.cursor = 0 }
  state.chart.shown = .analysis(id)
  if focus {
    state.focus = shownChart(state) == nil && shownTraining(state) == nil ? .analyses : .chart
  }
  return []
}

/// Adds an analysis to a step and runs it.
func addAnalysis(_ spec: AnalysisSpec, name: String?, on node: StepID, _ state: inout WorkbenchState) -> [Effect] {
  var id = 0
  let effects = state.edit { flow in
    id = flow.add(spec, name: name, on: node)
    if case .quickModel(let options) = spec, flow.target == nil { flow.target = options.target }
    if case .insight(let options) = spec, let target = options.target, flow.target == nil { flow.target = target }
    if case .bias(let study) = spec, flow.target == nil { flow.target = study.spec.label.column }
    if case .explanation(let spec) = spec, case .trained(let target) = spec.model, flow.target == nil {
      flow.target = target
    }
    if case .automl(let study) = spec, flow.target == nil { flow.target = study.options.target }
  }
  _ = showAnalysis(id, focus: false, &state)
  state.focus = spec.kind == .summary || spec.kind.insight != nil ? .analyses : .chart
  return effects + runAnalysis(id, &state)
}

func runAnalysis(_ id: Int, _ state: inout WorkbenchState) -> [Effect] {
  guard let analysis = state.flow[analysis: id] else { return [] }
  if case .automl(let study) = analysis.spec, study.isPlanOnly != true { beginTraining(id, &state) }
  var effects = state.requests.filter { $0.value == .analysis(id) }.map { Effect.cancel($0.key) }
  let request = NodeRequest(graph: state.flow.graph, node: analysis.node)
  effects.append(state.ask(.analyze(request, analysis.spec), for: .analysis(id)).1)
  return effects
}

func deleteAnalysis(_ id: Int, _ state: inout WorkbenchState) -> [Effect] {
  guard let analysis = state.flow[analysis: id] else { return [] }
  let cancels = state.requests.filter { $0.value == .analysis(id) }.map { Effect.cancel($0.key) }
  let effects = state.edit { $0[analysis: id] = nil }
  dropCharts(&state) { $0.shown == .analysis(id) }
  state.analyses.cursor = max(0, min(state.analyses.cursor, state.flow.analyses.count - 1))
  state.flowPane.cursor = max(0, min(state.flowPane.cursor, flowLines(state).count - 1))
  state.say("Deleted \(analysis.name). \(state.keyLabel("edit.undo")) brings it back.")
  return cancels + effects
}

/// Importance of the columns of a Quick Model, as bars.
func importanceChart(_ report: QuickModelReport) -> Chart {
  .importance(
    ImportanceBars(
      title:
        "\(report.target) · \(metricTitle(report.metric)) \(Number.short(report.score)) (baseline \(Number.short(report.baseline)))",
      items: report.importance.map { .init(feature: $0.feature, gain: $0.gain, shap: $0.shap) }))
}
