// How a cell is drawn: two colours and five attributes, packed so that a cell stays sixteen bytes.

/// Ways to set text apart that every terminal has, colour or not.
public struct Attributes: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let bold = Attributes(rawValue: 1)
  public static let dim = Attributes(rawValue: 2)
  public static let italic = Attributes(rawValue: 4)
  public static let underline = Attributes(rawValue: 8)
  public static let reverse = Attributes(rawValue: 16)
}

/// Foreground, background and attributes of a cell.
public struct Style: Hashable, Sendable {
  @usableFromInline var packedForeground: UInt32
  @usableFromInline var packedBackground: UInt32
  /// Bold, dim, italic, underline, reverse.
  public var attributes: Attributes

  /// A style; without arguments the terminal's own.
  @inlinable public init(
    foreground: Color = .terminal, background: Color = .terminal, attributes: Attributes = []
  ) {
    packedForeground = foreground.packed
    packedBackground = background.packed
    self.attributes = attributes
  }

  @inlinable init(packedForeground: UInt32, packedBackground: UInt32, attributes: Attributes) {
    self.packedForeground = packedForeground
    self.packedBackground = packedBackground
    self.attributes = attributes
  }

  /// The terminal's own colours, no attributes.
  public static let plain = Style()

  /// Ink.
  @inlinable public var foreground: Color {
    get { Color(packed: packedForeground) }
    set { packedForeground = newValue.packed }
  }

  /// Paper.
  @inlinable public var background: Color {
    get { Color(packed: packedBackground) }
    set { packedBackground = newValue.packed }
  }

  /// This style with the attributes added.
  public func adding(_ more: Attributes) -> Style {
    Style(
      packedForeground: packedForeground, packedBackground: packedBackground, attributes: attributes.union(more))
  }

  public func bold() -> Style { adding(.bold) }
  public func dim() -> Style { adding(.dim) }
  public func italic() -> Style { adding(.italic) }
  public func underlined() -> Style { adding(.underline) }
  public func reversed() -> Style { adding(.reverse) }

  /// This style with another ink.
  public func with(foreground: Color) -> Style {
    var copy = self
    copy.foreground = foreground
    return copy
  }

  /// This style with another paper.
  public func with(background: Color) -> Style {
    var copy = self
    copy.background = background
    return copy
  }

  /// The style with both colours reduced to what the terminal has.
  public func reduced(to depth: ColorDepth) -> Style {
    if depth == .direct { return self }
    return Style(
      foreground: foreground.reduced(to: depth), background: background.reduced(to: depth), attributes: attributes)
  }
}
