import Engine
import Flow
import Frame
import Plot

/// The chart that is shown, as a value that can be changed; nil where there is none.
func shownChartSpec(_ state: WorkbenchState) -> ChartSpec? {
  guard case .chart(let spec)? = shownSpec(state) else { return nil }
  return spec
}

private let noChart = "there is no chart yet: . on a column of the table draws one"

/// Enabled for a chart of a kind that can be changed in a way; `refusal` says of a kind why it cannot.
private func changing(
  _ refusal: @escaping @Sendable (ChartSpec) -> String?
) -> @Sendable (WorkbenchState) -> Availability {
  { state in
    guard let spec = shownChartSpec(state) else {
      return .disabled(state.chart.shown == nil ? noChart : "what is shown is no chart of columns")
    }
    return refusal(spec).map { .disabled($0) } ?? .enabled
  }
}

/// Enabled for a chart that has a role.
private func having(_ role: ChartSpec.Role, _ what: String) -> @Sendable (WorkbenchState) -> Availability {
  changing { spec in
    // Of several columns one has to be chosen first.
    if spec.sideBySide != nil { return role == .x ? nil : "these are charts of several columns: X chooses one" }
    return spec.kind.use(of: role) == nil ? "\(spec.kind.phrase) has no \(what)" : nil
  }
}

private func choosing(_ role: ChartSpec.Role) -> @Sendable (inout WorkbenchState) -> [Effect] {
  { state in
    guard let spec = shownChartSpec(state), let rows = rowsOfShownChart(state) else { return [] }
    state.overlays.append(ChartColumnOverlay(role, of: spec, rows, state))
    return []
  }
}

private func logarithm(_ option: ChartSpec.Option) -> @Sendable (WorkbenchState) -> Availability {
  changing { spec in
    spec.sideBySide == nil ? spec.refusal(ofLog: option, []) : "these are charts of several columns: X chooses one"
  }
}

private func switchLogarithm(_ option: ChartSpec.Option, _ state: inout WorkbenchState) -> [Effect] {
  guard let spec = shownChartSpec(state), let rows = rowsOfShownChart(state) else { return [] }
  if let schema = SchemaQuestion(rows.node, state, look: rows.look).schema,
    let refusal = spec.refusal(ofLog: option, schema)
  {
    state.say("\(refusal).", .warning)
    return []
  }
  return changeShownChart(&state) { spec in
    if option == .logX { spec.hasLogX.toggle() } else { spec.hasLogY.toggle() }
  }
}

private let hasStep: @Sendable (WorkbenchState) -> Availability = { state in
  state.selectedStep == nil ? .disabled("there is no step yet: open a dataset") : .enabled
}

/// Building charts, and changing the one that is shown.
let chartEditCommands: [Command] = [
  Command(
    "chart.build", "Chart builder…",
    "Builds a chart step by step with a picture of it: kind, columns, colours, small multiples, axes.", keys: ["C"],
    in: [.pane(.table), .pane(.flow)], group: .analyse, menu: .analyze, priority: 4, hint: "build chart",
    availability: hasStep
  ) { state in
    if state.focus == .flow, case .analysis(let id, _)? = currentFlowLine(state) { return changeChart(id, &state) }
    return buildChart(&state)
  },
  Command(
    "chart.edit", "Change chart…", "Opens the builder with the chart that is shown, or the analysis under the cursor.",
    keys: ["C"], in: [.pane(.chart), .pane(.analyses)], group: .change, menu: .analyze, priority: 6, hint: "change",
    availability: { state in
      if state.focus == .analyses { return reasonNotToChange(currentAnalysis(state)) }
      return changing { _ in nil }(state)
    }
  ) { state in
    if state.focus == .analyses { return currentAnalysis(state).map { changeChart($0.id, &state) } ?? [] }
    if case .analysis(let id)? = state.chart.shown { return changeChart(id, &state) }
    guard let spec = shownChartSpec(state), let rows = rowsOfShownChart(state) else { return [] }
    state.overlays.append(ChartBuilder(spec, of: rows, goal: .look, shown: shownChart(state), state))
    return []
  },
  Command(
    "table.charts", "Chart all numeric columns", "A histogram of each column of numbers or dates, side by side.",
    keys: ["g ."], in: [.pane(.table)], group: .look, menu: .analyze,
    availability: { state in
      guard let view = state.table.current else { return .disabled("there is no table yet: open a dataset") }
      return orderedColumns(view).isEmpty ? .disabled("the table has no column of numbers or dates") : .enabled
    }
  ) { state in
    guard let view = state.table.current else { return [] }
    let columns = orderedColumns(view)
    let spec = columns.count == 1 ? ChartSpec(.histogram, x: columns[0]) : .histograms(of: columns)
    return look(at: .chart(spec), focus: true, &state)
  },
  Command(
    "chart.density", "Density curve, or density of a scatter",
    "Shows or hides the curve of a histogram; makes a scatter plot a density heatmap and back.", keys: ["d"],
    in: [.pane(.chart)], group: .look, priority: 2, hint: "density",
    availability: changing { spec in
      if spec.sideBySide != nil { return "these are charts of several columns: X chooses one" }
      return switch spec.kind {
      case .histogram: spec.colorBy == nil ? nil : "the outlines of a coloured histogram have no curve"
      case .scatter, .density: nil
      default: "only a histogram has a density curve, and only a scatter plot becomes a density heatmap"
      }
    }
  ) { state in changeShownChart(&state) { $0.switchDensity() } },
  Command(
    "chart.color", "Colour by…", "Chooses the column that tells points, lines or bars apart by colour and marker.",
    keys: ["c"], in: [.pane(.chart)], group: .look, priority: 2, hint: "colour",
    availability: having(.colorBy, "colours"),
    perform: choosing(.colorBy)
  ),
  Command(
    "chart.facet", "Facet by…", "Chooses the column that makes one small chart for each of its values.", keys: ["f"],
    in: [.pane(.chart)], group: .look, priority: 2, hint: "facet", availability: having(.facetBy, "small charts"),
    perform: choosing(.facetBy)
  ),
  Command(
    "chart.logX", "Logarithmic x", "Makes the x axis logarithmic, or plain again.", keys: ["g x"], in: [.pane(.chart)],
    group: .look, availability: logarithm(.logX)
  ) { switchLogarithm(.logX, &$0) },
  Command(
    "chart.logY", "Logarithmic y", "Makes the y axis logarithmic, or plain again.", keys: ["g y"], in: [.pane(.chart)],
    group: .look, priority: 1, hint: "log y", availability: logarithm(.logY)
  ) { switchLogarithm(.logY, &$0) },
  Command(
    "chart.x", "Choose x…", "Chooses the column that is counted, or stands on the horizontal axis.", keys: ["X"],
    in: [.pane(.chart)], group: .look, priority: 1, hint: "x", availability: having(.x, "x to choose"),
    perform: choosing(.x)
  ),
  Command(
    "chart.y", "Choose y…", "Chooses the column on the vertical axis, or the measure of bars and lines.", keys: ["Y"],
    in: [.pane(.chart)], group: .look, priority: 1, hint: "y", availability: having(.y, "y"), perform: choosing(.y)
  ),
]

/// The columns of numbers and dates that a view shows.
private func orderedColumns(_ view: TableView) -> [String] {
  let shown = view.shownColumns.map { view.schema[$0] }
  return shown.filter { ChartSpec.Fit.ordered.refusal($0.kind) == nil }.map(\.name)
}

// MARK: - Building

private func buildChart(_ state: inout WorkbenchState) -> [Effect] {
  guard let step = state.selectedStep else { return [] }
  // From the table it is of the rows in view; from elsewhere of the step.
  var rows = NodeRequest(graph: state.flow.graph, node: step.id)
  if state.focus == .table, let request = state.table.current?.request {
    rows = request
    rows.look.sort = []
  }
  let column = currentColumn(state)
  let isOrdered = column.map { $0.kind.isNumeric || $0.kind.isTemporal } ?? true
  state.overlays.append(ChartBuilder(ChartSpec(isOrdered ? .histogram : .bars), of: rows, goal: .add, state))
  return []
}

private func reasonNotToChange(_ analysis: Analysis?) -> Availability {
  guard let analysis else { return .disabled("there is no analysis yet: a adds one") }
  if case .chart = analysis.spec { return .enabled }
  return .disabled("\(analysis.name) is no chart of columns")
}

/// Opens the builder with an analysis of the flow.
private func changeChart(_ id: Int, _ state: inout WorkbenchState) -> [Effect] {
  guard let analysis = state.flow[analysis: id], case .chart(let spec) = analysis.spec else {
    if case .disabled(let reason) = reasonNotToChange(state.flow[analysis: id]) { state.say("\(reason).", .warning) }
    return []
  }
  let rows = NodeRequest(graph: state.flow.graph, node: analysis.node)
  var shown: Chart?
  if case .chart(let chart)? = analysis.result { shown = chart }
  let name = analysis.name == spec.defaultName ? "" : analysis.name
  state.overlays.append(ChartBuilder(spec, of: rows, goal: .edit(id), name: name, shown: shown, state))
  return []
}

/// Why a chart of these rows cannot hang on their step; nil where it can.
func reasonNotToKeep(_ rows: NodeRequest, _ state: WorkbenchState) -> String? {
  if rows.look.summary != nil { return "they are a summary, not the rows of a step" }
  if !rows.look.filters.isEmpty { return "they are a part of the step's rows" }
  if !rows.look.columns.isEmpty { return "they have columns that the step has not" }
  return state.flow.graph[rows.node] == nil ? "the step is gone" : nil
}

// MARK: - Changing

/// The rows that the chart in front counts, in the flow as it is now.
func rowsOfShownChart(_ state: WorkbenchState) -> NodeRequest? {
  switch state.chart.shown {
  case .analysis(let id)?: state.flow[analysis: id].map { NodeRequest(graph: state.flow.graph, node: $0.node) }
  case .look?:
    state.chart.request.map { request in
      state.flow.graph[request.node] == nil
        ? request : NodeRequest(graph: state.flow.graph, node: request.node, look: request.look)
    }
  case nil: nil
  }
}

/// Changes the chart in front: an analysis as one step of undo, a look by looking anew.
func changeShownChart(_ state: inout WorkbenchState, _ change: (inout ChartSpec) -> Void) -> [Effect] {
  guard var spec = shownChartSpec(state) else { return [] }
  let before = spec
  change(&spec)
  guard spec != before else { return [] }
  if case .analysis(let id)? = state.chart.shown { return replaceChart(id, with: spec, result: nil, &state) }
  return look(at: .chart(spec), of: rowsOfShownChart(state), focus: false, &state)
}

/// Gives an analysis another chart. A name that only said what it showed says now what it shows.
/// - Parameters:
///   - name: nil keeps the name that a person gave.
///   - result: what the chart is, where that is known; else it is computed.
func replaceChart(
  _ id: Int, with spec: ChartSpec, name: String? = nil,
  result: (result: AnalysisResult, provenance: Analysis.Provenance)?, _ state: inout WorkbenchState
) -> [Effect] {
  guard let old = state.flow[analysis: id] else { return [] }
  let isNew = old.spec != .chart(spec)
  let effects = state.edit { flow in
    let derived = old.name == old.spec.defaultName ? spec.defaultName : old.name
    flow[analysis: id]?.name = name ?? derived
    flow[analysis: id]?.spec = .chart(spec)
    guard isNew else { return }
    // A picture of another kind would stand under the new name.
    guard result != nil || old.spec.kind.chart != spec.kind else { return }
    flow[analysis: id]?.result = result?.result
    flow[analysis: id]?.provenance = result?.provenance
  }
  if old.spec.kind.chart != spec.kind { state.chart.cursor = 0 }
  return isNew && result == nil ? effects + runAnalysis(id, &state) : effects + cancelAnalysis(id, state)
}

private func cancelAnalysis(_ id: Int, _ state: WorkbenchState) -> [Effect] {
  state.requests.filter { $0.value == .analysis(id) }.map { .cancel($0.key) }
}

/// Adds a chart to a step, with its result where that is there already.
func addChart(
  _ spec: ChartSpec, name: String?, on node: StepID,
  result: (result: AnalysisResult, provenance: Analysis.Provenance)?, _ state: inout WorkbenchState
) -> [Effect] {
  guard let result else { return addAnalysis(.chart(spec), name: name, on: node, &state) }
  var id = 0
  let effects = state.edit { flow in
    id = flow.add(.chart(spec), name: name, on: node)
    flow[analysis: id]?.result = result.result
    flow[analysis: id]?.provenance = result.provenance
  }
  state.say("Added \(name ?? spec.defaultName) to the flow", .success)
  return effects + showAnalysis(id, focus: true, &state)
}

/// Shows a chart without adding it to the flow; counted only where the result is not there.
func look(
  at spec: ChartSpec, of rows: NodeRequest, _ result: AnalysisResult?, _ state: inout WorkbenchState
) -> [Effect] {
  guard let result else { return look(at: .chart(spec), of: rows, focus: true, &state) }
  makeRoom(&state) { $0.shown == .look(.chart(spec)) && $0.request == rows }
  let effects: [Effect] = state.chart.awaited.map { [.cancel($0)] } ?? []
  state.chart.awaited = nil
  state.chart.cursor = 0
  state.chart.shown = .look(.chart(spec))
  state.chart.request = rows
  state.chart.result = result
  state.focus = .chart
  return effects
}

extension ChartSpec {
  /// The curve of a histogram on or off; a scatter plot becomes a density heatmap, and back.
  fileprivate mutating func switchDensity() {
    switch kind {
    case .histogram: hidesCurve.toggle()
    case .scatter: self = ChartSpec(.density, x: x, y: y, facetBy: facetBy, hasLogX: hasLogX, hasLogY: hasLogY)
    case .density: self = ChartSpec(.scatter, x: x, y: y, facetBy: facetBy, hasLogX: hasLogX, hasLogY: hasLogY)
    case .bars, .box, .violin, .line, .correlation: break
    }
  }
}
