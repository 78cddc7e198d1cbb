import Engine
import Learn

/// What the screen knows of trainings beyond their results in the flow.
public struct AutoMLState: Sendable {
  /// Runs that have not ended, by analysis: under way, paused, or found in their folder.
  public var runs: [Int: AutoMLRunState] = [:]
  /// How each leaderboard is looked at.
  public var boards: [Int: BoardState] = [:]
  /// What has been computed of models.
  var findings: [ModelKey: ModelFindings] = [:]
  /// The last exploration of rows; kept with the run that is trained on them.
  var explored: AskedExploration?
  /// Analyses whose folder was asked for what it holds.
  var asked: Set<Int> = []
  /// Where runs of flows without a file of their own go; nil for beside the working folder.
  public var home: String?

  public init() {}
}

/// A run that has not ended.
public struct AutoMLRunState: Sendable, Equatable {
  public enum Phase: Sendable, Equatable {
    case waiting, running
    /// Waits, with everything in memory.
    case paused
    /// Chooses the ensemble of what is there.
    case finishing
    /// Its job is gone, by a crash or a cancel; its folder knows how to go on.
    case cutShort
  }

  /// The candidate in training.
  public struct Running: Sendable, Equatable {
    public var number: Int
    public var model: String
    public var settings: String
    public var recipe: String
    /// The folds that are done, in the order in which they ended.
    public var points: [FoldPoint] = []
    /// What the learner says of its fold while it learns.
    public var learning: [LearningPoint] = []

    var folds: Int? { points.last?.folds }
    var scores: [Double] { points.compactMap(\.score).filter(\.isFinite) }
  }

  public var phase = Phase.waiting
  public var trials: [AutoMLTrial] = []
  public var running: Running?
  /// What the run has understood of the data.
  public var plan: AutoMLPlan?
  public var step = AutoMLPhase.preparing
  /// The ensemble so far.
  public var ensemble: LeaderboardRow?
  /// What is trained next, as far as that is known.
  public var queue: [CandidateSummary] = []
  public var metric: Objective?
  /// The figure of the ensemble so far.
  public var best: Double?
  /// Seconds of the run, by the application's clock at `clock`.
  public var elapsed = 0.0
  public var clock = 0.0
  /// Whether the folder holds a model that predicts.
  public var hasModel = false
  /// The order of merit before the last candidate ended, by number.
  public var before: [Int] = []

  public init() {}

  public var isActive: Bool { phase != .cutShort }

  /// Seconds of the run now.
  public func seconds(at now: Double) -> Double {
    phase == .running || phase == .finishing ? elapsed + max(0, now - clock) : elapsed
  }

  mutating func note(_ seconds: Double, at now: Double) { (elapsed, clock) = (seconds, now) }

  /// Numbers of the candidates with a figure, best first.
  var order: [Int] {
    guard let metric else { return trials.compactMap(\.row.candidate) }
    return AutoMLResult(trials: trials).ranked(metric).filter { $0.score != nil }.compactMap(\.candidate)
  }
}

/// How a leaderboard is looked at.
public struct BoardState: Sendable, Equatable {
  /// The row under the cursor: a candidate's number, 0 for the ensemble; nil for the first row, whoever that is.
  public var row: Int?
  /// The column under the cursor, counted among those that move.
  public var column = 0
  public var sort: BoardSort?
  /// Numbers of marked candidates, in the order in which they were marked.
  public var marks: [Int] = []

  public init() {}
}

/// The order of a leaderboard's rows.
public struct BoardSort: Sendable, Equatable {
  public var column: BoardColumn
  public var isAscending: Bool
}

/// What a leaderboard shows of each candidate.
public enum BoardColumn: Hashable, Sendable {
  case score, spread, range, fit, latency, share, status, size
  case metric(Objective)
  case settings, recipe
}
