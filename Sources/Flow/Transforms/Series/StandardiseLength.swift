import Frame

/// Brings all series to one length: longer ones are cut, shorter ones padded with missing values.
///
/// The result is ordered by series and time.
public enum StandardiseLength: Transform {
  public static let info = OperationInfo(
    "standardise-length", .timeSeries, "Standardise length",
    help: "Bring all series to one length: cut longer ones and pad shorter ones with missing values.",
    parameters: [
      ParameterInfo("ids", "Series", .columns, help: "Rows with the same values here are a series."),
      SeriesRows.optionalTime,
      ParameterInfo(
        "by", "Length", .choice(["quantile", "length"]), initial: "quantile",
        help: "quantile: one that a share of the series does not exceed, learnt by the fit. length: a given one."),
      ParameterInfo(
        "quantile", "Share", .number(0...1), initial: "0.9", when: .init("by", "quantile"),
        help: "The share of series that are not cut; between two lengths by linear interpolation, then rounded up."),
      ParameterInfo(
        "length", "Rows", .integer(1...1_000_000), initial: "10", when: .init("by", "length"),
        help: "The rows of each series."),
      ParameterInfo(
        "side", "Cut and pad", .choice(["end", "start"]), initial: "end",
        help: "Which end of a series loses rows or gets new ones."),
    ])

  public static func learns(_ parameters: Parameters) -> Bool { parameters.text("by") ?? "quantile" == "quantile" }

  public static func summary(_ parameters: Parameters) -> String {
    learns(parameters)
      ? "\(parameters.texts("ids").joined(separator: ", ")): quantile \(parameters.number("quantile") ?? 0.9)"
      : "\(parameters.texts("ids").joined(separator: ", ")): \(parameters.integer("length") ?? 10) rows"
  }

  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    let ids = try call.columns(parameter: "ids").map(call.present).joined(separator: ", ")
    let share = SQL.literal(.real(call.parameters.number("quantile") ?? 0.9))
    let table = try reader.query(
      """
      SELECT ceil(quantile_cont(n, \(share)) - 1e-9) FROM (
      SELECT count(*)::DOUBLE AS n FROM \(call.table) GROUP BY \(ids))
      """, note: "measuring series")
    guard let length = table.value(0, 0).number else { throw call.invalid("there is no series to measure") }
    return ["length": .number(max(1, length))]
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let series = try SeriesRows(call)
    let learned = learns(call.parameters) ? try call.fitted() : nil
    let length = learned?.integer("length") ?? call.parameters.integer("length") ?? 10
    let isStart = call.parameters.text("side") == "start"
    let place = call.freshName("place")
    let ids = Set(series.ids.map(\.name))
    let plain = call.schema.map { column in
      ids.contains(column.name)
        ? "\(call.present(column)) AS \(SQL.identifier(column.name))" : SQL.identifier(column.name)
    }
    // Places count from the end that stays; those of a series cut at its start are negative.
    let count = isStart ? "count(*) OVER (\(series.partition)) + 1 - " : ""
    let placed = """
      SELECT \(plain.joined(separator: ", ")), \(count)row_number() OVER (\(series.window)) AS \(place)
      FROM (\(call.numbered(series.number)))
      """
    let keys = SQL.identifiers(series.ids.map(\.name))
    let rows = call.freshName("rows")
    let items = call.schema.map { column in
      let name = SQL.identifier(column.name)
      return ids.contains(column.name) ? name : "CAST(NULL AS \(column.type)) AS \(name)"
    }
    let padding = """
      SELECT \(items.joined(separator: ", ")), unnest(range(\(rows) + 1, \(length + 1))) AS \(place)
      FROM (SELECT \(keys), max(\(place)) AS \(rows) FROM (\(placed)) GROUP BY \(keys)) WHERE \(rows) < \(length)
      """
    let order = series.ids.map { "\(SQL.identifier($0.name)) ASC NULLS LAST" } + ["\(place)\(isStart ? " DESC" : "")"]
    let sql = """
      SELECT * EXCLUDE (\(place)) FROM (SELECT * FROM (\(placed)) WHERE \(place) <= \(length)
      UNION ALL \(padding)) ORDER BY \(order.joined(separator: ", "))
      """
    return TransformStage(sql, call.schema)
  }
}
