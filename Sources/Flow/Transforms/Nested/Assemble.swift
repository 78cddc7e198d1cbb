import Frame

/// A list of the numbers of several columns, as models of vectors read them.
public enum Assemble: Transform {
  public static let info = OperationInfo(
    "assemble", .nested, "Assemble vector", help: "Put the numbers of several columns into one list.",
    parameters: [
      ParameterInfo("columns", "Columns", .columns, fit: .numeric, help: "The numbers, in their order."),
      ParameterInfo("name", "Name", .name, initial: "vector", help: "The new column."),
      ParameterInfo(
        "missing", "Missing values", .choice(["keep", "whole", "drop", "error"]), initial: "keep",
        help:
          "keep: missing in the list. whole: the whole list is missing. drop: the row is left out. error: the step fails."
      ),
      ParameterInfo("drop", "Drop the columns", .toggle, initial: "false", help: "Leaves the columns of numbers out."),
    ])

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let columns = try call.columns(.numeric)
    let numbers = columns.map { "CAST(\(SQL.identifier($0.name)) AS DOUBLE)" }
    var list = "[\(numbers.joined(separator: ", "))]"
    let complete = numbers.map { "coalesce(NOT isnan(\($0)), false)" }.joined(separator: " AND ")
    let policy = call.parameters.text("missing") ?? "keep"
    if policy == "whole" { list = "CASE WHEN \(complete) THEN \(list) END" }
    if policy == "error" {
      let message = SQL.text("a row has no number in one of \(columns.map(\.name).joined(separator: ", "))")
      list = "CASE WHEN \(complete) THEN \(list) ELSE error(\(message)) END"
    }
    let name = call.parameters.text("name")?.trimmed ?? "vector"
    var stage = try call.adding(
      [.init(name, list, type: "DOUBLE[]")], dropping: call.parameters.flag("drop") ? columns.map(\.name) : [])
    if policy == "drop" { stage.sql += " WHERE \(complete)" }
    return stage
  }
}
