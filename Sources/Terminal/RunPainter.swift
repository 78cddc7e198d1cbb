// Cells to curses: runs of one style, colours as the terminal numbers them.

import CNcurses
import Grid

/// How this terminal numbers colours.
struct Palette: Sendable {
  let depth: ColorDepth
  /// What terminfo says; 8 colours get their bright half through bold.
  let colors: Int

  /// Curses numbers and attribute bits of a style; -1 is the terminal's own colour.
  func resolve(_ style: Style) -> (foreground: Int32, background: Int32, attributes: Int32) {
    var attributes = Int32(style.attributes.rawValue)
    let reduced = style.reduced(to: depth)
    var foreground = number(reduced.foreground)
    var background = number(reduced.background)
    if colors < 16 {
      if foreground >= 8 {
        foreground -= 8
        // Bright black is dark grey: as bold it would shout, and black on black would vanish.
        if foreground == 0 { foreground = -1 } else { attributes |= Int32(Attributes.bold.rawValue) }
      }
      if background >= 8 { background -= 8 }
    }
    return (foreground, background, attributes)
  }

  private func number(_ color: Color) -> Int32 {
    switch color {
    case .terminal: return -1
    case .ansi(let index):
      if colors <= 256 || index < 8 { return Int32(index) }
      guard let (r, g, b) = color.components else { return -1 }
      return Self.direct(r, g, b)
    case .rgb(let r, let g, let b): return Self.direct(r, g, b)
    }
  }

  /// Direct terminals keep the numbers 0–7 for the palette: the darkest blues move up by an invisible step.
  private static func direct(_ r: UInt8, _ g: UInt8, _ b: UInt8) -> Int32 {
    let value = Int32(r) << 16 | Int32(g) << 8 | Int32(b)
    return value < 8 ? 8 : value
  }
}

/// Sends runs of cells to curses, cut where the style changes.
struct RunPainter {
  private let palette: Palette
  private var scalars: [UInt32] = []
  private var lengths: [UInt8] = []
  private var columns: [UInt8] = []

  init(palette: Palette) { self.palette = palette }

  mutating func paint(_ run: CellRun) {
    var x = run.x
    var start = run.x
    var style = Style.plain
    for cell in run.cells where !cell.isContinuation {
      if cell.style != style || lengths.isEmpty {
        flush(x: start, y: run.y, style: style)
        start = x
        style = cell.style
      }
      append(cell)
      x += cell.width
    }
    flush(x: start, y: run.y, style: style)
  }

  private mutating func append(_ cell: Cell) {
    if let scalar = cell.scalar {
      scalars.append(scalar.value)
      lengths.append(1)
    } else {
      let all = cell.text.unicodeScalars
      scalars.append(contentsOf: all.map(\.value))
      lengths.append(UInt8(clamping: all.count))
    }
    columns.append(UInt8(clamping: cell.width))
  }

  private mutating func flush(x: Int, y: Int, style: Style) {
    if lengths.isEmpty { return }
    let (foreground, background, attributes) = palette.resolve(style)
    nc_put(
      Int32(x), Int32(y), scalars, lengths, columns, Int32(lengths.count), attributes, foreground, background)
    scalars.removeAll(keepingCapacity: true)
    lengths.removeAll(keepingCapacity: true)
    columns.removeAll(keepingCapacity: true)
  }
}
