/// Writes names and values into SQL so that no text of a user can become code.
public enum SQL {
  /// A quoted name: `say "hi"` becomes `"say ""hi"""`.
  public static func identifier(_ name: String) -> String {
    // A C string ends at NUL, so that one character cannot stand in a statement.
    let clean = name.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : String($0) }.joined()
    return "\"" + clean.doubling("\"") + "\""
  }

  /// A text literal: `it's` becomes `'it''s'`.
  public static func text(_ text: String) -> String {
    let parts = text.unicodeScalars.split(separator: "\0", omittingEmptySubsequences: false)
    let quoted = parts.map { "'" + String($0).doubling("'") + "'" }
    return quoted.count == 1 ? quoted[0] : "(" + quoted.joined(separator: " || chr(0) || ") + ")"
  }

  /// A literal of the value's own type.
  public static func literal(_ value: Value) -> String {
    switch value {
    case .null: "NULL"
    case .bool(let value): value ? "TRUE" : "FALSE"
    case .integer(.min): "CAST('\(Int64.min)' AS BIGINT)"
    case .integer(let value): value < 0 ? "(\(value))" : "\(value)"
    case .real(let value): "CAST('\(NumberText.real(value))' AS DOUBLE)"
    case .text(let value), .other(let value): text(value)
    case .date(let days): "CAST('\(CalendarText.date(days: days))' AS DATE)"
    case .timestamp(let micros): "CAST('\(CalendarText.timestamp(micros: micros))' AS TIMESTAMP)"
    case .time(let micros): "CAST('\(CalendarText.time(micros: micros))' AS TIME)"
    }
  }

  /// Quoted names with commas between.
  public static func identifiers(_ names: some Sequence<String>) -> String {
    names.map(identifier).joined(separator: ", ")
  }

  /// `sql` as a relation that can stand after FROM, whatever comment or semicolon it ends with.
  public static func subquery(_ sql: String) -> String { "(" + trimmed(sql) + "\n)" }

  static func trimmed(_ sql: String) -> String {
    var text = Substring(sql)
    while let last = text.last, last == ";" || last.isWhitespace { text.removeLast() }
    return String(text)
  }
}

extension String {
  /// The text with a sign twice wherever it stands. DuckDB reads bytes, so a quote under a combining mark, which is
  /// another character to Swift, is a quote all the same.
  public func doubling(_ sign: Unicode.Scalar) -> String {
    var text = UnicodeScalarView()
    for scalar in unicodeScalars {
      text.append(scalar)
      if scalar == sign { text.append(scalar) }
    }
    return String(text)
  }
}
