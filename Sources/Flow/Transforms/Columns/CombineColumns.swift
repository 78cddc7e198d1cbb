import Frame

/// One text of several columns, with a separator between.
public enum CombineColumns: Transform {
  public static let info = OperationInfo(
    "combine-columns", .columns, "Combine columns", help: "Write the values of several columns as one text.",
    parameters: [
      ParameterInfo("columns", "Columns", .columns, help: "The columns, in the order of their values."),
      ParameterInfo(
        "separator", "Separator", .text, initial: " ", isOptional: true, help: "What stands between values."),
      ParameterInfo("name", "Name", .name, help: "The new column."),
      ParameterInfo(
        "missing", "Missing values", .choice(["skip", "empty", "missing"]), initial: "skip",
        help: "skip: left out with their separator. empty: an empty text. missing: the whole result is missing."),
      ParameterInfo("drop", "Drop the columns", .toggle, initial: "false", help: "Leaves the joined columns out."),
    ])

  public static func summary(_ parameters: Parameters) -> String {
    "\(parameters.text("name") ?? "") of \(parameters.texts("columns").joined(separator: ", "))"
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let columns = try call.columns(.any)
    let separator = SQL.text(call.parameters.raw("separator", " "))
    let texts = columns.map { "CAST(\(SQL.identifier($0.name)) AS VARCHAR)" }
    let sql: String
    switch call.parameters.text("missing") ?? "skip" {
    case "empty":
      sql = "concat_ws(\(separator), \(texts.map { "coalesce(\($0), '')" }.joined(separator: ", ")))"
    case "missing": sql = texts.joined(separator: " || \(separator) || ")
    default:
      let all = texts.joined(separator: ", ")
      sql = "CASE WHEN coalesce(\(all)) IS NOT NULL THEN concat_ws(\(separator), \(all)) END"
    }
    let name = call.parameters.text("name")?.trimmed ?? ""
    return try call.adding(
      [.init(name, sql, type: "VARCHAR")], dropping: call.parameters.flag("drop") ? columns.map(\.name) : [])
  }
}
