// The line above the footer: a message or the state of the cursor at the left, work under way at the right.

import Grid

/// The status line.
public struct StatusLine: Sendable, Equatable {
  public var text: String
  /// Puts the level's mark before the text; nil is plain text.
  public var level: Level?
  /// At the right end, as much of it as fits beside half of the line.
  public var right: String

  public init(_ text: String, level: Level? = nil, right: String = "") {
    self.text = text
    self.level = level
    self.right = right
  }

  public func draw(in rect: Rect, on grid: inout CellGrid, _ context: DrawContext) {
    let line = rect.splitTop(1).0
    if line.isEmpty { return }
    grid.fill(line, style: context.textStyle)
    let inside = line.inset(dx: 1)
    let wanted = right.isEmpty ? 0 : TextWidth.of(right)
    let textWidth = TextWidth.of(text) + (level == nil ? 0 : 2)
    let rightWidth = wanted <= max(inside.width / 2, inside.width - textWidth - 2) ? wanted : 0
    var room = inside.width - (rightWidth > 0 ? rightWidth + 2 : 0)
    var x = inside.x
    if let level, room > 2 {
      grid.draw(level.mark(context.glyphs), x: x, y: line.y, style: level.style(context))
      x += 2
      room -= 2
    }
    let style = level.map { $0 == .error || $0 == .warning ? $0.style(context) : context.textStyle }
    grid.draw(
      context.ornaments.fit(text, room), x: x, y: line.y, style: style ?? context.textStyle, width: max(0, room))
    if rightWidth > 0 {
      grid.draw(right, x: inside.maxX - rightWidth, y: line.y, style: context.mutedStyle, width: rightWidth)
    }
  }
}

/// A passing message in a box at the top right of a rectangle.
public struct Toast: Sendable, Equatable {
  public var text: String
  public var level: Level

  public init(_ text: String, level: Level = .info) {
    self.text = text
    self.level = level
  }

  public func draw(in bounds: Rect, on grid: inout CellGrid, _ context: DrawContext) {
    let width = min(bounds.width, TextWidth.of(text) + 6)
    if width < 7 || bounds.height < 3 { return }
    let rect = Rect(x: bounds.maxX - width, y: bounds.y, width: width, height: 3)
    grid.fill(rect, style: context.textStyle)
    Box(isHeavy: false, context.ornaments.isPlain).draw(rect, on: &grid, level.style(context))
    grid.draw(level.mark(context.glyphs), x: rect.x + 2, y: rect.y + 1, style: level.style(context))
    grid.draw(
      context.ornaments.fit(text, width - 6), x: rect.x + 4, y: rect.y + 1, style: context.textStyle, width: width - 6)
  }
}
