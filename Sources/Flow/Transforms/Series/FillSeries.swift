import Frame

/// Fills missing values along series: from the rows before and after, or with one value for each series. Nothing is
/// learnt: other rows are filled from themselves.
public enum FillSeries: Transform {
  public static let info = OperationInfo(
    "fill-series", .timeSeries, "Fill missing along series",
    help: "Fill missing values of series from their neighbours, or with a value.",
    parameters: [
      ParameterInfo("columns", "Columns", .columns, help: "The columns to fill."), SeriesRows.optionalTime,
      SeriesRows.ids,
      ParameterInfo(
        "method", "Fill with", .choice(["interpolate", "forward", "backward", "most-common", "constant"]),
        initial: "interpolate",
        help:
          "interpolate: on the line between the numbers before and after, by time where a column gives it. forward: "
          + "the value before. backward: the one after. most-common: of the series, the smallest of several."),
      ParameterInfo(
        "value", "Constant", .value, when: .init("method", "constant"), help: "The value; of each column's type."),
      ParameterInfo(
        "limit", "Farthest", .integer(1...1_000_000), isOptional: true, when: .init("method", "forward", "backward"),
        help: "A value fills up to this many rows after or before it; none: all."),
      ParameterInfo(
        "leftover", "What stays missing", .choice(["keep", "nearest", "drop"]), initial: "keep",
        help: "keep: stays. nearest: the nearest value before or after. drop: its row goes."),
      ParameterInfo(
        "most", "Most missing", .number(0...1), initial: "1",
        help: "A series with a larger share of missing values in one of the columns is left out."),
    ])

  public static func summary(_ parameters: Parameters) -> String {
    "\(parameters.text("method") ?? "interpolate"): \(parameters.texts("columns").joined(separator: ", "))"
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let series = try SeriesRows(call)
    let columns = try call.columns()
    let method = call.parameters.text("method") ?? "interpolate"
    let place = call.freshName("place")
    var items: [TransformCall.Item] = []
    var tooMany: [String] = []
    let most = call.parameters.number("most") ?? 1
    for column in columns {
      if column == series.time || series.ids.contains(column) {
        throw call.invalid("\"\(column.name)\" orders or names the series: it cannot be filled")
      }
      items.append(try item(column, method, series, place, call))
      if most < 1 {
        let share = "(count(*) OVER w - count(\(call.present(column))) OVER w)::DOUBLE / count(*) OVER w"
        tooMany.append("\(share) > \(SQL.literal(.real(most)))")
      }
    }
    let left = call.freshName("left")
    let placed = """
      SELECT *, row_number() OVER (\(series.window)) AS \(place)\
      \(tooMany.isEmpty ? "" : ", (\(tooMany.joined(separator: " OR "))) AS \(left)") \
      FROM (\(call.numbered(series.number)))\(tooMany.isEmpty ? "" : " WINDOW w AS (\(series.partition))")
      """
    let rows = tooMany.isEmpty ? placed : "SELECT * EXCLUDE (\(left)) FROM (\(placed)) WHERE NOT \(left)"
    let made = TransformCall(
      step: call.step, parameters: [:], inputs: [TransformInput(table: "(\(rows))", schema: call.schema)]
    ).replacing(items)
    var kept = ""
    if call.parameters.text("leftover") == "drop" {
      kept = "WHERE " + columns.map { "\(SQL.identifier($0.name)) IS NOT NULL" }.joined(separator: " AND ")
    }
    return TransformStage(
      "SELECT * EXCLUDE (\(series.number), \(place)) FROM (\(made.sql)) \(kept) ORDER BY \(series.number)", made.schema)
  }

  private static func item(
    _ column: Column, _ method: String, _ series: SeriesRows, _ place: String, _ call: TransformCall
  ) throws -> TransformCall.Item {
    let value = "(\(call.present(column)))"
    let gap = Gap(value: value, position: place, partition: series.partition, order: place)
    var sql: String
    var type = column.type
    switch method {
    case "forward", "backward":
      sql = method == "forward" ? gap.before : gap.after
      if let limit = call.parameters.integer("limit") {
        let frame =
          method == "forward"
          ? "ROWS BETWEEN \(limit) PRECEDING AND CURRENT ROW" : "ROWS BETWEEN CURRENT ROW AND \(limit) FOLLOWING"
        let word = method == "forward" ? "last_value" : "first_value"
        sql = "\(word)(\(value) IGNORE NULLS) OVER (\(series.partition) ORDER BY \(place) \(frame))"
      }
    case "most-common":
      sql = "coalesce(\(value), mode(\(value) ORDER BY \(value)) OVER (\(series.partition)))"
    case "constant":
      sql = "coalesce(\(value), CAST(\(try constant(column, call)) AS \(column.type)))"
    default:
      guard column.kind.isNumeric else {
        throw call.invalid("column \"\(column.name)\": holds \(column.kind.noun), interpolation needs numbers")
      }
      sql =
        Gap(
          value: value, position: position(series, place), partition: series.partition, order: place
        ).interpolated
      type = "DOUBLE"
    }
    if call.parameters.text("leftover") == "nearest" { sql = "coalesce(\(sql), \(gap.before), \(gap.after))" }
    return .init(column, "CAST(\(sql) AS \(type))", type: type)
  }

  /// What interpolation goes by: the time, or the place of the row in its series.
  private static func position(_ series: SeriesRows, _ place: String) -> String {
    guard let time = series.time else { return place }
    let name = SQL.identifier(time.name)
    return time.kind.isNumeric ? "CAST(\(name) AS DOUBLE)" : "epoch(\(name))"
  }

  private static func constant(_ column: Column, _ call: TransformCall) throws -> String {
    let given = call.parameters["value"]
    switch (given, column.kind) {
    case (.number(let number)?, .integer) where number == number.rounded(): return SQL.literal(.real(number))
    case (.number(let number)?, .real): return SQL.literal(.real(number))
    case (.flag(let flag)?, .boolean): return flag ? "TRUE" : "FALSE"
    case (.text(let text)?, .integer), (.text(let text)?, .real):
      if let number = Double(text), column.kind == .real || number == number.rounded() {
        return SQL.literal(.real(number))
      }
    case (.text(let text)?, .text): return SQL.text(text)
    case (.number(let number)?, .text):
      return SQL.text(Int64(exactly: number).map(String.init) ?? "\(number)")
    case (.text(let text)?, .boolean) where text == "true" || text == "false": return text
    case (.text(let text)?, .date), (.text(let text)?, .timestamp), (.text(let text)?, .time): return SQL.text(text)
    default: break
    }
    throw call.invalid("the constant does not suit \"\(column.name)\", which holds \(column.kind.noun)")
  }
}
