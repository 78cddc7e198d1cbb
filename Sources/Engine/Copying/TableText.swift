import Foundation
import Frame

/// Rows as TSV, CSV, Markdown or JSON in one text, up to a number of bytes.
///
/// TSV: tabs and line breaks inside of a cell become blanks, as spreadsheets paste it. CSV: RFC 4180. Markdown: a table
/// with `|` escaped. JSON: an array of objects, numbers and booleans as such; infinite numbers become null. A missing
/// cell is nothing, in JSON null.
public struct TableText: Sendable {
  private let format: CopyFormat
  private let schema: Schema
  private let byteLimit: Int
  private var text: String
  public private(set) var rows = 0

  public init(_ format: CopyFormat, schema: Schema, byteLimit: Int = CopyRequest.mostBytes) {
    self.format = format
    self.schema = schema
    self.byteLimit = byteLimit
    let names = schema.map(\.name)
    switch format {
    case .tsv: text = names.map(Self.plain).joined(separator: "\t") + "\n"
    case .csv: text = names.map(Self.quoted).joined(separator: ",") + "\n"
    case .markdown:
      text = Self.markdown(names)
      text += Self.markdown(schema.map { $0.kind.isNumeric ? "--:" : "---" })
    case .json: text = "["
    }
  }

  public var columns: Int { schema.count }

  /// Adds rows until the text is full.
  /// - Returns: true when all of them are in.
  public mutating func append(_ table: DataTable) -> Bool {
    for row in 0..<table.rowCount {
      let line = line(table, row)
      if text.utf8.count + line.utf8.count + 3 > byteLimit { return false }
      text += line
      rows += 1
    }
    return true
  }

  /// The whole text.
  public var finished: String {
    guard format == .json else { return text }
    return rows == 0 ? "[]\n" : text + "\n]\n"
  }

  private func line(_ table: DataTable, _ row: Int) -> String {
    let cells = table.columns.indices
    switch format {
    case .tsv: return cells.map { Self.plain(table.text(row, $0) ?? "") }.joined(separator: "\t") + "\n"
    case .csv: return cells.map { table.text(row, $0).map(Self.quoted) ?? "" }.joined(separator: ",") + "\n"
    case .markdown: return Self.markdown(cells.map { table.text(row, $0) ?? "" })
    case .json:
      let members = cells.map { "\(Self.json(schema[$0].name)): \(Self.json(table, row, $0))" }
      return (rows == 0 ? "\n  {" : ",\n  {") + members.joined(separator: ", ") + "}"
    }
  }

  private static func plain(_ text: String) -> String {
    guard text.contains(where: { $0 == "\t" || $0.isNewline }) else { return text }
    return String(text.map { $0 == "\t" || $0.isNewline ? " " : $0 })
  }

  private static func quoted(_ text: String) -> String {
    let isPlain = !text.isEmpty && !text.contains { $0 == "\"" || $0 == "," || $0.isNewline }
    return isPlain && text.first != " " && text.last != " " ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  private static func markdown(_ cells: [String]) -> String {
    let escaped = cells.map { cell in
      String(cell.map { $0.isNewline ? " " : $0 }).replacing("\\", with: "\\\\").replacing("|", with: "\\|")
    }
    return "| " + escaped.joined(separator: " | ") + " |\n"
  }

  private static func json(_ table: DataTable, _ row: Int, _ column: Int) -> String {
    switch table.value(row, column) {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .real(let value): value.isFinite ? "\(value)" : "null"
    case .text, .date, .timestamp, .time, .other: json(table.text(row, column) ?? "")
    }
  }

  private static func json(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case let scalar where scalar.value < 0x20:
        result += "\\u" + String(repeating: "0", count: scalar.value < 16 ? 3 : 2) + String(scalar.value, radix: 16)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
