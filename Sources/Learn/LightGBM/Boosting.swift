// Gradient boosted trees (Friedman 2001, doi:10.1214/aos/1013203451) on LightGBM. How many trees there are is decided on a
// tenth of the rows that no tree sees: as many as give the best area under the ROC curve, or the least squared error.

import Jobs
import Numerics

/// How trees are boosted.
struct FoldBoostingOptions {
  var seed: UInt64
  var threads: Int
  /// Features whose values are codes without an order.
  var categorical: [Int]
  var mostTrees = 600
  /// Trees between two looks at the rows set aside.
  var stride = 10
  /// Trees without a better figure after which no more are grown.
  var patience = 60

  func parameters(objective: String, rows: Int) -> String {
    let leaf = max(1, min(20, rows / 50))
    return [
      "boosting=gbdt objective=\(objective) deterministic=true force_row_wise=true verbosity=-1",
      "seed=\(Int(seed & 0x3FFF_FFFF)) learning_rate=0.06 num_leaves=31 min_data_in_leaf=\(leaf)",
      "bagging_freq=1 bagging_fraction=0.8 feature_fraction=0.8 lambda_l2=1 feature_pre_filter=false",
      "min_data_per_group=\(max(1, min(50, rows / 50))) cat_smooth=10",
      categorical.isEmpty ? "" : "categorical_feature=" + categorical.map(String.init).joined(separator: ","),
    ].joined(separator: " ")
  }
}

/// Grown boosted trees: one ensemble for numbers and for two classes, one for each of several classes.
struct Boosting {
  private var ensembles: [(booster: LightGBMBooster, trees: Int)] = []
  private let classes: Int?
  let center: Double
  let scale: Double
  private let threads: Int

  /// - Throws: `JobCancelled` between two trees, `LearnError`.
  init(_ matrix: FeatureMatrix, label: Labels, options: FoldBoostingOptions, context: any JobContext) throws {
    threads = options.threads
    let split: TrainTestSplit
    let tasks: [[Double]]
    switch label {
    case .classes(let codes, let count):
      (classes, center, scale) = (count, 0, 1)
      split = .stratified(labels: codes, fraction: 0.9, seed: options.seed)
      tasks = (count == 2 ? [1] : Array(0..<count)).map { label in codes.map { $0 == label ? 1 : 0 } }
    case .numbers(let numbers):
      let middle = Statistics.mean(numbers)
      let spread = Statistics.standardDeviation(numbers, correction: 0)
      (classes, center, scale) = (nil, middle, spread > 0 ? spread : 1)
      split = .random(rows: matrix.rows, fraction: 0.9, seed: options.seed)
      tasks = [numbers.map { [center, scale] in ($0 - center) / scale }]
    }
    let parameters = options.parameters(objective: classes == nil ? "regression" : "binary", rows: matrix.rows)
    let dataset = try LightGBMDataset(
      matrix.selecting(split.train), parameters: parameters, threads: options.threads)
    let aside = matrix.selecting(split.test)
    for (position, task) in tasks.enumerated() {
      try dataset.setLabel(split.train.map { Float(task[$0]) })
      let booster = try LightGBMBooster(dataset, features: matrix.features, parameters: parameters)
      let range = Double(position) / Double(tasks.count)...Double(position + 1) / Double(tasks.count)
      let trees = try grow(
        booster, against: aside, split.test.map { task[$0] }, options, PartContext(of: context, range))
      ensembles.append((booster, trees))
    }
  }

  /// - Returns: how many of the trees are best on the rows set aside.
  private func grow(
    _ booster: LightGBMBooster, against aside: FeatureMatrix, _ truth: [Double], _ options: FoldBoostingOptions,
    _ context: any JobContext
  ) throws -> Int {
    var best = (trees: 0, figure: -Double.infinity)
    while booster.trees < options.mostTrees, booster.trees - best.trees < options.patience || best.trees == 0 {
      for _ in 0..<options.stride {
        try context.checkCancelled()
        guard try booster.grow() else { return best.trees > 0 ? best.trees : booster.trees }
      }
      context.report(Double(booster.trees) / Double(options.mostTrees), "tree \(booster.trees)")
      let figure = figure(try booster.predict(aside, threads: threads), truth)
      if figure > best.figure { best = (booster.trees, figure) }
    }
    return best.trees
  }

  private func figure(_ predicted: [Double], _ truth: [Double]) -> Double {
    if classes != nil,
      let area = ClassificationMetrics.areaUnderROC(isPositive: truth.map { $0 > 0.5 }, scores: predicted)
    {
      return area
    }
    return -zip(predicted, truth).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }

  /// LightGBM's text of each ensemble, as far as it counts.
  func texts() throws -> [String] { try ensembles.map { try $0.booster.text(rounds: $0.trees) } }

  /// The predicted number of each row.
  func numbers(_ matrix: FeatureMatrix) throws -> [Double] {
    try ensembles[0].booster.predict(matrix, threads: threads, trees: ensembles[0].trees).map { center + scale * $0 }
  }

  /// The probability of each class, `[rows × classes]`, each row summing to 1.
  func probabilities(_ matrix: FeatureMatrix, context: any JobContext) throws -> [Double] {
    let classes = classes ?? 1
    var result = [Double](repeating: 0, count: matrix.rows * classes)
    for (position, ensemble) in ensembles.enumerated() {
      try context.checkCancelled()
      let values = try ensemble.booster.predict(matrix, threads: threads, trees: ensemble.trees)
      for (row, value) in values.enumerated() {
        if ensembles.count == 1 {
          result[row * classes] = 1 - value
          result[row * classes + 1] = value
        } else {
          result[row * classes + position] = value
        }
      }
    }
    for row in 0..<matrix.rows {
      let range = row * classes..<(row + 1) * classes
      let sum = result[range].reduce(0, +)
      for index in range { result[index] = sum > 0 ? result[index] / sum : 1 / Double(classes) }
    }
    return result
  }

  /// The mean size of the SHAP values of groups of features, in log-odds or in the label's unit; the values of a group's
  /// features are added up before their size is taken.
  /// - Parameter groups: the group of each feature, in 0 ..< `groupCount`.
  func meanContributionSizes(
    _ matrix: FeatureMatrix, groups: [Int], groupCount: Int, context: any JobContext
  ) throws -> [Double] {
    var sums = [Double](repeating: 0, count: groupCount)
    guard matrix.rows > 0 else { return sums }
    let (width, batch) = (matrix.features + 1, 25)
    for (position, ensemble) in ensembles.enumerated() where ensemble.trees > 0 {
      for start in stride(from: 0, to: matrix.rows, by: batch) {
        try context.checkCancelled()
        let rows = start..<min(start + batch, matrix.rows)
        let values = try ensemble.booster.contributions(
          matrix.selecting(rows), threads: threads, trees: ensemble.trees)
        for row in 0..<rows.count {
          var grouped = [Double](repeating: 0, count: groupCount)
          for (feature, group) in groups.enumerated() { grouped[group] += values[row * width + feature] }
          for group in 0..<groupCount { sums[group] += abs(grouped[group]) }
        }
        let done = Double(position) + Double(rows.upperBound) / Double(matrix.rows)
        context.report(done / Double(ensembles.count), "explaining \(rows.upperBound) of \(matrix.rows) rows")
      }
    }
    return sums.map { $0 * scale / Double(matrix.rows * ensembles.count) }
  }
}
