/// Everything that is fixed about fixed-width text once its beginning has been read, and the SQL that reads it so: whole
/// lines, cut where the columns stand. Characters are code points.
struct FixedLayout: Hashable, Sendable {
  var cuts: [ColumnCut]
  var columns: Schema
  /// Lines before the first row: the header, and what is blank before it.
  var skippedLines = 0
  /// strptime formats where dates are not written year-month-day.
  var dateFormat: String?
  var timestampFormat: String?
  var isGzip = false
  /// Tabs stand in the text, and count as blanks.
  var hasTabs = false
  /// The columns were found, not given: a value that runs from one into the next is an error.
  var isFound = false
  /// The longest line, in bytes, that DuckDB accepts.
  var longestLine = 2_000_000
  /// Objects on S3 that are read in place of a file.
  var addresses: [String] = []
  /// Columns that stand for the folders of these; they win over those of the text.
  var folders: Schema = []

  /// The columns of a row.
  var schema: Schema { columns.filter { !isFolder($0) } + folders }

  private func isFolder(_ column: Column) -> Bool {
    folders.contains { $0.name.lowercased() == column.name.lowercased() }
  }

  /// A SELECT of every column and row.
  func select(_ path: String) -> String {
    let names = folders.map { SQL.identifier($0.name) }
    let own = zip(cuts, columns).filter { !isFolder($0.1) }
    let cut = own.map { cut, column in "\(field(cut)) AS \(SQL.identifier(column.name))" } + names
    let typed = (own.map { cast($0.1) } + names).joined(separator: ", ")
    return "SELECT \(typed) FROM (SELECT \(cut.joined(separator: ", ")) FROM \(lines(path)) WHERE \(isRow))"
  }

  /// The lines as a relation with the one column `line`, missing where a line is empty.
  func lines(_ path: String) -> String {
    let place =
      addresses.isEmpty ? SQL.text(path) : "[\(addresses.map { SQL.text($0) }.joined(separator: ", "))]"
    // Four characters that no text has in a row stand between two columns.
    var arguments = [
      place, "auto_detect = false", "columns = {'line': 'VARCHAR'}", "delim = '\u{1}\u{2}\u{3}\u{4}'", "quote = ''",
      "escape = ''", "header = false", "skip = \(skippedLines)", "comment = ''", "nullstr = ''", "strict_mode = false",
      "compression = '\(addresses.isEmpty ? isGzip ? "gzip" : "none" : "auto")'",
      "max_line_size = \(longestLine)", "buffer_size = \(max(8_000_000, longestLine * 2))",
    ]
    if !folders.isEmpty {
      let types = folders.map { "\(SQL.text($0.name)): \(SQL.text($0.type))" }
      arguments.append("hive_partitioning = true, hive_types = {\(types.joined(separator: ", "))}")
    }
    return "read_csv(\(arguments.joined(separator: ", ")))"
  }

  /// The text of a column in `line`, missing where all of it is blank.
  func field(_ cut: ColumnCut) -> String {
    let text = "substring(line, \(cut.start + 1)\(cut.end.map { ", \($0 - cut.start)" } ?? ""))"
    return "nullif(\(trimmed(text)), '')"
  }

  private func trimmed(_ text: String) -> String { hasTabs ? "trim(\(text), ' \t')" : "trim(\(text))" }

  /// Blank lines are no rows.
  private var isRow: String {
    let filled = "\(trimmed("line")) <> ''"
    guard isFound, cuts.count > 1 else { return filled }
    let whens = zip(zip(cuts, columns), columns.dropFirst()).map { pair, next -> String in
      let (border, column) = (pair.0.end ?? 0, pair.1)
      let sides = "substring(line, \(border), 2)"
      let blanks = hasTabs ? "translate(\(sides), '\t', ' ')" : sides
      let message =
        "a value runs over the end of column \(column.name) into \(next.name), at character \(border), so that the columns "
        + "are not those that were found from the first lines: say where they are, with --widths or --cut. The line is: "
      return "WHEN length(line) > \(border) AND NOT contains(\(blanks), ' ') "
        + "THEN error(\(SQL.text(message)) || line[:200])"
    }
    return "\(filled) AND CASE \(whens.joined(separator: " ")) ELSE true END"
  }

  private func cast(_ column: Column) -> String {
    let name = SQL.identifier(column.name)
    if column.type == "VARCHAR" { return name }
    let format = column.kind == .date ? dateFormat : column.kind == .timestamp ? timestampFormat : nil
    var value = "CAST(\(name) AS \(column.type))"
    if let format {
      // What is not in this format is cast, and then either read or reported with its column.
      let parsed = "try_strptime(\(name), \(SQL.text(format)))"
      value = "CAST(coalesce(\(parsed), CAST(\(name) AS TIMESTAMP)) AS \(column.type))"
    }
    // A cast would round a number to a whole one, and drop the time of a day.
    let isCut: String
    switch column.kind {
    case .integer: isCut = "contains(\(name), '.') OR contains(\(name), 'e') OR contains(\(name), 'E')"
    case .date: isCut = "contains(\(name), ':')"
    default: return "\(value) AS \(name)"
    }
    // In DuckDB's own words, so that it is corrected as its errors are.
    let rest = SQL.text("' to \(column.type) when casting from source column \(column.name)")
    let failure = "error('Could not convert string ''' || \(name) || \(rest))"
    return "CASE WHEN \(isCut) THEN \(failure) ELSE \(value) END AS \(name)"
  }
}
