import Frame

/// Reads texts as numbers, flags, dates or times, with the formats that the user gives.
///
/// What cannot be read is counted when the step is fitted. An empty text is missing, not a failure.
public enum ParseValues: Transform {
  public static let info = OperationInfo(
    "parse", .types, "Parse values", help: "Read texts as numbers, flags, dates or times in given formats.",
    parameters: [
      TextColumns.columns,
      ParameterInfo(
        "to", "Type", .choice(["integer", "real", "boolean", "date", "timestamp", "time"]), initial: "date",
        help: "What the texts are read as."),
      ParameterInfo(
        "formats", "Formats", .texts, isOptional: true, when: .init("to", "date", "timestamp", "time"),
        help: "Formats such as %d.%m.%Y or %H:%M, the first that fits counts; found in the data when empty."),
      ParameterInfo(
        "day_first", "Day first", .toggle, initial: "false", when: .init("to", "date", "timestamp"),
        help: "Takes 03/04/2024 as the third of April where a format is looked for and both would do."),
      ParameterInfo(
        "decimal", "Decimal mark", .choice(["point", "comma"]), initial: "point", when: .init("to", "integer", "real"),
        help: "Which mark stands before decimals; the other one, blanks and ' before every three digits are left out."),
      ParameterInfo(
        "failure", "Unreadable", .choice(["missing", "error"]), initial: "missing",
        help: "missing: becomes missing, and the step says how many did. error: the step fails and names one."),
      ParameterInfo(
        "flag", "Flag", .text, isOptional: true,
        help: "Adds a column that says which texts could not be read, its name with this at the end; none when empty."),
    ])

  public static func summary(_ parameters: Parameters) -> String {
    "\(parameters.texts("columns").joined(separator: ", ")) as \(parameters.text("to") ?? "date")"
  }

  public static func fault(_ parameters: Parameters) -> String? {
    let formats = parameters.texts("formats")
    if let format = formats.first(where: { !$0.contains("%") }) {
      return "Formats: \"\(format)\" has no field: write such as %d.%m.%Y"
    }
    if let format = formats.first(where: { $0.contains("%z") || $0.contains("%Z") }) {
      return "Formats: \"\(format)\" has a time zone, which cannot be kept: leave it out"
    }
    return nil
  }

  public static func learns(_ parameters: Parameters) -> Bool { true }

  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    let kind = kind(call.parameters)
    var learned: [String: Parameter] = [:]
    for column in try call.columns(.text) {
      var formats = call.parameters.texts("formats")
      if formats.isEmpty, kind == .date || kind == .timestamp {
        let found = try DateFormat.inferred(
          column, in: call.table, isDayFirst: call.parameters.flag("day_first"), reader)
        formats = found.map { [$0] } ?? []
      }
      let value = text(column)
      let failed = "\(value) IS NOT NULL AND \(parsed(value, kind, formats, call.parameters)) IS NULL"
      let table = try reader.query(
        "SELECT count(\(value)), count(*) FILTER (\(failed)), min(\(value)) FILTER (\(failed)) FROM \(call.table)",
        note: "reading \(column.name)")
      let (count, failures) = (table.value(0, 0).number ?? 0, table.value(0, 1).number ?? 0)
      if failures > 0, call.parameters.text("failure") == "error" {
        throw call.invalid(
          "\(Int(failures)) of \(Int(count)) texts of \"\(column.name)\" cannot be read as \(kind.rawValue), such as "
            + "\"\(table.text(0, 2)?.prefix(40) ?? "")\": change the format, or let them become missing")
      }
      learned[column.name] = [
        "formats": .list(formats.map(Parameter.text)), "texts": .number(count), "unreadable": .number(failures),
      ]
    }
    return Parameters(learned)
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let columns = try call.columns(.text)
    let learned = try call.fitted()
    let kind = kind(call.parameters)
    var items: [TransformCall.Item] = []
    var flags: [TransformCall.Item] = []
    for column in columns {
      let known = learned?[column.name]?.record.map { Parameters($0) }
      let value = text(column)
      let sql = parsed(value, kind, known?.texts("formats") ?? [], call.parameters)
      let failed = "\(value) IS NOT NULL AND \(sql) IS NULL"
      var made = sql
      if call.parameters.text("failure") == "error" {
        let start = SQL.text("\"\(column.name)\": cannot read \"")
        let end = SQL.text("\" as \(kind.rawValue)")
        made = "CASE WHEN \(failed) THEN error(\(start) || left(\(value), 40) || \(end)) ELSE \(sql) END"
      }
      items.append(.init(column, made, type: kind.typeName))
      if let ending = call.parameters.text("flag") {
        flags.append(.init(column.name + ending, "(\(failed))", type: "BOOLEAN"))
      }
    }
    guard !flags.isEmpty else { return call.replacing(items) }
    let flagged = try call.adding(flags)
    let read = call.replacing(items)
    let names = flags.map { SQL.identifier($0.name) }.joined(separator: ", ")
    let parts = items.map { "\($0.sql) AS \(SQL.identifier($0.name))" }.joined(separator: ", ")
    return TransformStage(
      "SELECT * EXCLUDE (\(names)) REPLACE (\(parts)), \(names) FROM (\(flagged.sql))",
      read.schema + flags.map { Column(name: $0.name, type: $0.type) })
  }

  private static func kind(_ parameters: Parameters) -> ColumnKind {
    ColumnKind(rawValue: parameters.text("to") ?? "date") ?? .date
  }

  /// Without blanks around it; missing where nothing is left.
  private static func text(_ column: Column) -> String {
    "nullif(trim(\(TextColumns.sql(column)), \(SQL.text(UnicodeClass.whiteSpace))), '')"
  }

  private static func parsed(
    _ value: String, _ kind: ColumnKind, _ formats: [String], _ parameters: Parameters
  ) -> String {
    switch kind {
    case .integer, .real:
      let digits = digits(value, isComma: parameters.text("decimal") == "comma")
      let number = "TRY_CAST(\(digits) AS DOUBLE)"
      // A number with decimals is no whole number: 1.5 cannot be read, 2.0 can.
      return kind == .real ? number : "CASE WHEN \(number) = trunc(\(number)) THEN TRY_CAST(\(digits) AS BIGINT) END"
    case .date, .timestamp, .time:
      guard !formats.isEmpty else { return "TRY_CAST(\(value) AS \(kind.typeName))" }
      let read = formats.map { DateFormat.read(value, $0) }.joined(separator: ", ")
      return "CAST(coalesce(\(read)) AS \(kind.typeName))"
    case .boolean, .text, .other: return "TRY_CAST(\(value) AS \(kind.typeName))"
    }
  }

  /// A numeral with a decimal point. Marks between digits go where they stand before every three of them, so that 1,5 is
  /// not read as 15.
  private static func digits(_ value: String, isComma: Bool) -> String {
    let marks = (isComma ? "." : ",") + "_ '\u{A0}\u{202F}"
    let shape = "^[+-]?\\d{1,3}(?:[\(marks)]\\d{3})+(?:[\(isComma ? "," : ".")eE]|$)"
    let isGrouped = "regexp_matches(\(value), \(SQL.text(shape)))"
    let bare = "CASE WHEN \(isGrouped) THEN translate(\(value), \(SQL.text(marks)), '') ELSE \(value) END"
    return isComma ? "replace(CASE WHEN \(isGrouped) OR NOT contains(\(value), '.') THEN \(bare) END, ',', '.')" : bare
  }
}
