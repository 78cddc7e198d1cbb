import Insight
import Learn
import Plot

extension AutoMLResult: WrittenReport {
  public var lines: [String] { WrittenBlocks(blocks: blocks).lines }
  public var markdown: String { WrittenBlocks(blocks: blocks).markdown }

  /// The candidates that have a figure, best first, by what decides.
  public func ranked(_ metric: Objective) -> [LeaderboardRow] {
    trials.map(\.row).sorted { left, right in
      let (a, b) = (metric.gain(left.score), metric.gain(right.score))
      return a == b ? (left.candidate ?? 0) < (right.candidate ?? 0) : a > b
    }
  }

  /// The leaderboard; empty for a run that has not ended.
  public var charts: [(title: String, chart: Chart)] {
    guard let report else { return [] }
    let entries = report.leaderboard.prefix(40).map { row in
      let scores = row.foldScores.filter(\.isFinite)
      return Leaderboard.Entry(
        model: row.candidate.map { "\(row.model) #\($0)" } ?? row.model, mean: row.score, low: scores.min(),
        high: scores.max(), state: row.status == .completed ? .done : .failed)
    }
    return [
      ("Leaderboard", .content(Leaderboard(metric: report.metric.rawValue, entries: entries, folds: report.folds)))
    ]
  }

  private func blocks(_ plan: AutoMLPlan) -> [AnalysisBlock] {
    [
      .sentence("Would predict \(plan.target) (\(plan.problem.title)): \(plan.reason)."),
      .sentence(
        "\(Numbers.grouped(plan.rows)) rows in \(plan.folds) folds; optimises \(plan.metric.rawValue). Nothing has been "
          + "trained."),
      .heading("Candidates"),
      .table(
        headings: ["candidate", "settings", "columns"],
        rows: plan.candidates.map { ["\($0.model) #\($0.number)", $0.settings, $0.recipe] }),
    ] + plan.notes.map { .sentence($0) }
  }

  var blocks: [AnalysisBlock] {
    if report == nil, let plan { return blocks(plan) }
    guard let report else {
      return [.sentence("The run has not ended: \(trials.count) candidate\(trials.count == 1 ? "" : "s") so far.")]
    }
    var blocks: [AnalysisBlock] = [
      .sentence("Predicts \(report.target) (\(report.problem.title)): \(report.reason)."),
      .sentence(
        "\(Numbers.grouped(report.rows)) rows in \(report.folds) folds, \(Numbers.short(report.seconds)) s, seed "
          + "\(report.seed); optimises \(report.metric.rawValue)."),
      .heading("Leaderboard"),
      .table(
        headings: ["model", "level", report.metric.rawValue, "±", "fit s", "ms/row", "share", "status"],
        rows: report.leaderboard.map { row in
          [
            row.candidate.map { "\(row.model) #\($0)" } ?? row.model, "\(row.level)",
            row.score.map { Numbers.short($0) } ?? "–",
            row.std.map { Numbers.short($0) } ?? "–", Numbers.short(row.fitSeconds),
            row.predictMillisecondsPerRow.map { Numbers.short($0) } ?? "–",
            row.weight.map { Numbers.short($0) } ?? "", row.reason ?? row.status.rawValue,
          ]
        }),
    ]
    if let test = report.test {
      blocks += [
        .heading("Test"), .sentence("On \(Numbers.grouped(test.rows)) rows that no model saw until the end."),
        .table(
          headings: ["metric", "value"],
          rows: test.metrics.sorted { $0.key < $1.key }.map { [$0.key, Numbers.short($0.value)] }),
      ]
    }
    return blocks + report.notes.map { .sentence($0) }
  }
}
