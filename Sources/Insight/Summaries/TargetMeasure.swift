// What a target says of a group of rows: the rate of its positive class, or its mean, with a 95 % interval.

import Foundation
import Frame
import Jobs

/// How the target is measured in each row of a frequency table.
enum TargetMeasure: Equatable {
  /// The share of rows with this level. Of two numbers 1 is positive where they are 0 and 1, of truth values true, of any
  /// other two the rarer one, and the later of two that are as frequent.
  case rate(Column, level: Value)
  case mean(Column)

  /// The 0.975 quantile of the normal distribution.
  static let z = 1.959963984540054

  /// - Returns: nil where neither suits: a single level, or more than two that are no numbers.
  static func find(
    _ column: Column, in source: String, _ database: Database, _ context: any JobContext
  ) throws -> TargetMeasure? {
    guard column.kind != .other else { return nil }
    let name = SQL.identifier(column.name)
    let value = column.kind == .real ? "CASE WHEN isfinite(\(name)) THEN \(name) END" : name
    let table = try database.query(
      """
      WITH b AS (SELECT min(t) AS lo, max(t) AS hi FROM (SELECT \(value) AS t FROM \(source)))
      SELECT any_value(lo), any_value(hi), count(t), count(*) FILTER (t = lo), count(*) FILTER (t = hi)
      FROM (SELECT \(value) AS t FROM \(source)), b
      """, context: context, note: "measuring \(column.name)")
    let (low, high) = (table.value(0, 0), table.value(0, 1))
    let (all, lows, highs) = (table.value(0, 2).whole, table.value(0, 3).whole, table.value(0, 4).whole)
    let isNumeric = column.kind.isNumeric
    guard all > 0 else { return nil }
    guard low != high, lows + highs == all else { return isNumeric && low != high ? .mean(column) : nil }
    let isFlag = column.kind == .boolean || (low.number == 0 && high.number == 1)
    return .rate(column, level: isFlag || highs <= lows ? high : low)
  }

  var column: Column {
    switch self {
    case .rate(let column, _), .mean(let column): column
    }
  }

  /// The heading of the rate or mean.
  var title: String {
    switch self {
    case .rate(let column, let level):
      Frequency.ratePrefix + (column.kind == .text ? String((level.text ?? "").prefix(40)) : "\(column.name)=\(level)")
    case .mean(let column): "mean \(column.name)"
    }
  }

  /// The target as `t`: 0 and 1, or its number.
  var projection: [String] {
    let name = SQL.identifier(column.name)
    switch self {
    case .rate(let column, let level):
      let present = column.kind == .real ? "isfinite(\(name))" : "\(name) IS NOT NULL"
      return ["CASE WHEN \(present) THEN CAST(\(name) = \(SQL.literal(level)) AS INTEGER) END AS t"]
    case .mean: return ["CASE WHEN isfinite(CAST(\(name) AS DOUBLE)) THEN CAST(\(name) AS DOUBLE) END AS t"]
    }
  }

  /// Rows with a target as `tn`, and what else the interval needs.
  var aggregates: [String] {
    switch self {
    case .rate: ["count(t) AS tn", "sum(t) AS tx"]
    case .mean: ["count(t) AS tn", "avg(t) AS tm", "\(Self.deviation) AS ts"]
    }
  }

  /// Numbers whose squares overflow have no deviation.
  private static let deviation =
    "CASE WHEN max(abs(t)) < 1e150 THEN stddev_samp(CASE WHEN abs(t) < 1e150 THEN t END) END"

  var value: String {
    switch self {
    case .rate: "tx / tn"
    case .mean: "tm"
    }
  }

  var low: String { bound("-") }
  var high: String { bound("+") }

  private func bound(_ sign: String) -> String {
    switch self {
    case .rate:
      let z = Self.z
      // At the ends the square root equals the rest in theory, and nearly so in floating point.
      let exact = sign == "-" ? "CASE WHEN tx = 0 THEN 0.0::DOUBLE" : "CASE WHEN tx = tn THEN 1.0::DOUBLE"
      return """
        \(exact) WHEN tn > 0 THEN ((tx + \(z * z / 2)::DOUBLE) \(sign) \(z)::DOUBLE
        * sqrt(tx * (tn - tx) / tn + \(z * z / 4)::DOUBLE)) / (tn + \(z * z)::DOUBLE) END
        """
    case .mean: return "CASE WHEN tn > 1 THEN tm \(sign) \(Self.student) * ts / sqrt(tn) END"
    }
  }

  /// The 0.975 quantile of Student's t with `tn - 1` degrees of freedom: the expansion of Abramowitz and Stegun (1964,
  /// 26.7.5), within a hundredth from three degrees on.
  private static let student: String = {
    let g1 = (pow(z, 3) + z) / 4
    let g2 = (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) / 96
    let g3 = (3 * pow(z, 7) + 19 * pow(z, 5) + 17 * pow(z, 3) - 15 * z) / 384
    let v = "(tn - 1)::DOUBLE"
    return """
      (CASE tn WHEN 2 THEN 12.7062::DOUBLE WHEN 3 THEN 4.3027::DOUBLE
      ELSE \(z)::DOUBLE + \(g1)::DOUBLE / \(v) + \(g2)::DOUBLE / (\(v) * \(v)) + \(g3)::DOUBLE / (\(v) * \(v) * \(v)) END)
      """
  }()

  /// `22.7–25.1%`, or `38.2–39.1`.
  var intervalText: String {
    switch self {
    case .rate: "printf('%.1f–%.1f%%', 100 * low, 100 * high)"
    case .mean: "printf('%.4g–%.4g', low, high)"
    }
  }
}
