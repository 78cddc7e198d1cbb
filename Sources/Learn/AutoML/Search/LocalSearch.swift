// Cost-frugal local search for the settings of boosted trees (Wu, Wang and Huang 2021, "Frugal optimization for cost-related
// hyperparameters", AAAI): a random direction from the best point, then the opposite one, moving whenever that is better. Only
// comparisons are needed. The learner that is tried next is drawn by what an improvement is expected to cost.

import Foundation
import Numerics

/// The settings of boosted trees as a point of the unit cube, most of them on a logarithmic scale.
struct BoostingSpace: Sendable {
  static let dimensions = 7
  let leafLimit: Int

  init(rows: Int) { leafLimit = min(512, max(8, rows / 10)) }

  func options(_ point: [Double], like base: BoostingOptions) -> BoostingOptions {
    func power(_ share: Double, _ low: Double, _ high: Double) -> Double { low * pow(high / low, share) }
    var options = base
    options.leaves = Int(power(point[0], 3, Double(leafLimit)).rounded())
    options.depth = base.depth > 0 ? Int((2 + point[0] * 8).rounded()) : 0
    options.rowsPerLeaf = Int(power(point[1], 1, 129).rounded())
    options.rate = power(point[2], 0.01, 0.3)
    options.featureFraction = 0.2 + 0.8 * point[3]
    options.rowFraction = 0.4 + 0.6 * point[4]
    options.l2 = power(point[5], 0.001, 100)
    options.l1 = power(point[6], 0.0001, 10)
    return options
  }

  func point(_ options: BoostingOptions) -> [Double] {
    func share(_ value: Double, _ low: Double, _ high: Double) -> Double {
      min(max(log(max(value, low) / low) / log(high / low), 0), 1)
    }
    let size =
      options.depth > 0 ? Double(options.depth - 2) / 8 : share(Double(options.leaves), 3, Double(leafLimit))
    return [
      min(max(size, 0), 1), share(Double(options.rowsPerLeaf), 1, 129), share(options.rate, 0.01, 0.3),
      (options.featureFraction - 0.2) / 0.8, (options.rowFraction - 0.4) / 0.6, share(options.l2, 0.001, 100),
      share(options.l1, 0.0001, 10),
    ]
  }
}

/// One thread of search around the best candidate of a learner.
struct LocalSearch: Sendable {
  private(set) var incumbent: CandidateSpec
  private(set) var gain: Double
  private let space: BoostingSpace
  private var center: [Double]
  private var step = 0.1 * Double(BoostingSpace.dimensions).squareRoot()
  private var direction: [Double]?
  private var failures = 0
  private var trials = 0
  private var trialsAtShrink = 1
  private var costSinceBest: Double
  private(set) var lastCost: Double

  /// Nil for a learner whose settings are not searched.
  init?(_ spec: CandidateSpec, gain: Double, cost: Double, space: BoostingSpace) {
    guard let options = spec.boosting else { return nil }
    incumbent = spec
    self.gain = gain
    self.space = space
    center = space.point(options)
    costSinceBest = cost
    lastCost = cost
  }

  /// Below this step the settings hardly differ any more.
  var hasConverged: Bool { step < 0.01 }

  /// What an improvement is expected to cost, in seconds.
  var expectedCost: Double { max(costSinceBest, lastCost, 0.01) }

  mutating func propose(_ random: inout RandomSource) -> CandidateSpec {
    let sign: Double = direction == nil ? 1 : -1
    let unit = direction ?? Self.unitVector(&random)
    direction = sign > 0 ? unit : nil
    lastPoint = zip(center, unit).map { min(max($0 + sign * step * $1, 0), 1) }
    guard let options = incumbent.boosting else { return incumbent }
    return incumbent.with(space.options(lastPoint, like: options))
  }

  private var lastPoint: [Double] = []

  /// Notes how the last proposal did.
  mutating func note(_ spec: CandidateSpec, gain: Double, cost: Double) {
    trials += 1
    lastCost = cost
    costSinceBest += cost
    if gain > self.gain {
      (incumbent, self.gain, center) = (spec, gain, lastPoint)
      (direction, failures, costSinceBest) = (nil, 0, cost)
      return
    }
    failures += 1
    guard failures >= 1 << min(9, BoostingSpace.dimensions - 2) else { return }
    step *= (Double(trialsAtShrink) / Double(trials)).squareRoot()
    (trialsAtShrink, failures) = (trials, 0)
  }

  private static func unitVector(_ random: inout RandomSource) -> [Double] {
    let values = (0..<BoostingSpace.dimensions).map { _ in random.nextNormal() }
    let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return values.map { $0 / max(length, 1e-12) }
  }
}

extension CandidateSpec {
  /// The settings of boosted trees; nil for other learners.
  var boosting: BoostingOptions? {
    switch learner {
    case .lightGBM(let options), .xgboost(let options): options
    case .forest, .linear, .neighbors, .bayes, .network: nil
    }
  }

  func with(_ options: BoostingOptions) -> CandidateSpec {
    switch learner {
    case .lightGBM: CandidateSpec(.lightGBM(options), recipe, takesLog: takesLog, base: base)
    case .xgboost: CandidateSpec(.xgboost(options), recipe, takesLog: takesLog, base: base)
    case .forest, .linear, .neighbors, .bayes, .network: self
    }
  }
}
