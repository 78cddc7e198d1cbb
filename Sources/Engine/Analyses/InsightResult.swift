import Insight
import Plot

/// What an insight found: the report of its kind. In JSON `insight` names the kind, the report's fields stand beside it.
public struct InsightResult: Sendable, Equatable {
  public let kind: InsightSpec.Kind
  public let report: any AnalysisReport

  public init(_ kind: InsightSpec.Kind, _ report: any AnalysisReport) { (self.kind, self.report) = (kind, report) }

  /// The report as lines of plain text.
  public var lines: [String] { report.lines }
  public var markdown: String { report.markdown }
  public var charts: [(title: String, chart: Chart)] { report.charts }

  /// What the report advises, as steps of a flow.
  public var warnings: [QualityWarning] { (report as? QualityReport)?.warnings ?? [] }

  public static func == (a: InsightResult, b: InsightResult) -> Bool { a.kind == b.kind && a.report.equals(b.report) }
}

extension AnalysisReport {
  fileprivate func equals(_ other: any AnalysisReport) -> Bool { (other as? Self) == self }
}

extension InsightSpec.Kind {
  fileprivate var report: any AnalysisReport.Type {
    switch self {
    case .quality: QualityReport.self
    case .leakage: TargetLeakage.self
    case .associations: FeatureCorrelation.self
    case .collinearity: Multicollinearity.self
    case .lasso: LassoAnalysis.self
    case .duplicates: DuplicateRows.self
    case .missingness: Missingness.self
    case .outliers: ColumnOutliers.self
    case .anomalies: AnomalousRows.self
    case .patterns: TextPatterns.self
    case .drift: Drift.self
    case .comparison: TableComparison.self
    case .series: SeriesDecomposition.self
    }
  }
}

extension InsightResult: Codable {
  private enum Keys: String, CodingKey { case insight }

  public init(from decoder: any Decoder) throws {
    let kind = try decoder.container(keyedBy: Keys.self).decode(InsightSpec.Kind.self, forKey: .insight)
    self.init(kind, try kind.report.init(from: decoder))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(kind, forKey: .insight)
    try report.encode(to: encoder)
  }
}
