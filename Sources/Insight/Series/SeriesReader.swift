// A column of values along a column of times, ready to be decomposed.

import Frame
import Jobs
import Plot

/// Why a series cannot be decomposed.
public enum SeriesError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The values do not fill two periods.
  case tooShort(values: Int, period: Int)
  /// No distance shows at which the values repeat.
  case noPeriod(column: String)

  public var description: String {
    switch self {
    case .tooShort(let values, let period):
      "a period of \(period) needs \(2 * period) values, and there are \(values): give a shorter period"
    case .noPeriod(let column):
      "no period shows in \"\(column)\": give one, as the number of values until the series repeats"
    }
  }
}

/// Values at rising times.
struct SeriesReader {
  /// [n]: seconds since 1970-01-01 or the number of the time column; and the values.
  var times: [Double] = []
  var values: [Double] = []
  var scale: ColumnInspection.NumberFigures.Scale = .number
  var rows = 0
  /// Rows without a time, and rows without a finite value.
  var withoutTime = 0
  var withoutValue = 0
  /// Rows joined with others of the same time, into their mean.
  var merged = 0
  /// Times without a value that lie on a straight line between their neighbours.
  var filled = 0
  /// The distance of neighbours where it is always the same.
  var step: Double?

  /// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
  init(
    time: Column, value: Column, _ relation: String, _ database: Database, _ context: any JobContext
  ) throws {
    let axis = try AxisColumn(time, advice: "choose a date, a time or a number")
    guard value.kind.isNumeric else {
      throw InsightError.notNumeric(column: value.name, kind: value.kind, advice: "choose a column of numbers")
    }
    switch time.kind {
    case .date: scale = .date
    case .timestamp: scale = .timestamp
    case .time: scale = .time
    case .integer: scale = .integer
    default: scale = .number
    }
    let number = "CAST(\(SQL.identifier(value.name)) AS DOUBLE)"
    let source = SQL.subquery(relation)
    let table = try database.query(
      """
      SELECT t, avg(v), count(v), count(*) FROM (SELECT CASE WHEN isfinite(t) THEN t END AS t, CASE WHEN isfinite(v) THEN v END AS v
      FROM (SELECT \(axis.sql) AS t, \(number) AS v FROM \(source))) GROUP BY t ORDER BY t NULLS FIRST
      """, context: context, note: "reading the series")
    for row in 0..<table.rowCount {
      let (present, all) = (table.value(row, 2).whole, table.value(row, 3).whole)
      rows += all
      guard let time = table.value(row, 0).number else {
        withoutTime += all
        continue
      }
      withoutValue += all - present
      guard let value = table.value(row, 1).number else { continue }
      merged += present - 1
      times.append(time)
      values.append(value)
    }
    fillGaps()
  }

  /// Where all distances are multiples of the smallest, values are put in between.
  private mutating func fillGaps() {
    guard times.count > 2 else { return }
    let distances = zip(times.dropFirst(), times).map { $0 - $1 }
    guard let least = distances.min(), least > 0 else { return }
    let steps = distances.map { ($0 / least).rounded() }
    let isRegular = zip(distances, steps).allSatisfy { abs($0 - $1 * least) <= 1e-6 * least * $1 }
    // More gaps than values are no regular series.
    guard isRegular, steps.reduce(0, +) <= Double(2 * times.count) else { return }
    step = least
    guard steps.contains(where: { $0 > 1 }) else { return }
    var (newTimes, newValues) = ([times[0]], [values[0]])
    for (index, count) in steps.enumerated() {
      let (from, to) = (values[index], values[index + 1])
      for place in 1..<max(1, Int(count)) {
        newTimes.append(times[index] + Double(place) * least)
        newValues.append(from + (to - from) * Double(place) / count)
        filled += 1
      }
      newTimes.append(times[index + 1])
      newValues.append(to)
    }
    (times, values) = (newTimes, newValues)
  }

  /// A time as text.
  static func text(_ time: Double, _ scale: ColumnInspection.NumberFigures.Scale) -> String {
    switch scale {
    case .date, .timestamp:
      let text = CalendarText.timestamp(micros: Int64((time * 1e6).rounded()))
      return scale == .date ? String(text.prefix { $0 != " " }) : text
    case .time: return CalendarText.time(micros: Int64((time * 1e6).rounded()))
    case .integer, .number: return Numbers.short(time, digits: 12)
    }
  }
}
