// What a Quick Model found. Its JSON is the output of `assay quickmodel` and what a saved analysis keeps.

/// How much one column of the table mattered.
public struct FeatureImportance: Codable, Hashable, Sendable {
  /// The column of the table; features derived from it are added up.
  public let feature: String
  /// Impurity that splits on this column took away; over all columns the figures sum to 1.
  public let gain: Double
  /// The mean size of the column's SHAP value: how far it moves a prediction, in the label's unit for regression and in
  /// probability for classes (for several classes, the mean over the classes).
  public let shap: Double

  public init(feature: String, gain: Double, shap: Double) {
    self.feature = feature
    self.gain = gain
    self.shap = shap
  }
}

/// A column that the model did not use, and why.
public struct ExcludedColumn: Codable, Hashable, Sendable {
  public let column: String
  public let reason: String

  public init(column: String, reason: String) {
    self.column = column
    self.reason = reason
  }
}

/// How well one class was told from the others, on the test rows.
public struct ClassReport: Codable, Hashable, Sendable {
  public let label: String
  public let trainRows: Int
  public let testRows: Int
  public let precision: Double
  public let recall: Double
  public let f1: Double

  private enum CodingKeys: String, CodingKey {
    case label, precision, recall, f1
    case trainRows = "train_rows"
    case testRows = "test_rows"
  }
}

/// The result of a Quick Model.
public struct QuickModelReport: Codable, Hashable, Sendable {
  /// The column that is predicted.
  public let target: String
  public let problem: Problem
  /// The figure on top: `f1` (of each class, weighted with its rows) for classes, `mse` for numbers.
  public let metric: String
  /// The figure on top, on the test rows.
  public let score: Double
  /// The same figure for a prediction of the majority class, or of the mean.
  public let baseline: Double
  /// All figures on the test rows, by name: `f1 f1_macro accuracy balanced_accuracy precision recall log_loss auc`
  /// (`f1_positive` for two classes), or `mse rmse mae r2`. One that is undefined on these rows is left out.
  public let metrics: [String: Double]
  /// The same figures of the baseline.
  public let baselineMetrics: [String: Double]
  /// Rows learnt from.
  public let trainRows: Int
  /// Rows judged on.
  public let testRows: Int
  /// Rows with a label, after sampling: learnt from and judged on together.
  public let rowsUsed: Int
  /// Columns by falling gain.
  public let importance: [FeatureImportance]
  /// Columns that were left out.
  public let excluded: [ExcludedColumn]
  /// For classes: each of them, the most frequent first.
  public let classes: [ClassReport]?
  /// For two classes: the one that `f1_positive` is about, which is the rarer.
  public let positiveClass: String?
  /// For up to 20 classes: test rows by actual class (outer) and predicted class (inner), in the order of `classes`.
  public let confusion: [[Int]]?
  /// What the reader should know: rows dropped, columns treated in a special way, small numbers.
  public var notes: [String]
  public let seed: UInt64
  /// The options that led here, without the number of threads, which changes nothing.
  public let options: QuickModelOptions
  /// Where the rows were, if not here.
  public var source: Elsewhere?

  /// Rows that another engine has, of which some came here.
  public struct Elsewhere: Codable, Hashable, Sendable {
    /// Such as `Spark at sc://localhost:15002`.
    public let engine: String
    /// Rows there.
    public let rows: Int
    /// Rows that came here.
    public let sampled: Int

    public init(engine: String, rows: Int, sampled: Int) {
      (self.engine, self.rows, self.sampled) = (engine, rows, sampled)
    }
  }

  private enum CodingKeys: String, CodingKey {
    case target, problem, metric, score, baseline, metrics, importance, excluded, classes, confusion, notes, seed,
      options, source
    case baselineMetrics = "baseline_metrics"
    case trainRows = "train_rows"
    case testRows = "test_rows"
    case rowsUsed = "rows_used"
    case positiveClass = "positive_class"
  }
}
