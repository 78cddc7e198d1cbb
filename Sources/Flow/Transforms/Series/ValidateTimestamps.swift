import Frame

/// Finds rows without a valid time: missing, not readable as one, infinite, or out of a range.
public enum ValidateTimestamps: Transform {
  public static let info = OperationInfo(
    "validate-timestamps", .timeSeries, "Validate timestamps",
    help: "Drop or flag rows without a valid time, or stop at the first of them.",
    parameters: [
      ParameterInfo("column", "Column", .column, help: "Dates, timestamps, or text that is read as such."),
      ParameterInfo(
        "format", "Format", .text, isOptional: true,
        help: "How text is read, such as %d.%m.%Y; none: as 2024-12-31 or 2024-12-31 23:59:59."),
      ParameterInfo("earliest", "Earliest", .text, isOptional: true, help: "Earlier moments are not valid."),
      ParameterInfo("latest", "Latest", .text, isOptional: true, help: "Later moments are not valid."),
      ParameterInfo(
        "missing", "Missing", .choice(["invalid", "valid"]), initial: "invalid", help: "How missing values count."),
      ParameterInfo(
        "policy", "Rows that are not valid", .choice(["drop", "flag", "error"]), initial: "drop",
        help: "drop: leave them out. flag: add a column that says which are valid. error: the fit stops."),
      ParameterInfo(
        "name", "Name", .name, isOptional: true, when: .init("policy", "flag"),
        help: "The new column; by default column_valid."),
    ])

  public static func learns(_ parameters: Parameters) -> Bool { parameters.text("policy") == "error" }

  public static func summary(_ parameters: Parameters) -> String {
    "\(parameters.text("column") ?? ""): \(parameters.text("policy") ?? "drop")"
  }

  public static func fault(_ parameters: Parameters) -> String? {
    Moment.fault(parameters, "earliest") ?? Moment.fault(parameters, "latest")
  }

  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    let (column, isValid) = try validity(call)
    let number = call.freshName("row")
    let table = try reader.query(
      """
      SELECT count(*), min(\(number)), arg_min(CAST(\(SQL.identifier(column.name)) AS VARCHAR), \(number))
      FROM (\(call.numbered(number))) WHERE NOT \(isValid)
      """, note: "checking \(column.name)")
    let count = Int(table.value(0, 0).number ?? 0)
    guard count > 0 else { return ["invalid": 0] }
    let row = Int(table.value(0, 1).number ?? 0)
    let text = table.value(0, 2).text.map { "\"\($0.prefix(60))\"" } ?? "missing"
    throw call.invalid(
      "\"\(column.name)\" has \(count.grouped) \(count == 1 ? "row" : "rows") without a valid time, the first is row \(row) "
        + "(\(text)): drop or flag them")
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let (column, isValid) = try validity(call)
    switch call.parameters.text("policy") ?? "drop" {
    case "flag":
      let name = call.name("name", of: call.parameters, initial: column.name + "_valid")
      return try call.adding([.init(name, isValid, type: "BOOLEAN")])
    case "drop": return TransformStage("SELECT * FROM \(call.table) WHERE \(isValid)", call.schema)
    default: return TransformStage("SELECT * FROM \(call.table)", call.schema)
    }
  }

  /// A condition that is true or false, never missing.
  private static func validity(_ call: TransformCall) throws -> (Column, String) {
    let column = try call.column(parameter: "column")
    let name = SQL.identifier(column.name)
    let moment: String
    switch column.kind {
    case .date, .timestamp: moment = "CAST(\(name) AS TIMESTAMP)"
    case .text:
      moment =
        call.parameters.text("format").map { "try_strptime(CAST(\(name) AS VARCHAR), \(SQL.text($0)))" }
        ?? "TRY_CAST(CAST(\(name) AS VARCHAR) AS TIMESTAMP)"
    default: throw call.invalid("column \"\(column.name)\": holds \(column.kind.noun), not dates or times")
    }
    var conditions = ["isfinite(\(moment))"]
    if let earliest = Moment.sql(call.parameters, "earliest") { conditions.append("\(moment) >= \(earliest)") }
    if let latest = Moment.sql(call.parameters, "latest") { conditions.append("\(moment) <= \(latest)") }
    let valid = "coalesce(\(conditions.joined(separator: " AND ")), FALSE)"
    let missing = call.parameters.text("missing") == "valid" ? "\(name) IS NULL OR " : ""
    return (column, "(\(missing)\(valid))")
  }
}
