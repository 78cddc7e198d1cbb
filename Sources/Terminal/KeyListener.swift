// Shows what the terminal sends for each key: the bytes, the key that assay reads from them, and what it does. Without
// curses, which would hide the bytes.

import CNcurses
import Foundation
import Grid
import Widgets

/// Prints a line for each key until `q` or control C; the terminal is given back in every case.
///
/// - Parameters:
///   - isCancelled: asked several times a second, so that a signal ends it too.
///   - meanings: what a key does, place by place.
/// - Throws: `TerminalError` where the input is no terminal.
public func listenToKeys(isCancelled: () -> Bool, meanings: (KeyEvent) -> [String]) throws {
  var saved = termios()
  guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1, tcgetattr(STDIN_FILENO, &saved) == 0 else {
    throw TerminalError(description: "there is no terminal to listen to: run assay keys --listen in one, without pipes")
  }
  var raw = saved
  cfmakeraw(&raw)
  let environment = TerminalEnvironment(ProcessInfo.processInfo.environment)
  // As in the workbench: application keys, bracketed paste, mouse reports.
  let modes = TerminalModes(environment: environment, mouse: true)
  let isRich = environment.isXtermLike
  defer {
    say((isRich ? "\u{1B}[?1l\u{1B}>" : "") + modes.restore)
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved)
  }
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw)
  say((isRich ? "\u{1B}[?1h\u{1B}=" : "") + modes.enter)
  say("Press keys to see what this terminal (\(environment.type)) sends; q or ^C ends.\r\n\r\n")
  say(row("bytes", "as text", "key", "what it does") + "\r\n")
  while !isCancelled() {
    for (part, event) in decoded(burst()) {
      say(line(part, event, meanings) + "\r\n")
      if event == .key(.character("q")) || event == .key(.control("c")) { return }
    }
  }
}

/// The bytes that came together, a key of several bytes whole; none after a while without any, or at the end of input.
private func burst() -> [UInt8] {
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 4096)
  var patience: Int32 = 200
  while true {
    var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, patience) > 0 else { return bytes }
    let count = read(STDIN_FILENO, &buffer, buffer.count)
    // A terminal that has gone is as good as control C.
    guard count > 0 else { return bytes.isEmpty ? [3] : bytes }
    bytes += buffer[..<count]
    // The rest of a sequence may be on its way.
    guard bytes.first == 27 || bytes.last.map({ $0 >= 0x80 }) == true else { return bytes }
    patience = 30
  }
}

/// Cuts bytes into what the decoder takes for one event each.
func decoded(_ bytes: [UInt8]) -> [([UInt8], InputEvent?)] {
  let scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
  let reader = ScalarReader(scalars.map { Int32($0.value) })
  var decoder = InputDecoder(next: reader.next, nextSoon: { _ in reader.next() }, keyName: { _ in "" })
  var parts: [([UInt8], InputEvent?)] = []
  var start = 0
  while reader.hasMore || decoder.holdsCode {
    let event = decoder.one()
    // A second escape is read ahead and belongs to the next key.
    let end = reader.at - (decoder.holdsCode ? 1 : 0)
    let used = scalars[min(start, end)..<end]
    start = end
    var text = String.UnicodeScalarView()
    text.append(contentsOf: used)
    parts.append((Array(String(text).utf8), event))
  }
  return parts
}

/// Hands out code points one by one.
private final class ScalarReader {
  private let scalars: [Int32]
  private(set) var at = 0

  init(_ scalars: [Int32]) { self.scalars = scalars }

  var hasMore: Bool { at < scalars.count }

  func next() -> Int32 {
    guard hasMore else { return InputDecoder.nothing }
    at += 1
    return scalars[at - 1]
  }
}

private func line(_ bytes: [UInt8], _ event: InputEvent?, _ meanings: (KeyEvent) -> [String]) -> String {
  let hex = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  var name = "not known"
  var does: [String] = []
  switch event {
  case .key(let key):
    name = key.description
    does = meanings(key)
    if does.isEmpty { does = ["nothing"] }
  case .mouse(let mouse): name = "mouse \(mouse.position.x + 1),\(mouse.position.y + 1)"
  case .paste: name = "paste"
  case .resize, .wake, .hangup, .terminate, nil: break
  }
  return row(hex, caret(bytes), name, wrapped(does, indent: 50))
}

/// The items one after the other, in lines as wide as the terminal that begin where the first one does.
private func wrapped(_ items: [String], indent: Int) -> String {
  var window = winsize()
  let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0 && window.ws_col > 0
  let width = max(20, (isKnown ? Int(window.ws_col) : 80) - indent)
  var lines: [String] = []
  for item in items {
    if let last = lines.last, last.count + item.count + 3 <= width {
      lines[lines.count - 1] = last + " · " + item
    } else {
      lines.append(item)
    }
  }
  return lines.joined(separator: "\r\n" + String(repeating: " ", count: indent))
}

private func row(_ hex: String, _ text: String, _ key: String, _ does: String) -> String {
  func column(_ text: String, _ width: Int) -> String { text.count < width ? TextWidth.fit(text, width) : text + "  " }
  return column(hex, 22) + column(text, 12) + column(key, 16) + does
}

/// Control characters as `^X`.
private func caret(_ bytes: [UInt8]) -> String {
  String(decoding: bytes, as: UTF8.self).unicodeScalars.map { scalar in
    if scalar.value < 32 { return "^" + String(Character(Unicode.Scalar(UInt8(scalar.value + 64)))) }
    return scalar.value == 127 ? "^?" : String(Character(scalar))
  }.joined()
}

private func say(_ text: String) {
  let bytes = Array(text.utf8)
  var written = 0
  while written < bytes.count {
    let count = bytes.withUnsafeBytes {
      write(STDOUT_FILENO, $0.baseAddress?.advanced(by: written), $0.count - written)
    }
    if count <= 0, errno != EINTR { return }
    written += max(0, count)
  }
}
