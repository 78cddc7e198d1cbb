// Numbered tabs: ` 1 Data  2 Flow ▌3 TABLE▐ 4 Chart `; the chosen one in capitals between bars.

import Grid

/// A row of numbered tabs.
public struct TabsRow: Sendable, Equatable {
  public struct Tab: Sendable, Equatable {
    public var number: Int
    public var title: String
    /// Before the title; the number where nothing else is said.
    public var key: String

    public init(_ number: Int, _ title: String, key: String? = nil) {
      self.number = number
      self.title = title
      self.key = key ?? "\(number)"
    }
  }

  public var tabs: [Tab]
  /// The chosen tab's number.
  public var selected: Int
  /// At the right end; left out where it does not fit.
  public var note: String

  public init(_ tabs: [Tab], selected: Int, note: String = "") {
    self.tabs = tabs
    self.selected = selected
    self.note = note
  }

  /// Draws one line; where titles do not fit, the tabs that are not chosen show their numbers alone.
  public func draw(in rect: Rect, on grid: inout CellGrid, _ context: DrawContext) -> HitMap {
    var hits = HitMap()
    let line = rect.splitTop(1).0
    if line.isEmpty { return hits }
    grid.fill(line, style: context.textStyle)
    let full = tabs.map { label($0, isShort: false) }
    let isShort = full.reduce(0) { $0 + TextWidth.of($1) + 2 } > line.width
    let plain = context.ornaments.isPlain
    var x = line.x
    for tab in tabs {
      let text = label(tab, isShort: isShort)
      let width = min(TextWidth.of(text) + 2, line.maxX - x)
      if width <= 0 { break }
      let isSelected = tab.number == selected
      let (left, right) = isSelected ? (plain ? ("[", "]") : ("▌", "▐")) : (" ", " ")
      let edge = context.style(context.theme.ui.borderFocus, .bold)
      grid.draw(left, x: x, y: line.y, style: edge, width: width)
      let style = isSelected ? context.titleStyle.reversed() : context.textStyle
      grid.draw(text, x: x + 1, y: line.y, style: style, width: width - 1)
      grid.draw(
        right, x: x + 1 + TextWidth.of(text), y: line.y, style: edge, width: line.maxX - x - 1 - TextWidth.of(text))
      hits.add(Rect(x: x, y: line.y, width: width, height: 1), .tab(tab.number))
      x += width
    }
    let room = line.maxX - x - 2
    if !note.isEmpty, TextWidth.of(note) <= room {
      grid.draw(note, x: line.maxX - 1 - TextWidth.of(note), y: line.y, style: context.mutedStyle)
    }
    return hits
  }

  private func label(_ tab: Tab, isShort: Bool) -> String {
    let isSelected = tab.number == selected
    if isShort, !isSelected { return tab.key }
    return "\(tab.key) \(isSelected ? tab.title.uppercased() : tab.title)"
  }
}
