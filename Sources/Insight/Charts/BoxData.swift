// The numbers behind a box plot: three passes of aggregates, whatever the number of rows.

import Frame
import Jobs
import Plot

/// Quartiles, whiskers and outliers of a column, by the values of another.
///
/// Quartiles are interpolated linearly; whiskers end at the outermost values within 1.5 interquartile ranges of them.
/// - Parameters:
///   - by: the column that makes groups, of any kind; nil for one box.
///   - limit: groups that get a box, those with most rows first.
///   - labels: the groups that get a box instead, in this order.
///   - isLogarithmic: values that are not positive are missing, and the axis is to be logarithmic; the figures are
///     those of the values.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func boxPlot(
  of column: String, by: String? = nil, limit: Int = 20, labels: [String?]? = nil, isLogarithmic: Bool = false,
  relation: String, schema: Schema, in database: Database, context: any JobContext = SilentContext()
) throws -> BoxPlot {
  try boxPlot(
    of: column, by: by, limit: limit, labels: labels, isLogarithmic: isLogarithmic,
    in: ChartRows(relation: relation, schema: schema, database: database, context: context))
}

/// The same of rows that a cluster may have.
/// - Throws: `InsightError`, `FrameError`, `JobCancelled` or `ClusterQuestions.Unsaid`.
public func boxPlot(
  of column: String, by: String? = nil, limit: Int = 20, labels: [String?]? = nil, isLogarithmic: Bool = false,
  in rows: ChartRows
) throws -> BoxPlot {
  let values = try GroupedValues(
    column: column, by: by, limit: limit, labels: labels, isLogarithmic: isLogarithmic, of: rows)
  var boxes = values.groups.map { group in
    BoxPlot.Group(
      label: group.label, count: group.count, lowerWhisker: group.q1, q1: group.q1, median: group.median, q3: group.q3,
      upperWhisker: group.q3)
  }
  if !boxes.isEmpty { try addWhiskers(to: &boxes, values) }
  return BoxPlot(
    column: column, by: by, groups: boxes, otherGroups: values.otherGroups, missing: values.missing,
    total: values.total, valueKind: values.axis.axis, valueForm: isLogarithmic ? .logarithmic : nil)
}

/// Places for outliers on each side of a box: one of several that would share a place is drawn.
private let outlierPlaces = 200

private func addWhiskers(to boxes: inout [BoxPlot.Group], _ values: GroupedValues) throws {
  let groups = values.groups
  let reach = groups.map { 1.5 * ($0.q3 - $0.q1) }
  let low = groups.filter { $0.count > 0 }.map(\.low).min() ?? 0
  let high = groups.filter { $0.count > 0 }.map(\.high).max() ?? 0
  // Halves keep the largest range finite.
  let step = max((high / 2 - low / 2) / Double(outlierPlaces), .leastNonzeroMagnitude)
  let fences: [(name: String, values: [Double])] = [
    ("lower", zip(groups, reach).map { $0.q1 - $1 }), ("upper", zip(groups, reach).map { $0.q3 + $1 }),
  ]
  let place = "floor(f / 2 / \(SQL.literal(.real(step))))"
  let sql = """
    SELECT i, place, min(f), max(f), count(*)
    FROM (SELECT i, f, CASE WHEN f < lower OR f > upper THEN \(place) END AS place FROM (\(values.joined(fences))))
    GROUP BY i, place ORDER BY i, place
    """
  let table = try values.source.query(sql, "finding outliers")
  for row in 0..<table.rowCount {
    let index = table.value(row, 0).whole
    guard boxes.indices.contains(index), let least = table.value(row, 2).number, let most = table.value(row, 3).number
    else { continue }
    if table.value(row, 1).isNull {
      // Interpolated quartiles may lie beyond the values within the fences.
      boxes[index].lowerWhisker = min(least, boxes[index].q1)
      boxes[index].upperWhisker = max(most, boxes[index].q3)
    } else {
      boxes[index].outliers.append(most > boxes[index].q3 ? most : least)
      boxes[index].outlierCount += table.value(row, 4).whole
    }
  }
}
