// Text over several lines: wrapped at words, or scrolled.

import Grid

/// Words wrapped to a width; words longer than it are cut. Line breaks in the text are kept, and so is the indentation.
public func wrapped(_ text: String, width: Int) -> [String] {
  if width <= 0 { return [] }
  var lines: [String] = []
  for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
    // A line that fits stays as it is: the columns of a report are aligned by blanks.
    if TextWidth.of(String(paragraph)) <= width {
      lines.append(String(paragraph))
      continue
    }
    let indent = String(paragraph.prefix { $0 == " " }.prefix(max(0, width / 2)))
    var line = indent
    var used = indent.count
    var isEmpty = true
    for word in paragraph.split(separator: " ") {
      var rest = String(word)
      if !isEmpty {
        if used + 1 + TextWidth.of(rest) <= width {
          line += " " + rest
          used += 1 + TextWidth.of(rest)
          continue
        }
        lines.append(line)
        line = indent
        used = indent.count
      }
      while used + TextWidth.of(rest) > width {
        let (head, columns) = TextWidth.prefix(rest, width - used)
        if columns == 0 { break }
        lines.append(line + head)
        rest = String(rest.unicodeScalars.dropFirst(head.unicodeScalars.count).map(Character.init))
        line = indent
        used = indent.count
      }
      line += rest
      used += TextWidth.of(rest)
      isEmpty = false
    }
    lines.append(line)
  }
  return lines
}

/// Text wrapped into a rectangle and cut at its end.
public struct TextBlock: Sendable, Equatable {
  public var text: String
  public var style: Style?

  public init(_ text: String, style: Style? = nil) {
    self.text = text
    self.style = style
  }

  /// Rows that the text takes at a width.
  public func height(width: Int) -> Int { text.isEmpty ? 0 : wrapped(text, width: width).count }

  /// Draws as much as fits and returns the rows used.
  @discardableResult
  public func draw(in rect: Rect, on grid: inout CellGrid, _ context: DrawContext) -> Int {
    if rect.isEmpty || text.isEmpty { return 0 }
    let lines = wrapped(text, width: rect.width)
    for (row, line) in lines.prefix(rect.height).enumerated() {
      let isCut = row == rect.height - 1 && lines.count > rect.height
      let shown = isCut ? context.ornaments.fit(line + " " + context.ornaments.ellipsis, rect.width) : line
      grid.draw(shown, x: rect.x, y: rect.y + row, style: style ?? context.textStyle, width: rect.width)
    }
    return min(lines.count, rect.height)
  }
}

/// A long text, such as an error in full or a report, that scrolls by lines.
public struct ScrollText: Sendable, Equatable {
  public var lines: [String]
  public var top: Int
  /// Break long lines at words, or cut them.
  public var wraps: Bool
  /// Columns of cut lines that are scrolled out at the left.
  public var left = 0

  public init(_ text: String, top: Int = 0, wraps: Bool = true) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    self.top = top
    self.wraps = wraps
  }

  /// The lines as they are drawn at a width.
  public func laidOut(width: Int) -> [String] {
    if wraps { return lines.flatMap { wrapped($0, width: width) } }
    return lines.map { line in
      left == 0 ? line : String(line.dropFirst(TextWidth.prefix(line, left).0.count))
    }
  }

  /// The largest sensible `left` for a width: none where lines are wrapped or fit.
  public func lastLeft(_ width: Int) -> Int {
    wraps ? 0 : max(0, (lines.map { TextWidth.of($0) }.max() ?? 0) - width)
  }

  /// The largest sensible `top` for a size.
  public func lastTop(_ size: Size) -> Int { max(0, laidOut(width: size.width - 1).count - size.height) }

  public func draw(in rect: Rect, on grid: inout CellGrid, _ context: DrawContext) {
    if rect.isEmpty { return }
    grid.fill(rect, style: context.textStyle)
    let all = laidOut(width: rect.width - 1)
    let first = min(max(0, top), max(0, all.count - rect.height))
    for (row, line) in all.dropFirst(first).prefix(rect.height).enumerated() {
      grid.draw(
        context.ornaments.fit(line, rect.width - 1), x: rect.x, y: rect.y + row, style: context.textStyle,
        width: rect.width - 1)
    }
    ScrollBar(count: all.count, top: first).draw(in: rect.splitRight(1).0, on: &grid, context)
  }
}
