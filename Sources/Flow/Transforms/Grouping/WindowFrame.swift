import Frame

/// The rows that a rolling statistic looks at: so many rows, or those within a span of time, up to the row itself.
struct WindowFrame {
  static let units = ["second", "minute", "hour", "day", "week"]
  static let statistics = ["mean", "sum", "std", "var", "min", "max", "median", "count"]

  /// `ROWS BETWEEN …` or `RANGE BETWEEN …`.
  let clause: String
  /// Fewer values than this give no statistic.
  let least: Int

  /// The last `size` rows, the row itself being one of them unless `skipsCurrent`.
  static func rows(_ size: Int, least: Int?, skipsCurrent: Bool = false) -> WindowFrame {
    let clause =
      skipsCurrent
      ? "ROWS BETWEEN \(size) PRECEDING AND 1 PRECEDING" : "ROWS BETWEEN \(size - 1) PRECEDING AND CURRENT ROW"
    return WindowFrame(clause: clause, least: least ?? size)
  }

  /// The rows later than `size` units before the row, and all of the row's own time.
  static func span(_ size: Int, _ unit: String, least: Int?) -> WindowFrame {
    let span = "INTERVAL (\(size)) \(unit.uppercased()) - INTERVAL 1 MICROSECOND"
    return WindowFrame(clause: "RANGE BETWEEN \(span) PRECEDING AND CURRENT ROW", least: least ?? 1)
  }

  /// A statistic over the frame.
  /// - Parameters:
  ///   - value: a DOUBLE, missing where it does not count.
  ///   - window: `PARTITION BY … ORDER BY …`.
  func sql(_ statistic: String, _ value: String, over window: String) -> String {
    let over = "OVER (\(window) \(clause))"
    let count = "count(\(value)) \(over)"
    if statistic == "count" { return count }
    let result: String
    switch statistic {
    case "mean": result = "avg(\(value)) \(over)"
    case "median": result = "quantile_cont(\(value), 0.5) \(over)"
    case "std", "var":
      let finite = "CASE WHEN isfinite(\(value)) THEN \(value) END"
      let name = statistic == "std" ? "stddev_samp" : "var_samp"
      result = "CASE WHEN count(\(finite)) \(over) = \(count) THEN \(name)(\(finite)) \(over) END"
    default: result = "\(statistic)(\(value)) \(over)"
    }
    return "CASE WHEN \(count) >= \(least) THEN \(result) END"
  }
}
