import Frame

/// Adds the rows that a regular calendar lacks, with missing values: every step of time has a row then.
///
/// The result is ordered by series and time.
public enum FillCalendar: Transform {
  public static let info = OperationInfo(
    "calendar", .timeSeries, "Fill calendar",
    help: "Add a row for every step of time that has none, with missing values, ordered by series and time.",
    parameters: [SeriesRows.time, SeriesRows.ids]
      + SeriesRows.quantity("The unit of the steps, which are counted from the start.") + [
        ParameterInfo(
          "start", "Start", .text, isOptional: true,
          help: "The first moment, such as 2024-01-01; none: that of each series. Earlier rows stay."),
        ParameterInfo(
          "end", "End", .text, isOptional: true,
          help: "No row is added after this moment; none: after the last of each series. Later rows stay."),
      ])

  public static func summary(_ parameters: Parameters) -> String {
    "\(parameters.text("time") ?? "") every \(parameters.integer("quantity") ?? 1) \(parameters.text("unit") ?? "day")"
  }

  public static func fault(_ parameters: Parameters) -> String? {
    if let fault = Moment.fault(parameters, "start") ?? Moment.fault(parameters, "end") { return fault }
    guard let start = parameters.text("start"), let end = parameters.text("end") else { return nil }
    return start.trimmed <= end.trimmed ? nil : "the start must be before the end"
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let series = try SeriesRows(call, timeFit: .temporal)
    let time = try series.moment(call)
    if time.kind == .date, !SeriesRows.isWholeDays(call.parameters) {
      throw call.invalid("\"\(time.name)\" holds dates: steps shorter than a day need timestamps")
    }
    let name = SQL.identifier(time.name)
    let ids = series.ids.map { SQL.identifier($0.name) }
    let step = call.freshName("step")
    let moment = "CAST(\(name) AS TIMESTAMP)"
    let low = Moment.sql(call.parameters, "start") ?? "min(\(moment))"
    let high = Moment.sql(call.parameters, "end") ?? "max(\(moment))"
    let keys = series.ids.map { "\(call.present($0)) AS \(SQL.identifier($0.name))" }
    let groups = series.ids.map(call.present).joined(separator: ", ")
    let grid = """
      SELECT \((keys + ["CAST(unnest(\(SeriesRows.steps(low, high, call.parameters))) AS \(time.type)) AS \(step)"])
        .joined(separator: ", ")) FROM \(call.table) WHERE \(name) IS NOT NULL AND isfinite(\(name))
      \(ids.isEmpty ? "HAVING count(*) > 0" : "GROUP BY \(groups)")
      """
    let same =
      (ids.map { "r.\($0) IS NOT DISTINCT FROM g.\($0)" } + ["r.\(name) = g.\(step)"]).joined(separator: " AND ")
    let rows = call.numbered(series.number)
    let idNames = Set(series.ids.map(\.name))
    let items = call.schema.map { column -> String in
      let quoted = SQL.identifier(column.name)
      if column.name == time.name { return "g.\(step) AS \(quoted)" }
      return idNames.contains(column.name) ? "g.\(quoted)" : "CAST(NULL AS \(column.type)) AS \(quoted)"
    }
    // NaN and missing name one series, as in the grid.
    let plain = call.schema.map { column in
      idNames.contains(column.name)
        ? "\(call.present(column)) AS \(SQL.identifier(column.name))" : SQL.identifier(column.name)
    }
    let numbered = "SELECT \(plain.joined(separator: ", ")), \(series.number) FROM (\(rows))"
    let order = (ids + [name, series.number]).map { "\($0) ASC NULLS LAST" }.joined(separator: ", ")
    let sql = """
      SELECT * EXCLUDE (\(series.number)) FROM (\(numbered)
      UNION ALL
      SELECT \(items.joined(separator: ", ")), NULL FROM (\(grid)) AS g
      WHERE NOT EXISTS (SELECT 1 FROM (\(numbered)) AS r WHERE \(same)))
      ORDER BY \(order)
      """
    return TransformStage(sql, call.schema)
  }
}
