// What steps that bring the outcomes of groups together do to every metric, before one of them is taken.

/// The metrics of a pair of groups as they are, and after each step that mends the gap between them.
public struct MendingStudy: Codable, Sendable, Equatable {
  public enum Way: String, Codable, Sendable, CaseIterable {
    /// A weight for each row, with which outcomes do not depend on groups.
    case reweigh
    /// Rows repeated and left out at random, until outcomes do not depend on groups, which keep their sizes.
    case resample
    /// The same until all cells of group and outcome are of one size.
    case resampleToEqualCells = "resample-to-equal-cells"
  }

  public struct Value: Sendable, Equatable {
    public var metric: BiasMetric
    /// Nil where it cannot be computed: see `error`.
    public var value: Double?
    /// True where chance decides which rows of a cell stay, and `value` is what is to be expected of it.
    public var isExpected: Bool
    public var error: String?
  }

  public struct Outcome: Codable, Sendable, Equatable {
    /// Nil for the rows as they are.
    public var way: Way?
    /// Of the table.
    public var rows: Int
    public var metrics: [Value]

    public subscript(metric: BiasMetric) -> Value? { metrics.first { $0.metric == metric } }
  }

  public var facet: String
  public var value: String
  public var groupD: String
  public var groupA: String
  /// Rows that the metrics are of, as they are.
  public var rowsUsed: Int
  /// As it is, then each way.
  public var outcomes: [Outcome]

  enum CodingKeys: String, CodingKey {
    case facet, value, outcomes
    case groupD = "group_d"
    case groupA = "group_a"
    case rowsUsed = "rows_used"
  }
}

extension MendingStudy.Value: Codable {
  enum CodingKeys: String, CodingKey {
    case name, value, error
    case isExpected = "expected"
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    metric = try container.decode(BiasMetric.self, forKey: .name)
    value = try container.decodeIfPresent(WrittenNumber.self, forKey: .value)?.value
    isExpected = try container.decode(Bool.self, forKey: .isExpected)
    error = try container.decodeIfPresent(String.self, forKey: .error)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(metric, forKey: .name)
    try container.encode(value.map(WrittenNumber.init), forKey: .value)
    try container.encode(isExpected, forKey: .isExpected)
    try container.encodeIfPresent(error, forKey: .error)
  }
}
