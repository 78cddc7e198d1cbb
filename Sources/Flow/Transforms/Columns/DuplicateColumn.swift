import Frame

/// A copy of a column under another name.
public enum DuplicateColumn: Transform {
  public static let info = OperationInfo(
    "duplicate", .columns, "Duplicate column", help: "Add a copy of a column under another name.",
    parameters: [
      ParameterInfo("column", "Column", .column, help: "The column to copy."),
      ParameterInfo(
        "name", "Name", .name, isOptional: true, help: "The new column; the old name with _copy when empty."),
    ])

  public static func summary(_ parameters: Parameters) -> String {
    let column = parameters.text("column") ?? ""
    return "\(column) as \(parameters.text("name") ?? column + "_copy")"
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let column = try call.column(parameter: "column")
    let name = call.parameters.text("name")?.trimmed ?? column.name + "_copy"
    return try call.adding([.init(name, SQL.identifier(column.name), type: column.type)])
  }
}
