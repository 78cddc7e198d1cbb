// What a label would be taken for, before anything is trained.

import Frame

/// The problem that a label poses, and why it was taken so.
public struct InferredProblem: Codable, Hashable, Sendable {
  public let problem: Problem
  /// A sentence for the reader.
  public let reason: String
  /// Rows that have a label.
  public let rows: Int
  /// For classes their names; of two the second is the positive one.
  public let classes: [String]
  public let notes: [String]

  /// Looks at the label of a table, of which no other column is read.
  ///
  /// - Throws: `LearnError` where it cannot be predicted.
  public init(_ table: DataTable, target: String, choice: ProblemChoice = .automatic) throws {
    let inference = try ProblemInference(table, target: target, choice: choice)
    (problem, reason, rows) = (inference.problem, inference.reason, inference.rows.count)
    (classes, notes) = (inference.classes, inference.notes)
  }
}
