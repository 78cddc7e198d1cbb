// What a column says about a target: AUC, information value and mutual information from counts of groups.

import Foundation
import Frame
import Jobs

extension Inspector {
  /// Groups of the column, or of the target, that are told apart at most; the rarer ones form one more.
  static let mostGroups = 100

  /// - Parameter counts: values as `v` and their rows as `n`.
  func associate(_ counts: String, _ source: String, _ found: inout ColumnInspection) throws {
    guard let target, target.name != column.name else { return }
    guard target.kind != .other else {
      found.associationFault = "\(target.name) holds nested values"
      return
    }
    let measure = try TargetMeasure.find(target, in: source, database, context)
    let (groups, how) = try grouping(
      counts, inTenths: axis != nil && found.distinct > 20, isEstimated: found.isEstimated)
    let (levels, targetHow) = try targetLevels(target, measure, source)
    let table = try database.query(
      """
      SELECT g, l, count(*) FROM (SELECT \(groups) AS g, \(levels) AS l FROM (
      SELECT \(value(column)) AS v, \(value(target)) AS w, \(measure?.projection.first ?? "NULL AS t") FROM \(source)))
      WHERE l IS NOT NULL GROUP BY g, l
      """, context: context, note: "against \(target.name)")
    let cells = (0..<table.rowCount).map {
      Contingency.Cell(group: table.text($0, 0), level: table.text($0, 1) ?? "", count: table.value($0, 2).whole)
    }
    let contingency = Contingency(cells)
    guard contingency.levels.count > 1 else {
      found.associationFault = "\(target.name) has one value only where it is known"
      return
    }
    var association = ColumnInspection.Association(
      target: target.name, mutualInformation: contingency.mutualInformation, explained: contingency.explained,
      rows: contingency.total, grouping: how + (targetHow.isEmpty ? "" : "; " + targetHow))
    switch measure {
    case .rate(_, let level):
      association.positive = level.text
      association.informationValue = contingency.informationValue(positive: "1")
      if axis != nil { association.auc = try auc(measure, source, isSampled: found.isEstimated) }
    case .mean: association.correlation = try correlation(source)
    case nil: break
    }
    if found.isEstimated, association.auc != nil { association.grouping += "; AUC of 200,000 random rows" }
    found.association = association
  }

  private func value(_ column: Column) -> String {
    (try? AxisColumn(column, advice: ""))?.sql ?? "CAST(\(SQL.identifier(column.name)) AS VARCHAR)"
  }

  /// The group of `v` as SQL, and how it was made.
  private func grouping(_ counts: String, inTenths: Bool, isEstimated: Bool) throws -> (sql: String, how: String) {
    if inTenths {
      let cuts = try deciles(in: counts, isEstimated: isEstimated)
      return (Self.step("v", cuts), "values in tenths of the rows, missing apart")
    }
    let top = try database.query(
      "SELECT CAST(v AS VARCHAR) FROM \(counts) ORDER BY n DESC, v LIMIT \(Self.mostGroups + 1)", context: context)
    let names = (0..<top.rowCount).compactMap { top.text($0, 0) }
    guard names.count > Self.mostGroups else { return ("CAST(v AS VARCHAR)", "each value, missing apart") }
    let list = names.prefix(Self.mostGroups).map(SQL.text).joined(separator: ", ")
    return (
      "CASE WHEN v IS NULL THEN NULL WHEN v IN (\(list)) THEN 'v' || v ELSE 'others' END",
      "the \(Self.mostGroups) most frequent values, all others as one, missing apart"
    )
  }

  /// The level of the target `w` as SQL, and how it was made.
  private func targetLevels(_ target: Column, _ measure: TargetMeasure?, _ source: String) throws -> (
    sql: String, how: String
  ) {
    if case .rate? = measure { return ("t", "") }
    if let axis = try? AxisColumn(target, advice: "") {
      let values = "(SELECT v, count(*) AS n FROM (SELECT \(axis.sql) AS v FROM \(source)) GROUP BY v)"
      let step = Self.step("w", try deciles(in: values, isEstimated: false))
      return ("CASE WHEN NOT isfinite(w) THEN NULL ELSE \(step) END", "\(target.name) in tenths of the rows")
    }
    let top = try database.query(
      """
      SELECT w FROM (SELECT CAST(\(SQL.identifier(target.name)) AS VARCHAR) AS w FROM \(source))
      WHERE w IS NOT NULL GROUP BY w ORDER BY count(*) DESC, w LIMIT \(Self.mostGroups)
      """, context: context)
    let list = (0..<top.rowCount).compactMap { top.text($0, 0) }.map(SQL.text).joined(separator: ", ")
    guard !list.isEmpty else { return ("NULL", "") }
    return ("CASE WHEN w IS NULL THEN NULL WHEN w IN (\(list)) THEN 'v' || w ELSE 'others' END", "")
  }

  /// Values that part the rows into tenths, rising and different; the smallest value is none of them.
  /// - Parameter isEstimated: `counts` has a line for each row, too many to sort.
  private func deciles(in counts: String, isEstimated: Bool) throws -> [Double] {
    let tenths = 1...9
    let sql: String
    if isEstimated {
      let list = tenths.map { "\(Double($0) / 10)" }.joined(separator: ", ")
      let items = tenths.map { "q[\($0)]" }.joined(separator: ", ")
      sql = """
        SELECT lo, \(items) FROM (
        SELECT min(v) AS lo, approx_quantile(v, [\(list)]) AS q FROM \(counts) WHERE isfinite(v))
        """
    } else {
      let items = tenths.map { "min(v) FILTER (c > total * \($0) / 10)" }.joined(separator: ", ")
      sql = """
        SELECT min(v), \(items) FROM (
        SELECT v, sum(n) OVER (ORDER BY v ROWS UNBOUNDED PRECEDING) AS c, sum(n) OVER () AS total
        FROM \(counts) WHERE isfinite(v))
        """
    }
    let table = try database.query(sql, context: context, note: "grouping \(column.name)")
    guard let low = table.value(0, 0).number else { return [] }
    var cuts: [Double] = []
    for tenth in tenths {
      if let cut = table.value(0, tenth).number, cut > cuts.last ?? low { cuts.append(cut) }
    }
    return cuts
  }

  /// The number of cuts at or below a value.
  private static func step(_ value: String, _ cuts: [Double]) -> String {
    let cases = cuts.enumerated().map { "WHEN \(value) < \(SQL.literal(.real($0.element))) THEN \($0.offset)" }
    return "CASE WHEN \(value) IS NULL THEN NULL \(cases.joined(separator: " ")) ELSE \(cuts.count) END"
  }

  /// The Mann-Whitney statistic as a share of all pairs of a positive and a negative row.
  private func auc(_ measure: TargetMeasure?, _ source: String, isSampled: Bool) throws -> Double? {
    guard let measure, let axis = try? AxisColumn(column, advice: "") else { return nil }
    let rows = "SELECT \(axis.sql) AS v, \(measure.projection.joined(separator: ", ")) FROM \(source)"
    let sample = isSampled ? " USING SAMPLE reservoir(200000 ROWS) REPEATABLE (42)" : ""
    let table = try database.query(
      """
      SELECT sum(p * (below + q / 2)), sum(p), sum(q) FROM (
      SELECT p, q, sum(q) OVER (ORDER BY v ROWS UNBOUNDED PRECEDING) - q AS below FROM (
      SELECT v, CAST(sum(t) AS DOUBLE) AS p, CAST(sum(1 - t) AS DOUBLE) AS q
      FROM (SELECT * FROM (\(rows))\(sample)) WHERE t IS NOT NULL AND v IS NOT NULL AND NOT isnan(v) GROUP BY v))
      """, context: context, note: "AUC")
    guard let wins = table.value(0, 0).number, let positives = table.value(0, 1).number,
      let negatives = table.value(0, 2).number, positives > 0, negatives > 0
    else { return nil }
    return wins / positives / negatives
  }

  private func correlation(_ source: String) throws -> Double? {
    guard let axis, let target, let other = try? AxisColumn(target, advice: "") else { return nil }
    let table = try database.query(
      """
      SELECT corr(x, y) FROM (SELECT \(axis.sql) AS x, \(other.sql) AS y FROM \(source))
      WHERE abs(x) < 1e70 AND abs(y) < 1e70
      """, context: context)
    return table.value(0, 0).number.flatMap { $0.isFinite ? max(-1, min(1, $0)) : nil }
  }
}

/// Rows by group of a column and level of a target.
struct Contingency {
  struct Cell: Equatable {
    /// Nil where the column is missing.
    var group: String?
    var level: String
    var count: Int
  }

  let cells: [Cell]
  let groups: [String?: Int]
  let levels: [String: Int]
  let total: Int

  init(_ cells: [Cell]) {
    self.cells = cells
    var groups: [String?: Int] = [:]
    var levels: [String: Int] = [:]
    for cell in cells {
      groups[cell.group, default: 0] += cell.count
      levels[cell.level, default: 0] += cell.count
    }
    (self.groups, self.levels, total) = (groups, levels, cells.reduce(0) { $0 + $1.count })
  }

  /// In nats. Counts overstate it by about (groups - 1)(levels - 1) / 2n (Miller 1955), which is taken off.
  var mutualInformation: Double {
    guard total > 0 else { return 0 }
    let n = Double(total)
    var sum = 0.0
    for cell in cells.sorted(by: { ($0.count, $0.level) < ($1.count, $1.level) }) where cell.count > 0 {
      let expected = Double(groups[cell.group] ?? 0) * Double(levels[cell.level] ?? 0) / n
      sum += Double(cell.count) / n * log(Double(cell.count) / expected)
    }
    return max(0, sum - Double((groups.count - 1) * (levels.count - 1)) / (2 * n))
  }

  /// Mutual information as a share of the target's entropy.
  var explained: Double {
    let n = Double(total)
    let entropy = levels.values.sorted().reduce(0.0) { $0 - Double($1) / n * log(Double($1) / n) }
    return entropy > 0 ? min(1, mutualInformation / entropy) : 0
  }

  /// - Parameter positive: one of two levels.
  func informationValue(positive: String) -> Double {
    let positives = Double(levels[positive] ?? 0)
    let negatives = Double(total) - positives
    var byGroup: [String?: (Double, Double)] = [:]
    for cell in cells {
      var pair = byGroup[cell.group] ?? (0, 0)
      if cell.level == positive { pair.0 += Double(cell.count) } else { pair.1 += Double(cell.count) }
      byGroup[cell.group] = pair
    }
    let half = 0.5 * Double(byGroup.count)
    let terms = byGroup.values.map { pair -> Double in
      let p = (pair.0 + 0.5) / (positives + half)
      let q = (pair.1 + 0.5) / (negatives + half)
      return (p - q) * log(p / q)
    }
    return terms.sorted().reduce(0, +)
  }
}
