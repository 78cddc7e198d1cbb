// The numbers behind violins: quartiles and ends of each group, then counts in narrow bins, which a kernel smooths.

import Foundation
import Frame
import Jobs
import Plot

/// The density of a column, by the values of another, from each group's least value to its greatest.
///
/// A Gaussian kernel with Silverman's bandwidth, 0.9 min(sd, IQR / 1.349) n^(-1/5) (Silverman 1986, Density Estimation
/// for Statistics and Data Analysis, p. 48), over counts in 400 bins a group (binning: Scott and Sheather 1985,
/// doi:10.1080/03610928508828980). Whole numbers are smoothed over one unit at least, so that they make no comb. On a
/// logarithmic axis the density is that of the logarithms.
/// - Parameters:
///   - by: the column that makes groups, of any kind; nil for one shape.
///   - limit: groups that get a shape, those with most rows first.
///   - labels: the groups that get a shape instead, in this order.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func violinPlot(
  of column: String, by: String? = nil, limit: Int = 20, labels: [String?]? = nil, isLogarithmic: Bool = false,
  in rows: ChartRows
) throws -> ViolinPlot {
  let values = try GroupedValues(
    column: column, by: by, limit: limit, labels: labels, isLogarithmic: isLogarithmic, of: rows)
  let smoothers = values.groups.map {
    Smoother($0, isLogarithmic: isLogarithmic, isInteger: values.axis.axis == .integer)
  }
  var groups = zip(values.groups, smoothers).map { group, _ in
    ViolinPlot.Group(
      label: group.label, count: group.count, q1: group.q1, median: group.median, q3: group.q3, lower: group.low,
      upper: group.high, density: group.count > 0 ? [1] : [])
  }
  if values.groups.contains(where: { $0.count > 1 && $0.high > $0.low }) {
    try addDensities(to: &groups, values, smoothers, isLogarithmic: isLogarithmic)
  }
  return ViolinPlot(
    column: column, by: by, groups: groups, otherGroups: values.otherGroups, missing: values.missing,
    total: values.total, valueKind: values.axis.axis, valueForm: isLogarithmic ? .logarithmic : nil)
}

private func addDensities(
  to groups: inout [ViolinPlot.Group], _ values: GroupedValues, _ smoothers: [Smoother], isLogarithmic: Bool
) throws {
  // Halves keep the largest range finite.
  let place = isLogarithmic ? "ln(f) / 2" : "f / 2"
  let table = try values.source.query(
    """
    SELECT i, bin, count(*), sum(u), sum(u * u) FROM (SELECT i, u,
    CAST(greatest(0, least(\(Smoother.bins - 1), floor(u * \(Smoother.bins)))) AS INTEGER) AS bin
    FROM (SELECT i, (\(place) - start) / span AS u FROM (\(values.joined([
      ("start", smoothers.map { $0.start / 2 }), ("span", smoothers.map { $0.span }),
    ])))))
    GROUP BY i, bin
    """, "smoothing \(values.column)")
  var counts = smoothers.map { _ in [Double](repeating: 0, count: Smoother.bins) }
  var sums = smoothers.map { _ in (first: 0.0, second: 0.0) }
  for row in 0..<table.rowCount {
    let (index, bin) = (table.value(row, 0).whole, table.value(row, 1).whole)
    guard counts.indices.contains(index), counts[index].indices.contains(bin) else { continue }
    counts[index][bin] += Double(table.value(row, 2).whole)
    sums[index].first += table.value(row, 3).number ?? 0
    sums[index].second += table.value(row, 4).number ?? 0
  }
  for index in groups.indices where groups[index].upper > groups[index].lower {
    groups[index].density = smoothers[index].density(counts[index], sums[index])
  }
}

/// Smooths the counts of a group; places are shares of the way from its least value to its greatest.
private struct Smoother {
  static let bins = 400
  static let positions = 101

  let start: Double
  /// Half the range, never zero.
  let span: Double
  /// The interquartile range, and one unit, as shares.
  private let spread, unit: Double

  init(_ group: GroupedValues.Group, isLogarithmic: Bool, isInteger: Bool) {
    func place(_ value: Double) -> Double { isLogarithmic ? log(max(value, .leastNonzeroMagnitude)) : value }
    start = place(group.low)
    let half = place(group.high) / 2 - start / 2
    span = half > 0 ? half : 1
    spread = (place(group.q3) / 2 - place(group.q1) / 2) / span
    unit = isInteger && !isLogarithmic ? 0.5 / span : 0
  }

  /// At evenly spaced places, both ends included; the highest is one.
  func density(_ counts: [Double], _ sums: (first: Double, second: Double)) -> [Double] {
    let count = counts.reduce(0, +)
    guard count > 1 else { return [1] }
    let mean = sums.first / count
    let deviation = (max(0, sums.second / count - mean * mean) * count / (count - 1)).squareRoot()
    let scale = spread > 0 ? min(deviation, spread / 1.349) : deviation
    let bandwidth = max(0.9 * scale * pow(count, -0.2), 0.75 * unit, 1 / Double(Smoother.bins))
    let raw = (0..<Smoother.positions).map { position -> Double in
      let at = Double(position) / Double(Smoother.positions - 1)
      return counts.enumerated().reduce(0) { sum, bin in
        if bin.element == 0 { return sum }
        let distance = (at - (Double(bin.offset) + 0.5) / Double(Smoother.bins)) / bandwidth
        return sum + bin.element * exp(-0.5 * distance * distance)
      }
    }
    let peak = raw.max() ?? 0
    return peak > 0 ? raw.map { $0 / peak } : [1]
  }
}
