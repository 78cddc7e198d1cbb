// Greedy ensemble selection with replacement (Caruana et al. 2004, doi:10.1145/1015330.1015432): to the running mean of
// predictions the candidate is added that makes the figure best, again and again; the best prefix is kept. On top: a temperature
// for probabilities (Guo et al. 2017, arXiv:1706.04599) and a threshold for decisions between two classes.

import Foundation
import Jobs
import Numerics
import Synchronization

/// What a figure needs to know of predictions, so that thousands of means can be judged in a second.
struct PredictionView: Sendable {
  /// `[rows]` or, where all classes matter, `[rows × outputs]`.
  let values: [Double]
  /// Numbers of a row.
  private let width: Int

  init(_ predictions: [Double], _ labels: Labels, _ objective: Objective) {
    switch labels {
    case .numbers:
      values = predictions
      width = 1
    case .classes(let codes, let count):
      if objective == .logLoss {
        values = codes.indices.map { predictions[$0 * count + codes[$0]] }
        width = 1
      } else if count == 2 {
        values = codes.indices.map { predictions[$0 * 2 + 1] }
        width = 1
      } else {
        values = predictions
        width = count
      }
    }
  }

  private init(values: [Double], width: Int) { (self.values, self.width) = (values, width) }

  /// The same of some rows.
  func selecting(_ rows: [Int]) -> PredictionView {
    if width == 1 { return PredictionView(values: rows.map { values[$0] }, width: 1) }
    return PredictionView(values: rows.flatMap { values[$0 * width..<($0 + 1) * width] }, width: width)
  }

  /// The gain of the mean of `count` views whose sum is given.
  static func gain(_ sum: [Double], count: Int, _ labels: Labels, _ objective: Objective) -> Double {
    let share = 1 / Double(count)
    switch labels {
    case .numbers: return objective.gain(objective.value(labels, sum.map { $0 * share }))
    case .classes(let codes, let classes):
      if objective == .logLoss {
        let floor = Double.ulpOfOne
        return sum.reduce(0) { $0 + log(min(max($1 * share, floor), 1 - floor)) } / Double(max(codes.count, 1))
      }
      if classes == 2, objective == .auc { return rankingArea(codes, sum, scale: share) }
      if classes == 2 {
        let both = sum.flatMap { [1 - $0 * share, $0 * share] }
        return objective.gain(objective.value(labels, both))
      }
      return objective.gain(objective.value(labels, sum.map { $0 * share }))
    }
  }

  /// The area under the receiver operating characteristic by counting sort; scores are told apart to 2⁻³¹.
  static func rankingArea(_ codes: [Int], _ scores: [Double], scale: Double) -> Double {
    var keys = scores.indices.map { row in
      UInt32(min(max(scores[row] * scale, 0), 1) * 2_147_483_647) << 1 | UInt32(codes[row] & 1)
    }
    var other = keys
    for shift in [UInt32(0), 11, 22] {
      var starts = [Int](repeating: 0, count: 2049)
      for key in keys { starts[Int((key >> shift) & 2047) + 1] += 1 }
      for index in 1..<2049 { starts[index] += starts[index - 1] }
      for key in keys {
        let bucket = Int((key >> shift) & 2047)
        other[starts[bucket]] = key
        starts[bucket] += 1
      }
      swap(&keys, &other)
    }
    var (positives, negatives, area) = (0.0, 0.0, 0.0)
    var index = 0
    while index < keys.count {
      let score = keys[index] >> 1
      var (up, down) = (0.0, 0.0)
      while index < keys.count, keys[index] >> 1 == score {
        if keys[index] & 1 == 1 { up += 1 } else { down += 1 }
        index += 1
      }
      area += up * (negatives + down / 2)
      positives += up
      negatives += down
    }
    return positives > 0 && negatives > 0 ? area / (positives * negatives) : -.infinity
  }
}

enum GreedyEnsemble {
  /// How often each candidate is taken, by its position; empty without candidates.
  static func select(
    _ views: [PredictionView], gains: [Double], labels: Labels, objective: Objective, rounds: Int, threads: Int
  ) throws -> [Int: Int] {
    let allowed = views.indices.filter { gains[$0].isFinite }.sorted { (gains[$0], $1) > (gains[$1], $0) }
    guard let first = allowed.first else { return [:] }
    var sum = views[first].values
    var chosen = [first]
    var best = (gain: PredictionView.gain(sum, count: 1, labels, objective), length: 1)
    while chosen.count < rounds {
      let found = Mutex([Double](repeating: -.infinity, count: allowed.count))
      try inParallel(allowed.count, threads: threads) { [sum, length = chosen.count + 1] position in
        let trial = added(sum, views[allowed[position]].values)
        let gain = PredictionView.gain(trial, count: length, labels, objective)
        found.withLock { $0[position] = gain }
      }
      var next: (gain: Double, candidate: Int)?
      for (candidate, gain) in zip(allowed, found.withLock { $0 }) {
        // Of equals one that is in already, which costs nothing to serve.
        let isBetter = next.map { gain > $0.gain || (gain == $0.gain && chosen.contains(candidate)) } ?? true
        if isBetter { next = (gain, candidate) }
      }
      guard let next else { break }
      chosen.append(next.candidate)
      sum = added(sum, views[next.candidate].values)
      if next.gain > best.gain { best = (next.gain, chosen.count) }
      // A mean that has not become better for long will not.
      if chosen.count - best.length > 10 { break }
    }
    return chosen.prefix(best.length).reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }

  private static func added(_ left: [Double], _ right: [Double]) -> [Double] {
    [Double](unsafeUninitializedCapacity: left.count) { buffer, count in
      for index in left.indices { buffer[index] = left[index] + right[index] }
      count = left.count
    }
  }

  /// The temperature under which out-of-fold probabilities have the least log-loss, in 0.4 … 2.5; 1 for numbers.
  static func temperature(_ predictions: [Double], labels: Labels) -> Double {
    guard case .classes = labels else { return 1 }
    func loss(_ logarithm: Double) -> Double {
      Objective.logLoss.value(labels, tempered(predictions, exp(logarithm), classes: labels.outputs)) ?? .infinity
    }
    // Golden-section search: the loss is convex in 1/T.
    let ratio = (5.0.squareRoot() - 1) / 2
    var (low, high) = (log(0.4), log(2.5))
    var (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
    var (lossLeft, lossRight) = (loss(left), loss(right))
    for _ in 0..<14 {
      if lossLeft < lossRight {
        (high, right, lossRight) = (right, left, lossLeft)
        left = high - ratio * (high - low)
        lossLeft = loss(left)
      } else {
        (low, left, lossLeft) = (left, right, lossRight)
        right = low + ratio * (high - low)
        lossRight = loss(right)
      }
    }
    let best = (low + high) / 2
    return loss(best) < loss(0) ? exp(best) : 1
  }

  /// Probabilities to the power 1/T, each row summing to 1.
  static func tempered(_ predictions: [Double], _ temperature: Double, classes: Int) -> [Double] {
    guard temperature != 1, classes > 1 else { return predictions }
    var result = predictions
    for start in stride(from: 0, to: result.count, by: classes) {
      var sum = 0.0
      for index in start..<start + classes {
        result[index] = pow(max(result[index], 1e-15), 1 / temperature)
        sum += result[index]
      }
      for index in start..<start + classes { result[index] /= sum }
    }
    return result
  }

  /// The threshold of the second of two classes that makes the figure best; one half where no other is better.
  static func threshold(_ predictions: [Double], labels: Labels, objective: Objective) -> Double {
    guard objective.hasThreshold, labels.outputs == 2 else { return 0.5 }
    let sorted = stride(from: 1, to: predictions.count, by: 2).map { predictions[$0] }.sorted()
    guard !sorted.isEmpty else { return 0.5 }
    var best = (threshold: 0.5, gain: objective.gain(objective.value(labels, predictions)))
    for step in 1..<100 {
      // Between two rows, so that a threshold does not hang on the last digit of one.
      let at = step * (sorted.count - 1) / 100
      let threshold = (sorted[at] + sorted[min(at + 1, sorted.count - 1)]) / 2
      let gain = objective.gain(objective.value(labels, predictions, threshold: threshold))
      if gain > best.gain { best = (threshold, gain) }
    }
    return best.threshold
  }
}
