// The start screen: the program's name, one line about it, and a list of things to open, in the middle of the screen.

import Grid

/// A list with a title in the middle of a screen.
public struct StartScreen: Sendable, Equatable {
  public var title: String
  public var subtitle: String
  public var items: [ListItem]
  public var cursor: Int
  /// Under the list.
  public var hint: String
  public var name: String

  public init(
    title: String, subtitle: String, items: [ListItem], cursor: Int, hint: String = "", name: String = "start"
  ) {
    self.title = title
    self.subtitle = subtitle
    self.items = items
    self.cursor = cursor
    self.hint = hint
    self.name = name
  }

  public func draw(in rect: Rect, on grid: inout CellGrid, _ context: DrawContext) -> HitMap {
    var hits = HitMap()
    if rect.isEmpty { return hits }
    grid.fill(rect, style: context.textStyle)
    let width = min(rect.width, 76)
    let wanted = items.count + 5
    let height = min(rect.height, wanted)
    var area = Rect(
      x: rect.x + (rect.width - width) / 2, y: rect.y + (rect.height - height) / 3, width: width, height: height)
    if height > 4 {
      let ornaments = context.ornaments
      grid.draw(ornaments.fit(title, width - 2), x: area.x + 2, y: area.y, style: context.titleStyle, width: width)
      grid.draw(
        ornaments.fit(subtitle, width - 2), x: area.x + 2, y: area.y + 1, style: context.mutedStyle, width: width)
      area = area.splitTop(height >= wanted ? 3 : 2).1
    }
    let (last, list) = area.splitBottom(height >= wanted && !hint.isEmpty ? 2 : 0)
    hits.add(ListView(items, cursor: cursor, name: name).draw(in: list, on: &grid, context))
    if last.height == 2 {
      grid.draw(
        context.ornaments.fit(hint, width - 2), x: last.x + 2, y: last.y + 1, style: context.mutedStyle, width: width)
    }
    return hits
  }
}
