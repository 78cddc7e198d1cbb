import Flow
import Foundation
import Frame
import Learn

/// A training as an analysis of a flow: what to try, into which folder, and which rows judge the result.
public struct AutoMLStudy: Codable, Sendable, Equatable {
  /// Rows beside those of the step.
  public enum Test: Codable, Sendable, Equatable {
    /// Another step of the flow.
    case step(StepID)
    case file(String)
  }

  public var options: AutoMLOptions
  /// Where the models go. A folder with the beginning of the same run is gone on with.
  public var folder: String
  /// Rows that no model sees until the end.
  public var test: Test?
  /// Rows that candidates are judged on, instead of folds; nil for folds.
  public var validation: Test?
  /// True lists the candidates and trains nothing.
  public var isPlanOnly: Bool?
  /// Candidates that are trained before any other; nil for none.
  public var next: [CandidateSpec]?

  public init(_ options: AutoMLOptions, folder: String, test: Test? = nil) {
    (self.options, self.folder, self.test) = (options, folder, test)
  }

  public var defaultName: String { "AutoML: \(options.target)" }

  /// The rows that judge the result; nil where there are none.
  public func judging(_ graph: FlowGraph) -> NodeRequest? { Self.request(test, graph) }

  /// The rows that judge candidates; nil where folds do.
  public func validating(_ graph: FlowGraph) -> NodeRequest? { Self.request(validation, graph) }

  private static func request(_ rows: Test?, _ graph: FlowGraph) -> NodeRequest? {
    switch rows {
    case .step(let step)?: NodeRequest(graph: graph, node: step)
    case .file(let path)?: NodeRequest(source: Source(location: path))
    case nil: nil
    }
  }
}

/// A candidate of a run, in the order in which they ended.
public struct AutoMLTrial: Codable, Sendable, Equatable {
  public var row: LeaderboardRow
  /// Seconds of the run when it ended.
  public var elapsed: Double
  /// The figure of the ensemble with it; nil where nobody noted it.
  public var best: Double?

  public init(row: LeaderboardRow, elapsed: Double, best: Double? = nil) {
    (self.row, self.elapsed, self.best) = (row, elapsed, best)
  }
}

/// What is known of a run: all of it once it has ended, and what there is of one that was cut short.
public struct AutoMLResult: Codable, Sendable, Equatable {
  public var trials: [AutoMLTrial]
  /// Nil for a run that has not ended.
  public var report: AutoMLReport?
  /// What would be trained, where nothing was.
  public var plan: AutoMLPlan?

  public init(plan: AutoMLPlan) { (trials, self.plan) = ([], plan) }

  public init(trials: [AutoMLTrial], report: AutoMLReport? = nil) {
    self.trials = trials
    if let report {
      self.report = report
      // Shares in the ensemble are settled at the end.
      let rows = Dictionary(
        report.leaderboard.compactMap { row in row.candidate.map { ($0, row) } },
        uniquingKeysWith: { first, _ in first })
      for index in self.trials.indices {
        if let row = self.trials[index].row.candidate.flatMap({ rows[$0] }) { self.trials[index].row = row }
      }
    }
  }

  /// What a folder holds of a run.
  public init(_ history: RunHistory) {
    self.init(trials: history.candidates.map { AutoMLTrial(row: $0.row, elapsed: $0.elapsed) })
  }
}
