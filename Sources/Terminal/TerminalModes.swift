// The escape sequences that terminfo has no word for: mouse reports, bracketed paste, title, clipboard.

import Foundation
import Grid

/// What is written to the terminal beside curses, by kind of terminal.
struct TerminalModes: Sendable {
  /// Whether the terminal is of the xterm family.
  let isRich: Bool
  private let mouse: Bool
  private let multiplexer: Multiplexer

  private enum Multiplexer { case none, tmux, screen }

  /// The most base64 that terminals take in one piece.
  static let copyLimit = 74_994
  /// Bytes that GNU screen hands on in one string.
  private static let screenPiece = 240

  init(environment: TerminalEnvironment, mouse: Bool) {
    isRich = environment.isXtermLike
    self.mouse = mouse && isRich
    let variables = environment.variables
    multiplexer = variables["TMUX"] != nil ? .tmux : variables["STY"] != nil ? .screen : .none
  }

  /// Written once the screen is up: title saved, bracketed paste, button and drag reports in the unlimited form.
  var enter: String {
    if !isRich { return "" }
    return "\u{1B}[22;2t\u{1B}[?2004h" + (mouse ? "\u{1B}[?1000h\u{1B}[?1002h\u{1B}[?1006h" : "")
  }

  /// Undoes `enter`.
  var restore: String {
    if !isRich { return "" }
    return "\u{1B}[?2026l" + (mouse ? "\u{1B}[?1006l\u{1B}[?1002l\u{1B}[?1000l" : "") + "\u{1B}[?2004l\u{1B}[23;2t"
  }

  func title(_ text: String) -> String {
    let clean = text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F && !(0x80..<0xA0).contains($0.value) }
    return isRich ? "\u{1B}]2;" + String(String.UnicodeScalarView(clean)) + "\u{07}" : ""
  }

  /// OSC 52, wrapped for the multiplexer; empty where the text is too long or the terminal too simple.
  func copy(_ text: String) -> String {
    let payload = Data(text.utf8).base64EncodedString()
    guard isRich, payload.utf8.count <= Self.copyLimit else { return "" }
    let sequence = "\u{1B}]52;c;\(payload)\u{07}"
    switch multiplexer {
    case .none: return sequence
    case .tmux:
      let escaped = sequence.replacingOccurrences(of: "\u{1B}", with: "\u{1B}\u{1B}")
      return sequence + "\u{1B}Ptmux;" + escaped + "\u{1B}\\"
    case .screen:
      // screen keeps few bytes of a string that it hands on: short ones, one after the other, arrive as a whole.
      let bytes = Array(sequence.utf8)
      return stride(from: 0, to: bytes.count, by: Self.screenPiece).map { start in
        let piece = bytes[start..<min(bytes.count, start + Self.screenPiece)]
        return "\u{1B}P" + String(decoding: piece, as: UTF8.self) + "\u{1B}\\"
      }.joined()
    }
  }
}

/// Whether `TerminalRequest.copy` can carry this text.
public func fitsClipboard(_ text: String) -> Bool { (text.utf8.count + 2) / 3 * 4 <= TerminalModes.copyLimit }
