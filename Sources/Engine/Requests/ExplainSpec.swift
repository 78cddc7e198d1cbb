import Explain
import Frame

/// How the predictions of a model shall be explained.
public struct ExplainSpec: Codable, Sendable, Equatable {
  /// How the values are found.
  public enum Method: String, Codable, Sendable, CaseIterable {
    /// The exact values of tree models, at any depth and number of features.
    case tree
    /// The definition: every subset of up to 16 features. Slow; to check the others.
    case exact
  }

  /// Where absent features take their values from.
  public enum Background: Codable, Sendable, Equatable {
    case source(Source)
    /// Rows of what is explained, drawn at random.
    case sample(Int)
  }

  /// The file of the model.
  public var model: String
  public var method: Method
  /// Nil lets absent features follow the training rows through each tree.
  public var background: Background?
  /// How many rows to explain, drawn at random where there are more; nil explains all.
  public var rows: Int?
  public var hasInteractions: Bool
  public var aggregate: ShapAggregate
  public var output: ExplainedOutput
  /// The column of labels that a loss is taken of.
  public var label: String?
  /// Where the values of each row go: a Parquet, CSV or JSON file.
  public var localPath: String?
  public var seed: UInt64

  public init(
    model: String, method: Method = .tree, background: Background? = nil, rows: Int? = nil,
    hasInteractions: Bool = false, aggregate: ShapAggregate = .meanAbsolute, output: ExplainedOutput = .margin,
    label: String? = nil, localPath: String? = nil, seed: UInt64 = 0
  ) {
    (self.model, self.method, self.background, self.rows) = (model, method, background, rows)
    (self.hasInteractions, self.aggregate, self.output, self.label) = (hasInteractions, aggregate, output, label)
    (self.localPath, self.seed) = (localPath, seed)
  }
}

/// What an explanation of a table found.
public struct ExplainedTable: Sendable, Equatable {
  public let explanation: Explanation
  /// Some rows, evenly spread, for pictures.
  public let kept: [ExplanationBuilder.Kept]

  public init(explanation: Explanation, kept: [ExplanationBuilder.Kept]) {
    (self.explanation, self.kept) = (explanation, kept)
  }
}
