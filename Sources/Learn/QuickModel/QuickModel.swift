// A Quick Model: split, fit a feature pipeline and a forest on the larger part, judge both on the smaller.
// Not a tuned model, and not one to deploy: it says whether a table can predict a label, and by which columns.

import Foundation
import Frame
import Jobs
import Numerics

/// Trains a random forest on a table and reports how well it predicts a label, and which columns matter.
///
/// The same table, options and seed give the same report, for any number of threads. Cancellation is seen between two trees.
///
/// - Throws: `LearnError` in a sentence for the reader, `JobCancelled`.
public func quickModel(
  _ table: DataTable, options: QuickModelOptions, context: any JobContext = SilentContext()
) throws -> QuickModelReport {
  try options.validate()
  try LightGBM.load()
  return try QuickModelRun(table, options, context).report()
}

/// One run, step by step.
struct QuickModelRun {
  private let table: DataTable
  private let context: any JobContext
  private let label: LabelReview
  private let split: TrainTestSplit
  private let problem: Problem
  private let pipeline: FeaturePipeline
  private let sampleNotes: [String]
  /// With the defaults that depend on the problem filled in.
  private let options: QuickModelOptions

  init(_ table: DataTable, _ options: QuickModelOptions, _ context: any JobContext) throws {
    self.table = table
    self.context = context
    context.report(0, "looking at the label")
    let random = RandomSource(seed: options.seed)
    let sample = Self.sampleRows(table, options, random)
    label = try LabelReview(table, rows: sample.rows, target: options.target, choice: options.problem)
    sampleNotes = sample.notes
    var splitSeed = random.split("split")
    switch label.values {
    case .classes(let codes, let names):
      problem = names.count == 2 ? .binary : .multiclass
      split = .stratified(labels: codes, fraction: options.trainFraction, seed: splitSeed.next())
    case .numbers:
      problem = .regression
      split = .random(rows: label.rows.count, fraction: options.trainFraction, seed: splitSeed.next())
    }
    self.options = Self.resolved(options, problem, label)
    context.report(0.02, "preparing the columns")
    let learnt = split.train.map { [label] in label.rows[$0] }
    pipeline = try FeaturePipeline.fit(table, rows: learnt, target: options.target, context: context)
    guard !pipeline.columns.isEmpty else {
      throw LearnError.noFeatures(target: options.target, excluded: pipeline.excluded)
    }
  }

  func report() throws -> QuickModelReport {
    let train = try pipeline.transform(table, rows: split.train.map { label.rows[$0] }, context: context)
    let test = try pipeline.transform(table, rows: split.test.map { label.rows[$0] }, context: context)
    let growing = PartContext(of: context, 0.08...0.85)
    let forest = try Forest(train, label: forestLabel, options: forestOptions(train), context: growing)
    context.report(0.85, "judging")
    let judgement = try judge(forest, test)
    let importance = try importance(forest, test)
    context.report(1, "done")
    return QuickModelReport(
      target: options.target, problem: problem, metric: judgement.metric, score: judgement.score,
      baseline: judgement.baselineScore, metrics: judgement.metrics, baselineMetrics: judgement.baselineMetrics,
      trainRows: split.train.count, testRows: split.test.count, rowsUsed: label.rows.count, importance: importance,
      excluded: pipeline.excluded, classes: judgement.classes, positiveClass: judgement.positiveClass,
      confusion: judgement.confusion, notes: sampleNotes + label.notes + pipeline.notes, seed: options.seed,
      options: reportedOptions)
  }

  // MARK: Steps

  private var forestLabel: Labels {
    switch label.values {
    case .classes(let codes, let names): .classes(split.train.map { codes[$0] }, count: names.count)
    case .numbers(let numbers): .numbers(split.train.map { numbers[$0] })
    }
  }

  private func forestOptions(_ matrix: FeatureMatrix) -> ForestOptions {
    let cells = matrix.rows * matrix.features
    let cores = ProcessInfo.processInfo.activeProcessorCount
    return ForestOptions(
      trees: options.trees, depth: options.depth, leaves: options.leaves ?? 127, rowsPerLeaf: options.rowsPerLeaf,
      rowFraction: options.rowFraction, featureFraction: options.featureFraction ?? 0.4, seed: options.seed,
      threads: options.threads ?? (cells < 10_000_000 ? 1 : cores),
      categorical: pipeline.features.enumerated().filter(\.element.isCategorical).map(\.offset),
      features: matrix.features)
  }

  private func judge(_ forest: Forest, _ test: FeatureMatrix) throws -> Judgement {
    switch label.values {
    case .classes(let codes, let names):
      let probabilities = try forest.probabilities(test, context: context)
      return Judgement(
        names: names, train: split.train.map { codes[$0] }, test: split.test.map { codes[$0] },
        probabilities: probabilities)
    case .numbers(let numbers):
      return Judgement(
        train: split.train.map { numbers[$0] }, test: split.test.map { numbers[$0] },
        predicted: try forest.numbers(test))
    }
  }

  private func importance(_ forest: Forest, _ test: FeatureMatrix) throws -> [FeatureImportance] {
    var random = RandomSource(seed: options.seed).split("explained rows")
    let explained = test.selecting(random.sample(options.explainedRows, of: test.rows))
    let groups = pipeline.columnOfFeature
    let sizes = try forest.meanContributionSizes(
      explained, groups: groups, groupCount: pipeline.columns.count, context: PartContext(of: context, 0.87...1))
    var gains = [Double](repeating: 0, count: pipeline.columns.count)
    for (feature, share) in try forest.gainShares().enumerated() { gains[groups[feature]] += share }
    let rows = pipeline.columns.enumerated().map { position, column in
      FeatureImportance(feature: column.column, gain: gains[position], shap: sizes[position])
    }
    return rows.enumerated().sorted { left, right in
      if left.element.gain != right.element.gain { return left.element.gain > right.element.gain }
      return left.element.shap == right.element.shap
        ? left.offset < right.offset : left.element.shap > right.element.shap
    }.map(\.element)
  }

  // MARK: Options

  private var reportedOptions: QuickModelOptions {
    var reported = options
    reported.threads = nil
    return reported
  }

  private static func resolved(
    _ options: QuickModelOptions, _ problem: Problem, _ label: LabelReview
  ) -> QuickModelOptions {
    var resolved = options
    resolved.leaves = options.leaves ?? (problem == .regression ? 255 : 127)
    resolved.featureFraction = options.featureFraction ?? (problem == .regression ? 0.7 : 0.4)
    if case .classes(_, let names) = label.values, names.count > 5 {
      resolved.trees = min(options.trees, max(10, 300 / names.count))
    }
    return resolved
  }

  private static func sampleRows(
    _ table: DataTable, _ options: QuickModelOptions, _ random: RandomSource
  ) -> (rows: [Int], notes: [String]) {
    let cellLimit = 20_000_000
    let limit = max(1000, min(options.rowLimit, cellLimit / max(table.columns.count, 1)))
    guard table.rowCount > limit else { return (Array(0..<table.rowCount), []) }
    var draw = random.split("row limit")
    let note = "A random sample of \(grouped(limit)) of the \(grouped(table.rowCount)) rows is used."
    return (draw.sample(limit, of: table.rowCount), [note])
  }
}

extension QuickModelOptions {
  /// Throws for a value out of range.
  func validate() throws {
    func check(_ holds: Bool, _ name: String, _ value: String, _ allowed: String) throws {
      guard holds else { throw LearnError.option(name: name, value: value, allowed: allowed) }
    }
    try check(trainFraction > 0 && trainFraction < 1, "train fraction", "\(trainFraction)", "between 0 and 1")
    try check((1...10_000).contains(trees), "trees", "\(trees)", "1 to 10,000")
    try check((1...64).contains(depth), "depth", "\(depth)", "1 to 64")
    if let leaves { try check((2...65_536).contains(leaves), "leaves", "\(leaves)", "2 to 65,536") }
    try check((1...1_000_000).contains(rowsPerLeaf), "rows per leaf", "\(rowsPerLeaf)", "1 or more")
    try check(rowFraction > 0 && rowFraction < 1, "row fraction", "\(rowFraction)", "between 0 and 1")
    if let featureFraction {
      try check(
        featureFraction > 0 && featureFraction <= 1, "feature fraction", "\(featureFraction)", "above 0 and at most 1")
    }
    try check(rowLimit >= LabelReview.minimumRows, "row limit", "\(rowLimit)", "\(LabelReview.minimumRows) or more")
    try check(explainedRows >= 0, "explained rows", "\(explainedRows)", "0 or more")
    if let threads { try check((1...1024).contains(threads), "threads", "\(threads)", "1 to 1,024") }
  }
}
