import Foundation

/// One cell that holds something.
struct SheetCell {
  /// What a value is. The order is that of `SheetCell.Kind.allCases`.
  enum Kind: UInt8, CaseIterable {
    case text, integer, real, boolean, date, timestamp, time
  }

  var column: Int
  var kind: Kind
  /// The value as text: numbers in their shortest form, dates and times as ISO 8601.
  var text: [UInt8]
}

/// Reads the cells of a sheet, row by row.
struct SheetReader {
  let formats: CellFormats
  let texts: SharedTexts
  let range: CellRange

  /// What was met besides values: how many, and the first.
  struct Findings {
    /// Cells that hold an error such as `#DIV/0!`.
    var errors: (count: Int, first: String)?
    /// Formulas without the value that they gave.
    var bareFormulas: (count: Int, first: String)?
    /// Areas that are merged into one cell over several rows.
    var merged: (count: Int, first: String)?
  }

  private(set) var findings = Findings()

  init(_ formats: CellFormats, _ texts: SharedTexts, _ range: CellRange) {
    (self.formats, self.texts, self.range) = (formats, texts, range)
  }

  private struct Raw {
    var column = 0
    var style = 0
    var type: UInt8 = UInt8(ascii: "n")
    var hasFormula = false
    var hasValue = false
  }

  /// Gives `body` every row that has a value, with its number from 0.
  mutating func read(_ xml: XMLPuller, _ body: (Int, [SheetCell]) throws -> Void) throws {
    var (row, column) = (-1, -1)
    var raw = Raw()
    var cells: [SheetCell] = []
    var value: [UInt8] = []
    var (isInValue, phonetic) = (false, 0)
    while let event = try xml.next() {
      switch (event, xml.name) {
      case (.start, Names.row):
        row = xml.number(Names.reference).map { $0 - 1 } ?? row + 1
        if row >= range.rows.upperBound { return }
        column = -1
        cells.removeAll(keepingCapacity: true)
      case (.end, Names.row):
        if !cells.isEmpty, range.rows.contains(row) { try body(row, cells) }
        cells.removeAll(keepingCapacity: true)
      case (.start, Names.cell):
        raw = Raw()
        column = xml.withAttribute(Names.reference) { CellRange.column($0) }?.flatMap { $0 } ?? column + 1
        raw.column = column
        raw.style = xml.number(Names.style) ?? 0
        raw.type = xml.withAttribute(Names.text) { Self.type($0) } ?? UInt8(ascii: "n")
        value.removeAll(keepingCapacity: true)
      case (.start, Names.formula): raw.hasFormula = true
      case (.start, Names.value), (.start, Names.text):
        isInValue = phonetic == 0
        raw.hasValue = raw.hasValue || isInValue
      case (.end, Names.value), (.end, Names.text): isInValue = false
      case (.start, Names.phonetic): phonetic += 1
      case (.end, Names.phonetic): phonetic -= 1
      case (.text, _): if isInValue { xml.appendText(to: &value) }
      case (.end, Names.cell):
        guard range.rows.contains(row), range.columns.contains(column) else { break }
        if let cell = cell(raw, value, row) { cells.append(cell) }
      case (.start, Names.mergeCell):
        if let area = xml.attribute(Names.area) { merge(String(decoding: area, as: UTF8.self)) }
      default: break
      }
    }
  }

  /// `s`hared, `b`oolean, `e`rror, `i`nline or computed text, `d`ate, `n`umber.
  private static func type(_ text: ArraySlice<UInt8>) -> UInt8 {
    switch text.count {
    case 1: text.first ?? UInt8(ascii: "n")
    case 0: UInt8(ascii: "n")
    default: UInt8(ascii: "i")
    }
  }

  private mutating func merge(_ area: String) {
    guard let merged = CellRange(area), merged.rows.count > 1, merged.rows.overlaps(range.rows),
      merged.columns.overlaps(range.columns)
    else { return }
    findings.merged = (1 + (findings.merged?.count ?? 0), findings.merged?.first ?? area)
  }

  private mutating func cell(_ raw: Raw, _ value: [UInt8], _ row: Int) -> SheetCell? {
    func place() -> String { CellRange.cell(raw.column, row) }
    switch raw.type {
    case UInt8(ascii: "s"):
      guard let index = Int(String(decoding: value, as: UTF8.self)), let text = texts[index] else { return nil }
      return Self.text(text, raw.column)
    case UInt8(ascii: "i"): return Self.text(value[...], raw.column)
    case UInt8(ascii: "b"):
      return SheetCell(
        column: raw.column, kind: .boolean, text: Array((value.first == UInt8(ascii: "1") ? "true" : "false").utf8))
    case UInt8(ascii: "e"):
      findings.errors = (
        1 + (findings.errors?.count ?? 0),
        findings.errors?.first ?? "\(place()) holds \(String(decoding: value, as: UTF8.self))"
      )
      return nil
    case UInt8(ascii: "d"): return Self.isoDate(value, raw.column)
    default:
      guard !value.isEmpty else {
        if raw.hasFormula {
          findings.bareFormulas = (1 + (findings.bareFormulas?.count ?? 0), findings.bareFormulas?.first ?? place())
        }
        return nil
      }
      return number(value, raw)
    }
  }

  /// A text; blanks alone are no value.
  private static func text(_ raw: ArraySlice<UInt8>, _ column: Int) -> SheetCell? {
    if raw.allSatisfy({ $0 <= 0x20 }) { return nil }
    return SheetCell(column: column, kind: .text, text: unescaped(raw))
  }

  /// Characters that XML cannot hold are written `_x0007_` (ECMA-376, 22.9.2.19).
  private static func unescaped(_ raw: ArraySlice<UInt8>) -> [UInt8] {
    guard raw.count >= 7, raw.contains(UInt8(ascii: "_")) else { return Array(raw) }
    var output: [UInt8] = []
    var index = raw.startIndex
    while index < raw.endIndex {
      if raw[index] == UInt8(ascii: "_"), index + 7 <= raw.endIndex, raw[index + 1] == UInt8(ascii: "x"),
        raw[index + 6] == UInt8(ascii: "_"),
        let code = UInt32(String(decoding: raw[(index + 2)..<(index + 6)], as: UTF8.self), radix: 16),
        let character = Unicode.Scalar(code), code != 0
      {
        output.append(contentsOf: String(character).utf8)
        index += 7
      } else {
        output.append(raw[index])
        index += 1
      }
    }
    return output
  }

  private static func isoDate(_ value: [UInt8], _ column: Int) -> SheetCell? {
    let text = String(decoding: value, as: UTF8.self).replacing("T", with: " ").replacing("Z", with: "")
    if text.isEmpty { return nil }
    let kind: SheetCell.Kind = !text.contains("-") ? .time : text.contains(":") ? .timestamp : .date
    return SheetCell(column: column, kind: kind, text: Array(text.utf8))
  }

  private func number(_ value: [UInt8], _ raw: Raw) -> SheetCell? {
    let text = String(decoding: value, as: UTF8.self)
    let meaning = formats.meaning(raw.style)
    if meaning == .number {
      if let integer = Int64(text) { return Self.made(raw, .integer, String(integer)) }
      guard let real = Double(text) else { return Self.text(value[...], raw.column) }
      // 9007199254740992 is the last whole number below which reals hold every one.
      if real.rounded() == real, abs(real) < 9_007_199_254_740_992 {
        return Self.made(raw, .integer, String(Int64(real)))
      }
      return Self.made(raw, .real, NumberText.real(real))
    }
    guard let days = Double(text) else { return Self.text(value[...], raw.column) }
    guard let milliseconds = formats.milliseconds(days) else { return Self.made(raw, .real, NumberText.real(days)) }
    let perDay: Int64 = 86_400_000
    let rest = ((milliseconds % perDay) + perDay) % perDay
    if meaning == .time {
      let whole = Int64((days * Double(perDay)).rounded())
      if whole < perDay { return Self.made(raw, .time, CalendarText.time(micros: whole * 1000)) }
      // A date that shows its time alone is known by its size; a length of time above a day has no type of its own.
      if days < 366 { return Self.made(raw, .text, CalendarText.time(micros: whole * 1000)) }
    }
    if rest == 0, meaning != .timestamp {
      return Self.made(raw, .date, CalendarText.date(days: Int32(clamping: (milliseconds - rest) / perDay)))
    }
    return Self.made(raw, .timestamp, CalendarText.timestamp(micros: milliseconds * 1000))
  }

  private static func made(_ raw: Raw, _ kind: SheetCell.Kind, _ text: String) -> SheetCell {
    SheetCell(column: raw.column, kind: kind, text: Array(text.utf8))
  }
}
