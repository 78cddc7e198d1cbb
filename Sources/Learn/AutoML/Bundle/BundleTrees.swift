// What the trees of a bundle add up to, so that they can be explained exactly instead of by asking for predictions.

import Explain
import Frame
import Jobs

/// The trees of a bundle whose answers are sums of them.
///
/// Numbers are the bundle's own predictions. Of classes it is the log-odds: those of the prediction where one model answers, and
/// otherwise the mean of the log-odds of the models of a candidate's folds, which is close to that of their mean probability.
public struct BundleTrees: Sendable {
  /// The trees of one fold's model, scaled by its share, and the column that each of its features is made of.
  public struct Part: Sendable {
    public let model: TreeEnsemble
    public let columnOfFeature: [Int]
    fileprivate let recipe: FittedRecipe
  }

  public let parts: [Part]
  /// Classes that have log-odds of their own; 1 for numbers and for two classes.
  public let outputs: Int
  private let schema: FeatureSchema
  private let encoder: OpenEncoder?

  /// Nil where something else than trees answers: other learners, candidates that see others, logarithms of labels, forests of
  /// classes (whose probabilities are cut off), or several candidates that vote on classes.
  public init?(_ bundle: ModelBundle) throws {
    let manifest = bundle.manifest
    let isClassifier = manifest.problem.isClassification
    guard !isClassifier || manifest.members.count == 1 else { return nil }
    outputs = manifest.problem == .multiclass ? manifest.classes.count : 1
    (schema, encoder) = (manifest.schema, bundle.encoder)
    var parts: [Part] = []
    for expert in bundle.experts where expert.weight > 0 {
      guard expert.recipe.stack == nil, expert.label.smear == nil, var model = try Self.trees(expert.model),
        model.outputs == outputs
      else { return nil }
      let scale = expert.weight * (isClassifier ? 1 / manifest.temperature : expert.label.scale)
      model.scale(by: scale, adding: isClassifier ? 0 : expert.weight * expert.label.center)
      parts.append(Part(model: model, columnOfFeature: expert.recipe.columnOfFeature, recipe: expert.recipe))
    }
    guard !parts.isEmpty else { return nil }
    self.parts = parts
  }

  private static func trees(_ model: any TrainedModel) throws -> TreeEnsemble? {
    switch model {
    case let model as LightGBMModel: return try TreeEnsemble(text: model.text)
    case let model as XGBoostModel: return try TreeEnsemble(model.bytes, path: "the trees")
    case let model as ForestModel where !model.forest.isClassifier:
      let found = try model.forest.parts
      var trees = try TreeEnsemble(text: found.texts[0])
      trees.scale(by: found.scale, adding: found.center)
      return trees
    default: return nil
    }
  }

  /// A table as the features of each part.
  /// - Parameter table: has the columns of the bundle, by name.
  public func rows(of table: DataTable, context: any JobContext = SilentContext()) throws -> [FeatureRows] {
    let prepared = try PreparedTable(table, schema: schema, encoder: encoder, context: context)
    let all = Array(0..<table.rowCount)
    return parts.map { part in
      let matrix = part.recipe.transform(prepared, rows: all).matrix
      return FeatureRows(count: all.count, columns: (0..<matrix.features).map { Array(matrix.column($0)) })
    }
  }
}

extension FittedRecipe {
  /// By feature the column that it is made of.
  fileprivate var columnOfFeature: [Int] {
    columns.indices.flatMap { Array(repeating: $0, count: Self.width(columns[$0])) }
  }
}
