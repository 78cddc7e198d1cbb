// A column as positions on an axis.

import Frame
import Plot

/// A column that can be drawn along an axis.
struct AxisColumn {
  let column: Column
  /// How ticks are to be set.
  let axis: AxisKind
  /// The value as a DOUBLE: times in seconds since 1970-01-01, times of day in seconds since midnight.
  let sql: String

  /// - Throws: `InsightError.notNumeric` for text, truth values and nested values.
  init(_ column: Column, advice: String) throws {
    let name = SQL.identifier(column.name)
    self.column = column
    switch column.kind {
    case .integer: (axis, sql) = (.integer, "CAST(\(name) AS DOUBLE)")
    case .real: (axis, sql) = (.number, "CAST(\(name) AS DOUBLE)")
    case .date, .timestamp:
      // Infinite dates have no place on an axis.
      let stamp = "CAST(\(name) AS TIMESTAMP)"
      (axis, sql) = (.time, "CASE WHEN isfinite(\(stamp)) THEN epoch(\(stamp)) ELSE 'inf'::DOUBLE END")
    case .time: (axis, sql) = (.number, "epoch(\(name))")
    case .boolean, .text, .other:
      throw InsightError.notNumeric(column: column.name, kind: column.kind, advice: advice)
    }
  }
}
