// The one entry: a chart value becomes cells and marks.

import Grid

/// Draws `chart` on a grid of `size` cells. Pure, and total: any size, any data. `cursor` is an index into the marks.
public func render(_ chart: Chart, size: Size, context: DrawContext, cursor: Int? = nil) -> RenderedChart {
  var rendered =
    switch chart {
    case .histogram(let chart): chart.render(size: size, context: context, cursor: cursor)
    case .bars(let chart): chart.render(size: size, context: context, cursor: cursor)
    case .scatter(let chart): chart.render(size: size, context: context, cursor: cursor)
    case .heatmap(let chart): chart.render(size: size, context: context, cursor: cursor)
    case .importance(let chart): chart.render(size: size, context: context, cursor: cursor)
    }
  // Names and labels come from the data and may be in any script.
  if context.glyphs == .ascii { rendered.grid = rendered.grid.foldedToASCII() }
  return rendered
}
