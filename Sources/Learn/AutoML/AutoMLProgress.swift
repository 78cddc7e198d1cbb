// What a run tells while it goes on, so that a screen can show every candidate from its first moment.

/// A candidate before it has ended.
public struct CandidateSummary: Codable, Hashable, Sendable {
  /// Its place in the folder; for a candidate that waits, the place that it will have if nothing comes between.
  public let number: Int
  public let model: String
  public let settings: String
  /// What is done to the columns first, as a sentence.
  public let recipe: String
  /// 1 for a model of the columns, 2 for one that also sees what those of level 1 say.
  public let level: Int
  /// What can be edited, and trained again by `AutoMLControl.Request.add` or `AutoMLOptions.candidates`.
  public let spec: CandidateSpec

  /// A candidate in its own words.
  public init(_ spec: CandidateSpec, number: Int) {
    (self.number, model, settings) = (number, spec.name, spec.text)
    (recipe, level, self.spec) = (spec.recipe.text, spec.level, spec)
  }
}

/// What is known before anything is trained.
public struct AutoMLPlan: Codable, Hashable, Sendable {
  public let target: String
  public let problem: Problem
  /// Why the label was taken for that.
  public let reason: String
  public let metric: Objective
  public let rows: Int
  /// Rows of the table that have a label: without those that were put aside for validation.
  public let labelled: Int
  public let classes: [String]
  public let features: [ReportedFeature]
  public let excluded: [ExcludedColumn]
  public let folds: Int
  /// Which rows learn, and which ones judge.
  public let division: PlannedDivision
  public let notes: [String]
  /// What is trained first, in this order, before the search.
  public let candidates: [CandidateSummary]
}

/// What a run is doing.
public enum AutoMLPhase: String, Codable, Sendable, CaseIterable {
  case preparing, portfolio, search, stacking, ensemble, judging, done
}

/// How a fold of a candidate did.
public struct FoldPoint: Codable, Hashable, Sendable {
  public let candidate: Int
  /// From 0.
  public let fold: Int
  public let folds: Int
  /// In the run's metric; nil where it is not defined on the fold's rows.
  public let score: Double?
  public let seconds: Double
}

/// A point of a learning curve.
public struct LearningPoint: Codable, Hashable, Sendable {
  public let candidate: Int
  public let fold: Int
  /// Rounds of trees, or passes over the rows.
  public let step: Int
  /// Steps at most; the validation rows may say stop before.
  public let steps: Int
  /// What the learner watches on the rows that the fold has put aside.
  public let score: Double
  /// Its name: `auc`, `logloss`, `rmse`.
  public let name: String
}

/// What a run tells while it goes on. Told from any thread, each event once, in the order in which they happened.
public struct AutoMLProgress: Hashable, Sendable {
  public enum Event: Hashable, Sendable {
    /// The data have been understood.
    case prepared(AutoMLPlan)
    case started(CandidateSummary)
    /// A point of a learning curve; a few for each fold a second at most.
    case learning(LearningPoint)
    case fold(FoldPoint)
    /// A candidate has ended: completed, stopped or failed.
    case ended(LeaderboardRow)
    /// Another ensemble is in the folder, and answers from now on.
    case ensemble(LeaderboardRow)
    /// Somebody asked the run to wait, or to go on.
    case paused(Bool)
    case phase(AutoMLPhase)
  }

  public let event: Event
  public let phase: AutoMLPhase
  /// The figure of the ensemble; nil while there is none.
  public let best: Double?
  public let metric: Objective
  /// Seconds of the run so far, those of earlier runs into the folder included.
  public let elapsed: Double
  public let timeLimit: Double
  /// Seconds that candidates may still take; what comes after them has its own.
  public let left: Double
  /// What is trained next, the next one first; empty while settings are searched, since each follows from the one before.
  public let queue: [CandidateSummary]

  /// The candidate that has just ended.
  public var row: LeaderboardRow? {
    if case .ended(let row) = event { row } else { nil }
  }
}
