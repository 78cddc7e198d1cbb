// Lines of text being edited, and how they are drawn: with numbers at the left and the cursor as a reversed cell.

import Grid

/// Text of several lines with a cursor. Cursor positions count characters.
public struct TextAreaState: Sendable, Equatable {
  public private(set) var lines: [[Character]]
  public private(set) var row: Int
  public private(set) var column: Int
  /// The column that up and down go back to after a shorter line.
  private var goal: Int?
  private var before: [Snapshot] = []
  /// True while single characters are typed one after the other: they are undone together.
  private var isTyping = false

  private struct Snapshot: Sendable, Equatable {
    var lines: [[Character]]
    var row: Int
    var column: Int
  }

  private static let kept = 200

  public init(_ text: String = "") {
    lines = Self.split(text)
    row = lines.count - 1
    column = lines[row].count
  }

  public var text: String { lines.map { String($0) }.joined(separator: "\n") }
  public var isEmpty: Bool { lines.allSatisfy(\.isEmpty) }

  /// The line up to the cursor.
  public var beforeCursor: ArraySlice<Character> { lines[row][..<column] }

  /// Replaces everything; can be undone.
  public mutating func set(_ text: String) {
    remember(typing: false)
    lines = Self.split(text)
    row = lines.count - 1
    column = lines[row].count
  }

  /// Types or pastes text at the cursor.
  public mutating func insert(_ text: String) {
    let isOne = text.count == 1 && !text.contains(where: \.isWhitespace)
    remember(typing: isOne)
    let parts = Self.split(text)
    let rest = Array(lines[row][column...])
    lines[row].removeSubrange(column...)
    lines[row] += parts[0]
    for part in parts.dropFirst() {
      row += 1
      lines.insert(part, at: row)
    }
    column = lines[row].count
    lines[row] += rest
    goal = nil
  }

  /// Puts text in place of the last `count` characters before the cursor.
  public mutating func replace(last count: Int, with text: String) {
    remember(typing: false)
    let start = max(0, column - count)
    lines[row].removeSubrange(start..<column)
    column = start
    let keeps = before
    insert(text)
    before = keeps
    isTyping = false
  }

  /// Takes back the last change. False where there is none.
  @discardableResult
  public mutating func undo() -> Bool {
    guard let last = before.popLast() else { return false }
    (lines, row, column) = (last.lines, last.row, last.column)
    (goal, isTyping) = (nil, false)
    return true
  }

  /// Edits or moves; false where the key means nothing to a text.
  /// - Parameter page: lines that a page has.
  public mutating func handle(_ key: KeyEvent, page: Int = 10) -> Bool {
    if let typed = key.typed {
      insert(String(typed))
      return true
    }
    if edit(key) { return true }
    let isVertical = [.up, .down, .pageUp, .pageDown].contains(key.code) && key.modifiers.isEmpty
    if !isVertical { goal = nil }
    switch (key.code, key.modifiers) {
    case (.up, []): move(by: -1)
    case (.down, []): move(by: 1)
    case (.pageUp, []): move(by: -max(1, page))
    case (.pageDown, []): move(by: max(1, page))
    case (.left, []): stepLeft()
    case (.right, []): stepRight()
    case (.left, .control), (.left, .alt), (.character("b"), .alt): column = wordStart()
    case (.right, .control), (.right, .alt), (.character("f"), .alt): column = wordEnd()
    case (.home, []), (.character("a"), .control): column = 0
    case (.end, []), (.character("e"), .control): column = lines[row].count
    case (.home, .control): (row, column) = (0, 0)
    case (.end, .control): (row, column) = (lines.count - 1, lines[lines.count - 1].count)
    default: return false
    }
    isTyping = false
    return true
  }

  private mutating func edit(_ key: KeyEvent) -> Bool {
    switch (key.code, key.modifiers) {
    case (.enter, []):
      // The next line begins where this one does.
      insert("\n" + String(lines[row][..<column].prefix { $0 == " " }))
    case (.backspace, []), (.character("h"), .control):
      guard row > 0 || column > 0 else { return true }
      remember(typing: true)
      if column > 0 { lines[row].remove(at: column - 1) }
      if column > 0 { column -= 1 } else { joinAbove() }
    case (.delete, []), (.character("d"), .control):
      guard row < lines.count - 1 || column < lines[row].count else { return true }
      remember(typing: false)
      if column < lines[row].count { lines[row].remove(at: column) } else { lines[row] += lines.remove(at: row + 1) }
    case (.character("u"), .control): cut(0..<column)
    case (.character("k"), .control): cut(column..<lines[row].count)
    case (.character("w"), .control), (.backspace, .alt): cut(wordStart()..<column)
    case (.character("g"), .control): undo()
    default: return false
    }
    return true
  }

  /// Puts the cursor at a place, as near to it as there is text.
  public mutating func move(toRow row: Int, column: Int) {
    self.row = max(0, min(row, lines.count - 1))
    self.column = max(0, min(column, lines[self.row].count))
    (goal, isTyping) = (nil, false)
  }

  private mutating func move(by delta: Int) {
    let wanted = goal ?? column
    goal = wanted
    row = max(0, min(lines.count - 1, row + delta))
    column = min(wanted, lines[row].count)
  }

  private mutating func stepLeft() {
    if column > 0 {
      column -= 1
    } else if row > 0 {
      row -= 1
      column = lines[row].count
    }
  }

  private mutating func stepRight() {
    if column < lines[row].count {
      column += 1
    } else if row < lines.count - 1 {
      (row, column) = (row + 1, 0)
    }
  }

  private mutating func joinAbove() {
    let rest = lines.remove(at: row)
    row -= 1
    column = lines[row].count
    lines[row] += rest
  }

  private mutating func cut(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    remember(typing: false)
    lines[row].removeSubrange(range)
    column = range.lowerBound
  }

  private mutating func remember(typing: Bool) {
    defer { isTyping = typing }
    if typing, isTyping { return }
    before.append(Snapshot(lines: lines, row: row, column: column))
    if before.count > Self.kept { before.removeFirst() }
  }

  private func wordStart() -> Int {
    let line = lines[row]
    var at = column
    while at > 0, !Self.isPart(line[at - 1]) { at -= 1 }
    while at > 0, Self.isPart(line[at - 1]) { at -= 1 }
    return at
  }

  private func wordEnd() -> Int {
    let line = lines[row]
    var at = column
    while at < line.count, !Self.isPart(line[at]) { at += 1 }
    while at < line.count, Self.isPart(line[at]) { at += 1 }
    return at
  }

  private static func isPart(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }

  private static func split(_ text: String) -> [[Character]] {
    text.replacing("\t", with: "  ").split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map { Array($0) }
  }
}

/// A text area on screen.
public struct TextAreaView: Sendable {
  public var state: TextAreaState
  public var placeholder: String
  public var isFocused: Bool
  /// Styles over the text: for a line the parts of it, in characters.
  public var marks: @Sendable ([Character]) -> [(Range<Int>, Style)]

  public init(
    _ state: TextAreaState, placeholder: String = "", isFocused: Bool = true,
    marks: @escaping @Sendable ([Character]) -> [(Range<Int>, Style)] = { _ in [] }
  ) {
    self.state = state
    self.placeholder = placeholder
    self.isFocused = isFocused
    self.marks = marks
  }

  /// Cells of the numbers at the left; none where the area is narrow.
  private func gutter(_ rect: Rect) -> Int { rect.width < 24 ? 0 : max(2, String(state.lines.count).count) + 2 }

  /// The first line shown, and the cells that are left out at the left.
  private func origin(_ rect: Rect) -> (top: Int, left: Int) {
    let top = visibleTop(count: state.lines.count, height: rect.height, cursor: state.row, top: 0)
    let room = max(1, rect.width - gutter(rect))
    let at = state.lines[state.row][..<state.column].reduce(0) { $0 + TextWidth.of(String($1)) }
    return (top, max(0, at - room + 1))
  }

  /// The cell of the cursor.
  public func cursor(in rect: Rect) -> Point {
    let (top, left) = origin(rect)
    let at = state.lines[state.row][..<state.column].reduce(0) { $0 + TextWidth.of(String($1)) }
    return Point(x: min(rect.x + gutter(rect) + at - left, max(rect.x, rect.maxX - 1)), y: rect.y + state.row - top)
  }

  /// The place in the text that a cell shows.
  public func place(at point: Point, in rect: Rect) -> (row: Int, column: Int) {
    let (top, left) = origin(rect)
    let row = max(0, min(state.lines.count - 1, top + point.y - rect.y))
    var cells = max(0, point.x - rect.x - gutter(rect) + left)
    var column = 0
    for character in state.lines[row] {
      let width = TextWidth.of(String(character))
      if cells < width { break }
      cells -= width
      column += 1
    }
    return (row, column)
  }

  public func draw(in rect: Rect, on grid: inout CellGrid, _ context: DrawContext) {
    if rect.isEmpty { return }
    grid.fill(rect, style: context.textStyle)
    let side = gutter(rect)
    let (top, left) = origin(rect)
    for offset in 0..<min(rect.height, state.lines.count - top) {
      let line = state.lines[top + offset]
      let y = rect.y + offset
      if side > 0 {
        let number = TextWidth.fit(String(top + offset + 1), side - 2, .right)
        grid.draw(number, x: rect.x, y: y, style: context.mutedStyle, width: side)
      }
      draw(
        line, left: left, in: Rect(x: rect.x + side, y: y, width: max(0, rect.width - side), height: 1), on: &grid,
        context)
    }
    if state.isEmpty {
      let room = max(0, rect.width - side)
      grid.draw(
        context.ornaments.fit(placeholder, room), x: rect.x + side, y: rect.y, style: context.mutedStyle, width: room)
    }
    guard isFocused else { return }
    let cell = cursor(in: rect)
    let under = state.column < state.lines[state.row].count ? state.lines[state.row][state.column] : " "
    let place = Rect(x: cell.x, y: cell.y, width: max(1, TextWidth.of(String(under))), height: 1)
    grid.restyle(place.intersection(rect)) {
      $0 = Style(foreground: $0.foreground, background: $0.background, attributes: .reverse)
    }
  }

  private func draw(
    _ line: [Character], left: Int, in row: Rect, on grid: inout CellGrid, _ context: DrawContext
  ) {
    var styles = [Style](repeating: context.textStyle, count: line.count)
    for (range, style) in marks(line) {
      for index in range.clamped(to: line.indices) { styles[index] = style }
    }
    var x = row.x - left
    for (character, style) in zip(line, styles) {
      let width = TextWidth.of(String(character))
      if x >= row.maxX { return }
      if x >= row.x { grid.draw(String(character), x: x, y: row.y, style: style, width: row.maxX - x) }
      x += width
    }
  }
}
