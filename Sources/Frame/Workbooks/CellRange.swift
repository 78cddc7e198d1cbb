/// A rectangle of a sheet, as spreadsheets write it: `B2:F100`, `B:F` (whole columns), `2:100` (whole rows), or one cell.
/// Columns and rows count from 0.
struct CellRange: Hashable, Sendable {
  var columns: Range<Int>
  var rows: Range<Int>

  /// The most that a sheet has.
  static let columnLimit = 16_384
  static let rowLimit = 1_048_576

  static let all = CellRange(columns: 0..<columnLimit, rows: 0..<rowLimit)

  init(columns: Range<Int>, rows: Range<Int>) { (self.columns, self.rows) = (columns, rows) }

  /// Nil for what is no range.
  init?(_ text: String) {
    let ends = text.replacing("$", with: "").split(separator: ":", omittingEmptySubsequences: false)
    guard (1...2).contains(ends.count), let first = Self.corner(ends[0]), let last = Self.corner(ends[ends.count - 1]),
      (first.column == nil) == (last.column == nil), (first.row == nil) == (last.row == nil)
    else { return nil }
    // One cell alone is a range; a column or a row alone is not written so.
    if ends.count == 1, first.column == nil || first.row == nil { return nil }
    func span(_ first: Int?, _ last: Int?, _ limit: Int) -> Range<Int> {
      guard let first, let last else { return 0..<limit }
      return min(first, last)..<(max(first, last) + 1)
    }
    columns = span(first.column, last.column, Self.columnLimit)
    rows = span(first.row, last.row, Self.rowLimit)
  }

  private static func corner(_ text: Substring) -> (column: Int?, row: Int?)? {
    let letters = text.prefix { $0.isASCII && $0.isLetter }
    let digits = text.dropFirst(letters.count)
    let column = letters.isEmpty ? nil : Self.column(letters.utf8)
    let row = digits.isEmpty ? nil : Int(digits)
    if !letters.isEmpty, column == nil { return nil }
    if !digits.isEmpty, row.map({ !(1...rowLimit).contains($0) }) ?? true { return nil }
    if column == nil, row == nil { return nil }
    return (column, row.map { $0 - 1 })
  }

  /// The column of letters that begin a reference: 0 for `A`; nil where there are none, or too many.
  static func column(_ text: some Sequence<UInt8>) -> Int? {
    var column = 0
    for byte in text {
      let letter = byte & 0xDF
      guard (0x41...0x5A).contains(letter) else { break }
      column = column * 26 + Int(letter - 0x40)
      if column > columnLimit { return nil }
    }
    return column == 0 ? nil : column - 1
  }

  /// `AB` for 27.
  static func letters(_ column: Int) -> String {
    var (rest, text) = (column + 1, "")
    while rest > 0 {
      text = String(UnicodeScalar(UInt8(0x41 + (rest - 1) % 26))) + text
      rest = (rest - 1) / 26
    }
    return text
  }

  /// `B17` for column 1 and row 16.
  static func cell(_ column: Int, _ row: Int) -> String { letters(column) + String(row + 1) }
}
