import Frame

/// Reads DuckDB's names of nested types.
enum NestedType {
  /// The type of a list's or an array's elements: `DOUBLE[]` and `DOUBLE[3]` hold `DOUBLE`; nil for other types.
  static func element(of type: String) -> String? {
    guard type.hasSuffix("]"), let open = type.lastIndex(of: "["),
      type[type.index(after: open)...].dropLast().allSatisfy(\.isNumber)
    else { return nil }
    return String(type[..<open])
  }

  /// The fields of `STRUCT(a INTEGER, "b c" VARCHAR)`; nil for other types.
  static func fields(of type: String) -> [Column]? {
    guard type.hasPrefix("STRUCT("), type.hasSuffix(")") else { return nil }
    return parts(type.dropFirst(7).dropLast()).map { part in
      let text = part.drop { $0 == " " }
      guard text.first == "\"" else {
        let name = text.prefix { $0 != " " }
        return Column(name: String(name), type: String(text.dropFirst(name.count + 1)))
      }
      var name = ""
      var rest = text.dropFirst()
      while let next = rest.first {
        rest.removeFirst()
        if next == "\"" {
          guard rest.first == "\"" else { break }
          rest.removeFirst()
        }
        name.append(next)
      }
      return Column(name: name, type: String(rest.dropFirst()))
    }
  }

  /// The types of keys and values of `MAP(VARCHAR, INTEGER)`; nil for other types.
  static func map(_ type: String) -> (key: String, value: String)? {
    guard type.hasPrefix("MAP("), type.hasSuffix(")") else { return nil }
    let parts = parts(type.dropFirst(4).dropLast()).map { String($0.drop { $0 == " " }) }
    return parts.count == 2 ? (parts[0], parts[1]) : nil
  }

  /// What stands between commas that are neither in parentheses nor in quotes.
  private static func parts(_ text: Substring) -> [Substring] {
    var (depth, isQuoted) = (0, false)
    var parts: [Substring] = []
    var start = text.startIndex
    for index in text.indices {
      switch text[index] {
      case "\"": isQuoted.toggle()
      case "(" where !isQuoted: depth += 1
      case ")" where !isQuoted: depth -= 1
      case "," where !isQuoted && depth == 0:
        parts.append(text[start..<index])
        start = text.index(after: index)
      default: break
      }
    }
    parts.append(text[start...])
    return parts
  }
}

/// Values of JSON as columns.
enum JSONShape {
  /// The column type that holds values of these JSON types, as `json_type` names them; nested and mixed ones stay text.
  static func type(of types: [String]) -> String {
    switch Set(types).subtracting(["NULL"]) {
    case ["BOOLEAN"]: "BOOLEAN"
    case let found where !found.isEmpty && found.isSubset(of: ["BIGINT", "UBIGINT"]): "BIGINT"
    case let found where !found.isEmpty && found.isSubset(of: ["BIGINT", "UBIGINT", "DOUBLE"]): "DOUBLE"
    default: "VARCHAR"
    }
  }

  /// SQL for the type of a JSON value; whole numbers beyond 64 bits have one of their own, and stay texts.
  static func type(_ value: String) -> String {
    let kind = "json_type(\(value))"
    let text = "json_extract_string(\(value), '$')"
    return "CASE WHEN \(kind) = 'UBIGINT' AND TRY_CAST(\(text) AS BIGINT) IS NULL THEN 'WIDE' ELSE \(kind) END"
  }

  /// SQL for a text as JSON; missing where it is none.
  static func sql(_ column: Column) -> String { "TRY_CAST(\(SQL.identifier(column.name)) AS JSON)" }

  static func isText(_ column: Column) -> Bool { column.kind == .text || column.type == "JSON" }

  /// The JSON pointer (RFC 6901) of a key, as a literal.
  static func pointer(_ key: String) -> String {
    SQL.text("/" + key.replacing("~", with: "~0").replacing("/", with: "~1"))
  }
}
