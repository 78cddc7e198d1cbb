// The table of data: row numbers, headings, a line of profiles, rows, a cursor, and marks where columns go on.
// It holds no data: cells are asked for by row and column as they are drawn.

import Grid

/// What stands in a cell.
public enum GridCell: Sendable, Equatable {
  case text(String)
  case null
  /// Not here yet.
  case loading
}

/// A column of a table on screen.
public struct GridColumn: Sendable, Equatable {
  /// How values are inked and aligned.
  public enum Kind: String, Sendable { case number, text, date, bool }

  public var title: String
  public var kind: Kind
  /// The line under the heading: a sparkline, levels, type, missing.
  public var profile: String
  /// Sort mark after the title: `1▲`.
  public var mark: String
  /// Columns to take; nil measures what is on screen.
  public var width: Int?
  /// Pinned at the left as a key.
  public var isKey: Bool

  public init(
    _ title: String, kind: Kind = .text, profile: String = "", mark: String = "", width: Int? = nil, isKey: Bool = false
  ) {
    self.title = title
    self.kind = kind
    self.profile = profile
    self.mark = mark
    self.width = width
    self.isKey = isKey
  }

  public static let narrowest = 3
  public static let widest = 40

  /// The width that fits heading, profile and the given cells, within limits. No cell is measured further than needed.
  public static func width(_ column: GridColumn, cells: some Sequence<GridCell>, widest: Int = widest) -> Int {
    var width = max(
      TextWidth.of(column.title) + (column.mark.isEmpty ? 0 : TextWidth.of(column.mark) + 1),
      TextWidth.of(column.profile))
    for case .text(let text) in cells where width < widest {
      // A text has at most two columns a scalar: a very long one is not measured.
      let part = text.utf8.count > 4 * widest ? String(text.unicodeScalars.prefix(2 * widest)) : text
      width = max(width, TextWidth.of(part))
    }
    return min(max(width, narrowest), widest)
  }
}

/// A table on screen.
public struct DataGrid {
  public var columns: [GridColumn]
  /// Rows that can be reached.
  public var rowCount: Int
  public var cursorRow: Int
  public var cursorColumn: Int
  /// First row and first scrolling column to show, if the cursor allows it.
  public var top: Int
  public var left: Int
  /// Columns that stay at the left.
  public var frozen: Int
  public var isFocused: Bool
  /// What to show instead of rows when there are none.
  public var placeholder: String
  /// The lists' names in `HitTarget.item` are this with `.row` and `.column`.
  public var name: String
  /// The largest row number to make room for in the gutter; nil takes what is on screen.
  public var largestNumber: Int?
  public var isMarked: (Int) -> Bool
  /// Which characters of a cell's text stand out, by column.
  public var highlights: (_ column: Int, _ text: String) -> [Range<Int>]
  /// The number before a row, 1 for the first.
  public var number: (Int) -> String
  public var cell: (_ row: Int, _ column: Int) -> GridCell

  public init(
    columns: [GridColumn], rowCount: Int, cursorRow: Int, cursorColumn: Int, top: Int = 0, left: Int = 0,
    frozen: Int = 0, isFocused: Bool = true, placeholder: String = "no rows", name: String = "table",
    largestNumber: Int? = nil, isMarked: @escaping (Int) -> Bool = { _ in false },
    highlights: @escaping (_ column: Int, _ text: String) -> [Range<Int>] = { _, _ in [] },
    number: @escaping (Int) -> String = { String($0 + 1) }, cell: @escaping (_ row: Int, _ column: Int) -> GridCell
  ) {
    self.columns = columns
    self.rowCount = rowCount
    self.cursorRow = cursorRow
    self.cursorColumn = cursorColumn
    self.top = top
    self.left = left
    self.frozen = frozen
    self.isFocused = isFocused
    self.placeholder = placeholder
    self.name = name
    self.largestNumber = largestNumber
    self.isMarked = isMarked
    self.highlights = highlights
    self.number = number
    self.cell = cell
  }

  /// Lines above the rows in a rectangle of this height: heading, profiles, rule.
  public static func headerHeight(_ height: Int) -> Int { height >= 6 ? 3 : height >= 4 ? 2 : height >= 2 ? 1 : 0 }

  /// Rows that fit into a rectangle of this height.
  public static func rowsThatFit(_ height: Int) -> Int { max(0, height - headerHeight(height)) }
}
