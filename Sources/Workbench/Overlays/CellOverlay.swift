import Grid
import Widgets

/// A cell in full: wrapped, JSON set out, what cannot be seen made visible. A cell of megabytes is laid out once.
struct CellOverlay: Overlay {
  private let title: String
  private let note: String
  private let text: CellText
  private var rows: [String]
  private var width: Int
  private var top = 0

  init(title: String, text: String?, _ state: WorkbenchState) {
    self.title = title
    self.text = CellText(text ?? "", isPlain: state.drawing.glyphs == .ascii)
    let size = text.map { "\(Number.grouped($0.unicodeScalars.count)) characters, \(byteText($0.utf8.count))" }
    note = (size ?? "missing") + (self.text.isJSON ? ", JSON" : "")
    width = Self.width(state.size)
    rows = text == nil ? ["(missing)"] : self.text.rows(width: width)
  }

  var hints: [(key: String, label: String)] { [("↑↓", "scroll"), ("PgDn", "page"), ("Esc", "close")] }

  private static func width(_ size: Size) -> Int { max(1, min(110, size.width - 10)) }

  private func frame(_ state: WorkbenchState) -> Rect {
    let bounds = Rect(state.size).inset(dx: state.size.width >= 60 ? 3 : 0, dy: state.size.height >= 20 ? 2 : 1)
    return DialogFrame.rect(for: Size(width: width + 1, height: max(3, rows.count)), in: bounds)
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    if Self.width(state.size) != width {
      width = Self.width(state.size)
      rows = text.rows(width: width)
    }
    let height = DialogFrame.inner(frame(state)).height
    let last = max(0, rows.count - height)
    let page = max(1, height - 1)
    switch event {
    case .key(let key):
      switch key.code {
      case .escape, .enter, .character("q"), .character("V"): return .close()
      case .down, .character("j"): top += 1
      case .up, .character("k"): top -= 1
      case .pageDown, .character(" "), .character("d"), .character("f"): top += page
      case .pageUp, .character("u"), .character("b"): top -= page
      case .home, .character("g"): top = 0
      case .end, .character("G"): top = last
      default: break
      }
    case .mouse(let mouse):
      switch mouse.kind {
      case .scroll(.down): top += 3
      case .scroll(.up): top -= 3
      case .press where !frame(state).contains(mouse.position): return .close()
      default: break
      }
    case .paste, .resize, .wake, .hangup, .terminate: break
    }
    top = min(max(0, top), last)
    return .stay()
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let rect = frame(state)
    let hits = DialogFrame(title, note: note, hints: "Esc: close").draw(in: rect, on: &grid, state.drawing)
    let inner = DialogFrame.inner(rect)
    guard !inner.isEmpty else { return hits }
    grid.fill(inner, style: state.drawing.textStyle)
    let first = min(top, max(0, rows.count - inner.height))
    for (offset, row) in rows[first..<min(rows.count, first + inner.height)].enumerated() {
      grid.draw(row, x: inner.x, y: inner.y + offset, style: state.drawing.textStyle, width: inner.width - 1)
    }
    ScrollBar(count: rows.count, top: first).draw(in: inner.splitRight(1).0, on: &grid, state.drawing)
    return hits
  }
}

/// The text of a cell for reading.
struct CellText: Sendable {
  let text: String
  let isJSON: Bool

  /// - Parameter isPlain: nothing beyond ASCII for what is made visible.
  init(_ text: String, isPlain: Bool) {
    let indented = Self.indentedJSON(text)
    isJSON = indented != nil
    self.text = Self.visible(indented ?? text, isPlain: isPlain)
  }

  /// Rows that fill a width; long lines are cut, as the words of data are not prose.
  func rows(width: Int) -> [String] {
    let width = max(1, width)
    var rows: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.utf8.count <= width {
        rows.append(String(line))
        continue
      }
      let bytes = Array(line.utf8)
      if bytes.allSatisfy({ $0 < 0x80 }) {
        for start in stride(from: 0, to: bytes.count, by: width) {
          rows.append(String(decoding: bytes[start..<min(bytes.count, start + width)], as: UTF8.self))
        }
        continue
      }
      var row = ""
      var used = 0
      for character in line {
        let columns = character.isASCII ? 1 : TextWidth.of(String(character))
        if used + columns > width, used > 0 {
          rows.append(row)
          (row, used) = ("", 0)
        }
        row.append(character)
        used += columns
      }
      rows.append(row)
    }
    return rows
  }

  /// Control characters as pictures of themselves, and what has no width by its number.
  static func visible(_ text: String, isPlain: Bool) -> String {
    let hasHidden = text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" || $0.value >= 127 && isHidden($0) }
    guard hasHidden else { return text }
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 10: shown.append(scalar)
      case 9: shown.append(contentsOf: (isPlain ? "\\t" : "→   ").unicodeScalars)
      case 0..<32:
        let picture = isPlain ? nil : Unicode.Scalar(0x2400 + scalar.value)
        if let picture { shown.append(picture) } else { shown.append(contentsOf: escaped(scalar).unicodeScalars) }
      default:
        if scalar.value >= 127, isHidden(scalar) {
          shown.append(contentsOf: escaped(scalar).unicodeScalars)
        } else {
          shown.append(scalar)
        }
      }
    }
    return String(shown)
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "<U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ">"
  }

  /// Controls beyond ASCII, and marks that change the direction or the place of text. Joiners are left: emoji need them.
  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x7F...0x9F, 0xAD, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF: true
    default: false
    }
  }

  /// Objects and lists over several lines, with everything in them as it was written; nil where it is no JSON.
  static func indentedJSON(_ text: String) -> String? {
    guard let first = text.utf8.first(where: { $0 > 32 }), first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    else {
      return nil
    }
    var out: [UInt8] = []
    out.reserveCapacity(text.utf8.count * 5 / 4)
    var open: [UInt8] = []
    var isInText = false
    var isEscaped = false
    var isDone = false
    func lineBreak() -> [UInt8] { [10] + [UInt8](repeating: 32, count: 2 * min(open.count, 40)) }
    for byte in text.utf8 {
      if isInText {
        out.append(byte)
        if isEscaped {
          isEscaped = false
        } else if byte == 0x5C {
          isEscaped = true
        } else if byte == 0x22 {
          isInText = false
        }
        continue
      }
      if byte <= 32 { continue }
      if isDone { return nil }
      switch byte {
      case UInt8(ascii: "\""):
        isInText = true
        out.append(byte)
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        if out.last == UInt8(ascii: "{") || out.last == UInt8(ascii: "[") { out += lineBreak() }
        out.append(byte)
        open.append(byte)
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        // The closing bracket is two places after the opening one in ASCII, both of them.
        guard let start = open.popLast(), byte == start + 2 else { return nil }
        if out.last != start { out += lineBreak() }
        out.append(byte)
        isDone = open.isEmpty
      case UInt8(ascii: ","):
        out.append(byte)
        out += lineBreak()
        continue
      case UInt8(ascii: ":"):
        out += [byte, 32]
      default:
        if out.last == UInt8(ascii: "{") { return nil }
        if out.last == UInt8(ascii: "[") { out += lineBreak() }
        out.append(byte)
      }
      if byte == UInt8(ascii: "\""), out.count > 1 {
        let before = out[out.count - 2]
        if before == UInt8(ascii: "{") || before == UInt8(ascii: "[") {
          out.removeLast()
          out += lineBreak() + [byte]
        }
      }
    }
    return isDone ? String(decoding: out, as: UTF8.self) : nil
  }
}
