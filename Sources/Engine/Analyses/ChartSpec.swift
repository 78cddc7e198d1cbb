import Insight
import Plot

/// A chart of a table: its kind, the columns in their roles, and the options. A role or an option that a kind has no use
/// for is nil and ignored. Encoded as one flat object without the fields that say nothing.
public struct ChartSpec: Codable, Sendable, Equatable {
  /// The kinds, in the order in which menus show them.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    case histogram, bars, box, violin, scatter, line, density, correlation
  }

  /// What becomes of several rows at one place.
  public typealias Aggregate = ChartAggregate
  /// A curve through the points of a scatter plot, one for each colour.
  public typealias Trend = ChartTrend

  public var kind: Kind
  /// The column measured or counted; the horizontal one where there are two.
  public var x: String?
  /// The vertical column; that of bars and lines is aggregated.
  public var y: String?
  /// The columns of a correlation; all numeric ones when empty.
  public var columns: [String]
  /// Makes the groups of boxes and violins.
  public var by: String?
  /// Tells points, lines or bars apart.
  public var colorBy: String?
  /// Makes one small chart for each of its values.
  public var facetBy: String?
  /// Of the rows of one bar or one place of a line.
  public var aggregate: Aggregate?
  /// Bins of a histogram or, each way, of a density heatmap; nil is automatic.
  public var bins: Int?
  /// Bars at most; the other values are added up.
  public var limit: Int?
  /// Logarithmic axes; values that are not positive are left out and counted as missing.
  public var hasLogX: Bool
  public var hasLogY: Bool
  /// Rows at most, drawn at random; nil is all, for kinds that are binned in SQL.
  public var sample: Int?
  public var trend: Trend?
  /// A histogram without its density curve.
  public var hidesCurve = false

  public init(
    _ kind: Kind, x: String? = nil, y: String? = nil, columns: [String] = [], by: String? = nil,
    colorBy: String? = nil, facetBy: String? = nil, aggregate: Aggregate? = nil, bins: Int? = nil, limit: Int? = nil,
    hasLogX: Bool = false, hasLogY: Bool = false, sample: Int? = nil, trend: Trend? = nil
  ) {
    (self.kind, self.x, self.y, self.columns, self.by) = (kind, x, y, columns, by)
    (self.colorBy, self.facetBy, self.aggregate, self.bins) = (colorBy, facetBy, aggregate, bins)
    (self.limit, self.hasLogX, self.hasLogY) = (limit, hasLogX, hasLogY)
    (self.sample, self.trend) = (sample, trend)
  }

  /// Bars of a chart that says nothing of them.
  public static let defaultLimit = 20

  // MARK: - Names

  /// A name that says what it is about: `Histogram: age`.
  public var defaultName: String {
    let groups = by.map { " by \($0)" } ?? ""
    let colors = colorBy.map { " by \($0)" } ?? ""
    let facets = facetBy.map { " for each \($0)" } ?? ""
    return kind.noun + subject + groups + colors + facets
  }

  private var subject: String {
    let (x, y) = (x ?? "", y ?? "")
    switch kind {
    case .histogram where sideBySide != nil: return "s of \(columns.count) columns"
    case .histogram, .box, .violin: return ": \(x)"
    case .bars:
      guard let aggregate, aggregate != .count, !y.isEmpty else { return ": \(x)" }
      return ": \(aggregate.rawValue) of \(y) × \(x)"
    case .scatter, .density: return ": \(x) × \(y)"
    case .line:
      guard let aggregate, aggregate != .count, !y.isEmpty else { return ": \(y.isEmpty ? "rows" : y) over \(x)" }
      return ": \(aggregate.rawValue) of \(y) over \(x)"
    case .correlation: return ""
    }
  }

  /// The columns it reads; empty when it reads all numeric ones.
  public var reads: [String] { columns + [x, y, by, colorBy, facetBy].compactMap(\.self) }

  // MARK: - Coding

  private enum CodingKeys: String, CodingKey {
    case kind, x, y, columns, by, colorBy, facetBy, aggregate, bins, limit, hasLogX, hasLogY, sample, trend, hidesCurve
  }

  public init(from decoder: any Decoder) throws {
    let box = try decoder.container(keyedBy: CodingKeys.self)
    self.init(try box.decode(Kind.self, forKey: .kind))
    x = try box.decodeIfPresent(String.self, forKey: .x)
    y = try box.decodeIfPresent(String.self, forKey: .y)
    columns = try box.decodeIfPresent([String].self, forKey: .columns) ?? []
    by = try box.decodeIfPresent(String.self, forKey: .by)
    colorBy = try box.decodeIfPresent(String.self, forKey: .colorBy)
    facetBy = try box.decodeIfPresent(String.self, forKey: .facetBy)
    aggregate = try box.decodeIfPresent(Aggregate.self, forKey: .aggregate)
    bins = try box.decodeIfPresent(Int.self, forKey: .bins)
    limit = try box.decodeIfPresent(Int.self, forKey: .limit)
    hasLogX = try box.decodeIfPresent(Bool.self, forKey: .hasLogX) ?? false
    hasLogY = try box.decodeIfPresent(Bool.self, forKey: .hasLogY) ?? false
    sample = try box.decodeIfPresent(Int.self, forKey: .sample)
    trend = try box.decodeIfPresent(Trend.self, forKey: .trend)
    hidesCurve = try box.decodeIfPresent(Bool.self, forKey: .hidesCurve) ?? false
  }

  public func encode(to encoder: any Encoder) throws {
    var box = encoder.container(keyedBy: CodingKeys.self)
    try box.encode(kind, forKey: .kind)
    try box.encodeIfPresent(x, forKey: .x)
    try box.encodeIfPresent(y, forKey: .y)
    if !columns.isEmpty { try box.encode(columns, forKey: .columns) }
    try box.encodeIfPresent(by, forKey: .by)
    try box.encodeIfPresent(colorBy, forKey: .colorBy)
    try box.encodeIfPresent(facetBy, forKey: .facetBy)
    try box.encodeIfPresent(aggregate, forKey: .aggregate)
    try box.encodeIfPresent(bins, forKey: .bins)
    try box.encodeIfPresent(limit, forKey: .limit)
    if hasLogX { try box.encode(true, forKey: .hasLogX) }
    if hasLogY { try box.encode(true, forKey: .hasLogY) }
    try box.encodeIfPresent(sample, forKey: .sample)
    try box.encodeIfPresent(trend, forKey: .trend)
    if hidesCurve { try box.encode(true, forKey: .hidesCurve) }
  }
}

extension ChartSpec.Kind {
  public var title: String {
    switch self {
    case .histogram: "Histogram"
    case .bars: "Bar chart"
    case .box: BoxPlot.title
    case .violin: ViolinPlot.title
    case .scatter: "Scatter plot"
    case .line: LineChart.title
    case .density: DensityHeatmap.title
    case .correlation: "Correlation"
    }
  }

  /// What an analysis of the kind is called by.
  var noun: String {
    switch self {
    case .histogram: "Histogram"
    case .bars: "Bars"
    case .box: "Box"
    case .violin: "Violin"
    case .scatter: "Scatter"
    case .line: "Line"
    case .density: "Density"
    case .correlation: "Correlation"
    }
  }

  public var summary: String {
    switch self {
    case .histogram: "How the values of one column are spread"
    case .bars: "How often each value of one column occurs"
    case .box: "Median, quartiles, whiskers and outliers of one column, by the values of another"
    case .violin: "The shape of one column's distribution, by the values of another"
    case .scatter: "Two numeric columns against each other, coloured by a third"
    case .line: "One column along another, such as a mean along a date"
    case .density: "How many rows lie where, over two numeric columns"
    case .correlation: "Which numeric columns move together (Pearson r)"
    }
  }
}
