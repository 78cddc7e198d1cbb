/// Everything that is fixed about a delimited file once its head has been read, and the SQL that reads it so.
struct DelimitedLayout: Hashable, Sendable {
  var dialect: Dialect
  var hasHeader: Bool
  var columns: Schema
  /// A strptime format where dates are not written year-month-day.
  var dateFormat: String?
  var timestampFormat: String?
  var isGzip = false
  var skipBadRows = false
  /// The longest record, in bytes, that DuckDB accepts.
  var longestRecord = 2_000_000

  /// A table function call over `path`.
  /// - Parameter rejects: the name of the temporary table that skipped rows are written to.
  func call(_ path: String, hasHeader: Bool? = nil, rejects: String? = nil) -> String {
    // Rows are left out for their length alone: a value that does not fit its type must come as an error that widens the
    // column, so that with `skipBadRows` everything is read as text and cast outside.
    let types = columns.map { "\(SQL.text($0.name)): \(SQL.text(skipBadRows ? "VARCHAR" : $0.type))" }
    var arguments = [
      SQL.text(path), "auto_detect = false", "columns = {\(types.joined(separator: ", "))}",
      "delim = \(byte(dialect.delimiter))", "quote = \(byte(dialect.quote))", "escape = \(byte(dialect.escape))",
      "header = \(hasHeader ?? self.hasHeader)", "skip = 0", "comment = ''", "nullstr = ''",
      "compression = '\(isGzip ? "gzip" : "none")'", "max_line_size = \(longestRecord)",
      "buffer_size = \(max(8_000_000, longestRecord * 2))",
    ]
    if let dateFormat { arguments.append("dateformat = \(SQL.text(dateFormat))") }
    if let timestampFormat { arguments.append("timestampformat = \(SQL.text(timestampFormat))") }
    if skipBadRows { arguments.append("ignore_errors = true") }
    if let rejects {
      arguments.append("store_rejects = true, rejects_limit = 0")
      arguments.append("rejects_table = '\(rejects)', rejects_scan = '\(rejects)_scan'")
    }
    return "read_csv(\(arguments.joined(separator: ", ")))"
  }

  /// A SELECT of every column and row of `path`.
  func select(_ path: String, hasHeader: Bool? = nil, rejects: String? = nil) -> String {
    let relation = call(path, hasHeader: hasHeader, rejects: rejects)
    guard skipBadRows else { return "SELECT * FROM \(relation)" }
    return "SELECT \(columns.map(cast).joined(separator: ", ")) FROM \(relation)"
  }

  private func cast(_ column: Column) -> String {
    let name = SQL.identifier(column.name)
    if column.kind == .date, let dateFormat {
      return "CAST(strptime(\(name), \(SQL.text(dateFormat))) AS DATE) AS \(name)"
    }
    if column.kind == .timestamp, let timestampFormat {
      return "CAST(strptime(\(name), \(SQL.text(timestampFormat))) AS \(column.type)) AS \(name)"
    }
    return column.type == "VARCHAR" ? name : "CAST(\(name) AS \(column.type)) AS \(name)"
  }

  private func byte(_ byte: UInt8) -> String { SQL.text(String(UnicodeScalar(byte))) }
}
