extension DelimitedLayout {
  /// Where the first row starts, and how lines end.
  func start(in file: InputFile) throws -> (offset: Int, newline: (byte: UInt8, hasCarriageReturns: Bool)) {
    try withFirstRecord(in: file) { buffer, record, first, _ in
      guard let record, record.isEnded else { return (hasHeader ? buffer.count : first, (0x0A, false)) }
      let end = record.range.upperBound
      let isReturn = buffer[end - 1] == 0x0D
      return (hasHeader ? end : first, (isReturn ? 0x0D : 0x0A, !isReturn && end > 1 && buffer[end - 2] == 0x0D))
    }
  }

  /// Where the first row starts, and its line, from 1.
  func firstRow(in file: InputFile) throws -> (offset: Int, line: Int) {
    try withFirstRecord(in: file) { buffer, record, first, line in
      guard hasHeader else { return (first, 1) }
      return (record?.range.upperBound ?? buffer.count, line + (record?.lineCount ?? 0))
    }
  }

  /// Gives `body` the beginning of the file, its first record (blank lines passed over), the byte after a byte order mark
  /// and the record's line.
  private func withFirstRecord<Result>(
    in file: InputFile, _ body: (UnsafeBufferPointer<UInt8>, RecordScanner.Record?, Int, Int) throws -> Result
  ) throws -> Result {
    var count = 64 << 10
    while true {
      let bytes = try file.read(at: 0, count: min(count, file.size))
      let first = Content.hasUTF8Mark(bytes) ? 3 : 0
      let result = try bytes.withUnsafeBufferPointer { buffer -> Result? in
        var scanner = RecordScanner(buffer, dialect: dialect, from: first)
        var line = 1
        var record = scanner.next()
        while let blank = record, blank.isBlank, blank.isEnded, columns.count > 1 {
          line += blank.lineCount
          record = scanner.next()
        }
        // A record that runs to the end of what was read may go on.
        if let record, record.range.upperBound == bytes.count, bytes.count < file.size { return nil }
        return try body(buffer, record, first, line)
      }
      if let result { return result }
      count *= 8
    }
  }
}
