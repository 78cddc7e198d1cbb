// One key press, independent of any terminal, with a textual form for key maps: `g`, `ctrl-p`, `alt-f`, `space`, `f10`.

/// A key with its modifiers.
///
/// Shift is part of a character itself (`G`, not `shift-g`); it appears as a modifier on named keys alone.
public struct KeyEvent: Hashable, Sendable {
  /// What was pressed.
  public enum Code: Hashable, Sendable {
    case character(Character)
    case enter, tab, backTab, escape, backspace, delete, insert
    case up, down, left, right, home, end, pageUp, pageDown
    /// A function key, `function(1)` being F1.
    case function(Int)
  }

  /// The keys held down with it.
  public struct Modifiers: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public static let control = Modifiers(rawValue: 1)
    public static let alt = Modifiers(rawValue: 2)
    public static let shift = Modifiers(rawValue: 4)
  }

  public var code: Code
  public var modifiers: Modifiers

  /// A key; shift is dropped from characters, and letters under control are lower case, as terminals send them.
  public init(_ code: Code, _ modifiers: Modifiers = []) {
    self.code = code
    self.modifiers = modifiers
    guard case .character(let character) = code else { return }
    self.modifiers.remove(.shift)
    if modifiers.contains(.control), let lower = character.lowercased().first {
      self.code = .character(lower)
    }
  }

  /// The character that this key types into a text field; nil for named keys and with control or alt.
  public var typed: Character? {
    guard case .character(let character) = code, modifiers.isEmpty else { return nil }
    return character
  }
}

extension KeyEvent {
  public static let enter = KeyEvent(.enter)
  public static let tab = KeyEvent(.tab)
  public static let backTab = KeyEvent(.backTab)
  public static let escape = KeyEvent(.escape)
  public static let backspace = KeyEvent(.backspace)
  public static let delete = KeyEvent(.delete)
  public static let up = KeyEvent(.up)
  public static let down = KeyEvent(.down)
  public static let left = KeyEvent(.left)
  public static let right = KeyEvent(.right)
  public static let home = KeyEvent(.home)
  public static let end = KeyEvent(.end)
  public static let pageUp = KeyEvent(.pageUp)
  public static let pageDown = KeyEvent(.pageDown)
  public static let space = KeyEvent(.character(" "))

  /// A plain character key.
  public static func character(_ character: Character) -> KeyEvent { KeyEvent(.character(character)) }
  /// A character with control held.
  public static func control(_ character: Character) -> KeyEvent { KeyEvent(.character(character), .control) }
  /// A character with alt held.
  public static func alt(_ character: Character) -> KeyEvent { KeyEvent(.character(character), .alt) }
}
