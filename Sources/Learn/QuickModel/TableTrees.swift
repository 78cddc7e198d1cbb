// Boosted trees of all rows of a table, as text that can be read elsewhere. Not judged: for a figure of how good it is
// there are Quick Models and AutoML.

import Foundation
import Frame
import Jobs

/// Trees that predict a column from the others.
public struct TableTrees: Sendable {
  public let target: String
  /// The values of the label, the most frequent first; nil where it is a number.
  public let classes: [String]?
  /// How the columns become the trees' features.
  public let pipeline: FeaturePipeline
  /// LightGBM's text: of one ensemble for a number or two classes (the second is what it is the probability of), of one
  /// for each of several classes.
  public let texts: [String]
  /// What trees of numbers predict is (label - center) / scale.
  public let center, scale: Double
  /// What the reader should know of rows and columns.
  public let notes: [String]

  /// - Throws: `LearnError` in a sentence for the reader, `JobCancelled`.
  public init(
    _ table: DataTable, target: String, problem: ProblemChoice = .automatic, seed: UInt64 = 0, threads: Int? = nil,
    context: any JobContext = SilentContext()
  ) throws {
    try LightGBM.load()
    let label = try LabelReview(table, rows: Array(0..<table.rowCount), target: target, choice: problem)
    let pipeline = try FeaturePipeline.fit(table, rows: label.rows, target: target, context: context)
    guard !pipeline.columns.isEmpty else { throw LearnError.noFeatures(target: target, excluded: pipeline.excluded) }
    let matrix = try pipeline.transform(table, rows: label.rows, context: context)
    let labels: Labels
    switch label.values {
    case .classes(let codes, let names): (labels, classes) = (.classes(codes, count: names.count), names)
    case .numbers(let numbers): (labels, classes) = (.numbers(numbers), nil)
    }
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let options = FoldBoostingOptions(
      seed: seed, threads: matrix.rows * matrix.features < 10_000_000 ? 1 : threads ?? cores,
      categorical: pipeline.features.enumerated().filter(\.element.isCategorical).map(\.offset), mostTrees: 300)
    let boosting = try Boosting(matrix, label: labels, options: options, context: context)
    (texts, center, scale) = (try boosting.texts(), boosting.center, boosting.scale)
    (self.target, self.pipeline, notes) = (target, pipeline, label.notes + pipeline.notes)
  }
}
