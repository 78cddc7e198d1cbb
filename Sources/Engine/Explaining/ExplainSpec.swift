import Explain
import Flow
import Foundation
import Frame

/// How the predictions of a model shall be explained.
public struct ExplainSpec: Codable, Sendable, Equatable {
  /// How the values are found.
  public enum Method: String, Codable, Sendable, CaseIterable {
    /// The exact values of tree models, at any depth and number of features.
    case tree
    /// The definition: every subset of up to 16 features. Slow; to check the others.
    case exact
    /// Weighted least squares over coalitions of features, for any model.
    case kernel
    /// Random orders of the features, each also backwards, for any model.
    case permutation
    /// Random orders, each with one background row, for any model.
    case sampling
    /// Each feature alone: right for models in which effects add up.
    case linear

    var coalitions: CoalitionMethod? { CoalitionMethod(rawValue: rawValue) }
  }

  /// Where absent features take their values from.
  public enum Background: Codable, Sendable, Equatable {
    case source(Source)
    /// Rows of what is explained, drawn at random.
    case sample(Int)
    /// Centres of clusters of what is explained.
    case clusters(Int)
    /// One row: zeros, or what the columns of what is explained are in the mean; where a column holds no numbers, its most
    /// frequent value.
    case zeros, means
  }

  /// What explains.
  public enum Model: Codable, Sendable, Equatable {
    /// A file of XGBoost or LightGBM, or the folder of a trained ensemble.
    case path(String)
    /// Boosted trees of this column, trained on the step itself.
    case trained(target: String)
  }

  /// Rows in which a column has a value.
  public struct Group: Codable, Sendable, Equatable {
    public var column, value: String

    public init(column: String, value: String) { (self.column, self.value) = (column, value) }
  }

  /// Columns whose values become known one after another.
  public struct TimeSteps: Codable, Sendable, Equatable {
    /// What a value of the explanation is of.
    public enum Granularity: String, Codable, Sendable, CaseIterable {
      /// A step, all its columns together.
      case timewise
      /// A column of a step.
      case fineGrained = "fine_grained"
    }

    public struct Step: Codable, Sendable, Equatable {
      public var name: String
      public var columns: [String]

      public init(_ name: String, columns: [String]) { (self.name, self.columns) = (name, columns) }
    }

    /// Oldest first. Columns of no step do not change with time, and are known before all of them.
    public var steps: [Step]
    public var direction: FeatureOrder.Direction
    public var granularity: Granularity

    public init(
      steps: [Step], direction: FeatureOrder.Direction = .chronological, granularity: Granularity = .timewise
    ) {
      (self.steps, self.direction, self.granularity) = (steps, direction, granularity)
    }
  }

  /// Where the values of each row go.
  public struct LocalFile: Codable, Sendable, Equatable {
    public var path: String
    /// True for the columns of SageMaker Clarify: the values alone, each named after its feature and the label.
    public var isClarify: Bool

    public init(_ path: String, isClarify: Bool = false) { (self.path, self.isClarify) = (path, isClarify) }

    /// Whether a path's ending asks for the values of each row, rather than for a report.
    public static func isMeant(by path: String) -> Bool {
      ["csv", "tsv", "parquet", "xlsx"].contains(URL(fileURLWithPath: path).pathExtension.lowercased())
    }
  }

  public var model: Model
  /// Nil means what suits the model: tree for trees, kernel for ensembles.
  public var method: Method?
  /// Nil lets absent features of trees follow the training rows, and takes what suits the method otherwise.
  public var background: Background?
  /// How many rows to explain, drawn at random where there are more; nil explains all by trees and 100 otherwise.
  public var rows: Int?
  public var hasInteractions: Bool
  public var aggregate: ShapAggregate
  public var output: ExplainedOutput
  /// Log-odds of an ensemble's probabilities rather than the probabilities.
  public var link: CoalitionLink
  /// Coalitions for each row at most; nil for what suits the method.
  public var samples: Int?
  /// The column of labels that a loss is taken of.
  public var label: String?
  public var local: LocalFile?
  /// Also sets this many of the most important features to one value after another.
  public var effects: Int?
  /// Also tells which features make predictions of these rows differ from those of all others.
  public var group: Group?
  /// Asymmetric Shapley values, which respect the order of time.
  public var time: TimeSteps?
  /// Also shuffles each feature this often and tells how much worse predictions become.
  public var shuffles: Int?
  public var seed: UInt64

  public init(
    model: Model, method: Method? = nil, background: Background? = nil, rows: Int? = nil,
    hasInteractions: Bool = false, aggregate: ShapAggregate = .meanAbsolute, output: ExplainedOutput = .margin,
    link: CoalitionLink = .identity, samples: Int? = nil, label: String? = nil, local: LocalFile? = nil,
    seed: UInt64 = 0
  ) {
    (self.model, self.method, self.background, self.rows) = (model, method, background, rows)
    (self.hasInteractions, self.aggregate, self.output, self.label) = (hasInteractions, aggregate, output, label)
    (self.link, self.samples, self.local, self.seed) = (link, samples, local, seed)
  }

  /// The same explanation with the values of each row in a file, and nothing that takes further predictions.
  public func writing(_ path: String) -> ExplainSpec {
    var spec = self
    (spec.local, spec.effects, spec.shuffles, spec.group) = (.init(path), nil, nil, nil)
    spec.hasInteractions = false
    return spec
  }

  /// `Explain income`, or `Explain model.json`.
  public var defaultName: String {
    switch model {
    case .trained(let target): "Explain \(target)"
    case .path(let path): "Explain \(path.split(separator: "/").last.map(String.init) ?? path)"
    }
  }

  /// Rows that are explained where nobody says how many and each of them takes many predictions.
  public static let askedRows = 100
}

/// What an explanation of a table found.
public struct ExplainedTable: Codable, Sendable, Equatable {
  public var explanation: Explanation
  /// Some rows, evenly spread, for pictures.
  public var kept: [ExplanationBuilder.Kept]

  /// The steps in time whose values these are; nil where columns have no order.
  public var time: ExplainSpec.TimeSteps?

  public init(
    explanation: Explanation, kept: [ExplanationBuilder.Kept], time: ExplainSpec.TimeSteps? = nil
  ) {
    (self.explanation, self.kept, self.time) = (explanation, kept, time)
  }
}
