import Frame

/// The SQL of a program that a script can be written for.
///
/// DuckDB's says every step that is not computed in Swift. Spark SQL (3.4 and later) and Trino (Athena) say: keep, drop,
/// rename and derive columns, filters, data types, sorting by anything but text, the first rows, imputing, joins,
/// concatenation without dropping duplicates, and groups by count, distinct, sum, mean, median, min, max, std and var.
/// Of expressions they lack: `//`, `currency`, `matches`, `regexp_matches` and `~`, `dayofweek`, `date_diff`, `int`.
/// Rows have no order there but right after a sort, so that the first rows are those of a sort just before, or any.
public enum SQLDialect: String, Codable, Sendable, CaseIterable {
  case duckDB = "duckdb"
  case spark, trino

  /// What the program is called.
  public var title: String {
    switch self {
    case .duckDB: "DuckDB"
    case .spark: "Spark"
    case .trino: "Trino and Athena"
    }
  }

  /// A quoted name.
  public func identifier(_ name: String) -> String {
    self == .spark ? TableAddress.quoted(name.replacing("\0", with: "\u{FFFD}")) : SQL.identifier(name)
  }

  /// Quoted names with commas between.
  public func list(_ names: [String]) -> String { names.map(identifier).joined(separator: ", ") }

  /// A text literal.
  public func text(_ text: String) -> String {
    let clean = text.replacing("\0", with: "\u{FFFD}")
    // Spark reads backslashes in literals.
    let escaped = self == .spark ? clean.replacing("\\", with: "\\\\") : clean
    return self == .spark ? "'" + escaped.replacing("'", with: "\\'") + "'" : SQL.text(escaped)
  }

  /// A literal of the value's own type.
  func literal(_ value: Value) -> String {
    switch value {
    case .null: "NULL"
    case .bool(let flag): flag ? "TRUE" : "FALSE"
    case .integer(let number) where number == .min: "CAST('\(number)' AS \(type(.integer)))"
    case .integer(let number): number < 0 ? "(\(number))" : "\(number)"
    case .real(let number): "CAST('\(real(number))' AS DOUBLE)"
    case .text(let text), .other(let text): self.text(text)
    case .date: "CAST('\(value)' AS DATE)"
    case .timestamp: "CAST('\(value)' AS TIMESTAMP)"
    case .time: "CAST('\(value)' AS \(type(.time)))"
    }
  }

  private func real(_ number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
    return "\(number)"
  }

  /// The type that a column of a kind is cast to.
  func type(_ kind: ColumnKind) -> String {
    switch kind {
    case .text, .other: self == .spark ? "STRING" : "VARCHAR"
    case .time: self == .spark ? "STRING" : "TIME"
    default: kind.typeName
    }
  }
}
