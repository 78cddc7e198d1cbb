// A linear model: least squares for numbers, logistic for two classes, and for more one against the rest for each.

import Foundation
import Jobs

/// How a linear model is fitted.
public struct LinearSettings: Codable, Hashable, Sendable {
  /// The share of the penalty that goes to the size of coefficients, rather than to their square: 0 … 1.
  public var mixing: Double
  /// Penalties that are tried; the validation rows choose.
  public var penalties: Int

  public init(mixing: Double = 0.2, penalties: Int = 14) {
    (self.mixing, self.penalties) = (mixing, penalties)
  }
}

struct LinearLearner: Learner {
  let settings: LinearSettings

  func fit(_ task: TrainingTask, context: any JobContext) throws -> any TrainedModel {
    let net = try ElasticNet(
      task.features.matrix, weights: task.weights?.map { Double($0) }, context: context)
    switch (task.labels, task.validationLabels) {
    case (.classes(let codes, let count), .classes(let judged, _)):
      let learnt = count == 2 ? [1] : Array(0..<count)
      let fits = try learnt.map { label in
        try best(
          net, codes.map { $0 == label ? 1 : 0 }, judged.map { $0 == label ? 1 : 0 }, loss: .logistic, task, context)
      }
      return LinearModel(fits: fits, outputs: count)
    case (.numbers(let numbers), .numbers(let judged)):
      return LinearModel(fits: [try best(net, numbers, judged, loss: .squared, task, context)], outputs: 1)
    case (.classes, .numbers), (.numbers, .classes):
      throw LearnError.library(call: "The linear learner", reason: "labels and validation labels differ in kind")
    }
  }

  /// The fit of the path that predicts the validation rows best.
  private func best(
    _ net: ElasticNet, _ targets: [Double], _ judged: [Double], loss: ElasticNet.Loss, _ task: TrainingTask,
    _ context: any JobContext
  ) throws -> ElasticNet.Fit {
    var best = ElasticNet.Fit(intercept: 0, coefficients: [])
    var least = Double.infinity
    var worse = 0
    try net.path(
      targets, loss: loss, mixing: settings.mixing, penalties: settings.penalties, context: context
    ) { fit in
      let scores = fit.scores(task.validation.matrix)
      var risk = 0.0
      for (score, label) in zip(scores, judged) { risk += Self.risk(score, label, loss) }
      if risk < least {
        (least, best, worse) = (risk, fit, 0)
      } else {
        worse += 1
      }
      return worse < 3 && !task.deadline.hasPassed
    }
    return best
  }

  private static func risk(_ score: Double, _ label: Double, _ loss: ElasticNet.Loss) -> Double {
    switch loss {
    case .squared: return (score - label) * (score - label)
    case .logistic:
      // ln(1 + e^score) − label · score, without overflow.
      let softened = max(score, 0) + log1p(exp(-abs(score)))
      return softened - label * score
    }
  }
}

/// Coefficients, as JSON.
struct LinearModel: TrainedModel {
  private static let file = "linear.json"
  private let fits: [ElasticNet.Fit]
  private let outputs: Int

  init(fits: [ElasticNet.Fit], outputs: Int) {
    (self.fits, self.outputs) = (fits, outputs)
  }

  init(_ files: [String: Data], width: Int, outputs: Int) throws {
    fits = try modelValue([ElasticNet.Fit].self, Self.file, files)
    self.outputs = outputs
    guard fits.count == (outputs > 2 ? outputs : 1), fits.allSatisfy({ $0.coefficients.count == width }) else {
      throw BundleError.damaged(file: Self.file, reason: "has other features or classes than the bundle")
    }
  }

  func predict(_ features: EncodedFeatures) -> [Double] {
    let scores = fits.map { $0.scores(features.matrix) }
    guard outputs > 1 else { return scores[0] }
    if outputs == 2 {
      return scores[0].flatMap { score in
        let probability = 1 / (1 + exp(-score))
        return [1 - probability, probability]
      }
    }
    var result: [Double] = []
    result.reserveCapacity(features.matrix.rows * outputs)
    for row in 0..<features.matrix.rows {
      let shares = scores.map { 1 / (1 + exp(-$0[row])) + 1e-12 }
      let sum = shares.reduce(0, +)
      result += shares.map { $0 / sum }
    }
    return result
  }

  func files() throws -> [String: Data] { [Self.file: try JSONEncoder.sorted.encode(fits)] }
}

/// What a file leaves out has its default.
extension LinearSettings {
  private enum CodingKeys: String, CodingKey {
    case mixing
    case penalties
  }

  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.container(keyedBy: CodingKeys.self)
    mixing = try container.decodeIfPresent(Double.self, forKey: .mixing) ?? mixing
    penalties = try container.decodeIfPresent(Int.self, forKey: .penalties) ?? penalties
  }
}
