import Foundation

/// Finds the ends of records in delimited text, chunk by chunk, at the speed of memchr: only ends of lines and quotes are
/// looked at. A quote opens a field only at the field's start; inside a quoted field nothing but its end counts. The
/// slow and plain version that it must agree with is `RecordScanner`.
struct RecordCounter {
  /// Records so far, the last one without an end of line only after `finish`.
  private(set) var count = 0
  /// Where every `stride`-th record starts: element k is record k x stride.
  private(set) var starts: [Int] = []
  /// Where the record that is being read starts.
  private(set) var recordStart: Int

  private let dialect: Dialect
  private let newline: UInt8
  private let hasCarriageReturns: Bool
  private let countsBlankLines: Bool
  private let stride: Int

  private var isInQuotes = false
  /// The chunk before ended with a quote inside a quoted field: the next byte tells whether it closed.
  private var isQuotePending = false

  /// Bytes before the chunk that `scan` may look back at.
  static let lookBack = 256

  /// - Parameters:
  ///   - offset: where the first record starts in the file.
  ///   - countsBlankLines: true for files of one column, where a blank line is a missing value.
  init(
    dialect: Dialect, newline: UInt8, hasCarriageReturns: Bool, countsBlankLines: Bool, stride: Int, from offset: Int
  ) {
    self.dialect = dialect
    self.newline = newline
    self.hasCarriageReturns = hasCarriageReturns
    self.countsBlankLines = countsBlankLines
    self.stride = stride
    recordStart = offset
  }

  /// Reads one chunk.
  /// - Parameters:
  ///   - bytes: `lookBack` bytes that came before, then the chunk.
  ///   - offset: the chunk's place in the file.
  mutating func scan(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
    guard let base = bytes.baseAddress else { return }
    let end = bytes.count
    // Position in `bytes` + shift = place in the file.
    let shift = offset - Self.lookBack
    var position = Self.lookBack
    if isQuotePending, position < end {
      isQuotePending = false
      if bytes[position] == dialect.quote { position += 1 } else { isInQuotes = false }
    }
    while position < end {
      if isInQuotes {
        guard let quote = find(dialect.quote, base, position, end) else { break }
        position = quote + 1
        if dialect.escape != dialect.quote {
          isInQuotes = isEscaped(bytes, quote)
        } else if position == end {
          isQuotePending = true
        } else if bytes[position] == dialect.quote {
          position += 1
        } else {
          isInQuotes = false
        }
        continue
      }
      let quote = dialect.quote == 0 ? nil : find(dialect.quote, base, position, end)
      scanLines(base, position, quote ?? end, shift)
      guard let quote else { break }
      isInQuotes = opensField(bytes, quote, shift)
      position = quote + 1
    }
  }

  /// Counts a last record that has no end of line.
  mutating func finish(at size: Int) {
    if size > recordStart { endRecord() }
    recordStart = size
  }

  private mutating func scanLines(_ base: UnsafeRawPointer, _ from: Int, _ end: Int, _ shift: Int) {
    var position = from
    while let found = find(newline, base, position, end) {
      let length = found + shift - recordStart
      let isReturn = hasCarriageReturns && length == 1 && base.load(fromByteOffset: found - 1, as: UInt8.self) == 0x0D
      if countsBlankLines || !(length == 0 || isReturn) { endRecord() }
      recordStart = found + shift + 1
      position = found + 1
    }
  }

  private mutating func endRecord() {
    if count % stride == 0 { starts.append(recordStart) }
    count += 1
  }

  private func find(_ byte: UInt8, _ base: UnsafeRawPointer, _ from: Int, _ end: Int) -> Int? {
    guard end > from, let found = memchr(base + from, Int32(byte), end - from) else { return nil }
    return UnsafeRawPointer(found) - base
  }

  /// True where nothing but spaces stands between the start of the field and the quote.
  private func opensField(_ bytes: UnsafeRawBufferPointer, _ quote: Int, _ shift: Int) -> Bool {
    var position = quote - 1
    while position >= 0, position + shift >= recordStart, bytes[position] == 0x20, dialect.delimiter != 0x20 {
      position -= 1
    }
    return position + shift < recordStart || (position >= 0 && bytes[position] == dialect.delimiter)
  }

  /// True where an odd number of escapes stands before the quote.
  private func isEscaped(_ bytes: UnsafeRawBufferPointer, _ quote: Int) -> Bool {
    var position = quote - 1
    while position >= 0, bytes[position] == dialect.escape { position -= 1 }
    return (quote - 1 - position) % 2 == 1
  }
}
