import Frame

/// Adds the values of earlier rows of a series as columns.
public enum LagFeatures: Transform {
  public static let info = OperationInfo(
    "lag-features", .timeSeries, "Lag features", help: "Add the values of earlier rows of each series as columns.",
    parameters: [
      ParameterInfo("columns", "Columns", .columns, help: "The columns whose earlier values are added."),
      SeriesRows.optionalTime, SeriesRows.ids,
      ParameterInfo("lag", "Lag", .integer(1...1000), initial: "1", help: "How many rows earlier."),
      ParameterInfo(
        "window", "Whole window", .toggle, initial: "false", help: "Add every lag from 1 up to it, not only the last."),
      ParameterInfo(
        "dropMissing", "Drop rows without history", .toggle, initial: "false",
        help: "Leave out the first rows of each series, which have no row that much earlier."),
    ])

  public static func summary(_ parameters: Parameters) -> String {
    let lag = parameters.integer("lag") ?? 1
    return "\(parameters.texts("columns").joined(separator: ", ")): "
      + (parameters.flag("window") && lag > 1 ? "1–\(lag)" : "\(lag)")
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let series = try SeriesRows(call)
    let lag = call.parameters.integer("lag") ?? 1
    let lags = call.parameters.flag("window") ? Array(1...max(lag, 1)) : [lag]
    var items: [TransformCall.Item] = []
    for column in try call.columns() {
      for lag in lags {
        let sql = "lag(\(SQL.identifier(column.name)), \(lag)) OVER (\(series.window))"
        items.append(.init("\(column.name)_lag_\(lag)", sql, type: column.type))
      }
    }
    let drops = call.parameters.flag("dropMissing")
    return try call.along(series, items, where: drops ? "row_number() OVER (\(series.window)) > \(lag)" : nil)
  }
}

extension TransformCall {
  /// The rows in their order with columns that look along series; `condition` may look along them too.
  func along(_ series: SeriesRows, _ items: [Item], where condition: String? = nil) throws -> TransformStage {
    let rows = TransformCall(
      step: step, parameters: parameters,
      inputs: [TransformInput(table: "(\(numbered(series.number)))", schema: schema)])
    let added = try rows.adding(items)
    let kept = condition.map { " QUALIFY \($0)" } ?? ""
    return TransformStage(
      "SELECT * EXCLUDE (\(series.number)) FROM (\(added.sql)\(kept)) ORDER BY \(series.number)", added.schema)
  }
}
