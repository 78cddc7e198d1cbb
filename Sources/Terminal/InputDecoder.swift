// Codes from curses to events: control characters, named keys, Alt as a leading escape, the control sequences that
// terminfo lacks, mouse reports, pasted text. Pure but for the three functions it is given.

import CNcurses
import Foundation
import Grid
import Widgets

/// Decodes input; keeps the last click to tell double clicks.
struct InputDecoder {
  /// The next code, NC_NOTHING where none waits.
  let next: () -> Int32
  /// The next code, waiting at most so many milliseconds.
  let nextSoon: (Int32) -> Int32
  /// What curses calls a function key.
  let keyName: (Int32) -> String
  /// Seconds from any fixed point.
  var now: () -> Double = { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }

  private var lastClick: (position: Point, button: MouseEvent.Button, time: Double, count: Int)?
  private var pushedBack: [Int32] = []

  static let nothing = Int32(NC_NOTHING)
  private static let key = Int32(NC_KEY)
  private static let escape: Int32 = 27
  private static let batch = 4096
  /// How long the rest of a sequence may take, in milliseconds.
  private static let patience: Int32 = 50

  init(
    next: @escaping () -> Int32, nextSoon: @escaping (Int32) -> Int32, keyName: @escaping (Int32) -> String,
    now: (() -> Double)? = nil
  ) {
    self.next = next
    self.nextSoon = nextSoon
    self.keyName = keyName
    if let now { self.now = now }
  }

  /// Everything that waits, at most a few thousand events.
  mutating func drain() -> [InputEvent] {
    var events: [InputEvent] = []
    while events.count < Self.batch {
      let code = pushedBack.popLast() ?? next()
      if code == Self.nothing { break }
      if let event = decode(code) { events.append(event) }
    }
    return events
  }

  /// The next event; nil where none waits, or what waits is none that assay knows.
  mutating func one() -> InputEvent? {
    let code = pushedBack.popLast() ?? next()
    return code == Self.nothing ? nil : decode(code)
  }

  /// Whether a code was read that belongs to the next event.
  var holdsCode: Bool { !pushedBack.isEmpty }

  private mutating func decode(_ code: Int32) -> InputEvent? {
    if code == Int32(NC_MOUSE_SGR) { return mouse(sequence()) }
    if code == Int32(NC_MOUSE_X10) { return oldMouse() }
    if code >= Self.key { return KeyNames.key(curses: keyName(code)).map(InputEvent.key) }
    if code == Self.escape { return afterEscape() }
    return KeyNames.key(scalar: code).map(InputEvent.key)
  }

  private mutating func afterEscape() -> InputEvent? {
    let code = pushedBack.popLast() ?? next()
    if code == Self.nothing { return .key(.escape) }
    switch code {
    case Self.escape:
      pushedBack.append(code)
      return .key(.escape)
    case Int32(UInt8(ascii: "[")):
      let sequence = sequence()
      return sequence.final == 0 ? .key(.alt("[")) : control(sequence)
    case Int32(UInt8(ascii: "O")):
      let final = nextSoon(Self.patience)
      if final == Self.nothing { return .key(.alt("O")) }
      return KeyNames.key(final: final).map { .key(KeyEvent($0)) }
    default:
      guard let event = decode(code), case .key(var key) = event else { return nil }
      key.modifiers.insert(.alt)
      return .key(key)
    }
  }

  /// The rest of a control sequence: parameters, and the byte that ends it (0 where none came).
  private func sequence() -> ControlSequence {
    var text = ""
    while text.utf8.count < 64 {
      let code = nextSoon(Self.patience)
      guard code >= 0x20, code < 0x7F, let scalar = Unicode.Scalar(UInt32(code)) else { break }
      if code >= 0x40 { return ControlSequence(parameters: text, final: code) }
      text.unicodeScalars.append(scalar)
    }
    return ControlSequence(parameters: text, final: 0)
  }

  private mutating func control(_ sequence: ControlSequence) -> InputEvent? {
    let numbers = sequence.numbers
    if sequence.final == Int32(UInt8(ascii: "~")) {
      if numbers.first == 200 { return paste() }
      guard let code = KeyNames.key(number: numbers.first ?? 0) else { return nil }
      return .key(KeyEvent(code, KeyNames.modifiers(numbers.dropFirst().first)))
    }
    if sequence.final == Int32(UInt8(ascii: "Z")) { return .key(.backTab) }
    // The Linux console's F1 to F5: CSI [ A to CSI [ E.
    if sequence.final == Int32(UInt8(ascii: "[")) {
      let number = Int(nextSoon(Self.patience)) - 64
      return (1...5).contains(number) ? .key(KeyEvent(.function(number))) : nil
    }
    // Mouse reports, where curses has no word for them.
    if sequence.parameters.hasPrefix("<") { return mouse(sequence) }
    guard let code = KeyNames.key(final: sequence.final) else { return nil }
    return .key(KeyEvent(code, KeyNames.modifiers(numbers.dropFirst().first)))
  }

  /// Text up to the end of a bracketed paste; what stops for a second is taken as it is.
  private func paste() -> InputEvent {
    let end = "\u{1B}[201~".unicodeScalars
    var text = String.UnicodeScalarView()
    while true {
      let code = nextSoon(1000)
      if code == Self.nothing { break }
      guard let scalar = Unicode.Scalar(UInt32(bitPattern: code)), code < Self.key else { continue }
      text.append(scalar)
      if scalar == "~", text.suffix(end.count).elementsEqual(end) {
        text.removeLast(end.count)
        break
      }
    }
    let lines = String(text).replacingOccurrences(of: "\r\n", with: "\n").replacingOccurrences(of: "\r", with: "\n")
    return .paste(lines)
  }

  private mutating func mouse(_ sequence: ControlSequence) -> InputEvent? {
    let numbers = sequence.numbers
    guard numbers.count == 3 else { return nil }
    return mouse(
      code: numbers[0], at: Point(x: numbers[1] - 1, y: numbers[2] - 1),
      isRelease: sequence.final == Int32(UInt8(ascii: "m")))
  }

  private mutating func oldMouse() -> InputEvent? {
    let codes = (0..<3).map { _ in Int(nextSoon(Self.patience)) }
    guard codes.allSatisfy({ $0 >= 32 }) else { return nil }
    return mouse(
      code: codes[0] - 32, at: Point(x: codes[1] - 33, y: codes[2] - 33), isRelease: (codes[0] - 32) & 3 == 3)
  }

  private mutating func mouse(code: Int, at position: Point, isRelease: Bool) -> InputEvent? {
    guard position.x >= 0, position.y >= 0 else { return nil }
    var modifiers: KeyEvent.Modifiers = []
    if code & 4 != 0 { modifiers.insert(.shift) }
    if code & 8 != 0 { modifiers.insert(.alt) }
    if code & 16 != 0 { modifiers.insert(.control) }
    guard let kind = kind(code, position, isRelease) else { return nil }
    return .mouse(MouseEvent(kind, at: position, modifiers))
  }

  private mutating func kind(_ code: Int, _ position: Point, _ isRelease: Bool) -> MouseEvent.Kind? {
    if code & 64 != 0 {
      let wheels: [MouseEvent.Wheel] = [.up, .down, .left, .right]
      return isRelease ? nil : .scroll(wheels[code & 3])
    }
    let buttons: [MouseEvent.Button] = [.left, .middle, .right]
    if isRelease { return .release(code & 3 < 3 ? buttons[code & 3] : .left) }
    guard code & 3 < 3 else { return nil }
    let button = buttons[code & 3]
    if code & 32 != 0 { return .drag(button) }
    let time = now()
    var count = 1
    if let last = lastClick, last.position == position, last.button == button, time - last.time < 0.4 {
      count = last.count + 1
    }
    lastClick = (position, button, time, count)
    return .press(button, clicks: count)
  }
}

/// `CSI parameters final`.
struct ControlSequence {
  var parameters: String
  var final: Int32

  /// The parameters as numbers, leaving out private marks.
  var numbers: [Int] {
    parameters.drop { "<=>?".contains($0) }.split(separator: ";", omittingEmptySubsequences: false).map {
      Int($0.prefix { $0.isNumber }) ?? 0
    }
  }
}
