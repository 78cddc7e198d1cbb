// Predictions of rows by models that have not seen them: the rows are split into folds, and those of a fold are predicted
// by a model of the others (Stone 1974, doi:10.1111/j.2517-6161.1974.tb00994.x). Not tuned, and not kept.

import Foundation
import Frame
import Jobs
import Numerics

/// What learns.
public enum FoldLearner: String, Codable, Sendable, CaseIterable {
  /// A random forest, as in a Quick Model.
  case forest
  /// Gradient boosted trees, as many as give the best area under the ROC curve on rows set aside.
  case boosted
}

/// What fold models are asked to do.
public struct FoldOptions: Sendable, Hashable {
  public var target: String
  /// What to take the label for: classes or numbers, never to be guessed.
  public var isRegression: Bool
  public var learner: FoldLearner
  public var folds: Int
  public var seed: UInt64
  /// Columns that no model uses.
  public var without: Set<String>
  /// Nil for one, and one a core for large tables.
  public var threads: Int?

  public init(
    target: String, isRegression: Bool = false, learner: FoldLearner = .forest, folds: Int = 5, seed: UInt64 = 42,
    without: Set<String> = [], threads: Int? = nil
  ) {
    (self.target, self.isRegression, self.learner) = (target, isRegression, learner)
    (self.folds, self.seed, self.without, self.threads) = (folds, seed, without, threads)
  }

  /// The fold of a row by its number in the whole table. Of each `folds` rows in a row every one has another.
  public func fold(ofRow row: Int) -> Int {
    var random = SplitMix64(seed: seed ^ UInt64(bitPattern: Int64(row / folds)) &* 0x9E37_79B9_7F4A_7C15)
    return (row % folds + Int(random.next() % UInt64(folds))) % folds
  }
}

/// A model for each fold.
public struct FoldModels {
  private enum Model {
    case forest(Forest)
    case boosted(Boosting)
  }

  /// The values of the label, the most frequent first; nil where it is a number.
  public let classes: [String]?
  /// What the reader should know of rows and columns.
  public let notes: [String]
  private let options: FoldOptions
  private let models: [(pipeline: FeaturePipeline, model: Model)]

  /// Trains the models.
  /// - Parameters:
  ///   - table: rows to learn from, all or a sample.
  ///   - rows: for each its number in the whole table, which says its fold.
  /// - Throws: `LearnError` in a sentence for the reader, `JobCancelled`.
  public init(
    _ table: DataTable, rows: [Int], options: FoldOptions, context: any JobContext = SilentContext()
  ) throws {
    try self.init(table, rows: rows, options: options, models: options.folds, context: context)
  }

  /// - Parameter count: how many of the folds get a model, from the first on.
  init(_ table: DataTable, rows: [Int], options: FoldOptions, models count: Int, context: any JobContext) throws {
    try LightGBM.load()
    self.options = options
    let kept = DataTable(
      columns: table.columns.filter { !options.without.contains($0.column.name) || $0.column.name == options.target },
      rowCount: table.rowCount)
    let label = try LabelReview(
      kept, rows: Array(0..<kept.rowCount), target: options.target,
      choice: options.isRegression ? .regression : .classification)
    switch label.values {
    case .classes(_, let names): classes = names
    case .numbers: classes = nil
    }
    var models: [(FeaturePipeline, Model)] = []
    var notes = label.notes
    for fold in 0..<count {
      let range = Double(fold) / Double(count)...Double(fold + 1) / Double(count)
      let part = PartContext(of: context, range)
      part.report(0, "model \(fold + 1) of \(count)")
      let chosen = label.rows.indices.filter { options.fold(ofRow: rows[label.rows[$0]]) != fold }
      guard !chosen.isEmpty else {
        throw LearnError.tooFewRows(target: options.target, rows: label.rows.count, minimum: options.folds)
      }
      let pipeline = try FeaturePipeline.fit(
        kept, rows: chosen.map { label.rows[$0] }, target: options.target, context: part)
      guard !pipeline.columns.isEmpty else {
        throw LearnError.noFeatures(target: options.target, excluded: pipeline.excluded)
      }
      let matrix = try pipeline.transform(kept, rows: chosen.map { label.rows[$0] }, context: part)
      models.append((pipeline, try Self.grow(matrix, pipeline, Self.values(label, chosen), options, part)))
      if fold == 0 { notes += pipeline.notes }
    }
    self.models = models
    self.notes = notes
  }

  private static func values(_ label: LabelReview, _ chosen: [Int]) -> Labels {
    switch label.values {
    case .classes(let codes, let names): .classes(chosen.map { codes[$0] }, count: names.count)
    case .numbers(let numbers): .numbers(chosen.map { numbers[$0] })
    }
  }

  private static func grow(
    _ matrix: FeatureMatrix, _ pipeline: FeaturePipeline, _ label: Labels, _ options: FoldOptions,
    _ context: any JobContext
  ) throws -> Model {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let threads = options.threads ?? (matrix.rows * matrix.features < 10_000_000 ? 1 : cores)
    let categorical = pipeline.features.enumerated().filter(\.element.isCategorical).map(\.offset)
    if options.learner == .boosted {
      let boosting = FoldBoostingOptions(seed: options.seed, threads: threads, categorical: categorical)
      return .boosted(try Boosting(matrix, label: label, options: boosting, context: context))
    }
    let defaults = QuickModelOptions(target: options.target)
    var trees = defaults.trees
    if case .classes(_, let count) = label, count > 5 { trees = min(trees, max(10, 300 / count)) }
    let forest = ForestOptions(
      trees: trees, depth: defaults.depth, leaves: options.isRegression ? 255 : 127,
      rowsPerLeaf: defaults.rowsPerLeaf, rowFraction: defaults.rowFraction,
      featureFraction: options.isRegression ? 0.7 : 0.4, seed: options.seed, threads: threads,
      categorical: categorical, features: matrix.features)
    return .forest(try Forest(matrix, label: label, options: forest, context: context))
  }

  /// The prediction of each row by the model of its fold.
  /// - Parameter rows: for each row its number in the whole table.
  /// - Returns: `[rows × classes]` probabilities, or `[rows]` numbers.
  public func predict(
    _ table: DataTable, rows: [Int], context: any JobContext = SilentContext()
  ) throws -> [Double] {
    let width = classes?.count ?? 1
    var result = [Double](repeating: .nan, count: rows.count * width)
    for fold in models.indices {
      try context.checkCancelled()
      let chosen = rows.indices.filter { options.fold(ofRow: rows[$0]) == fold }
      guard !chosen.isEmpty else { continue }
      let values = try predict(table, rows: chosen, fold: fold, context: context)
      for (place, row) in chosen.enumerated() {
        for column in 0..<width { result[row * width + column] = values[place * width + column] }
      }
    }
    return result
  }

  /// The prediction of each of the rows by the model of one fold.
  func predict(_ table: DataTable, rows: [Int], fold: Int, context: any JobContext) throws -> [Double] {
    let model = models[fold]
    return try output(model.model, try model.pipeline.transform(table, rows: rows, context: context), context)
  }

  /// How far each column moves the predictions of one fold's model on these rows: mean sizes of SHAP values.
  func attributions(_ table: DataTable, rows: [Int], fold: Int, context: any JobContext) throws -> [String: Double] {
    let (pipeline, model) = models[fold]
    let matrix = try pipeline.transform(table, rows: rows, context: context)
    let (groups, count) = (pipeline.columnOfFeature, pipeline.columns.count)
    let sizes =
      switch model {
      case .forest(let forest):
        try forest.meanContributionSizes(matrix, groups: groups, groupCount: count, context: context)
      case .boosted(let boosting):
        try boosting.meanContributionSizes(matrix, groups: groups, groupCount: count, context: context)
      }
    return Dictionary(
      zip(pipeline.columns.map(\.column), sizes), uniquingKeysWith: { first, _ in first })
  }

  private func output(_ model: Model, _ matrix: FeatureMatrix, _ context: any JobContext) throws -> [Double] {
    switch (model, classes) {
    case (.forest(let forest), nil): try forest.numbers(matrix)
    case (.forest(let forest), _): try forest.probabilities(matrix, context: context)
    case (.boosted(let boosting), nil): try boosting.numbers(matrix)
    case (.boosted(let boosting), _): try boosting.probabilities(matrix, context: context)
    }
  }
}
