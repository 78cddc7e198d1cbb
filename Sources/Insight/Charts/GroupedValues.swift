// One column by the values of another, measured by the database: what box plots and violins are made of.

import Frame
import Jobs

/// Finite values of a column, with the group that each belongs to.
struct GroupedValues {
  /// A group and its quartiles, by linear interpolation; zeros where it has no values.
  struct Group {
    var label: String?
    var count: Int
    var q1, median, q3, low, high: Double
  }

  let column: String
  let axis: AxisColumn
  let source: ChartRows
  /// `g` is the group as text, `f` the value, NULL where it is missing or not finite.
  let rows: String
  // Without groups there is nothing to join.
  private let isWhole: Bool

  private(set) var groups: [Group] = []
  private(set) var otherGroups = 0
  private(set) var missing = 0
  private(set) var total = 0

  /// - Parameters:
  ///   - limit: groups to measure, those with most rows first.
  ///   - labels: the groups to measure instead, in this order.
  ///   - isLogarithmic: values that are not positive are missing.
  /// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
  init(
    column: String, by: String?, limit: Int, labels: [String?]? = nil, isLogarithmic: Bool = false, of source: ChartRows
  ) throws {
    let schema = source.schema
    axis = try AxisColumn(try schema.required(column), advice: "draw bars instead")
    (self.column, self.source) = (column, source)
    let group = try by.map { "CAST(\(SQL.identifier(try schema.required($0).name)) AS VARCHAR)" } ?? "NULL::VARCHAR"
    rows = """
      SELECT g, CASE WHEN isfinite(v)\(isLogarithmic ? " AND v > 0" : "") THEN v END AS f
      FROM (SELECT \(group) AS g, \(axis.sql) AS v FROM \(source.from))
      """
    isWhole = by == nil
    try count(limit: max(1, labels == nil ? limit : Int(Int32.max)))
    if let labels {
      let found = Dictionary(groups.map { ($0.label, $0) }) { first, _ in first }
      let others = groups.count { !labels.contains($0.label) }
      groups = labels.map { found[$0] ?? Group(label: $0, count: 0, q1: 0, median: 0, q3: 0, low: 0, high: 0) }
      otherGroups = others
    }
    try measure()
  }

  private mutating func count(limit: Int) throws {
    let sql = """
      WITH sizes AS MATERIALIZED (SELECT g, count(*) AS n, count(f) AS filled FROM (\(rows)) GROUP BY g)
      SELECT NULL AS g, CAST(coalesce(sum(n), 0) AS BIGINT), CAST(coalesce(sum(filled), 0) AS BIGINT), count(*)
      FROM sizes
      UNION ALL (SELECT g, n, filled, NULL FROM sizes ORDER BY n DESC, g NULLS LAST LIMIT \(limit))
      """
    let table = try source.query(sql, "counting groups")
    for row in 0..<table.rowCount {
      if table.value(row, 3).isNull {
        groups.append(
          Group(
            label: table.text(row, 0), count: table.value(row, 2).whole, q1: 0, median: 0, q3: 0, low: 0,
            high: 0))
      } else {
        total = table.value(row, 1).whole
        missing = total - table.value(row, 2).whole
        otherGroups = table.value(row, 3).whole
      }
    }
    otherGroups -= groups.count
  }

  private mutating func measure() throws {
    if groups.isEmpty { return }
    if let cluster = source.cluster, isWhole { return try measureThere(cluster) }
    // The cluster's own percentile holds every different value.
    if source.cluster != nil, total > ClusterQuantiles.fewRows {
      throw ClusterQuestions.Unsaid("it finds quantiles of so many rows for one group only")
    }
    let sql = """
      SELECT i, q[1], q[2], q[3], low, high FROM (
      SELECT i, quantile_cont(f, [0.25, 0.5, 0.75]) AS q, min(f) AS low, max(f) AS high
      FROM (\(joined([]))) GROUP BY i)
      """
    let table = try source.query(sql, "measuring \(column)")
    for row in 0..<table.rowCount {
      let index = table.value(row, 0).whole
      let figures = (1...5).map { table.value(row, $0).number ?? 0 }
      guard groups.indices.contains(index) else { continue }
      (groups[index].q1, groups[index].median, groups[index].q3) = (figures[0], figures[1], figures[2])
      (groups[index].low, groups[index].high) = (figures[3], figures[4])
    }
  }

  /// The one group, by its range.
  private mutating func measureThere(_ cluster: ClusterQuestions) throws {
    let range = try source.query("SELECT count(f), min(f), max(f) FROM (\(rows))", "measuring \(column)")
    guard let low = range.value(0, 1).number, let high = range.value(0, 2).number else { return }
    let quartiles = try cluster.quartiles(
      of: "f", in: rows, from: low, to: high, count: range.value(0, 0).whole, in: source.database,
      "measuring \(column)")
    (groups[0].q1, groups[0].median, groups[0].q3) = (quartiles[0], quartiles[1], quartiles[2])
    (groups[0].low, groups[0].high) = (low, high)
  }

  /// The values of the measured groups: `i` is the group's place, then `f`, and a figure of each group for every name.
  func joined(_ figures: [(name: String, values: [Double])]) -> String {
    if isWhole {
      let constants = figures.map { "\(SQL.literal(.real($0.values.first ?? 0))) AS \($0.name)" }
      return "SELECT \((["0 AS i", "f"] + constants).joined(separator: ", ")) FROM (\(rows)) WHERE f IS NOT NULL"
    }
    let lines = groups.indices.map { index in
      let label = groups[index].label.map(SQL.text) ?? "NULL::VARCHAR"
      return
        "(\(([String(index), label] + figures.map { SQL.literal(.real($0.values[index])) }).joined(separator: ", ")))"
    }
    let names = (["i", "label"] + figures.map(\.name)).joined(separator: ", ")
    let columns = (["i", "f"] + figures.map(\.name)).joined(separator: ", ")
    return """
      SELECT \(columns) FROM (\(rows)) JOIN (VALUES \(lines.joined(separator: ", "))) names(\(names))
      ON g IS NOT DISTINCT FROM label WHERE f IS NOT NULL
      """
  }
}
