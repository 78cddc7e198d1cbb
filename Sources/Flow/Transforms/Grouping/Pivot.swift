import Frame

/// Turns the values of one column into columns, with a statistic of the rows that fall into each cell.
///
/// Which columns there are is learnt: other rows give the same table. Rows whose value is missing fall into no cell;
/// missing index values are a group, unlike in pandas, which drops them.
public enum Pivot: Transform {
  public static let info = OperationInfo(
    "pivot", .group, "Pivot", help: "Turn the values of a column into columns, with a statistic in each cell.",
    parameters: [
      ParameterInfo(
        "index", "Rows", .columns, help: "One row for each combination of these; missing values count too."),
      ParameterInfo(
        "column", "Columns from", .column,
        help: "Each of its values becomes a column, in their order. Rows where it is missing fall into no cell."),
      ParameterInfo(
        "values", "Values", .column, isOptional: true, help: "What the cells summarise; none with count: the rows."),
      ParameterInfo(
        "function", "Statistic", .choice(Aggregate.plain), initial: "mean",
        help: "The statistic of a cell's rows, without missing values; count is 0 in an empty cell."),
      ParameterInfo("fill", "Empty cells", .value, isOptional: true, help: "What stands in a cell without a value."),
      ParameterInfo("prefix", "Prefix", .text, isOptional: true, help: "Stands before the names of the new columns."),
      ParameterInfo(
        "limit", "Most columns", .integer(1...10_000), initial: "100",
        help: "With more values than this the step stops with an error."),
      ParameterInfo(
        "unseen", "New values", .choice(["ignore", "other"]), initial: "ignore",
        help: "Values that were not there when the step was fitted: left out, or together in a column \"other\"."),
    ])

  public static func learns(_ parameters: Parameters) -> Bool { true }

  public static func summary(_ parameters: Parameters) -> String {
    let cell = parameters.text("values").map { " of \($0)" } ?? ""
    let index = parameters.texts("index").joined(separator: ", ")
    return "\(parameters.text("function") ?? "mean")\(cell), \(index) × \(parameters.text("column") ?? "")"
  }

  public static func fault(_ parameters: Parameters) -> String? {
    let function = parameters.text("function") ?? "mean"
    if function != "count", parameters.text("values") == nil { return "choose the column for \(function)" }
    let names = parameters.texts("index").map { $0.lowercased() }
    return names.contains(parameters.text("column")?.lowercased() ?? "")
      ? "a column cannot give both rows and columns" : nil
  }

  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    let column = try call.column(parameter: "column")
    let limit = call.parameters.integer("limit") ?? 100
    let value = call.present(column)
    let table = try reader.query(
      """
      SELECT CAST(v AS VARCHAR) FROM (SELECT DISTINCT \(value) AS v FROM \(call.table) WHERE (\(value)) IS NOT NULL)
      ORDER BY v LIMIT \(limit + 1)
      """, note: "reading the values of \(column.name)")
    guard table.rowCount <= limit else {
      throw call.invalid(
        "\"\(column.name)\" has more than \(limit.grouped) different values: raise the limit or group its values first")
    }
    guard table.rowCount > 0 else { throw call.invalid("\"\(column.name)\" has no value to make a column of") }
    return ["values": .list((0..<table.rowCount).map { .text(table.value($0, 0).text ?? "") })]
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let index = try call.columns(parameter: "index")
    let column = try call.column(parameter: "column")
    let values = (try call.fitted())?.texts("values") ?? []
    let number = call.freshName("row")
    let cell = "CAST(\(SQL.identifier(column.name)) AS VARCHAR)"
    let summed = ["sum", "mean"].contains(call.parameters.text("function") ?? "mean")
    let real = summed ? [try call.column(parameter: "values")].filter { $0.kind == .real } : []
    let sums = ExactSums(real, in: call, number: number)
    var items = index.map { TransformCall.Item($0, call.present($0)) }
    let prefix = call.parameters["prefix"]?.text ?? ""
    for value in values {
      let name = prefix.isEmpty && value.isEmpty ? "empty" : prefix + value
      items.append(try item(name, "\(cell) = \(SQL.text(value))", call, number, sums))
    }
    if call.parameters.text("unseen") == "other" {
      let known = values.map(SQL.text).joined(separator: ", ")
      let condition = "\(cell) IS NOT NULL" + (known.isEmpty ? "" : " AND \(cell) NOT IN (\(known))")
      items.append(try item(prefix + "other", condition, call, number, sums))
    }
    try call.checkNames(items.map(\.name))
    let groups = index.map(call.present).joined(separator: ", ")
    let places = index.indices.map { "\($0 + 1) ASC NULLS LAST" }.joined(separator: ", ")
    let sql = """
      SELECT \(TransformCall.list(items)) FROM (\(sums.source))
      GROUP BY \(groups) ORDER BY \(places)
      """
    return TransformStage(sql, items.map { Column(name: $0.name, type: $0.type) })
  }

  /// The statistic of the rows for which `condition` holds.
  private static func item(
    _ name: String, _ condition: String, _ call: TransformCall, _ number: String, _ sums: ExactSums
  ) throws -> TransformCall.Item {
    guard call.parameters.text("values") != nil else {
      return .init(name, "count(*) FILTER (WHERE \(condition))", type: "BIGINT")
    }
    let column = try call.column(parameter: "values")
    let aggregate = Aggregate(call.parameters.text("function") ?? "mean")
    if let reason = aggregate.refusal(column) { throw call.invalid("column \"\(column.name)\": \(reason)") }
    let type = aggregate.type(column)
    var sql = aggregate.sql(column, in: call, number: number, where: condition)
    if let sum = sums.sum(column, in: call, where: condition) {
      let count = "count(\(call.present(column))) FILTER (WHERE \(condition))"
      sql = aggregate.function == "sum" ? sum : "(\(sum)) / \(count)"
    }
    guard let fill = call.parameters["fill"], fill != .missing, fill.text != "" else {
      return .init(name, sql, type: type)
    }
    let kind = ColumnKind(type: type)
    let literal: String
    switch (fill, kind) {
    case (.flag(let flag), .boolean): literal = flag ? "TRUE" : "FALSE"
    case (.text(let text), .text): literal = SQL.text(text)
    case (.number(let number), .text): literal = SQL.text(Int64(exactly: number).map(String.init) ?? "\(number)")
    case (_, .real): literal = try numeral(fill, call, whole: false)
    case (_, .integer): literal = try numeral(fill, call, whole: true)
    case (.text(let text), .date), (.text(let text), .timestamp), (.text(let text), .time): literal = SQL.text(text)
    default: throw call.invalid("the cells hold \(kind.noun): what fills empty ones must do so too")
    }
    return .init(name, "coalesce(\(sql), CAST(\(literal) AS \(type)))", type: type)
  }

  private static func numeral(_ fill: Parameter, _ call: TransformCall, whole: Bool) throws -> String {
    guard let number = fill.number, !whole || number == number.rounded() else {
      throw call.invalid("the cells hold \(whole ? "whole " : "")numbers: what fills empty ones must do so too")
    }
    return SQL.literal(.real(number))
  }
}
