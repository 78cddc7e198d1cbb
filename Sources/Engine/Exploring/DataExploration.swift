import Insight
import Learn

/// What the rows are that a training is to learn from, found before it begins.
public struct DataExploration: Codable, Sendable, Equatable {
  /// Something to look at, the severe first.
  public struct Finding: Codable, Sendable, Equatable {
    public var severity: QualityWarning.Severity
    /// The column that is meant; nil where rows are.
    public var column: String?
    public var title: String
    /// What was found, in figures, and what it means for the training.
    public var text: String
    /// A step of the flow that mends it; nil where none does.
    public var step: SuggestedStep?
  }

  /// What is predicted.
  public struct Target: Codable, Sendable, Equatable {
    /// A class and its rows.
    public struct ClassRows: Codable, Sendable, Equatable {
      public var name: String
      public var rows: Int
    }

    public var column: String
    public var problem: Problem
    /// Why it was taken for that.
    public var reason: String
    public var metric: Objective
    /// Rows with a label, and rows without one, which nothing learns from.
    public var labelled, missing: Int
    /// The most frequent first; empty for numbers.
    public var classes: [ClassRows]
    /// Of numbers their distribution, with a histogram; its labels are the most frequent values.
    public var statistics: FeatureStatistics?
  }

  /// A column that could be a feature.
  public struct Feature: Codable, Sendable, Equatable {
    public var column: String
    /// What models take it for; nil where they do without it.
    public var kind: FeatureKind?
    /// Why they do without it.
    public var reason: String?
    /// Missing cells, different values, the most frequent ones, the distribution of numbers.
    public var statistics: FeatureStatistics
    /// How well it alone foretells the label, 0 to 1; nil where that could not be judged.
    public var predictionPower: Double?
    /// Whether that is suspicious (`leak`, `warning`) or next to nothing (`redundant`).
    public var verdict: TargetLeakage.Verdict?
    /// How it goes with the label, and by which measure; nil where there is no figure.
    public var correlation: Double?
    public var measure: FeatureCorrelation.Measure?
  }

  /// Rows beside those to learn from.
  public struct OtherRows: Codable, Sendable, Equatable {
    public enum Role: String, Codable, Sendable { case validation, test }

    public var role: Role
    public var rows: Int
    /// Rows without a label that is known.
    public var unlabelled: Int
    /// Rows that equal one to learn from in all features and the label: what is said of them is known by heart.
    public var repeated: Int
    /// Features that are not there.
    public var missingColumns: [String]
  }

  /// Rows of the step, and how many of them were looked at: a random sample of `seed` where there were too many.
  public var rows, explored: Int
  public var seed: UInt64
  /// Columns of the step, the label included.
  public var columns: Int
  /// Of the rows that were looked at: cells without a value, and rows that repeat an earlier one.
  public var missingCells, duplicateRows: Int
  public var target: Target
  /// In the order of the table, without the label.
  public var features: [Feature]
  public var division: PlannedDivision
  public var others: [OtherRows]
  /// Pairs of columns, the label among them; nil where there are too few or too many.
  public var correlations: FeatureCorrelation?
  /// Rows that random splits set apart from the others sooner than average; nil where none was scored.
  public var anomalies: AnomalousRows?
  public var findings: [Finding]
  /// What a person should know about how the rows are read: weights, groups, labels that are left out.
  public var notes: [String]

  /// True where fewer rows were looked at than there are.
  public var isSampled: Bool { explored < rows }
}
