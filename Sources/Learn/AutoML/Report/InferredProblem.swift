// What a label would be taken for, before anything is trained.

import Frame

/// The problem that a label poses, and why it was taken so.
public struct InferredProblem: Codable, Hashable, Sendable {
  /// An option that cannot go with the label and the rows.
  public struct Refusal: Codable, Hashable, Sendable {
    public enum Option: String, Codable, Hashable, Sendable, CaseIterable { case weight, balance, group, time }

    public let option: Option
    /// A sentence for the reader.
    public let reason: String
  }

  public let problem: Problem
  /// A sentence for the reader.
  public let reason: String
  /// Rows that have a label.
  public let rows: Int
  /// For classes their names; of two the second is the positive one.
  public let classes: [String]
  public let notes: [String]
  /// The first option that cannot be had; nil where all can.
  public let refusal: Refusal?

  /// Looks at the label of a table, of which no other column is read.
  ///
  /// - Throws: `LearnError` where it cannot be predicted.
  public init(_ table: DataTable, target: String, choice: ProblemChoice = .automatic) throws {
    try self.init(table, AutoMLOptions(target: target, problem: choice))
  }

  /// Looks at the label, and at the columns that say how rows count and which ones belong together.
  ///
  /// - Throws: `LearnError` where the label cannot be predicted.
  public init(_ table: DataTable, _ options: AutoMLOptions) throws {
    let inference = try ProblemInference(table, target: options.target, choice: options.problem)
    (problem, reason, rows) = (inference.problem, inference.reason, inference.rows.count)
    (classes, notes) = (inference.classes, inference.notes)
    var refusal: Refusal?
    for option in Refusal.Option.allCases where refusal == nil {
      do {
        _ = try RowRoles(table, rows: inference.rows, labels: inference.labels, option.alone(in: options))
      } catch let error as LearnError {
        refusal = Refusal(option: option, reason: "\(error)")
      }
    }
    self.refusal = refusal
  }
}

extension InferredProblem.Refusal.Option {
  /// The options without any other that says something about rows.
  fileprivate func alone(in options: AutoMLOptions) -> AutoMLOptions {
    var only = AutoMLOptions(target: options.target)
    switch self {
    case .weight: only.weightColumn = options.weightColumn
    case .balance: only.hasBalancedClasses = options.hasBalancedClasses
    case .group: only.groupColumn = options.groupColumn
    case .time: only.timeColumn = options.timeColumn
    }
    return only
  }
}
