// The parameters of a catalogued transform, and what it has learnt: plain JSON, so that files stay readable and a form,
// a subcommand and a file share one shape.

import Frame

/// A value of a parameter.
public enum Parameter: Sendable, Hashable {
  case text(String)
  case number(Double)
  case flag(Bool)
  case list([Parameter])
  case record([String: Parameter])
  /// A missing value, such as an empty place in a list of learnt values.
  case missing

  public var text: String? { if case .text(let text) = self { text } else { nil } }
  public var flag: Bool? { if case .flag(let flag) = self { flag } else { nil } }
  public var list: [Parameter]? { if case .list(let items) = self { items } else { nil } }
  public var record: [String: Parameter]? { if case .record(let fields) = self { fields } else { nil } }

  /// The number; numerals count as numbers, for files of other programs write them as text.
  public var number: Double? {
    switch self {
    case .number(let number): number
    case .text(let text): Double(text)
    case .flag, .list, .record, .missing: nil
    }
  }
}

extension Parameter: ExpressibleByStringLiteral, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self = .text(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  public init(booleanLiteral value: Bool) { self = .flag(value) }
  public init(arrayLiteral elements: Parameter...) { self = .list(elements) }
  public init(dictionaryLiteral elements: (String, Parameter)...) {
    self = .record(Dictionary(elements, uniquingKeysWith: { _, last in last }))
  }
}

extension Parameter: Codable {
  public init(from decoder: any Decoder) throws {
    let box = try decoder.singleValueContainer()
    if box.decodeNil() {
      self = .missing
    } else if let flag = try? box.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? box.decode(Double.self) {
      self = .number(number)
    } else if let text = try? box.decode(String.self) {
      self = .text(text)
    } else if let list = try? box.decode([Parameter].self) {
      self = .list(list)
    } else {
      self = .record(try box.decode([String: Parameter].self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var box = encoder.singleValueContainer()
    switch self {
    case .text(let text): try box.encode(text)
    // JSON has no number for these; `number` reads them back.
    case .number(let number) where !number.isFinite: try box.encode("\(number)")
    case .number(let number): try Self.encode(number, &box)
    case .flag(let flag): try box.encode(flag)
    case .list(let list): try box.encode(list)
    case .record(let fields): try box.encode(fields)
    case .missing: try box.encodeNil()
    }
  }

  private static func encode(_ number: Double, _ box: inout any SingleValueEncodingContainer) throws {
    if let whole = Int64(exactly: number) { try box.encode(whole) } else { try box.encode(number) }
  }
}

/// Named parameters.
public struct Parameters: Sendable, Hashable {
  public var values: [String: Parameter]

  public init(_ values: [String: Parameter] = [:]) { self.values = values }

  public subscript(name: String) -> Parameter? {
    get { values[name] }
    set { values[name] = newValue }
  }

  public var isEmpty: Bool { values.isEmpty }

  /// A text; nil where it is absent or blank.
  public func text(_ name: String) -> String? {
    guard let text = values[name]?.text, !text.trimmed.isEmpty else { return nil }
    return text
  }

  public func number(_ name: String) -> Double? { values[name]?.number }

  public func integer(_ name: String) -> Int? {
    values[name]?.number.flatMap { Int(exactly: $0.rounded(.towardZero)) }
  }

  /// A flag; false where it is absent.
  public func flag(_ name: String) -> Bool { values[name]?.flag ?? false }

  /// Texts of a list; a text alone is a list of one.
  public func texts(_ name: String) -> [String] {
    switch values[name] {
    case .text(let text)?: text.isEmpty ? [] : [text]
    case .list(let items)?: items.compactMap(\.text)
    case .number, .flag, .record, .missing, nil: []
    }
  }

  public func numbers(_ name: String) -> [Double] { values[name]?.list?.compactMap(\.number) ?? [] }

  /// The rows of a parameter that has fields of its own.
  public func rows(_ name: String) -> [Parameters] {
    values[name]?.list?.compactMap { $0.record.map { Parameters($0) } } ?? []
  }
}

extension Parameters: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, Parameter)...) {
    self.init(Dictionary(elements, uniquingKeysWith: { _, last in last }))
  }
}

extension Parameters: Codable {
  public init(from decoder: any Decoder) throws {
    values = try decoder.singleValueContainer().decode([String: Parameter].self)
  }

  public func encode(to encoder: any Encoder) throws {
    var box = encoder.singleValueContainer()
    try box.encode(values)
  }
}
