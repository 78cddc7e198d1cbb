/// Writes dates and times as ISO 8601 text. Not a calendar library: one calendar (proleptic Gregorian), no time zones.
///
/// Days to year, month and day: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013),
/// https://howardhinnant.github.io/date_algorithms.html.
public enum CalendarText {
  /// `2026-11-22`; `infinity` and `-infinity` for DuckDB's infinite dates; years before 1 with `(BC)`.
  public static func date(days: Int32) -> String {
    if days == .max { return "infinity" }
    if days == -.max { return "-infinity" }
    let (year, month, day) = civil(days: Int(days))
    return year > 0
      ? "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
      : "\(padded(1 - year, 4))-\(padded(month, 2))-\(padded(day, 2)) (BC)"
  }

  /// `2026-11-22 18:30:00`, with as many decimals of the second as are not zero.
  public static func timestamp(micros: Int64) -> String {
    if micros == .max { return "infinity" }
    if micros == -.max { return "-infinity" }
    let perDay: Int64 = 86_400_000_000
    let day = micros >= 0 ? micros / perDay : -((-(micros + 1)) / perDay) - 1
    return date(days: Int32(clamping: day)) + " " + time(micros: micros - day * perDay)
  }

  /// `18:30:00`, with as many decimals of the second as are not zero.
  public static func time(micros: Int64) -> String {
    let seconds = Int(micros / 1_000_000)
    let text = "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
    let fraction = Int(micros % 1_000_000)
    guard fraction != 0 else { return text }
    var digits = padded(fraction, 6)
    while digits.hasSuffix("0") { digits.removeLast() }
    return text + "." + digits
  }

  /// Year, month (1...12) and day (1...31) of a day counted from 1970-01-01.
  public static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }

  static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

/// Writes numbers the way DuckDB casts them to text, so that a cell reads the same wherever it was made.
enum NumberText {
  /// The shortest text that reads back as the same number: `0.1`, `3.0`, `1e+20`, `nan`, `inf`.
  static func real(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    return "\(value)"
  }
}
