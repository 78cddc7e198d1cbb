/// One cell of a table.
///
/// Times are counted from 1970-01-01 in the calendar of the value; a timestamp with a time zone counts from UTC.
public enum Value: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  case real(Double)
  case text(String)
  /// Days since 1970-01-01.
  case date(Int32)
  /// Microseconds since 1970-01-01 00:00:00.
  case timestamp(Int64)
  /// Microseconds since midnight.
  case time(Int64)
  /// What has no case of its own (lists, structs, intervals, blobs), as DuckDB writes it.
  case other(String)

  /// True for a missing value.
  public var isNull: Bool { self == .null }

  /// The value as a number: integers, reals, and booleans as 0 and 1. Nil for everything else.
  public var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .real(let value): value
    case .bool(let value): value ? 1 : 0
    case .null, .text, .date, .timestamp, .time, .other: nil
    }
  }

  /// The value as a reader expects to see it, nil for a missing one: `2026-11-22`, `true`, `0.1`.
  public var text: String? {
    switch self {
    case .null: nil
    case .bool(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .real(let value): NumberText.real(value)
    case .text(let value), .other(let value): value
    case .date(let days): CalendarText.date(days: days)
    case .timestamp(let micros): CalendarText.timestamp(micros: micros)
    case .time(let micros): CalendarText.time(micros: micros)
    }
  }
}

extension Value: CustomStringConvertible {
  public var description: String { text ?? "NULL" }
}

/// Coded as null, or as an object with one key that names the case: `{"real":0.5}`.
extension Value: Codable {
  private enum Key: String, CodingKey, CaseIterable {
    case bool, integer, real, text, date, timestamp, time, other
  }

  public init(from decoder: any Decoder) throws {
    if let single = try? decoder.singleValueContainer(), single.decodeNil() {
      self = .null
      return
    }
    let container = try decoder.container(keyedBy: Key.self)
    guard let key = container.allKeys.first else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "A value needs one of the keys bool, integer, real…"))
    }
    switch key {
    case .bool: self = .bool(try container.decode(Bool.self, forKey: key))
    case .integer: self = .integer(try container.decode(Int64.self, forKey: key))
    case .real:
      // NaN and the infinities have no JSON number; they are kept as text.
      if let text = try? container.decode(String.self, forKey: key) {
        self = .real(Double(text) ?? .nan)
      } else {
        self = .real(try container.decode(Double.self, forKey: key))
      }
    case .text: self = .text(try container.decode(String.self, forKey: key))
    case .date: self = .date(try container.decode(Int32.self, forKey: key))
    case .timestamp: self = .timestamp(try container.decode(Int64.self, forKey: key))
    case .time: self = .time(try container.decode(Int64.self, forKey: key))
    case .other: self = .other(try container.decode(String.self, forKey: key))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    if case .null = self {
      var container = encoder.singleValueContainer()
      try container.encodeNil()
      return
    }
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .null: break
    case .bool(let value): try container.encode(value, forKey: .bool)
    case .integer(let value): try container.encode(value, forKey: .integer)
    case .real(let value) where value.isFinite: try container.encode(value, forKey: .real)
    case .real(let value): try container.encode(String(value), forKey: .real)
    case .text(let value): try container.encode(value, forKey: .text)
    case .date(let value): try container.encode(value, forKey: .date)
    case .timestamp(let value): try container.encode(value, forKey: .timestamp)
    case .time(let value): try container.encode(value, forKey: .time)
    case .other(let value): try container.encode(value, forKey: .other)
    }
  }
}
