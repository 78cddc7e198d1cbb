import Frame

/// Adds columns that look at other rows: numbers, ranks, neighbours, cumulative and rolling statistics.
///
/// The rows stay where they are; `order` says in which order they are looked at, ties in that of the table. Cumulative
/// statistics leave missing values out and go on, as `expanding` of pandas does; rolling ones are `rolling` of pandas.
public enum Window: Transform {
  private static let neighbours = ["lag", "lead", "difference", "percent-change"]
  private static let cumulative = [
    "cumulative-sum", "cumulative-mean", "cumulative-min", "cumulative-max", "cumulative-count",
  ]
  private static let rolling = WindowFrame.statistics.map { "rolling-" + $0 }

  public static let info = OperationInfo(
    "window", .group, "Window", help: "Add columns that look at other rows: ranks, neighbours, running statistics.",
    parameters: [
      ParameterInfo(
        "partition", "Within", .columns, isOptional: true,
        help: "Each combination of these values is looked at on its own; none: all rows together."),
      ParameterInfo(
        "order", "Order",
        .rows([
          ParameterInfo("column", "Column", .column, help: "The first column counts most; missing values come last."),
          ParameterInfo("descending", "Descending", .toggle, initial: "false", help: "Largest first."),
        ]), isOptional: true, help: "The order in which rows are looked at; ties, and all without it, as they stand."),
      ParameterInfo(
        "columns", "New columns",
        .rows([
          ParameterInfo(
            "function", "Function",
            .choice(["row-number", "rank", "dense-rank"] + neighbours + cumulative + rolling), initial: "row-number",
            help:
              "rank: rows that are equal in the order share the smallest number, and the next one leaves a gap; "
              + "dense-rank leaves none. difference: to an earlier row, dates in days, timestamps in seconds."),
          ParameterInfo(
            "column", "Column", .column, isOptional: true, help: "The column to look at; none for numbers and ranks."),
          ParameterInfo(
            "offset", "Distance", .integer(1...1_000_000), initial: "1",
            when: .init("function", "lag", "lead", "difference", "percent-change"), help: "How many rows away."),
          ParameterInfo(
            "size", "Size", .integer(1...1_000_000), initial: "3", isOptional: true,
            help: "How many rows or units of time a rolling statistic takes, the row itself with them."),
          ParameterInfo(
            "unit", "Unit", .choice(["rows"] + WindowFrame.units), initial: "rows",
            help: "What the size counts; time needs one column of dates or timestamps as the order."),
          ParameterInfo(
            "least", "Least values", .integer(1...1_000_000), isOptional: true,
            help: "With fewer values a rolling statistic is missing; by default the size in rows, or 1 with time."),
          ParameterInfo(
            "name", "Name", .name, isOptional: true, help: "The new column; by default column_function."),
        ]), help: "What is added."),
    ])

  public static func summary(_ parameters: Parameters) -> String {
    parameters.rows("columns").map { row in
      let function = row.text("function") ?? "row-number"
      return row.text("column").map { "\(function) of \($0)" } ?? function
    }.joined(separator: ", ")
  }

  public static func fault(_ parameters: Parameters) -> String? {
    for row in parameters.rows("columns") {
      let function = row.text("function") ?? "row-number"
      if function == "row-number" { continue }
      if function == "rank" || function == "dense-rank" {
        if parameters.rows("order").isEmpty { return "\(function): say by which order" }
        continue
      }
      if row.text("column") == nil { return "choose the column for \(function)" }
      let unit = row.text("unit") ?? "rows"
      if rolling.contains(function), unit != "rows" {
        if parameters.rows("order").count != 1 { return "a span of time needs one column as the order" }
      } else if rolling.contains(function), let least = row.integer("least"), least > row.integer("size") ?? 3 {
        return "at least \(least) of \(row.integer("size") ?? 3) rows can never be"
      }
    }
    return nil
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let partition = call.partition(try call.columns(parameter: "partition"))
    let number = call.freshName("row")
    let keys = try call.parameters.rows("order").map { row in
      (column: try call.column(row.text("column") ?? ""), descending: row.flag("descending"))
    }
    let order = keys.map { "\(call.present($0.column)) \($0.descending ? "DESC" : "ASC") NULLS LAST" }
    let peers = "\(partition) ORDER BY \(order.joined(separator: ", "))"
    let total = "\(partition) ORDER BY \((order + [number]).joined(separator: ", "))"
    let items = try call.parameters.rows("columns").map { row -> TransformCall.Item in
      let function = row.text("function") ?? "row-number"
      let column = try row.text("column").map { try call.column($0) }
      let stem = [column?.name, function.replacing("-", with: "_")].compactMap { $0 }.joined(separator: "_")
      let (sql, type): (String, String)
      switch function {
      case "row-number": (sql, type) = ("row_number() OVER (\(total))", "BIGINT")
      case "rank": (sql, type) = ("rank() OVER (\(peers))", "BIGINT")
      case "dense-rank": (sql, type) = ("dense_rank() OVER (\(peers))", "BIGINT")
      default:
        guard let column else { throw call.invalid("choose the column for \(function)") }
        if neighbours.contains(function) {
          (sql, type) = try neighbour(function, column, row.integer("offset") ?? 1, call, total)
        } else if cumulative.contains(function) {
          (sql, type) = try running(function, column, call, total)
        } else {
          let keyKind = keys.first?.column.kind
          (sql, type) = try rolled(function, column, row, call, (peers, total), keyKind)
        }
      }
      return .init(call.name("name", of: row, initial: stem), "CAST(\(sql) AS \(type))", type: type)
    }
    let rows = TransformCall(
      step: call.step, parameters: call.parameters,
      inputs: [TransformInput(table: "(\(call.numbered(number)))", schema: call.schema)])
    let added = try rows.adding(items)
    return TransformStage(
      "SELECT * EXCLUDE (\(number)) FROM (\(added.sql)) ORDER BY \(number)", added.schema)
  }

  private static func neighbour(
    _ function: String, _ column: Column, _ offset: Int, _ call: TransformCall, _ window: String
  ) throws -> (String, String) {
    let name = SQL.identifier(column.name)
    switch function {
    case "lag", "lead": return ("\(function)(\(name), \(offset)) OVER (\(window))", column.type)
    case "percent-change":
      try check(column, function, call)
      let before = "lag(\(call.double(column)), \(offset)) OVER (\(window))"
      // Nothing is known of a change from zero to zero.
      return ("nullif((\(call.double(column))) / (\(before)) - 1, CAST('nan' AS DOUBLE))", "DOUBLE")
    default: break
    }
    switch column.kind {
    case .integer:
      let value = "CAST(\(name) AS HUGEINT)"
      return ("\(value) - lag(\(value), \(offset)) OVER (\(window))", "HUGEINT")
    case .date: return ("\(name) - lag(\(name), \(offset)) OVER (\(window))", "BIGINT")
    case .timestamp:
      return ("epoch(\(name)) - epoch(lag(\(name), \(offset)) OVER (\(window)))", "DOUBLE")
    default:
      try check(column, function, call)
      let value = call.double(column)
      return ("(\(value)) - lag(\(value), \(offset)) OVER (\(window))", "DOUBLE")
    }
  }

  private static func running(
    _ function: String, _ column: Column, _ call: TransformCall, _ window: String
  ) throws -> (String, String) {
    let over = "OVER (\(window) ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
    let value = call.present(column)
    switch function {
    case "cumulative-count": return ("count(\(value)) \(over)", "BIGINT")
    case "cumulative-min", "cumulative-max":
      if column.kind == .other { throw call.invalid("column \"\(column.name)\": holds \(column.kind.noun)") }
      return ("\(function.hasSuffix("min") ? "min" : "max")(\(value)) \(over)", column.type)
    case "cumulative-mean":
      try check(column, function, call)
      return ("avg(\(call.double(column))) \(over)", "DOUBLE")
    default:
      try check(column, function, call)
      return column.kind == .real
        ? ("sum(\(call.double(column))) \(over)", "DOUBLE") : ("sum(CAST(\(value) AS HUGEINT)) \(over)", "HUGEINT")
    }
  }

  private static func rolled(
    _ function: String, _ column: Column, _ row: Parameters, _ call: TransformCall,
    _ windows: (peers: String, total: String), _ key: ColumnKind?
  ) throws -> (String, String) {
    try check(column, function, call)
    let statistic = String(function.dropFirst("rolling-".count))
    let size = row.integer("size") ?? 3
    let unit = row.text("unit") ?? "rows"
    let type = statistic == "count" ? "BIGINT" : "DOUBLE"
    if unit == "rows" {
      let frame = WindowFrame.rows(size, least: row.integer("least"))
      return (frame.sql(statistic, call.double(column), over: windows.total), type)
    }
    guard key == .date || key == .timestamp else {
      throw call.invalid("a span of time needs a column of dates or timestamps as the order")
    }
    let frame = WindowFrame.span(size, unit, least: row.integer("least"))
    return (frame.sql(statistic, call.double(column), over: windows.peers), type)
  }

  private static func check(_ column: Column, _ function: String, _ call: TransformCall) throws {
    if column.kind.isNumeric || column.kind == .boolean { return }
    throw call.invalid("column \"\(column.name)\": holds \(column.kind.noun), \(function) needs numbers")
  }
}
