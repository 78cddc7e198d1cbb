import Engine
import Flow
import Frame
import Grid
import Insight
import Learn
import Widgets

/// The whole of an analysis as text: what Enter shows.
func reportText(of analysis: Analysis, _ state: WorkbenchState) -> String {
  var lines: [String] = []
  let step = state.flow.graph[analysis.node]?.title ?? "a step that is gone"
  lines.append("on \(step)" + provenance(analysis))
  lines.append("")
  switch analysis.result {
  case .quickModel(let report): lines += quickModelLines(report)
  case .summary(let profile): lines += summaryLines(profile)
  case .insight(let result): lines += result.lines
  case .bias(let result): lines += result.lines
  case .explanation(let result): lines += result.lines
  case .automl(let result): lines += result.lines
  case .chart: lines.append("Pane 4 shows the chart.")
  case nil: lines.append(waitingLine(analysis, state))
  }
  return lines.joined(separator: "\n")
}

/// Why there is no result yet.
func waitingLine(_ analysis: Analysis, _ state: WorkbenchState) -> String {
  guard let request = state.requests.first(where: { $0.value == .analysis(analysis.id) })?.key,
    let row = state.jobs.rows.first(where: { $0.id == request })
  else {
    let failure = state.analyses.failures[analysis.id]
    return failure.map { "It failed: \($0) · r runs it again." } ?? "Not computed yet: r runs it."
  }
  if row.state == .queued { return "Waits for its turn." }
  let share = row.fraction.map { " \(Int($0 * 100))%" } ?? ""
  return "Running\(share)" + (row.note.isEmpty ? "" : ": \(row.note)")
}

private func provenance(_ analysis: Analysis) -> String {
  guard let made = analysis.provenance else { return "" }
  let sampled = made.sampled.map { ", \(Number.grouped($0)) sampled" } ?? ""
  let place = (made.engine.map { " counted by \($0)" } ?? "") + sampled
  return " · \(Number.grouped(made.rows)) rows\(place) · computed in \(Number.duration(made.seconds))"
}

/// A Quick Model in words: the score first, what it is to be compared with, then what went in and what was left out.
func quickModelLines(_ report: QuickModelReport) -> [String] {
  var lines: [String] = []
  let score = "\(metricTitle(report.metric))  \(Number.short(report.score))"
  lines.append(score + "   baseline \(Number.short(report.baseline))")
  lines.append("predicts \(report.target): \(report.problem.title)")
  lines.append(
    "trained on \(Number.grouped(report.trainRows)) rows, tested on \(Number.grouped(report.testRows)), seed \(report.seed)"
  )
  if let source = report.source {
    let all = Number.grouped(source.rows)
    lines.append(
      source.sampled < source.rows
        ? "\(Number.grouped(source.sampled)) of \(all) rows, sampled on the cluster: \(source.engine)"
        : "all \(all) rows, brought from the cluster: \(source.engine)")
  }
  lines.append("")
  let width = report.metrics.keys.map { metricTitle($0).count }.max() ?? 0
  for (name, value) in report.metrics.sorted(by: { $0.key < $1.key }) {
    lines.append("  " + TextWidth.fit(metricTitle(name), width) + "  " + Number.short(value))
  }
  lines.append("")
  let features = report.importance
  let names = min(32, features.map(\.feature.count).max() ?? 0)
  lines.append(
    "  " + "feature".padding(toLength: max(7, names), withPad: " ", startingAt: 0) + "     gain   mean |SHAP|")
  for item in features {
    let name = item.feature.padding(toLength: max(7, names), withPad: " ", startingAt: 0)
    lines.append("  \(name)  \(padded(Number.percent(item.gain), 7))   \(padded(Number.short(item.shap), 11))")
  }
  if !report.excluded.isEmpty {
    lines.append("")
    lines.append("left out")
    lines += report.excluded.map { "  \($0.column): \($0.reason)" }
  }
  if !report.notes.isEmpty {
    lines.append("")
    lines += report.notes
  }
  return lines
}

/// A table summary: one line a column, each figure under its heading.
func summaryLines(_ profile: TableProfile) -> [String] {
  let heading = ["column", "kind", "missing", "distinct", "min", "mean", "median", "max"]
  let rows = profile.columns.map { column in
    let approximate = Set(column.approximate)
    func mark(_ figure: ColumnProfile.Figure) -> String { approximate.contains(figure) ? "≈" : "" }
    return [
      TextWidth.fit(column.name, min(28, TextWidth.of(column.name))), column.kind.rawValue,
      Number.grouped(column.missing), mark(.distinct) + Number.grouped(column.distinct), bound(column.min),
      column.mean.map(Number.short) ?? "–",
      column.quantiles["0.5"].map { mark(.quantiles) + bound($0) } ?? "–", bound(column.max),
    ]
  }
  let widths = heading.indices.map { index in
    ([heading] + rows).map { TextWidth.of($0[index]) }.max() ?? 0
  }
  func line(_ cells: [String]) -> String {
    cells.indices.map { TextWidth.fit(cells[$0], widths[$0], $0 < 2 ? .left : .right) }.joined(separator: "  ")
  }
  return ["\(Number.grouped(profile.rows)) rows, \(profile.columns.count) columns", "", line(heading)] + rows.map(line)
}

/// A smallest, middle or largest value, cut where it is a long text.
private func bound(_ value: Value?) -> String {
  let text = short(value)
  return TextWidth.fit(text, min(16, TextWidth.of(text)))
}

/// What matters of an analysis in a few short lines, for a pane too narrow for the report.
func briefLines(of analysis: Analysis, _ state: WorkbenchState, width: Int) -> [String] {
  elsewhere(analysis, width: width) + ownLines(of: analysis, state, width: width)
}

/// Which engine ran, and on how many rows, where that was not this machine.
private func elsewhere(_ analysis: Analysis, width: Int) -> [String] {
  guard let made = analysis.provenance, let engine = made.engine else { return [] }
  let rows = Number.grouped(made.rows)
  return wrapped(
    made.sampled.map { "\(Number.grouped($0)) of \(rows) rows, sampled by \(engine)" }
      ?? "\(rows) rows, counted by \(engine)", width: width)
}

private func ownLines(of analysis: Analysis, _ state: WorkbenchState, width: Int) -> [String] {
  func pair(_ name: String, _ value: String) -> String {
    TextWidth.fit(name, max(1, width - TextWidth.of(value) - 1)) + " " + value
  }
  let step = state.flow.graph[analysis.node]?.title ?? "a step that is gone"
  let origin = wrapped("on \(step)" + provenance(analysis), width: width)
  switch analysis.result {
  case .quickModel(let report):
    let score = [
      pair(metricTitle(report.metric), Number.short(report.score)), pair("baseline", Number.short(report.baseline)),
    ]
    let features = report.importance.map { pair($0.feature, Number.percent($0.gain)) }
    return score + [pair("importance", "gain")] + features + [""] + origin + wrapped("Enter: the whole", width: width)
  case .summary(let profile):
    return [pair("\(Number.grouped(profile.rows)) rows", "missing")]
      + profile.columns.map { pair($0.name, Number.grouped($0.missing)) } + [""] + origin
  case .insight(let result) where !result.warnings.isEmpty:
    return ["Warnings"]
      + result.warnings.flatMap { wrapped("! " + ($0.column.map { "\($0): " } ?? "") + $0.title, width: width) }
      + [""] + origin + wrapped("Enter: the whole, s: suggested steps", width: width)
  case .insight(let result):
    return result.lines.prefix(60).flatMap { wrapped($0, width: width) } + [""] + origin
      + wrapped("Enter: the whole", width: width)
  case .bias(let result):
    return result.lines.prefix(60).flatMap { wrapped($0, width: width) } + [""] + origin
      + wrapped("Enter: the whole", width: width)
  case .explanation(let result):
    return result.lines.prefix(60).flatMap { wrapped($0, width: width) } + [""] + origin
      + wrapped("Enter: the whole", width: width)
  case .automl(let result):
    let best = result.report.map { metricTitle($0.metric.rawValue) }
    return (result.report?.leaderboard ?? []).prefix(12).map { row in
      pair(row.model, row.score.map(Number.short) ?? "–")
    } + [""] + (best.map { ["by \($0)"] } ?? []) + origin + wrapped("Enter: the leaderboard", width: width)
  case .chart: return origin
  case nil: return origin + wrapped(waitingLine(analysis, state), width: width)
  }
}

/// What a metric is called on screen.
func metricTitle(_ key: String) -> String {
  switch key {
  case "f1": "F1"
  case "f1_macro": "F1 macro"
  case "f1_positive": "F1 positive class"
  case "auc": "AUC"
  case "mse": "MSE"
  case "rmse": "RMSE"
  case "mae": "MAE"
  case "r2": "R²"
  default: key.replacing("_", with: " ")
  }
}

private func short(_ value: Value?) -> String {
  switch value {
  case .real(let number)?: Number.short(number)
  case .integer(let number)?: Number.grouped(Int(number))
  case nil, .null?: "–"
  case let value?: value.text ?? "–"
  }
}

private func padded(_ text: String, _ width: Int) -> String {
  text.count >= width ? " " + text : String(repeating: " ", count: width - text.count) + text
}
