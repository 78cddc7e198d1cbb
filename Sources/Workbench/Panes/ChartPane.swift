import Engine
import Grid
import Plot
import Widgets

/// The chart pane: the chart at the size that there is, or the table or report that stands in for one.
func drawChartPane(_ state: WorkbenchState, into grid: inout CellGrid, in rect: Rect, hits: inout HitMap) {
  guard let chart = shownChart(state) else {
    drawWithoutChart(state, into: &grid, in: rect)
    return
  }
  let drawn = ChartMemory.shared.render(
    chart, size: rect.size, context: state.drawing, cursor: state.focus == .chart ? state.chart.cursor : nil)
  grid.blit(drawn.grid, at: rect.origin)
  for (index, mark) in drawn.marks.enumerated() where !mark.rect.isEmpty {
    hits.add(mark.rect.offset(dx: rect.x, dy: rect.y), .item("chart.mark", index))
  }
}

/// The marks of the chart as it is drawn now: what the cursor can stand on.
func drawnMarks(_ state: WorkbenchState) -> [ChartMark] {
  guard let chart = shownChart(state) else { return [] }
  let rect = paneInterior(.chart, state, state.layout)
  let size = rect.isEmpty ? Size(width: 80, height: 20) : rect.size
  return ChartMemory.shared.render(chart, size: size, context: state.drawing, cursor: nil).marks
}

private func drawWithoutChart(_ state: WorkbenchState, into grid: inout CellGrid, in rect: Rect) {
  switch state.chart.shown {
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
      [spec.defaultName, state.chart.awaited == nil ? "There is no result." : "Counting…"], state, into: &grid, in: rect
    )
    return
  case nil: break
  }
  drawHint([". on a column of the table draws it.", "a adds an analysis to the flow."], state, into: &grid, in: rect)
}
