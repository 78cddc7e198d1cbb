// A colour as a terminal understands it, and how many colours that terminal has.

/// A terminal colour.
public enum Color: Hashable, Sendable {
  /// The terminal's own foreground or background.
  case terminal
  /// An entry of the 256-colour table; 0–15 are the user's palette.
  case ansi(UInt8)
  /// Direct colour.
  case rgb(UInt8, UInt8, UInt8)

  /// `#E69F00` or `E69F00`; nil for anything else.
  public init?(hex: String) {
    let digits = hex.hasPrefix("#") ? hex.dropFirst() : hex[...]
    guard digits.utf8.count == 6, digits.allSatisfy(\.isHexDigit), let value = UInt32(digits, radix: 16) else {
      return nil
    }
    self = .rgb(UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255))
  }

  /// A colour as themes write it: `#E69F00`, a table index `214`, `default`, or a name such as `bright-yellow`.
  public init?(_ text: String) {
    if text == "default" || text == "terminal" {
      self = .terminal
    } else if let index = Color.names.firstIndex(of: text) {
      self = .ansi(UInt8(index))
    } else if text.utf8.count <= 3, let index = UInt8(text) {
      self = .ansi(index)
    } else if let color = Color(hex: text) {
      self = color
    } else {
      return nil
    }
  }

  /// The colour as themes write it.
  public var text: String {
    switch self {
    case .terminal: "default"
    case .ansi(let index): index < 16 ? Color.names[Int(index)] : String(index)
    case .rgb(let r, let g, let b):
      "#" + [r, g, b].map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
    }
  }

  /// The sixteen palette names in table order.
  public static let names = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
    "bright-black", "bright-red", "bright-green", "bright-yellow", "bright-blue", "bright-magenta", "bright-cyan",
    "bright-white",
  ]

  /// The colour in 32 bits: a tag in the top byte, then the payload.
  @inlinable var packed: UInt32 {
    switch self {
    case .terminal: 0
    case .ansi(let index): 1 << 24 | UInt32(index)
    case .rgb(let r, let g, let b): 2 << 24 | UInt32(r) << 16 | UInt32(g) << 8 | UInt32(b)
    }
  }

  @inlinable init(packed: UInt32) {
    switch packed >> 24 {
    case 1: self = .ansi(UInt8(packed & 255))
    case 2: self = .rgb(UInt8(packed >> 16 & 255), UInt8(packed >> 8 & 255), UInt8(packed & 255))
    default: self = .terminal
    }
  }
}

/// How many colours a terminal can show.
public enum ColorDepth: Int, Comparable, Codable, Sendable, CaseIterable {
  case mono, ansi16, indexed256, direct

  public static func < (a: ColorDepth, b: ColorDepth) -> Bool { a.rawValue < b.rawValue }
}

/// Which characters may be drawn: braille with blocks and lines, blocks and lines alone, or ASCII.
public enum GlyphSet: String, Codable, Sendable, CaseIterable {
  case braille, block, ascii
}
