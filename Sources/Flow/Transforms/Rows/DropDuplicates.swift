import Frame

/// One of several rows with the same values. Missing values are equal to each other, as in pandas.
public enum DropDuplicates: Transform {
  public static let info = OperationInfo(
    "drop-duplicates", .rows, "Drop duplicates", help: "Keep one of several rows with the same values.",
    parameters: [
      ParameterInfo(
        "columns", "Columns", .columns, isOptional: true, help: "The columns that are compared; all of them when empty."
      ),
      ParameterInfo(
        "keep", "Keep", .choice(["first", "last", "none"]), initial: "first",
        help: "first, last: one row of each set of equal ones. none: only rows that have no equal."),
    ])

  public static func summary(_ parameters: Parameters) -> String {
    let columns = parameters.texts("columns")
    return (columns.isEmpty ? "all columns" : columns.joined(separator: ", "))
      + ", \(parameters.text("keep") ?? "first")"
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let chosen = try call.columns(.any)
    let names = SQL.identifiers((chosen.isEmpty ? call.schema : chosen).map(\.name))
    let number = call.freshName("row")
    let test =
      switch call.parameters.text("keep") ?? "first" {
      case "last": "row_number() OVER (PARTITION BY \(names) ORDER BY \(number) DESC) = 1"
      case "none": "count(*) OVER (PARTITION BY \(names)) = 1"
      default: "row_number() OVER (PARTITION BY \(names) ORDER BY \(number)) = 1"
      }
    let sql = """
      SELECT * EXCLUDE (\(number)) FROM (SELECT *, row_number() OVER () AS \(number) FROM \(call.table))
      QUALIFY \(test) ORDER BY \(number)
      """
    return TransformStage(sql, call.schema)
  }
}
