// The summary of a model in words.

import Grid
import Learn
import Plot

/// What `assay model show` prints.
func modelLines(_ card: BundleSummary, width: Int?, ascii: Bool) -> [String] {
  let rule: Character = ascii ? "-" : "─"
  var lines = ["\(card.problem.title) of \(oneLine(card.target))"]
  if !card.classes.isEmpty {
    let more = card.classes.count > 12 ? " and \(card.classes.count - 12) more" : ""
    lines.append("classes: \(card.classes.prefix(12).map(oneLine).joined(separator: ", "))\(more)")
  }
  if let positive = card.positiveClass {
    lines.append("\(oneLine(positive)) is predicted from probability \(short(card.threshold)) on")
  }
  lines.append("\(card.metric.rawValue) \(short(card.score)) on rows that the answering models were not fitted to")
  if let training = card.training {
    lines.append(
      "place \(training.position) of \(training.candidates + 1) on the leaderboard; "
        + "\(counted(training.rows, "row")), \(training.folds) folds, \(Numbers.fixed(training.seconds, 1)) s, "
        + "seed \(training.seed)")
    var figures = TextTable([
      .init(title: "metric", limit: 24), .init(title: "out of fold", alignment: .right),
      .init(title: "test", alignment: .right),
    ])
    for (name, value) in training.metrics.sorted(by: { $0.key < $1.key }) {
      figures.add([name, short(value), training.test?.metrics[name].map { short($0) } ?? ""])
    }
    lines += [""] + figures.lines(width: width, rule: rule).lines
  }
  var members = TextTable([
    .init(title: "model", limit: 26), .init(title: "share", alignment: .right),
    .init(title: "folds", alignment: .right),
    .init(title: "KiB", alignment: .right), .init(title: "settings", limit: 60, expendability: 1),
  ])
  for member in card.members {
    members.add([
      "#\(member.candidate) \(member.model)", Numbers.percent(member.weight, of: 1), "\(member.folds)",
      grouped((member.bytes + 1023) / 1024), oneLine(member.settings),
    ])
  }
  lines += [""] + members.lines(width: width, rule: rule).lines
  var features = TextTable([
    .init(title: "column", limit: 40), .init(title: "kind"), .init(title: "levels", alignment: .right),
  ])
  for feature in card.features {
    features.add([oneLine(feature.name), feature.kind.rawValue, feature.levels.map { grouped($0) } ?? ""])
  }
  lines += [""] + features.lines(width: width, rule: rule).lines
  if !card.excluded.isEmpty {
    lines += ["", "left out"] + card.excluded.map { "  \(oneLine($0.column)): \($0.reason)" }
  }
  lines += [
    "",
    "\(counted(card.files, "file")), \(grouped(card.bytes)) bytes, format \(card.version): all as the manifest says",
    "manifest SHA-256 \(card.sha256)",
  ]
  return lines
}
