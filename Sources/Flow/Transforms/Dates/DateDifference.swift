import Frame

/// The time from one date to another, in a unit.
public enum DateDifference: Transform {
  /// Seconds of the units that always last as long.
  private static let seconds: [String: Double] = [
    "second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800,
  ]

  public static let info = OperationInfo(
    "date-difference", .dates, "Time between dates", help: "A new column with the time from one date to another.",
    parameters: [
      ParameterInfo(
        "from", "From", .column, fit: .temporal, help: "The earlier date; the result is negative where it is later."),
      ParameterInfo(
        "to", "To", .column, fit: .temporal, isOptional: true, help: "The later date; the fixed date when empty."),
      ParameterInfo(
        "date", "Fixed date", .text, isOptional: true,
        help: "A date or time stamp in place of the later column, such as 2024-12-31 or 2024-12-31 08:00:00."),
      ParameterInfo(
        "unit", "Unit", .choice(["second", "minute", "hour", "day", "week", "month", "year"]), initial: "day",
        help: "Months and years are counted in full, the others with decimals."),
      ParameterInfo(
        "name", "Name", .name, isOptional: true, help: "The new column; from_unit when empty, such as born_day."),
    ])

  public static func summary(_ parameters: Parameters) -> String {
    "\(parameters.text("from") ?? "") to \(parameters.text("to") ?? parameters.text("date") ?? "")"
  }

  public static func fault(_ parameters: Parameters) -> String? {
    switch (parameters.text("to"), parameters.text("date")) {
    case (nil, nil): return "To: choose a column, or write a fixed date"
    case (.some, .some): return "choose a column or write a fixed date, not both"
    case (nil, .some(let date)):
      return CalendarLiteral.micros(date.trimmed) != nil
        ? nil : "Fixed date: \"\(date)\" is no date: write such as 2024-12-31"
    case (.some, nil): return nil
    }
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let unit = call.parameters.text("unit") ?? "day"
    let from = try call.column(parameter: "from", .temporal)
    let fixed = call.parameters.text("date").flatMap { CalendarLiteral.micros($0.trimmed) } ?? 0
    var end = SQL.literal(.timestamp(fixed))
    var endKind = ColumnKind.timestamp
    if call.parameters.text("to") != nil {
      let to = try call.column(parameter: "to", .temporal)
      (end, endKind) = (instant(to), to.kind)
    }
    if (from.kind == .time) != (endKind == .time) {
      throw call.invalid("\"\(from.name)\" and the other end must both be dates or both be times of day")
    }
    if from.kind == .time, unit == "month" || unit == "year" {
      throw call.invalid("\"\(from.name)\" holds times of day: choose a unit up to the week")
    }
    let start = instant(from)
    // Subtracting first keeps microseconds that the number of seconds since 1970 would round away.
    let sql =
      seconds[unit].map { "epoch_us(\(end) - \(start)) / 1000000.0::DOUBLE / \($0)::DOUBLE" }
      ?? "CAST(date_sub('\(unit)', \(start), \(end)) AS DOUBLE)"
    return try call.adding([.init(call.parameters.text("name") ?? "\(from.name)_\(unit)", sql, type: "DOUBLE")])
  }

  private static func instant(_ column: Column) -> String {
    let name = SQL.identifier(column.name)
    return column.kind == .time ? "(DATE '1970-01-01' + CAST(\(name) AS TIME))" : "CAST(\(name) AS TIMESTAMP)"
  }
}
