// An explanation in words: what is explained, the features by importance, and how exact the sums are.

import Explain
import Grid
import Plot

func explanationLines(_ found: Explanation, width: Int?, context: DrawContext) -> [String] {
  let rows =
    found.rows < found.totalRows
    ? "\(grouped(found.rows)) of \(counted(found.totalRows, "row"))" : counted(found.rows, "row")
  let background = found.backgroundRows.map { ", background \(counted($0, "row"))" } ?? ""
  var lines = [
    "\(oneLine(found.model)), \(rows), method \(found.method)\(background)",
    "base value \(short(found.baseValue)) (\(found.unit)); values miss the prediction by at most "
      + short(found.additivityError),
    "",
  ]
  let rule: Character = context.glyphs == .ascii ? "-" : "─"
  let title =
    switch found.aggregate {
    case .meanAbsolute: "mean |SHAP|"
    case .meanSquare: "mean SHAP²"
    case .median: "median SHAP"
    }
  lines += importanceLines(found.global, title, width: width, context: context, rule: rule)
  if let outputs = found.outputs {
    var table = TextTable([
      .init(title: "class"), .init(title: "base value", alignment: .right), .init(title: "most important", limit: 60),
    ])
    for output in outputs.prefix(20) {
      let names = output.global.prefix(3).filter { $0.value != 0 }.map { oneLine($0.feature) }
      table.add([output.name, short(output.baseValue), names.joined(separator: ", ")])
    }
    lines += [""] + table.lines(width: width, rule: rule).lines
  }
  if let interactions = found.interactions {
    var table = TextTable([
      .init(title: "features", limit: 32), .init(title: "and", limit: 32),
      .init(title: "mean |interaction|", alignment: .right),
    ])
    for pair in interactions.prefix(10) where pair.value > 0 {
      table.add([oneLine(pair.features[0]), oneLine(pair.features[1]), short(pair.value)])
    }
    lines += [""] + table.lines(width: width, rule: rule).lines
  }
  return lines
}

private func importanceLines(
  _ items: [Explanation.Importance], _ title: String, width: Int?, context: DrawContext, rule: Character
) -> [String] {
  var table = TextTable([
    .init(title: "feature", limit: 32), .init(title: title, alignment: .right),
    .init(title: "", limit: 24, expendability: 1),
  ])
  let shown = items.prefix(30)
  let most = shown.map { abs($0.value) }.max() ?? 0
  for item in shown {
    let bar = most > 0 ? gauge(abs(item.value) / most, width: 24, glyphs: context.glyphs) : ""
    table.add([oneLine(item.feature), short(item.value), bar])
  }
  var lines = table.lines(width: width, rule: rule).lines
  if items.count > shown.count { lines.append("\(counted(items.count - shown.count, "feature")) more with --json") }
  return lines
}
