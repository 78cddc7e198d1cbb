// Names and values in two columns, under headings: a row of a table as a card, the figures of a column.

import Grid

/// A list of names and values.
public struct KeyValueView: Sendable, Equatable {
  public enum Line: Sendable, Equatable {
    case heading(String)
    /// A value of nil is missing.
    case pair(String, String?)
    case text(String)
  }

  public var lines: [Line]
  public var top: Int

  public init(_ lines: [Line], top: Int = 0) {
    self.lines = lines
    self.top = top
  }

  public func draw(in rect: Rect, on grid: inout CellGrid, _ context: DrawContext) {
    if rect.isEmpty { return }
    grid.fill(rect, style: context.textStyle)
    let names = lines.map { if case .pair(let name, _) = $0 { TextWidth.of(name) } else { 0 } }
    let nameWidth = min(names.max() ?? 0, max(4, rect.width / 2))
    let rows = lines.flatMap { self.rows(of: $0, nameWidth: nameWidth, width: rect.width - 1) }
    let first = min(max(0, top), max(0, rows.count - rect.height))
    for (offset, row) in rows.dropFirst(first).prefix(rect.height).enumerated() {
      let y = rect.y + offset
      let style: Style =
        switch row.kind {
        case .heading: context.headerStyle
        case .value: context.textStyle
        case .missing: context.style(context.theme.table.null, .dim)
        }
      if row.kind == .heading {
        grid.draw(context.ornaments.fit(row.value, rect.width), x: rect.x, y: y, style: style, width: rect.width)
        continue
      }
      let name = context.ornaments.fit(row.name, nameWidth)
      grid.draw(name, x: rect.x, y: y, style: context.mutedStyle, width: rect.width)
      let x = rect.x + (row.isWide ? 0 : nameWidth + 2)
      let value = row.kind == .missing ? String(context.ornaments.null) : row.value
      grid.draw(value, x: x, y: y, style: style, width: max(0, rect.maxX - 1 - x))
    }
    ScrollBar(count: rows.count, top: first).draw(in: rect.splitRight(1).0, on: &grid, context)
  }

  /// Rows that all lines take at a width.
  public func height(width: Int) -> Int {
    let names = lines.map { if case .pair(let name, _) = $0 { TextWidth.of(name) } else { 0 } }
    let nameWidth = min(names.max() ?? 0, max(4, width / 2))
    return lines.reduce(0) { $0 + rows(of: $1, nameWidth: nameWidth, width: width - 1).count }
  }

  private struct Row {
    enum Kind { case heading, value, missing }
    var kind = Kind.value
    var name = ""
    var value = ""
    var isWide = false
  }

  private func rows(of line: Line, nameWidth: Int, width: Int) -> [Row] {
    switch line {
    case .heading(let text): return [Row(kind: .heading, value: text)]
    case .text(let text): return wrapped(text, width: max(1, width)).map { Row(value: $0, isWide: true) }
    case .pair(let name, nil): return [Row(kind: .missing, name: name)]
    case .pair(let name, let value?):
      let parts = wrapped(value, width: max(1, width - nameWidth - 2))
      return parts.enumerated().map { Row(name: $0.offset == 0 ? name : "", value: $0.element) }
    }
  }
}
