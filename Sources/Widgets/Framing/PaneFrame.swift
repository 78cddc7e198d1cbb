// The border of a pane: `╭─ 2 Flow ─────── 6 steps ─╮`, heavy with a reversed title where the pane has the focus.

import Grid

/// A border with a title, a note at the right and a note at the bottom.
public struct PaneFrame: Sendable, Equatable {
  public var title: String
  /// At the right of the top line; left out before the title is cut.
  public var note: String
  /// At the right of the bottom line.
  public var bottom: String
  public var isFocused: Bool

  public init(_ title: String, note: String = "", bottom: String = "", isFocused: Bool = false) {
    self.title = title
    self.note = note
    self.bottom = bottom
    self.isFocused = isFocused
  }

  /// The cells inside the border.
  public static func inner(_ rect: Rect) -> Rect { rect.inset(dx: 1, dy: 1) }

  /// Draws the border and clears what is inside.
  public func draw(in rect: Rect, on grid: inout CellGrid, _ context: DrawContext) {
    if rect.isEmpty { return }
    let box = Box(isHeavy: isFocused, context.ornaments.isPlain)
    let border = context.borderStyle(isFocused: isFocused)
    grid.fill(rect, style: context.textStyle)
    box.draw(rect, on: &grid, border)
    let room = rect.width - 6
    if room < 1 { return }
    let name = TextWidth.of(title) <= room ? title : context.ornaments.fit(title, room)
    let nameWidth = TextWidth.of(name)
    if nameWidth > 0 {
      let style = isFocused ? context.titleStyle.reversed() : context.titleStyle
      grid.draw(" \(name) ", x: rect.x + 2, y: rect.y, style: style)
    }
    let left = room - nameWidth - 4
    if !note.isEmpty, TextWidth.of(note) <= left {
      drawAtRight(note, y: rect.y, rect, on: &grid, context.textStyle)
    }
    if let place = bottomPlace(in: rect) { drawAtRight(bottom, y: place.y, rect, on: &grid, context.mutedStyle) }
  }

  /// The first cell of the note at the bottom; nil where there is none, or no room for it.
  func bottomPlace(in rect: Rect) -> Point? {
    guard !bottom.isEmpty, rect.height > 1, TextWidth.of(bottom) <= rect.width - 6 else { return nil }
    return Point(x: rect.maxX - 3 - TextWidth.of(bottom), y: rect.maxY - 1)
  }

  private func drawAtRight(_ text: String, y: Int, _ rect: Rect, on grid: inout CellGrid, _ style: Style) {
    grid.draw(" \(text) ", x: rect.maxX - 4 - TextWidth.of(text), y: y, style: style)
  }
}

/// The lines of a rectangle.
struct Box {
  var topLeft, topRight, bottomLeft, bottomRight, horizontal, vertical: Character

  init(isHeavy: Bool, _ isPlain: Bool) {
    let set: [Character] =
      switch (isPlain, isHeavy) {
      case (true, true): ["+", "+", "+", "+", "=", "|"]
      case (true, false): ["+", "+", "+", "+", "-", "|"]
      case (false, true): ["┏", "┓", "┗", "┛", "━", "┃"]
      case (false, false): ["╭", "╮", "╰", "╯", "─", "│"]
      }
    (topLeft, topRight, bottomLeft, bottomRight) = (set[0], set[1], set[2], set[3])
    (horizontal, vertical) = (set[4], set[5])
  }

  func draw(_ rect: Rect, on grid: inout CellGrid, _ style: Style) {
    if rect.isEmpty { return }
    let (right, below) = (rect.maxX - 1, rect.maxY - 1)
    grid.fill(Rect(x: rect.x, y: rect.y, width: rect.width, height: 1), horizontal, style: style)
    grid.fill(Rect(x: rect.x, y: below, width: rect.width, height: 1), horizontal, style: style)
    grid.fill(Rect(x: rect.x, y: rect.y, width: 1, height: rect.height), vertical, style: style)
    grid.fill(Rect(x: right, y: rect.y, width: 1, height: rect.height), vertical, style: style)
    grid[right, rect.y] = Cell(topRight, style: style)
    grid[right, below] = Cell(bottomRight, style: style)
    grid[rect.x, below] = Cell(bottomLeft, style: style)
    grid[rect.x, rect.y] = Cell(topLeft, style: style)
  }
}
