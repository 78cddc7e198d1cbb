// What the quality report says of one column.

import Frame

/// The statistics of one column, all exact.
public struct FeatureStatistics: Codable, Sendable, Equatable {
  public enum Kind: String, Codable, CodingKeyRepresentable, Sendable, CaseIterable {
    case numeric, categorical, binary, text, datetime
    /// Nested values and the like.
    case other
  }

  /// A value and the rows that have it.
  public struct Label: Codable, Sendable, Equatable {
    public var value: String
    public var count: Int
  }

  public var column: String
  /// The type in DuckDB's words.
  public var type: String
  public var kind: Kind
  public var rows: Int
  /// Null cells; texts that are empty, or white space alone; cells that are not a number (NaN).
  public var missing, empty, whitespace, notANumber: Int
  /// Cells that are infinite.
  public var infinite: Int
  /// Texts of a column of numbers, dates or times that are none.
  public var unreadable: Int
  /// Different values, absent and unreadable ones aside.
  public var cardinality: Int
  /// The most frequent values, up to a hundred, the most frequent first; the smaller first of those as frequent.
  public var labels: [Label]
  /// Of numbers; of dates and times in seconds since 1970-01-01, or since midnight.
  public var figures: DistributionFigures?
  /// The first and the last of dates and times, as text.
  public var earliest, latest: String?
  /// How well this column alone foretells the target, 0 to 1; nil where no model was trained.
  public var predictionPower: Double?

  /// Cells without a value.
  public var absent: Int { missing + empty + whitespace + notANumber }
  /// Cells without a value of the column's kind.
  public var invalid: Int { absent + infinite + unreadable }
  /// Cells with a value of the column's kind.
  public var valid: Int { rows - invalid }
  /// Of numbers, by the report's rule; 0 of all else.
  public var outliers: Int { kind == .numeric ? figures?.outliers ?? 0 : 0 }
}
