// The quality report of a table.

import Frame
import Jobs
import Plot

/// All of a table's quality in one value.
public struct QualityReport: Codable, Sendable, Equatable {
  public enum Problem: String, Codable, Sendable { case classification, regression }

  public struct Summary: Codable, Sendable, Equatable {
    public var rows, columns: Int
    /// Columns by kind; kinds that do not occur are left out.
    public var kinds: [FeatureStatistics.Kind: Int]
    /// Cells of all columns: all, without a value, and without a value of the column's kind (the former included).
    public var cells, absentCells, invalidCells: Int
    public var duplicateRows: Int
    /// Values of all numeric columns.
    public var outliers: Int
    /// Rows with a score below 0; nil where none was scored.
    public var anomalousRows: Int?
    /// Rows that were scored, searched for patterns and learnt from; nil for all.
    public var sampledRows: Int?
    /// Who counted what, where that was not this machine: one sentence.
    public var origin: String?
  }

  public struct Target: Codable, Sendable, Equatable {
    public var column: String
    public var problem: Problem
    /// Whether the problem was found from the values, rather than given.
    public var isProblemGuessed: Bool
    /// Rows without a target; rows whose target is no finite number, of a regression; and outliers, of a regression.
    public var missing, invalid, outliers: Int
  }

  public struct Samples: Codable, Sendable, Equatable {
    public var duplicates: DuplicateRows
    public var anomalies: AnomalousRows?
  }

  public struct Definition: Codable, Sendable, Equatable {
    public var term, text: String
  }

  /// What a quickly trained model reaches.
  public struct QuickModel: Codable, Sendable, Equatable {
    public struct Metric: Codable, Sendable, Equatable {
      public var name: String
      public var value: Double

      public init(name: String, value: Double) { (self.name, self.value) = (name, value) }
    }

    /// What was trained and how: one sentence.
    public var method: String
    public var trainingRows, testRows: Int
    /// On the test rows, the most telling first.
    public var metrics: [Metric]
    /// [true class][predicted class], and the classes; empty of a regression.
    public var classes: [String]
    public var confusion: [[Int]]

    public init(
      method: String, trainingRows: Int, testRows: Int, metrics: [Metric], classes: [String] = [],
      confusion: [[Int]] = []
    ) {
      (self.method, self.trainingRows, self.testRows, self.metrics) = (method, trainingRows, testRows, metrics)
      (self.classes, self.confusion) = (classes, confusion)
    }
  }

  public var summary: Summary
  public var target: Target?
  public var quickModel: QuickModel?
  /// In the order of the table.
  public var features: [FeatureStatistics]
  public var samples: Samples
  /// The patterns of the columns of texts.
  public var patterns: [TextPatterns]
  public var definitions: [Definition]
  /// The severe first.
  public var warnings: [QualityWarning]

  /// Adds the quick model.
  public mutating func add(quickModel: QuickModel) { self.quickModel = quickModel }

  /// Adds how well each column alone foretells the target, 0 to 1, by name, and warns of leakage.
  public mutating func add(predictionPower: [String: Double]) {
    for index in features.indices { features[index].predictionPower = predictionPower[features[index].column] }
    warnings = WarningMaker(report: self).make()
  }
}

/// What a report looks for.
public struct QualityReportOptions: Codable, Sendable, Equatable {
  public var target: String?
  /// Found from the target's values where nil.
  public var problem: QualityReport.Problem?
  /// Whether rows are scored by an isolation forest, and how; nil for none.
  public var isolation: IsolationOptions?
  /// Whether texts are searched for patterns.
  public var findsPatterns: Bool

  public init(
    target: String? = nil, problem: QualityReport.Problem? = nil, isolation: IsolationOptions? = IsolationOptions(),
    findsPatterns: Bool = true
  ) {
    (self.target, self.problem, self.isolation, self.findsPatterns) = (target, problem, isolation, findsPatterns)
  }
}

/// Makes the quality report of a table: of all its rows, every count exact.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func qualityReport(
  _ options: QualityReportOptions = QualityReportOptions(), relation: String, schema: Schema, in database: Database,
  context: any JobContext = SilentContext()
) throws -> QualityReport {
  _ = try options.target.map(schema.required)
  let features = try featureStatistics(
    relation, schema: schema, in: database, context: PartContext(of: context, 0...0.4))
  guard features.first?.rows != 0 else { throw InsightError.noRows }
  let duplicates = try duplicateRows(
    relation: relation, schema: schema, in: database, context: PartContext(of: context, 0.4...0.5))
  return try qualityReport(options, features, duplicates, relation, schema, in: database, context)
}

/// Makes the quality report of rows that a cluster has: it counts all of them, and what has to look at single rows looks at
/// some of them.
/// - Parameters:
///   - rows: all rows, there.
///   - sample: a SELECT of rows drawn from them at random, here.
///   - origin: who counted what, as one sentence.
/// - Throws: `InsightError`, `FrameError`, `JobCancelled`, or what the cluster says.
public func qualityReport(
  _ options: QualityReportOptions, rows: ClusterRows, sample: String, sampledRows: Int, origin: String,
  in database: Database, context: any JobContext = SilentContext()
) throws -> QualityReport {
  _ = try options.target.map(rows.schema.required)
  let part = PartContext(of: context, 0...0.4)
  let readings = try FeatureSurvey(
    source: SQL.subquery(sample), schema: rows.schema, database: database, context: QuietContext(part)
  ).read()
  let features = try ClusterFeatureSurvey(rows: rows, features: readings, database: database, context: part).run()
  guard let all = features.first?.rows, all != 0 else { throw InsightError.noRows }
  let duplicates = try rows.duplicates(in: database)
  var report = try qualityReport(options, features, duplicates, sample, rows.schema, in: database, context)
  report.summary.origin = origin
  report.summary.sampledRows = sampledRows < all ? sampledRows : nil
  report.warnings = WarningMaker(report: report).make()
  return report
}

/// The report of what is counted of all rows, with what single rows of `relation` say.
private func qualityReport(
  _ options: QualityReportOptions, _ features: [FeatureStatistics], _ duplicates: DuplicateRows, _ relation: String,
  _ schema: Schema, in database: Database, _ context: any JobContext
) throws -> QualityReport {
  let targetColumn = try options.target.map(schema.required)
  // The target is what a row is judged for, not what it is judged by.
  let judged = schema.filter { $0.name != options.target }
  let known = Dictionary(features.map { ($0.column, $0) }, uniquingKeysWith: { first, _ in first })
  let anomalies = try options.isolation.map { isolation in
    let scorer = IsolationScorer(
      columns: judged, schema: schema, options: isolation, source: SQL.subquery(relation), database: database,
      context: PartContext(of: context, 0.5...0.9), known: known)
    return try scorer.run { _, _ in }
  }
  var patterns: [TextPatterns] = []
  if options.findsPatterns {
    for feature in features where feature.kind == .text || (feature.kind == .categorical && feature.cardinality > 20) {
      patterns.append(
        try textPatterns(
          of: feature.column, relation: relation, schema: schema, in: database,
          context: PartContext(of: context, 0.9...1)))
    }
  }
  let rows = features.first?.rows ?? 0
  let target = targetColumn.flatMap { column in features.first { $0.column == column.name } }.map {
    QualityReport.Target($0, problem: options.problem)
  }
  var report = QualityReport(
    summary: .init(
      rows: rows, columns: schema.count, kinds: Dictionary(features.map { ($0.kind, 1) }, uniquingKeysWith: +),
      cells: rows * schema.count, absentCells: features.reduce(0) { $0 + $1.absent },
      invalidCells: features.reduce(0) { $0 + $1.invalid }, duplicateRows: duplicates.surplus,
      outliers: features.reduce(0) { $0 + $1.outliers }, anomalousRows: anomalies?.anomalous),
    target: target, features: features, samples: .init(duplicates: duplicates, anomalies: anomalies),
    patterns: patterns, definitions: QualityReport.terms, warnings: [])
  report.warnings = WarningMaker(report: report).make()
  return report
}

extension QualityReport.Target {
  /// More than a hundred different numbers are a regression, and so are numbers of which hardly two are alike.
  init(_ feature: FeatureStatistics, problem: QualityReport.Problem?) {
    let isNumber = feature.kind == .numeric
    let isRegression = isNumber && (feature.cardinality > 100 || 2 * feature.cardinality > feature.valid)
    column = feature.column
    self.problem = problem ?? (isRegression ? .regression : .classification)
    isProblemGuessed = problem == nil
    missing = feature.absent
    invalid = self.problem == .regression && feature.figures == nil ? feature.valid : feature.invalid - feature.absent
    outliers = self.problem == .regression ? feature.outliers : 0
  }
}

extension QualityReport {
  static let terms: [Definition] = [
    .init(term: "missing", text: "A cell that is null, not a number, or a text that is empty or white space alone."),
    .init(
      term: "invalid",
      text: "A cell that is missing, or that has no value of the column's kind: of numbers, finite ones."),
    .init(
      term: "kind",
      text:
        "Binary: two different values. Numeric: numbers, or texts of which nine in ten read as numbers. Datetime likewise. "
        + "Text: more than 1,000 different texts, or more than 20 of which hardly two are alike. Categorical: other texts."
    ),
    .init(term: "duplicate", text: "A row that equals an earlier one in all columns."),
    .init(
      term: "robust deviation",
      text:
        "The standard deviation of a column's values after those beyond the 5th and the 95th percentile are moved there."
    ),
    .init(term: "outlier", text: "A number more than five robust deviations from the median."),
    .init(term: "skew", text: "The third standardised moment; beyond ±3 a column counts as skewed."),
    .init(term: "kurtosis", text: "The fourth standardised moment; 3 of a normal distribution."),
    .init(
      term: "anomalous row",
      text: "A row that random splits set apart from the others sooner than average: its isolation score is below 0."),
    .init(
      term: "prediction power",
      text:
        "How well a model of this column alone foretells the target, from 0 (no better than chance) to 1 (a suspected leak)."
    ),
  ]
}
