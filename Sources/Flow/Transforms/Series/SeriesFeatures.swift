import Frame

/// Describes each series by statistics, named as in tsfresh: one row for each series.
///
/// Minimal are its first eight: sum, median, mean, length, standard deviation, variance, maximum, minimum; extended adds
/// its root mean square and absolute maximum. Deviation and variance divide by n; missing values are left out.
public enum SeriesFeatures: Transform {
  private static let minimal = [
    "sum_values", "median", "mean", "length", "standard_deviation", "variance", "maximum", "minimum",
  ]

  public static let info = OperationInfo(
    "series-features", .timeSeries, "Series features", help: "One row for each series, with statistics of its values.",
    parameters: [
      ParameterInfo("ids", "Series", .columns, help: "Rows with the same values here are a series."),
      ParameterInfo("columns", "Columns", .columns, fit: .numeric, help: "The numbers that are described."),
      ParameterInfo(
        "features", "Features", .choice(["minimal", "extended"]), initial: "minimal",
        help:
          "minimal: sum, median, mean, length, standard deviation, variance, maximum, minimum. extended: also the root "
          + "mean square and the absolute maximum."),
    ])

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let series = try SeriesRows(call)
    let isExtended = call.parameters.text("features") == "extended"
    let features = minimal + (isExtended ? ["root_mean_square", "absolute_maximum"] : [])
    var items = series.ids.map { TransformCall.Item($0, call.present($0)) }
    for column in try call.columns(parameter: "columns", .numeric) {
      if series.ids.contains(column) { throw call.invalid("\"\(column.name)\" names the series: choose numbers") }
      for feature in features {
        let sql = sql(feature, call.double(column))
        let type = feature == "length" ? "BIGINT" : "DOUBLE"
        items.append(.init("\(column.name)__\(feature)", "CAST(\(sql) AS \(type))", type: type))
      }
    }
    return try call.grouped(items, by: series)
  }

  private static func sql(_ feature: String, _ value: String) -> String {
    let isFinite = "NOT coalesce(bool_or(isinf(\(value))), FALSE)"
    let finite = "CASE WHEN isfinite(\(value)) THEN \(value) END"
    switch feature {
    case "sum_values": return "sum(\(value) ORDER BY \(value))"
    case "median": return "quantile_cont(\(value), 0.5)"
    case "mean": return "avg(\(value) ORDER BY \(value))"
    case "length": return "count(\(value))"
    case "standard_deviation": return "CASE WHEN \(isFinite) THEN stddev_pop(\(finite) ORDER BY \(value)) END"
    case "variance": return "CASE WHEN \(isFinite) THEN var_pop(\(finite) ORDER BY \(value)) END"
    case "maximum": return "max(\(value))"
    case "minimum": return "min(\(value))"
    case "root_mean_square": return "sqrt(avg((\(value)) * (\(value)) ORDER BY abs(\(value))))"
    default: return "max(abs(\(value)))"
    }
  }
}
