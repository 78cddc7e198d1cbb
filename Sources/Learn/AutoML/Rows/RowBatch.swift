// Cells of a few rows, read straight from text, as a schema sees them: what a table is for many rows, without a database in
// between. A cell means what it means in a file that `assay predict` reads.

import Frame

/// Why a cell cannot be read.
public struct CellError: Error, Hashable, Sendable, CustomStringConvertible {
  public let column: String
  public let reason: String

  public init(column: String, reason: String) { (self.column, self.reason) = (column, reason) }

  public var description: String { "column \(quoted(column)): \(reason)" }
}

/// Rows that a `RowReader` has read.
public struct RowBatch: Sendable {
  public fileprivate(set) var count = 0
  /// `[rows × numbers]`, NaN where missing.
  fileprivate(set) var numbers: [Double] = []
  /// `[rows × level columns]`: -1 for missing, the number of levels for one that is not known.
  fileprivate(set) var codes: [Int32] = []
  /// `[rows × text columns]`.
  fileprivate(set) var terms: [TermCounts] = []
  /// `[rows × text columns]`: the texts themselves, empty where missing.
  fileprivate(set) var texts: [String] = []

  public init() {}

  /// Forgets all rows, and keeps the memory for others.
  public mutating func removeAll() {
    count = 0
    numbers.removeAll(keepingCapacity: true)
    codes.removeAll(keepingCapacity: true)
    terms.removeAll(keepingCapacity: true)
    texts.removeAll(keepingCapacity: true)
  }
}

/// Reads cells into the columns of a schema.
public struct RowReader: Sendable {
  /// Where the features of a column are in a row of a batch.
  enum Slot: Sendable {
    case number(Int)
    case calendar([CalendarPart], Int)
    case levels(LevelTable, Int)
    case text([TextStatistic], Int, terms: [String: Int32], Int)
  }

  /// The columns, in the order of a row without a header.
  public let names: [String]
  let slots: [Slot]
  private(set) var numberWidth = 0
  private(set) var codeWidth = 0
  private(set) var termWidth = 0
  private static let noTerms = TermCounts(starts: [0, 0], terms: [], counts: [])

  public init(_ schema: FeatureSchema) {
    names = schema.columns.map(\.name)
    var slots: [Slot] = []
    for column in schema.columns {
      switch column.content {
      case .number:
        slots.append(.number(numberWidth))
        numberWidth += 1
      case .calendar(let parts):
        slots.append(.calendar(parts, numberWidth))
        numberWidth += parts.count
      case .levels(let levels):
        slots.append(.levels(LevelTable(levels), codeWidth))
        codeWidth += 1
      case .text(let statistics, let vocabulary):
        slots.append(.text(statistics, numberWidth, terms: TextTerms.numbers(vocabulary), termWidth))
        numberWidth += statistics.count
        termWidth += 1
      }
    }
    self.slots = slots
  }

  /// True for a column of numbers or truths.
  public func isNumber(_ column: Int) -> Bool {
    if case .number = slots[column] { true } else { false }
  }

  /// Adds a row in which everything is missing.
  public func begin(_ batch: inout RowBatch) {
    batch.count += 1
    for _ in 0..<numberWidth { batch.numbers.append(.nan) }
    for _ in 0..<codeWidth { batch.codes.append(-1) }
    for _ in 0..<termWidth {
      batch.terms.append(Self.noTerms)
      batch.texts.append("")
    }
  }

  /// Reads a text into a column of the last row. Blanks around numbers and dates do not count.
  ///
  /// - Parameter bytes: UTF-8.
  /// - Throws: `CellError`.
  public func read(_ bytes: UnsafeBufferPointer<UInt8>, column: Int, into batch: inout RowBatch) throws {
    switch slots[column] {
    case .number(let at):
      let value: Double
      if let number = NumberReading.number(bytes) {
        value = number
      } else if let isTrue = NumberReading.boolean(bytes) {
        value = isTrue ? 1 : 0
      } else if NumberReading.isBlank(bytes) {
        return
      } else {
        throw error(column, "\(shown(bytes)) is no number; leave the cell empty where it is missing")
      }
      // Infinity is no number that a model can use.
      set(value.isInfinite ? .nan : value, at, &batch)
    case .calendar(let parts, let at):
      if NumberReading.isBlank(bytes) { return }
      let text = String(decoding: bytes, as: UTF8.self).trimmingPrefix { $0 == " " }
      guard let moment = Self.moment(String(text)) else {
        throw error(column, "\(shown(bytes)) is no date or time; write 2026-11-22, 2026-11-22 18:30:00 or 18:30:00")
      }
      for (offset, part) in parts.enumerated() { set(moment.part(part), at + offset, &batch) }
    case .levels(let levels, let at): batch.codes[(batch.count - 1) * codeWidth + at] = levels.code(of: bytes)
    case .text(let statistics, let at, let terms, let termsAt):
      let text = String(decoding: bytes, as: UTF8.self)
      let counts = CharacterCounts(text)
      for (offset, statistic) in statistics.enumerated() { set(counts.figure(statistic), at + offset, &batch) }
      batch.texts[(batch.count - 1) * termWidth + termsAt] = text
      let found = TextTerms.count(text, terms)
      batch.terms[(batch.count - 1) * termWidth + termsAt] = TermCounts(
        starts: [0, found.count], terms: found.map(\.0), counts: found.map(\.1))
    }
  }

  private func set(_ value: Double, _ at: Int, _ batch: inout RowBatch) {
    batch.numbers[(batch.count - 1) * numberWidth + at] = value
  }

  private func error(_ column: Int, _ reason: String) -> CellError { CellError(column: names[column], reason: reason) }

  private func shown(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    let text = String(decoding: bytes.prefix(64), as: UTF8.self)
    return quoted(bytes.count > 64 ? text + "…" : text)
  }

  /// A date, a timestamp with or without an offset from UTC, or a time of day.
  private static func moment(_ text: String) -> Moment? {
    var text = Substring(text)
    while text.last == " " { text.removeLast() }
    if let days = CalendarLiteral.days(String(text)) { return Moment(day: Int(days), secondOfDay: 0) }
    // A time of day is that of the first of all days.
    let whole = text.contains("-") ? String(text) : "1970-01-01 \(text)"
    if let micros = CalendarLiteral.micros(whole) { return Moment(micros: micros) }
    guard let (rest, offset) = dividingOffset(text), let micros = CalendarLiteral.micros(String(rest)) else {
      return nil
    }
    return Moment(micros: micros - offset)
  }

  /// The part before `Z`, `+01`, `+0100` or `-01:30`, and the offset in microseconds.
  private static func dividingOffset(_ text: Substring) -> (Substring, Int64)? {
    if text.last == "Z" || text.last == "z" { return (text.dropLast(), 0) }
    guard let sign = text.lastIndex(where: { $0 == "+" || $0 == "-" }),
      text.distance(from: text.startIndex, to: sign) > 10
    else { return nil }
    let digits = text[text.index(after: sign)...].filter { $0 != ":" }
    guard digits.count == 2 || digits.count == 4, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
      let hours = Int64(digits.prefix(2)), let minutes = Int64(digits.count == 4 ? digits.suffix(2) : "0"), hours < 24,
      minutes < 60
    else { return nil }
    let offset = (hours * 3600 + minutes * 60) * 1_000_000
    return (text[..<sign], text[sign] == "-" ? -offset : offset)
  }
}

/// Numbers and truths of text.
enum NumberReading {
  private static let powers: [Double] = (0...22).map { power in (0..<power).reduce(1.0) { value, _ in value * 10 } }

  /// The number that a text is; nil for anything else. `nan` and infinities are numbers here.
  static func number(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    let bytes = trimmed(bytes)
    guard let first = bytes.first else { return nil }
    // Up to 15 digits, with a point among them, are exact: one division rounds correctly (Clinger 1990,
    // doi:10.1145/93542.93557).
    var (position, mantissa, digits, decimals, hasPoint) = (0, UInt64(0), 0, 0, false)
    if first == UInt8(ascii: "-") || first == UInt8(ascii: "+") { position = 1 }
    while position < bytes.count {
      let byte = bytes[position]
      if byte &- 48 < 10 {
        mantissa = mantissa &* 10 &+ UInt64(byte &- 48)
        digits += 1
        if hasPoint { decimals += 1 }
      } else if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else {
        break
      }
      position += 1
    }
    if position == bytes.count, digits > 0, digits <= 15 {
      let value = Double(mantissa) / powers[decimals]
      return first == UInt8(ascii: "-") ? -value : value
    }
    // Swift's reading knows hexadecimal numbers, which no table has.
    guard bytes.count <= 400, !bytes.contains(where: { $0 | 32 == UInt8(ascii: "x") || $0 | 32 == UInt8(ascii: "p") })
    else { return nil }
    return Double(String(decoding: bytes, as: UTF8.self))
  }

  static func boolean(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool? {
    let bytes = trimmed(bytes)
    func says(_ word: StaticString) -> Bool {
      guard bytes.count == word.utf8CodeUnitCount else { return false }
      return bytes.indices.allSatisfy { bytes[$0] | 32 == word.utf8Start[$0] }
    }
    return says("true") ? true : says("false") ? false : nil
  }

  static func isBlank(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool { trimmed(bytes).isEmpty }

  private static func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var (start, end) = (0, bytes.count)
    while start < end, bytes[start] == 32 || bytes[start] == 9 { start += 1 }
    while end > start, bytes[end - 1] == 32 || bytes[end - 1] == 9 { end -= 1 }
    return UnsafeBufferPointer(rebasing: bytes[start..<end])
  }
}
