// What every learner of an AutoML run can do, and what each is called.

import Foundation
import Jobs

/// A moment after which work should end with what it has. While a run is paused, it moves on.
struct Deadline: Sendable {
  private let nanoseconds: UInt64
  private let control: AutoMLControl?
  private let pausedBefore: Double

  static var none: Deadline { Deadline(in: .infinity) }

  /// - Parameter seconds: from now on; none left for a negative number.
  init(in seconds: Double, control: AutoMLControl? = nil) {
    let now = DispatchTime.now().uptimeNanoseconds
    nanoseconds = seconds > 1e9 ? .max : now &+ UInt64(max(seconds, 0) * 1e9)
    self.control = control
    pausedBefore = control?.pausedSeconds ?? 0
  }

  var hasPassed: Bool { left <= 0 }

  /// Seconds left; 0 when it has passed.
  var left: Double {
    if nanoseconds == .max { return .infinity }
    let now = DispatchTime.now().uptimeNanoseconds
    let moved = control.map { $0.pausedSeconds - pausedBefore } ?? 0
    return max(0, (nanoseconds > now ? Double(nanoseconds - now) : -Double(now - nanoseconds)) / 1e9 + moved)
  }
}

/// Rows to learn from, and rows to stop by.
struct TrainingTask: Sendable {
  let features: EncodedFeatures
  /// Classes, or numbers of mean 0 and standard deviation 1.
  let labels: Labels
  /// Rows that the model is judged on while it grows: it keeps the state that was best on them.
  let validation: EncodedFeatures
  let validationLabels: Labels
  let objective: Objective
  let seed: UInt64
  let deadline: Deadline
}

/// A way to learn. One thread: folds are what runs in parallel, so that a model never depends on the number of threads.
protocol Learner: Sendable {
  /// - Throws: `LearnError`, or `JobCancelled` soon after the context asks for it.
  func fit(_ task: TrainingTask, context: any JobContext) throws -> any TrainedModel
}

/// What was learnt. Any number of threads may ask it at once.
protocol TrainedModel: Sendable {
  /// What it says about each row, `[rows × outputs]`: probabilities that sum to 1, or a number.
  func predict(_ features: EncodedFeatures) throws -> [Double]

  /// Itself as files, by name.
  func files() throws -> [String: Data]
}

/// A learner with its settings, as it is kept on disk.
public enum LearnerSpec: Codable, Hashable, Sendable {
  case lightGBM(BoostingOptions)
  case forest(ForestSettings)
  case xgboost(BoostingOptions)
  case linear(LinearSettings)
  case neighbors(NeighborSettings)
  case bayes(BayesSettings)

  /// What people call it.
  public var name: String {
    switch self {
    case .lightGBM(let options): options.isExtra ? "LightGBM extra trees" : "LightGBM"
    case .forest: "Random forest"
    case .xgboost: "XGBoost"
    case .linear: "Linear"
    case .neighbors: "Nearest neighbors"
    case .bayes: "Naive Bayes"
    }
  }

  /// Its settings as one line.
  public var text: String {
    switch self {
    case .lightGBM(let options), .xgboost(let options): options.text
    case .forest(let settings):
      "\(settings.trees) trees, \(settings.leaves) leaves, \(settings.rowsPerLeaf) rows a leaf"
    case .linear(let settings): "elastic net, \(Int(settings.mixing * 100)) % L1, penalty by validation"
    case .neighbors(let settings): "up to \(settings.neighbors) neighbors, number by validation"
    case .bayes: "bins and levels by their shares"
    }
  }

  var learner: any Learner {
    switch self {
    case .lightGBM(let options): LightGBMLearner(options: options)
    case .forest(let settings): ForestLearner(settings: settings)
    case .xgboost(let options): XGBoostLearner(options: options)
    case .linear(let settings): LinearLearner(settings: settings)
    case .neighbors(let settings): NeighborLearner(settings: settings)
    case .bayes(let settings): BayesLearner(settings: settings)
    }
  }

  /// The model that `files` were written by.
  ///
  /// - Parameters:
  ///   - width: the numbers that it will be given for a row.
  ///   - outputs: those that it has to answer with.
  /// - Throws: `BundleError.damaged` where they do not fit.
  func load(_ files: [String: Data], width: Int, outputs: Int) throws -> any TrainedModel {
    switch self {
    case .lightGBM: try LightGBMModel(files, width: width, outputs: outputs)
    case .forest: try ForestModel(files, width: width, outputs: outputs)
    case .xgboost: try XGBoostModel(files, width: width, outputs: outputs)
    case .linear: try LinearModel(files, width: width, outputs: outputs)
    case .neighbors: try NeighborModel(files, width: width, outputs: outputs)
    case .bayes: try BayesModel(files, width: width, outputs: outputs)
    }
  }
}

/// Reads a file of a model.
func modelFile(_ name: String, _ files: [String: Data]) throws -> Data {
  guard let data = files[name] else { throw BundleError.damaged(file: name, reason: "is missing") }
  return data
}

/// Reads a value from a JSON file of a model.
func modelValue<Value: Decodable>(_ type: Value.Type, _ name: String, _ files: [String: Data]) throws -> Value {
  do {
    return try JSONDecoder().decode(type, from: modelFile(name, files))
  } catch let error as DecodingError {
    throw BundleError.damaged(file: name, reason: "cannot be read (\(error.shortText))")
  }
}

extension DecodingError {
  /// What was wrong, in a few words.
  var shortText: String {
    switch self {
    case .dataCorrupted(let context), .keyNotFound(_, let context), .typeMismatch(_, let context),
      .valueNotFound(_, let context):
      context.debugDescription.trimmingCharacters(in: CharacterSet(charactersIn: ". "))
    @unknown default: "unknown"
    }
  }
}
