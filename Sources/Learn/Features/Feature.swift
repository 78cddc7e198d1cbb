// How the columns of a table become features: one encoding for each column.

/// A feature, and the column that it is made from.
public struct Feature: Codable, Hashable, Sendable {
  /// The column's name, with a part of it after a dot: `age`, `signup.year`, `review.word_count`.
  public let name: String
  /// The name of the column.
  public let column: String
  /// True where values are codes without an order.
  public let isCategorical: Bool
}

/// A part of a date or time that a forest can split on.
public enum CalendarPart: String, Codable, Sendable, CaseIterable {
  case year, month, day
  /// 0 for Monday to 6 for Sunday.
  case weekday
  /// Days since 1970-01-01, with decimals for the time of day.
  case ordinal
  /// Hour of the day with decimals, 0 ..< 24.
  case hour
}

/// A figure about the characters of a text.
public enum TextStatistic: String, Codable, Sendable, CaseIterable {
  case wordCount = "word_count"
  case charCount = "char_count"
  case capitalRatio = "capital_ratio"
  case lowerRatio = "lower_ratio"
  case digitRatio = "digit_ratio"
  case specialRatio = "special_ratio"
}

/// What was learnt about a column, and how its cells become numbers.
public enum ColumnEncoding: Codable, Hashable, Sendable {
  /// The number itself; a missing cell is NaN. Booleans are 0 and 1.
  case number
  /// The position of the cell among `levels`. Others become `levels.count` when `hasRest`, otherwise they count as missing.
  case category(levels: [String], hasRest: Bool)
  /// Parts of a date, timestamp or time of day.
  case calendar([CalendarPart])
  /// Figures about the characters of a text.
  case text([TextStatistic])

  /// How many features the column becomes.
  var width: Int {
    switch self {
    case .number, .category: 1
    case .calendar(let parts): parts.count
    case .text(let statistics): statistics.count
    }
  }
}
