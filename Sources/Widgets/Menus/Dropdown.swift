// An open menu: titles at the left, keys at the right, what cannot be used now dim with its reason at hand.

import Grid

/// One line of a menu.
public struct MenuItem: Sendable, Equatable {
  public var title: String
  public var key: String
  /// Why it cannot be used now; nil when it can.
  public var reason: String?
  public var hasSubmenu: Bool
  public var isSeparator: Bool

  public init(_ title: String, key: String = "", reason: String? = nil, hasSubmenu: Bool = false) {
    self.title = title
    self.key = key
    self.reason = reason
    self.hasSubmenu = hasSubmenu
    isSeparator = false
  }

  /// A line between groups.
  public static let separator: MenuItem = {
    var item = MenuItem("")
    item.isSeparator = true
    return item
  }()

  public var isEnabled: Bool { reason == nil && !isSeparator }
}

/// An open menu.
public struct Dropdown: Sendable, Equatable {
  public var items: [MenuItem]
  public var cursor: Int
  /// The list's name in `HitTarget.item`.
  public var name: String

  public init(_ items: [MenuItem], cursor: Int = 0, name: String = "dropdown") {
    self.items = items
    self.cursor = cursor
    self.name = name
  }

  /// The reason of the item under the cursor, for the status line.
  public var reason: String? { items.indices.contains(cursor) ? items[cursor].reason : nil }

  /// The letter of each item that chooses it at once, as a position in its title: the first of the beginnings of its
  /// words, then of its other letters, that no item above has taken. Letters that move the cursor are left out.
  public var mnemonics: [Int?] {
    var taken = Set("hjklq")
    return items.map { item in
      guard !item.isSeparator else { return nil }
      let letters = Array(item.title.lowercased())
      let usable = letters.indices.filter { letters[$0].isASCII && (letters[$0].isLetter || letters[$0].isNumber) }
      let starts = usable.filter { $0 == 0 || !(letters[$0 - 1].isLetter || letters[$0 - 1].isNumber) }
      guard let found = (starts + usable).first(where: { !taken.contains(letters[$0]) }) else { return nil }
      taken.insert(letters[found])
      return found
    }
  }

  /// The item that a letter chooses at once.
  public func index(mnemonic: Character) -> Int? {
    guard let wanted = mnemonic.lowercased().first else { return nil }
    let mnemonics = mnemonics
    return items.indices.first { index in
      mnemonics[index].map { Array(items[index].title.lowercased())[$0] == wanted } ?? false
    }
  }

  /// The cursor after `delta` steps over the items, disabled ones included, around the ends.
  public func moved(by delta: Int) -> Int {
    let stops = items.indices.filter { !items[$0].isSeparator }
    if stops.isEmpty { return cursor }
    let at = stops.firstIndex(of: cursor) ?? (delta > 0 ? -1 : 0)
    return stops[((at + delta) % stops.count + stops.count) % stops.count]
  }

  /// The item that a letter chooses: the next one after the cursor whose title begins with it.
  public func index(typing character: Character) -> Int? {
    let wanted = character.lowercased()
    let order = items.indices.filter { $0 > cursor } + items.indices.filter { $0 <= cursor }
    return order.first { items[$0].title.lowercased().hasPrefix(wanted) }
  }

  /// The box, from its wanted top left, moved and cut to stay inside `bounds`.
  public func rect(at anchor: Point, in bounds: Rect) -> Rect {
    let titles = items.map { TextWidth.of($0.title) }.max() ?? 0
    let keys = items.map { TextWidth.of($0.key) + ($0.hasSubmenu ? 2 : 0) }.max() ?? 0
    let width = min(bounds.width, titles + (keys > 0 ? keys + 2 : 0) + 4)
    let height = min(bounds.height, items.count + 2)
    return Rect(
      x: max(bounds.x, min(anchor.x, bounds.maxX - width)), y: max(bounds.y, min(anchor.y, bounds.maxY - height)),
      width: width, height: height)
  }

  public func draw(at anchor: Point, in bounds: Rect, on grid: inout CellGrid, _ context: DrawContext) -> HitMap {
    var hits = HitMap()
    let rect = rect(at: anchor, in: bounds)
    if rect.isEmpty { return hits }
    let ornaments = context.ornaments
    grid.fill(rect, style: context.textStyle)
    Box(isHeavy: false, ornaments.isPlain).draw(rect, on: &grid, context.borderStyle(isFocused: true))
    hits.add(rect, .background(name))
    let inside = rect.inset(dx: 1, dy: 1)
    let top = visibleTop(count: items.count, height: inside.height, cursor: cursor, top: 0)
    let mnemonics = mnemonics
    for row in 0..<min(inside.height, items.count - top) {
      let line = Rect(x: inside.x, y: inside.y + row, width: inside.width, height: 1)
      draw(top + row, in: line, mnemonic: mnemonics[top + row], on: &grid, context, &hits)
    }
    // A menu that goes on above or below says so on its border.
    if rect.width < 5 || rect.height < 3 { return hits }
    if top > 0 { grid.draw(ornaments.isPlain ? "^" : "▴", x: rect.maxX - 3, y: rect.y, style: context.titleStyle) }
    if top + inside.height < items.count {
      grid.draw(ornaments.isPlain ? "v" : "▾", x: rect.maxX - 3, y: rect.maxY - 1, style: context.titleStyle)
    }
    return hits
  }

  private func draw(
    _ index: Int, in line: Rect, mnemonic: Int?, on grid: inout CellGrid, _ context: DrawContext, _ hits: inout HitMap
  ) {
    let item = items[index]
    let ornaments = context.ornaments
    if item.isSeparator {
      grid.fill(line, ornaments.horizontal, style: context.borderStyle(isFocused: false))
      return
    }
    var style = item.isEnabled ? context.textStyle : context.mutedStyle.dim()
    if index == cursor { style = item.isEnabled ? context.selectionStyle : context.selectionStyle.dim() }
    grid.fill(line, style: style)
    let key = item.hasSubmenu ? String(ornaments.submenu) : item.key
    let keyWidth = TextWidth.of(key)
    let room = line.width - 2 - (keyWidth > 0 ? keyWidth + 1 : 0)
    grid.draw(ornaments.fit(item.title, room), x: line.x + 1, y: line.y, style: style, width: max(0, room))
    if let mnemonic {
      let before = TextWidth.of(String(item.title.prefix(mnemonic)))
      if before < room {
        grid.restyle(Rect(x: line.x + 1 + before, y: line.y, width: 1, height: 1)) { $0.attributes.insert(.underline) }
      }
    }
    if room > 0 { grid.draw(key, x: line.maxX - 1 - keyWidth, y: line.y, style: style, width: keyWidth) }
    hits.add(line, .item(name, index))
  }
}
