// A random forest (Breiman 2001, doi:10.1023/A:1010933404324) on LightGBM's forest mode.
//
// Classes are fitted as probabilities: a forest of regression trees on 0 and 1 for each class (one alone for two classes).
// The variance that a split takes away from a 0/1 label is half its Gini impurity, and a leaf holds the share of its rows
// that are of the class, so this is the classical probability forest (Malley et al. 2012, doi:10.3414/ME00-01-0052).
// LightGBM's own `binary` objective is not used in forest mode: one Newton step from the prior misjudges rare classes.

import Jobs
import Numerics

/// How a forest is grown.
struct ForestOptions {
  var trees: Int
  var depth: Int
  var leaves: Int
  var rowsPerLeaf: Int
  var rowFraction: Double
  var featureFraction: Double
  var seed: UInt64
  var threads: Int
  /// Features whose values are codes without an order.
  var categorical: [Int]

  /// Features of the matrix.
  var features: Int

  /// Bins of a feature's values. Each leaf keeps a histogram of all of them, so very wide tables get coarser ones.
  private var bins: Int { min(max(125_000 / max(features, 1), 15), 255) }

  /// The share of the features that a tree may use: of many thousands, two thousand.
  private var treeFeatureFraction: Double { features > 2000 ? 2000 / Double(features) : 1 }

  /// LightGBM's parameters. Categories are regularised by leaving out levels of fewer than ten rows in a node
  /// (`cat_smooth`), not by shrinking their leaves (`cat_l2`): in a forest that would pull leaves to the overall mean.
  var parameters: String {
    let seed = Int(seed & 0x3FFF_FFFF)
    return [
      "boosting=rf objective=regression deterministic=true force_row_wise=true verbosity=-1",
      "seed=\(seed) bagging_freq=1 bagging_fraction=\(rowFraction) feature_fraction_bynode=\(featureFraction)",
      "feature_fraction=\(treeFeatureFraction)",
      "num_leaves=\(leaves) max_depth=\(depth) min_data_in_leaf=\(rowsPerLeaf) min_sum_hessian_in_leaf=0",
      "cat_l2=0 cat_smooth=10 min_data_per_group=10 max_bin=\(bins) min_data_in_bin=1 feature_pre_filter=false",
      categorical.isEmpty ? "" : "categorical_feature=" + categorical.map(String.init).joined(separator: ","),
    ].joined(separator: " ")
  }
}

/// A grown forest.
struct Forest {
  let boosters: [LightGBMBooster]
  let classes: Int?
  let center: Double
  let scale: Double
  private let threads: Int

  /// Grows a forest, tree by tree.
  ///
  /// - Parameter deadline: stops growing then, with one tree at least for each class.
  /// - Throws: `JobCancelled` between two trees, `LearnError`.
  init(
    _ matrix: FeatureMatrix, label: Labels, weights: [Float]? = nil, options: ForestOptions,
    deadline: Deadline = .none, context: any JobContext
  ) throws {
    let dataset = try LightGBMDataset(matrix, parameters: options.parameters, threads: options.threads)
    if let weights { try dataset.setWeight(weights) }
    var boosters: [LightGBMBooster] = []
    let tasks: [[Float]]
    switch label {
    case .classes(let codes, let count):
      // Of two classes the second is learnt; the first is the rest.
      let learnt = count == 2 ? [1] : Array(0..<count)
      tasks = learnt.map { label in codes.map { $0 == label ? 1 : 0 } }
      (classes, center, scale) = (count, 0, 1)
    case .numbers(let numbers):
      // LightGBM keeps labels in 32 bits: centred and scaled, large numbers with small differences survive.
      let middle = Statistics.mean(numbers)
      let spread = Statistics.standardDeviation(numbers, correction: 0)
      (classes, center, scale) = (nil, middle, spread > 0 ? spread : 1)
      tasks = [numbers.map { [center, scale] in Float(($0 - center) / scale) }]
    }
    threads = options.threads
    for (position, task) in tasks.enumerated() {
      try dataset.setLabel(task)
      let booster = try LightGBMBooster(dataset, features: matrix.features, parameters: options.parameters)
      let share = Deadline(in: deadline.left / Double(tasks.count - position))
      for tree in 0..<options.trees {
        try context.checkCancelled()
        if tree > 0, share.hasPassed { break }
        guard try booster.grow() else { break }
        let grown = position * options.trees + tree + 1
        let total = tasks.count * options.trees
        context.report(Double(grown) / Double(total), "tree \(grown) of \(total)")
      }
      boosters.append(booster)
    }
    self.boosters = boosters
  }

  /// A forest of boosters that were kept.
  init(boosters: [LightGBMBooster], classes: Int?, center: Double, scale: Double) {
    (self.boosters, self.classes, self.center, self.scale) = (boosters, classes, center, scale)
    threads = 1
  }

  /// True where it predicts classes.
  var isClassifier: Bool { classes != nil }

  /// LightGBM's text of each booster, and what the forest adds to them.
  var parts: (texts: [String], classes: Int?, center: Double, scale: Double) {
    get throws { (try boosters.map { try $0.text() }, classes, center, scale) }
  }

  /// The predicted number of each row.
  func numbers(_ matrix: FeatureMatrix) throws -> [Double] {
    try boosters[0].predict(matrix, threads: threads).map { center + scale * $0 }
  }

  /// The probability of each class, `[rows × classes]`, each row summing to 1.
  func probabilities(_ matrix: FeatureMatrix, context: any JobContext) throws -> [Double] {
    let classes = classes ?? 1
    var result = [Double](repeating: 0, count: matrix.rows * classes)
    for (position, booster) in boosters.enumerated() {
      try context.checkCancelled()
      for (row, value) in try booster.predict(matrix, threads: threads).enumerated() {
        let probability = min(max(value, 0), 1)
        if boosters.count == 1 {
          result[row * classes] = 1 - probability
          result[row * classes + 1] = probability
        } else {
          result[row * classes + position] = probability
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

  /// The share of the impurity taken away that each feature has, `[features]`, summing to 1 (or all 0 without any split).
  func gainShares() throws -> [Double] {
    var sums: [Double] = []
    for booster in boosters {
      let gains = try booster.gains()
      sums = sums.isEmpty ? gains : zip(sums, gains).map(+)
    }
    let total = sums.reduce(0, +)
    return total > 0 ? sums.map { $0 / total } : sums
  }

  /// The mean size of the SHAP values of groups of features, in the label's unit or in probability.
  ///
  /// The values of a group's features are added up before their size is taken, so that a group counts as one.
  ///
  /// - Parameter groups: the group of each feature, in 0 ..< `groupCount`.
  func meanContributionSizes(
    _ matrix: FeatureMatrix, groups: [Int], groupCount: Int, context: any JobContext
  ) throws -> [Double] {
    var sums = [Double](repeating: 0, count: groupCount)
    guard matrix.rows > 0 else { return sums }
    let width = matrix.features + 1
    let batch = 25
    for (position, booster) in boosters.enumerated() where booster.trees > 0 {
      for start in stride(from: 0, to: matrix.rows, by: batch) {
        try context.checkCancelled()
        let rows = start..<min(start + batch, matrix.rows)
        let values = try booster.contributions(matrix.selecting(rows), threads: threads)
        for row in 0..<rows.count {
          var grouped = [Double](repeating: 0, count: groupCount)
          for (feature, group) in groups.enumerated() { grouped[group] += values[row * width + feature] }
          for group in 0..<groupCount { sums[group] += abs(grouped[group]) }
        }
        let done = Double(position) + Double(rows.upperBound) / Double(matrix.rows)
        context.report(done / Double(boosters.count), "explaining \(rows.upperBound) of \(matrix.rows) rows")
      }
    }
    // LightGBM adds the trees of a forest up where its prediction is their mean.
    let trees = Double(max(boosters[0].trees, 1))
    let count = Double(matrix.rows * boosters.count) * trees
    return sums.map { $0 * scale / count }
  }
}
