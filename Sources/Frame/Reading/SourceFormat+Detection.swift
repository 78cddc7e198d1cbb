/// Tells formats by name and by content.
extension SourceFormat {
  /// The format that a file's name says, `.gz` left aside; nil where it says nothing.
  public init?(path: String) {
    var name = Substring(path.lowercased())
    if name.hasSuffix(".gz") { name.removeLast(3) }
    guard let dot = name.lastIndex(of: ".") else { return nil }
    switch name[name.index(after: dot)...] {
    case "csv", "txt", "dat", "data": self = .csv
    case "tsv", "tab": self = .tsv
    case "json", "geojson": self = .json
    case "jsonl", "ndjson": self = .jsonl
    case "parquet", "pq", "parq": self = .parquet
    case "xlsx", "xlsm", "xltx", "xltm", "xls", "xlsb": self = .xlsx
    case "fwf": self = .fwf
    default: return nil
    }
  }

  /// True for a name that may be that of any text: its content says which.
  public static func isVague(_ path: String) -> Bool {
    var name = Substring(path.lowercased())
    if name.hasSuffix(".gz") { name.removeLast(3) }
    return [".txt", ".dat", ".data", ".asc", ".prn"].contains { name.hasSuffix($0) }
  }

  /// The format that a file's first bytes say.
  init(content head: some Collection<UInt8>) {
    if head.starts(with: Array("PAR1".utf8)) {
      self = .parquet
      return
    }
    if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) || head.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
      self = .xlsx
      return
    }
    let text = head.drop { $0 <= 0x20 || $0 == 0xEF || $0 == 0xBB || $0 == 0xBF }
    switch text.first {
    case UInt8(ascii: "["): self = .json
    case UInt8(ascii: "{"): self = .jsonl
    default: self = .csv
    }
  }
}

/// What the first bytes of a file give away besides text.
enum Content {
  static func isGzip(_ head: [UInt8]) -> Bool { head.starts(with: [0x1F, 0x8B]) }

  /// A name for what the bytes are, where they start as one of the usual binary formats does.
  static func knownBinary(_ head: [UInt8]) -> String? {
    let known: [([UInt8], String)] = [
      ([0x50, 0x4B, 0x03, 0x04], "a ZIP archive or an Excel workbook"), ([0x7F, 0x45, 0x4C, 0x46], "a program"),
      ([0x89, 0x50, 0x4E, 0x47], "a PNG picture"), ([0xFF, 0xD8, 0xFF], "a JPEG picture"),
      (Array("%PDF".utf8), "a PDF document"), ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel or Word document"),
      (Array("SQLite format 3".utf8), "a SQLite database"), ([0x42, 0x5A, 0x68], "a bzip2 archive"),
      ([0x28, 0xB5, 0x2F, 0xFD], "a Zstandard archive"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "an xz archive"),
      (Array("PAR1".utf8), "a Parquet file"), ([0x1F, 0x8B], "a gzip archive"),
    ]
    return known.first { head.starts(with: $0.0) }?.1
  }

  /// True when the bytes cannot be text: more than one control character in a hundred, spaces and ends of lines aside.
  static func isBinary(_ head: [UInt8]) -> Bool {
    var controls = 0
    for byte in head where byte < 0x20 && !(0x09...0x0D).contains(byte) && byte != 0x1A && byte != 0x1B {
      controls += 1
    }
    return controls > 0 && controls * 100 > head.count
  }

  /// True for a byte order mark of UTF-16.
  static func isUTF16(_ head: [UInt8]) -> Bool { head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) }

  static func hasUTF8Mark(_ head: [UInt8]) -> Bool { head.starts(with: [0xEF, 0xBB, 0xBF]) }
}
