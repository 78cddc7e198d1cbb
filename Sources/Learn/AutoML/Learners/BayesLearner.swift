// Naive Bayes: every feature speaks for itself. Numbers are sorted into bins of equally many rows, and bins and levels speak by
// their smoothed shares; missing ones say nothing. Only for classes.

import Foundation
import Jobs

/// How naive Bayes is fitted.
public struct BayesSettings: Codable, Hashable, Sendable {
  /// Rows that each level of a category is taken to have had besides those seen.
  public var smoothing: Double

  public init(smoothing: Double = 1) { self.smoothing = smoothing }
}

struct BayesLearner: Learner {
  let settings: BayesSettings

  func fit(_ task: TrainingTask, context: any JobContext) throws -> any TrainedModel {
    guard case .classes(let codes, let count) = task.labels else {
      throw LearnError.library(call: "Naive Bayes", reason: "it learns classes only")
    }
    var sizes = [Double](repeating: 0, count: count)
    let weights = task.weights.map { $0.map { Double($0) } } ?? Array(repeating: 1, count: codes.count)
    for (code, weight) in zip(codes, weights) { sizes[code] += weight }
    let categorical = Set(task.features.categorical)
    let matrix = task.features.matrix
    var features: [BayesModel.Feature] = []
    for feature in 0..<matrix.features {
      try context.checkCancelled()
      let values = Array(matrix.column(feature))
      features.append(
        categorical.contains(feature)
          ? .levels(levels(values, codes, weights, count)) : numbers(values, codes, weights, count))
    }
    let priors = sizes.map { log(($0 + 1) / (Double(codes.count) + Double(count))) }
    var model = BayesModel(priors: priors, features: features, temperature: 1)
    // Features repeat one another, so naive Bayes is too sure; the validation rows say by how much.
    if case .classes(let judged, _) = task.validationLabels {
      var least = Double.infinity
      var best = 1.0
      for temperature in [1, 1.5, 2, 3, 4.5, 7, 10, 15] {
        try context.checkCancelled()
        model.temperature = temperature
        let answers = model.predict(task.validation)
        let loss = Objective.logLoss.value(.classes(judged, count: count), answers) ?? .infinity
        if loss < least { (least, best) = (loss, temperature) }
      }
      model.temperature = best
    }
    return model
  }

  /// ln of the share of each level, `[classes][levels]`, one more level for those not seen.
  private func levels(_ values: [Double], _ codes: [Int], _ weights: [Double], _ count: Int) -> [[Double]] {
    let width = Int(values.lazy.filter { !$0.isNaN }.max() ?? -1) + 2
    var counts = Array(repeating: [Double](repeating: settings.smoothing, count: width), count: count)
    for (row, value) in values.enumerated() where !value.isNaN { counts[codes[row]][Int(value)] += weights[row] }
    return counts.map { shares in
      let sum = shares.reduce(0, +)
      return shares.map { log($0 / sum) }
    }
  }

  /// Bins between quantiles: as many as the square root of the rows allows, 24 at most.
  private func numbers(_ values: [Double], _ codes: [Int], _ weights: [Double], _ count: Int) -> BayesModel.Feature {
    let present = values.filter { !$0.isNaN }.sorted()
    let wanted = min(24, max(2, Int(Double(present.count).squareRoot() / 2)))
    var edges: [Double] = []
    for step in 1..<wanted where !present.isEmpty {
      let edge = present[step * (present.count - 1) / wanted]
      if edges.last.map({ $0 < edge }) ?? true { edges.append(edge) }
    }
    let binned = values.map { $0.isNaN ? $0 : Double(BayesModel.bin($0, edges)) }
    return .numbers(edges: edges, levels(binned, codes, weights, count))
  }
}

/// What each feature says about each class, as JSON.
struct BayesModel: TrainedModel, Codable {
  enum Feature: Codable, Hashable {
    /// Bins that each include their upper edge, and ln of their shares, `[classes][bins]`.
    case numbers(edges: [Double], [[Double]])
    /// ln of the share of each level, `[classes][levels]`.
    case levels([[Double]])
  }

  /// The bin of a number: how many edges lie below it.
  static func bin(_ value: Double, _ edges: [Double]) -> Int {
    var (low, high) = (0, edges.count)
    while low < high {
      let middle = (low + high) / 2
      if edges[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static let file = "bayes.json"
  private let priors: [Double]
  private let features: [Feature]
  var temperature: Double

  init(priors: [Double], features: [Feature], temperature: Double) {
    (self.priors, self.features, self.temperature) = (priors, features, temperature)
  }

  init(_ files: [String: Data], width: Int, outputs: Int) throws {
    self = try modelValue(BayesModel.self, Self.file, files)
    let fits = features.allSatisfy { feature in
      switch feature {
      case .numbers(_, let shares), .levels(let shares):
        shares.count == outputs && shares.allSatisfy { !$0.isEmpty && $0.count == shares[0].count }
      }
    }
    guard fits, features.count == width, priors.count == outputs, outputs > 1, temperature > 0 else {
      throw BundleError.damaged(file: Self.file, reason: "has other features or classes than the bundle")
    }
  }

  func predict(_ input: EncodedFeatures) -> [Double] {
    let (rows, classes) = (input.matrix.rows, priors.count)
    var logs = [Double](repeating: 0, count: rows * classes)
    for row in 0..<rows { for label in 0..<classes { logs[row * classes + label] = priors[label] } }
    for (position, feature) in features.enumerated() {
      for (row, value) in input.matrix.column(position).enumerated() where !value.isNaN {
        let (level, shares) =
          switch feature {
          case .numbers(let edges, let shares): (Self.bin(value, edges), shares)
          case .levels(let shares): (Int(min(max(value, 0), 1e6)), shares)
          }
        for label in 0..<classes {
          logs[row * classes + label] += shares[label][min(max(level, 0), shares[label].count - 1)]
        }
      }
    }
    for row in 0..<rows {
      let range = row * classes..<(row + 1) * classes
      let largest = logs[range].max() ?? 0
      var sum = 0.0
      for index in range {
        logs[index] = exp((logs[index] - largest) / temperature) + 1e-12
        sum += logs[index]
      }
      for index in range { logs[index] /= sum }
    }
    return logs
  }

  func files() throws -> [String: Data] { [Self.file: try JSONEncoder.sorted.encode(self)] }
}

/// What a file leaves out has its default.
extension BayesSettings {
  private enum CodingKeys: String, CodingKey {
    case smoothing
  }

  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.container(keyedBy: CodingKeys.self)
    smoothing = try container.decodeIfPresent(Double.self, forKey: .smoothing) ?? smoothing
  }
}
