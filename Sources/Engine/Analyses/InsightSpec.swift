import Flow

/// An analysis that is told in sentences, tables and charts: its kind, the columns in their roles, and the options. A
/// role or an option that a kind has no use for is nil and ignored.
public struct InsightSpec: Codable, Sendable, Equatable {
  /// The kinds, in the order in which menus show them.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    case quality, leakage, associations, collinearity, lasso, duplicates, missingness, outliers, anomalies, patterns,
      drift, comparison, series
  }

  public enum Role: String, Codable, Sendable, CaseIterable {
    case target, columns, column, time, baseline
  }

  public var kind: Kind
  /// The label.
  public var target: String?
  /// The columns to look at; all that suit when empty.
  public var columns: [String]
  /// The column of a series or of texts.
  public var column: String?
  /// The column of moments.
  public var time: String?
  /// The step of the flow that is compared with.
  public var baseline: StepID?
  /// `linear` or `non-linear` of associations; the rule of outliers; `classification` or `regression` of a label.
  public var method: String?
  /// Deviations of outliers and anomalies of a series, or the penalty of a lasso.
  public var threshold: Double?
  /// Values in a period of a series.
  public var period: Int?
  public var seed: UInt64?

  public init(
    _ kind: Kind, target: String? = nil, columns: [String] = [], column: String? = nil, time: String? = nil,
    baseline: StepID? = nil, method: String? = nil, threshold: Double? = nil, period: Int? = nil, seed: UInt64? = nil
  ) {
    (self.kind, self.target, self.columns, self.column) = (kind, target, columns, column)
    (self.time, self.baseline, self.method) = (time, baseline, method)
    (self.threshold, self.period, self.seed) = (threshold, period, seed)
  }

  /// The columns of the step that it reads; empty when it reads all.
  public var reads: [String] { columns + [target, column, time].compactMap(\.self) }

  /// `Target leakage: income`.
  public var defaultName: String {
    let subject = column ?? target ?? baseline.map { "since \($0)" }
    return kind.title + (subject.map { ": \($0)" } ?? "")
  }
}

extension InsightSpec.Kind {
  public var title: String {
    switch self {
    case .quality: "Data quality and insights"
    case .leakage: "Target leakage"
    case .associations: "Feature associations"
    case .collinearity: "Multicollinearity"
    case .lasso: "Lasso feature selection"
    case .duplicates: "Duplicate rows"
    case .missingness: "Missing values"
    case .outliers: "Outliers"
    case .anomalies: "Anomalous rows"
    case .patterns: "Textual patterns"
    case .drift: "Drift"
    case .comparison: "Compare steps"
    case .series: "Seasons and anomalies"
    }
  }

  public var summary: String {
    switch self {
    case .quality: "Warnings with steps that mend them, the target, every feature, anomalous and duplicate rows"
    case .leakage: "What each column alone says of a label: too much, or nothing"
    case .associations: "Which columns go together, of every kind: r, rank correlation, eta, Cramér's V"
    case .collinearity: "Variance inflation and principal components of the numeric columns"
    case .lasso: "Which columns a linear model with an L1 penalty keeps for a label"
    case .duplicates: "The share of rows that repeat, and those that repeat most"
    case .missingness: "How much is missing where, and which columns are missing together"
    case .outliers: "Values of each numeric column that lie far from the others"
    case .anomalies: "Rows that an isolation forest finds easiest to set apart"
    case .patterns: "The forms that the texts of a column have, and those that have none of them"
    case .drift: "What has changed in the distributions since another step or file"
    case .comparison: "Two steps beside each other: columns, rows, distributions"
    case .series: "A series as trend, season and rest (STL), and the moments that stand out"
    }
  }

  /// The roles that it takes, with whether each is required.
  public var roles: [(role: InsightSpec.Role, isRequired: Bool)] {
    switch self {
    case .quality: [(.target, false)]
    case .leakage, .lasso: [(.target, true)]
    case .associations, .collinearity, .outliers, .anomalies, .missingness, .duplicates: [(.columns, false)]
    case .patterns: [(.column, true)]
    case .drift, .comparison: [(.baseline, true)]
    case .series: [(.column, true), (.time, true)]
    }
  }

  /// The words that `method` may be, the first where none is given; empty where there is no choice.
  public var methods: [String] {
    switch self {
    case .quality, .leakage, .lasso: ["automatic", "classification", "regression"]
    case .associations: ["linear", "non-linear"]
    case .outliers: ["robust-deviation", "standard-deviation", "quartile-range"]
    default: []
    }
  }
}
