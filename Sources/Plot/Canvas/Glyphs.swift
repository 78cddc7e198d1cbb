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

  /// The shade of a pattern; a solid one is a full cell.
  func shade(_ pattern: FillPattern) -> Unicode.Scalar {
    switch pattern {
    case .light: shades[0]
    case .medium: shades[1]
    case .dense: shades[2]
    case .solid: shades[3]
    }
  }

  /// The character of a shape that takes a whole cell; dots have one in a legend only.
  func marker(_ shape: MarkerShape, isSample: Bool) -> Unicode.Scalar {
    switch shape {
    case .dot: isSample ? dotSample.unicodeScalars.first ?? "o" : isASCII ? "o" : "•"
    case .plus: markers[0]
    case .cross: markers[1]
    case .triangle: markers[2]
    case .square: markers[3]
    case .diamond: markers[4]
    case .ring: markers[5]
    case .disc: isASCII ? "O" : "●"
    case .bullet: isASCII ? "o" : "•"
    case .faint: faintMarker
    }
  }

  /// What ASCII draws for a point, or for a line of a dash.
  func dotMark(_ dash: Dash?) -> Unicode.Scalar {
    switch dash {
    case nil: "o"
    case .solid: "*"
    case .dashed: "="
    case .dotted: "."
    case .dashDotted: "~"
    }
  }

  /// Two columns that stand for a line in a legend.
  func lineSample(_ dash: Dash) -> [Unicode.Scalar] {
    if isASCII { return [dotMark(dash), dotMark(dash)] }
    switch dash {
    case .solid: return ["─", "─"]
    case .dashed: return ["╌", "╌"]
    case .dotted: return ["┈", "┈"]
    case .dashDotted: return ["─", "┈"]
    }
  }

  /// A straight line that joins nothing.
  func rule(_ dash: Dash, isHorizontal: Bool, isHeavy: Bool) -> Unicode.Scalar {
    switch dash {
    case .solid:
      if isASCII { return isHorizontal ? "=" : "#" }
      return isHorizontal ? (isHeavy ? "━" : "─") : isHeavy ? "┃" : "│"
    case .dashed, .dashDotted:
      if isASCII { return isHorizontal ? "-" : ":" }
      return isHorizontal ? "╌" : "┆"
    case .dotted:
      if isASCII { return isHorizontal ? "." : ":" }
      return isHorizontal ? "┈" : "┊"
    }
  }

  // By strokes from the middle of the cell: north 1, east 2, south 4, west 8.
  private static let junctions: [Unicode.Scalar] = [
    " ", "│", "─", "└", "│", "│", "┌", "├", "─", "┘", "─", "┴", "┐", "┤", "┬", "┼",
  ]

  /// The box-drawing character with these strokes.
  func junction(_ strokes: UInt8) -> Unicode.Scalar {
    let strokes = strokes & 15
    if !isASCII { return Glyphs.junctions[Int(strokes)] }
    return strokes & 10 == 0 ? "|" : strokes & 5 == 0 ? "-" : "+"
  }

  /// `text` cut to `width` columns with this set's ellipsis.
  func cut(_ text: String, _ width: Int) -> String {
    if TextWidth.of(text) <= width { return text }
    if width <= 0 { return "" }
    return TextWidth.prefix(text, width - 1).text + ellipsis
  }
}
