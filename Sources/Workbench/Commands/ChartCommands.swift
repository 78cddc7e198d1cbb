import Engine
import Flow
import Frame
import Plot

private let hasChart: @Sendable (WorkbenchState) -> Availability = { state in
  shownChart(state) == nil ? .disabled("there is no chart yet: . on a column of the table draws one") : .enabled
}

private let hasBins: @Sendable (WorkbenchState) -> Availability = { state in
  if case .histogram? = shownChart(state) { .enabled } else { .disabled("only a histogram has bins") }
}

/// The chart pane.
let chartCommands: [Command] = [
  Command(
    "chart.right", "Next mark", "Moves the read-out to the next bin, bar, point or cell.",
    keys: ["right", "l", "down", "j"], in: [.pane(.chart)], group: .move, availability: hasChart
  ) { moveMark(1, &$0) },
  Command(
    "chart.left", "Mark before", "Moves the read-out to the mark before.", keys: ["left", "h", "up", "k"],
    in: [.pane(.chart)], group: .move, availability: hasChart
  ) { moveMark(-1, &$0) },
  Command(
    "chart.first", "First mark", "Moves the read-out to the first mark.", keys: ["home", "g g"], in: [.pane(.chart)],
    group: .move, availability: hasChart
  ) { moveMark(-1_000_000, &$0) },
  Command(
    "chart.last", "Last mark", "Moves the read-out to the last mark.", keys: ["end", "G"], in: [.pane(.chart)],
    group: .move, availability: hasChart
  ) { moveMark(1_000_000, &$0) },
  Command(
    "chart.rows", "Show the rows behind it", "Opens the rows of the bin, bar, point or cell in the table.",
    keys: ["enter"], in: [.pane(.chart)], group: .look, priority: 9, hint: "rows", availability: hasChart
  ) { state in showRowsBehindMark(&state) },
  Command(
    "chart.fewerBins", "Fewer bins", "Draws the histogram with fewer, wider bins.", keys: ["b"], in: [.pane(.chart)],
    group: .look, priority: 7, hint: "bins −", availability: hasBins
  ) { changeBins(by: 0.67, &$0) },
  Command(
    "chart.moreBins", "More bins", "Draws the histogram with more, narrower bins.", keys: ["B"], in: [.pane(.chart)],
    group: .look, priority: 6, hint: "bins +", availability: hasBins
  ) { changeBins(by: 1.5, &$0) },
  Command(
    "chart.keep", "Save chart to the flow", "Adds the chart that is looked at to the flow as an analysis.",
    keys: ["a"], in: [.pane(.chart)], group: .change, menu: .analyze, priority: 8, hint: "save to flow",
    availability: { state in
      if case .look? = state.chart.shown, state.chart.result != nil {
        .enabled
      } else {
        .disabled("the chart is part of the flow already, or there is none")
      }
    }
  ) { state in
    guard case .look(let spec)? = state.chart.shown, let node = state.selectedStep?.id else { return [] }
    let result = state.chart.result
    var id = 0
    let effects = state.edit { flow in
      id = flow.add(spec, on: node)
      flow[analysis: id]?.result = result
    }
    state.chart.shown = .analysis(id)
    state.say("Saved \(spec.defaultName) to the flow", .success)
    return effects
  },
]

/// The chart on screen.
func shownChart(_ state: WorkbenchState) -> Chart? {
  let result: AnalysisResult?
  switch state.chart.shown {
  case .analysis(let id): result = state.flow[analysis: id]?.result
  case .look: result = state.chart.result
  case nil: result = nil
  }
  switch result {
  case .chart(let chart): return chart
  case .quickModel(let report): return importanceChart(report)
  case .summary, nil: return nil
  }
}

func shownSpec(_ state: WorkbenchState) -> AnalysisSpec? {
  switch state.chart.shown {
  case .analysis(let id): state.flow[analysis: id]?.spec
  case .look(let spec): spec
  case nil: nil
  }
}

/// Draws a chart in the chart pane without adding it to the flow.
func look(at spec: AnalysisSpec, focus: Bool, _ state: inout WorkbenchState) -> [Effect] {
  guard let request = state.table.current?.request else { return [] }
  var effects: [Effect] = state.chart.awaited.map { [.cancel($0)] } ?? []
  let sameKind = shownSpec(state)?.kind == spec.kind && shownSpec(state)?.columns == spec.columns
  if !sameKind {
    state.chart.result = nil
    state.chart.cursor = 0
  }
  state.chart.shown = .look(spec)
  let (id, effect) = state.ask(.analyze(request, spec), for: .look(spec))
  state.chart.awaited = id
  if focus { state.focus = .chart }
  effects.append(effect)
  return effects
}

func chartCurrentColumn(_ state: inout WorkbenchState) -> [Effect] {
  guard let column = currentColumn(state) else { return [] }
  let isOrdered = column.kind.isNumeric || column.kind.isTemporal
  return look(
    at: isOrdered ? .histogram(column: column.name, bins: nil) : .bars(column: column.name, limit: 20), focus: true,
    &state)
}

private func moveMark(_ delta: Int, _ state: inout WorkbenchState) -> [Effect] {
  let count = drawnMarks(state).count
  state.chart.cursor = count == 0 ? 0 : min(max(0, state.chart.cursor + delta), count - 1)
  return []
}

private func changeBins(by factor: Double, _ state: inout WorkbenchState) -> [Effect] {
  guard case .histogram(let histogram)? = shownChart(state), let spec = shownSpec(state),
    case .histogram(let column, _) = spec
  else { return [] }
  let now = max(1, histogram.bins.count)
  let wanted = factor < 1 ? min(now - 1, Int(Double(now) * factor)) : max(now + 1, Int(Double(now) * factor))
  let bins = min(500, max(1, wanted))
  if case .analysis(let id)? = state.chart.shown {
    let effects = state.edit { $0[analysis: id]?.spec = .histogram(column: column, bins: bins) }
    return effects + runAnalysis(id, &state)
  }
  return look(at: .histogram(column: column, bins: bins), focus: false, &state)
}

private func showRowsBehindMark(_ state: inout WorkbenchState) -> [Effect] {
  let marks = drawnMarks(state)
  guard marks.indices.contains(state.chart.cursor) else { return [] }
  let mark = marks[state.chart.cursor]
  guard mark.selection != .none else {
    state.say("There are no single rows behind this mark.")
    return []
  }
  let base: NodeRequest?
  if case .analysis(let id)? = state.chart.shown, let node = state.flow[analysis: id]?.node {
    base = NodeRequest(graph: state.flow.graph, node: node)
  } else {
    base = state.table.current?.request
  }
  guard var request = base else { return [] }
  request.look.filters.append(mark.selection)
  state.focus = .table
  return push(request, title: mark.readout, &state)
}
