import Frame

/// Leaves out rows with missing cells; `dropna` of pandas.
public enum DropMissingRows: Transform {
  public static let info = OperationInfo(
    "drop-missing-rows", .missing, "Drop rows with missing values", help: "Leave out rows in which values are missing.",
    parameters: [
      ParameterInfo(
        "columns", "Columns", .columns, isOptional: true, help: "The columns to look at; all where none is chosen."),
      ParameterInfo(
        "how", "Drop where", .choice(["any", "all"]), initial: "any",
        help: "any: one of the columns is missing. all: every one of them is."),
      ParameterInfo(
        "blank", "Count blank texts", .toggle, initial: "false",
        help: "Treat texts that are empty or white space alone as missing too."),
    ])

  public static func summary(_ parameters: Parameters) -> String {
    let columns = parameters.texts("columns")
    let how = parameters.text("how") ?? "any"
    return columns.isEmpty ? "\(how) column" : "\(how) of \(columns.joined(separator: ", "))"
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let blank = call.parameters.flag("blank")
    let tests = try call.columnsOrAll().map { $0.isMissing(orBlank: blank) }
    let word = call.parameters.text("how") == "all" ? " AND " : " OR "
    return TransformStage(
      "SELECT * FROM \(call.table) WHERE NOT (\(tests.joined(separator: word)))", call.schema)
  }
}
