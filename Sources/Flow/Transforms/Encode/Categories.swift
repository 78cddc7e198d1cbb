import Frame

/// The categories of a column that a step has learnt, each with its number from 0.
struct Categories: Sendable {
  let names: [String]

  /// Texts with NUL cannot stand in a list of words; they count as unseen.
  init(_ names: [String]) { self.names = names.filter { !$0.contains("\0") } }

  /// The number of a cell's category as a BIGINT, NULL where it is none of these.
  func code(_ column: Column) -> String { code(column.words) }

  /// The same for SQL that yields a VARCHAR.
  func code(_ words: String) -> String {
    // A cast to an enumeration finds the word in a hash table.
    names.isEmpty
      ? "CAST(NULL AS BIGINT)"
      : "CAST(enum_code(TRY_CAST(\(words) AS ENUM (\(names.map(SQL.text).joined(separator: ", "))))) AS BIGINT)"
  }

  /// The value that stands for a cell's category, NULL where it is none of these.
  /// - Parameter values: one for each category, in their order.
  func value(_ column: Column, _ values: [Double]) -> String {
    names.isEmpty ? "CAST(NULL AS DOUBLE)" : "list_extract(\(SQL.numbers(values)), \(code(column)) + 1)"
  }

  /// The categories of a column with their counts, the most frequent first and equal ones in alphabetical order;
  /// missing values left out.
  static func counted(
    _ column: Column, _ call: TransformCall, _ reader: FitReader
  ) throws -> [(name: String, count: Int)] {
    let table = try reader.query(
      """
      SELECT \(column.words), count(*) FROM \(call.table) WHERE NOT \(column.isMissing)
      GROUP BY 1 ORDER BY 2 DESC, 1
      """, note: "counting \(column.name)")
    return (0..<table.rowCount).compactMap { row in
      guard let name = table.text(row, 0), !name.contains("\0") else { return nil }
      return (name, Int(table.value(row, 1).number ?? 0))
    }
  }

  /// The categories of a column in their natural order: texts alphabetically, numbers by size.
  static func ordered(_ column: Column, _ call: TransformCall, _ reader: FitReader) throws -> [String] {
    let order = column.kind == .text ? "1" : "2, 1"
    let table = try reader.query(
      """
      SELECT \(column.words), any_value(\(SQL.identifier(column.name))) FROM \(call.table)
      WHERE NOT \(column.isMissing) GROUP BY 1 ORDER BY \(order)
      """, note: "listing \(column.name)")
    return (0..<table.rowCount).compactMap { table.text($0, 0) }.filter { !$0.contains("\0") }
  }
}

/// What becomes of a category that was not there when the step was fitted, and of a missing one.
enum UnseenPolicy: String {
  case missing, keep, zeros, skip, error

  /// Stops the query with a sentence that names the column and the category.
  static func stop(_ column: Column, type: String) -> String {
    let start = SQL.text("column \"\(column.name)\": ")
    let end = SQL.text(" was not there when the step was fitted: refit it, or choose what unseen categories become")
    let what = "coalesce('the category \"' || \(column.words) || '\"', 'a missing value')"
    return "CAST(error(\(start) || \(what) || \(end)) AS \(type))"
  }
}
