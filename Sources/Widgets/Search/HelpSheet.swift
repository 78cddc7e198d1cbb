// Help for one pane: what it is for, and every command there with its key and, where it is off, the reason. Typing narrows
// it (`:f` finds the key `f`), Enter runs the line under the cursor.

import Grid

/// A command in the help sheet.
public struct HelpEntry: Sendable, Equatable {
  public var id: String
  public var group: String
  public var title: String
  public var keys: [String]
  public var summary: String
  public var reason: String?

  public init(
    _ id: String, group: String, _ title: String, keys: [String], summary: String = "", reason: String? = nil
  ) {
    self.id = id
    self.group = group
    self.title = title
    self.keys = keys
    self.summary = summary
    self.reason = reason
  }
}

/// The help sheet's entries, filter and cursor.
public struct HelpState: Sendable, Equatable {
  public let title: String
  public let purpose: String
  public let entries: [HelpEntry]
  public private(set) var filter = TextFieldState()
  /// The line under the cursor among `found`.
  public private(set) var cursor = 0

  public init(_ title: String, purpose: String, entries: [HelpEntry]) {
    self.title = title
    self.purpose = purpose
    self.entries = entries
  }

  /// The entries that the filter leaves, in their order.
  public var found: [HelpEntry] {
    let text = filter.text
    if text.isEmpty { return entries }
    if text.hasPrefix(":"), text.count > 1 {
      let key = String(text.dropFirst())
      return entries.filter { $0.keys.contains { $0 == key } }
        + entries.filter { entry in
          !entry.keys.contains(key) && entry.keys.contains { $0.lowercased().hasPrefix(key.lowercased()) }
        }
    }
    let words = text.lowercased().split(separator: " ")
    return entries.filter { entry in
      let whole = "\(entry.title) \(entry.summary) \(entry.group) \(entry.keys.joined(separator: " "))".lowercased()
      return words.allSatisfy { whole.contains($0) }
    }
  }

  /// The entry under the cursor.
  public var current: HelpEntry? {
    let found = found
    return found.indices.contains(cursor) ? found[cursor] : nil
  }

  public mutating func handle(_ key: KeyEvent) -> PaletteEvent {
    let count = found.count
    switch key {
    case .escape where !filter.isEmpty:
      filter = TextFieldState()
      cursor = 0
    case .escape, .control("c"), KeyEvent(.function(1)): return .cancelled
    case .enter: return choose()
    case .up: cursor = max(0, cursor - 1)
    case .down, .tab: cursor = max(0, min(count - 1, cursor + 1))
    case .pageUp: cursor = max(0, cursor - 10)
    case .pageDown: cursor = max(0, min(count - 1, cursor + 10))
    case .character("?") where filter.isEmpty: return .cancelled
    default:
      let old = filter.text
      guard filter.handle(key) else { return .ignored }
      if filter.text != old { cursor = 0 }
    }
    return .handled
  }

  public mutating func click(_ target: HitTarget) -> PaletteEvent {
    guard case .item("help", let line) = target else { return .ignored }
    if cursor == line { return choose() }
    cursor = line
    return .handled
  }

  public mutating func scroll(by delta: Int) { cursor = max(0, min(found.count - 1, cursor + delta)) }

  private func choose() -> PaletteEvent {
    guard let entry = current else { return .handled }
    return entry.reason.map { .refused($0) } ?? .chosen(entry.id)
  }
}

/// The help sheet on screen: the right half of a wide screen, all of a narrow one.
public struct HelpSheet: Sendable {
  public var state: HelpState

  public init(_ state: HelpState) { self.state = state }

  public func draw(in bounds: Rect, on grid: inout CellGrid, _ context: DrawContext) -> HitMap {
    let rect = bounds.width >= 100 ? bounds.splitRight(max(60, bounds.width / 2)).0 : bounds
    let found = state.found
    let frame = DialogFrame(
      "Help: \(state.title)", note: "\(found.count) commands", hints: "type to search  Enter: run  Esc: close")
    var hits = frame.draw(in: rect, on: &grid, context)
    var inner = DialogFrame.inner(rect)
    if inner.isEmpty { return hits }
    if inner.height > 10 {
      let used = TextBlock(state.purpose, style: context.mutedStyle).draw(in: inner.splitTop(3).0, on: &grid, context)
      inner = inner.splitTop(used + (used > 0 ? 1 : 0)).1
    }
    let (line, rest) = inner.splitTop(1)
    let (prompt, field) = line.splitLeft(2)
    grid.draw("/", x: prompt.x, y: prompt.y, style: context.titleStyle, width: prompt.width)
    TextFieldView(state.filter, placeholder: "type to search; :f finds the key f", hasBrackets: false)
      .draw(in: field, on: &grid, context)
    let (note, body) = rest.splitBottom(rest.height > 6 ? 1 : 0)
    drawList(found, in: body, on: &grid, context, &hits)
    if let entry = state.current, !note.isEmpty {
      let text = entry.reason.map { "\($0)" } ?? entry.summary
      let style = entry.reason == nil ? context.mutedStyle : Level.warning.style(context)
      grid.draw(context.ornaments.fit(text, note.width), x: note.x, y: note.y, style: style, width: note.width)
    }
    return hits
  }

  private enum Line {
    case heading(String)
    case entry(Int)
  }

  private func drawList(
    _ found: [HelpEntry], in rect: Rect, on grid: inout CellGrid, _ context: DrawContext, _ hits: inout HitMap
  ) {
    if rect.isEmpty { return }
    if found.isEmpty {
      grid.draw("nothing matches", x: rect.x, y: rect.y, style: context.mutedStyle, width: rect.width)
      return
    }
    var lines: [Line] = []
    var cursorLine = 0
    for (index, entry) in found.enumerated() {
      if index == 0 || found[index - 1].group != entry.group { lines.append(.heading(entry.group)) }
      if index == state.cursor { cursorLine = lines.count }
      lines.append(.entry(index))
    }
    let keyWidth = min(14, found.map { TextWidth.of(keys($0)) }.max() ?? 0)
    let wanted = state.cursor == 0 ? 0 : cursorLine
    let top = visibleTop(count: lines.count, height: rect.height, cursor: wanted, top: 0)
    let body = rect.splitRight(1).1
    for (row, line) in lines.dropFirst(top).prefix(rect.height).enumerated() {
      let place = Rect(x: body.x, y: body.y + row, width: body.width, height: 1)
      switch line {
      case .heading(let text):
        grid.draw(
          context.ornaments.fit(text, place.width), x: place.x, y: place.y, style: context.headerStyle,
          width: place.width)
      case .entry(let index):
        draw(found[index], isCursor: index == state.cursor, keyWidth: keyWidth, in: place, on: &grid, context)
        hits.add(place, .item("help", index))
      }
    }
    ScrollBar(count: lines.count, top: top).draw(in: rect.splitRight(1).0, on: &grid, context)
  }

  private func keys(_ entry: HelpEntry) -> String { KeyHints.alternatives(entry.keys) }

  private func draw(
    _ entry: HelpEntry, isCursor: Bool, keyWidth: Int, in line: Rect, on grid: inout CellGrid, _ context: DrawContext
  ) {
    let ornaments = context.ornaments
    let paper = isCursor ? context.selectionStyle : context.textStyle
    let isOff = entry.reason != nil
    grid.fill(line, style: paper)
    if isCursor { grid.draw(String(ornaments.pointer), x: line.x, y: line.y, style: paper, width: line.width) }
    let keyStyle = isCursor ? paper : isOff ? context.mutedStyle.dim() : context.titleStyle
    grid.draw(
      ornaments.fit(keys(entry), keyWidth), x: line.x + 2, y: line.y, style: keyStyle, width: max(0, line.width - 2))
    let x = line.x + 2 + keyWidth + 2
    let room = line.maxX - x
    let style = isOff ? (isCursor ? paper.dim() : context.mutedStyle.dim()) : paper
    let text = entry.reason.map { "\(entry.title)  (\($0))" } ?? entry.title
    grid.draw(ornaments.fit(text, room), x: x, y: line.y, style: style, width: max(0, room))
  }
}
