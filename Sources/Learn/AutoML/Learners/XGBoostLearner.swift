// Gradient boosting by XGBoost (Chen and Guestrin 2016, doi:10.1145/2939672.2939785), stopped where the validation rows are
// predicted best.

import Foundation
import Jobs
import Synchronization

struct XGBoostLearner: Learner {
  let options: BoostingOptions

  func fit(_ task: TrainingTask, context: any JobContext) throws -> any TrainedModel {
    let train = try XGBoostMatrix(task.features.matrix)
    try train.setLabel(LightGBMLearner.floats(task.labels))
    let validation = try XGBoostMatrix(task.validation.matrix)
    try validation.setLabel(LightGBMLearner.floats(task.validationLabels))
    if let weights = task.weights { try train.setWeight(weights) }
    if let weights = task.validationWeights { try validation.setWeight(weights) }
    let metric = Self.metric(task)
    let booster = try XGBoostBooster(train, validation: validation, parameters: parameters(task, metric: metric.name))
    var stopping = EarlyStopping(isHigherBetter: metric.isHigherBetter)
    while booster.rounds < options.rounds {
      try context.checkCancelled()
      try booster.grow()
      let score = try booster.evaluation()
      context.emit(LearningStep(step: booster.rounds, steps: options.rounds, score: score, name: metric.name))
      if !stopping.goesOn(score, rounds: booster.rounds, patience: options.patience) || task.deadline.hasPassed {
        break
      }
    }
    return try XGBoostModel(bytes: booster.bytes(rounds: max(stopping.bestRounds, 1)), outputs: task.labels.outputs)
  }

  private func parameters(_ task: TrainingTask, metric: String) -> [(String, String)] {
    var parameters = [
      ("tree_method", "hist"), ("nthread", "1"), ("verbosity", "0"), ("seed", "\(task.seed & 0x3FFF_FFFF)"),
      ("eval_metric", metric), ("eta", "\(options.rate)"), ("min_child_weight", "\(options.rowsPerLeaf)"),
      ("subsample", "\(options.rowFraction)"), ("colsample_bytree", "\(options.featureFraction)"),
      ("lambda", "\(options.l2)"), ("alpha", "\(options.l1)"), ("max_bin", "\(options.bins)"),
      ("max_depth", "\(options.depth)"),
    ]
    if options.depth == 0 { parameters += [("grow_policy", "lossguide"), ("max_leaves", "\(options.leaves)")] }
    switch task.labels {
    case .numbers:
      parameters.append(("objective", task.objective == .mae ? "reg:absoluteerror" : "reg:squarederror"))
    case .classes(_, 2): parameters.append(("objective", "binary:logistic"))
    case .classes(_, let count): parameters += [("objective", "multi:softprob"), ("num_class", "\(count)")]
    }
    return parameters
  }

  private static func metric(_ task: TrainingTask) -> (name: String, isHigherBetter: Bool) {
    switch task.labels {
    case .numbers: (task.objective == .mae ? "mae" : "rmse", false)
    case .classes(_, 2) where task.objective == .auc && task.validationLabels.hasBothClasses: ("auc", true)
    case .classes(_, 2): ("logloss", false)
    case .classes: ("mlogloss", false)
    }
  }
}

/// Trees as XGBoost wrote them down. Its boosters keep caches while they predict, so one thread at a time may.
final class XGBoostModel: TrainedModel, @unchecked Sendable {
  private static let file = "model.ubj"
  let bytes: Data
  private let booster: XGBoostBooster
  let outputs: Int
  /// The trees without the library; nil while training, which asks too few rows to gain by it.
  var walked: WalkedModel? { trees?.model }
  private let trees: AwaitedTrees?
  private let guardian = Mutex(())

  init(bytes: Data, outputs: Int, trees: AwaitedTrees? = nil) throws {
    self.bytes = bytes
    self.outputs = outputs
    self.trees = trees
    booster = try XGBoostBooster(bytes)
  }

  convenience init(_ files: [String: Data], width: Int, outputs: Int) throws {
    let bytes = try modelFile(Self.file, files)
    try self.init(bytes: bytes, outputs: outputs, trees: AwaitedTrees { .xgboost(bytes, width: width) })
    guard booster.features == width else {
      throw BundleError.damaged(file: Self.file, reason: "has other features than the bundle")
    }
  }

  func predict(_ features: EncodedFeatures) throws -> [Double] {
    if let walked { return try WalkedRow(walked, outputs: outputs).predictions(features.matrix, outputs: outputs) }
    return try guardian.withLock { _ in
      let values = try booster.predict(features.matrix, width: outputs == 2 ? 1 : outputs)
      return outputs == 2 ? values.flatMap { [1 - $0, $0] } : values
    }
  }

  func files() -> [String: Data] { [Self.file: bytes] }
}
