// One character cell in sixteen bytes: a scalar (or the number of an interned cluster), its width, its style.
// A glyph two columns wide owns its cell and the next one, which holds a continuation of width zero.

import Foundation

/// A character cell.
public struct Cell: Hashable, Sendable {
  @usableFromInline var code: UInt32
  @usableFromInline var packedForeground: UInt32
  @usableFromInline var packedBackground: UInt32
  // Width in the low byte, attributes in the next: no padding, so rows compare as bytes.
  @usableFromInline var bits: UInt32

  /// A cell with the first glyph of `character`; a blank where it draws nothing.
  public init(_ character: Character = " ", style: Style = .plain) {
    var scanner = GlyphScanner(String(character))
    guard let first = scanner.next(), first.width > 0 else {
      self.init(code: 32, width: 1, style: style)
      return
    }
    self.init(code: first.scalar.value, width: first.width, style: style)
    while let mark = scanner.next(), mark.width == 0 { join(mark.scalar) }
  }

  /// A cell with a scalar known to be one column wide, such as a block, a line or a braille pattern.
  @inlinable public init(narrow scalar: Unicode.Scalar, style: Style = .plain) {
    self.init(code: scalar.value, width: 1, style: style)
  }

  @inlinable init(code: UInt32, width: Int, style: Style) {
    self.code = code
    packedForeground = style.packedForeground
    packedBackground = style.packedBackground
    bits = UInt32(width) | UInt32(style.attributes.rawValue) << 8
  }

  static func continuation(_ style: Style) -> Cell { Cell(code: 0, width: 0, style: style) }

  /// Columns: 1, 2, or 0 for the right half of a wide glyph.
  @inlinable public var width: Int { Int(bits & 0xFF) }

  /// Whether this is the right half of the wide glyph before it.
  @inlinable public var isContinuation: Bool { bits & 0xFF == 0 }

  /// Whether nothing but the background shows.
  @inlinable public var isBlank: Bool { code == 32 }

  /// The cell's only scalar; nil for continuations and for clusters of several.
  public var scalar: Unicode.Scalar? {
    isContinuation || code >= Clusters.first ? nil : Unicode.Scalar(code)
  }

  /// What is drawn; empty for a continuation.
  public var text: String {
    if let scalar { return String(Character(scalar)) }
    return isContinuation ? "" : Clusters.shared.text(code)
  }

  /// Colours and attributes.
  @inlinable public var style: Style {
    get {
      Style(
        packedForeground: packedForeground, packedBackground: packedBackground,
        attributes: Attributes(rawValue: UInt8(bits >> 8 & 0xFF)))
    }
    set {
      packedForeground = newValue.packedForeground
      packedBackground = newValue.packedBackground
      bits = bits & 0xFF | UInt32(newValue.attributes.rawValue) << 8
    }
  }

  /// Adds a combining mark to the glyph.
  mutating func join(_ mark: Unicode.Scalar) {
    if !isContinuation { code = Clusters.shared.code(text, mark) ?? code }
  }
}

/// Glyphs of several scalars, numbered above the last Unicode scalar.
private final class Clusters: @unchecked Sendable {
  static let first: UInt32 = 0x11_0000
  static let shared = Clusters()

  // A grid of text in any script needs a few thousand; the limit keeps hostile data from filling memory.
  private static let limit = 1 << 16
  private static let longest = 5

  private let lock = NSLock()
  private var texts: [String] = []
  private var codes: [String: UInt32] = [:]

  func text(_ code: UInt32) -> String {
    lock.withLock {
      let index = Int(code - Clusters.first)
      return index < texts.count ? texts[index] : "?"
    }
  }

  /// The number of `base` with `mark`; nil when it is too long or the table is full.
  func code(_ base: String, _ mark: Unicode.Scalar) -> UInt32? {
    if base.unicodeScalars.count >= Clusters.longest { return nil }
    var text = base
    text.unicodeScalars.append(mark)
    return lock.withLock {
      if let known = codes[text] { return known }
      if texts.count >= Clusters.limit { return nil }
      let code = Clusters.first + UInt32(texts.count)
      texts.append(text)
      codes[text] = code
      return code
    }
  }
}
