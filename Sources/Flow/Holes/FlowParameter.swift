// A named value of a flow that is given when the flow runs: `{{name}}` in its steps.

import Frame

/// A parameter of a flow. It is a value, never a piece of an expression or of SQL: where it stands in one, it is written as
/// a literal of its kind.
public struct FlowParameter: Sendable, Hashable, Identifiable {
  public enum Kind: String, Codable, Sendable, CaseIterable {
    case text, number, flag, date

    /// The kind in a sentence.
    public var noun: String {
      switch self {
      case .text: "text"
      case .number: "a number"
      case .flag: "true or false"
      case .date: "a date such as 2024-12-31"
      }
    }
  }

  public let name: String
  public var kind: Kind
  /// The value in the spelling of its kind: `30`, `true`, `2024-12-31`. Nil where one has to be given.
  public private(set) var value: String?
  public var note: String?

  public var id: String { name }

  /// - Throws: `FlowError` where the name or the value does not do.
  public init(_ name: String, _ kind: Kind, _ value: String? = nil, note: String? = nil) throws {
    guard Hole.isName(name) else {
      throw FlowError.parameter(name, "is no name: letters, digits and _, not beginning with a digit")
    }
    (self.name, self.kind, self.note) = (name, kind, note)
    self.value = try value.map(spelled)
  }

  /// The parameter with another value.
  /// - Throws: `FlowError` where the text is no value of its kind.
  public func with(_ value: String?) throws -> FlowParameter { try FlowParameter(name, kind, value, note: note) }

  /// The name of the parameter that is all of a text, as in `{{limit}}`; nil for any other text.
  public static func named(by text: String) -> String? { Hole.whole(text) }

  /// A parameter that nobody declared, of the kind that its value looks like.
  static func guessed(_ name: String, _ value: String) throws -> FlowParameter {
    for kind in [Kind.number, .date] {
      // 007 is a text: as a number it would be another.
      if let parameter = try? FlowParameter(name, kind, value), parameter.value == value { return parameter }
    }
    let isFlag = value == "true" || value == "false"
    return try FlowParameter(name, isFlag ? .flag : .text, value)
  }

  private func spelled(_ text: String) throws -> String {
    if kind == .text { return text }
    let trimmed = text.trimmed
    switch kind {
    case .text: return text
    case .number:
      if let integer = Int64(trimmed) { return String(integer) }
      if let real = Double(trimmed), real.isFinite { return Value.real(real).text ?? trimmed }
    case .flag:
      switch trimmed.lowercased() {
      case "true", "yes", "1": return "true"
      case "false", "no", "0": return "false"
      default: break
      }
    case .date: if let days = CalendarLiteral.days(trimmed) { return Value.date(days).text ?? trimmed }
    }
    throw FlowError.parameter(name, "is \(kind.noun): \"\(text)\" is none")
  }

  // MARK: - As a literal

  /// The value of its own type.
  private var typed: Value? {
    guard let value else { return nil }
    switch kind {
    case .text: return .text(value)
    case .number: return Int64(value).map(Value.integer) ?? Double(value).map(Value.real)
    case .flag: return .bool(value == "true")
    case .date: return CalendarLiteral.days(value).map(Value.date)
    }
  }

  /// The number; nil for other kinds.
  var number: Double? { kind == .number ? value.flatMap(Double.init) : nil }

  /// The value as DuckDB reads it.
  var sql: String { typed.map(SQL.literal) ?? "NULL" }

  /// The value as the expression language reads it.
  var expression: String {
    guard let value else { return "null" }
    switch kind {
    case .text: return "'" + value.replacing("'", with: "''") + "'"
    case .number: return value.hasPrefix("-") ? "(\(value))" : value
    case .flag: return value
    case .date: return "date '\(value)'"
    }
  }
}

/// In a file: `{"name": "limit", "kind": "number", "value": 30}`.
extension FlowParameter: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable { case name, kind, value, note }

  public init(from decoder: any Decoder) throws {
    let box = try decoder.container(keyedBy: CodingKeys.self)
    let text: String? =
      switch try box.decodeIfPresent(Parameter.self, forKey: .value) {
      case .text(let text)?: text
      case .number(let number)?: Int64(exactly: number).map { String($0) } ?? "\(number)"
      case .flag(let flag)?: flag ? "true" : "false"
      case .list?, .record?, .missing?, nil: nil
      }
    try self.init(
      try box.decode(String.self, forKey: .name), try box.decodeIfPresent(Kind.self, forKey: .kind) ?? .text, text,
      note: try box.decodeIfPresent(String.self, forKey: .note))
  }

  public func encode(to encoder: any Encoder) throws {
    var box = encoder.container(keyedBy: CodingKeys.self)
    try box.encode(name, forKey: .name)
    try box.encode(kind, forKey: .kind)
    // A whole number beyond 2^53 stays exact as text.
    switch typed {
    case .integer(let number)? where number.magnitude < 1 << 53: try box.encode(number, forKey: .value)
    case .real(let number)?: try box.encode(number, forKey: .value)
    case .bool(let flag)?: try box.encode(flag, forKey: .value)
    default: try box.encodeIfPresent(value, forKey: .value)
    }
    try box.encodeIfPresent(note, forKey: .note)
  }
}
