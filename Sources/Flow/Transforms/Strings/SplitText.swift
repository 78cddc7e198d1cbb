import Frame

/// Splits a text at a delimiter, into a list or into columns whose number it learns.
public enum SplitText: Transform {
  private static let mostColumns = 1000

  public static let info = OperationInfo(
    "split-text", .strings, "Split text", help: "Split a text at a delimiter, into columns or into a list.",
    parameters: [
      ParameterInfo("column", "Column", .column, fit: .text, help: "The text to split."),
      ParameterInfo(
        "delimiter", "Delimiter", .text, initial: ",", isOptional: true, help: "What stands between parts."),
      ParameterInfo(
        "regex", "Regular expression", .toggle, initial: "false", help: "Reads the delimiter as an expression (RE2)."),
      ParameterInfo(
        "max", "Splits", .integer(0...10_000), initial: "0",
        help: "The largest number of splits, from the left; the rest of the text is the last part. 0: no limit."),
      ParameterInfo(
        "output", "Output", .choice(["columns", "list"]), initial: "columns",
        help: "columns: one for each part, as many as the longest text has when fitted. list: one column of lists."),
      ParameterInfo(
        "extra", "More parts", .choice(["drop", "error"]), initial: "drop", when: .init("output", "columns"),
        help: "What happens to parts of later rows that have no column: they are left out, or the step fails."),
      ParameterInfo(
        "name", "Name", .name, isOptional: true,
        help: "The new column, or the start of the new names; the column's own name with _parts or a number when empty."
      ),
      ParameterInfo("drop", "Drop the text", .toggle, initial: "false", help: "Leaves the split column out."),
    ])

  public static func summary(_ parameters: Parameters) -> String {
    "\(parameters.text("column") ?? "") at \"\(parameters.raw("delimiter", ","))\""
  }

  public static func fault(_ parameters: Parameters) -> String? {
    let delimiter = parameters.raw("delimiter", ",")
    if delimiter.isEmpty { return "Delimiter: write what stands between the parts" }
    return parameters.flag("regex") ? Pattern.fault(delimiter, "Delimiter") : nil
  }

  public static func learns(_ parameters: Parameters) -> Bool { parameters.text("output") != "list" }

  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    let column = try call.column(parameter: "column", .text)
    let table = try reader.query(
      "SELECT max(len(\(parts(column, call.parameters)))) FROM \(call.table)", note: "counting parts of \(column.name)")
    let count = table.value(0, 0).number ?? 1
    guard count <= Double(mostColumns) else {
      throw call.invalid(
        "a text of \"\(column.name)\" has \(Int(count)) parts, more than \(mostColumns) columns: limit the splits or "
          + "make a list")
    }
    return ["parts": .number(max(1, count))]
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let column = try call.column(parameter: "column", .text)
    let parameters = call.parameters
    let dropped = parameters.flag("drop") ? [column.name] : []
    let parts = parts(column, parameters)
    if parameters.text("output") == "list" {
      let name = parameters.text("name") ?? column.name + "_parts"
      return try call.adding([.init(name, parts, type: "VARCHAR[]")], dropping: dropped)
    }
    let count = try call.fitted()?.integer("parts") ?? 0
    let stem = (parameters.text("name") ?? column.name) + "_"
    var list = parts
    if parameters.text("extra") == "error" {
      let message = SQL.text("\"\(column.name)\" has a text of more than \(count) parts: refit the step")
      list = "CASE WHEN len(\(parts)) > \(count) THEN error(\(message)) ELSE \(parts) END"
    }
    // Before it is fitted, nothing is known of the new columns.
    guard count > 0 else { return try call.adding([]) }
    return try call.adding(
      (1...count).map { .init(stem + "\($0)", "(\(list))[\($0)]", type: "VARCHAR") }, dropping: dropped)
  }

  /// The list of parts.
  private static func parts(_ column: Column, _ parameters: Parameters) -> String {
    let value = TextColumns.sql(column)
    let delimiter = parameters.raw("delimiter", ",")
    let isExpression = parameters.flag("regex")
    let pattern = SQL.text(delimiter)
    let all = isExpression ? "string_split_regex(\(value), \(pattern))" : "string_split(\(value), \(pattern))"
    guard let limit = parameters.integer("max"), limit > 0 else { return all }
    // The rest starts after the parts before it and the delimiters between them.
    let between =
      isExpression
      ? "length(array_to_string(regexp_extract_all(\(value), \(pattern))[:\(limit)], ''))"
      : "\(delimiter.unicodeScalars.count * limit)"
    let head = "length(array_to_string(\(all)[:\(limit)], ''))"
    return """
      CASE WHEN len(\(all)) <= \(limit) THEN \(all) \
      ELSE list_append(\(all)[:\(limit)], substr(\(value), \(head) + \(between) + 1)) END
      """
  }
}
