import CDuckDB

/// A DuckDB type that frees itself.
final class LogicalType {
  let pointer: duckdb_logical_type?

  init(_ pointer: duckdb_logical_type?) { self.pointer = pointer }

  deinit {
    var pointer = pointer
    duckdb_destroy_logical_type(&pointer)
  }

  var id: duckdb_type { pointer.map { duckdb_get_type_id($0) } ?? DUCKDB_TYPE_INVALID }

  /// The type in SQL: `BIGINT`, `DECIMAL(18,3)`, `STRUCT("a" INTEGER, "b" VARCHAR[])`.
  var name: String {
    if let alias = pointer.flatMap({ duckdb_logical_type_get_alias($0) }) {
      defer { duckdb_free(alias) }
      return String(cString: alias)
    }
    switch id {
    case DUCKDB_TYPE_DECIMAL: return "DECIMAL(\(duckdb_decimal_width(pointer)),\(duckdb_decimal_scale(pointer)))"
    case DUCKDB_TYPE_ENUM:
      return "ENUM(" + dictionary.map(SQL.text).joined(separator: ", ") + ")"
    case DUCKDB_TYPE_LIST: return LogicalType(duckdb_list_type_child_type(pointer)).name + "[]"
    case DUCKDB_TYPE_ARRAY:
      let size = duckdb_array_type_array_size(pointer)
      return LogicalType(duckdb_array_type_child_type(pointer)).name + "[\(size)]"
    case DUCKDB_TYPE_MAP:
      let key = LogicalType(duckdb_map_type_key_type(pointer)).name
      return "MAP(\(key), \(LogicalType(duckdb_map_type_value_type(pointer)).name))"
    case DUCKDB_TYPE_STRUCT:
      let fields = (0..<duckdb_struct_type_child_count(pointer)).map { index in
        let name = Self.taking(duckdb_struct_type_child_name(pointer, index))
        return SQL.identifier(name) + " " + LogicalType(duckdb_struct_type_child_type(pointer, index)).name
      }
      return "STRUCT(" + fields.joined(separator: ", ") + ")"
    default: return Self.names[id.rawValue] ?? "UNKNOWN"
    }
  }

  /// The values of an enumeration, by their number.
  var dictionary: [String] {
    (0..<UInt64(duckdb_enum_dictionary_size(pointer))).map { Self.taking(duckdb_enum_dictionary_value(pointer, $0)) }
  }

  /// True for types that `ColumnDecoder` reads itself; the others are cast to text by the query.
  var isDecodable: Bool {
    switch id {
    case DUCKDB_TYPE_LIST, DUCKDB_TYPE_STRUCT, DUCKDB_TYPE_MAP, DUCKDB_TYPE_ARRAY, DUCKDB_TYPE_UNION, DUCKDB_TYPE_BIT,
      DUCKDB_TYPE_BIGNUM, DUCKDB_TYPE_INVALID, DUCKDB_TYPE_ANY, DUCKDB_TYPE_STRING_LITERAL,
      DUCKDB_TYPE_INTEGER_LITERAL:
      false
    default: Self.names[id.rawValue] != nil || id == DUCKDB_TYPE_DECIMAL || id == DUCKDB_TYPE_ENUM
    }
  }

  private static func taking(_ pointer: UnsafeMutablePointer<CChar>?) -> String {
    guard let pointer else { return "" }
    defer { duckdb_free(pointer) }
    return String(cString: pointer)
  }

  private static let names: [duckdb_type.RawValue: String] = [
    DUCKDB_TYPE_BOOLEAN.rawValue: "BOOLEAN", DUCKDB_TYPE_TINYINT.rawValue: "TINYINT",
    DUCKDB_TYPE_SMALLINT.rawValue: "SMALLINT", DUCKDB_TYPE_INTEGER.rawValue: "INTEGER",
    DUCKDB_TYPE_BIGINT.rawValue: "BIGINT", DUCKDB_TYPE_UTINYINT.rawValue: "UTINYINT",
    DUCKDB_TYPE_USMALLINT.rawValue: "USMALLINT", DUCKDB_TYPE_UINTEGER.rawValue: "UINTEGER",
    DUCKDB_TYPE_UBIGINT.rawValue: "UBIGINT", DUCKDB_TYPE_FLOAT.rawValue: "FLOAT", DUCKDB_TYPE_DOUBLE.rawValue: "DOUBLE",
    DUCKDB_TYPE_TIMESTAMP.rawValue: "TIMESTAMP", DUCKDB_TYPE_DATE.rawValue: "DATE", DUCKDB_TYPE_TIME.rawValue: "TIME",
    DUCKDB_TYPE_INTERVAL.rawValue: "INTERVAL", DUCKDB_TYPE_HUGEINT.rawValue: "HUGEINT",
    DUCKDB_TYPE_VARCHAR.rawValue: "VARCHAR", DUCKDB_TYPE_BLOB.rawValue: "BLOB",
    DUCKDB_TYPE_TIMESTAMP_S.rawValue: "TIMESTAMP_S", DUCKDB_TYPE_TIMESTAMP_MS.rawValue: "TIMESTAMP_MS",
    DUCKDB_TYPE_TIMESTAMP_NS.rawValue: "TIMESTAMP_NS", DUCKDB_TYPE_UUID.rawValue: "UUID",
    DUCKDB_TYPE_UNION.rawValue: "UNION", DUCKDB_TYPE_BIT.rawValue: "BIT",
    DUCKDB_TYPE_TIME_TZ.rawValue: "TIME WITH TIME ZONE",
    DUCKDB_TYPE_TIMESTAMP_TZ.rawValue: "TIMESTAMP WITH TIME ZONE", DUCKDB_TYPE_UHUGEINT.rawValue: "UHUGEINT",
    DUCKDB_TYPE_BIGNUM.rawValue: "BIGNUM", DUCKDB_TYPE_SQLNULL.rawValue: "NULL",
    DUCKDB_TYPE_TIME_NS.rawValue: "TIME_NS",
  ]
}
