import Frame

/// Fills missing cells with a value that is given; `fillna` of pandas.
public enum FillMissing: Transform {
  public static let info = OperationInfo(
    "fill-missing", .missing, "Fill missing values", help: "Put a value of your own into missing cells.",
    parameters: [
      ParameterInfo("columns", "Columns", .columns, help: "The columns to fill."),
      ParameterInfo(
        "value", "Value", .value, help: "Read as the type of each column: a number, a text, yes or no, a date."),
      ParameterInfo(
        "blank", "Fill blank texts", .toggle, initial: "false",
        help: "Treat texts that are empty or white space alone as missing too."),
    ])

  public static func summary(_ parameters: Parameters) -> String {
    let value = parameters["value"].map { $0.spelling } ?? ""
    return "\(parameters.texts("columns").joined(separator: ", ")) = \(value)"
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let text = call.parameters["value"]?.spelling ?? ""
    let blank = call.parameters.flag("blank")
    return call.replacing(
      try call.columns().map { column in
        guard let value = Value.text(text).fitting(column.kind) else {
          throw call.invalid(
            "\"\(text)\" is not \(column.kind.noun), as column \"\(column.name)\" needs: write another value, or change "
              + "the column's type first")
        }
        // An enumeration holds its own words only, so that a filled one becomes plain text.
        let type = column.kind == .text ? ColumnKind.text.typeName : column.type
        let name = SQL.identifier(column.name)
        let sql =
          "CASE WHEN \(column.isMissing(orBlank: blank)) THEN CAST(\(SQL.literal(value)) AS \(type)) "
          + "ELSE CAST(\(name) AS \(type)) END"
        return .init(column, sql, type: type)
      })
  }
}

extension Parameter {
  /// A single value as it would be typed; empty for lists and records.
  var spelling: String {
    switch self {
    case .text(let text): return text
    case .flag(let flag): return flag ? "true" : "false"
    case .number(let number):
      if let whole = Int64(exactly: number) { return "\(whole)" }
      return "\(number)"
    case .list, .record, .missing: return ""
    }
  }
}
