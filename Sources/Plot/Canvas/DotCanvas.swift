// A canvas of dots finer than cells: 2×4 braille dots a cell, 2×2 quadrants, or one mark a cell in ASCII.
// A cell without dots has no character, so that blanks stay U+0020 and never become an empty braille pattern.

import Grid

/// Dots over a block of cells, counted from the top left.
struct DotCanvas {
  let width, height: Int
  let glyphs: GlyphSet
  /// Dots per cell.
  let across, down: Int
  // One bit a dot, row by row inside the cell.
  private var cells: [UInt8]

  private static let brailleBits: [UInt8] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
  private static let quadrants: [Unicode.Scalar] = [
    " ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█",
  ]

  init(width: Int, height: Int, glyphs: GlyphSet) {
    self.width = max(0, width)
    self.height = max(0, height)
    self.glyphs = glyphs
    (across, down) = DotCanvas.dots(glyphs)
    cells = [UInt8](repeating: 0, count: self.width * self.height)
  }

  /// Dots per cell of a glyph set, across and down.
  static func dots(_ glyphs: GlyphSet) -> (across: Int, down: Int) {
    switch glyphs {
    case .braille: (2, 4)
    case .block: (2, 2)
    case .ascii: (1, 1)
    }
  }

  mutating func set(_ x: Int, _ y: Int) {
    guard x >= 0, y >= 0, x < width * across, y < height * down else { return }
    let bit = (y % down) * across + x % across
    cells[y / down * width + x / across] |= glyphs == .braille ? DotCanvas.brailleBits[bit] : 1 << UInt8(bit)
  }

  /// Removes the dots of a cell.
  mutating func clear(_ x: Int, _ y: Int) { cells[y * width + x] = 0 }

  /// The dots of a cell, one bit each.
  func pattern(_ x: Int, _ y: Int) -> UInt8 { cells[y * width + x] }

  /// Gives a cell the dots that it had before.
  mutating func restore(_ pattern: UInt8, _ x: Int, _ y: Int) { cells[y * width + x] = pattern }

  /// Adds the dots that another canvas of the same size has in a cell.
  mutating func add(_ other: DotCanvas, _ x: Int, _ y: Int) { cells[y * width + x] |= other.cells[y * width + x] }

  func isBlank(_ x: Int, _ y: Int) -> Bool { cells[y * width + x] == 0 }

  /// The character of a cell; nil when it has no dots. `mark` is what ASCII draws.
  func character(_ x: Int, _ y: Int, mark: Unicode.Scalar) -> Unicode.Scalar? {
    let dots = cells[y * width + x]
    if dots == 0 { return nil }
    switch glyphs {
    case .braille: return Unicode.Scalar(0x2800 + UInt32(dots))
    case .block: return DotCanvas.quadrants[Int(dots & 15)]
    case .ascii: return mark
    }
  }
}
