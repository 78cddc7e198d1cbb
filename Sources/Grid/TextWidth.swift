// How many columns a text takes, and texts cut or padded to a width.
//
// Works scalar by scalar, as terminals and curses do, with utf8proc's widths. Terminals disagree about joined emoji, skin
// tones and variation selectors, but agree about the base alone, so only the base is drawn and counted. Line breaks
// and tabs count as one blank; other controls and invisible format characters are dropped.

import CUtf8proc

/// Where a text goes in a wider field.
public enum Alignment: Sendable, Hashable, Codable {
  case left, center, right
}

/// Text measured in columns.
public enum TextWidth {
  /// Columns that `text` takes when drawn.
  public static func of(_ text: String) -> Int {
    if let plain = asciiWidth(text) { return plain }
    var scanner = GlyphScanner(text)
    var total = 0
    while let glyph = scanner.next() { total += glyph.width }
    return total
  }

  /// `text` cut (with `…` where asked) or padded with blanks so that it takes exactly `width` columns.
  public static func fit(_ text: String, _ width: Int, _ align: Alignment = .left, ellipsis: Bool = true) -> String {
    if width <= 0 { return "" }
    let length = of(text)
    if length == width { return text }
    if length < width {
      let blank = width - length
      let left =
        switch align {
        case .left: 0
        case .center: blank / 2
        case .right: blank
        }
      return String(repeating: " ", count: left) + text + String(repeating: " ", count: blank - left)
    }
    let limit = ellipsis ? width - 1 : width
    var (kept, used) = prefix(text, limit)
    if ellipsis {
      kept += "…"
      used += 1
    }
    return kept + String(repeating: " ", count: width - used)
  }

  /// The longest start of `text` that takes at most `columns`, as it is drawn, and the columns it takes.
  public static func prefix(_ text: String, _ columns: Int) -> (text: String, width: Int) {
    var scanner = GlyphScanner(text)
    var kept = String.UnicodeScalarView()
    var used = 0
    while let glyph = scanner.next() {
      if used + glyph.width > columns { break }
      used += glyph.width
      kept.append(glyph.scalar)
    }
    return (String(kept), used)
  }

  /// The length when every byte is printable ASCII; nil otherwise.
  static func asciiWidth(_ text: String) -> Int? {
    var text = text
    return text.withUTF8 { bytes in
      for byte in bytes where byte < 0x20 || byte > 0x7E { return nil }
      return bytes.count
    }
  }
}

/// Walks a text and yields what is drawn: scalars that start a cell (width 1 or 2) and marks that join one (width 0).
struct GlyphScanner {
  struct Glyph {
    var scalar: Unicode.Scalar
    var width: Int
  }

  private var scalars: String.UnicodeScalarView.Iterator
  private var lastWidth = 0
  private var afterJoiner = false

  init(_ text: String) { scalars = text.unicodeScalars.makeIterator() }

  mutating func next() -> Glyph? {
    while let scalar = scalars.next() {
      let value = scalar.value
      if value >= 0x20 && value < 0x7F {
        lastWidth = 1
        afterJoiner = false
        return Glyph(scalar: scalar, width: 1)
      }
      if value < 0x20 {
        if value >= 9 && value <= 13 {
          lastWidth = 0
          return Glyph(scalar: " ", width: 1)
        }
        continue
      }
      if let glyph = wide(scalar) { return glyph }
    }
    return nil
  }

  private mutating func wide(_ scalar: Unicode.Scalar) -> Glyph? {
    let value = scalar.value
    if value == 0x200D {
      afterJoiner = lastWidth == 2
      return nil
    }
    // A person's partner in a joined emoji, or a skin tone: the base stands for the whole.
    if afterJoiner || (lastWidth == 2 && value >= 0x1F3FB && value <= 0x1F3FF) {
      afterJoiner = false
      return nil
    }
    if (0xFE00...0xFE0F).contains(value) || (0xE0100...0xE01EF).contains(value) { return nil }
    // Box drawing, blocks and braille, which charts draw by the thousand.
    if (0x2500...0x259F).contains(value) || (0x2800...0x28FF).contains(value) {
      lastWidth = 1
      return Glyph(scalar: scalar, width: 1)
    }
    let code = Int32(value)
    switch utf8proc_category(code) {
    case UTF8PROC_CATEGORY_CC, UTF8PROC_CATEGORY_CF, UTF8PROC_CATEGORY_CS:
      return nil
    case UTF8PROC_CATEGORY_ZL, UTF8PROC_CATEGORY_ZP, UTF8PROC_CATEGORY_ZS:
      let width = max(1, Int(utf8proc_charwidth(code)))
      lastWidth = 0
      return Glyph(scalar: width == 2 ? scalar : " ", width: width)
    default:
      let width = Int(utf8proc_charwidth(code))
      if width > 0 {
        lastWidth = width
        return Glyph(scalar: scalar, width: min(width, 2))
      }
      return lastWidth > 0 ? Glyph(scalar: scalar, width: 0) : nil
    }
  }
}
