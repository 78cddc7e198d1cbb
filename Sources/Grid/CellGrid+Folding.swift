// The grid for a terminal that has no UTF-8.

import CUtf8proc

extension CellGrid {
  /// The grid in ASCII: lines and arrows become `- | +` and their like, accented letters lose their accents, anything
  /// else becomes `?` (twice where it was two columns wide).
  public func foldedToASCII() -> CellGrid {
    var copy = self
    for i in cells.indices where cells[i].code > 0x7E || cells[i].isContinuation {
      let letter = Cell.asciiStandIn(cells[i])
      copy.cells[i] = Cell(code: letter, width: 1, style: cells[i].style)
    }
    return copy
  }
}

extension Cell {
  private static let lookalikes: [Unicode.Scalar: Unicode.Scalar] = [
    "─": "-", "━": "=", "│": "|", "┃": "|", "╭": "+", "╮": "+", "╰": "+", "╯": "+", "┌": "+", "┐": "+", "└": "+",
    "┘": "+", "┏": "+", "┓": "+", "┗": "+", "┛": "+", "├": "+", "┤": "+", "┬": "+", "┴": "+", "┼": "+", "▶": ">",
    "▸": ">", "▾": "v", "●": "o", "○": "o", "•": "*", "·": ".", "…": "~", "–": "-", "—": "-", "−": "-", "×": "x",
    "✓": "+", "✗": "x", "»": ">", "«": "<", "▲": "^", "▼": "v", "█": "#", "▓": "#", "▒": ":", "░": ".", "→": ">",
    "←": "<", "↑": "^", "↓": "v", "‘": "'", "’": "'", "“": "\"", "”": "\"", "≥": ">", "≤": "<", "▕": "|", "▏": "|",
    "⊘": "o", "◷": ".", "‖": "\"", "±": "~", "°": "o", "ß": "s", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
  ]

  /// The ASCII code that stands for a cell.
  fileprivate static func asciiStandIn(_ cell: Cell) -> UInt32 {
    guard let scalar = cell.scalar ?? cell.text.unicodeScalars.first else { return 0x3F }
    if scalar.isASCII { return scalar.value }
    if let other = lookalikes[scalar] { return other.value }
    var parts = [Int32](repeating: 0, count: 8)
    var boundary: Int32 = 0
    let count = utf8proc_decompose_char(
      Int32(scalar.value), &parts, parts.count, UTF8PROC_DECOMPOSE, &boundary)
    if count > 0, parts[0] > 0x20, parts[0] < 0x7F { return UInt32(parts[0]) }
    return 0x3F
  }
}
