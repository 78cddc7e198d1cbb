import Engine
import Foundation
import Learn
import Numerics

/// A leaderboard: the rows in their order, from the result of a run or from what there is of it so far.
struct ModelBoard: Sendable {
  struct Row: Sendable {
    enum Status: Sendable, Equatable {
      case done, stopped, failed
      /// It is on a list, and not trained.
      case planned
      /// Folds that are done, of how many.
      case running(Int, of: Int?)
    }

    /// A candidate's number; 0 for the ensemble.
    var id: Int
    var model: String
    var settings: String
    var recipe: String?
    var score, std: Double?
    var folds: [Double]
    var metrics: [String: Double]
    var fit: Double?
    var latency: Double?
    var bytes: Int
    var weight: Double?
    var status: Status
    var reason: String?
    /// Its place by merit, from 1; nil without a figure.
    var rank: Int?
    /// Places gained since the last candidate ended; nil for the newest.
    var rise: Int? = 0
    /// True where a paired test over the folds does not tell it from the best candidate.
    var isTied = false
  }

  let metric: Objective?
  let problem: Problem?
  private(set) var rows: [Row]
  /// Seconds and figures of candidates as they ended.
  let trials: [AutoMLTrial]
  let report: AutoMLReport?
  let run: AutoMLRunState?
  /// What would be trained, where nothing has been.
  let plan: AutoMLPlan?
  /// The candidates of the list, as they were edited.
  let listed: [CandidateSummary]

  init(_ study: AutoMLStudy, _ result: AutoMLResult?, _ run: AutoMLRunState?, sort: BoardSort? = nil) {
    self.run = run
    report = run == nil ? result?.report : nil
    trials = run?.trials ?? result?.trials ?? []
    plan = run == nil && report == nil ? result?.plan : nil
    listed =
      plan.map { plan in
        study.options.candidates.map { $0.enumerated().map { CandidateSummary($1, number: $0 + 1) } }
          ?? plan.candidates
      } ?? []
    metric = report?.metric ?? run?.metric ?? plan?.metric ?? study.options.metric
    problem = report?.problem ?? run?.plan?.problem ?? plan?.problem
    rows = []
    let order = metric.map { AutoMLResult(trials: trials).ranked($0) } ?? trials.map(\.row)
    var rank = 0
    var list = order.map { row in
      if row.score != nil { rank += 1 }
      var shown = Self.row(row, rank: row.score == nil ? nil : rank)
      // Shares change with every ensemble, and are told when the last one is chosen.
      if run != nil { shown.weight = nil }
      return shown
    }
    markTies(&list)
    markRises(&list)
    if let ensemble = ensembleRow { list.insert(ensemble, at: 0) }
    if let run, let running = run.running, run.isActive {
      list.append(
        Row(
          id: running.number, model: running.model, settings: running.settings, recipe: running.recipe,
          folds: running.scores, metrics: [:], bytes: 0,
          status: .running(running.points.count, of: running.folds ?? run.plan?.folds)))
    }
    list += listed.map { candidate in
      Row(
        id: candidate.number, model: candidate.model, settings: candidate.settings, recipe: candidate.recipe, folds: [],
        metrics: [:], bytes: 0, status: .planned)
    }
    rows = sort.map { Self.sorted(list, $0) } ?? list
  }

  private static func row(_ row: LeaderboardRow, rank: Int?) -> Row {
    Row(
      id: row.candidate ?? 0, model: row.model, settings: row.settings, recipe: row.recipe, score: row.score,
      std: row.std,
      folds: row.foldScores.filter(\.isFinite), metrics: row.metrics, fit: row.fitSeconds,
      latency: row.predictMillisecondsPerRow,
      bytes: row.bytes, weight: row.weight,
      status: row.status == .completed ? .done : row.status == .stopped ? .stopped : .failed, reason: row.reason,
      rank: rank)
  }

  /// The ensemble as it was chosen in the end, or its figure so far.
  private var ensembleRow: Row? {
    if let row = report?.leaderboard.first(where: { $0.candidate == nil }) { return Self.row(row, rank: nil) }
    return run?.ensemble.map { Self.row($0, rank: nil) }
  }

  private func markTies(_ list: inout [Row]) {
    guard let best = list.first(where: { $0.rank == 1 }) else { return }
    for index in list.indices where list[index].rank != nil && list[index].id != best.id {
      list[index].isTied = FoldComparison(best.folds, list[index].folds)?.isTie ?? false
    }
  }

  private func markRises(_ list: inout [Row]) {
    guard let run, run.isActive, !run.before.isEmpty else { return }
    for index in list.indices {
      guard let rank = list[index].rank else { continue }
      list[index].rise = run.before.firstIndex(of: list[index].id).map { $0 + 1 - rank }
    }
  }

  /// The row under the cursor.
  func place(_ state: BoardState) -> Int {
    state.row.flatMap { id in rows.firstIndex { $0.id == id } } ?? 0
  }

  // MARK: Columns

  /// The columns that move, in their order; figures beyond the one that decides come after the state.
  func columns(isWide: Bool) -> [BoardColumn] {
    if plan != nil { return [.settings, .recipe] }
    let others =
      problem.map { Objective.all(for: $0) }
      ?? Objective.allCases.filter { objective in
        trials.contains { $0.row.metrics[objective.rawValue] != nil }
      }
    return [.score, .spread] + (isWide ? [.range] : []) + [.fit, .latency, .share, .status]
      + others.filter { $0 != metric }.map { .metric($0) } + [.size, .settings]
  }

  func title(_ column: BoardColumn) -> String {
    switch column {
    case .score: metric.map { metricTitle($0.rawValue) } ?? "score"
    case .spread: "±"
    case .range: "folds"
    case .fit: "fit"
    case .latency: "ms/row"
    case .share: "share"
    case .status: "status"
    case .size: "size"
    case .metric(let objective): metricTitle(objective.rawValue)
    case .settings: "settings"
    case .recipe: "columns"
    }
  }

  /// What rows are ordered by; nil where a row has nothing there.
  static func value(_ row: Row, _ column: BoardColumn) -> Double? {
    switch column {
    case .score, .range: row.score
    case .spread: row.std
    case .fit: row.fit
    case .latency: row.latency
    case .share: row.weight
    case .size: row.bytes > 0 ? Double(row.bytes) : nil
    case .metric(let objective): row.metrics[objective.rawValue]
    case .status, .settings, .recipe: Double(row.id)
    }
  }

  /// Rows without a value come last whichever way.
  private static func sorted(_ rows: [Row], _ sort: BoardSort) -> [Row] {
    rows.enumerated().sorted { left, right in
      switch (value(left.element, sort.column), value(right.element, sort.column)) {
      case (let a?, let b?) where a != b: sort.isAscending ? a < b : a > b
      case (_?, nil): true
      case (nil, _?): false
      default: left.offset < right.offset
      }
    }.map(\.element)
  }
}

/// Two candidates on the same folds.
///
/// The corrected resampled t-test (Nadeau and Bengio 2003, "Inference for the generalization error", Machine Learning 52):
/// folds share most of their training rows, which a plain paired test would take for independence.
struct FoldComparison: Sendable {
  /// Mean of the second minus the first, and half the width of its 95 % interval.
  let difference, halfWidth: Double

  /// Nil where the folds are not the same ones, or fewer than three.
  init?(_ one: [Double], _ other: [Double]) {
    guard one.count == other.count, one.count > 2 else { return nil }
    let differences = zip(one, other).map { $1 - $0 }.filter(\.isFinite)
    guard differences.count > 2 else { return nil }
    let count = Double(differences.count)
    difference = Statistics.mean(differences)
    // Of k folds each is judged on 1/(k − 1) of the rows that it learns from. More than eight are several divisions.
    let folds = differences.count > 8 && differences.count % 8 == 0 ? 8 : count
    let variance = Statistics.variance(differences) * (1 / count + 1 / (folds - 1))
    halfWidth = Self.quantile(degrees: differences.count - 1) * variance.squareRoot()
  }

  var isTie: Bool { abs(difference) <= halfWidth }

  /// Student's t at 0.975, to two digits: tabled below, from Cornish and Fisher's expansion above.
  static func quantile(degrees: Int) -> Double {
    let table = [12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23]
    if degrees >= 1, degrees <= table.count { return table[degrees - 1] }
    let (z, n) = (1.959964, Double(max(1, degrees)))
    return z + (pow(z, 3) + z) / (4 * n) + (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) / (96 * n * n)
  }
}

// MARK: - Of the state

/// Whether a training has listed its candidates, and trained none; cheap, for every frame asks.
func isCandidateList(_ analysis: Analysis, _ state: WorkbenchState) -> Bool {
  guard state.automl.runs[analysis.id] == nil, case .automl(let result)? = analysis.result else { return false }
  return result.report == nil && result.plan != nil
}

/// The training in front: that of the chart pane, or in the analyses pane the one under the cursor.
func currentTraining(_ state: WorkbenchState) -> (analysis: Analysis, study: AutoMLStudy)? {
  var analysis = currentAnalysis(state)
  if state.focus != .analyses, case .analysis(let id)? = state.chart.shown { analysis = state.flow[analysis: id] }
  guard let analysis, case .automl(let study) = analysis.spec else { return nil }
  return (analysis, study)
}

/// The training that the chart pane shows as a leaderboard.
func shownTraining(_ state: WorkbenchState) -> (analysis: Analysis, study: AutoMLStudy)? {
  guard case .analysis(let id)? = state.chart.shown, let analysis = state.flow[analysis: id],
    case .automl(let study) = analysis.spec
  else { return nil }
  return (analysis, study)
}

/// The leaderboard of a training as it is looked at.
func board(_ analysis: Analysis, _ study: AutoMLStudy, _ state: WorkbenchState) -> ModelBoard {
  var result: AutoMLResult?
  if case .automl(let found)? = analysis.result { result = found }
  return ModelBoard(
    study, result, state.automl.runs[analysis.id], sort: state.automl.boards[analysis.id]?.sort)
}
