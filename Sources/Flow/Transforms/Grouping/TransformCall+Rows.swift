import Frame

// What steps that group, order and count along rows have in common.

extension TransformCall {
  /// A column's value, missing where it is NaN.
  func present(_ column: Column) -> String {
    let name = SQL.identifier(column.name)
    guard column.kind == .real else { return name }
    return "CASE WHEN isnan(\(name)) THEN NULL ELSE \(name) END"
  }

  /// A number or a flag as DOUBLE, missing where it is NaN.
  func double(_ column: Column) -> String {
    let name = "CAST(\(SQL.identifier(column.name)) AS DOUBLE)"
    return column.kind == .real ? "CASE WHEN isnan(\(name)) THEN NULL ELSE \(name) END" : name
  }

  /// `PARTITION BY a, b`, missing values being a part of their own; empty without columns.
  func partition(_ columns: [Column]) -> String {
    columns.isEmpty ? "" : "PARTITION BY " + columns.map(present).joined(separator: ", ")
  }

  /// The input with the number of every row in a further column.
  func numbered(_ number: String) -> String { "SELECT *, row_number() OVER () AS \(number) FROM \(table)" }

  /// A new column's name: what the user wrote, or else `initial`.
  func name(_ parameter: String, of row: Parameters, initial: String) -> String {
    row.text(parameter)?.trimmed ?? initial
  }

  /// - Throws: `FlowError.invalidParameter` where two columns would have one name.
  func checkNames(_ names: [String]) throws {
    var taken: Set<String> = []
    for name in names where !taken.insert(name.lowercased()).inserted {
      throw invalid("two columns would be called \"\(name)\": choose another name or prefix")
    }
  }

  /// `sql AS "name"` for each, with commas between.
  static func list(_ items: [Item]) -> String {
    items.map { "\($0.sql) AS \(SQL.identifier($0.name))" }.joined(separator: ", ")
  }

  /// A type that holds the values of all columns: of numbers DOUBLE, of dates and times TIMESTAMP, else text.
  static func common(_ columns: [Column]) -> String {
    guard let first = columns.first else { return "VARCHAR" }
    if columns.allSatisfy({ $0.type == first.type }) { return first.type }
    if columns.allSatisfy({ $0.kind == first.kind }), first.kind != .other { return first.kind.typeName }
    if columns.allSatisfy({ $0.kind.isNumeric }) { return "DOUBLE" }
    return columns.allSatisfy { $0.kind == .date || $0.kind == .timestamp } ? "TIMESTAMP" : "VARCHAR"
  }
}
