import Frame

/// Adds statistics of the last rows of a series as columns.
public enum RollingFeatures: Transform {
  public static let info = OperationInfo(
    "rolling-features", .timeSeries, "Rolling features",
    help: "Add statistics of the last rows of each series as columns.",
    parameters: [
      ParameterInfo("columns", "Columns", .columns, fit: .numeric, help: "The columns to look at."),
      SeriesRows.optionalTime, SeriesRows.ids,
      ParameterInfo(
        "statistics", "Statistics", .texts, isOptional: true,
        help: "Of mean, sum, std, var, min, max, median, count; none: mean, std, min and max."),
      ParameterInfo("size", "Size", .integer(1...100_000), initial: "3", help: "How many rows."),
      ParameterInfo(
        "current", "With the row itself", .toggle, initial: "true",
        help: "no: the rows before it only, for a model that predicts the row."),
      ParameterInfo(
        "least", "Least values", .integer(1...100_000), isOptional: true,
        help: "With fewer values a statistic is missing; by default the size."),
    ])

  public static func summary(_ parameters: Parameters) -> String {
    "\(parameters.texts("columns").joined(separator: ", ")): \(parameters.integer("size") ?? 3) rows"
  }

  public static func fault(_ parameters: Parameters) -> String? {
    if let word = parameters.texts("statistics").first(where: { !WindowFrame.statistics.contains($0) }) {
      return "unknown statistic \"\(word)\": \(WindowFrame.statistics.joined(separator: ", "))"
    }
    let size = parameters.integer("size") ?? 3
    if let least = parameters.integer("least"), least > size { return "at least \(least) of \(size) rows can never be" }
    return nil
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let series = try SeriesRows(call)
    let size = call.parameters.integer("size") ?? 3
    let isCurrent = call.parameters["current"]?.flag ?? true
    let frame = WindowFrame.rows(size, least: call.parameters.integer("least"), skipsCurrent: !isCurrent)
    var statistics = call.parameters.texts("statistics")
    if statistics.isEmpty { statistics = ["mean", "std", "min", "max"] }
    var items: [TransformCall.Item] = []
    for column in try call.columns(parameter: "columns", .numeric) {
      for statistic in statistics {
        let type = statistic == "count" ? "BIGINT" : "DOUBLE"
        let sql = frame.sql(statistic, call.double(column), over: series.window)
        items.append(.init("\(column.name)_\(statistic)_\(size)", "CAST(\(sql) AS \(type))", type: type))
      }
    }
    return try call.along(series, items)
  }
}
