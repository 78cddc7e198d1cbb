// What a Quick Model is asked to do. Every default is documented here and shown in the report.

/// What is predicted: one of two classes, one of several, or a number.
public enum Problem: String, Codable, Sendable, CaseIterable {
  case binary, multiclass, regression

  /// True where the label is a class.
  public var isClassification: Bool { self != .regression }

  /// The problem as a reader calls it.
  public var title: String {
    switch self {
    case .binary: "binary classification"
    case .multiclass: "multiclass classification"
    case .regression: "regression"
    }
  }
}

/// Which problem to take the label for.
public enum ProblemChoice: String, Codable, Sendable, CaseIterable {
  /// More than 100 distinct labels mean regression, fewer mean classes.
  case automatic
  case classification
  case regression
}

/// Parameters of a Quick Model: a random forest grown without tuning, to see how much a table says about a label.
public struct QuickModelOptions: Codable, Hashable, Sendable {
  /// The column to predict.
  public var target: String
  /// Seeds the split, the forest and the sample that is explained. Same seed, same report.
  public var seed: UInt64
  /// What to take the label for.
  public var problem: ProblemChoice
  /// The share of rows to learn from; the others are judged. 0.7.
  public var trainFraction: Double
  /// Trees in the forest. 60. Several classes have a forest each, with fewer trees when there are more than five of them:
  /// 300 in all, but ten at least for each class.
  public var trees: Int
  /// Levels of splits in a tree. 16.
  public var depth: Int
  /// Leaves in a tree at most; nil for 127 for classes and 255 for numbers.
  public var leaves: Int?
  /// Rows in a leaf at least. 3.
  public var rowsPerLeaf: Int
  /// The share of the rows that each tree sees, drawn without replacement. 0.63, what a bootstrap sample would hold.
  public var rowFraction: Double
  /// The share of the features that each split chooses from; nil for 0.4 for classes and 0.7 for numbers.
  public var featureFraction: Double?
  /// More rows than this, or than make twenty million cells, are sampled down, and the report says so. 250,000.
  public var rowLimit: Int
  /// Test rows, drawn at random, whose predictions are explained by SHAP values. 200.
  public var explainedRows: Int
  /// Threads to train with. Nil for one, and one a core from ten million cells on: below, the threads would spend more time
  /// waiting for one another than they save. The report does not depend on it.
  public var threads: Int?

  /// Defaults for everything but the target.
  public init(
    target: String, seed: UInt64 = 0, problem: ProblemChoice = .automatic, trainFraction: Double = 0.7, trees: Int = 60,
    depth: Int = 16, leaves: Int? = nil, rowsPerLeaf: Int = 3, rowFraction: Double = 0.63,
    featureFraction: Double? = nil,
    rowLimit: Int = 250_000, explainedRows: Int = 200, threads: Int? = nil
  ) {
    self.target = target
    self.seed = seed
    self.problem = problem
    self.trainFraction = trainFraction
    self.trees = trees
    self.depth = depth
    self.leaves = leaves
    self.rowsPerLeaf = rowsPerLeaf
    self.rowFraction = rowFraction
    self.featureFraction = featureFraction
    self.rowLimit = rowLimit
    self.explainedRows = explainedRows
    self.threads = threads
  }

  private enum CodingKeys: String, CodingKey {
    case target, seed, problem, trees, depth, leaves, threads
    case trainFraction = "train_fraction"
    case rowsPerLeaf = "rows_per_leaf"
    case rowFraction = "row_fraction"
    case featureFraction = "feature_fraction"
    case rowLimit = "row_limit"
    case explainedRows = "explained_rows"
  }
}
