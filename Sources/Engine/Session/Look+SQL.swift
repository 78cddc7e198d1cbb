import Flow
import Frame
import Plot

extension Look {
  /// `WHERE … ORDER BY …` over a table with row ids; empty for a plain look.
  var clauses: String {
    var sql = ""
    if !filters.isEmpty { sql += " WHERE " + filters.map { "(\($0.condition))" }.joined(separator: " AND ") }
    if !sort.isEmpty {
      let keys = sort.map { "\(SQL.identifier($0.column)) \($0.descending ? "DESC" : "ASC") NULLS LAST" }
      // Rows that are equal under the keys stay in their own order.
      sql += " ORDER BY " + (keys + ["rowid"]).joined(separator: ", ")
    }
    return sql
  }
}

extension ChartSelection {
  /// The rows behind a mark, as a condition.
  var condition: String {
    switch self {
    case .range(let column, let lower, let upper, let includesUpper, let kind):
      Interval(column: column, lower: lower, upper: upper, includesUpper: includesUpper, kind: kind).condition
    case .equals(let column, nil): "\(SQL.identifier(column)) IS NULL"
    case .equals(let column, let value?): "CAST(\(SQL.identifier(column)) AS VARCHAR) = \(SQL.text(value))"
    case .noneOf(let column, let values):
      values.isEmpty
        ? "\(SQL.identifier(column)) IS NOT NULL"
        : "CAST(\(SQL.identifier(column)) AS VARCHAR) NOT IN (\(values.map(SQL.text).joined(separator: ", ")))"
    case .box(let x, let y): "\(x.condition) AND \(y.condition)"
    case .pair(let row, let column):
      "\(SQL.identifier(row)) IS NOT NULL AND \(SQL.identifier(column)) IS NOT NULL"
    case .feature(let column): "\(SQL.identifier(column)) IS NOT NULL"
    case .none: "TRUE"
    }
  }
}

extension ChartSelection.Interval {
  /// `lower <= x < upper`, or `<= upper`.
  fileprivate var condition: String {
    let value = SQL.identifier(column)
    let low = kind.literal(lower)
    let high = kind.literal(upper)
    return "\(value) >= \(low) AND \(value) \(includesUpper ? "<=" : "<") \(high)"
  }
}

extension AxisKind {
  /// A bound on such an axis; time is in seconds since 1970.
  fileprivate func literal(_ number: Double) -> String {
    switch self {
    case .number, .integer: SQL.literal(.real(number))
    case .time: SQL.literal(.timestamp(Int64((number * 1e6).rounded())))
    }
  }
}
