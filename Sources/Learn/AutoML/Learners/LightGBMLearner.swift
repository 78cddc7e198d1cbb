// Gradient boosting by LightGBM (Ke et al. 2017), stopped where the validation rows are predicted best.

import Foundation
import Jobs

struct LightGBMLearner: Learner {
  let options: BoostingOptions

  func fit(_ task: TrainingTask, context: any JobContext) throws -> any TrainedModel {
    let booster = try growing(task, context)
    var stopping = EarlyStopping(isHigherBetter: Self.metric(task).isHigherBetter)
    while booster.trees < options.rounds {
      try context.checkCancelled()
      guard try booster.grow() else { break }
      let score = try booster.evaluation()
      context.emit(
        LearningStep(step: booster.trees, steps: options.rounds, score: score, name: Self.metric(task).name))
      if !stopping.goesOn(score, rounds: booster.trees, patience: options.patience) || task.deadline.hasPassed { break }
    }
    let text = try booster.text(rounds: max(stopping.bestRounds, 1))
    return try LightGBMModel(text: text, outputs: task.labels.outputs)
  }

  private func growing(_ task: TrainingTask, _ context: any JobContext) throws -> any GrowingTrees {
    let parameters = parameters(task)
    let matrix = task.features.matrix
    if let pool = task.workers {
      return try SharedBooster(
        LabelledRows(matrix: matrix, labels: Self.floats(task.labels), weights: task.weights),
        judged: LabelledRows(
          matrix: task.validation.matrix, labels: Self.floats(task.validationLabels), weights: task.validationWeights),
        parameters: parameters, classes: task.labels.outputs > 2 ? task.labels.outputs : 1, seed: task.seed, pool: pool,
        context: context)
    }
    let train = try LightGBMDataset(matrix, parameters: parameters, threads: 1)
    try train.setLabel(Self.floats(task.labels))
    let validation = try LightGBMDataset(
      task.validation.matrix, parameters: parameters, threads: 1, reference: train)
    try validation.setLabel(Self.floats(task.validationLabels))
    if let weights = task.weights { try train.setWeight(weights) }
    if let weights = task.validationWeights { try validation.setWeight(weights) }
    return try LightGBMBooster(train, features: matrix.features, parameters: parameters, validation: validation)
  }

  private func parameters(_ task: TrainingTask) -> String {
    let objective: String
    switch task.labels {
    case .numbers: objective = task.objective == .mae ? "regression_l1" : "regression"
    case .classes(_, let count): objective = count == 2 ? "binary" : "multiclass num_class=\(count)"
    }
    let categorical = task.features.categorical.map(String.init).joined(separator: ",")
    return [
      "objective=\(objective) metric=\(Self.metric(task).name) boosting=gbdt deterministic=true force_row_wise=true",
      "verbosity=-1 seed=\(Int(task.seed & 0x3FFF_FFFF)) learning_rate=\(options.rate)",
      "num_leaves=\(options.leaves) max_depth=\(options.depth > 0 ? options.depth : -1)",
      "min_data_in_leaf=\(options.rowsPerLeaf) feature_fraction=\(options.featureFraction)",
      options.rowFraction < 1 ? "bagging_freq=1 bagging_fraction=\(options.rowFraction)" : "",
      "lambda_l1=\(options.l1) lambda_l2=\(options.l2) max_bin=\(options.bins) feature_pre_filter=false",
      options.isExtra ? "extra_trees=true" : "", categorical.isEmpty ? "" : "categorical_feature=\(categorical)",
    ].joined(separator: " ")
  }

  private static func metric(_ task: TrainingTask) -> (name: String, isHigherBetter: Bool) {
    switch task.labels {
    case .numbers: (task.objective == .mae ? "l1" : "l2", false)
    case .classes(_, 2) where task.objective == .auc && task.validationLabels.hasBothClasses: ("auc", true)
    case .classes(_, 2): ("binary_logloss", false)
    case .classes: ("multi_logloss", false)
    }
  }

  static func floats(_ labels: Labels) -> [Float] {
    switch labels {
    case .classes(let codes, _): codes.map { Float($0) }
    case .numbers(let numbers): numbers.map { Float($0) }
    }
  }
}

extension Labels {
  /// True where two classes both occur, so that one can rank.
  var hasBothClasses: Bool {
    guard case .classes(let codes, 2) = self else { return false }
    return codes.contains(0) && codes.contains(1)
  }
}

/// Trees as LightGBM wrote them down.
///
/// LightGBM locks a booster while it predicts for several threads, and nothing changes one that was read.
final class LightGBMModel: TrainedModel, @unchecked Sendable {
  private static let file = "model.txt"
  let text: String
  let booster: LightGBMBooster
  let outputs: Int
  /// The trees without the library; nil while training, which asks too few rows to gain by it.
  var walked: WalkedModel? { trees?.model }
  private let trees: AwaitedTrees?

  init(text: String, outputs: Int, trees: AwaitedTrees? = nil) throws {
    self.text = text
    self.outputs = outputs
    self.trees = trees
    booster = try LightGBMBooster(text: text)
  }

  convenience init(_ files: [String: Data], width: Int, outputs: Int) throws {
    let text = String(decoding: try modelFile(Self.file, files), as: UTF8.self)
    try self.init(text: text, outputs: outputs, trees: AwaitedTrees { .lightGBM(text, width: width) })
    guard booster.features == width, booster.classes == (outputs == 2 ? 1 : outputs) else {
      throw BundleError.damaged(file: Self.file, reason: "has other features or classes than the bundle")
    }
  }

  func predict(_ features: EncodedFeatures) throws -> [Double] {
    if let walked { return try WalkedRow(walked, outputs: outputs).predictions(features.matrix, outputs: outputs) }
    let values = try booster.predict(features.matrix, threads: 1, width: outputs == 2 ? 1 : outputs)
    return outputs == 2 ? values.flatMap { [1 - $0, $0] } : values
  }

  func files() -> [String: Data] { [Self.file: Data(text.utf8)] }
}
