import Frame

/// Leaves out columns that are mostly missing in the rows it was fitted on. Other rows lose the same columns, whatever
/// is missing in them.
public enum DropMissingColumns: Transform {
  public static let info = OperationInfo(
    "drop-missing-columns", .missing, "Drop columns with missing values",
    help: "Leave out columns in which too many values are missing.",
    parameters: [
      ParameterInfo(
        "columns", "Columns", .columns, isOptional: true, help: "The columns to look at; all where none is chosen."),
      ParameterInfo(
        "share", "Largest share", .number(0...1), initial: "0.5",
        help: "Columns with a larger share of missing values are left out, 0 to 1."),
      ParameterInfo(
        "blank", "Count blank texts", .toggle, initial: "false",
        help: "Treat texts that are empty or white space alone as missing too."),
    ])

  public static func learns(_ parameters: Parameters) -> Bool { true }

  public static func summary(_ parameters: Parameters) -> String {
    "above \((parameters.number("share") ?? 0.5) * 100) % missing"
  }

  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    let columns = try call.columnsOrAll()
    let share = call.parameters.number("share") ?? 0.5
    let blank = call.parameters.flag("blank")
    let counts = columns.map { "count(*) FILTER (WHERE \($0.isMissing(orBlank: blank)))" }
    let table = try reader.query(
      "SELECT count(*), \(counts.joined(separator: ", ")) FROM \(call.table)", note: "counting missing values")
    let rows = table.value(0, 0).number ?? 0
    let dropped = columns.enumerated().filter { place, _ in
      (table.value(0, place + 1).number ?? 0) > share * rows
    }
    return ["dropped": .list(dropped.map { .text($0.element.name) })]
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    _ = try call.columnsOrAll()
    let learned = Set(try call.fitted()?.texts("dropped") ?? [])
    let dropped = call.schema.map(\.name).filter(learned.contains)
    if dropped.isEmpty { return TransformStage("SELECT * FROM \(call.table)", call.schema) }
    guard dropped.count < call.schema.count else {
      throw call.invalid("every column is above the share of missing values: raise the share")
    }
    return try call.adding([], dropping: dropped)
  }
}
