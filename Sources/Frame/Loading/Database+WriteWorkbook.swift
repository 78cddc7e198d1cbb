import Foundation
import Jobs

/// Writes rows as a workbook of one sheet, with DuckDB's extension.
extension Database {
  /// The rows that a sheet holds below its header.
  public static let sheetRows = CellRange.rowLimit - 1
  /// The characters that a cell holds.
  private static let cellLength = 32_767
  /// Up to here a spreadsheet, which has reals alone, keeps every whole number apart.
  private static let exactInteger = "9007199254740991"

  /// Writes to exactly this path. The rows are computed once, into a table that goes away; what fits in no sheet is
  /// refused before anything is written. What a spreadsheet would change is written as text: whole numbers of more than
  /// 15 digits, dates before 1900-03-01 and times with a zone; numbers that are not finite are left empty.
  /// - Parameter name: what errors call the file.
  func copyWorkbook(_ sql: String, to path: String, name: String, context: any JobContext) throws -> Int {
    try RemoteAccess.load("excel") { try execute($0) }
    let table = SQL.identifier("assay_sheet_\(UUID().uuidString)")
    defer { try? execute("DROP TABLE IF EXISTS \(table)") }
    try execute(
      "CREATE TABLE \(table) AS SELECT * FROM \(SQL.subquery(sql)) LIMIT \(CellRange.rowLimit)", context: context,
      note: "computing rows")
    let schema = try describe("SELECT * FROM \(table)")
    guard schema.count <= CellRange.columnLimit else {
      throw FrameError(
        .notWritable, location: name, what: "\(schema.count.grouped) columns are more than the 16,384 of a sheet",
        advice: "Write fewer, or write Parquet or CSV.")
    }
    let looks = ["count(*)"] + schema.map(Self.look)
    let facts = try query("SELECT \(looks.joined(separator: ", ")) FROM \(table)", context: context)
    guard let rows = facts.value(0, 0).number, Int(rows) <= Self.sheetRows else {
      throw FrameError(
        .notWritable, location: name, what: "these are more rows than the 1,048,575 of a sheet",
        advice: "Write fewer, or write Parquet or CSV.")
    }
    let columns = try schema.enumerated().map { index, column in
      let isOdd = facts.value(0, index + 1) == .bool(true)
      if isOdd, column.kind == .text {
        throw FrameError(
          .notWritable, location: name, column: column.name,
          what: "a text has more than the 32,767 characters of a cell", advice: "Shorten it, or write Parquet or CSV.")
      }
      return "\(Self.cell(column, isOdd)) AS \(SQL.identifier(column.name))"
    }
    _ = try query(
      "COPY (SELECT \(columns.joined(separator: ", ")) FROM \(table)) TO \(SQL.text(path)) "
        + "(FORMAT xlsx, HEADER true, SHEET 'Sheet1', USE_TMP_FILE false)", context: context, note: "writing the sheet")
    return Int(rows)
  }

  /// SQL that is true where a column has values that a cell of its type does not hold.
  private static func look(_ column: Column) -> String {
    let name = SQL.identifier(column.name)
    let test: String
    switch column.kind {
    case .integer: test = "abs(CAST(\(name) AS HUGEINT)) > \(exactInteger)"
    case .real where column.type.uppercased().hasPrefix("DECIMAL"):
      test = "TRY_CAST(CAST(\(name) AS DOUBLE) AS \(column.type)) IS DISTINCT FROM \(name)"
    case .date, .timestamp:
      if column.type.uppercased().contains("ZONE") || column.type.uppercased() == "TIMESTAMPTZ" { return "true" }
      test = "NOT isfinite(\(name)) OR \(name) < DATE '1900-03-01' OR \(name) >= DATE '10000-01-01'"
    case .text: test = "length(CAST(\(name) AS VARCHAR)) > \(cellLength)"
    case .other: test = "length(CAST(\(name) AS VARCHAR)) > \(cellLength)"
    case .real, .boolean, .time: return "false"
    }
    return "coalesce(bool_or(\(test)), false)"
  }

  /// SQL for what is written of a column.
  private static func cell(_ column: Column, _ isOdd: Bool) -> String {
    let name = SQL.identifier(column.name)
    let text = "CAST(\(name) AS VARCHAR)"
    switch column.kind {
    case .integer: return isOdd ? text : "CAST(\(name) AS BIGINT)"
    case .real:
      if isOdd { return text }
      // A single-precision number keeps its digits: 0.1 and not 0.10000000149.
      let number = column.type.uppercased() == "FLOAT" ? "CAST(\(text) AS DOUBLE)" : "CAST(\(name) AS DOUBLE)"
      return "CASE WHEN isfinite(\(number)) THEN \(number) END"
    case .date: return isOdd ? text : name
    case .timestamp: return isOdd ? text : "CAST(\(name) AS TIMESTAMP)"
    case .boolean: return name
    case .time: return column.type.uppercased() == "TIME" ? name : text
    case .text, .other:
      // XML holds no control characters, and a spreadsheet reads _x000D_ as one.
      let kept = "regexp_replace(\(text), '_(x[0-9A-Fa-f]{4}_)', '_x005F_\\1', 'g')"
      let controls = "[\\x{0}-\\x{8}\\x{B}\\x{C}\\x{E}-\\x{1F}\\x{FFFE}\\x{FFFF}]"
      let plain = "regexp_replace(\(kept), '\(controls)', '\u{FFFD}', 'g')"
      return "replace(\(plain), chr(13), '_x000D_')"
    }
  }
}
