/// How a delimited file separates and quotes its fields.
struct Dialect: Hashable, Sendable {
  var delimiter = UInt8(ascii: ",")
  var quote = UInt8(ascii: "\"")
  /// What stands before a quote inside a quoted field: the quote itself, or a backslash.
  var escape = UInt8(ascii: "\"")

  /// The dialect in which the first records of `head` agree best on their number of fields.
  ///
  /// Every candidate splits the first 200 records; the share of records with the commonest number of fields counts, then
  /// that number. DuckDB's own sniffer is not asked: it gives up on a ragged file, or finds one column in it.
  static func sniff(_ head: [UInt8], format: SourceFormat, options: ReadOptions) -> Dialect {
    let usual = Array(format == .tsv ? "\t,;|".utf8 : ",;\t|".utf8)
    let sample = head.prefix(1 << 17)
    let backslash = UInt8(ascii: "\\")
    let quotes: [UInt8] = byte(options.quote).map { [$0] } ?? (sample.contains(0x22) ? [0x22] : [0x22, 0x27])
    let delimiters: [UInt8] = byte(options.delimiter).map { [$0] } ?? usual
    var best = Dialect(delimiter: usual[0])
    var bestScore = (agreement: -1.0, fields: 0)
    for quote in quotes {
      let hasBackslash = zip(sample, sample.dropFirst()).contains { $0 == backslash && $1 == quote }
      let escapes: [UInt8] = byte(options.escape).map { [$0] } ?? (hasBackslash ? [quote, backslash] : [quote])
      for escape in escapes {
        for delimiter in delimiters {
          let dialect = Dialect(delimiter: delimiter, quote: quote, escape: escape)
          let score = dialect.score(on: head)
          if score > bestScore { (best, bestScore) = (dialect, score) }
        }
      }
    }
    return best
  }

  private static func byte(_ text: String?) -> UInt8? { text?.utf8.first }

  /// Agreement in steps of 0.02 (0 where the commonest record has one field), and that number of fields.
  func score(on head: [UInt8]) -> (agreement: Double, fields: Int) {
    var counts: [Int: Int] = [:]
    var records = 0
    head.withUnsafeBufferPointer { bytes in
      var scanner = RecordScanner(bytes, dialect: self)
      while records < 200, scanner.offset < 1 << 17, let record = scanner.next() {
        if !record.isEnded && records > 0 { break }
        if record.isBlank { continue }
        records += 1
        counts[record.isMalformed ? -1 : record.fieldCount, default: 0] += 1
      }
    }
    let commonest = counts.max { ($0.value, $0.key) < ($1.value, $1.key) }
    guard let commonest, commonest.key > 1 else { return (0, 1) }
    return ((Double(commonest.value) / Double(records) * 50).rounded() / 50, commonest.key)
  }
}
