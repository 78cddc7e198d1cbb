import Frame

/// Brings dates to the start of their year, month, hour and so on.
public enum TruncateDate: Transform {
  public static let info = OperationInfo(
    "truncate-date", .dates, "Truncate dates", help: "Bring dates to the start of their year, month, week, hour.",
    parameters: [
      ParameterInfo("columns", "Columns", .columns, fit: .temporal, help: "Dates, time stamps or times of day."),
      ParameterInfo(
        "unit", "Unit", .choice(["year", "quarter", "month", "week", "day", "hour", "minute", "second"]),
        initial: "month", help: "What stays; weeks start on Monday."),
      TextColumns.suffix,
    ])

  public static func summary(_ parameters: Parameters) -> String {
    "\(parameters.texts("columns").joined(separator: ", ")) to the \(parameters.text("unit") ?? "month")"
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let unit = call.parameters.text("unit") ?? "month"
    let suffix = call.parameters.text("suffix")
    let items = try call.columns(.temporal).map { column -> TransformCall.Item in
      let name = SQL.identifier(column.name)
      var date = name
      if column.kind == .time {
        guard ["hour", "minute", "second"].contains(unit) else {
          throw call.invalid("\"\(column.name)\" holds times of day: choose hour, minute or second")
        }
        date = "(DATE '1970-01-01' + CAST(\(name) AS TIME))"
      }
      let sql = "CAST(date_trunc('\(unit)', \(date)) AS \(column.type))"
      return .init(column.name + (suffix ?? ""), sql, type: column.type)
    }
    return suffix == nil ? call.replacing(items) : try call.adding(items)
  }
}
