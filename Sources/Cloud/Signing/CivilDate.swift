// Days and dates of the Gregorian calendar, after H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2021).

import Foundation

/// Times as the services write them.
public enum CivilDate {
  /// Year, month and day of a number of days since 1970-01-01.
  static func of(days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let ofEra = shifted - era * 146_097
    let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let part = (5 * ofYear + 2) / 153
    let month = part < 10 ? part + 3 : part - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - (153 * part + 2) / 5 + 1)
  }

  static func days(year: Int, month: Int, day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + ofYear - 719_468
  }

  /// `2026-11-26T14:00:00.000Z`, with any fraction and any offset, which must be there: a time without a zone is no time.
  /// A day alone begins at midnight UTC.
  public static func instant(_ text: String) -> Date? {
    if let match = text.wholeMatch(of: /(\d{4})-(\d\d)-(\d\d)/) { return day(match.1, match.2, match.3, 0) }
    let pattern = /(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?\s*(Z|z|[+-]\d\d:?\d\d)/
    guard let match = text.wholeMatch(of: pattern), let hour = Int(match.4), let minute = Int(match.5) else {
      return nil
    }
    var seconds = Double(hour * 3600 + minute * 60) + (match.6.flatMap { Double($0) } ?? 0)
    seconds += match.7.flatMap { Double("0" + $0) } ?? 0
    if match.8.lowercased() != "z" {
      let digits = match.8.filter(\.isNumber)
      let offset = (Int(digits.prefix(2)) ?? 0) * 3600 + (Int(digits.suffix(2)) ?? 0) * 60
      seconds -= Double(match.8.first == "-" ? -offset : offset)
    }
    return day(match.1, match.2, match.3, seconds)
  }

  /// `Thu, 26 Nov 2026 14:00:00 GMT`, the header Date of HTTP.
  static func header(_ text: String) -> Date? {
    let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    guard let match = text.firstMatch(of: /(\d{1,2}) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d)/),
      let month = months.firstIndex(of: match.2.lowercased()), let hour = Int(match.4), let minute = Int(match.5),
      let second = Int(match.6)
    else { return nil }
    return day(match.3, Substring(String(month + 1)), match.1, Double(hour * 3600 + minute * 60 + second))
  }

  private static func day(_ year: Substring, _ month: Substring, _ day: Substring, _ seconds: Double) -> Date? {
    guard let year = Int(year), let month = Int(month), let day = Int(day), (1...12).contains(month),
      (1...31).contains(day)
    else { return nil }
    return Date(timeIntervalSince1970: Double(days(year: year, month: month, day: day)) * 86_400 + seconds)
  }

  /// `2026-11-26 14:00:00`, in UTC.
  public static func text(_ date: Date) -> String {
    let (day, stamp) = RequestSigner.stamps(date)
    let time = Array(stamp.dropFirst(9).dropLast())
    let digits = Array(day)
    guard digits.count == 8, time.count == 6 else { return stamp }
    return "\(String(digits[0..<4]))-\(String(digits[4..<6]))-\(String(digits[6..<8])) "
      + "\(String(time[0..<2])):\(String(time[2..<4])):\(String(time[4..<6]))"
  }
}
