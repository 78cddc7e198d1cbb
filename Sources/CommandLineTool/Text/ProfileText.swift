// A profile as a table that a person reads: one line a column.

import Frame
import Grid
import Insight
import Plot

/// The lines of a profile. Figures that are estimates carry `≈`.
func profileLines(_ profile: TableProfile, width: Int?, glyphs: GlyphSet) -> [String] {
  let about = glyphs == .ascii ? "~" : "≈"
  var table = TextTable([
    .init(title: "column", limit: 32),
    .init(title: "type"),
    .init(title: "missing", alignment: .right, expendability: 1),
    .init(title: "distinct", alignment: .right, expendability: 2),
    .init(title: "min", alignment: .right, limit: 19, expendability: 3),
    .init(title: "mean", alignment: .right, expendability: 4),
    .init(title: "median", alignment: .right, limit: 19, expendability: 5),
    .init(title: "max", alignment: .right, limit: 19, expendability: 3),
    .init(title: about + "shape", expendability: 7),
    .init(title: "top", limit: 32, expendability: 6),
  ])
  for column in profile.columns {
    func mark(_ figure: ColumnProfile.Figure) -> String { column.approximate.contains(figure) ? about : "" }
    let median = column.quantiles["0.5"]
    table.add([
      oneLine(column.name), column.kind.rawValue, missing(column.missing, of: profile.rows),
      mark(.distinct) + grouped(column.distinct), short(column.min), column.mean.map { short($0) } ?? "–",
      median.map { mark(.quantiles) + short($0) } ?? "–", short(column.max),
      sparkline(shape(of: column, steps: 8), width: 8, glyphs: glyphs),
      top(column, of: profile.rows, mark(.top)),
    ])
  }
  let head = "\(counted(profile.rows, "row")), \(counted(profile.columns.count, "column"))"
  let (lines, left) = table.lines(width: width, rule: glyphs == .ascii ? "-" : "─")
  var all = [head, ""] + lines
  if left > 0 { all += ["", "\(counted(left, "figure")) more with a wider terminal, or with --json"] }
  return all
}

private func missing(_ count: Int, of rows: Int) -> String {
  count == 0 ? "0" : "\(grouped(count)) \(Numbers.percent(Double(count), of: Double(rows)))"
}

private func top(_ column: ColumnProfile, of rows: Int, _ mark: String) -> String {
  // The most frequent of many different values says nothing.
  guard let first = column.top.first, first.count > 1, Double(first.count) >= 0.01 * Double(rows) else { return "" }
  return "\(mark)\(Numbers.percent(Double(first.count), of: Double(rows))) "
    + TextWidth.fit(short(first.value), min(22, TextWidth.of(short(first.value))))
}

/// Roughly how the values are spread between minimum and maximum, from the quantiles alone: between two of them the
/// values are taken to lie evenly. Columns of few texts show the counts of their most frequent values.
func shape(of column: ColumnProfile, steps: Int) -> [Double] {
  guard column.kind.isNumeric else { return column.top.prefix(steps).map { Double($0.count) } }
  guard let low = column.min?.number, let high = column.max?.number, low < high else { return [] }
  var points: [(share: Double, value: Double)] = [(0, low)]
  for (key, share) in ColumnProfile.probabilities {
    if let value = column.quantiles[key]?.number { points.append((share, value)) }
  }
  points.append((1, high))
  guard points.count > 2 else { return [] }
  var masses = [Double](repeating: 0, count: steps)
  let width = (high - low) / Double(steps)
  func step(_ value: Double) -> Int { min(max(Int((value - low) / width), 0), steps - 1) }
  for (left, right) in zip(points, points.dropFirst()) {
    let mass = right.share - left.share
    let span = right.value - left.value
    if span <= 0 {
      masses[step(left.value)] += mass
      continue
    }
    for index in step(left.value)...step(right.value) {
      let from = max(left.value, low + Double(index) * width)
      let to = min(right.value, low + Double(index + 1) * width)
      if to > from { masses[index] += mass * (to - from) / span }
    }
  }
  return masses
}
