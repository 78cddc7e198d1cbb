import Frame

/// Adds a column of moments at equal steps: the first row gets the start, the next one a step later.
public enum DatetimeRange: Transform {
  public static let info = OperationInfo(
    "datetime-range", .timeSeries, "Datetime range", help: "Add a column of moments at equal steps, row by row.",
    parameters: [
      ParameterInfo(
        "start", "Start", .text,
        help: "The moment of the first row of each series, such as 2024-01-01 or "
          + "2024-01-01 08:00:00.")
    ] + SeriesRows.quantity("The unit of the steps.") + [
      ParameterInfo("name", "Name", .name, initial: "datetime", help: "The new column."), SeriesRows.ids,
      ParameterInfo(
        "time", "Order", .column, fit: .measured, isOptional: true,
        help: "The order in which the rows of a series are counted; none: as they stand."),
    ])

  public static func summary(_ parameters: Parameters) -> String {
    "\(parameters.text("name") ?? "datetime") from \(parameters.text("start") ?? ""), "
      + "\(parameters.integer("quantity") ?? 1) \(parameters.text("unit") ?? "day")"
  }

  public static func fault(_ parameters: Parameters) -> String? { Moment.fault(parameters, "start") }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let series = try SeriesRows(call)
    let start = Moment.sql(call.parameters, "start") ?? "NULL"
    let place = "CAST(row_number() OVER (\(series.window)) - 1 AS INTEGER)"
    let sql = "CAST(\(start) + \(place) * \(SeriesRows.interval(call.parameters)) AS TIMESTAMP)"
    let name = call.name("name", of: call.parameters, initial: "datetime")
    return try call.along(series, [.init(name, sql, type: "TIMESTAMP")])
  }
}
