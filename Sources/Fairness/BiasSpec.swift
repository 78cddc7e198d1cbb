// What a bias report is asked for.

/// The columns, groups and rules of a bias report.
///
/// Values are texts, compared with a column by its kind: `1` equals the number 1 and the text `1`; `true` and `1` equal a
/// true truth value.
public struct BiasSpec: Codable, Sendable, Hashable {
  /// Which outcomes are positive.
  public enum Outcome: Codable, Sendable, Hashable {
    /// The column is read as categories: one of these values is positive, all others are negative.
    case values([String])
    /// The column is read as numbers: above this one is positive, the number itself is not.
    case above(Double)
  }

  public struct Label: Codable, Sendable, Hashable {
    public var column: String
    public var positive: Outcome

    public init(column: String, positive: Outcome) { (self.column, self.positive) = (column, positive) }
  }

  /// Which rows are group d; the others are group a.
  public enum Groups: Codable, Sendable, Hashable {
    /// The column is read as categories: each value in turn against all others.
    case eachValue
    /// The column is read as categories: these values together against all others.
    case values([String])
    /// The column is read as numbers: for each threshold the numbers above it against all others.
    case above([Double])
  }

  /// A column whose groups are compared.
  public struct Facet: Codable, Sendable, Hashable {
    public var column: String
    public var groups: Groups

    public init(column: String, groups: Groups = .eachValue) { (self.column, self.groups) = (column, groups) }
  }

  /// Where predictions come from.
  public enum Prediction: Codable, Sendable, Hashable {
    /// Predicted labels, positive by the rule of the label.
    case label(column: String)
    /// A score: above the threshold is positive.
    case score(column: String, threshold: Double)
    /// A score for each class of the label: the class with the highest is predicted, the first of equal ones. One column
    /// may hold lists with a score for each class. `labels` are the classes in the order of the scores; nil takes them
    /// from how the columns' names end.
    case highest(columns: [String], labels: [String]?)

    public var columns: [String] {
      switch self {
      case .label(let column), .score(let column, _): [column]
      case .highest(let columns, _): columns
      }
    }
  }

  /// Parts of the rows that are each reported on as well: so many lists make so many parts, and all other rows one more,
  /// which is called `__default__`.
  public struct Segment: Codable, Sendable, Hashable {
    public var column: String
    /// Each list holds values of categories, or intervals of numbers as `[1, 4]` and `(5, 6]`.
    public var lists: [[String]]

    public init(column: String, lists: [[String]]) { (self.column, self.lists) = (column, lists) }
  }

  /// What is done with rows in which a column of the report is missing. NaN counts as missing.
  public enum MissingPolicy: String, Codable, Sendable, CaseIterable {
    /// They are left out, and counted.
    case drop
    /// Missing is a value of its own of facets and group variables; rows without label or prediction are left out.
    case ownValue
    /// They are kept in group a, and negative, as smclarify does.
    case asLibrary
  }

  public enum Mode: String, Codable, Sendable, CaseIterable {
    /// The documented formulas over all outcomes of either group.
    case correct
    /// What smclarify 0.5 returns, its defects included: it guesses the kinds of columns, drops outcomes that one group
    /// lacks, and turns the sign of FT.
    case smclarify
  }

  /// How the verdicts on one metric allow for there being many groups.
  public enum Correction: String, Codable, Sendable, CaseIterable {
    case none
    /// Bounds the chance of any false alarm (Holm 1979).
    case holm
    /// Bounds the share of false alarms among alarms (Benjamini and Hochberg 1995).
    case benjaminiHochberg
  }

  public var label: Label
  public var facets: [Facet]
  public var prediction: Prediction?
  /// The column of strata for CDDL and CDDPL.
  public var group: String?
  public var segments: [Segment]
  /// Sets of two or more facet columns whose groups are combined: each combination against all other rows.
  public var intersections: [[String]]
  /// The features of the flip test; nil takes all columns that the report does not otherwise use. It is left out where
  /// this is empty.
  public var features: [String]?
  /// Nil takes all that the spec has columns for.
  public var metrics: [BiasMetric]?
  public var missing: MissingPolicy
  public var mode: Mode
  /// In the mode `smclarify`: columns that its caller had made pandas categories, so that their kind is not guessed.
  public var libraryCategories: [String]
  /// Of the intervals, 0 ..< 1.
  public var confidence: Double
  /// Bootstrap draws; 0 for no intervals.
  public var draws: Int
  public var seed: UInt64
  /// What counts as good; metrics without an entry are judged by their customary limits, if they have any.
  public var limits: [BiasMetric: BiasMetric.Limits]
  public var correction: Correction
  /// Groups of fewer rows are marked.
  public var smallGroup: Int
  /// Added to each outcome's count in KL and JS; 0 for none.
  public var smoothing: Double

  public init(
    label: Label, facets: [Facet], prediction: Prediction? = nil, group: String? = nil, segments: [Segment] = [],
    intersections: [[String]] = [], features: [String]? = nil, metrics: [BiasMetric]? = nil,
    missing: MissingPolicy = .drop, mode: Mode = .correct, libraryCategories: [String] = [], confidence: Double = 0.95,
    draws: Int = 1000, seed: UInt64 = 42, limits: [BiasMetric: BiasMetric.Limits] = [:],
    correction: Correction = .holm, smallGroup: Int = 30, smoothing: Double = 0
  ) {
    (self.label, self.facets, self.prediction, self.group) = (label, facets, prediction, group)
    (self.segments, self.intersections, self.features, self.metrics) = (segments, intersections, features, metrics)
    (self.missing, self.mode, self.libraryCategories) = (missing, mode, libraryCategories)
    (self.confidence, self.draws, self.seed, self.limits) = (confidence, draws, seed, limits)
    (self.correction, self.smallGroup, self.smoothing) = (correction, smallGroup, smoothing)
  }

  /// What a value of the metric is judged by.
  public func limits(of metric: BiasMetric) -> BiasMetric.Limits? { limits[metric] ?? metric.customaryLimits }

  /// The metrics that are asked for, or that there are columns for, in the order of the catalogue.
  public var wanted: [BiasMetric] {
    BiasMetric.allCases.filter { metric in
      if let metrics { return metrics.contains(metric) }
      return metric.stage == .preTraining || prediction != nil
    }
  }
}
