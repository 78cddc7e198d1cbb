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
  /// How much each row learnt from counts, and each row to stop by; nil where all count alike. Their mean is 1.
  var weights: [Float]?
  var validationWeights: [Float]?
  let objective: Objective
  let seed: UInt64
  let deadline: Deadline
  /// Who grows the trees of LightGBM; nil for this process alone.
  var workers: WorkerPool?
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
  case network(NetworkSettings)

  /// What people call it.
  public var name: String {
    switch self {
    case .lightGBM(let options): options.isExtra ? "LightGBM extra trees" : "LightGBM"
    case .forest: "Random forest"
    case .xgboost: "XGBoost"
    case .linear: "Linear"
    case .neighbors: "Nearest neighbors"
    case .bayes: "Naive Bayes"
    case .network: "Neural network"
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
    case .network(let settings): settings.text
    }
  }

  /// Whether workers grow its trees, where there are some.
  var isShared: Bool { if case .lightGBM = self { true } else { false } }

  var learner: any Learner {
    switch self {
    case .lightGBM(let options): LightGBMLearner(options: options)
    case .forest(let settings): ForestLearner(settings: settings)
    case .xgboost(let options): XGBoostLearner(options: options)
    case .linear(let settings): LinearLearner(settings: settings)
    case .neighbors(let settings): NeighborLearner(settings: settings)
    case .bayes(let settings): BayesLearner(settings: settings)
    case .network(let settings): NetworkLearner(settings: settings)
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
    case .network: try NetworkModel(files, width: width, outputs: outputs)
    }
  }
}

/// As JSON one key, the learner's, and below it the settings; what is not there has its default.
extension LearnerSpec {
  private enum Kind: String, CodingKey, CaseIterable {
    case lightGBM = "lightgbm"
    case forest
    case xgboost
    case linear
    case neighbors
    case bayes
    case network
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Kind.self)
    guard container.allKeys.count == 1, let kind = container.allKeys.first else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath,
          debugDescription: "A learner is one of \(Kind.allCases.map(\.rawValue).joined(separator: ", "))."))
    }
    switch kind {
    case .lightGBM: self = .lightGBM(try container.decode(BoostingOptions.self, forKey: kind))
    case .forest: self = .forest(try container.decode(ForestSettings.self, forKey: kind))
    case .xgboost: self = .xgboost(try container.decode(BoostingOptions.self, forKey: kind))
    case .linear: self = .linear(try container.decode(LinearSettings.self, forKey: kind))
    case .neighbors: self = .neighbors(try container.decode(NeighborSettings.self, forKey: kind))
    case .bayes: self = .bayes(try container.decode(BayesSettings.self, forKey: kind))
    case .network: self = .network(try container.decode(NetworkSettings.self, forKey: kind))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Kind.self)
    switch self {
    case .lightGBM(let options): try container.encode(options, forKey: .lightGBM)
    case .forest(let settings): try container.encode(settings, forKey: .forest)
    case .xgboost(let options): try container.encode(options, forKey: .xgboost)
    case .linear(let settings): try container.encode(settings, forKey: .linear)
    case .neighbors(let settings): try container.encode(settings, forKey: .neighbors)
    case .bayes(let settings): try container.encode(settings, forKey: .bayes)
    case .network(let settings): try container.encode(settings, forKey: .network)
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
