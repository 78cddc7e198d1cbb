// What a model of a run says of the rows that it was judged on, from what its folder keeps: the predictions of its members by
// their shares.

import Foundation
import Frame
import Numerics

/// The predictions that a model of a run was judged by.
struct JudgedAnswers {
  let name: String
  let header: RunHeader
  let judged: JudgedRows
  /// For the ensemble its members, the weightiest first; for a candidate itself.
  let shares: [(record: CandidateRecord, weight: Double)]
  /// `[rows × outputs]`, row after row, of the rows of `judged`.
  let values: [Double]
  /// Of two classes the second is predicted from this probability on.
  let threshold: Double

  /// - Parameter candidate: nil for the ensemble.
  /// - Throws: `BundleError` where the folder lacks what is needed.
  init(folder: String, candidate: Int?) throws {
    judged = try JudgedRows(folder: folder)
    header = try RunFolder.header(folder)
    let records = RunFolder.finished(folder)
    var (temperature, tuned): (Double, Double?) = (1, nil)
    if let candidate {
      guard let record = records.first(where: { $0.number == candidate }) else {
        throw BundleError.damaged(file: folder, reason: "has no candidate \(candidate)")
      }
      shares = [(record, 1)]
      name = record.spec.name
    } else {
      let manifest = try RunFolder.manifest(folder)
      (temperature, tuned) = (manifest.temperature, manifest.threshold)
      shares = manifest.members.compactMap { member in
        records.first { $0.number == member.candidate }.map { ($0, member.weight) }
      }.sorted { $0.weight > $1.weight }
      name = "Ensemble"
    }
    var answers = [Double](repeating: 0, count: judged.labels.rows * judged.labels.outputs)
    for (record, weight) in shares {
      let some = try RunFolder.answers(of: record, in: folder)
      guard some.count == answers.count else {
        throw BundleError.damaged(file: record.answers?.path ?? folder, reason: "does not fit the labels")
      }
      for index in answers.indices { answers[index] += weight * some[index] }
    }
    values = GreedyEnsemble.tempered(answers, temperature, classes: judged.labels.outputs)
    threshold = tuned ?? GreedyEnsemble.threshold(values, labels: judged.labels, objective: header.metric)
  }
}

/// What a model of a run predicts of rows that it has not seen, beside those rows.
public struct JudgedPredictions: Sendable {
  /// The rows that were judged, by their place in the table, ascending.
  public let rows: [Int]
  /// True where `rows` are those of the validation set.
  public let areOfValidation: Bool
  /// The predicted class of each row, or number.
  public let predicted: TypedColumn

  /// - Parameters:
  ///   - table: the rows that the run learnt from, in their order.
  ///   - validation: the rows that were put aside to judge candidates.
  /// - Throws: `BundleError.otherRun` where the rows are not those of the run; as `CandidateReport`.
  public init(
    folder: String, candidate: Int?, table: DataTable, validation: DataTable?, options: AutoMLOptions
  ) throws {
    let answers = try JudgedAnswers(folder: folder, candidate: candidate)
    let inference = try ProblemInference(table, target: options.target, choice: options.problem)
    let (rows, labels): ([Int], Labels)
    if let validation {
      (rows, labels) = try inference.labels(of: validation, target: options.target)
    } else if options.timeColumn != nil,
      let moments = try RowRoles(table, rows: inference.rows, labels: inference.labels, options).moments
    {
      let coverage = Folds(moments: moments, count: answers.header.folds).coverage
      (rows, labels) = (coverage.map { inference.rows[$0] }, inference.labels.selecting(coverage))
    } else {
      (rows, labels) = (inference.rows, inference.labels)
    }
    guard labels.isKept(as: answers.judged.labels) else {
      throw BundleError.otherRun(folder: folder, difference: "other data")
    }
    (self.rows, areOfValidation) = (rows, validation != nil)
    let values = answers.values
    let classes = answers.judged.classes
    let column = Column(name: "prediction", type: classes.isEmpty ? "DOUBLE" : "VARCHAR")
    predicted = TypedColumn(
      column: column,
      data: classes.isEmpty
        ? .reals(values)
        : .texts(decisions(values, classes: classes.count, threshold: answers.threshold).map { classes[$0] }))
  }
}

extension Labels {
  /// Whether labels are those that a folder keeps as numbers of single precision.
  fileprivate func isKept(as kept: Labels) -> Bool {
    switch (self, kept) {
    case (.classes(let codes, let count), .classes(let others, let known)): codes == others && count == known
    case (.numbers(let numbers), .numbers(let others)):
      numbers.count == others.count && zip(numbers, others).allSatisfy { Float($0) == Float($1) }
    case (.classes, .numbers), (.numbers, .classes): false
    }
  }
}
