// What a run found. Its JSON is the output of `assay automl`.

import Foundation

/// How a candidate ended.
public enum CandidateStatus: String, Codable, Sendable, CaseIterable {
  case completed
  /// Its first folds were so much worse than the best that the others were not trained.
  case stopped
  case failed
}

/// One row of the leaderboard.
public struct LeaderboardRow: Codable, Hashable, Sendable {
  /// The learner, or "Ensemble".
  public let model: String
  /// Its place in the folder; nil for the ensemble.
  public let candidate: Int?
  public let settings: String
  /// The figure that decides, on rows that the answering model was not fitted to; nil where it was stopped or failed.
  public let score: Double?
  /// The standard deviation of the figure over the folds.
  public let std: Double?
  /// Every figure of the problem, by name.
  public let metrics: [String: Double]
  public let fitSeconds: Double
  public let predictMillisecondsPerRow: Double?
  public let bytes: Int
  /// Its share in the ensemble.
  public let weight: Double?
  /// What is done to the columns first, as a sentence; nil for the ensemble.
  public let recipe: String?
  /// 1 for a model of the columns, 2 for one that also sees what those of level 1 say.
  public let level: Int
  /// The figure on each fold's rows.
  public let foldScores: [Double]
  /// True where a paired test over the folds cannot tell it from the best candidate; nil without enough folds to tell.
  public let isTied: Bool?
  public let status: CandidateStatus
  public let reason: String?

  private enum CodingKeys: String, CodingKey {
    case model, candidate, settings, score, std, metrics, bytes, weight, recipe, level, status, reason
    case foldScores = "fold_scores"
    case isTied = "tied_with_best"
    case fitSeconds = "fit_seconds"
    case predictMillisecondsPerRow = "predict_ms_per_row"
  }
}

/// A column that models use.
public struct ReportedFeature: Codable, Hashable, Sendable {
  public let column: String
  public let kind: FeatureKind
}

/// The figures of the ensemble on a test set.
public struct TestReport: Codable, Hashable, Sendable {
  public let rows: Int
  public let metrics: [String: Double]
}

/// The result of a run.
public struct AutoMLReport: Codable, Hashable, Sendable {
  public let target: String
  public let problem: Problem
  /// Why the label was taken for that.
  public let reason: String
  public let metric: Objective
  /// The name of the best row.
  public let best: String
  /// The ensemble first, then by falling merit; failed and stopped ones at the end.
  public let leaderboard: [LeaderboardRow]
  public let test: TestReport?
  public let rows: Int
  public let classes: [String]
  /// Of two classes, the one that precision, recall and F1 are about.
  public let positiveClass: String?
  public let features: [ReportedFeature]
  public let excluded: [ExcludedColumn]
  public let folds: Int
  public let seconds: Double
  public let seed: UInt64
  public let notes: [String]

  private enum CodingKeys: String, CodingKey {
    case target, problem, reason, metric, best, leaderboard, test, rows, classes, features, excluded, folds, seconds,
      seed, notes
    case positiveClass = "positive_class"
  }
}

extension AutoMLReport {
  /// What the folder of a run that has ended says of it; nil where it says nothing.
  public init?(folder: String) {
    guard let data = FileManager.default.contents(atPath: folder + "/report.json"),
      let report = try? JSONDecoder().decode(AutoMLReport.self, from: data)
    else { return nil }
    self = report
  }
}
