// Drawing the table.

import Grid

extension DataGrid {
  /// Draws the table; `placement` says what is on screen, for page keys and for fetching rows.
  public func draw(
    in rect: Rect, on grid: inout CellGrid, _ context: DrawContext
  ) -> (hits: HitMap, placement: Placement) {
    let placement = placement(in: rect)
    var hits = HitMap()
    if rect.isEmpty { return (hits, placement) }
    grid.fill(rect, style: context.textStyle)
    let (header, body) = rect.splitTop(Self.headerHeight(rect.height))
    drawHeader(in: header, placement, on: &grid, context, &hits)
    if placement.rows.isEmpty {
      TextBlock(placeholder, style: context.mutedStyle).draw(in: body.inset(dx: 2), on: &grid, context)
      return (hits, placement)
    }
    for (offset, row) in placement.rows.enumerated() {
      let line = Rect(x: rect.x, y: body.y + offset, width: rect.width, height: 1)
      drawRow(row, in: line, placement, on: &grid, context)
      hits.add(line, .item(name + ".row", row))
    }
    return (hits, placement)
  }

  private func drawHeader(
    in rect: Rect, _ placement: Placement, on grid: inout CellGrid, _ context: DrawContext, _ hits: inout HitMap
  ) {
    if rect.isEmpty { return }
    let ornaments = context.ornaments
    let limit = rect.maxX - 1
    grid.draw("#", x: rect.x + placement.gutter - 1, y: rect.y, style: context.mutedStyle, width: 1)
    for place in placement.columns {
      let column = columns[place.index]
      let isCursor = place.index == cursorColumn
      var style = column.isKey ? context.style(context.theme.table.keyColumn, .bold) : context.headerStyle
      if isCursor { style = isFocused ? style.reversed() : style.underlined() }
      let mark = column.mark.isEmpty ? "" : " " + column.mark
      let room = place.width - TextWidth.of(mark)
      let title = room > 0 ? ornaments.fit(column.title, min(room, TextWidth.of(column.title))) + mark : column.title
      let text = ornaments.fit(title, place.width, column.kind == .number ? .right : .left)
      grid.draw(text, x: place.x, y: rect.y, style: style, width: place.width)
      hits.add(
        Rect(x: place.x, y: rect.y, width: place.width, height: min(2, rect.height)),
        .item(name + ".column", place.index))
      if rect.height >= 2 {
        let profile = ornaments.fit(column.profile, place.width, column.kind == .number ? .right : .left)
        let ink = context.style(context.theme.chart.series.first ?? context.theme.ui.muted)
        grid.draw(profile, x: place.x, y: rect.y + 1, style: ink, width: place.width)
      }
    }
    if placement.hasMoreLeft {
      let x = min(rect.x + placement.gutter, limit)
      grid.draw(String(ornaments.less), x: x, y: rect.y, style: context.markStyle)
    }
    if placement.hasMoreRight, rect.width > 1 {
      grid.draw(String(ornaments.more), x: limit - 1, y: rect.y, style: context.markStyle)
    }
    if rect.height >= 3 {
      let rule = Rect(x: rect.x, y: rect.y + 2, width: rect.width, height: 1).inset(dx: rect.width > 4 ? 1 : 0)
      grid.fill(rule, ornaments.horizontal, style: context.borderStyle(isFocused: false))
    }
  }

  private func drawRow(
    _ row: Int, in line: Rect, _ placement: Placement, on grid: inout CellGrid, _ context: DrawContext
  ) {
    let ornaments = context.ornaments
    let isCursor = row == cursorRow
    let isLit = isCursor && isFocused && context.colors != .mono
    if isLit { grid.fill(line, style: context.selectionStyle) }
    let marked = isMarked(row)
    let signStyle = isLit ? context.selectionStyle : context.markStyle
    if marked { grid.draw("*", x: line.x, y: line.y, style: signStyle, width: line.width) }
    if isCursor {
      grid.draw(String(ornaments.pointer), x: line.x + 1, y: line.y, style: signStyle, width: line.width - 1)
    }
    let numberWidth = placement.gutter - 2
    if numberWidth > 0 {
      let text = ornaments.fit(number(row), numberWidth, .right)
      grid.draw(
        text, x: line.x + 2, y: line.y, style: isLit ? context.selectionStyle : context.mutedStyle, width: numberWidth)
    }
    for place in placement.columns {
      let column = columns[place.index]
      let value = cell(row, place.index)
      var style = ink(value, column, context)
      if isLit { style = context.selectionStyle }
      if marked { style = (isLit ? style : context.markStyle).bold() }
      if isCursor, place.index == cursorColumn { style = isFocused ? context.cursorStyle : style.underlined() }
      let alignment: Alignment = column.kind == .number ? .right : .left
      let text: String
      switch value {
      case .text(let full):
        // Long texts are cut before they are measured.
        let part =
          full.utf8.count > 4 * place.width + 64 ? String(full.unicodeScalars.prefix(place.width * 2 + 2)) : full
        text = ornaments.fit(part, place.width, alignment)
      case .null: text = ornaments.fit(String(ornaments.null), place.width, alignment)
      case .loading: text = ornaments.fit(isCursor ? ornaments.ellipsis : "", place.width, alignment)
      }
      grid.draw(text, x: place.x, y: line.y, style: style, width: place.width)
      if case .text(let full) = value {
        let spans = highlights(place.index, full)
        if !spans.isEmpty { light(spans, of: full, in: text, place, y: line.y, style, on: &grid, context) }
      }
    }
  }

  /// Sets the found part of a cell apart: by colour, and underlined and reversed for eyes and terminals without it.
  private func light(
    _ spans: [Range<Int>], of full: String, in shown: String, _ place: Placement.Place, y: Int, _ style: Style,
    on grid: inout CellGrid, _ context: DrawContext
  ) {
    let characters = Array(full)
    let indent = columns[place.index].kind == .number ? max(0, place.width - TextWidth.of(full)) : 0
    let ink = context.colors == .mono ? style : style.with(foreground: context.theme.table.match)
    for span in spans where span.upperBound <= characters.count {
      let start = indent + TextWidth.of(String(characters[..<span.lowerBound]))
      let width = max(1, TextWidth.of(String(characters[span])))
      guard start < place.width else { break }
      for x in start..<min(place.width, start + width) {
        grid[place.x + x, y].style = ink.adding([.underline, .bold])
      }
    }
  }

  private func ink(_ value: GridCell, _ column: GridColumn, _ context: DrawContext) -> Style {
    let table = context.theme.table
    if case .text = value {
      if column.isKey { return context.style(table.keyColumn) }
      return switch column.kind {
      case .number: context.style(table.number)
      case .text: context.style(table.text)
      case .date: context.style(table.date)
      case .bool: context.style(table.bool)
      }
    }
    return context.style(table.null, context.colors == .mono ? .dim : [])
  }
}
