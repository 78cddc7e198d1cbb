// An explanation in words: what is explained, the features by importance, and how exact the sums are.

import Engine
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
  if let groups = found.groups { lines += [""] + groupLines(groups, found.unit, width: width, rule: rule) }
  if let importance = found.importance {
    var table = TextTable([
      .init(title: "feature shuffled", limit: 32), .init(title: "loss rises by", alignment: .right),
      .init(title: "95 % interval", alignment: .right),
    ])
    for item in importance.prefix(30) {
      table.add([oneLine(item.feature), short(item.value), "\(short(item.low)) to \(short(item.high))"])
    }
    lines += [""] + table.lines(width: width, rule: rule).lines
  }
  if let effects = found.effects {
    lines += ["", "effects of \(counted(effects.count, "feature")): see them with --json or --chart effects"]
  }
  return lines
}

private func groupLines(_ found: GroupDifference, _ unit: String, width: Int?, rule: Character) -> [String] {
  func text(_ group: GroupDifference.Group) -> String {
    let share = group.positives.map { ", \(short($0 * 100)) % predicted positive" } ?? ""
    return "\(counted(group.rows, "row")), mean prediction \(short(group.prediction))\(share)"
  }
  var table = TextTable([.init(title: "feature", limit: 32), .init(title: "adds to the gap", alignment: .right)])
  for item in found.features.prefix(20) where item.value != 0 { table.add([oneLine(item.feature), short(item.value)]) }
  let dppl = found.dppl.map { ", DPPL \(short($0))" } ?? ""
  return [
    "d, \(oneLine(found.column)) = \(oneLine(found.value)): \(text(found.d))", "a, all others: \(text(found.a))",
    "gap a - d \(short(found.difference)) (\(unit))\(dppl)", "",
  ] + table.lines(width: width, rule: rule).lines
}

/// What flips a decision, in words.
func counterfactualLines(_ found: Counterfactual) -> [String] {
  func numbers(_ values: [Double]) -> String { values.map { short($0) }.joined(separator: ", ") }
  guard !found.changes.isEmpty else {
    return [
      "\(oneLine(found.before)) (\(numbers(found.predictionsBefore))): no change of up to three columns to values that occur "
        + "flips it."
    ]
  }
  return [
    "\(oneLine(found.before)) (\(numbers(found.predictionsBefore))) becomes \(oneLine(found.after)) "
      + "(\(numbers(found.predictionsAfter))) with"
  ]
    + found.changes.map { change in
      "  \(oneLine(change.column)): \(oneLine(change.to ?? "missing")) instead of \(oneLine(change.from ?? "missing"))"
    }
}

/// What the model says of one row, above its waterfall.
func rowLines(_ found: RowExplanation, output: Int, number: Int) -> [String] {
  let shown = found.outputs[output]
  return [
    "\(oneLine(found.model)), row \(grouped(number))",
    "prediction \(short(shown.prediction)) (\(found.unit)), base value \(short(shown.baseValue)); the values miss it by "
      + short(RowExplanation.told(found.additivityError)),
  ]
}

/// Why the prediction of the second row differs from that of the first.
func comparisonLines(_ found: RowComparison, rows: (Int, Int), width: Int?, rule: Character) -> [String] {
  let output = found.differences.indices.max { abs(found.change(output: $0)) < abs(found.change(output: $1)) } ?? 0
  let name = found.differences.count > 1 ? " of \(found.first.outputs[output].name)" : ""
  var table = TextTable([
    .init(title: "feature", limit: 32), .init(title: "row \(grouped(rows.0))", limit: 24),
    .init(title: "row \(grouped(rows.1))", limit: 24), .init(title: "adds", alignment: .right),
  ])
  func cell(_ text: String) -> String { text.isEmpty ? "missing" : oneLine(text) }
  for feature in found.order(output: output).prefix(30) where found.differences[output][feature] != 0 {
    table.add([
      oneLine(found.first.features[feature]), cell(found.first.cells[feature]), cell(found.second.cells[feature]),
      short(found.differences[output][feature]),
    ])
  }
  return [
    "\(oneLine(found.first.model)): prediction\(name) \(short(found.first.outputs[output].prediction)) of row "
      + "\(grouped(rows.0)), \(short(found.second.outputs[output].prediction)) of row \(grouped(rows.1)) "
      + "(\(found.first.unit))",
    "what features add to the difference of \(short(found.change(output: output)))", "",
  ] + table.lines(width: width, rule: rule).lines
}

/// Texts with the parts that matter most, and the parts that do in all of them.
func textLines(_ found: TextExplanation, width: Int?, rule: Character) -> [String] {
  let rows =
    found.rows.count < found.totalRows
    ? "\(grouped(found.rows.count)) of \(counted(found.totalRows, "row"))" : counted(found.rows.count, "row")
  var lines = [
    "\(oneLine(found.model)), texts of \(oneLine(found.column)) by \(found.granularity.rawValue), \(rows), method "
      + found.method,
    "values (\(found.unit)) miss the prediction by at most \(short(found.additivityError))", "",
  ]
  let output = found.outputNames.count - 1
  func texts(_ parts: [TextExplanation.Part]) -> String {
    parts.map { "\(oneLine($0.text)) \($0.values[output] < 0 ? "" : "+")\(short($0.values[output]))" }
      .joined(separator: ", ")
  }
  for (number, row) in found.rows.prefix(10).enumerated() {
    let sorted = row.parts.sorted { abs($0.values[output]) > abs($1.values[output]) }
    lines.append(
      "\(number + 1). from \(short(row.baseValues[output])) to \(short(row.predictions[output])): "
        + (row.parts.isEmpty ? "no text" : texts(Array(sorted.prefix(6)))))
  }
  var table = TextTable([
    .init(title: found.granularity.rawValue, limit: 48), .init(title: "occurs", alignment: .right),
    .init(title: "adds in the mean", alignment: .right),
  ])
  for top in found.top.prefix(20) {
    table.add([oneLine(top.text), grouped(top.occurrences), short(top.values[output])])
  }
  return lines + [""] + table.lines(width: width, rule: rule).lines
}

private func importanceLines(
  _ items: [Explanation.Importance], _ title: String, width: Int?, context: DrawContext, rule: Character
) -> [String] {
  // Mean standard errors of the rows' values, where these are estimates.
  let hasErrors = items.contains { $0.standardError != nil }
  var table = TextTable(
    [.init(title: "feature", limit: 32), .init(title: title, alignment: .right)]
      + (hasErrors ? [.init(title: "± a row", alignment: .right)] : []) + [
        .init(title: "", limit: 24, expendability: 1)
      ])
  let shown = items.prefix(30)
  let most = shown.map { abs($0.value) }.max() ?? 0
  for item in shown {
    let bar = most > 0 ? gauge(abs(item.value) / most, width: 24, glyphs: context.glyphs) : ""
    table.add(
      [oneLine(item.feature), short(item.value)] + (hasErrors ? [item.standardError.map { short($0) } ?? ""] : [])
        + [bar])
  }
  var lines = table.lines(width: width, rule: rule).lines
  if items.count > shown.count { lines.append("\(counted(items.count - shown.count, "feature")) more with --json") }
  return lines
}
