import Frame

/// A statistic of the rows of a group.
///
/// Missing values and NaN are left out, and a group without a value has no statistic: pandas with `min_count=1`.
/// Deviation and variance divide by n − 1; of several most frequent values the smallest counts. Sums are taken in the
/// order of the values, so that they do not depend on the number of threads.
struct Aggregate {
  static let words = [
    "count", "distinct", "sum", "mean", "median", "min", "max", "std", "var", "first", "last", "mode", "quantile",
    "list",
    "concat",
  ]

  /// Those that need no further parameter and give one value: for pivots.
  static let plain = [
    "count", "distinct", "sum", "mean", "median", "min", "max", "std", "var", "first", "last", "mode",
  ]

  /// A name for the function, such as `mean`.
  let function: String
  /// 0 to 1, for `quantile`.
  var quantile = 0.5
  /// What stands between texts, for `concat`.
  var separator = ", "

  init(_ function: String, quantile: Double = 0.5, separator: String = ", ") {
    (self.function, self.quantile, self.separator) = (function, quantile, separator)
  }

  /// Why the function does not suit a column, as a clause; nil where it does.
  func refusal(_ column: Column) -> String? {
    switch function {
    case "sum", "mean", "std", "var":
      return column.kind.isNumeric || column.kind == .boolean
        ? nil : "holds \(column.kind.noun): it has no \(function)"
    case "median", "quantile":
      return column.kind.isNumeric || column.kind.isTemporal
        ? nil : "holds \(column.kind.noun): it has no \(function)"
    case "min", "max":
      return column.kind == .other ? "holds \(column.kind.noun): it has no \(function)" : nil
    default: return nil
    }
  }

  /// The type of the result.
  func type(_ column: Column) -> String {
    switch function {
    case "count", "distinct": "BIGINT"
    case "sum": column.kind == .real ? "DOUBLE" : "HUGEINT"
    case "mean", "std", "var": "DOUBLE"
    case "median", "quantile": column.kind.isNumeric ? "DOUBLE" : column.type
    case "list": column.type + "[]"
    case "concat": "VARCHAR"
    default: column.type
    }
  }

  /// The statistic as SQL over a table whose rows are numbered by `number`.
  /// - Parameter condition: counts only the rows for which it holds.
  func sql(_ column: Column, in call: TransformCall, number: String, where condition: String? = nil) -> String {
    let value = call.present(column)
    let double = call.double(column)
    let only = condition.map { " FILTER (WHERE \($0))" } ?? ""
    let present = " FILTER (WHERE (\(value)) IS NOT NULL\(condition.map { " AND \($0)" } ?? ""))"
    let raw: String
    switch function {
    case "count": raw = "count(\(value))\(only)"
    case "distinct": raw = "count(DISTINCT \(value))\(only)"
    case "sum":
      raw =
        column.kind == .real ? "sum(\(double) ORDER BY \(double))\(only)" : "sum(CAST(\(value) AS HUGEINT))\(only)"
    case "mean": raw = "avg(\(double) ORDER BY \(double))\(only)"
    case "std", "var":
      // Infinite values have no deviation, and DuckDB refuses to compute one.
      let infinite = "coalesce(bool_or(isinf(\(double)))\(only), FALSE)"
      let finite = "CASE WHEN isfinite(\(double)) THEN \(double) END"
      let name = function == "std" ? "stddev_samp" : "var_samp"
      raw = "CASE WHEN NOT \(infinite) THEN \(name)(\(finite) ORDER BY \(double))\(only) END"
    case "median", "quantile":
      let share = SQL.literal(.real(function == "median" ? 0.5 : quantile))
      raw =
        column.kind.isNumeric ? "quantile_cont(\(double), \(share))\(only)" : "quantile_disc(\(value), \(share))\(only)"
    case "first", "last": raw = "\(function)(\(value) ORDER BY \(number))\(present)"
    case "mode": raw = "mode(\(value) ORDER BY \(value))\(only)"
    case "list": raw = "list(\(value) ORDER BY \(number))\(only)"
    case "concat":
      raw = "string_agg(CAST(\(value) AS VARCHAR), \(SQL.text(separator)) ORDER BY \(number))\(only)"
    default: raw = "\(function)(\(value))\(only)"
    }
    return "CAST(\(raw) AS \(type(column)))"
  }
}
