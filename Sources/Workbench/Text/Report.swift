import Engine
import Flow
import Frame
import Insight
import Learn

/// The whole of an analysis as text: what Enter shows.
func reportText(of analysis: Analysis, _ state: WorkbenchState) -> String {
  var lines: [String] = []
  let step = state.flow.graph[analysis.node]?.title ?? "a step that is gone"
  lines.append("on \(step)" + provenance(analysis))
  lines.append("")
  switch analysis.result {
  case .quickModel(let report): lines += quickModelLines(report)
  case .summary(let profile): lines += summaryLines(profile)
  case .chart: lines.append("The result is a chart: pane 4 shows it.")
  case nil: lines.append(waitingLine(analysis, state))
  }
  return lines.joined(separator: "\n")
}

/// Why there is no result yet.
func waitingLine(_ analysis: Analysis, _ state: WorkbenchState) -> String {
  guard let request = state.requests.first(where: { $0.value == .analysis(analysis.id) })?.key,
    let row = state.jobs.rows.first(where: { $0.id == request })
  else { return "Not computed yet: r runs it." }
  if row.state == .queued { return "Waits for its turn." }
  let share = row.fraction.map { " \(Int($0 * 100))%" } ?? ""
  return "Running\(share)" + (row.note.isEmpty ? "" : ": \(row.note)")
}

private func provenance(_ analysis: Analysis) -> String {
  guard let made = analysis.provenance else { return "" }
  return " · \(Number.grouped(made.rows)) rows · computed in \(Number.duration(made.seconds))"
}

/// A Quick Model in words: the score first, what it is to be compared with, then what went in and what was left out.
func quickModelLines(_ report: QuickModelReport) -> [String] {
  var lines: [String] = []
  lines.append("\(report.metric)  \(Number.short(report.score))   baseline \(Number.short(report.baseline))")
  lines.append("predicts \(report.target): \(report.problem.title)")
  lines.append(
    "trained on \(Number.grouped(report.trainRows)) rows, tested on \(Number.grouped(report.testRows)), seed \(report.seed)"
  )
  lines.append("")
  let width = report.metrics.keys.map(\.count).max() ?? 0
  for (name, value) in report.metrics.sorted(by: { $0.key < $1.key }) {
    lines.append("  " + name.padding(toLength: width, withPad: " ", startingAt: 0) + "  " + Number.short(value))
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

/// A table summary: one line a column.
func summaryLines(_ profile: TableProfile) -> [String] {
  var lines = ["\(Number.grouped(profile.rows)) rows, \(profile.columns.count) columns", ""]
  let names = min(28, max(6, profile.columns.map(\.name.count).max() ?? 6))
  func left(_ text: String, _ width: Int) -> String {
    text.count > width ? text.prefix(width - 1) + "…" : text.padding(toLength: width, withPad: " ", startingAt: 0)
  }
  lines.append(
    left("column", names) + "  " + left("kind", 9) + padded("missing", 9) + padded("distinct", 10) + padded("min", 14)
      + padded("mean", 11) + padded("median", 11) + padded("max", 14))
  for column in profile.columns {
    let approximate = Set(column.approximate)
    func mark(_ figure: ColumnProfile.Figure) -> String { approximate.contains(figure) ? "≈" : "" }
    var line = left(column.name, names) + "  " + left(column.kind.rawValue, 9)
    line += padded(Number.grouped(column.missing), 9)
    line += padded(mark(.distinct) + Number.grouped(column.distinct), 10)
    line += padded(left(short(column.min), 13).trimmed, 14)
    line += padded(column.mean.map(Number.short) ?? "–", 11)
    line += padded(column.quantiles["0.5"].map { mark(.quantiles) + short($0) } ?? "–", 11)
    line += padded(left(short(column.max), 13).trimmed, 14)
    lines.append(line)
  }
  return lines
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

extension String {
  fileprivate var trimmed: String {
    var text = Substring(self)
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
