// Cells to numbers, column by column.

import Frame

extension TypedColumn {
  /// Appends the features of some rows, feature after feature; NaN where a cell is missing or of the wrong kind.
  func append(_ encoding: ColumnEncoding, of rows: [Int], to values: inout [Double]) {
    switch encoding {
    case .number: appendNumbers(of: rows, to: &values)
    case .category(let levels, let hasRest): appendCodes(levels, hasRest: hasRest, of: rows, to: &values)
    case .calendar(let parts):
      let moments = rows.map { moment($0) }
      for part in parts { values.append(contentsOf: moments.map { $0?.part(part) ?? .nan }) }
    case .text(let statistics):
      let counts = rows.map { row in isValid(row) ? plainText(row).map(CharacterCounts.init) : nil }
      for statistic in statistics { values.append(contentsOf: counts.map { $0?.figure(statistic) ?? .nan }) }
    }
  }

  private func appendNumbers(of rows: [Int], to values: inout [Double]) {
    switch data {
    case .integers(let cells): for row in rows { values.append(isValid(row) ? Double(cells[row]) : .nan) }
    case .reals(let cells): for row in rows { values.append(isValid(row) ? cells[row] : .nan) }
    case .booleans(let cells): for row in rows { values.append(isValid(row) ? (cells[row] ? 1 : 0) : .nan) }
    case .texts, .dates, .timestamps, .times, .others:
      values.append(contentsOf: repeatElement(.nan, count: rows.count))
    }
  }

  private func appendCodes(_ levels: [String], hasRest: Bool, of rows: [Int], to values: inout [Double]) {
    let codes = Dictionary(levels.enumerated().map { ($1, Double($0)) }, uniquingKeysWith: { first, _ in first })
    let rest = hasRest ? Double(levels.count) : .nan
    guard case .texts(let cells) = data else {
      for row in rows { values.append(text(row).map { codes[$0] ?? rest } ?? .nan) }
      return
    }
    for row in rows { values.append(isValid(row) ? codes[cells[row]] ?? rest : .nan) }
  }

  private func plainText(_ row: Int) -> String? {
    if case .texts(let cells) = data { return cells[row] }
    return text(row)
  }

  /// The cell as a moment, nil where it is missing or no time.
  func moment(_ row: Int) -> Moment? {
    guard isValid(row) else { return nil }
    return switch data {
    case .dates(let days) where abs(Int(days[row])) < Int(Int32.max):
      Moment(day: Int(days[row]), secondOfDay: 0)
    case .timestamps(let micros) where micros[row].magnitude < UInt64(Int64.max): Moment(micros: micros[row])
    case .times(let micros): Moment(micros: micros[row])
    case .dates, .timestamps, .integers, .reals, .booleans, .texts, .others: nil
    }
  }
}

/// A day and a time on it, without a time zone.
struct Moment {
  /// Days since 1970-01-01.
  let day: Int
  let secondOfDay: Double

  init(day: Int, secondOfDay: Double) {
    self.day = day
    self.secondOfDay = secondOfDay
  }

  /// Microseconds since 1970-01-01 00:00:00.
  init(micros: Int64) {
    let perDay: Int64 = 86_400_000_000
    let rest = ((micros % perDay) + perDay) % perDay
    day = Int((micros - rest) / perDay)
    secondOfDay = Double(rest) / 1e6
  }

  func part(_ part: CalendarPart) -> Double {
    switch part {
    case .year: Double(CalendarText.civil(days: day).year)
    case .month: Double(CalendarText.civil(days: day).month)
    case .day: Double(CalendarText.civil(days: day).day)
    // 1970-01-01 was a Thursday.
    case .weekday: Double(((day + 3) % 7 + 7) % 7)
    case .ordinal: Double(day) + secondOfDay / 86_400
    case .hour: secondOfDay / 3600
    }
  }
}
