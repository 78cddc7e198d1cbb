// The characters of each glyph set: bars in eighths, lines, shades, markers, and their plain stand-ins.

import Grid

/// What charts draw with.
struct Glyphs {
  let kind: GlyphSet

  init(_ kind: GlyphSet) { self.kind = kind }

  private var isASCII: Bool { kind == .ascii }

  // Lower eighths of a cell, 1...8.
  private static let vertical: [Unicode.Scalar] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  private static let verticalASCII: [Unicode.Scalar] = [".", ".", ".", ":", ":", ":", "#", "#"]
  // Left eighths of a cell, 1...8.
  private static let horizontal: [Unicode.Scalar] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
  private static let horizontalASCII: [Unicode.Scalar] = ["-", "-", "-", "=", "=", "=", "#", "#"]

  /// A column of `eighths` (1...8) from the bottom of a cell.
  func column(_ eighths: Int) -> Unicode.Scalar {
    (isASCII ? Glyphs.verticalASCII : Glyphs.vertical)[min(max(eighths, 1), 8) - 1]
  }

  /// A bar of `eighths` (1...8) from the left of a cell.
  func bar(_ eighths: Int) -> Unicode.Scalar {
    (isASCII ? Glyphs.horizontalASCII : Glyphs.horizontal)[min(max(eighths, 1), 8) - 1]
  }

  var axisVertical: Unicode.Scalar { isASCII ? "|" : "│" }
  var axisHorizontal: Unicode.Scalar { isASCII ? "-" : "─" }
  var tickLeft: Unicode.Scalar { isASCII ? "+" : "┤" }
  var tickBelow: Unicode.Scalar { isASCII ? "+" : "┬" }
  var origin: Unicode.Scalar { isASCII ? "+" : "└" }
  var pointer: Unicode.Scalar { isASCII ? "^" : "▲" }
  var sidePointer: Unicode.Scalar { isASCII ? ">" : "▶" }
  var curveSample: String { kind == .braille ? "⠒" : isASCII ? "*" : "·" }
  var barSample: String { isASCII ? "#" : "▇" }
  var dash: String { isASCII ? "-" : "—" }
  var range: String { isASCII ? "-" : "–" }
  var times: String { isASCII ? "x" : "×" }
  var ellipsis: String { isASCII ? "~" : "…" }
  var overlap: Unicode.Scalar { "*" }

  /// Four shades, light to full.
  var shades: [Unicode.Scalar] { isASCII ? [".", ":", "=", "#"] : ["░", "▒", "▓", "█"] }

  /// The most frequent category where dots would fill every cell.
  var faintMarker: Unicode.Scalar { isASCII ? "." : "·" }

  /// Whole-cell markers for categories after the first, in order.
  var markers: [Unicode.Scalar] {
    isASCII ? ["+", "x", "^", "#", "%", "@"] : ["+", "×", "▲", "■", "◆", "○"]
  }

  /// The most frequent category's sample in a legend.
  var dotSample: String {
    switch kind {
    case .braille: "⠿"
    case .block: "▚"
    case .ascii: "o"
    }
  }

  /// `text` cut to `width` columns with this set's ellipsis.
  func cut(_ text: String, _ width: Int) -> String {
    if TextWidth.of(text) <= width { return text }
    if width <= 0 { return "" }
    return TextWidth.prefix(text, width - 1).text + ellipsis
  }
}
