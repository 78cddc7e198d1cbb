import Frame

/// One row for each series, its values as lists in the order of time.
public enum GroupSeries: Transform {
  public static let info = OperationInfo(
    "group-series", .timeSeries, "Group series", help: "One row for each series, with its values as lists.",
    parameters: [
      ParameterInfo("ids", "Series", .columns, help: "Rows with the same values here are a series."),
      SeriesRows.optionalTime,
      ParameterInfo("columns", "Columns", .columns, help: "The columns that become lists, missing values with them."),
      ParameterInfo(
        "bounds", "Start and end", .toggle, initial: "false",
        help: "Add the first and the last time of the series: time_start and time_end, named after the column."),
    ])

  public static func fault(_ parameters: Parameters) -> String? {
    parameters.flag("bounds") && parameters.text("time") == nil ? "start and end need a column for time" : nil
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let series = try SeriesRows(call)
    let order = [series.time.map { "\(call.present($0)) ASC NULLS LAST" }, series.number].compactMap { $0 }
    var items = series.ids.map { TransformCall.Item($0, call.present($0)) }
    for column in try call.columns() {
      if series.ids.contains(column) { throw call.invalid("\"\(column.name)\" names the series: it is no list") }
      let list = "list(\(call.present(column)) ORDER BY \(order.joined(separator: ", ")))"
      items.append(.init(column.name, list, type: column.type + "[]"))
    }
    if call.parameters.flag("bounds"), let time = series.time {
      items.append(.init(time.name + "_start", "min(\(call.present(time)))", type: time.type))
      items.append(.init(time.name + "_end", "max(\(call.present(time)))", type: time.type))
    }
    return try call.grouped(items, by: series)
  }
}

extension TransformCall {
  /// One row for each series, ordered by its ids; the first items are the ids.
  func grouped(_ items: [Item], by series: SeriesRows) throws -> TransformStage {
    try checkNames(items.map(\.name))
    let groups = series.ids.map(present).joined(separator: ", ")
    let places = series.ids.indices.map { "\($0 + 1) ASC NULLS LAST" }.joined(separator: ", ")
    let sql = """
      SELECT \(TransformCall.list(items)) FROM (\(numbered(series.number)))
      \(series.ids.isEmpty ? "" : "GROUP BY \(groups) ORDER BY \(places)")
      """
    return TransformStage(sql, items.map { Column(name: $0.name, type: $0.type) })
  }
}
