import Cloud

/// What Hive, and with it Glue and Athena, calls types.
public enum HiveType {
  /// For DuckDB's name of a type, as the files of a table hold it.
  ///
  /// Text files hold dates, times and truth values as texts: the reader of CSV takes the first two for numbers, and of the last
  /// knows `true` and `false` alone. What is left is what awswrangler maps Arrow's types to.
  public static func name(of type: String, in format: GlueTable.Format) -> String {
    if format == .csv, type == "BOOLEAN" || type == "DATE" || type.hasPrefix("TIMESTAMP") { return "string" }
    return name(of: type[...])
  }

  private static func name(of type: Substring) -> String {
    if type.hasSuffix("]"), let start = type.lastIndex(of: "[") { return "array<\(name(of: type[..<start]))>" }
    if let fields = inside(type, "STRUCT(") {
      let parts = fields.compactMap { field -> String? in
        guard let end = nameEnd(field) else { return nil }
        let title = field[..<end].trimmingPrefix("\"")
        let plain = (title.hasSuffix("\"") ? title.dropLast() : title).replacing("\"\"", with: "\"")
        return "\(plain.lowercased()):\(name(of: field[field.index(after: end)...].trimmingPrefix(" ")))"
      }
      return "struct<\(parts.joined(separator: ","))>"
    }
    if let parts = inside(type, "MAP("), parts.count == 2 {
      return "map<\(name(of: parts[0])),\(name(of: parts[1]))>"
    }
    return switch type {
    case "TINYINT": "tinyint"
    case "SMALLINT", "UTINYINT": "smallint"
    case "INTEGER", "USMALLINT": "int"
    case "BIGINT", "UINTEGER", "UBIGINT": "bigint"
    // Parquet has no whole numbers of that size: they are written as these.
    case "HUGEINT", "UHUGEINT": "double"
    case "FLOAT": "float"
    case "DOUBLE": "double"
    case "BOOLEAN": "boolean"
    case "DATE": "date"
    case "BLOB": "binary"
    default: type.hasPrefix("TIMESTAMP") ? "timestamp" : type.hasPrefix("DECIMAL") ? type.lowercased() : "string"
    }
  }

  /// The parts between the commas of `HEAD…)`, those within brackets and quotes whole; nil for another type.
  private static func inside(_ type: Substring, _ head: String) -> [Substring]? {
    guard type.hasPrefix(head), type.hasSuffix(")") else { return nil }
    let list = type.dropFirst(head.count).dropLast()
    var (parts, depth, isQuoted, start) = ([Substring](), 0, false, list.startIndex)
    for index in list.indices {
      switch list[index] {
      case "\"": isQuoted.toggle()
      case "(" where !isQuoted, "[" where !isQuoted: depth += 1
      case ")" where !isQuoted, "]" where !isQuoted: depth -= 1
      case "," where !isQuoted && depth == 0:
        parts.append(list[start..<index].trimmingPrefix(" "))
        start = list.index(after: index)
      default: break
      }
    }
    return parts + [list[start...].trimmingPrefix(" ")]
  }

  /// The space after a field's name.
  private static func nameEnd(_ field: Substring) -> Substring.Index? {
    var isQuoted = false
    return field.indices.first { index in
      if field[index] == "\"" { isQuoted.toggle() }
      return field[index] == " " && !isQuoted
    }
  }
}
