// A chart in JSON is one object: `chart` names the kind, the fields of that kind stand beside it.

extension Chart {
  /// The name of a kind, as saved.
  public struct Kind: RawRepresentable, Codable, Sendable, Hashable {
    public var rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public static let histogram = Kind(rawValue: "histogram")
    public static let bars = Kind(rawValue: "bars")
    public static let scatter = Kind(rawValue: "scatter")
    public static let heatmap = Kind(rawValue: "heatmap")
    public static let importance = Kind(rawValue: "importance")
  }

  /// Which chart this is.
  public var kind: Kind {
    switch self {
    case .histogram: .histogram
    case .bars: .bars
    case .scatter: .scatter
    case .heatmap: .heatmap
    case .importance: .importance
    case .content(let content): Kind(rawValue: type(of: content).kind)
    }
  }

  private enum Keys: String, CodingKey {
    case chart
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Keys.self)
    switch try container.decode(Kind.self, forKey: .chart) {
    case .histogram: self = .histogram(try Histogram(from: decoder))
    case .bars: self = .bars(try Bars(from: decoder))
    case .scatter: self = .scatter(try Scatter(from: decoder))
    case .heatmap: self = .heatmap(try Heatmap(from: decoder))
    case .importance: self = .importance(try ImportanceBars(from: decoder))
    case let kind:
      guard let content = ChartRegistry.kind(kind.rawValue) else {
        throw DecodingError.dataCorruptedError(
          forKey: .chart, in: container, debugDescription: "there is no chart of the kind \"\(kind.rawValue)\"")
      }
      self = .content(try content.init(from: decoder))
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
    case .content(let content): try content.encode(to: encoder)
    }
  }

  public static func == (a: Chart, b: Chart) -> Bool {
    switch (a, b) {
    case (.histogram(let a), .histogram(let b)): a == b
    case (.bars(let a), .bars(let b)): a == b
    case (.scatter(let a), .scatter(let b)): a == b
    case (.heatmap(let a), .heatmap(let b)): a == b
    case (.importance(let a), .importance(let b)): a == b
    case (.content(let a), .content(let b)): a.equals(b)
    case (.histogram, _), (.bars, _), (.scatter, _), (.heatmap, _), (.importance, _), (.content, _): false
    }
  }
}
