// Draws widgets on small grids and reads them back as lines.

import Grid
import Widgets

let rich = DrawContext(theme: .dark, glyphs: .braille, colors: .indexed256)
let plain = DrawContext(theme: .mono, glyphs: .ascii, colors: .mono)

/// The lines of a grid of this size after `draw`, blanks at line ends removed.
func lines(_ width: Int, _ height: Int, _ draw: (Rect, inout CellGrid) -> Void) -> [String] {
  var grid = CellGrid(size: Size(width: width, height: height))
  draw(Rect(grid.size), &grid)
  return grid.lines.map { line in
    var text = line
    while text.last == " " { text.removeLast() }
    return text
  }
}

/// A grid of this size after `draw`.
func drawn(_ width: Int, _ height: Int, _ draw: (Rect, inout CellGrid) -> Void) -> CellGrid {
  var grid = CellGrid(size: Size(width: width, height: height))
  draw(Rect(grid.size), &grid)
  return grid
}
