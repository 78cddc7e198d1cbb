// Rows to text as they come: CSV, JSON, or a table of the first ones.

import Frame
import Grid

/// Takes the rows of a result in order. `begin` may come again: then all rows do.
protocol RowWriter {
  mutating func begin(_ schema: Schema) throws
  mutating func append(_ rows: DataTable) throws
  mutating func end() throws
}

/// RFC 4180, lines ended by a line feed. A missing cell is nothing; empty text is `""`.
struct CSVWriter: RowWriter {
  let console: Console

  func begin(_ schema: Schema) throws {
    var line: [UInt8] = []
    for (index, column) in schema.enumerated() {
      if index > 0 { line.append(UInt8(ascii: ",")) }
      Self.append(column.name, to: &line)
    }
    line.append(UInt8(ascii: "\n"))
    try console.write(line)
  }

  func append(_ rows: DataTable) throws {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(rows.rowCount * rows.columns.count * 8)
    for row in 0..<rows.rowCount {
      for (index, column) in rows.columns.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        guard column.isValid(row) else { continue }
        switch column.data {
        case .integers(let values): bytes += String(values[row]).utf8
        case .texts(let values), .others(let values): Self.append(values[row], to: &bytes)
        default: bytes += (column.text(row) ?? "").utf8
        }
      }
      bytes.append(UInt8(ascii: "\n"))
    }
    try console.write(bytes)
  }

  func end() throws {}

  private static func append(_ text: String, to bytes: inout [UInt8]) {
    let quote = UInt8(ascii: "\"")
    let isPlain = text.utf8.allSatisfy { $0 != quote && $0 != UInt8(ascii: ",") && $0 != 10 && $0 != 13 }
    let first = text.utf8.first
    if isPlain, let first, first != 32, text.utf8.last != 32 {
      bytes += text.utf8
      return
    }
    bytes.append(quote)
    for byte in text.utf8 {
      if byte == quote { bytes.append(quote) }
      bytes.append(byte)
    }
    bytes.append(quote)
  }
}

/// An array of objects, one a line.
struct JSONWriter: RowWriter {
  let console: Console
  private var keys: [[UInt8]] = []
  private var isEmpty = true

  init(console: Console) { self.console = console }

  mutating func begin(_ schema: Schema) throws {
    keys = schema.enumerated().map { index, column in
      var key: [UInt8] = Array((index == 0 ? "{" : ",").utf8)
      Self.append(column.name, to: &key)
      key.append(UInt8(ascii: ":"))
      return key
    }
    isEmpty = true
    try console.write("[")
  }

  mutating func append(_ rows: DataTable) throws {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(rows.rowCount * rows.columns.count * 16)
    for row in 0..<rows.rowCount {
      bytes += (isEmpty ? "\n" : ",\n").utf8
      isEmpty = false
      for (index, column) in rows.columns.enumerated() {
        bytes += keys[index]
        append(column, row, to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
    try console.write(bytes)
  }

  func end() throws { try console.write(isEmpty ? "]\n" : "\n]\n") }

  private func append(_ column: TypedColumn, _ row: Int, to bytes: inout [UInt8]) {
    guard column.isValid(row) else {
      bytes += "null".utf8
      return
    }
    switch column.data {
    case .integers(let values): bytes += String(values[row]).utf8
    case .reals(let values):
      // JSON has no word for infinity and not-a-number.
      bytes += (values[row].isFinite ? "\(values[row])" : "null").utf8
    case .booleans(let values): bytes += (values[row] ? "true" : "false").utf8
    case .texts(let values), .others(let values): Self.append(values[row], to: &bytes)
    case .dates, .timestamps, .times: Self.append(column.text(row) ?? "", to: &bytes)
    }
  }

  private static func append(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): bytes += "\\\"".utf8
      case UInt8(ascii: "\\"): bytes += "\\\\".utf8
      case 10: bytes += "\\n".utf8
      case 13: bytes += "\\r".utf8
      case 9: bytes += "\\t".utf8
      case 0..<0x20:
        let digits = String(byte, radix: 16)
        bytes += ("\\u00" + (digits.utf8.count < 2 ? "0" : "") + digits).utf8
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

/// The first rows as an aligned table, and how many there are.
struct TableWriter: RowWriter {
  let console: Console
  /// Rows shown at most.
  let limit: Int
  private var schema: Schema = []
  private var shown: [[String]] = []
  private var total = 0

  init(console: Console, limit: Int? = nil) {
    self.console = console
    self.limit = limit ?? console.size.map { max(5, $0.height - 6) } ?? 40
  }

  mutating func begin(_ schema: Schema) { (self.schema, shown, total) = (schema, [], 0) }

  mutating func append(_ rows: DataTable) {
    total += rows.rowCount
    for row in 0..<min(rows.rowCount, limit - shown.count) {
      shown.append(rows.columns.map { $0.text(row).map(oneLine) ?? "–" })
    }
  }

  /// Says that the rows handed over are the first of so many.
  mutating func stand(for rows: Int) { total = max(total, rows) }

  func end() throws {
    guard !schema.isEmpty else { return }
    var table = TextTable(
      schema.map { .init(title: oneLine($0.name), alignment: $0.kind.isNumeric ? .right : .left, limit: 40) })
    for row in shown { table.add(row) }
    let ascii = console.environment.glyphs == .ascii
    let (lines, left) = table.lines(width: console.textWidth, rule: ascii ? "-" : "─")
    try console.write(lines.joined(separator: "\n") + "\n")
    let rows = shown.count < total ? "\(grouped(shown.count)) of \(counted(total, "row"))" : counted(total, "row")
    try console.write("\(rows)\(left > 0 ? ", \(counted(left, "column")) more to the right" : "")\n")
  }
}
