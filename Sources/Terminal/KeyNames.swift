// The many names of a key: control characters, curses constants, terminfo's extended names, xterm's sequences.

import Widgets

/// Tables from what arrives to what was pressed.
enum KeyNames {
  private static let curses: [String: KeyEvent] = [
    "KEY_UP": .up, "KEY_DOWN": .down, "KEY_LEFT": .left, "KEY_RIGHT": .right, "KEY_HOME": .home, "KEY_END": .end,
    "KEY_FIND": .home, "KEY_SELECT": .end, "KEY_A1": .home, "KEY_C1": .end, "KEY_A3": .pageUp, "KEY_C3": .pageDown,
    "KEY_PPAGE": .pageUp, "KEY_NPAGE": .pageDown, "KEY_DC": .delete, "KEY_IC": KeyEvent(.insert),
    "KEY_BACKSPACE": .backspace, "KEY_ENTER": .enter, "KEY_BTAB": .backTab,
    "KEY_SR": KeyEvent(.up, .shift), "KEY_SF": KeyEvent(.down, .shift), "KEY_SLEFT": KeyEvent(.left, .shift),
    "KEY_SRIGHT": KeyEvent(.right, .shift), "KEY_SHOME": KeyEvent(.home, .shift), "KEY_SEND": KeyEvent(.end, .shift),
    "KEY_SPREVIOUS": KeyEvent(.pageUp, .shift), "KEY_SNEXT": KeyEvent(.pageDown, .shift),
    "KEY_SDC": KeyEvent(.delete, .shift), "KEY_SIC": KeyEvent(.insert, .shift),
  ]
  private static let extended: [String: KeyEvent.Code] = [
    "kUP": .up, "kDN": .down, "kLFT": .left, "kRIT": .right, "kHOM": .home, "kEND": .end, "kPRV": .pageUp,
    "kNXT": .pageDown, "kDC": .delete, "kIC": .insert,
  ]

  /// A key by curses' name: `KEY_UP`, `KEY_F(10)`, or an extended one such as `kUP5`.
  static func key(curses name: String) -> KeyEvent? {
    if let key = curses[name] { return key }
    if name.hasPrefix("KEY_F("), let number = Int(name.dropFirst(6).dropLast()) { return KeyEvent(.function(number)) }
    if let code = extended[name] { return KeyEvent(code, .shift) }
    guard let digit = name.last?.wholeNumberValue, let code = extended[String(name.dropLast())] else { return nil }
    return KeyEvent(code, modifiers(digit))
  }

  /// A key by code point, control characters included.
  static func key(scalar code: Int32) -> KeyEvent? {
    switch code {
    case 0: return .control(" ")
    case 8, 127: return .backspace
    case 9: return .tab
    case 10, 13: return .enter
    case 27: return .escape
    case 1...31:
      return Unicode.Scalar(UInt32(code < 27 ? code + 0x60 : code + 0x40)).map { .control(Character($0)) }
    default:
      guard code > 0, let scalar = Unicode.Scalar(UInt32(code)) else { return nil }
      return scalar.properties.generalCategory == .control ? nil : .character(Character(scalar))
    }
  }

  /// A key by the byte that ends `CSI … final` or `SS3 final`.
  static func key(final: Int32) -> KeyEvent.Code? {
    switch Unicode.Scalar(UInt32(bitPattern: final)) {
    case "A": .up
    case "B": .down
    case "C": .right
    case "D": .left
    case "H": .home
    case "F": .end
    case "M": .enter
    case "P": .function(1)
    case "Q": .function(2)
    case "R": .function(3)
    case "S": .function(4)
    default: nil
    }
  }

  /// A key by the number of `CSI number ~`.
  static func key(number: Int) -> KeyEvent.Code? {
    switch number {
    case 1, 7: .home
    case 2: .insert
    case 3: .delete
    case 4, 8: .end
    case 5: .pageUp
    case 6: .pageDown
    case 11...15: .function(number - 10)
    case 17...21: .function(number - 11)
    case 23...24: .function(number - 12)
    default: nil
    }
  }

  /// xterm's modifier parameter: one more than a sum of shift 1, alt 2, control 4.
  static func modifiers(_ parameter: Int?) -> KeyEvent.Modifiers {
    let bits = max(0, (parameter ?? 1) - 1)
    var result: KeyEvent.Modifiers = []
    if bits & 1 != 0 { result.insert(.shift) }
    if bits & 2 != 0 { result.insert(.alt) }
    if bits & 4 != 0 { result.insert(.control) }
    return result
  }
}
