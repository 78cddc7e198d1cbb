// A list of lines with a cursor, details at the right, headings, and a scroll indicator when it is long.

import Grid

/// One line of a list.
public struct ListItem: Sendable, Equatable {
  public var text: String
  /// At the right end, in muted ink.
  public var detail: String
  /// A mark of one cell before the text, in the level's colour.
  public var level: Level?
  /// Columns that the text stands in.
  public var indent: Int
  /// A heading cannot be chosen.
  public var isHeading: Bool
  /// Why it cannot be chosen now; shown in place of the detail.
  public var reason: String?
  public var isMarked: Bool
  /// Character positions of the text that a search found.
  public var matches: [Int]

  public init(
    _ text: String, detail: String = "", level: Level? = nil, indent: Int = 0, isHeading: Bool = false,
    reason: String? = nil, isMarked: Bool = false, matches: [Int] = []
  ) {
    self.text = text
    self.detail = detail
    self.level = level
    self.indent = indent
    self.isHeading = isHeading
    self.reason = reason
    self.isMarked = isMarked
    self.matches = matches
  }

  /// A heading.
  public static func heading(_ text: String) -> ListItem { ListItem(text, isHeading: true) }

  public var isEnabled: Bool { reason == nil && !isHeading }
}

/// A list.
public struct ListView: Sendable, Equatable {
  public var items: [ListItem]
  /// The line under the cursor; nil draws none.
  public var cursor: Int?
  /// The first line to show if the cursor allows it.
  public var top: Int
  public var isFocused: Bool
  /// The list's name in `HitTarget.item`.
  public var name: String
  /// Shown when there is nothing.
  public var placeholder: String

  public init(
    _ items: [ListItem], cursor: Int?, top: Int = 0, isFocused: Bool = true, name: String, placeholder: String = ""
  ) {
    self.items = items
    self.cursor = cursor
    self.top = top
    self.isFocused = isFocused
    self.name = name
    self.placeholder = placeholder
  }

  /// The next line that is not a heading, `delta` lines from `cursor`, staying inside the list.
  public static func moved(_ cursor: Int, by delta: Int, over items: [ListItem]) -> Int {
    let stops = items.indices.filter { !items[$0].isHeading }
    guard let first = stops.first, let last = stops.last else { return 0 }
    let target = min(max(cursor + delta, first), last)
    if delta < 0 { return stops.last { $0 <= target } ?? first }
    return stops.first { $0 >= target } ?? last
  }

  public func draw(in rect: Rect, on grid: inout CellGrid, _ context: DrawContext) -> HitMap {
    var hits = HitMap()
    if rect.isEmpty { return hits }
    grid.fill(rect, style: context.textStyle)
    if items.isEmpty {
      TextBlock(placeholder, style: context.mutedStyle).draw(in: rect.inset(dx: 1), on: &grid, context)
      return hits
    }
    let first = visibleTop(count: items.count, height: rect.height, cursor: cursor ?? top, top: top)
    let isLong = items.count > rect.height
    let body = isLong ? rect.splitRight(1).1 : rect
    for row in 0..<min(rect.height, items.count - first) {
      let line = Rect(x: body.x, y: body.y + row, width: body.width, height: 1)
      draw(items[first + row], isCursor: first + row == cursor, in: line, on: &grid, context)
      if !items[first + row].isHeading { hits.add(line, .item(name, first + row)) }
    }
    if isLong { ScrollBar(count: items.count, top: first).draw(in: rect.splitRight(1).0, on: &grid, context) }
    return hits
  }

  private func draw(
    _ item: ListItem, isCursor: Bool, in line: Rect, on grid: inout CellGrid, _ context: DrawContext
  ) {
    let ornaments = context.ornaments
    let isLit = isCursor && isFocused
    let paper = isLit ? context.selectionStyle : context.textStyle
    grid.fill(line, style: paper)
    if item.isHeading {
      grid.draw(ornaments.fit(item.text, line.width), x: line.x, y: line.y, style: context.headerStyle)
      return
    }
    if isCursor || item.isMarked {
      let mark = isCursor ? String(ornaments.pointer) : "*"
      grid.draw(mark, x: line.x, y: line.y, style: isLit ? paper : context.markStyle, width: line.width)
    }
    var x = line.x + 2 + item.indent
    if let level = item.level, x < line.maxX {
      grid.draw(level.mark(context.glyphs), x: x, y: line.y, style: isLit ? paper : level.style(context))
      x += 2
    }
    let room = line.maxX - x - 1
    if room <= 0 { return }
    let note = item.reason ?? item.detail
    let noteWidth =
      note.isEmpty ? 0 : min(TextWidth.of(note), max(0, room - min(TextWidth.of(item.text), room / 2) - 1))
    var ink = paper
    if !item.isEnabled { ink = isLit ? paper.dim() : context.mutedStyle.dim() }
    let textWidth = room - (noteWidth > 0 ? noteWidth + 1 : 0)
    grid.draw(ornaments.fit(item.text, textWidth), x: x, y: line.y, style: ink, width: textWidth)
    if !item.matches.isEmpty, !isLit || context.colors == .mono {
      highlight(item, x: x, y: line.y, limit: x + textWidth, on: &grid, context)
    } else if !item.matches.isEmpty {
      highlight(item, x: x, y: line.y, limit: x + textWidth, on: &grid, context, onlyUnderline: true)
    }
    if noteWidth > 0 {
      let text = ornaments.fit(note, noteWidth)
      let style = isLit ? ink : item.reason == nil ? context.mutedStyle : context.mutedStyle.italic()
      grid.draw(text, x: line.maxX - 1 - noteWidth, y: line.y, style: style, width: noteWidth)
    }
  }

  private func highlight(
    _ item: ListItem, x: Int, y: Int, limit: Int, on grid: inout CellGrid, _ context: DrawContext,
    onlyUnderline: Bool = false
  ) {
    let wanted = Set(item.matches)
    var column = x
    for (index, character) in item.text.enumerated() {
      let width = TextWidth.of(String(character))
      if column + width > limit { return }
      if wanted.contains(index) {
        grid.restyle(Rect(x: column, y: y, width: width, height: 1)) { style in
          if !onlyUnderline, context.colors != .mono { style.foreground = context.theme.table.match }
          style.attributes.formUnion([.bold, .underline])
        }
      }
      column += width
    }
  }
}
