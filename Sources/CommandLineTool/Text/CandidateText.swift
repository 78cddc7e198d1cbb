// The leaderboard in words: a line for each candidate as it ends, and the table of all in the end.

import Grid
import Learn
import Plot

/// One line a candidate, for people who watch.
enum CandidateText {
  private static let modelWidth = 22

  static func header(_ metric: Objective) -> String {
    TextWidth.fit("time", 8, .right) + "  " + TextWidth.fit("candidate", modelWidth + 4, .left)
      + TextWidth.fit(metric.rawValue, 16, .right) + "  " + TextWidth.fit("std", 10, .right) + "  "
      + TextWidth.fit("fit", 8, .right) + "  " + TextWidth.fit("ensemble", 10, .right)
  }

  /// The line of a candidate that has ended; empty for what else a run tells.
  static func line(_ progress: AutoMLProgress) -> String {
    guard let row = progress.row else { return "" }
    let name = "\(row.candidate.map { "#\($0)" } ?? "")"
    let score = row.score.map { short($0) } ?? row.status.rawValue
    let text =
      TextWidth.fit(Numbers.fixed(progress.elapsed, 1) + " s", 8, .right) + "  " + TextWidth.fit(name, 4, .left)
      + TextWidth.fit(row.model, modelWidth, .left) + TextWidth.fit(score, 16, .right) + "  "
      + TextWidth.fit(row.std.map { short($0) } ?? "", 10, .right) + "  "
      + TextWidth.fit(Numbers.fixed(row.fitSeconds, 1) + " s", 8, .right) + "  "
      + TextWidth.fit(progress.best.map { short($0) } ?? "", 10, .right)
    return trimmed(text) + (row.status == .failed ? "  " + oneLine(row.reason ?? "") : "")
  }
}

/// What a run would train first, in words.
func planLines(_ plan: AutoMLPlan) -> [String] {
  var lines = [
    "\(plan.problem.title) of \(oneLine(plan.target)): \(plan.reason)",
    "\(counted(plan.rows, "row")), \(counted(plan.features.count, "feature")), \(plan.folds) folds, by "
      + plan.metric.rawValue, "",
  ]
  for candidate in plan.candidates {
    lines.append("#\(candidate.number) \(candidate.model): \(candidate.settings)")
    lines.append("   \(candidate.recipe)")
  }
  return lines
}

/// The report of a run in words.
func autoMLLines(_ report: AutoMLReport, width: Int?, ascii: Bool) -> [String] {
  var lines = [
    "\(report.problem.title) of \(oneLine(report.target)): \(report.reason)",
    "\(counted(report.rows, "row")), \(counted(report.features.count, "feature")), \(report.folds) folds, "
      + "\(counted(report.leaderboard.count - 1, "candidate")) in \(Numbers.fixed(report.seconds, 1)) s, "
      + "seed \(report.seed)",
  ]
  if let positive = report.positiveClass { lines.append("positive class: \(oneLine(positive))") }
  var table = TextTable([
    .init(title: "model", limit: 26), .init(title: report.metric.rawValue, alignment: .right),
    .init(title: "std", alignment: .right, expendability: 1), .init(title: "weight", alignment: .right),
    .init(title: "level", alignment: .right, expendability: 6),
    .init(title: "fit s", alignment: .right, expendability: 2),
    .init(title: "ms a row", alignment: .right, expendability: 3),
    .init(title: "KiB", alignment: .right, expendability: 4), .init(title: "settings", limit: 60, expendability: 5),
  ])
  let shown = 24
  for row in report.leaderboard.prefix(shown) {
    table.add([
      (row.candidate.map { "#\($0) " } ?? "") + row.model + (row.isTied == true ? " =" : ""),
      row.score.map { short($0) } ?? row.status.rawValue,
      row.std.map { short($0) } ?? "", row.weight.map { Numbers.percent($0, of: 1) } ?? "", "\(row.level)",
      Numbers.fixed(row.fitSeconds, 1), row.predictMillisecondsPerRow.map { short($0) } ?? "",
      grouped((row.bytes + 1023) / 1024), oneLine(row.settings),
    ])
  }
  lines += [""] + table.lines(width: width, rule: ascii ? "-" : "─").lines
  if report.leaderboard.prefix(shown).count(where: { $0.isTied == true }) > 1 {
    lines.append("= cannot be told from the best candidate by its folds (paired test, 5 %)")
  }
  let rest = report.leaderboard.count - shown
  if rest > 0 { lines.append("\(counted(rest, "candidate")) more with --json") }
  if let test = report.test {
    lines += ["", "on \(counted(test.rows, "test row"))"]
    for (name, value) in test.metrics.sorted(by: { $0.key < $1.key }) {
      lines.append("  " + TextWidth.fit(name, 20, .left) + short(value))
    }
  }
  if !report.excluded.isEmpty {
    lines += ["", "left out"] + report.excluded.map { "  \(oneLine($0.column)): \($0.reason)" }
  }
  return lines
}
