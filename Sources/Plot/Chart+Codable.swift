// A chart in JSON is one object: `chart` names the kind, the fields of that kind stand beside it.

extension Chart {
  /// The names of the kinds, as saved.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    case histogram, bars, scatter, heatmap, importance
  }

  /// Which chart this is.
  public var kind: Kind {
    switch self {
    case .histogram: .histogram
    case .bars: .bars
    case .scatter: .scatter
    case .heatmap: .heatmap
    case .importance: .importance
    }
  }

  private enum Keys: String, CodingKey {
    case chart
  }

  public init(from decoder: any Decoder) throws {
    switch try decoder.container(keyedBy: Keys.self).decode(Kind.self, forKey: .chart) {
    case .histogram: self = .histogram(try Histogram(from: decoder))
    case .bars: self = .bars(try Bars(from: decoder))
    case .scatter: self = .scatter(try Scatter(from: decoder))
    case .heatmap: self = .heatmap(try Heatmap(from: decoder))
    case .importance: self = .importance(try ImportanceBars(from: decoder))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(kind, forKey: .chart)
    switch self {
    case .histogram(let chart): try chart.encode(to: encoder)
    case .bars(let chart): try chart.encode(to: encoder)
    case .scatter(let chart): try chart.encode(to: encoder)
    case .heatmap(let chart): try chart.encode(to: encoder)
    case .importance(let chart): try chart.encode(to: encoder)
    }
  }
}
