// Rows of text/csv (RFC 4180): the model's columns in their order without a header, or in any order under one.

import Learn

/// Reads CSV into rows.
struct CSVRows {
  enum Header { case present, absent, unknown }

  private struct Field {
    var range: Range<Int>
    /// True where quotes inside are doubled.
    var isEscaped = false
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private let columns: ColumnNames
  private var position = 0
  private var fields: [Field] = []

  /// Adds the rows of a body to a batch.
  ///
  /// - Throws: `Refusal`.
  static func read(
    _ bytes: UnsafeBufferPointer<UInt8>, header: Header, columns: ColumnNames, into batch: inout RowBatch
  ) throws {
    var rows = CSVRows(bytes: bytes, columns: columns)
    try rows.read(header, into: &batch)
  }

  private init(bytes: UnsafeBufferPointer<UInt8>, columns: ColumnNames) {
    (self.bytes, self.columns) = (bytes, columns)
    fields.reserveCapacity(columns.names.count)
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
  }

  private mutating func read(_ header: Header, into batch: inout RowBatch) throws {
    var places: [Int?] = columns.identity
    var record = 0
    while try next(record + 1) {
      record += 1
      if record == 1, header != .absent, header == .present || looksLikeHeader {
        places = try columns.places(of: fields.map { text($0) })
        continue
      }
      guard fields.count == places.count else {
        throw Refusal(
          .badRequest,
          "line \(record) has \(fields.count) fields instead of \(places.count). " + columns.advice)
      }
      columns.reader.begin(&batch)
      for index in fields.indices {
        let (field, place) = (fields[index], places[index])
        // Nothing between two commas means missing, in quotes or not.
        guard let place, !field.range.isEmpty else { continue }
        do {
          if field.isEscaped {
            let unescaped = unescaped(field)
            try unescaped.withUnsafeBufferPointer { try columns.reader.read($0, column: place, into: &batch) }
          } else {
            let slice = UnsafeBufferPointer(rebasing: bytes[field.range])
            try columns.reader.read(slice, column: place, into: &batch)
          }
        } catch let error as CellError {
          throw Refusal(.badRequest, "line \(record), \(error)")
        }
      }
    }
  }

  /// True where the first record names columns of the model.
  private var looksLikeHeader: Bool {
    guard let first = fields.first, fields.count >= columns.names.count else { return false }
    // Most first fields begin as no name does.
    if fields.count == columns.names.count, let byte = bytes[first.range].first, !columns.beginnings.contains(byte) {
      return false
    }
    guard columns.isKnown(text(first)) || fields.count > columns.names.count else { return false }
    let names = Set(fields.map { text($0) })
    return columns.names.allSatisfy { names.contains($0) }
      || (names.count == fields.count && names.allSatisfy { columns.isKnown($0) })
  }

  private func text(_ field: Field) -> String {
    field.isEscaped
      ? String(decoding: unescaped(field), as: UTF8.self) : String(decoding: bytes[field.range], as: UTF8.self)
  }

  private func unescaped(_ field: Field) -> [UInt8] {
    var result: [UInt8] = []
    var index = field.range.lowerBound
    while index < field.range.upperBound {
      result.append(bytes[index])
      index += bytes[index] == UInt8(ascii: "\"") ? 2 : 1
    }
    return result
  }

  /// Takes the next line that is not empty; false at the end.
  private mutating func next(_ record: Int) throws -> Bool {
    while position < bytes.count {
      if bytes[position] == 10 || bytes[position] == 13 {
        position += 1
        continue
      }
      fields.removeAll(keepingCapacity: true)
      while true {
        try takeField(record)
        guard position < bytes.count, bytes[position] == UInt8(ascii: ",") else { return true }
        position += 1
      }
    }
    return false
  }

  /// Takes a field, up to the comma or the end of the line.
  private mutating func takeField(_ record: Int) throws {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
      let start = position
      while position < bytes.count, bytes[position] != UInt8(ascii: ","), bytes[position] != 10, bytes[position] != 13 {
        position += 1
      }
      fields.append(Field(range: start..<position))
      return
    }
    let start = position + 1
    var index = start
    var isEscaped = false
    while true {
      while index < bytes.count, bytes[index] != UInt8(ascii: "\"") { index += 1 }
      guard index < bytes.count else { throw Refusal(.badRequest, "line \(record): a quote is never closed") }
      guard index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\"") else { break }
      isEscaped = true
      index += 2
    }
    fields.append(Field(range: start..<index, isEscaped: isEscaped))
    position = index + 1
    guard
      position == bytes.count || bytes[position] == UInt8(ascii: ",") || bytes[position] == 10
        || bytes[position] == 13
    else {
      throw Refusal(.badRequest, "line \(record): something stands between a closing quote and the comma")
    }
  }
}

/// The columns that requests name or give in their order.
struct ColumnNames: Sendable {
  let reader: RowReader
  let identity: [Int?]
  private let places: [String: Int]
  /// Those that the model was trained beside: they may be there, and do not count.
  private let others: Set<String>
  /// The first bytes of all names that are known.
  let beginnings: ByteSet

  init(_ manifest: BundleManifest) {
    reader = RowReader(manifest.schema)
    identity = reader.names.indices.map { $0 }
    places = Dictionary(reader.names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    others = Set(manifest.schema.excluded.map(\.column) + [manifest.target])
    // Bytes beyond ASCII and quotes may begin a name that is spelt in another way.
    var beginnings = ByteSet(128...255)
    beginnings.insert(UInt8(ascii: "\""))
    for name in reader.names + others { if let byte = name.utf8.first { beginnings.insert(byte) } }
    self.beginnings = beginnings
  }

  var names: [String] { reader.names }

  func isKnown(_ name: String) -> Bool { places[name] != nil || others.contains(name) }

  func place(of name: String) -> Int? { places[name] }

  /// Where each of the named columns is; nil for one that the model has no use for.
  func places(of header: [String]) throws -> [Int?] {
    var seen: Set<Int> = []
    let found = header.map { name -> Int? in
      guard let place = places[name], seen.insert(place).inserted else { return nil }
      return place
    }
    let missing = names.indices.filter { !seen.contains($0) }.map { names[$0] }
    guard missing.isEmpty else { throw Refusal(.badRequest, "the header lacks \(Self.list(missing))") }
    return found
  }

  var advice: String {
    "Without a header a line gives the model's \(names.count) columns in this order: \(Self.list(names, limit: 40))"
  }

  static func list(_ names: [String], limit: Int = 8) -> String {
    names.prefix(limit).joined(separator: ", ")
      + (names.count > limit ? " and \(names.count - limit) more" : "")
  }
}

/// Some of the 256 bytes.
struct ByteSet: Sendable {
  private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  init(_ bytes: some Sequence<UInt8>) { for byte in bytes { insert(byte) } }

  mutating func insert(_ byte: UInt8) {
    let bit: UInt64 = 1 << UInt64(byte & 63)
    switch byte >> 6 {
    case 0: words.0 |= bit
    case 1: words.1 |= bit
    case 2: words.2 |= bit
    default: words.3 |= bit
    }
  }

  func contains(_ byte: UInt8) -> Bool {
    let word =
      switch byte >> 6 {
      case 0: words.0
      case 1: words.1
      case 2: words.2
      default: words.3
      }
    return word >> UInt64(byte & 63) & 1 == 1
  }
}
