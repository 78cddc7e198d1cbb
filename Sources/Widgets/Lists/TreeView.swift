// The flow as a tree: steps on a trunk, analyses as twigs beside it.
//
//     ● Source     adult.csv
//     ● Filter     hours > 0
//     ├○ Histogram age     ✓
//     └○ Quick model  queued

import Grid

/// One line of the tree.
public struct TreeRow: Sendable, Equatable {
  public enum Node: Sendable, Equatable { case step, analysis, plus }

  public var node: Node
  public var title: String
  /// After the title, in muted ink.
  public var detail: String
  /// At the right end: `✓`, `41%`, `queued`.
  public var badge: String
  public var level: Level?
  /// 0 for the trunk, 1 for what hangs on it, and so on.
  public var depth: Int
  /// Whether a new trunk begins here: another source, or a second branch right after the first. The first step of a
  /// branch need not say so.
  public var isRoot: Bool
  /// Switched off: dim, and struck out by a mark.
  public var isEnabled: Bool

  public init(
    _ node: Node, _ title: String, detail: String = "", badge: String = "", level: Level? = nil, depth: Int = 0,
    isRoot: Bool = false, isEnabled: Bool = true
  ) {
    self.node = node
    self.title = title
    self.detail = detail
    self.badge = badge
    self.level = level
    self.depth = depth
    self.isRoot = isRoot
    self.isEnabled = isEnabled
  }
}

/// A tree.
public struct TreeView: Sendable, Equatable {
  public var rows: [TreeRow]
  public var cursor: Int?
  public var top: Int
  public var isFocused: Bool
  public var name: String
  public var placeholder: String

  public init(
    _ rows: [TreeRow], cursor: Int?, top: Int = 0, isFocused: Bool = true, name: String, placeholder: String = ""
  ) {
    self.rows = rows
    self.cursor = cursor
    self.top = top
    self.isFocused = isFocused
    self.name = name
    self.placeholder = placeholder
  }

  public func draw(in rect: Rect, on grid: inout CellGrid, _ context: DrawContext) -> HitMap {
    var hits = HitMap()
    if rect.isEmpty { return hits }
    grid.fill(rect, style: context.textStyle)
    if rows.isEmpty {
      TextBlock(placeholder, style: context.mutedStyle).draw(in: rect.inset(dx: 1), on: &grid, context)
      return hits
    }
    let first = visibleTop(count: rows.count, height: rect.height, cursor: cursor ?? top, top: top)
    let isLong = rows.count > rect.height
    let body = isLong ? rect.splitRight(1).1 : rect
    let titles = rows.map { TextWidth.of($0.title) + $0.depth }
    let titleWidth = min(rows.indices.filter { !rows[$0].detail.isEmpty }.map { titles[$0] }.max() ?? 0, body.width / 2)
    for row in 0..<min(rect.height, rows.count - first) {
      let line = Rect(x: body.x, y: body.y + row, width: body.width, height: 1)
      draw(first + row, titleWidth: titleWidth, in: line, on: &grid, context)
      hits.add(line, .item(name, first + row))
    }
    if isLong { ScrollBar(count: rows.count, top: first).draw(in: rect.splitRight(1).0, on: &grid, context) }
    return hits
  }

  /// The lines before the node: one cell for each level above it. A trunk that begins joins the one it grows from;
  /// steps further along it stand under it.
  func connectors(_ index: Int, isPlain: Bool) -> String {
    let depth = rows[index].depth
    if depth == 0 { return "" }
    let ornaments = Ornaments(isPlain ? .ascii : .braille)
    let hangs = rows[index].node != .step || beginsTrunk(index)
    return (0..<depth).map { level in
      let goesOn = continues(after: index, level: level)
      if level == depth - 1, hangs { return String(goesOn ? ornaments.tee : ornaments.corner) }
      return goesOn ? String(ornaments.vertical) : " "
    }.joined()
  }

  /// Whether a step is the first of its trunk.
  private func beginsTrunk(_ index: Int) -> Bool {
    let row = rows[index]
    if row.isRoot { return true }
    let before = rows[..<index].last { $0.node == .step && $0.depth <= row.depth }
    return before.map { $0.depth < row.depth } ?? true
  }

  /// Whether the trunk of a level goes on below a row: another step stands on it, or something hangs on it.
  private func continues(after index: Int, level: Int) -> Bool {
    for next in rows.indices.dropFirst(index + 1) {
      let row = rows[next]
      if row.depth < level || (row.isRoot && row.depth == 0) { return false }
      if row.depth == level { return row.node == .step && !row.isRoot }
      if row.depth == level + 1, row.node != .step || beginsTrunk(next) { return true }
    }
    return false
  }

  private func draw(
    _ index: Int, titleWidth: Int, in line: Rect, on grid: inout CellGrid, _ context: DrawContext
  ) {
    let row = rows[index]
    let ornaments = context.ornaments
    let isCursor = index == cursor
    let isLit = isCursor && isFocused
    let paper = isLit ? context.selectionStyle : context.textStyle
    grid.fill(line, style: paper)
    if isCursor { grid.draw(String(ornaments.pointer), x: line.x, y: line.y, style: isLit ? paper : context.markStyle) }
    var x = line.x + 1
    let lines = connectors(index, isPlain: ornaments.isPlain)
    grid.draw(lines, x: x, y: line.y, style: isLit ? paper : context.mutedStyle, width: max(0, line.maxX - x))
    x += TextWidth.of(lines)
    let node: Character =
      switch row.node {
      case .step: row.isEnabled ? ornaments.step : "x"
      case .analysis: ornaments.analysis
      case .plus: "+"
      }
    let ink = row.isEnabled ? paper : isLit ? paper.dim() : context.mutedStyle.dim()
    let nodeStyle = isLit ? paper : row.level.map { $0.style(context) } ?? ink
    grid.draw(String(node), x: x, y: line.y, style: nodeStyle, width: max(0, line.maxX - x))
    x += 2
    let badgeWidth = row.badge.isEmpty ? 0 : TextWidth.of(row.badge) + 1
    var room = line.maxX - x - 1 - badgeWidth
    if room > 0 {
      let title =
        row.detail.isEmpty ? row.title : ornaments.fit(row.title, max(TextWidth.of(row.title), titleWidth - row.depth))
      let text = row.detail.isEmpty ? title : title + " "
      grid.draw(
        TextWidth.of(text) > room ? ornaments.fit(text, room) : text, x: x, y: line.y,
        style: row.node == .step ? ink.bold() : ink, width: room)
      x += TextWidth.of(text)
      room -= TextWidth.of(text)
    }
    if room > 0 {
      let style = isLit ? ink : context.mutedStyle
      grid.draw(ornaments.fit(row.detail, room), x: x, y: line.y, style: style, width: room)
    }
    if badgeWidth > 0, line.width > badgeWidth + 3 {
      let style = isLit ? paper : row.level.map { $0.style(context) } ?? context.mutedStyle
      grid.draw(row.badge, x: line.maxX - badgeWidth, y: line.y, style: style)
    }
  }
}
