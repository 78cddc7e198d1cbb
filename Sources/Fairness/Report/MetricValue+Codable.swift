// JSON has no infinities; Clarify writes them as texts, and so does a report.

/// A number that may be infinite.
struct WrittenNumber: Codable, Equatable {
  var value: Double

  init(_ value: Double) { self.value = value }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      guard let known = ["Infinity": Double.infinity, "-Infinity": -.infinity, "NaN": .nan][text] else {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "\"\(text)\" is no number")
      }
      value = known
    } else {
      value = try container.decode(Double.self)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if value.isFinite {
      try container.encode(value)
    } else {
      try container.encode(value.isNaN ? "NaN" : value > 0 ? "Infinity" : "-Infinity")
    }
  }
}

extension MetricValue: Codable {
  enum CodingKeys: String, CodingKey {
    case name, value, low, high, deviation, verdict, limits, probability, sample, error, explanation
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func number(_ key: CodingKeys) throws -> Double? {
      try container.decodeIfPresent(WrittenNumber.self, forKey: key)?.value
    }
    metric = try container.decode(BiasMetric.self, forKey: .name)
    value = try number(.value)
    low = try number(.low)
    high = try number(.high)
    deviation = try number(.deviation)
    verdict = try container.decode(Verdict.self, forKey: .verdict)
    limits = try container.decodeIfPresent(BiasMetric.Limits.self, forKey: .limits)
    probability = try number(.probability)
    sample = try container.decodeIfPresent(Int.self, forKey: .sample)
    error = try container.decodeIfPresent(String.self, forKey: .error)
    explanation = try container.decodeIfPresent(String.self, forKey: .explanation) ?? ""
  }

  /// `value`, `low` and `high` are always there, null where there is none.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(metric, forKey: .name)
    try container.encode(value.map(WrittenNumber.init), forKey: .value)
    try container.encode(low.map(WrittenNumber.init), forKey: .low)
    try container.encode(high.map(WrittenNumber.init), forKey: .high)
    try container.encodeIfPresent(deviation.map(WrittenNumber.init), forKey: .deviation)
    try container.encode(verdict, forKey: .verdict)
    try container.encodeIfPresent(limits, forKey: .limits)
    try container.encodeIfPresent(probability.map(WrittenNumber.init), forKey: .probability)
    try container.encodeIfPresent(sample, forKey: .sample)
    try container.encodeIfPresent(error, forKey: .error)
    try container.encode(explanation, forKey: .explanation)
  }
}
