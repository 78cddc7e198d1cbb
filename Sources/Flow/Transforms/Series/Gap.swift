/// What fills a missing value from its neighbours, as SQL.
struct Gap {
  /// The value, missing where there is a gap.
  let value: String
  /// A number that grows along the series: linear interpolation goes by it.
  let position: String
  /// `PARTITION BY …`, or empty.
  let partition: String
  /// What stands after ORDER BY; no two rows of a series are equal in it.
  let order: String

  private var until: String { "OVER (\(partition) ORDER BY \(order) ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)" }
  private var from: String { "OVER (\(partition) ORDER BY \(order) ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)" }

  /// The value, or the last one before it.
  var before: String { "last_value(\(value) IGNORE NULLS) \(until)" }

  /// The value, or the first one after it.
  var after: String { "first_value(\(value) IGNORE NULLS) \(from)" }

  private var placed: String { "CASE WHEN (\(value)) IS NOT NULL THEN \(position) END" }
  private var placeBefore: String { "last_value(\(placed) IGNORE NULLS) \(until)" }
  private var placeAfter: String { "first_value(\(placed) IGNORE NULLS) \(from)" }

  /// Missing values between two others on the line between them; those before the first and after the last stay.
  var interpolated: String {
    let low = "CAST(\(before) AS DOUBLE)"
    // Two values at the same time leave no line between them: the earlier one counts.
    let share = "coalesce((\(position) - \(placeBefore))::DOUBLE / nullif(\(placeAfter) - \(placeBefore), 0), 0)"
    return """
      CASE WHEN (\(value)) IS NOT NULL THEN CAST(\(value) AS DOUBLE) \
      ELSE \(low) + (CAST(\(after) AS DOUBLE) - \(low)) * (\(share)) END
      """
  }
}
