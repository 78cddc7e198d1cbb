import Grid
import Plot
import Widgets

/// What was found as lines of a table with a cursor. Not an overlay itself.
struct FindingTable: Sendable {
  struct Column: Sendable {
    var title: String
    var alignment: Alignment = .left
    /// Left out where there is no room; the last ones first.
    var isOptional = false
    /// Gives up its width first where there is little.
    var isFlexible = false
  }

  struct Line: Sendable {
    var cells: [String]
    /// How the line is coloured; its cells say the same in words.
    var level: Level?
  }

  var columns: [Column]
  var lines: [Line]
  private(set) var cursor = 0

  init(_ columns: [Column], _ lines: [Line] = []) { (self.columns, self.lines) = (columns, lines) }

  /// Other lines; the cursor stays where it is as far as there is a line.
  mutating func show(_ lines: [Line]) {
    self.lines = lines
    moveTo(cursor)
  }

  mutating func moveTo(_ line: Int) { cursor = max(0, min(line, lines.count - 1)) }

  /// Whether a key moved the cursor.
  mutating func handle(_ key: KeyEvent) -> Bool {
    switch key.code {
    case .down, .character("j"): moveTo(cursor + 1)
    case .up, .character("k"): moveTo(cursor - 1)
    case .pageDown: moveTo(cursor + 8)
    case .pageUp: moveTo(cursor - 8)
    case .home, .character("g"): moveTo(0)
    case .end, .character("G"): moveTo(lines.count - 1)
    default: return false
    }
    return true
  }

  /// Rows with all lines and the headings.
  var height: Int { lines.count + 1 }

  /// Draws headings and the lines around the cursor.
  /// - Parameter cell: the column whose cell the cursor stands on; the whole line where it is nil.
  func draw(in rect: Rect, on grid: inout CellGrid, _ context: DrawContext, cell: Int? = nil) -> HitMap {
    var hits = HitMap()
    guard !rect.isEmpty else { return hits }
    let shown = fitted(rect.width - 1)
    func text(_ cells: [String]) -> [(x: Int, text: String, column: Int)] {
      var x = rect.x
      return shown.map { column, width in
        defer { x += width + 2 }
        let cell = plain(cells.indices.contains(column) ? cells[column] : "", context)
        return (x, TextWidth.fit(cell, width, columns[column].alignment), column)
      }
    }
    for part in text(columns.map(\.title)) {
      grid.draw(part.text, x: part.x, y: rect.y, style: context.headerStyle, width: max(0, rect.maxX - part.x))
    }
    let room = rect.height - 1
    guard room > 0 else { return hits }
    let top = lines.count <= room ? 0 : min(max(0, cursor - room / 2), lines.count - room)
    for (offset, line) in lines.dropFirst(top).prefix(room).enumerated() {
      let row = Rect(x: rect.x, y: rect.y + 1 + offset, width: rect.width - 1, height: 1)
      let isHere = top + offset == cursor
      var style = line.level.map { $0.style(context) } ?? context.textStyle
      if isHere, cell == nil {
        style = context.selectionStyle
        grid.fill(row, style: style)
      }
      for part in text(line.cells) {
        let ink = isHere && part.column == cell ? context.cursorStyle : style
        grid.draw(part.text, x: part.x, y: row.y, style: ink, width: max(0, row.maxX - part.x))
      }
      hits.add(row, .item("finding", top + offset))
    }
    ScrollBar(count: lines.count, top: top).draw(
      in: Rect(x: rect.maxX - 1, y: rect.y + 1, width: 1, height: room), on: &grid, context)
    return hits
  }

  /// The columns that have room, with their widths.
  private func fitted(_ width: Int) -> [(column: Int, width: Int)] {
    var shown = columns.indices.map { index in
      let cells = lines.map { $0.cells.indices.contains(index) ? TextWidth.of($0.cells[index]) : 0 }
      return (column: index, width: max(TextWidth.of(columns[index].title), cells.max() ?? 0))
    }
    func total() -> Int { shown.reduce(0) { $0 + $1.width } + 2 * max(0, shown.count - 1) }
    if let flexible = shown.firstIndex(where: { columns[$0.column].isFlexible }), total() > width {
      shown[flexible].width = max(min(12, shown[flexible].width), shown[flexible].width - (total() - width))
    }
    while total() > width, let last = shown.lastIndex(where: { columns[$0.column].isOptional }) {
      shown.remove(at: last)
    }
    return shown
  }
}

/// A sheet over the panes: a few lines at the top, a table of findings, and a paragraph about the line under the cursor.
struct FindingSheet: Sendable {
  var title: String
  var step = ""
  var note = ""
  var hints = ""
  var heads: [(text: String, level: Level?)] = []
  /// Paragraphs about the line under the cursor.
  var detail = ""

  /// The lines of the table that are on screen, for clicks.
  func draw(
    _ table: FindingTable, into grid: inout CellGrid, _ state: WorkbenchState, cell: Int? = nil, picture: Chart? = nil,
    view: ChartView = .whole
  ) -> HitMap {
    let context = state.drawing
    let bounds = FormDialog.bounds(state.size)
    let width = min(bounds.width - 4, 116)
    let detail = plain(detail, context)
    let heads = heads.flatMap { head in
      wrapped(plain(head.text, context), width: max(1, width)).map { (text: $0, level: head.level) }
    }
    let paragraph = detail.isEmpty ? [] : wrapped(detail, width: max(1, width - 1))
    let pictureHeight = picture == nil ? 0 : max(8, min(20, bounds.height - 12))
    let wanted = heads.count + 1 + table.height + 1 + paragraph.count + pictureHeight
    let rect = DialogFrame.rect(for: Size(width: width, height: wanted), in: bounds)
    var hits = DialogFrame(title, step: step, note: note, hints: hints).draw(in: rect, on: &grid, context)
    var inner = DialogFrame.inner(rect)
    for head in heads where inner.height > 3 {
      let style = head.level.map { $0.style(context) } ?? context.textStyle
      grid.draw(head.text, x: inner.x, y: inner.y, style: style, width: inner.width)
      inner = inner.splitTop(1).1
    }
    if let picture, inner.height > 8 {
      let (top, below) = inner.splitTop(min(pictureHeight, inner.height - 4))
      let drawn = ChartMemory.shared.render(picture, size: top.size, context: context, view: view)
      grid.blit(drawn.grid, at: top.origin)
      inner = below
    }
    // The paragraph takes a third of the room at most, unless the table leaves more.
    let least = min(table.height, max(3, inner.height * 2 / 3))
    let below = min(paragraph.count + 1, max(0, inner.height - least))
    let (body, foot) = inner.splitTop(inner.height - (below > 1 ? below : 0))
    hits.add(table.draw(in: body, on: &grid, context, cell: cell))
    guard below > 1 else { return hits }
    let rule = String(repeating: context.glyphs == .ascii ? "-" : "─", count: foot.width)
    grid.draw(rule, x: foot.x, y: foot.y, style: context.mutedStyle, width: foot.width)
    TextBlock(detail).draw(in: foot.splitTop(1).1, on: &grid, context)
    return hits
  }
}

/// Infinity in letters where there are letters only.
private func plain(_ text: String, _ context: DrawContext) -> String {
  context.glyphs == .ascii ? text.replacing("∞", with: "inf") : text
}
