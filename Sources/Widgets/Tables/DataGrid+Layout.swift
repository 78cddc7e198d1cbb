// Which rows and columns are on screen, and where.

import Grid

extension DataGrid {
  /// Where things stand.
  public struct Placement: Sendable, Equatable {
    /// The rows on screen.
    public var rows: Range<Int>
    /// First scrolling column on screen.
    public var left: Int
    /// Columns on screen from left to right: index, first cell, width.
    public var columns: [Place]
    /// Columns taken by the row numbers.
    public var gutter: Int
    public var hasMoreLeft: Bool
    public var hasMoreRight: Bool

    public struct Place: Sendable, Equatable {
      public var index: Int
      public var x: Int
      public var width: Int
    }
  }

  /// Columns that the row numbers take.
  private static func gutter(digits: Int) -> Int { max(6, digits + 3) }

  /// Cells that all columns together have, the gaps between them among them, in a rectangle of this width.
  public static func room(width: Int, largestNumber: Int) -> Int {
    max(0, width - gutter(digits: String(largestNumber).count) - 3)
  }

  /// The placement in a rectangle: the cursor's row and column are on screen, moved as little as possible.
  public func placement(in rect: Rect) -> Placement {
    let height = Self.rowsThatFit(rect.height)
    let top = visibleTop(count: rowCount, height: height, cursor: cursorRow, top: top)
    let rows = min(top, max(0, rowCount))..<min(max(0, rowCount), top + height)
    let largest = largestNumber.map { String($0).count } ?? rows.last.map { TextWidth.of(number($0)) } ?? 0
    let gutter = min(Self.gutter(digits: largest), max(0, rect.width))
    let area = Rect(x: rect.x + gutter + 1, y: rect.y, width: rect.width - gutter - 3, height: rect.height)
    let pinned = max(0, min(frozen, columns.count))
    var x = area.x
    var places: [Placement.Place] = []
    for index in 0..<pinned where x < area.maxX {
      let width = min(width(of: index, rows), area.maxX - x)
      places.append(.init(index: index, x: x, width: width))
      x += width + 1
    }
    let left = firstColumn(pinned: pinned, room: area.maxX - x, rows)
    var index = left
    while index < columns.count, x < area.maxX {
      let wanted = width(of: index, rows)
      let width = min(wanted, area.maxX - x)
      // A column that would be cut to a sliver is left for the next screen, unless it is the cursor's.
      if width < wanted, width < 6, index != cursorColumn, index > left { break }
      places.append(.init(index: index, x: x, width: width))
      x += width + 1
      index += 1
    }
    return Placement(
      rows: rows, left: left, columns: places, gutter: gutter, hasMoreLeft: left > pinned,
      hasMoreRight: index < columns.count)
  }

  private func width(of index: Int, _ rows: Range<Int>) -> Int {
    let column = columns[index]
    if let width = column.width { return max(1, width) }
    return GridColumn.width(column, cells: rows.lazy.map { cell($0, index) })
  }

  /// The first scrolling column such that the cursor's column is whole on screen, from `left` on.
  private func firstColumn(pinned: Int, room: Int, _ rows: Range<Int>) -> Int {
    let first = min(max(left, pinned), max(pinned, columns.count - 1))
    if cursorColumn < pinned || cursorColumn >= columns.count { return first }
    if cursorColumn < first { return cursorColumn }
    var used = 0
    var start = cursorColumn
    while start >= first {
      used += width(of: start, rows)
      if used > room { return min(start + 1, cursorColumn) }
      used += 1
      start -= 1
    }
    return first
  }
}
