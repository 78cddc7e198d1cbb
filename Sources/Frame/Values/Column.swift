/// What a column holds, as far as steps, charts and models care.
public enum ColumnKind: String, Codable, Sendable, CaseIterable {
  case integer, real, boolean, text, date, timestamp, time, other

  /// Integers and reals.
  public var isNumeric: Bool { self == .integer || self == .real }

  /// Dates, timestamps and times of day.
  public var isTemporal: Bool { self == .date || self == .timestamp || self == .time }

  /// The kind of a column that DuckDB calls `type`, such as `DECIMAL(18,3)`. Unknown types are `.other`.
  public init(type: String) {
    let upper = type.uppercased()
    if upper.hasSuffix("]") {
      self = .other
      return
    }
    switch upper.prefix(while: { $0 != "(" }) {
    case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
      "UHUGEINT", "INT", "LONG", "SHORT":
      self = .integer
    case "FLOAT", "DOUBLE", "REAL": self = .real
    case "DECIMAL", "NUMERIC": self = upper.hasSuffix(",0)") ? .integer : .real
    case "BOOLEAN", "BOOL": self = .boolean
    case "VARCHAR", "TEXT", "STRING", "ENUM": self = .text
    case "DATE": self = .date
    case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ",
      "DATETIME":
      self = .timestamp
    case "TIME", "TIME WITH TIME ZONE", "TIMETZ", "TIME_NS": self = .time
    default: self = .other
    }
  }

  /// The DuckDB type that a column of this kind is cast to.
  public var typeName: String {
    switch self {
    case .integer: "BIGINT"
    case .real: "DOUBLE"
    case .boolean: "BOOLEAN"
    case .text, .other: "VARCHAR"
    case .date: "DATE"
    case .timestamp: "TIMESTAMP"
    case .time: "TIME"
    }
  }
}

/// The name and type of one column.
public struct Column: Codable, Hashable, Sendable {
  public var name: String
  /// The type in DuckDB's words, for example `BIGINT` or `DECIMAL(18,3)`.
  public var type: String
  public var kind: ColumnKind

  public init(name: String, type: String) {
    self.init(name: name, type: type, kind: ColumnKind(type: type))
  }

  public init(name: String, type: String, kind: ColumnKind) {
    self.name = name
    self.type = type
    self.kind = kind
  }
}

/// The columns of a table, in order.
public typealias Schema = [Column]

extension Schema {
  /// The column with this exact name.
  public func column(named name: String) -> Column? { first { $0.name == name } }
}
