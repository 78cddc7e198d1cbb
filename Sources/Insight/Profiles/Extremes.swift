// Columns with not-a-numbers, infinities, or finite values whose squares overflow.

import Frame
import Jobs

/// Figures of a column of reals that plain sums cannot give.
struct Extremes {
  var notANumber = 0
  var infinite = 0
  /// Of the finite values, however large.
  var mean: Double?
  var stddev: Double?

  /// - Parameter scale: the largest size of a finite value; 0 where there is none.
  static func measure(
    _ column: Column, scale: Double, in relation: String, _ database: Database, _ context: any JobContext
  ) throws -> Extremes {
    let name = SQL.identifier(column.name)
    // Divided by the largest size, every finite value is at most 1.
    let scaled = scale > 0 ? "v / \(SQL.literal(.real(scale)))" : "v"
    let table = try database.query(
      """
      SELECT count(*) FILTER (isnan(v)), count(*) FILTER (isinf(v)), avg(s), stddev(s) FROM (
      SELECT v, CASE WHEN isfinite(v) THEN \(scaled) END AS s FROM (
      SELECT CAST(\(name) AS DOUBLE) AS v FROM \(SQL.subquery(relation)) WHERE \(name) IS NOT NULL))
      """, context: context, note: "measuring \(column.name)")
    func unscaled(_ value: Value) -> Double? {
      value.number.map { $0 * scale }.flatMap { $0.isFinite ? $0 : nil }
    }
    return Extremes(
      notANumber: table.value(0, 0).whole, infinite: table.value(0, 1).whole, mean: unscaled(table.value(0, 2)),
      stddev: unscaled(table.value(0, 3)))
  }
}
