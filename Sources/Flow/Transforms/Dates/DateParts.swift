import Frame

/// Parts of dates and times as numbers: as they are, or on a circle so that December is near January.
///
/// Weeks are those of ISO 8601, as are the days of the week (Monday 1 to Sunday 7). On a circle of period p, a part v that
/// starts at f becomes sin and cos of 2π (v − f) / p, with a period of 12 months, 31 days, 24 hours, 60 minutes, 60
/// seconds, 53 weeks, 366 days of the year, 4 quarters and 7 days of the week.
public enum DateParts: Transform {
  private struct Part {
    let name: String
    let sql: String
    /// First value and period of a part that repeats.
    let circle: (first: Int, period: Int)?
    /// Whether times of day have it, and dates without a time.
    let ofTimes: Bool

    init(_ name: String, _ sql: String, _ circle: (Int, Int)? = nil, ofTimes: Bool = false) {
      (self.name, self.sql, self.ofTimes) = (name, sql, ofTimes)
      self.circle = circle.map { (first: $0.0, period: $0.1) }
    }
  }

  private static let parts = [
    Part("year", "year"), Part("quarter", "quarter", (1, 4)), Part("month", "month", (1, 12)),
    Part("week_of_year", "week", (1, 53)), Part("day", "day", (1, 31)), Part("day_of_year", "dayofyear", (1, 366)),
    Part("day_of_week", "isodow", (1, 7)), Part("hour", "hour", (0, 24), ofTimes: true),
    Part("minute", "minute", (0, 60), ofTimes: true), Part("second", "second", (0, 60), ofTimes: true),
    Part("is_weekend", ""), Part("ordinal", ""),
  ]
  private static let usual = ["year", "month", "day", "day_of_week"]
  private static let names = parts.map(\.name)

  public static let info = OperationInfo(
    "date-parts", .dates, "Date parts", help: "New columns with the year, month, weekday, hour and so on of dates.",
    parameters: [
      ParameterInfo("columns", "Columns", .columns, fit: .temporal, help: "Dates, time stamps or times of day."),
      ParameterInfo(
        "parts", "Parts", .texts, isOptional: true,
        help:
          "Of year, quarter, month, week_of_year, day, day_of_year, day_of_week, hour, minute, second, is_weekend, "
          + "ordinal (days since the year 1); year, month, day and day_of_week when empty."),
      ParameterInfo(
        "embedding", "Embedding", .choice(["ordinal", "cyclic"]), initial: "ordinal",
        help:
          "ordinal: one number for each part, for trees. cyclic: sine and cosine for each part that comes again, for "
          + "linear models and nets."),
      ParameterInfo(
        "output", "Output", .choice(["columns", "list"]), initial: "columns",
        help: "columns: one for each number. list: one column of lists, for each date all numbers."),
      ParameterInfo(
        "prefix", "Prefix", .text, isOptional: true,
        help: "Stands before the names of the parts; the column's name and _ when empty."),
      ParameterInfo("drop", "Drop the dates", .toggle, initial: "false", help: "Leaves the columns of dates out."),
    ])

  public static func summary(_ parameters: Parameters) -> String {
    let chosen = parameters.texts("parts")
    return "\(parameters.texts("columns").joined(separator: ", ")): "
      + (chosen.isEmpty ? usual : chosen).joined(separator: ", ")
  }

  public static func fault(_ parameters: Parameters) -> String? {
    let chosen = parameters.texts("parts")
    if let part = chosen.first(where: { !names.contains($0) }) {
      return "Parts: there is no \"\(part)\"" + Nearest.hint(part, among: names)
    }
    if Set(chosen).count < chosen.count { return "Parts: one is named twice" }
    return nil
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let parameters = call.parameters
    let columns = try call.columns(.temporal)
    let chosen = parameters.texts("parts")
    let wanted = parts.filter { (chosen.isEmpty ? usual : chosen).contains($0.name) }
    let isCyclic = parameters.text("embedding") == "cyclic"
    let dropped = parameters.flag("drop") ? columns.map(\.name) : []
    var items: [TransformCall.Item] = []
    for column in columns {
      if column.kind == .time, let part = wanted.first(where: { !$0.ofTimes }) {
        throw call.invalid("\"\(column.name)\" holds times of day, which have no \(part.name)")
      }
      let prefix = parameters.text("prefix") ?? column.name + "_"
      let made = wanted.flatMap { numbers($0, column, prefix, isCyclic) }
      if parameters.text("output") == "list" {
        let list = made.map { "CAST(\($0.sql) AS DOUBLE)" }.joined(separator: ", ")
        let name = SQL.identifier(column.name)
        let sql = "CASE WHEN \(name) IS NOT NULL THEN [\(list)] END"
        items.append(.init(prefix + "parts", sql, type: "DOUBLE[]"))
      } else {
        items += made
      }
    }
    return try call.adding(items, dropping: dropped)
  }

  private static func numbers(
    _ part: Part, _ column: Column, _ prefix: String, _ isCyclic: Bool
  ) -> [TransformCall.Item] {
    let name = SQL.identifier(column.name)
    let date = column.type == "TIMESTAMP WITH TIME ZONE" ? "CAST(\(name) AS TIMESTAMP)" : name
    switch part.name {
    case "is_weekend": return [.init(prefix + part.name, "isodow(\(date)) >= 6", type: "BOOLEAN")]
    // The first day of the year 1 is day 1, as in Python's date.toordinal.
    case "ordinal":
      return [
        .init(prefix + part.name, "date_diff('day', DATE '0001-01-01', CAST(\(date) AS DATE)) + 1", type: "BIGINT")
      ]
    default: break
    }
    let value = "\(part.sql)(\(date))"
    guard isCyclic, let circle = part.circle else { return [.init(prefix + part.name, value, type: "BIGINT")] }
    return ["sin", "cos"].map { function in
      .init(
        prefix + part.name + "_" + function, "\(function)(2 * pi() * (\(value) - \(circle.first)) / \(circle.period))",
        type: "DOUBLE")
    }
  }
}
