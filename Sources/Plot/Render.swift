// The one entry: a chart value becomes cells and marks.

import Grid

/// Draws `chart` on a grid of `size` cells. Pure, and total: any size, any data. `cursor` is an index into the marks.
public func render(_ chart: Chart, size: Size, context: DrawContext, cursor: Int? = nil) -> RenderedChart {
  render(chart, size: size, context: context, view: ChartView(cursor: cursor))
}

/// Draws the part of `chart` that `view` shows.
public func render(_ chart: Chart, size: Size, context: DrawContext, view: ChartView) -> RenderedChart {
  var rendered =
    switch chart {
    case .histogram(let chart): chart.render(size: size, context: context, view: view)
    case .bars(let chart):
      chart.measure == nil
        ? chart.render(size: size, context: context, view: view)
        : GroupedBars(chart).render(size: size, context: context, view: view)
    case .scatter(let chart): chart.render(size: size, context: context, view: view)
    case .heatmap(let chart): chart.render(size: size, context: context, view: view)
    case .importance(let chart): chart.render(size: size, context: context, view: view)
    case .content(let content): content.render(size: size, context: context, view: view)
    }
  // Names and labels come from the data and may be in any script.
  if context.glyphs == .ascii { rendered.grid = rendered.grid.foldedToASCII() }
  return rendered
}

extension ChartContent {
  /// The list in cells, with the cursor on its mark.
  func render(size: Size, context: DrawContext, view: ChartView) -> RenderedChart {
    if size.isEmpty { return RenderedChart(grid: CellGrid(size: size, style: context.theme.base)) }
    let (list, marks) = list(size: size, context: context, view: view)
    var rendered = RenderedChart(grid: list.rasterized(context), marks: marks, axes: list.axes)
    guard let cursor = view.cursor, marks.indices.contains(cursor) else { return rendered }
    rendered.drawCursor(on: marks[cursor], list: list, context: context)
    return rendered
  }
}

extension RenderedChart {
  /// Sets a mark apart, and shows where it stands on the axes.
  fileprivate mutating func drawCursor(on mark: ChartMark, list: DisplayList, context: DrawContext) {
    if mark.rect.isEmpty { return }
    let glyphs = Glyphs(context.glyphs)
    let ink = context.style(context.color(.cursor), .bold)
    switch mark.emphasis {
    case .none: break
    case .cell: grid.restyle(mark.rect) { $0 = context.theme.ui.cursor }
    case .reverse: grid.restyle(mark.rect) { $0 = $0.adding([.reverse, .bold]) }
    case .ink:
      for y in mark.rect.y..<mark.rect.maxY {
        for x in mark.rect.x..<mark.rect.maxX where !grid[x, y].isBlank && !grid[x, y].isContinuation {
          grid.restyle(Rect(x: x, y: y, width: max(1, grid[x, y].width), height: 1)) { $0 = ink }
        }
      }
    }
    // Not in the way of the axis itself, which a tall or wide mark may cover.
    if let row = list.pointerRow {
      grid[mark.rect.x + (mark.rect.width - 1) / 2, row] = Cell(narrow: glyphs.pointer, style: ink)
    }
    if let column = list.pointerColumn, mark.rect.height <= 2 {
      grid[column, mark.rect.y] = Cell(narrow: glyphs.sidePointer, style: ink)
    }
  }
}
