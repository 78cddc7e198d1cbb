// Whether a value of a column is one of those that a user wrote, in Swift and in SQL.

import Frame

/// Values as a user writes them, compared with a column by its kind.
struct ValueMatcher {
  let column: Column
  let texts: [String]
  private let numbers: Set<Double>
  private let flags: Set<Bool>

  init(_ column: Column, _ texts: [String]) {
    (self.column, self.texts) = (column, texts)
    numbers = Set(texts.compactMap(Self.number))
    flags = Set(texts.compactMap(Self.flag))
  }

  static func number(_ text: String) -> Double? {
    if let number = Double(text.trimmingWhitespace()) { return number.isNaN ? nil : number }
    return ["true": 1, "false": 0][text.trimmingWhitespace().lowercased()]
  }

  static func flag(_ text: String) -> Bool? {
    switch text.trimmingWhitespace().lowercased() {
    // Columns of yes and no are read as truth values too.
    case "true", "1", "1.0", "yes": true
    case "false", "0", "0.0", "no": false
    default: nil
    }
  }

  func matches(_ value: Value) -> Bool {
    switch value {
    case .null: false
    case .bool(let flag): flags.contains(flag)
    case .integer(let integer):
      // A Double holds integers up to 2^53 alone.
      numbers.contains(Double(integer)) && (integer.magnitude < 1 << 53 || texts.contains(String(integer)))
    case .real(let real): numbers.contains(real)
    case .text, .date, .timestamp, .time, .other: value.text.map(texts.contains) ?? false
    }
  }

  /// The same as a condition; missing where the value is.
  var sql: String {
    let name = SQL.identifier(column.name)
    switch column.kind {
    case .boolean:
      let list = flags.sorted { !$0 && $1 }.map { $0 ? "TRUE" : "FALSE" }
      return Self.condition(name, list)
    case .integer:
      let list = texts.compactMap { text in
        Int64(text).map { SQL.literal(.integer($0)) } ?? Self.number(text).map { SQL.literal(.real($0)) }
      }
      return Self.condition(name, list)
    case .real: return Self.condition(name, numbers.sorted().map { SQL.literal(.real($0)) })
    case .text: return Self.condition(name, texts.map(SQL.text))
    case .date, .timestamp, .time, .other: return Self.condition("CAST(\(name) AS VARCHAR)", texts.map(SQL.text))
    }
  }

  private static func condition(_ name: String, _ list: [String]) -> String {
    list.isEmpty ? "CASE WHEN \(name) IS NOT NULL THEN FALSE END" : "(\(name) IN (\(list.joined(separator: ", "))))"
  }
}

extension String {
  func trimmingWhitespace() -> String {
    var text = Substring(self)
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}

extension Column {
  /// The value as a category: missing where it is missing or not a number.
  var category: String {
    let name = SQL.identifier(name)
    return isFloating ? "CASE WHEN isnan(\(name)) THEN NULL ELSE \(name) END" : name
  }

  /// The value as a number, missing where it has none. Texts that are no numbers have none.
  var measure: String {
    let name = SQL.identifier(name)
    switch kind {
    case .integer: return "CAST(\(name) AS DOUBLE)"
    case .real: return isFloating ? category : "CAST(\(name) AS DOUBLE)"
    case .boolean: return "CAST(CAST(\(name) AS TINYINT) AS DOUBLE)"
    case .text, .date, .timestamp, .time, .other: return "TRY_CAST(\(name) AS DOUBLE)"
    }
  }

  private var isFloating: Bool { kind == .real && ["DOUBLE", "FLOAT", "REAL"].contains(type.uppercased()) }
}
