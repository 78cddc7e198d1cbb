// An ensemble that was read from a file, asked without its library: sums of leaves in the order of the trees, and what the
// objective makes of them, in the precision and order in which LightGBM 4 and XGBoost 3 take them. Training, and whatever cannot
// be laid out for walks, stays with the libraries; they are the oracles of the tests.

import Explain
import Foundation
import Synchronization

/// Trees and what is made of their sums. Any number of threads may ask, each with a `WalkedRow`.
final class WalkedModel: Sendable {
  fileprivate enum Link { case identity, logistic, softmax }

  let trees: WalkedTrees
  /// Sums of the leaves: 1, or one for each class.
  let sums: Int
  fileprivate let bases: [Double]
  fileprivate let link: Link
  /// Trees of an output whose mean is the answer; 1 where it is their sum.
  fileprivate let divisor: Double
  fileprivate let isSingle: Bool

  private init?(_ ensemble: TreeEnsemble, width: Int, divisor: Double) {
    guard let trees = WalkedTrees(ensemble, width: width) else { return nil }
    self.trees = trees
    self.divisor = divisor
    (sums, bases, isSingle) = (ensemble.outputs, ensemble.baseMargins, ensemble.roundsToSingle)
    switch ensemble.objective.split(separator: " ").first ?? "" {
    case "regression", "regression_l1", "reg:squarederror", "reg:absoluteerror": link = .identity
    case "binary", "binary:logistic": link = .logistic
    case "multiclass", "multi:softprob": link = .softmax
    default: return nil
    }
    // LightGBM's other sigmoids, and roots of labels.
    guard ensemble.link != .identity || link == .identity, !ensemble.objective.contains("sqrt") else { return nil }
  }

  /// Nil where the library has to be asked.
  static func lightGBM(_ text: String, width: Int) -> WalkedModel? {
    // A forest's file says that its trees are averaged; they are added up first, as the library does.
    let flag = "\naverage_output\n"
    let head = text.range(of: "\nTree=").map { text[..<$0.lowerBound] } ?? ""
    let isAverage = head.contains(flag)
    let plain = isAverage ? text.replacing(flag, with: "\n", maxReplacements: 1) : text
    guard let ensemble = try? TreeEnsemble(text: plain) else { return nil }
    let rounds = max(1, ensemble.trees.count / max(1, ensemble.outputs))
    return WalkedModel(ensemble, width: width, divisor: isAverage ? Double(rounds) : 1)
  }

  /// Nil where the library has to be asked.
  static func xgboost(_ bytes: Data, width: Int) -> WalkedModel? {
    guard let ensemble = try? TreeEnsemble(bytes, path: "the trees") else { return nil }
    return WalkedModel(ensemble, width: width, divisor: 1)
  }
}

/// Trees that are read and laid out when somebody first asks them: whoever only looks at a bundle does not wait for it.
final class AwaitedTrees: Sendable {
  /// What makes them is let go once they are made: it holds the text of the model.
  private enum State {
    case waiting(@Sendable () -> WalkedModel?)
    case made(WalkedModel?)
  }

  private let state: Mutex<State>

  init(_ make: @escaping @Sendable () -> WalkedModel?) { state = Mutex(.waiting(make)) }

  /// Nil where the library has to be asked.
  var model: WalkedModel? {
    state.withLock { state in
      switch state {
      case .made(let model): return model
      case .waiting(let make):
        let model = make()
        state = .made(model)
        return model
      }
    }
  }
}

/// One thread's way to ask such a model.
final class WalkedRow: RowModel {
  private let model: WalkedModel
  private let walk: TreeWalk
  private let outputs: Int
  /// Sums of XGBoost's, in its precision.
  private let singles: UnsafeMutablePointer<Float>

  /// - Parameter outputs: 2 gives the chances of both classes, where the model has that of the second.
  init(_ model: WalkedModel, outputs: Int) {
    self.model = model
    self.outputs = outputs
    walk = TreeWalk(model.trees)
    singles = .allocate(capacity: model.sums)
    singles.initialize(repeating: 0, count: model.sums)
  }

  deinit { singles.deallocate() }

  func predict(_ features: UnsafePointer<Double>, _ answers: UnsafeMutablePointer<Double>) {
    let leaves = walk.leaves(of: features)
    let isPair = outputs == 2 && model.sums == 1
    let sums = isPair ? answers + 1 : answers
    if model.isSingle { addSingles(leaves, sums) } else { add(leaves, sums) }
    if isPair { answers[0] = 1 - answers[1] }
  }

  private func add(_ leaves: UnsafeBufferPointer<Double>, _ sums: UnsafeMutablePointer<Double>) {
    let count = model.sums
    for position in 0..<count { sums[position] = 0 }
    if count == 1 {
      var sum = 0.0
      for leaf in leaves { sum += leaf }
      sums[0] = sum
    } else {
      for (tree, output) in model.trees.outputs.enumerated() { sums[output] += leaves[tree] }
    }
    if model.divisor != 1 { for position in 0..<count { sums[position] /= model.divisor } }
    switch model.link {
    case .identity: break
    case .logistic: sums[0] = 1 / (1 + exp(-sums[0]))
    case .softmax:
      var largest = sums[0]
      for position in 1..<count { largest = max(sums[position], largest) }
      var total = 0.0
      for position in 0..<count {
        sums[position] = exp(sums[position] - largest)
        total += sums[position]
      }
      for position in 0..<count { sums[position] /= total }
    }
  }

  private func addSingles(_ leaves: UnsafeBufferPointer<Double>, _ answers: UnsafeMutablePointer<Double>) {
    let count = model.sums
    for position in 0..<count { singles[position] = Float(model.bases[position]) }
    for (tree, output) in model.trees.outputs.enumerated() { singles[output] += Float(leaves[tree]) }
    switch model.link {
    case .identity: break
    case .logistic: singles[0] = 1 / (exp(min(-singles[0], 88.7)) + 1 + 1e-16)
    case .softmax:
      var largest = singles[0]
      for position in 1..<count { largest = max(singles[position], largest) }
      var total = 0.0
      for position in 0..<count {
        singles[position] = exp(singles[position] - largest)
        total += Double(singles[position])
      }
      for position in 0..<count { singles[position] /= Float(total) }
    }
    for position in 0..<count { answers[position] = Double(singles[position]) }
  }
}

extension RowModel {
  /// Answers for many rows, `[rows × outputs]`.
  func predictions(_ matrix: FeatureMatrix, outputs: Int) throws -> [Double] {
    var result = [Double](repeating: 0, count: matrix.rows * outputs)
    guard matrix.rows > 0 else { return result }
    try result.withUnsafeMutableBufferPointer { answers in
      try withUnsafeTemporaryAllocation(of: Double.self, capacity: max(matrix.features, 1)) { row in
        guard let features = row.baseAddress, let first = answers.baseAddress else { return }
        for number in 0..<matrix.rows {
          for feature in 0..<matrix.features { features[feature] = matrix.values[feature * matrix.rows + number] }
          try predict(features, first + number * outputs)
        }
      }
    }
    return result
  }
}
