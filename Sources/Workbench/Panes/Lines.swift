import Grid
import Widgets

/// A list's line: reverse under the cursor of the focused pane, underlined under that of another, so that the
/// place is kept in sight without colour too.
func lineStyle(isCursor: Bool, isFocused: Bool, _ state: WorkbenchState) -> Style {
  let theme = state.drawing.theme
  guard isCursor else { return theme.base }
  return isFocused ? theme.ui.selection : theme.base.bold()
}

/// A few words in the middle of an empty pane that say what to do, wrapped where the pane is narrow.
func drawHint(_ lines: [String], _ state: WorkbenchState, into grid: inout CellGrid, in rect: Rect) {
  let style = state.drawing.theme.base.with(foreground: state.drawing.theme.ui.muted)
  let lines = lines.flatMap { wrapped($0, width: max(1, rect.width - 2)) }
  let top = rect.y + max(0, (rect.height - lines.count) / 2)
  for (offset, line) in lines.prefix(rect.height).enumerated() {
    let x = rect.x + max(0, (rect.width - TextWidth.of(line)) / 2)
    grid.draw(line, x: x, y: top + offset, style: style, width: rect.maxX - x)
  }
}

/// Draws parts of one line after each other, each in its style, cut at the rectangle.
func drawParts(_ parts: [(String, Style)], into grid: inout CellGrid, in row: Rect) {
  var x = row.x
  for (text, style) in parts where x < row.maxX {
    x += grid.draw(text, x: x, y: row.y, style: style, width: row.maxX - x)
  }
}
