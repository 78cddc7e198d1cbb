import Frame

/// Brings series to equal steps of time.
///
/// Rows that fall into one step are summarised; steps without rows between the first and the last of a series are made
/// and filled. Defaults as in Data Wrangler: means of numbers and the most common of other values downwards, linear
/// interpolation of numbers and the value before for others upwards. Steps are counted from 1970-01-01 (weeks begin on
/// Monday): `origin="epoch"` of pandas, with labels and closed ends on the left.
public enum Resample: Transform {
  public static let info = OperationInfo(
    "resample", .timeSeries, "Resample",
    help: "Bring series to equal steps of time; rows of one step are summarised and gaps filled.",
    parameters: [SeriesRows.time, SeriesRows.ids]
      + SeriesRows.quantity("The unit of the steps; weeks begin on Monday.") + [
        ParameterInfo(
          "numbers", "Numbers", .choice(["mean", "sum", "min", "max", "median", "first", "last"]), initial: "mean",
          help: "What several numbers of one step become."),
        ParameterInfo(
          "others", "Others", .choice(["mode", "first", "last"]), initial: "mode",
          help: "What other values become; mode: the most common, the smallest of several."),
        ParameterInfo(
          "fill", "Gaps in numbers", .choice(["linear", "forward", "none"]), initial: "linear",
          help: "linear: between the numbers before and after. forward: the number before. none: stay missing."),
        ParameterInfo(
          "fillOthers", "Gaps in others", .choice(["forward", "none"]), initial: "forward",
          help: "forward: the value before. none: stay missing."),
      ])

  public static func summary(_ parameters: Parameters) -> String {
    "\(parameters.text("time") ?? "") every \(parameters.integer("quantity") ?? 1) \(parameters.text("unit") ?? "day")"
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let series = try SeriesRows(call, timeFit: .temporal)
    let time = try series.moment(call)
    let keyNames = Set(series.ids.map(\.name) + [time.name])
    let values = call.schema.filter { !keyNames.contains($0.name) }
    let start = call.freshName("start")
    let ids = series.ids.map { SQL.identifier($0.name) }
    let keys = (ids + [start]).joined(separator: ", ")

    // Steps that have rows.
    let cells = values.map { column -> TransformCall.Item in
      let word = call.parameters.text(column.kind.isNumeric ? "numbers" : "others")
      let aggregate = Aggregate(word ?? (column.kind.isNumeric ? "mean" : "mode"))
      let sql = aggregate.sql(column, in: call, number: series.number)
      return column.kind.isNumeric
        ? .init(column, "CAST(\(sql) AS DOUBLE)", type: "DOUBLE") : .init(column, sql)
    }
    let idItems = series.ids.map { TransformCall.Item($0, call.present($0)) }
    let binned = """
      SELECT \((idItems.isEmpty ? [] : [TransformCall.list(idItems)]).joined())\(idItems.isEmpty ? "" : ", ")\
      \(SeriesRows.start(SQL.identifier(time.name), call.parameters)) AS \(start), * EXCLUDE (\
      \(SQL.identifiers(series.ids.map(\.name) + [time.name]))) FROM (\(call.numbered(series.number)))
      WHERE \(SQL.identifier(time.name)) IS NOT NULL AND isfinite(\(SQL.identifier(time.name)))
      """
    let summaries = cells.isEmpty ? "" : ", " + TransformCall.list(cells)
    let grouped = "SELECT \(keys)\(summaries) FROM (\(binned)) GROUP BY \(keys)"

    // All steps of each series.
    let idPart = ids.isEmpty ? "" : ids.joined(separator: ", ") + ", "
    let grid = """
      SELECT \(idPart)unnest(\(SeriesRows.steps("min(\(start))", "max(\(start))", call.parameters))) AS \(start)
      FROM (\(binned)) \(ids.isEmpty ? "HAVING count(*) > 0" : "GROUP BY \(ids.joined(separator: ", "))")
      """
    let on = (ids + [start]).map { "g.\($0) IS NOT DISTINCT FROM b.\($0)" }.joined(separator: " AND ")
    let columns = values.map { "b.\(SQL.identifier($0.name))" }
    let gridKeys = (ids + [start]).map { "g.\($0)" }
    let joined = """
      SELECT \((gridKeys + columns).joined(separator: ", ")), row_number() OVER (\
      \(ids.isEmpty ? "" : "PARTITION BY " + ids.map { "g.\($0)" }.joined(separator: ", ")) ORDER BY g.\(start)) \
      AS \(series.number) FROM (\(grid)) AS g LEFT JOIN (\(grouped)) AS b ON \(on)
      """
    let within = ids.isEmpty ? "" : "PARTITION BY " + ids.joined(separator: ", ")
    let filled = values.map { column -> TransformCall.Item in
      let name = SQL.identifier(column.name)
      let word = call.parameters.text(column.kind.isNumeric ? "fill" : "fillOthers")
      let gap = Gap(value: name, position: series.number, partition: within, order: series.number)
      let sql: String
      switch word ?? (column.kind.isNumeric ? "linear" : "forward") {
      case "linear": sql = gap.interpolated
      case "forward": sql = gap.before
      default: sql = name
      }
      return .init(column, sql, type: column.kind.isNumeric ? "DOUBLE" : column.type)
    }
    let type = time.kind == .date && SeriesRows.isWholeDays(call.parameters) ? "DATE" : "TIMESTAMP"
    let items = call.schema.map { column -> TransformCall.Item in
      if column.name == time.name { return .init(column, "CAST(\(start) AS \(type))", type: type) }
      return filled.first { $0.name == column.name } ?? .init(column, SQL.identifier(column.name))
    }
    let order = (ids.map { "j.\($0) ASC NULLS LAST" } + ["j.\(start)"]).joined(separator: ", ")
    return TransformStage(
      "SELECT \(TransformCall.list(items)) FROM (\(joined)) AS j ORDER BY \(order)",
      items.map { Column(name: $0.name, type: $0.type) })
  }
}
