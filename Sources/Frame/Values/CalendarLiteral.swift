// Reads dates and times as they are written in expressions: ISO 8601, proleptic Gregorian, no time zone.
// Days of a civil date: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013).

/// Dates and times as a person writes them.
public enum CalendarLiteral {
  /// Days since 1970-01-01 of `2024-12-31`; nil for anything else.
  public static func days(_ text: String) -> Int32? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].count == 4, let year = number(parts[0]), let month = number(parts[1]),
      let day = number(parts[2]), year > 0, (1...12).contains(month), day >= 1, day <= length(of: month, in: year)
    else { return nil }
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return Int32(era * 146_097 + dayOfEra - 719_468)
  }

  /// Microseconds since 1970-01-01 of `2024-12-31`, `2024-12-31 23:59` or `2024-12-31T23:59:30.5`; nil for anything else.
  public static func micros(_ text: String) -> Int64? {
    let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == " " || $0 == "T" }
    guard let first = parts.first, let days = days(String(first)) else { return nil }
    guard parts.count == 2 else { return Int64(days) * 86_400_000_000 }
    guard let time = timeOfDay(parts[1]) else { return nil }
    return Int64(days) * 86_400_000_000 + time
  }

  private static func timeOfDay(_ text: Substring) -> Int64? {
    let fields = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(fields.count), let hour = number(fields[0]), let minute = number(fields[1]), hour < 24,
      minute < 60
    else { return nil }
    let whole = Int64(hour * 3600 + minute * 60) * 1_000_000
    guard fields.count == 3 else { return whole }
    let second = fields[2].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let seconds = number(second[0]), seconds < 60 else { return nil }
    guard second.count == 2 else { return whole + Int64(seconds) * 1_000_000 }
    let digits = String(second[1].prefix(6))
    guard number(second[1]) != nil, let fraction = Int64(digits + String(repeating: "0", count: 6 - digits.count))
    else { return nil }
    return whole + Int64(seconds) * 1_000_000 + fraction
  }

  private static func number(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    return Int(text)
  }

  private static func length(of month: Int, in year: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
