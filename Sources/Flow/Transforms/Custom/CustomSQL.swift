import Frame

/// A SELECT of the user over the rows that reach the step.
public enum CustomSQL: Transform {
  public static let info = OperationInfo(
    "sql", .custom, "Custom SQL", help: "The rows of a SELECT over this step's rows, which are the table data.",
    parameters: [
      ParameterInfo(
        "query", "Query", .sql,
        help: "One SELECT in DuckDB's SQL, such as SELECT *, price * 2 AS double FROM data. Nothing is written."),
      ParameterInfo(
        "with", "With", .inputs(0...8), isOptional: true,
        help: "Other steps whose rows can be read, as the tables data_2, data_3 and so on."),
    ])

  public static let inputCount = 1...9

  public static func learns(_ parameters: Parameters) -> Bool { true }

  public static func summary(_ parameters: Parameters) -> String {
    let line = (parameters.text("query") ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return line.count > 60 ? line.prefix(59) + "…" : line
  }

  public static func fault(_ parameters: Parameters) -> String? {
    SelectStatement.fault(parameters.text("query") ?? "")
  }

  /// The columns that the query yields; with DuckDB's message where it cannot be read.
  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    do {
      let schema = try reader.database.describe("SELECT * FROM \(body(reader.isElsewhere ? empty(call) : call))")
      return ["columns": .list(schema.map { ["name": .text($0.name), "type": .text($0.type)] })]
    } catch let error as FrameError {
      throw call.invalid(error.what)
    }
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    guard let learned = try call.fitted() else {
      return TransformStage("SELECT * FROM \(body(call))", call.schema)
    }
    let schema = learned.rows("columns").map {
      Column(name: $0["name"]?.text ?? "", type: $0["type"]?.text ?? "VARCHAR")
    }
    // Other rows may make another type of the same expression.
    let items = schema.map { column in
      let name = SQL.identifier(column.name)
      return column.kind == .other ? name : "CAST(\(name) AS \(column.type)) AS \(name)"
    }
    return TransformStage("SELECT \(items.joined(separator: ", ")) FROM \(body(call))", schema)
  }

  /// The same over tables without rows: their columns are enough.
  private static func empty(_ call: TransformCall) -> TransformCall {
    let inputs = call.inputs.map { input in
      let items = input.schema.map { "CAST(NULL AS \($0.type)) AS \(SQL.identifier($0.name))" }
      return TransformInput(
        table: "(SELECT \(items.joined(separator: ", ")) WHERE false)", schema: input.schema, title: input.title)
    }
    return TransformCall(
      step: call.step, parameters: call.parameters, inputs: inputs, learned: call.learned, needsFit: call.needsFit)
  }

  /// What stands after FROM.
  private static func body(_ call: TransformCall) -> String {
    let tables = call.inputs.enumerated().map { index, input in
      "\(index == 0 ? "data" : "data_\(index + 1)") AS NOT MATERIALIZED (SELECT * FROM \(input.table))"
    }
    let query = SelectStatement.trimmed(call.parameters.text("query") ?? "SELECT * FROM data")
    // The line's end closes a comment at the end of the query.
    return "(WITH \(tables.joined(separator: ", ")) SELECT * FROM (\(query)\n))"
  }
}
