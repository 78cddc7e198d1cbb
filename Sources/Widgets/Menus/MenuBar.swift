// The top line: the program's name, the menus with underlined initials, and what is open at the right.

import Grid

/// A menu bar.
public struct MenuBar: Sendable, Equatable {
  public var brand: String
  public var titles: [String]
  /// The menu that is open.
  public var open: Int?
  public var note: String
  /// The list's name in `HitTarget.item`.
  public var name: String
  /// The letters that open the menus with Alt; the initials where it is empty.
  public var mnemonics: [Character]

  public init(
    _ titles: [String], open: Int? = nil, note: String = "", brand: String = "assay", name: String = "menu",
    mnemonics: [Character] = []
  ) {
    self.mnemonics = mnemonics
    self.titles = titles
    self.open = open
    self.note = note
    self.brand = brand
    self.name = name
  }

  /// Where each title starts and how wide it is with a blank at each side, in a line of this rectangle.
  private func places(_ rect: Rect) -> [Rect] {
    let gap = rect.width >= 100 ? 1 : 0
    let brand = shownBrand(rect.width)
    var x = rect.x + (brand.isEmpty ? 0 : TextWidth.of(brand) + 2) + gap
    return titles.map { title in
      // Titles share the blank between them unless the line is wide.
      let width = TextWidth.of(title) + 2
      defer { x += width - 1 + gap }
      return Rect(x: x, y: rect.y, width: width, height: 1)
    }
  }

  /// The program's name gives way where the menus need its room.
  private func shownBrand(_ width: Int) -> String {
    let titles = titles.reduce(0) { $0 + TextWidth.of($1) + 1 }
    return TextWidth.of(brand) + 2 + titles + 1 <= width ? brand : ""
  }

  /// Where the letter stands in each title that opens the menu with Alt.
  private func mnemonic(_ index: Int) -> Int {
    guard mnemonics.indices.contains(index) else { return 0 }
    return Array(titles[index].lowercased()).firstIndex(of: mnemonics[index]) ?? 0
  }

  /// Where the dropdown of a menu should stand: the cell under the title's first letter.
  public func anchor(of index: Int, in rect: Rect) -> Point {
    let places = places(rect)
    guard places.indices.contains(index) else { return Point(x: rect.x, y: rect.y + 1) }
    return Point(x: places[index].x, y: rect.y + 1)
  }

  /// The menu that Alt and a letter opens.
  public func index(mnemonic: Character) -> Int? {
    guard let wanted = mnemonic.lowercased().first else { return nil }
    return titles.indices.first { Array(titles[$0].lowercased())[self.mnemonic($0)] == wanted }
  }

  public func draw(in rect: Rect, on grid: inout CellGrid, _ context: DrawContext) -> HitMap {
    var hits = HitMap()
    let line = rect.splitTop(1).0
    if line.isEmpty { return hits }
    grid.fill(line, style: context.textStyle)
    let brand = shownBrand(line.width)
    grid.draw(brand, x: line.x + 1, y: line.y, style: context.titleStyle, width: max(0, line.width - 1))
    var end = line.x + TextWidth.of(brand) + 1
    for (index, place) in places(line).enumerated() where place.x + 1 < line.maxX {
      let isOpen = index == open
      let style = isOpen ? context.selectionStyle : context.textStyle
      if isOpen { grid.fill(place.intersection(line), style: style) }
      let room = max(0, min(place.width - 1, line.maxX - place.x - 1))
      grid.draw(titles[index], x: place.x + 1, y: line.y, style: style, width: room)
      let letter = mnemonic(index)
      grid.restyle(Rect(x: place.x + 1 + letter, y: line.y, width: letter < room ? 1 : 0, height: 1)) {
        $0.attributes.insert(.underline)
      }
      hits.add(place.intersection(line), .item(name, index))
      end = place.maxX
    }
    let room = line.maxX - 1 - end
    if !note.isEmpty, room > 8 {
      let text = TextWidth.of(note) <= room ? note : context.ornaments.fit(note, room)
      grid.draw(text, x: line.maxX - 1 - TextWidth.of(text), y: line.y, style: context.mutedStyle)
    }
    return hits
  }
}
