import Frame

/// Rows of a table as series: which rows belong together, and their order in time.
struct SeriesRows {
  static let units = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"]

  static let time = ParameterInfo(
    "time", "Time", .column, fit: .temporal, help: "When each row was: dates or timestamps.")
  static let optionalTime = ParameterInfo(
    "time", "Time", .column, fit: .measured, isOptional: true,
    help: "The order of the rows, missing ones last; none: as they stand.")
  static let ids = ParameterInfo(
    "ids", "Series", .columns, isOptional: true,
    help: "Rows with the same values here are a series, missing ones too; none: all rows are one.")

  static func quantity(_ help: String) -> [ParameterInfo] {
    [
      ParameterInfo("unit", "Unit", .choice(units), initial: "day", help: help),
      ParameterInfo("quantity", "Quantity", .integer(1...100_000), initial: "1", help: "How many units a step takes."),
    ]
  }

  let ids: [Column]
  let time: Column?
  /// The quoted column that numbers the rows.
  let number: String
  /// `PARTITION BY` the ids; empty where there are none.
  let partition: String
  /// `PARTITION BY` the ids `ORDER BY` the time and the row's number.
  let window: String

  init(_ call: TransformCall, timeFit: ColumnFit = .measured) throws {
    ids = try call.columns(parameter: "ids")
    time = try call.parameters.text("time").map { _ in try call.column(parameter: "time", timeFit) }
    number = call.freshName("row")
    partition = call.partition(ids)
    let order = [time.map { "\(call.present($0)) ASC NULLS LAST" }, number].compactMap { $0 }
    window = "\(partition) ORDER BY \(order.joined(separator: ", "))"
    if let time, ids.contains(time) { throw call.invalid("\"\(time.name)\" cannot be time and series at once") }
  }

  /// A date or timestamp that a step on a grid of time needs.
  func moment(_ call: TransformCall) throws -> Column {
    guard let time else { throw call.invalid("choose a column for time") }
    guard time.kind == .date || time.kind == .timestamp else {
      throw call.invalid("column \"\(time.name)\": holds \(time.kind.noun), not dates or timestamps")
    }
    return time
  }

  /// One step of time as an interval.
  static func interval(_ parameters: Parameters) -> String {
    let quantity = parameters.integer("quantity") ?? 1
    let unit = parameters.text("unit") ?? "day"
    return unit == "quarter" ? "INTERVAL (\(3 * quantity)) MONTH" : "INTERVAL (\(quantity)) \(unit.uppercased())"
  }

  /// The start of the step that a moment falls into: steps are counted from 1970-01-01, weeks from the Monday after it,
  /// so that they do not depend on the rows.
  static func start(_ moment: String, _ parameters: Parameters) -> String {
    let origin = parameters.text("unit") == "week" ? "1970-01-05" : "1970-01-01"
    return "time_bucket(\(interval(parameters)), CAST(\(moment) AS TIMESTAMP), TIMESTAMP '\(origin)')"
  }

  /// Whether steps are whole days, so that dates stay dates.
  static func isWholeDays(_ parameters: Parameters) -> Bool {
    !["second", "minute", "hour"].contains(parameters.text("unit") ?? "day")
  }

  /// `low`, one step later, … up to `high`, as a list; an error where there would be more than ten million.
  static func steps(_ low: String, _ high: String, _ parameters: Parameters, inclusive: Bool = true) -> String {
    let unit = parameters.text("unit") ?? "day"
    let quantity = parameters.integer("quantity") ?? 1
    let count = "date_diff(\(SQL.text(unit)), \(low), \(high)) / \(quantity)"
    return """
      CASE WHEN \(count) > 10000000 THEN error('a step of \(quantity) \(unit) makes more than 10,000,000 rows: choose \
      a longer one') ELSE generate_series(\(low), \(high), \(interval(parameters))) END
      """
  }
}
