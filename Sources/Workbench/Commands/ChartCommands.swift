import Engine
import Flow
import Frame
import Grid
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
    "chart.right", "Next mark", "Moves the read-out to the next bin, bar, point or cell.", keys: ["right", "l"],
    in: [.pane(.chart)], group: .move, availability: hasChart
  ) { moveMark(towards: .right, &$0) },
  Command(
    "chart.left", "Mark before", "Moves the read-out to the mark before.", keys: ["left", "h"], in: [.pane(.chart)],
    group: .move, availability: hasChart
  ) { moveMark(towards: .left, &$0) },
  Command(
    "chart.down", "Mark below", "Moves the read-out to the nearest mark below; in a histogram to the next.",
    keys: ["down", "j"], in: [.pane(.chart)], group: .move, availability: hasChart
  ) { moveMark(towards: .down, &$0) },
  Command(
    "chart.up", "Mark above", "Moves the read-out to the nearest mark above; in a histogram to the one before.",
    keys: ["up", "k"], in: [.pane(.chart)], group: .move, availability: hasChart
  ) { moveMark(towards: .up, &$0) },
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
    group: .look, priority: 7, hint: "bins", availability: hasBins
  ) { changeBins(by: 0.67, &$0) },
  Command(
    "chart.moreBins", "More bins", "Draws the histogram with more, narrower bins.", keys: ["B"], in: [.pane(.chart)],
    group: .look, priority: 6, hint: "bins", availability: hasBins
  ) { changeBins(by: 1.5, &$0) },
  Command(
    "chart.keep", "Save chart to the flow", "Adds the chart that is looked at to the flow as an analysis.",
    keys: ["a"], in: [.pane(.chart)], group: .change, menu: .analyze, priority: 8, hint: "to flow",
    availability: keepable
  ) { keepChart(&$0) },
  Command(
    "chart.export", "Export chart…", "Writes the chart as SVG, PNG, PDF, text or numbers; the ending chooses.",
    keys: ["e"], in: [.pane(.chart)], group: .file, menu: .file, priority: 5, hint: "export", availability: hasChart
  ) { state in
    guard let shown = shownChart(state), let whole = wholeChart(state.chart, state) else { return [] }
    state.overlays.append(
      TextPrompt.export(
        shown, whole: whole, view: state.chart.view, note: zoomNote(state.chart, state), suggestion: pictureName(state))
    )
    return []
  },
]

/// A file's name for the chart on screen: `census-histogram-of-age.svg`.
private func pictureName(_ state: WorkbenchState) -> String {
  let stem = fileName(state.flow.name).split(separator: ".").first.map(String.init) ?? ""
  let words = (stem + " " + (shownSpec(state)?.defaultName ?? "chart")).lowercased().split { character in
    !character.isLetter && !character.isNumber && character != "_"
  }
  return words.joined(separator: "-").prefix(60) + ".svg"
}

/// Only what a step's rows show can hang on that step: a chart of a few of them would claim to be of all.
private func keepable(_ state: WorkbenchState) -> Availability {
  guard case .look? = state.chart.shown, state.chart.result != nil, let request = state.chart.request else {
    return .disabled("the chart is part of the flow already, or there is none")
  }
  guard request.look.summary == nil else { return .disabled("it is a chart of a summary, not of the rows of a step") }
  guard request.look.filters.isEmpty else {
    return .disabled("it counts a part of the rows only: q back to all rows, or add a Filter step, and draw it again")
  }
  guard state.flow.graph[request.node] != nil else { return .disabled("the step that it shows is gone") }
  return .enabled
}

private func keepChart(_ state: inout WorkbenchState) -> [Effect] {
  guard case .look(let spec)? = state.chart.shown, let node = state.chart.request?.node else { return [] }
  let result = isOutdated(state) ? nil : state.chart.result
  var id = 0
  let effects = state.edit { flow in
    id = flow.add(spec, on: node)
    flow[analysis: id]?.result = result
  }
  let kept = (state.chart.view, state.chart.detail)
  state.chart.shown = .analysis(id)
  (state.chart.view, state.chart.detail) = kept
  if let index = state.flow.analyses.firstIndex(where: { $0.id == id }) { state.analyses.cursor = index }
  state.say("Saved \(spec.defaultName) to the flow", .success)
  return result == nil ? effects + runAnalysis(id, &state) : effects
}

/// True when the steps above a chart that is looked at have changed since it was drawn.
func isOutdated(_ state: WorkbenchState) -> Bool { isOutdated(state.chart, state) }

func isOutdated(_ chart: ChartState, _ state: WorkbenchState) -> Bool {
  guard case .look? = chart.shown, let request = chart.request else { return false }
  func steps(_ graph: FlowGraph) -> [Step]? { try? graph.path(to: request.node).compactMap { graph[$0] } }
  return steps(request.graph) != steps(state.flow.graph)
}

/// The chart in front.
func shownChart(_ state: WorkbenchState) -> Chart? { shownChart(state.chart, state) }

func shownChart(_ shown: ChartState, _ state: WorkbenchState) -> Chart? {
  if shown.view.isZoomed, let detail = shown.detail, detail.covers(shown.view), let chart = detail.chart {
    return chart
  }
  return wholeChart(shown, state)
}

/// A chart as it was counted, whatever part of it is looked at.
func wholeChart(_ shown: ChartState, _ state: WorkbenchState) -> Chart? {
  let result: AnalysisResult?
  switch shown.shown {
  case .analysis(let id): result = state.flow[analysis: id]?.result
  case .look: result = shown.result
  case nil: result = nil
  }
  switch result {
  case .chart(let chart): return chart
  case .quickModel(let report): return importanceChart(report)
  case .explanation(let found):
    // The others are made when one turns to them.
    let pages = found.pages
    guard !pages.isEmpty else { return nil }
    let page = pages[((shown.page % pages.count) + pages.count) % pages.count]
    guard case .analysis(let id)? = shown.shown, let analysis = state.flow[analysis: id] else {
      return found.chart(page)
    }
    return ChartMemory.shared.picture(page, of: analysis) { found.chart($0) }
  case .insight, .bias: return page(shown.page, of: pictures(of: result))
  case .summary, .automl, nil: return nil
  }
}

/// The charts of a report; empty for what is none, and for an explanation, whose pictures are made one by one.
func pictures(of result: AnalysisResult?) -> [(title: String, chart: Chart)] {
  switch result {
  case .insight(let result): result.charts
  case .bias(let result): result.charts
  case .chart, .summary, .quickModel, .automl, .explanation, nil: []
  }
}

/// One of several charts, counted on from either end.
private func page(_ page: Int, of charts: [(title: String, chart: Chart)]) -> Chart? {
  charts.isEmpty ? nil : charts[((page % charts.count) + charts.count) % charts.count].chart
}

func shownSpec(_ state: WorkbenchState) -> AnalysisSpec? {
  switch state.chart.shown {
  case .analysis(let id): state.flow[analysis: id]?.spec
  case .look(let spec): spec
  case nil: nil
  }
}

/// Draws a chart in the chart pane without adding it to the flow.
/// - Parameter rows: the rows that it counts; those of the table's current view when nil.
func look(at spec: AnalysisSpec, of rows: NodeRequest? = nil, focus: Bool, _ state: inout WorkbenchState) -> [Effect] {
  guard var request = rows ?? state.table.current?.request else { return [] }
  request.look.sort = []
  func isSame(_ chart: ChartState) -> Bool {
    guard case .look(let shown)? = chart.shown else { return false }
    return shown.kind == spec.kind && shown.columns == spec.columns && chart.request == request
  }
  makeRoom(&state, unless: isSame)
  var effects: [Effect] = state.chart.awaited.map { [.cancel($0)] } ?? []
  let sameKind = shownSpec(state)?.kind == spec.kind && shownSpec(state)?.columns == spec.columns
  if !sameKind {
    state.chart.result = nil
    state.chart.cursor = 0
  }
  state.chart.shown = .look(spec)
  state.chart.request = request
  (state.chart.box, state.chart.detail) = (nil, nil)
  let (id, effect) = state.ask(.analyze(request, spec), for: .look(spec))
  state.chart.awaited = id
  if focus { state.focus = .chart }
  effects.append(effect)
  return effects
}

func chartCurrentColumn(_ state: inout WorkbenchState) -> [Effect] {
  guard let column = currentColumn(state) else { return [] }
  return look(at: chart(of: column), focus: true, &state)
}

/// What suits a column: a histogram of a number or date, bars of anything else.
private func chart(of column: Column) -> AnalysisSpec {
  column.kind.isNumeric || column.kind.isTemporal
    ? .histogram(column: column.name, bins: nil) : .bars(column: column.name, limit: 20)
}

private enum Direction { case left, right, up, down }

private func moveMark(towards direction: Direction, _ state: inout WorkbenchState) -> [Effect] {
  let marks = drawnMarks(state)
  guard !marks.isEmpty else { return [] }
  let here = min(max(0, state.chart.cursor), marks.count - 1)
  state.chart.cursor = neighbour(of: here, towards: direction, among: marks.map(\.place)) ?? here
  return []
}

/// The nearest mark in a direction, those straight ahead first. Marks that stand in one row or one column are simply
/// the next or the one before.
private func neighbour(of index: Int, towards direction: Direction, among places: [Point]) -> Int? {
  let here = places[index]
  if places.allSatisfy({ $0.y == here.y }) || places.allSatisfy({ $0.x == here.x }) {
    let next = index + (direction == .right || direction == .down ? 1 : -1)
    return places.indices.contains(next) ? next : nil
  }
  func distance(_ place: Point) -> (ahead: Int, aside: Int) {
    switch direction {
    case .left: (here.x - place.x, abs(place.y - here.y))
    case .right: (place.x - here.x, abs(place.y - here.y))
    case .up: (here.y - place.y, abs(place.x - here.x))
    case .down: (place.y - here.y, abs(place.x - here.x))
    }
  }
  return places.indices.filter { distance(places[$0]).ahead > 0 }.min { left, right in
    let (one, other) = (distance(places[left]), distance(places[right]))
    return (one.ahead + 3 * one.aside, one.aside) < (other.ahead + 3 * other.aside, other.aside)
  }
}

private func moveMark(_ delta: Int, _ state: inout WorkbenchState) -> [Effect] {
  let count = drawnMarks(state).count
  state.chart.cursor = count == 0 ? 0 : min(max(0, state.chart.cursor + delta), count - 1)
  return []
}

private func changeBins(by factor: Double, _ state: inout WorkbenchState) -> [Effect] {
  guard case .histogram(let histogram)? = shownChart(state), let spec = shownSpec(state),
    case .chart(var chart) = spec
  else { return [] }
  let now = max(1, histogram.bins.count)
  let wanted = factor < 1 ? min(now - 1, Int(Double(now) * factor)) : max(now + 1, Int(Double(now) * factor))
  chart.bins = min(500, max(1, wanted))
  if case .analysis(let id)? = state.chart.shown {
    let effects = state.edit { $0[analysis: id]?.spec = .chart(chart) }
    return effects + runAnalysis(id, &state)
  }
  return look(at: .chart(chart), of: state.chart.request, focus: false, &state)
}

/// The rows that the chart on screen counts.
func shownRows(_ state: WorkbenchState) -> NodeRequest? {
  guard case .analysis(let id)? = state.chart.shown else { return state.chart.request }
  return state.flow[analysis: id].map { NodeRequest(graph: state.flow.graph, node: $0.node) }
}

private func showRowsBehindMark(_ state: inout WorkbenchState) -> [Effect] {
  if let effects = openStudy(&state) ?? openExplanation(&state) { return effects }
  let marks = drawnMarks(state)
  guard var request = shownRows(state) else { return [] }
  if state.chart.box == nil {
    guard marks.indices.contains(state.chart.cursor) else { return [] }
    switch marks[state.chart.cursor].selection {
    case .pair(let row, let column):
      guard row != column else {
        state.say("A column with itself: choose another cell to see its scatter plot.")
        return []
      }
      return look(at: .scatter(x: column, y: row, colorBy: nil), of: request, focus: true, &state)
    case .feature(let name):
      guard let column = state.table.views.first?.schema.first(where: { $0.name == name }) else {
        state.say("\(name) is no column of the rows in the table.")
        return []
      }
      return look(at: chart(of: column), of: request, focus: true, &state)
    case .none, .range, .equals, .noneOf, .box, .all: break
    }
  }
  guard let chosen = chosenRows(&state) else { return [] }
  guard !isOutdated(state) else {
    state.say("The steps have changed since this chart was drawn: . on the column draws it again.", .warning)
    return []
  }
  var effects: [Effect] = []
  // Rows of one mark after those of another: both are parts of the chart's rows, not of each other.
  let base = request.look.filters
  let isAbove = state.table.views.first?.request.node == request.node
  if isAbove {
    while state.table.views.count > 1, state.table.current?.request.look.filters != base {
      effects += cancelViews([state.table.views.removeLast()], state)
    }
  } else {
    effects += open(request.node, &state)
    alignFlowCursor(&state)
  }
  request.look.filters.append(chosen.filter)
  effects += push(request, title: chosen.title, &state)
  state.table.changeCurrent { $0.openedFrom = .chart }
  state.focus = .table
  return effects
}
