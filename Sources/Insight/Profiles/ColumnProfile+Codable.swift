// Values stand in a profile as plain JSON: numbers, texts, true and false.

import Frame

extension ColumnProfile: Codable {
  private enum CodingKeys: String, CodingKey {
    case name, kind, type, missing, distinct, min, max, mean, stddev, quantiles, top, approximate
    case notANumber = "nan"
    case infinite
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let kind = try container.decode(ColumnKind.self, forKey: .kind)
    func value(_ key: CodingKeys) throws -> Value? {
      try container.decodeIfPresent(PlainValue.self, forKey: key)?.value(of: kind)
    }
    self.init(
      name: try container.decode(String.self, forKey: .name), kind: kind,
      type: try container.decode(String.self, forKey: .type),
      missing: try container.decode(Int.self, forKey: .missing),
      distinct: try container.decode(Int.self, forKey: .distinct), min: try value(.min), max: try value(.max),
      mean: try container.decodeIfPresent(Double.self, forKey: .mean),
      stddev: try container.decodeIfPresent(Double.self, forKey: .stddev),
      quantiles: try container.decode([String: PlainValue].self, forKey: .quantiles).mapValues { $0.value(of: .real) },
      top: try container.decode([PlainFrequency].self, forKey: .top).map {
        Frequency(value: $0.value.value(of: kind), count: $0.count)
      },
      notANumber: try container.decodeIfPresent(Int.self, forKey: .notANumber) ?? 0,
      infinite: try container.decodeIfPresent(Int.self, forKey: .infinite) ?? 0,
      approximate: try container.decodeIfPresent([Figure].self, forKey: .approximate) ?? [])
  }

  /// Writes every key of the format, null where there is no figure; `nan`, `infinite` and `approximate` only where they say something.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(kind, forKey: .kind)
    try container.encode(type, forKey: .type)
    try container.encode(missing, forKey: .missing)
    try container.encode(distinct, forKey: .distinct)
    try container.encode(min.map(PlainValue.init), forKey: .min)
    try container.encode(max.map(PlainValue.init), forKey: .max)
    try container.encode(mean, forKey: .mean)
    try container.encode(stddev, forKey: .stddev)
    try container.encode(quantiles.mapValues(PlainValue.init), forKey: .quantiles)
    try container.encode(top.map { PlainFrequency(value: PlainValue($0.value), count: $0.count) }, forKey: .top)
    if notANumber > 0 { try container.encode(notANumber, forKey: .notANumber) }
    if infinite > 0 { try container.encode(infinite, forKey: .infinite) }
    if !approximate.isEmpty { try container.encode(approximate, forKey: .approximate) }
  }
}

private struct PlainFrequency: Codable {
  var value: PlainValue
  var count: Int
}

/// A value as JSON writes it.
enum PlainValue: Codable {
  case bool(Bool), integer(Int64), real(Double), text(String), null

  init(_ value: Value) {
    switch value {
    case .bool(let value): self = .bool(value)
    case .integer(let value): self = .integer(value)
    case .real(let value) where value.isFinite: self = .real(value)
    default: self = value.text.map(PlainValue.text) ?? .null
    }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int64.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .real(value)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .bool(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .real(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .null: try container.encodeNil()
    }
  }

  func value(of kind: ColumnKind) -> Value {
    switch self {
    case .bool(let value): .bool(value)
    case .integer(let value): kind == .real ? .real(Double(value)) : .integer(value)
    case .real(let value): .real(value)
    case .text(let value): .text(value)
    case .null: .null
    }
  }
}
