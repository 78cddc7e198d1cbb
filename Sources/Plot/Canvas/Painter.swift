// A grid being drawn for a context: cells and texts with the theme's styles, clipped to a block of the grid.

import Grid

/// Draws the parts that charts share.
struct Painter {
  var grid: CellGrid
  let context: DrawContext
  let glyphs: Glyphs

  init(size: Size, context: DrawContext) {
    grid = CellGrid(size: size, style: context.theme.base)
    self.context = context
    glyphs = Glyphs(context.glyphs)
  }

  var theme: Theme { context.theme }
  var size: Size { grid.size }
  var width: Int { grid.width }
  var height: Int { grid.height }

  func ink(_ color: Color, _ attributes: Attributes = []) -> Style { context.style(color, attributes) }
  var axisStyle: Style { ink(theme.chart.axis) }
  var tickStyle: Style { ink(theme.chart.tick) }
  var labelStyle: Style { ink(theme.chart.label) }
  var mutedStyle: Style { ink(theme.ui.muted) }
  var titleStyle: Style { ink(theme.ui.title, .bold) }
  /// A mark under the cursor.
  var cursorStyle: Style { ink(theme.ui.mark, .bold) }
  func series(_ index: Int) -> Color {
    let series = theme.chart.series
    return series.isEmpty ? theme.ui.text : series[index % series.count]
  }

  mutating func put(_ scalar: Unicode.Scalar, _ x: Int, _ y: Int, _ style: Style) {
    grid[x, y] = Cell(narrow: scalar, style: style)
  }

  mutating func text(_ text: String, _ x: Int, _ y: Int, _ style: Style, width: Int? = nil) {
    grid.draw(text, x: x, y: y, style: style, width: width)
  }

  /// A sentence in the middle of `area`, broken into lines at blanks where it is too long.
  mutating func sentence(_ sentence: String, in area: Rect) {
    for line in glyphs.centered(sentence, in: area) { text(line.text, line.x, line.y, mutedStyle) }
  }

  /// A vertical axis right of its labels: `│` and `┤`, labels right-aligned to end at `x`.
  mutating func verticalAxis(_ axis: Axis, x: Int, top: Int) {
    let rows = axis.scale.cells
    for row in 0..<rows { put(glyphs.axisVertical, x, top + row, axisStyle) }
    for tick in axis.ticks {
      let y = top + rows - 1 - tick.cell
      put(glyphs.tickLeft, x, y, axisStyle)
      text(tick.label, x - TextWidth.of(tick.label), y, tickStyle)
    }
  }

  /// A horizontal axis on row `y` with its labels on the next: `└` at `x - 1`, then `─` and `┬`.
  mutating func horizontalAxis(_ axis: Axis, x: Int, y: Int, labels: Bool = true) {
    put(glyphs.origin, x - 1, y, axisStyle)
    let line = axis.scale.cells
    for column in 0..<line { put(glyphs.axisHorizontal, x + column, y, axisStyle) }
    for tick in axis.ticks {
      put(glyphs.tickBelow, x + tick.cell, y, axisStyle)
      if labels { text(tick.label, x + Axis.labelStart(tick, cells: line), y + 1, tickStyle) }
    }
  }
}
