// A Quick Model in words: the score first and what it is to be compared with, then what went in and what was left out.

import Grid
import Learn
import Plot

func quickModelLines(_ report: QuickModelReport, width: Int?, context: DrawContext) -> [String] {
  var lines = [
    "\(report.problem.title) of \(oneLine(report.target))",
    "",
    "\(report.metric.uppercased())  \(short(report.score))   baseline \(short(report.baseline))",
    "trained on \(counted(report.trainRows, "row")), tested on \(grouped(report.testRows)), seed \(report.seed)",
    "",
  ]
  var metrics = TextTable([
    .init(title: "metric"), .init(title: "model", alignment: .right), .init(title: "baseline", alignment: .right),
  ])
  for (name, value) in report.metrics.sorted(by: { $0.key < $1.key }) {
    metrics.add([name, short(value), report.baselineMetrics[name].map { short($0) } ?? "–"])
  }
  let rule: Character = context.glyphs == .ascii ? "-" : "─"
  lines += metrics.lines(width: width, rule: rule).lines
  if let classes = report.classes, !classes.isEmpty {
    var table = TextTable([
      .init(title: "class", limit: 32), .init(title: "train", alignment: .right),
      .init(title: "test", alignment: .right), .init(title: "precision", alignment: .right),
      .init(title: "recall", alignment: .right), .init(title: "f1", alignment: .right),
    ])
    for item in classes.prefix(20) {
      table.add([
        oneLine(item.label), grouped(item.trainRows), grouped(item.testRows), short(item.precision),
        short(item.recall), short(item.f1),
      ])
    }
    lines += [""] + table.lines(width: width, rule: rule).lines
    if classes.count > 20 { lines.append("\(counted(classes.count - 20, "class"))es more with --json") }
  }
  lines += [""] + importanceLines(report, width: width, context: context)
  if !report.excluded.isEmpty {
    lines += ["", "left out"] + report.excluded.map { "  \(oneLine($0.column)): \($0.reason)" }
  }
  return lines
}

/// One line a feature, a bar for its share of the gain.
private func importanceLines(_ report: QuickModelReport, width: Int?, context: DrawContext) -> [String] {
  let shown = report.importance.prefix(30)
  var table = TextTable([
    .init(title: "feature", limit: 32), .init(title: "gain", alignment: .right),
    .init(title: "", limit: 24, expendability: 1), .init(title: "mean |SHAP|", alignment: .right),
  ])
  let most = shown.map(\.gain).max() ?? 0
  for item in shown {
    let bar = most > 0 ? gauge(item.gain / most, width: 24, glyphs: context.glyphs) : ""
    table.add([oneLine(item.feature), Numbers.percent(item.gain, of: 1), bar, short(item.shap)])
  }
  var lines = table.lines(width: width, rule: context.glyphs == .ascii ? "-" : "─").lines
  if report.importance.count > shown.count {
    lines.append("\(counted(report.importance.count - shown.count, "feature")) more with --json")
  }
  return lines
}

/// A horizontal bar in eighths of a cell; `share` in 0...1.
func gauge(_ share: Double, width: Int, glyphs: GlyphSet) -> String {
  let share = min(max(share, 0), 1)
  if glyphs == .ascii { return String(repeating: "#", count: Int((share * Double(width)).rounded())) }
  let eighths = Int((share * Double(width * 8)).rounded())
  let rests = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
  return String(repeating: "█", count: eighths / 8) + rests[eighths % 8]
}
