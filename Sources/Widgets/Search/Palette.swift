// The palette: type part of a name, see the commands and things that match, best first, and run one.

import Grid

/// Something that the palette can run or go to.
public struct PaletteItem: Sendable, Equatable {
  public var id: String
  public var title: String
  /// What the match may also be found in, such as the summary; not highlighted.
  public var detail: String
  public var key: String
  /// Why it cannot be used now.
  public var reason: String?
  /// Higher comes first among equal matches: context, recency, frequency.
  public var rank: Int

  public init(
    _ id: String, _ title: String, detail: String = "", key: String = "", reason: String? = nil, rank: Int = 0
  ) {
    self.id = id
    self.title = title
    self.detail = detail
    self.key = key
    self.reason = reason
    self.rank = rank
  }
}

/// What a key or click did to a palette.
public enum PaletteEvent: Sendable, Equatable {
  case ignored
  case handled
  case chosen(String)
  /// The chosen one cannot be used now, and why.
  case refused(String)
  case cancelled
}

/// The palette's query and cursor over a fixed set of items.
public struct PaletteState: Sendable, Equatable {
  public private(set) var items: [PaletteItem]
  public private(set) var query = TextFieldState()
  public private(set) var cursor = 0
  public private(set) var found: [Found] = []

  /// A match: index of the item and the positions in its title.
  public struct Found: Sendable, Equatable {
    public var index: Int
    public var positions: [Int]
  }

  public init(_ items: [PaletteItem], query: String = "") {
    self.items = items
    self.query = TextFieldState(query)
    search()
  }

  public mutating func handle(_ key: KeyEvent) -> PaletteEvent {
    switch key {
    case .escape, .control("c"): return .cancelled
    case .enter: return choose(cursor)
    case .up, .control("p"), .backTab: cursor = max(0, cursor - 1)
    case .down, .control("n"), .tab: cursor = max(0, min(found.count - 1, cursor + 1))
    case .pageUp: cursor = max(0, cursor - 10)
    case .pageDown: cursor = max(0, min(found.count - 1, cursor + 10))
    default:
      if let line = shortcut(key) { return choose(line) }
      let old = query.text
      guard query.handle(key) else { return .ignored }
      if query.text != old { search() }
    }
    return .handled
  }

  /// The digits 1 to 9 choose the first lines at once. After a blank a digit is a part of the query.
  private func shortcut(_ key: KeyEvent) -> Int? {
    guard let typed = key.typed, typed.isASCII, let digit = typed.wholeNumberValue, digit > 0,
      query.text.last != " ", found.indices.contains(digit - 1)
    else { return nil }
    return digit - 1
  }

  public mutating func paste(_ text: String) {
    query.insert(text)
    search()
  }

  /// A click on a line.
  public mutating func click(_ target: HitTarget) -> PaletteEvent {
    guard case .item("palette", let line) = target else { return .ignored }
    cursor = line
    return choose(line)
  }

  /// Moves the cursor, for the wheel.
  public mutating func scroll(by delta: Int) { cursor = max(0, min(found.count - 1, cursor + delta)) }

  private func choose(_ line: Int) -> PaletteEvent {
    guard found.indices.contains(line) else { return .handled }
    let item = items[found[line].index]
    return item.reason.map { .refused($0) } ?? .chosen(item.id)
  }

  private mutating func search() {
    let matcher = FuzzyMatcher(query.text)
    var words = Substring(query.text.lowercased())
    while words.last == " " { words.removeLast() }
    var scored: [(found: Found, score: Int)] = []
    for (index, item) in items.enumerated() {
      if let match = matcher.match(item.title) {
        scored.append((Found(index: index, positions: match.positions), match.score * 4 + item.rank))
      } else if query.text.count > 1, item.detail.lowercased().contains(words) {
        // Letters scattered over a long sentence would find everything: here the words themselves have to occur.
        scored.append((Found(index: index, positions: []), item.rank - 40))
      }
    }
    // A stable order: equal scores stay as the items came.
    found = scored.enumerated().sorted {
      ($1.element.score, $0.offset) < ($0.element.score, $1.offset)
    }.map(\.element.found)
    cursor = 0
  }
}

/// The palette on screen.
public struct PaletteView: Sendable {
  public var state: PaletteState
  public var title: String

  public init(_ state: PaletteState, title: String = "Palette") {
    self.state = state
    self.title = title
  }

  /// Draws the palette at the top middle of `bounds`.
  public func draw(in bounds: Rect, on grid: inout CellGrid, _ context: DrawContext) -> HitMap {
    let width = min(bounds.width, max(40, min(90, bounds.width * 3 / 4)))
    let height = min(bounds.height, max(8, min(state.items.count + 4, bounds.height * 3 / 4)))
    let rect = Rect(
      x: bounds.x + (bounds.width - width) / 2, y: bounds.y + min(2, max(0, bounds.height - height)), width: width,
      height: height)
    let frame = DialogFrame(
      title, note: "\(state.found.count) of \(state.items.count)", hints: "Enter: run  Esc: close")
    var hits = frame.draw(in: rect, on: &grid, context)
    let inner = DialogFrame.inner(rect)
    if inner.isEmpty { return hits }
    let (line, rest) = inner.splitTop(1)
    let (prompt, field) = line.splitLeft(2)
    grid.draw(">", x: prompt.x, y: prompt.y, style: context.titleStyle, width: prompt.width)
    TextFieldView(
      state.query, placeholder: "a command, column, step, file or term; 1–9 runs a line", hasBrackets: false
    )
    .draw(in: field, on: &grid, context)
    let items = state.found.enumerated().map { line, found in
      let item = state.items[found.index]
      let number = line < 9 ? "\(line + 1) " : "  "
      let reason = item.reason.map { item.key.isEmpty ? $0 : "\($0)  \(item.key)" }
      return ListItem(
        number + item.title, detail: item.key, reason: reason, matches: found.positions.map { $0 + number.count })
    }
    let list = ListView(items, cursor: state.cursor, name: "palette", placeholder: "nothing is called that")
    hits.add(list.draw(in: rest.splitTop(rest.height > 3 ? 1 : 0).1, on: &grid, context))
    return hits
  }
}
