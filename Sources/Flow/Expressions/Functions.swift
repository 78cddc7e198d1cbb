// The functions that expressions may call: nothing else reaches the database.

import Frame

/// A function of the expression language.
public struct FunctionInfo: Sendable, Identifiable {
  /// What an argument may be.
  enum Accepts: Sendable { case number, text, truth, calendar, any, word([String]) }

  /// What the call yields.
  enum Yields: Sendable {
    case kind(ColumnKind)
    /// The common type of the arguments from this one on.
    case common(from: Int)
    /// Integer for an integer argument, real for a real one.
    case number
  }

  public let name: String
  /// How the call is written, such as `round(x, digits)`.
  public let signature: String
  /// One line.
  public let help: String
  let accepts: [Accepts]
  let required: Int
  /// The last argument may be repeated.
  let isVariadic: Bool
  let yields: Yields
  let canFail: Bool
  let sql: @Sendable ([String]) -> String

  public var id: String { name }

  init(
    _ signature: String, _ accepts: [Accepts], _ yields: Yields, required: Int? = nil, variadic: Bool = false,
    canFail: Bool = false, help: String, sql: (@Sendable ([String]) -> String)? = nil
  ) {
    let name = String(signature.prefix { $0 != "(" })
    self.name = name
    self.signature = signature
    self.help = help
    self.accepts = accepts
    self.required = required ?? accepts.count
    isVariadic = variadic
    self.yields = yields
    self.canFail = canFail
    self.sql = sql ?? { "\(name)(\($0.joined(separator: ", ")))" }
  }

  /// How many arguments a call may have.
  var arity: ClosedRange<Int> { required...(isVariadic ? Int.max : accepts.count) }

  func accepts(at index: Int) -> Accepts { accepts[min(index, accepts.count - 1)] }
}

/// The functions by name.
public enum Functions {
  /// All functions, in the order of the help.
  public static let all: [FunctionInfo] = numbers + texts + calendar + choices + conversions

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  static func named(_ name: String) -> FunctionInfo? { byName[name] }

  private static let numbers: [FunctionInfo] = [
    FunctionInfo("abs(x)", [.number], .number, canFail: true, help: "The size of a number without its sign."),
    FunctionInfo(
      "round(x, digits)", [.number, .number], .number, required: 1,
      help: "Rounds half away from zero to a number of decimals, 0 unless given.",
      sql: { $0.count == 1 ? "round(\($0[0]))" : "round(\($0[0]), CAST(\($0[1]) AS INTEGER))" }),
    FunctionInfo("floor(x)", [.number], .number, help: "The next whole number below."),
    FunctionInfo("ceil(x)", [.number], .number, help: "The next whole number above."),
    FunctionInfo("sign(x)", [.number], .kind(.integer), help: "-1, 0 or 1."),
    FunctionInfo("ln(x)", [.number], .kind(.real), canFail: true, help: "Natural logarithm; missing for 0 and below."),
    FunctionInfo(
      "log10(x)", [.number], .kind(.real), canFail: true, help: "Logarithm to base 10; missing for 0 and below."),
    FunctionInfo("exp(x)", [.number], .kind(.real), canFail: true, help: "e to the power x."),
    FunctionInfo("sqrt(x)", [.number], .kind(.real), canFail: true, help: "Square root; missing below 0."),
    FunctionInfo("power(x, y)", [.number, .number], .kind(.real), canFail: true, help: "x to the power y."),
  ]

  private static let texts: [FunctionInfo] = [
    FunctionInfo("length(t)", [.text], .kind(.integer), help: "Number of characters."),
    FunctionInfo("lower(t)", [.text], .kind(.text), help: "In lower case."),
    FunctionInfo("upper(t)", [.text], .kind(.text), help: "In upper case."),
    FunctionInfo("trim(t)", [.text], .kind(.text), help: "Without blanks at both ends."),
    FunctionInfo(
      "substr(t, start, count)", [.text, .number, .number], .kind(.text), required: 2, canFail: true,
      help: "The characters from start (1 is the first), count of them or to the end.",
      sql: { "substr(\($0[0]), \($0.dropFirst().map { "CAST(\($0) AS BIGINT)" }.joined(separator: ", ")))" }),
    FunctionInfo("replace(t, old, new)", [.text, .text, .text], .kind(.text), help: "With every old replaced by new."),
    FunctionInfo(
      "concat(a, b, ...)", [.any], .kind(.text), variadic: true, help: "Joined; missing parts are left out."),
    FunctionInfo("contains(t, part)", [.text, .text], .kind(.boolean), help: "Whether the part occurs."),
    FunctionInfo(
      "starts_with(t, part)", [.text, .text], .kind(.boolean), help: "Whether the text starts with the part."),
    FunctionInfo("ends_with(t, part)", [.text, .text], .kind(.boolean), help: "Whether the text ends with the part."),
    FunctionInfo(
      "regexp_matches(t, pattern)", [.text, .text], .kind(.boolean),
      help: "Whether a regular expression (RE2) is found."),
    FunctionInfo(
      "matches(x, pattern)", [.any, .text], .kind(.boolean),
      help: "Whether a regular expression is found in the value as it is shown; without capitals it ignores case.",
      sql: { "regexp_matches(CAST(\($0[0]) AS VARCHAR), \(SmartCase.sql($0[1])))" }),
  ]

  private static let parts = ["year", "quarter", "month", "week", "day", "hour", "minute", "second"]

  private static let calendar: [FunctionInfo] = [
    FunctionInfo("year(d)", [.calendar], .kind(.integer), help: "The year."),
    FunctionInfo("month(d)", [.calendar], .kind(.integer), help: "The month, 1 to 12."),
    FunctionInfo("day(d)", [.calendar], .kind(.integer), help: "The day of the month."),
    FunctionInfo("dayofweek(d)", [.calendar], .kind(.integer), help: "0 for Sunday to 6 for Saturday."),
    FunctionInfo("hour(d)", [.calendar], .kind(.integer), help: "The hour, 0 to 23."),
    FunctionInfo("minute(d)", [.calendar], .kind(.integer), help: "The minute, 0 to 59."),
    FunctionInfo(
      "date_diff(part, from, to)", [.word(parts), .calendar, .calendar], .kind(.integer), canFail: true,
      help: "How many borders of part ('day', 'month', 'year', ...) lie between two dates."),
  ]

  private static let choices: [FunctionInfo] = [
    FunctionInfo(
      "if(condition, then, else)", [.truth, .any, .any], .common(from: 1), help: "One of two values.",
      sql: { "CASE WHEN \($0[0]) THEN \($0[1]) ELSE \($0[2]) END" }),
    FunctionInfo(
      "coalesce(a, b, ...)", [.any], .common(from: 0), variadic: true, help: "The first value that is not missing."),
    FunctionInfo("nullif(a, b)", [.any, .any], .common(from: 0), help: "Missing where a equals b, else a."),
    FunctionInfo("least(a, b, ...)", [.any], .common(from: 0), variadic: true, help: "The smallest value present."),
    FunctionInfo("greatest(a, b, ...)", [.any], .common(from: 0), variadic: true, help: "The largest value present."),
  ]

  private static let conversions: [FunctionInfo] = [
    conversion("int", .integer, "As a whole number, rounded; missing where it is none."),
    conversion("float", .real, "As a number; missing where it is none."),
    conversion("text", .text, "As text."),
    FunctionInfo(
      "currency(x)", [.any], .kind(.real),
      help: "An amount such as $1,234.50, 1.234,50 € or (12.00) as a number; missing where it is none.",
      sql: { Currency.sql("CAST(\($0[0]) AS VARCHAR)") }),
    conversion("bool", .boolean, "As true or false; missing where it is neither."),
    conversion("date", .date, "As a date; text is read as 2024-12-31."),
    conversion("timestamp", .timestamp, "As a time stamp; text is read as 2024-12-31 23:59:00."),
  ]

  private static func conversion(_ name: String, _ kind: ColumnKind, _ help: String) -> FunctionInfo {
    FunctionInfo("\(name)(x)", [.any], .kind(kind), help: help, sql: { "TRY_CAST(\($0[0]) AS \(kind.typeName))" })
  }
}
