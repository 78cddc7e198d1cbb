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
  // As everywhere else: the first output, by name where there are several.
  let output = 0
  if found.outputNames.count > 1 { lines[0] += ", class \(oneLine(found.outputNames[output]))" }
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
  if found.rows.count > 10 { lines.append("\(counted(found.rows.count - 10, "text")) more with --json") }
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

/// What each feature adds to the prediction of a row.
func rowLines(_ found: RowExplanation, _ name: String, width: Int?, rule: Character) -> [String] {
  var lines = ["\(name), \(oneLine(found.model))", found.provenance]
  for (index, output) in found.outputs.enumerated() {
    var table = TextTable([
      .init(title: "feature", limit: 32), .init(title: "value", limit: 32), .init(title: "SHAP", alignment: .right),
    ])
    for feature in found.order(output: index).prefix(30) {
      let cell = found.cells[feature]
      table.add([
        oneLine(found.features[feature]), cell.isEmpty ? "(missing)" : oneLine(cell), short(output.values[feature]),
      ])
    }
    let head = found.outputs.count > 1 ? "\(oneLine(output.name)): " : ""
    lines += [
      "", "\(head)f(x) \(short(output.prediction)) from \(short(output.baseValue)) (\(found.unit))",
    ]
    lines += table.lines(width: width, rule: rule).lines
    if found.features.count > 30 { lines.append("\(counted(found.features.count - 30, "feature")) more with --json") }
  }
  return lines
}

/// Which features make the difference of two rows.
func comparisonLines(_ found: RowComparison, width: Int?, rule: Character) -> [String] {
  var lines = ["\(found.second) against \(found.first), \(oneLine(found.model))"]
  func cell(_ text: String) -> String { text.isEmpty ? "(missing)" : oneLine(text) }
  for output in found.outputs {
    var table = TextTable([
      .init(title: "feature", limit: 32), .init(title: found.first, limit: 24), .init(title: found.second, limit: 24),
      .init(title: "SHAP", alignment: .right), .init(title: "SHAP", alignment: .right),
      .init(title: "difference", alignment: .right),
    ])
    for part in output.features.prefix(30) {
      table.add(
        [oneLine(part.feature), cell(part.first), cell(part.second)]
          + [part.firstShap, part.secondShap, part.difference].map { short($0) })
    }
    let head = found.outputs.count > 1 ? "\(oneLine(output.name)): " : ""
    lines += [
      "",
      "\(head)f(x) \(short(output.second)) against \(short(output.first)), difference \(short(output.difference)) "
        + "(\(found.unit)); the features' miss it by \(short(RowExplanation.told(output.error))) at most",
    ]
    lines += table.lines(width: width, rule: rule).lines
  }
  return lines
}

/// A row's explanation as `--json` prints it.
struct RowReport: Encodable {
  struct Feature: Encodable {
    var feature: String
    /// Nil where it is missing.
    var value: String?
    var shap: Double
  }

  struct Output: Encodable {
    var name: String?
    var baseValue, prediction: Double
    var features: [Feature]

    private enum CodingKeys: String, CodingKey {
      case name, prediction, features
      case baseValue = "base_value"
    }
  }

  var row: Int
  var model, method, unit: String
  var backgroundRows: Int?
  var additivityError: Double
  var outputs: [Output]

  private enum CodingKeys: String, CodingKey {
    case row, model, method, unit, outputs
    case backgroundRows = "background_rows"
    case additivityError = "additivity_error"
  }

  init(_ found: RowExplanation, row: Int) {
    (self.row, model, method, unit) = (row, found.model, found.method, found.unit)
    (backgroundRows, additivityError) = (found.backgroundRows, found.additivityError)
    outputs = found.outputs.enumerated().map { index, output in
      Output(
        name: found.outputs.count > 1 ? output.name : nil, baseValue: output.baseValue,
        prediction: output.prediction,
        features: found.order(output: index).map { feature in
          let cell = found.cells[feature]
          return Feature(
            feature: found.features[feature], value: cell.isEmpty ? nil : cell, shap: output.values[feature])
        })
    }
  }
}
