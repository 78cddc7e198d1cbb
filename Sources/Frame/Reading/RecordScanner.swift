import Foundation

/// Splits delimited text into records and fields, byte by byte and exactly as DuckDB's strict mode does: a quote counts
/// only at the start of a field (spaces before it aside); a record ends at LF, CRLF or CR. Meant for the head of a file
/// and small slices; `LineIndex` has the fast scan.
struct RecordScanner {
  /// Where a field's content lies, quotes aside.
  struct Field {
    var range: Range<Int>
    var isQuoted: Bool
    /// True when quotes inside the field are escaped.
    var hasEscapes: Bool
  }

  struct Record {
    /// From the first byte to the one after the end of line.
    var range: Range<Int>
    var fieldCount: Int
    /// False where the text ends before an end of line.
    var isEnded: Bool
    /// True where a quoted field is not closed, or goes on after its closing quote.
    var isMalformed: Bool
    /// True for a line without a single byte.
    var isBlank: Bool
    /// Ends of lines inside the record, its own included.
    var lineCount: Int
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private let dialect: Dialect
  /// Where the next record starts.
  private(set) var offset: Int
  /// The fields of the last record, when asked for.
  private(set) var fields: [Field] = []

  init(_ bytes: UnsafeBufferPointer<UInt8>, dialect: Dialect, from offset: Int = 0) {
    self.bytes = bytes
    self.dialect = dialect
    self.offset = offset
  }

  /// The next record, nil at the end of the text.
  mutating func next(collectingFields: Bool = false) -> Record? {
    guard offset < bytes.count else { return nil }
    let start = offset
    fields.removeAll(keepingCapacity: true)
    var record = Record(
      range: start..<start, fieldCount: 0, isEnded: false, isMalformed: false, isBlank: false, lineCount: 0)
    record.isBlank = isNewline(bytes[start])
    var position = start
    while true {
      let field = scanField(at: &position, &record)
      record.fieldCount += 1
      if collectingFields { fields.append(field) }
      guard position < bytes.count else { break }
      if bytes[position] == dialect.delimiter {
        position += 1
        continue
      }
      position = afterNewline(position)
      record.isEnded = true
      record.lineCount += 1
      break
    }
    record.range = start..<position
    offset = position
    return record
  }

  /// The text of a field of the last record.
  func text(_ field: Field) -> String {
    guard field.hasEscapes else { return String(decoding: bytes[field.range], as: UTF8.self) }
    var content: [UInt8] = []
    var position = field.range.lowerBound
    while position < field.range.upperBound {
      let next = position + 1
      if bytes[position] == dialect.escape, next < field.range.upperBound,
        bytes[next] == dialect.quote || bytes[next] == dialect.escape
      {
        position = next
      }
      content.append(bytes[position])
      position += 1
    }
    return String(decoding: content, as: UTF8.self)
  }

  /// Leaves `position` at the delimiter, the end of line or the end of the text.
  private func scanField(at position: inout Int, _ record: inout Record) -> Field {
    let start = position
    while position < bytes.count, bytes[position] == 0x20, dialect.delimiter != 0x20 { position += 1 }
    guard position < bytes.count, bytes[position] == dialect.quote else {
      position = endOfUnquoted(from: position)
      return Field(range: start..<position, isQuoted: false, hasEscapes: false)
    }
    position += 1
    var field = Field(range: position..<position, isQuoted: true, hasEscapes: false)
    while true {
      guard position < bytes.count else {
        record.isMalformed = true
        field.range = field.range.lowerBound..<position
        return field
      }
      let byte = bytes[position]
      let next = position + 1 < bytes.count ? bytes[position + 1] : 0
      if byte == dialect.escape, next == dialect.quote || (byte != dialect.quote && next == dialect.escape) {
        field.hasEscapes = true
        position += 2
      } else if byte == dialect.quote {
        break
      } else {
        if isNewline(byte), !(byte == 0x0D && next == 0x0A) { record.lineCount += 1 }
        position += 1
      }
    }
    field.range = field.range.lowerBound..<position
    position += 1
    while position < bytes.count, bytes[position] == 0x20, dialect.delimiter != 0x20 { position += 1 }
    while position < bytes.count, bytes[position] != dialect.delimiter, !isNewline(bytes[position]) {
      record.isMalformed = true
      position += 1
    }
    return field
  }

  /// The next delimiter or end of line. A long field is passed over with memchr: one cell may have megabytes.
  private func endOfUnquoted(from start: Int) -> Int {
    var position = start
    let near = min(bytes.count, start + 256)
    while position < near {
      if bytes[position] == dialect.delimiter || isNewline(bytes[position]) { return position }
      position += 1
    }
    guard let base = bytes.baseAddress else { return position }
    var end = bytes.count
    for stop in [0x0A, dialect.delimiter, 0x0D] {
      guard end > position, let found = memchr(base + position, Int32(stop), end - position) else { continue }
      end = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - base
    }
    return end
  }

  private func isNewline(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  private func afterNewline(_ position: Int) -> Int {
    let isPair = bytes[position] == 0x0D && position + 1 < bytes.count && bytes[position + 1] == 0x0A
    return position + (isPair ? 2 : 1)
  }
}
