// Calendar arithmetic on seconds since 1970-01-01T00:00Z, proleptic Gregorian, no time zones. Days to dates by counting
// 400-year eras from 1 March (E. G. Richards' scheme, as in H. Hinnant's note on calendar algorithms).

import Foundation

/// A moment split into calendar fields.
struct CalendarMoment: Equatable {
  var year, month, day, hour, minute: Int
  var second: Double

  /// Nil outside the years -9999...9999.
  init?(seconds: Double) {
    guard seconds.isFinite, abs(seconds) < 3.7e11 else { return nil }
    let days = (seconds / 86_400).rounded(.down)
    var rest = seconds - days * 86_400
    (year, month, day) = CalendarMoment.date(days: Int(days))
    hour = min(23, Int(rest / 3600))
    rest -= Double(hour) * 3600
    minute = min(59, Int(rest / 60))
    second = max(0, rest - Double(minute) * 60)
    if abs(year) > 9999 { return nil }
  }

  /// Days since 1970-01-01; a month outside 1...12 carries into the year.
  static func days(year: Int, month: Int, day: Int) -> Int {
    let carried = month - 1
    let wholeYears = Int((Double(carried) / 12).rounded(.down))
    let m = carried - wholeYears * 12 + 1
    let y = year + wholeYears - (m <= 2 ? 1 : 0)
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  static func date(days: Int) -> (year: Int, month: Int, day: Int) {
    let z = days + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  private static func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }

  var yearText: String {
    let digits = String(abs(year))
    return (year < 0 ? "-" : "") + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }
  var monthText: String { yearText + "-" + CalendarMoment.two(month) }
  var dayText: String { monthText + "-" + CalendarMoment.two(day) }
  var shortDayText: String { CalendarMoment.two(month) + "-" + CalendarMoment.two(day) }
  var minuteText: String { CalendarMoment.two(hour) + ":" + CalendarMoment.two(minute) }
  var secondText: String { minuteText + ":" + CalendarMoment.two(Int(second)) }
}

extension Numbers {
  /// A moment: the date alone at midnight, otherwise with the time as fine as it is.
  public static func moment(_ seconds: Double) -> String {
    guard let moment = CalendarMoment(seconds: seconds) else { return short(seconds) + " s" }
    if moment.hour == 0 && moment.minute == 0 && moment.second < 0.001 { return moment.dayText }
    return moment.dayText + " " + (moment.second < 0.5 ? moment.minuteText : moment.secondText)
  }

  /// A length of time in its largest fitting unit: `7 d`, `1.5 h`, `20 ms`.
  public static func duration(_ seconds: Double) -> String {
    let size = abs(seconds)
    for (unit, name) in [(365.25 * 86_400, "y"), (86_400, "d"), (3600, "h"), (60, "min"), (1, "s")]
    where size >= unit * 0.9995 {
      return short(seconds / unit, digits: 3) + " " + name
    }
    return short(seconds * 1000, digits: 3) + " ms"
  }
}
