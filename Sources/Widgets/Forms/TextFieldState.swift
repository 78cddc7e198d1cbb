// A line of text being edited, and how it is drawn: `[ >50K    ]` with the cursor as a reversed cell.

import Grid

/// Text with a cursor. Cursor positions count characters.
public struct TextFieldState: Sendable, Equatable {
  public private(set) var characters: [Character]
  public private(set) var cursor: Int

  public init(_ text: String = "") {
    characters = Array(text)
    cursor = characters.count
  }

  public var text: String { String(characters) }
  public var isEmpty: Bool { characters.isEmpty }

  public mutating func set(_ text: String) { self = TextFieldState(text) }

  /// Types or pastes text at the cursor; line breaks become blanks.
  public mutating func insert(_ text: String) {
    let new = text.map { $0.isNewline || $0 == "\t" ? " " : $0 }
    characters.insert(contentsOf: new, at: cursor)
    cursor += new.count
  }

  /// Edits or moves; false where the key means nothing to a line of text.
  public mutating func handle(_ key: KeyEvent) -> Bool {
    if let typed = key.typed {
      insert(String(typed))
      return true
    }
    switch (key.code, key.modifiers) {
    case (.left, .control), (.left, .alt), (.character("b"), .alt): cursor = wordStart()
    case (.right, .control), (.right, .alt), (.character("f"), .alt): cursor = wordEnd()
    case (.left, []): cursor = max(0, cursor - 1)
    case (.right, []): cursor = min(characters.count, cursor + 1)
    case (.home, []), (.character("a"), .control): cursor = 0
    case (.end, []), (.character("e"), .control): cursor = characters.count
    case (.backspace, []), (.character("h"), .control):
      if cursor > 0 { remove((cursor - 1)..<cursor) }
    case (.delete, []), (.character("d"), .control):
      if cursor < characters.count { remove(cursor..<(cursor + 1)) }
    case (.character("u"), .control): remove(0..<cursor)
    case (.character("k"), .control): remove(cursor..<characters.count)
    case (.character("w"), .control), (.backspace, .alt): remove(wordStart()..<cursor)
    default: return false
    }
    return true
  }

  private mutating func remove(_ range: Range<Int>) {
    characters.removeSubrange(range)
    cursor = range.lowerBound
  }

  private func wordStart() -> Int {
    var at = cursor
    while at > 0, characters[at - 1] == " " { at -= 1 }
    while at > 0, characters[at - 1] != " " { at -= 1 }
    return at
  }

  private func wordEnd() -> Int {
    var at = cursor
    while at < characters.count, characters[at] == " " { at += 1 }
    while at < characters.count, characters[at] != " " { at += 1 }
    return at
  }
}

/// A text field on screen.
public struct TextFieldView: Sendable, Equatable {
  public var state: TextFieldState
  public var placeholder: String
  public var isFocused: Bool
  /// Draw `[ … ]` around it.
  public var hasBrackets: Bool

  public init(_ state: TextFieldState, placeholder: String = "", isFocused: Bool = true, hasBrackets: Bool = true) {
    self.state = state
    self.placeholder = placeholder
    self.isFocused = isFocused
    self.hasBrackets = hasBrackets
  }

  public func draw(in rect: Rect, on grid: inout CellGrid, _ context: DrawContext) {
    let line = rect.splitTop(1).0
    if line.isEmpty { return }
    var inside = line
    if hasBrackets, line.width >= 4 {
      let edge = context.borderStyle(isFocused: isFocused)
      grid.draw("[", x: line.x, y: line.y, style: edge)
      grid.draw("]", x: line.maxX - 1, y: line.y, style: edge)
      inside = line.inset(dx: 1)
    }
    grid.fill(inside, style: context.textStyle)
    let pad = hasBrackets && inside.width > 2 ? 1 : 0
    inside = Rect(x: inside.x + pad, y: inside.y, width: inside.width - pad, height: 1)
    if state.isEmpty {
      grid.draw(
        context.ornaments.fit(placeholder, inside.width), x: inside.x, y: inside.y, style: context.mutedStyle,
        width: inside.width)
    }
    let widths = state.characters.map { TextWidth.of(String($0)) }
    var start = 0
    var used = widths[..<state.cursor].reduce(0, +)
    // The cursor's own cell must fit after the text before it.
    while used > inside.width - 1, start < state.cursor {
      used -= widths[start]
      start += 1
    }
    let shown = String(state.characters[start...])
    grid.draw(shown, x: inside.x, y: inside.y, style: context.textStyle, width: inside.width)
    if isFocused, inside.width > 0 {
      let under = state.cursor < widths.count ? max(1, widths[state.cursor]) : 1
      let cell = Rect(x: inside.x + min(used, inside.width - 1), y: inside.y, width: under, height: 1)
      grid.restyle(cell.intersection(inside)) {
        $0 = Style(foreground: $0.foreground, background: $0.background, attributes: .reverse)
      }
    }
  }
}
