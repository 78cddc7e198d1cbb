import Frame

/// Boolean columns that say where cells are missing.
public enum MissingIndicator: Transform {
  public static let info = OperationInfo(
    "missing-indicator", .missing, "Flag missing values",
    help: "Add a yes-or-no column that says where a value is missing.",
    parameters: [
      ParameterInfo("columns", "Columns", .columns, help: "The columns to look at; each gets a column of its own."),
      ParameterInfo(
        "suffix", "Suffix", .text, initial: "_missing", help: "What the new columns are called after the old name."),
      ParameterInfo(
        "blank", "Count blank texts", .toggle, initial: "false",
        help: "Treat texts that are empty or white space alone as missing too."),
    ])

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let suffix = call.parameters.text("suffix") ?? "_missing"
    let blank = call.parameters.flag("blank")
    return try call.adding(
      try call.columns().map { .init($0.name + suffix, $0.isMissing(orBlank: blank), type: "BOOLEAN") })
  }
}
