// How bias metrics of new rows stand to those of a baseline: the two rules of SageMaker Model Monitor.

import Foundation

/// The bias metrics of a baseline and of newer rows.
public struct BiasDrift: Codable, Sendable, Equatable {
  /// By the first rule: whether the normal bootstrap interval of the new value meets the allowed range.
  public enum RangeVerdict: String, Codable, Sendable, CaseIterable {
    /// The interval lies inside the range.
    case ok
    /// The interval and the range have nothing in common.
    case alert
    /// The interval reaches over a bound of the range.
    case notConclusive = "not conclusive"
    /// There is no range, or no value.
    case none
  }

  /// By the second rule: whether the new value is further from the ideal than that of the baseline.
  public enum DistanceVerdict: String, Codable, Sendable, CaseIterable {
    case ok
    case violation
    /// One of the values cannot be computed.
    case none
  }

  public struct Entry: Sendable, Equatable {
    public var facet: String
    public var value: String
    public var metric: BiasMetric
    public var baseline: Double?
    public var current: Double?
    /// current ± z · the deviation of the bootstrap draws.
    public var low, high: Double?
    public var allowed: BiasMetric.Limits?
    public var range: RangeVerdict
    public var distance: DistanceVerdict
    public var error: String?
  }

  /// A record as Model Monitor writes it.
  public struct Violation: Codable, Sendable, Equatable {
    public var facet: String
    public var facetValue: String
    public var metricName: String
    public var checkType: String
    public var description: String

    enum CodingKeys: String, CodingKey {
      case facet, description
      case facetValue = "facet_value"
      case metricName = "metric_name"
      case checkType = "constraint_check_type"
    }
  }

  public var spec: BiasSpec
  public var entries: [Entry]
  public var baselineRows: Int
  public var currentRows: Int
  public var notes: [String]

  /// The entries that break the second rule, as records.
  public var violations: [Violation] {
    entries.filter { $0.distance == .violation }.map { entry in
      let (now, before) = (entry.current.map(written) ?? "null", entry.baseline.map(written) ?? "null")
      return Violation(
        facet: entry.facet, facetValue: entry.value, metricName: entry.metric.name, checkType: "bias_drift_check",
        description: "Value \(now) does not meet the constraint requirement (baseline \(before))")
    }
  }

  private func written(_ value: Double) -> String {
    value.isFinite ? String(value) : value > 0 ? "Infinity" : "-Infinity"
  }
}

extension BiasDrift.Entry: Codable {
  enum CodingKeys: String, CodingKey {
    case facet, value, metric, baseline, current, low, high, allowed, range, distance, error
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func number(_ key: CodingKeys) throws -> Double? {
      try container.decodeIfPresent(WrittenNumber.self, forKey: key)?.value
    }
    self.init(
      facet: try container.decode(String.self, forKey: .facet),
      value: try container.decode(String.self, forKey: .value),
      metric: try container.decode(BiasMetric.self, forKey: .metric), baseline: try number(.baseline),
      current: try number(.current), low: try number(.low), high: try number(.high),
      allowed: try container.decodeIfPresent(BiasMetric.Limits.self, forKey: .allowed),
      range: try container.decode(BiasDrift.RangeVerdict.self, forKey: .range),
      distance: try container.decode(BiasDrift.DistanceVerdict.self, forKey: .distance),
      error: try container.decodeIfPresent(String.self, forKey: .error))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(facet, forKey: .facet)
    try container.encode(value, forKey: .value)
    try container.encode(metric, forKey: .metric)
    try container.encode(baseline.map(WrittenNumber.init), forKey: .baseline)
    try container.encode(current.map(WrittenNumber.init), forKey: .current)
    try container.encode(low.map(WrittenNumber.init), forKey: .low)
    try container.encode(high.map(WrittenNumber.init), forKey: .high)
    try container.encodeIfPresent(allowed, forKey: .allowed)
    try container.encode(range, forKey: .range)
    try container.encode(distance, forKey: .distance)
    try container.encodeIfPresent(error, forKey: .error)
  }
}
