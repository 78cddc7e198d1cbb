import Frame

/// One row for each group of equal keys, with statistics of the group's rows.
///
/// Missing keys (and NaN) are a group of their own, as in pandas with `dropna=False`. See `Aggregate` for the statistics
/// and `ExactSums` for sums and means of real numbers.
public enum GroupBy: Transform {
  public static let info = OperationInfo(
    "group-by", .group, "Group by", help: "One row for each group of equal keys, with statistics of its rows.",
    parameters: [
      ParameterInfo(
        "keys", "Keys", .columns, isOptional: true,
        help: "Rows with the same values in these columns are a group, missing ones too; none: all rows are one."),
      ParameterInfo(
        "aggregates", "Statistics",
        .rows([
          ParameterInfo(
            "function", "Statistic", .choice(Aggregate.words), initial: "count",
            help:
              "count: values present, or rows where no column is named. distinct: different values. mode: the most "
              + "frequent, the smallest of several. first, last: the first and last value present. list: all values, "
              + "missing ones too. concat: as one text. Missing values count in no other."),
          ParameterInfo(
            "column", "Column", .column, isOptional: true, help: "The column; none with count: the number of rows."),
          ParameterInfo(
            "quantile", "Quantile", .number(0...1), initial: "0.5", when: .init("function", "quantile"),
            help: "The share of values below it, with linear interpolation."),
          ParameterInfo(
            "separator", "Separator", .text, initial: ", ", isOptional: true, when: .init("function", "concat"),
            help: "What stands between the texts."),
          ParameterInfo(
            "name", "Name", .name, isOptional: true, help: "The new column; by default column_statistic, or count."),
        ]), help: "What is computed of each group."),
      ParameterInfo(
        "order", "Order", .choice(["keys", "first"]), initial: "keys",
        help: "keys: by the keys, missing ones last. first: in the order in which the groups turn up."),
    ])

  public static func summary(_ parameters: Parameters) -> String {
    let keys = parameters.texts("keys").joined(separator: ", ")
    let figures = parameters.rows("aggregates").map { row in
      let function = row.text("function") ?? "count"
      return row.text("column").map { "\(function) of \($0)" } ?? function
    }
    return (keys.isEmpty ? "" : keys + ": ") + figures.joined(separator: ", ")
  }

  public static func fault(_ parameters: Parameters) -> String? {
    for row in parameters.rows("aggregates") {
      let function = row.text("function") ?? "count"
      if function != "count", row.text("column") == nil { return "choose the column for \(function)" }
    }
    return nil
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let keys = try call.columns(parameter: "keys")
    let number = call.freshName("row")
    var items = keys.map { TransformCall.Item($0, call.present($0)) }
    let sums = ExactSums(try summed(call), in: call, number: number)
    for row in call.parameters.rows("aggregates") {
      let function = row.text("function") ?? "count"
      guard let text = row.text("column") else {
        items.append(.init(call.name("name", of: row, initial: "count"), "count(*)", type: "BIGINT"))
        continue
      }
      let column = try call.column(text)
      let separator = row["separator"]?.text ?? ", "
      let aggregate = Aggregate(function, quantile: row.number("quantile") ?? 0.5, separator: separator)
      if let reason = aggregate.refusal(column) { throw call.invalid("column \"\(column.name)\": \(reason)") }
      var sql = aggregate.sql(column, in: call, number: number)
      if function == "sum" || function == "mean", let sum = sums.sum(column, in: call) {
        sql = function == "sum" ? sum : "(\(sum)) / count(\(call.present(column)))"
      }
      let name = call.name("name", of: row, initial: "\(column.name)_\(function)")
      items.append(.init(name, sql, type: aggregate.type(column)))
    }
    try call.checkNames(items.map(\.name))
    let groups = keys.isEmpty ? "" : "GROUP BY " + keys.map(call.present).joined(separator: ", ")
    // Ordered by place, for a key and a statistic may share a name with a column of the input.
    let places = keys.indices.map { "\($0 + 1) ASC NULLS LAST" }.joined(separator: ", ")
    var order = keys.isEmpty ? "" : "ORDER BY " + places
    if call.parameters.text("order") == "first", !keys.isEmpty { order = "ORDER BY min(\(number))" }
    let sql = """
      SELECT \(TransformCall.list(items)) FROM (\(sums.source))
      \(groups) \(order)
      """
    return TransformStage(sql, items.map { Column(name: $0.name, type: $0.type) })
  }

  /// The columns of real numbers that are added up, each once.
  private static func summed(_ call: TransformCall) throws -> [Column] {
    var columns: [Column] = []
    for row in call.parameters.rows("aggregates") where ["sum", "mean"].contains(row.text("function")) {
      let column = try call.column(row.text("column") ?? "")
      if column.kind == .real, !columns.contains(column) { columns.append(column) }
    }
    return columns
  }
}
