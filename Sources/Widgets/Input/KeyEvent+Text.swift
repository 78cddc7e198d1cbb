// The textual form of keys: `init?(_:)` and `description` are inverse, `label` is what menus and the footer show.

extension KeyEvent: CustomStringConvertible, LosslessStringConvertible {
  private static let names: [(name: String, code: Code, label: String)] = [
    ("enter", .enter, "Enter"), ("tab", .tab, "Tab"), ("shift-tab", .backTab, "S-Tab"), ("escape", .escape, "Esc"),
    ("backspace", .backspace, "Bksp"), ("delete", .delete, "Del"), ("insert", .insert, "Ins"),
    ("up", .up, "Up"), ("down", .down, "Down"), ("left", .left, "Left"), ("right", .right, "Right"),
    ("home", .home, "Home"), ("end", .end, "End"), ("pageup", .pageUp, "PgUp"), ("pagedown", .pageDown, "PgDn"),
    ("space", .character(" "), "Space"),
  ]
  private static let aliases: [String: Code] = [
    "return": .enter, "esc": .escape, "backtab": .backTab, "del": .delete, "ins": .insert, "bksp": .backspace,
    "pgup": .pageUp, "pgdn": .pageDown, "page-up": .pageUp, "page-down": .pageDown,
  ]

  /// Reads `ctrl-p`, `alt-f`, `shift-up`, `space`, `f10`, `g` or `[`; nil where it names no key.
  public init?(_ description: String) {
    var rest = Substring(description)
    var modifiers: Modifiers = []
    while let (modifier, length) = Self.modifier(rest) {
      modifiers.insert(modifier)
      rest = rest.dropFirst(length)
    }
    guard let code = Self.code(String(rest)) else { return nil }
    if code == .tab, modifiers.contains(.shift) {
      self.init(.backTab, modifiers.subtracting(.shift))
    } else {
      self.init(code, modifiers)
    }
  }

  public var description: String {
    prefix(control: "ctrl-", alt: "alt-", shift: "shift-") + name(\.name, function: "f")
  }

  /// The short form on screen: `^P`, `Alt+f`, `S-Tab`, `F10`, `Space`.
  public var label: String {
    if modifiers == .control, case .character(let character) = code, character != " " {
      return "^" + character.uppercased()
    }
    return prefix(control: "C-", alt: "Alt+", shift: "S-") + name(\.label, function: "F")
  }

  /// Reads keys parted by blanks: `g g`, `ctrl-x ctrl-s`; nil where a part names no key or there is none.
  public static func sequence(_ text: String) -> [KeyEvent]? {
    let keys = text.split(separator: " ").map { KeyEvent(String($0)) }
    let known = keys.compactMap { $0 }
    return known.isEmpty || known.count < keys.count ? nil : known
  }

  private static func modifier(_ text: Substring) -> (Modifiers, Int)? {
    let known: [(String, Modifiers)] = [
      ("ctrl-", .control), ("alt-", .alt), ("shift-", .shift), ("C-", .control), ("M-", .alt), ("S-", .shift),
    ]
    for (word, modifier) in known where text.hasPrefix(word) && text.count > word.count {
      return (modifier, word.count)
    }
    return nil
  }

  private static func code(_ text: String) -> Code? {
    if text.count == 1, let character = text.first { return .character(character) }
    let lower = text.lowercased()
    if let found = names.first(where: { $0.name == lower }) { return found.code }
    if let found = aliases[lower] { return found }
    if lower.hasPrefix("f"), let number = Int(lower.dropFirst()), (1...24).contains(number) { return .function(number) }
    return nil
  }

  private func prefix(control: String, alt: String, shift: String) -> String {
    (modifiers.contains(.control) ? control : "") + (modifiers.contains(.alt) ? alt : "")
      + (modifiers.contains(.shift) ? shift : "")
  }

  private func name(_ form: KeyPath<(name: String, code: Code, label: String), String>, function: String) -> String {
    if case .function(let number) = code { return function + String(number) }
    if let found = Self.names.first(where: { $0.code == code }) { return found[keyPath: form] }
    if case .character(let character) = code { return String(character) }
    return ""
  }
}

extension KeyEvent: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let key = KeyEvent(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "no key is called '\(text)'")
    }
    self = key
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
