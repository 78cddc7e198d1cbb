import Engine
import Grid
import Plot
import Widgets

/// The chart pane: the chart at the size that there is, or the table or report that stands in for one.
func drawChartPane(_ state: WorkbenchState, into grid: inout CellGrid, in rect: Rect, hits: inout HitMap) {
  if let training = shownTraining(state) {
    drawLeaderboard(training.analysis, training.study, state, into: &grid, in: rect, hits: &hits)
    return
  }
  guard shownChart(state) != nil else {
    drawWithoutChart(state.chart, state, into: &grid, in: rect)
    return
  }
  let drawn = drawnChart(state, in: rect.size)
  grid.blit(drawn.grid, at: rect.origin)
  for (index, mark) in drawn.marks.enumerated() where !mark.rect.isEmpty {
    hits.add(mark.rect.offset(dx: rect.x, dy: rect.y), .item("chart.mark", index))
  }
}

/// The charts that are kept beside the one in front, each in its frame: 4b and 4c. A click brings one to the front.
func drawKeptCharts(_ state: WorkbenchState, _ layout: Layout, into grid: inout CellGrid, _ hits: inout HitMap) {
  for (index, (kept, rect)) in zip(state.keptCharts, layout.charts.dropFirst()).enumerated() {
    let name = PaneID.chart.key + (index == 0 ? "b" : "c")
    let title = chartTitle(kept, state) ?? PaneID.chart.title
    PaneFrame(
      name + " " + title, note: chartNote(kept, state), bottom: explanationNote(kept, state, width: rect.width - 8),
      isFocused: false
    ).draw(in: rect, on: &grid, state.drawing)
    hits.add(rect, .item("chart.kept", index))
    let inner = PaneFrame.inner(rect)
    guard let chart = shownChart(kept, state) else {
      drawWithoutChart(kept, state, into: &grid, in: inner)
      continue
    }
    let drawn = ChartMemory.shared.render(chart, size: inner.size, context: state.drawing, view: kept.view)
    grid.blit(drawn.grid, at: inner.origin)
  }
}

/// What a chart is of; nil where there is none.
func chartTitle(_ chart: ChartState, _ state: WorkbenchState) -> String? {
  switch chart.shown {
  case .analysis(let id): state.flow[analysis: id]?.name
  case .look(let spec): spec.defaultName
  case nil: nil
  }
}

/// What stands at the right end of a chart's title.
func chartNote(_ chart: ChartState, _ state: WorkbenchState) -> String {
  let zoomed = zoomNote(chart, state)
  if !zoomed.isEmpty { return zoomed }
  guard case .look? = chart.shown, chart.result != nil else { return "" }
  if isOutdated(chart, state) { return "old: the steps have changed" }
  return chart.request?.look.filters.isEmpty == false ? "of the rows in view" : "not saved: a saves it"
}

/// The marks of the chart as it is drawn now: what the cursor can stand on.
func drawnMarks(_ state: WorkbenchState) -> [ChartMark] {
  drawnChart(state).marks
}

/// The chart in front as it is drawn now, with the cursor where it has the focus.
/// - Parameter size: cells; those of the chart pane when nil, or enough where it is not on screen.
func drawnChart(_ state: WorkbenchState, in size: Size? = nil) -> RenderedChart {
  guard let chart = shownChart(state) else { return RenderedChart(grid: CellGrid(size: .zero)) }
  var size = size
  if size == nil {
    let rect = paneInterior(.chart, state, state.layout)
    size = rect.isEmpty ? Size(width: 80, height: 20) : rect.size
  }
  var view = state.chart.view
  view.cursor = state.focus == .chart ? state.chart.cursor : nil
  return ChartMemory.shared.render(chart, size: size ?? .zero, context: state.drawing, view: view)
}

/// `zoomed: age 20–40`; empty for a chart that is shown whole.
func zoomNote(_ chart: ChartState, _ state: WorkbenchState) -> String {
  guard chart.view.isZoomed, let shown = shownChart(chart, state) else { return "" }
  let rect = paneInterior(.chart, state, state.layout)
  let size = rect.isEmpty ? Size(width: 80, height: 20) : rect.size
  let axes = ChartMemory.shared.render(shown, size: size, context: state.drawing, view: chart.view).axes
  guard let axes, !axes.isList else { return "" }
  let window = axes.summary(of: chart.view, glyphs: state.drawing.glyphs)
  return window.isEmpty ? "" : "zoomed: " + window
}

private func drawWithoutChart(
  _ chart: ChartState, _ state: WorkbenchState, into grid: inout CellGrid, in rect: Rect
) {
  switch chart.shown {
  case .analysis(let id)?:
    guard let analysis = state.flow[analysis: id] else { break }
    if case .summary(let profile)? = analysis.result {
      for (offset, line) in summaryLines(profile).prefix(rect.height).enumerated() {
        grid.draw(line, x: rect.x + 1, y: rect.y + offset, style: state.drawing.theme.base, width: rect.width - 2)
      }
      return
    }
    drawHint([analysis.name, waitingLine(analysis, state)], state, into: &grid, in: rect)
    return
  case .look(let spec)?:
    drawHint(
      [spec.defaultName, chart.awaited == nil ? "There is no result." : "Counting…"], state, into: &grid, in: rect
    )
    return
  case nil: break
  }
  drawHint([". on a column of the table draws it.", "a adds an analysis to the flow."], state, into: &grid, in: rect)
}
