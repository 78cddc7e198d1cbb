/// The complete records at the beginning of a delimited text.
struct HeadRecords {
  /// Where the last complete record ends.
  private(set) var end = 0
  /// Records with at least one byte.
  private(set) var count = 0
  /// Bytes of the longest record.
  private(set) var longest = 0
  /// The fields of the first record, unquoted.
  private(set) var firstFields: [String] = []
  /// True when lines end in more than one way; DuckDB reads only one.
  private(set) var hasMixedNewlines = false
  private var flaw: (line: Int, fields: Int?)?

  /// - Parameter isWhole: true when `bytes` is the whole text, so that its last record is complete too.
  init(_ bytes: [UInt8], dialect: Dialect, isWhole: Bool) {
    bytes.withUnsafeBufferPointer { buffer in
      var scanner = RecordScanner(buffer, dialect: dialect, from: Content.hasUTF8Mark(bytes) ? 3 : 0)
      var line = 1
      var newline: Newline?
      while let record = scanner.next(collectingFields: true), record.isEnded || isWhole {
        // A CR at the very end may be half of a CRLF.
        if !isWhole && record.range.upperBound == bytes.count && bytes.last == 0x0D { break }
        if record.isEnded {
          let own = Newline(buffer, endingAt: record.range.upperBound)
          hasMixedNewlines = hasMixedNewlines || (newline ?? own) != own
          newline = own
        }
        end = record.range.upperBound
        longest = max(longest, record.range.count)
        defer { line += record.lineCount }
        if record.isBlank && !(count > 0 && firstFields.count == 1) { continue }
        count += 1
        if count == 1 { firstFields = scanner.fields.map(scanner.text) }
        if flaw == nil { inspect(record, scanner, at: line) }
      }
    }
  }

  private enum Newline {
    case lf, crlf, cr

    init(_ bytes: UnsafeBufferPointer<UInt8>, endingAt end: Int) {
      self = bytes[end - 1] == 0x0D ? .cr : end > 1 && bytes[end - 2] == 0x0D ? .crlf : .lf
    }
  }

  private mutating func inspect(_ record: RecordScanner.Record, _ scanner: RecordScanner, at line: Int) {
    if record.isMalformed {
      flaw = (line, nil)
      return
    }
    let expected = firstFields.count
    // One delimiter more at the end of a row is common, and harmless.
    let hasTrailingDelimiter = record.fieldCount == expected + 1 && scanner.fields.last?.range.isEmpty == true
    if record.fieldCount != expected && !hasTrailingDelimiter { flaw = (line, record.fieldCount) }
  }

  /// Throws for the first record that has another number of fields than the first one, or bad quotes.
  func check(_ name: String) throws {
    guard let flaw else { return }
    if let found = flaw.fields {
      throw FrameError.fieldCount(name, line: flaw.line, found: found, expected: firstFields.count)
    }
    throw FrameError(
      .malformed, location: name, line: flaw.line, what: "a quoted field is not closed, or goes on after its quote",
      advice: "Leave such rows out with --skip-bad-rows (key s), or mend the quotes.")
  }
}
