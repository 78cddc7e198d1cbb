import Foundation
import Jobs

/// Opens a delimited text: finds out its encoding, dialect, names and types from the first few hundred kilobytes, and
/// fixes them for every later read.
struct DelimitedOpener {
  let database: Database
  let source: Source
  let format: SourceFormat
  let isGzip: Bool
  let context: (any JobContext)?

  /// What is read at first, in bytes. One row that is longer makes it grow up to `headLimit`.
  static let headSize = 256 << 10
  static let headLimit = 256 << 20

  func open(_ original: InputFile) throws -> OpenedSource {
    var (file, head, notes) = try decoded(original)
    let dialect = try sniffDialect(&head, file)
    var records = HeadRecords(head.bytes, dialect: dialect, isWhole: head.isWhole)
    if records.hasMixedNewlines, !isGzip {
      file = try Transcoder.transcode(file, normalizesNewlines: true, context: context)
      notes.append(Self.newlineNote)
      head = try readHead(file, count: max(Self.headSize, head.bytes.count))
      records = HeadRecords(head.bytes, dialect: dialect, isWhole: head.isWhole)
    }
    if !source.options.skipBadRows { try records.check(source.name) }

    let memory = try ScratchFile.inMemory(head.bytes[..<records.end], name: source.name)
    var layout = try sniffTypes(records, memory, dialect, &notes)
    layout.isGzip = isGzip
    layout.skipBadRows = source.options.skipBadRows
    layout.longestRecord = max(layout.longestRecord, records.longest * 2)
    try source.override(&layout.columns)
    if records.count == 1, layout.hasHeader, head.isWhole { notes.append("The file has a header and no rows.") }
    return OpenedSource(
      source: source, format: format, schema: layout.columns, bytes: original.size, notes: notes,
      layout: .delimited(layout), file: file, original: original, head: (memory, head.isWhole))
  }

  static let newlineNote = "Lines end in different ways; they are read through a copy in which all end alike."

  /// The text as UTF-8, through a copy where it is something else, its beginning, and what there is to say about it.
  func decoded(_ original: InputFile) throws -> (file: InputFile, head: Head, notes: [String]) {
    var file = original
    var notes: [String] = []
    var head = try readHead(file, count: Self.headSize)
    if head.bytes.isEmpty { throw FrameError.empty(source.name) }

    if !isGzip, Content.isUTF16(head.bytes) {
      file = try Transcoder.transcode(file, context: context)
      notes.append("The text is UTF-16; it is read through a copy in UTF-8.")
      head = try readHead(file, count: Self.headSize)
    }
    try refuseBinary(head.bytes)
    if let offset = Transcoder.firstInvalid(head.bytes) {
      let line = Self.line(at: offset, in: head.bytes)
      guard !isGzip else {
        throw FrameError(
          .encoding, location: source.name, line: line, what: "the text is not UTF-8",
          advice: "Unpack the file, or convert it to UTF-8.")
      }
      file = try Transcoder.transcode(file, context: context)
      notes.append(Self.encodingNote(line: line))
      head = try readHead(file, count: Self.headSize)
    }
    if head.bytes.allSatisfy({ $0 <= 0x20 }) && head.isWhole { throw FrameError.empty(source.name) }
    if let offset = head.bytes.firstIndex(of: 0) {
      notes.append("Line \(Self.line(at: offset, in: head.bytes)) holds NUL bytes; they are kept as they are.")
    }
    return (file, head, notes)
  }

  static func encodingNote(line: Int?) -> String {
    "The text is not UTF-8" + (line.map { " (line \($0))" } ?? "")
      + "; such bytes are read as Windows-1252 (Latin-1)."
  }

  // MARK: - Head

  typealias Head = (bytes: [UInt8], isWhole: Bool)

  func readHead(_ file: InputFile, count: Int) throws -> Head {
    guard isGzip else {
      let bytes = try file.read(at: 0, count: min(count, file.size))
      return (bytes, bytes.count >= file.size)
    }
    // Raw lines, unpacked by DuckDB: no delimiter or quote ever matches.
    let raw = """
      SELECT line FROM read_csv(\(SQL.text(file.path)), auto_detect = false, columns = {'line': 'VARCHAR'},
        delim = '\u{1}', quote = '', escape = '', header = false, compression = 'gzip', strict_mode = false,
        max_line_size = 16000000, buffer_size = 32000000)
      """
    var bytes: [UInt8] = []
    var isWhole = true
    struct Enough: Error {}
    do {
      try database.stream(raw) { table in
        for row in 0..<table.rowCount {
          bytes.append(contentsOf: (table.text(row, 0) ?? "").utf8)
          bytes.append(0x0A)
        }
        if bytes.count >= count {
          isWhole = false
          throw Enough()
        }
      }
    } catch is Enough {
    } catch var error as FrameError {
      error.location = source.name
      throw error
    }
    return (bytes, isWhole)
  }

  private func refuseBinary(_ head: [UInt8]) throws {
    let guess = Content.knownBinary(head)
    if guess != nil || Content.isBinary(head) { throw FrameError.binary(source.name, looksLike: guess) }
  }

  /// Sniffs, and lets the head grow until it holds a header and a row.
  private func sniffDialect(_ head: inout Head, _ file: InputFile) throws -> Dialect {
    while true {
      let dialect = Dialect.sniff(head.bytes, format: format, options: source.options)
      let records = HeadRecords(head.bytes, dialect: dialect, isWhole: head.isWhole)
      if records.count >= 2 || head.isWhole { return dialect }
      guard head.bytes.count < Self.headLimit else {
        throw FrameError(
          .cellTooLarge, location: source.name, line: records.count + 1,
          what: "one row is longer than \(Self.headLimit >> 20) MB",
          advice: "A quote that is never closed makes such rows; check the quotes and the delimiter.")
      }
      head = try readHead(file, count: head.bytes.count * 8)
    }
  }

  private static func line(at offset: Int, in bytes: [UInt8]) -> Int {
    1 + bytes[..<offset].lazy.filter { $0 == 0x0A }.count
  }

  // MARK: - Names and types

  private func sniffTypes(
    _ records: HeadRecords, _ memory: InputFile, _ dialect: Dialect, _ notes: inout [String]
  ) throws -> DelimitedLayout {
    let first = records.firstFields
    var hasHeader = source.options.hasHeader
    var types = Array(repeating: "VARCHAR", count: first.count)
    var formats: (date: String?, timestamp: String?) = (nil, nil)
    if records.count > 1 || hasHeader == false {
      if let sniffed = try? sniffWithDuckDB(memory, dialect, hasHeader), sniffed.types.count == first.count {
        types = sniffed.types
        hasHeader = hasHeader ?? sniffed.hasHeader
        formats = (sniffed.dateFormat, sniffed.timestampFormat)
      }
    }
    if types.allSatisfy({ $0 == "VARCHAR" }) || hasHeader == nil {
      hasHeader = source.options.hasHeader ?? Self.looksLikeNames(first)
    }
    let isHeader = hasHeader ?? true
    var given = isHeader ? first : Array(repeating: "", count: first.count)
    for (place, name) in (source.options.names ?? []).enumerated() where given.indices.contains(place) {
      given[place] = name
    }
    let (names, renaming) = ColumnNames.unique(given)
    if isHeader { notes.append(contentsOf: renaming) }
    return DelimitedLayout(
      dialect: dialect, hasHeader: isHeader, columns: zip(names, types).map { Column(name: $0, type: $1) },
      dateFormat: formats.date == "%Y-%m-%d" ? nil : formats.date, timestampFormat: formats.timestamp)
  }

  /// Names are there, differ, and none of them is a number.
  private static func looksLikeNames(_ fields: [String]) -> Bool {
    fields.contains { !$0.isEmpty } && fields.allSatisfy { Double($0) == nil }
  }

  private func sniffWithDuckDB(
    _ memory: InputFile, _ dialect: Dialect, _ hasHeader: Bool?
  ) throws -> (hasHeader: Bool, types: [String], dateFormat: String?, timestampFormat: String?) {
    func byte(_ byte: UInt8) -> String { SQL.text(String(UnicodeScalar(byte))) }
    let header = hasHeader.map { ", header = \($0)" } ?? ""
    let table = try database.query(
      """
      SELECT HasHeader, DateFormat, TimestampFormat, field.type
      FROM (SELECT *, unnest(Columns) AS field FROM sniff_csv(\(SQL.text(memory.path)), delim = \(byte(dialect.delimiter)),
        quote = \(byte(dialect.quote)), escape = \(byte(dialect.escape)), skip = 0, comment = '', ignore_errors = true,
        max_line_size = \(max(2_000_000, memory.size)), buffer_size = \(max(8_000_000, memory.size * 2)),
        sample_size = -1\(header)))
      """)
    return (
      table.rowCount > 0 && table.value(0, 0) == .bool(true),
      (0..<table.rowCount).map { table.text($0, 3) ?? "VARCHAR" },
      table.rowCount > 0 ? table.text(0, 1) : nil, table.rowCount > 0 ? table.text(0, 2) : nil
    )
  }
}

extension Source {
  /// Puts the types that the user chose in place of those that were found.
  func override(_ columns: inout Schema) throws {
    for (name, type) in options.types {
      guard let index = columns.firstIndex(where: { $0.name == name }) else {
        throw FrameError(
          .noSuchColumn, location: self.name, column: name, what: "there is no such column",
          advice: "The columns are \(ColumnNames.listed(columns.map(\.name))).")
      }
      columns[index] = Column(name: name, type: type)
    }
  }
}
