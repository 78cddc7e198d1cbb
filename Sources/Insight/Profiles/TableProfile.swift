// What a profile says: one entry a column. The JSON form is that of `assay profile --json`.

import Frame

/// The profile of a table.
public struct TableProfile: Codable, Sendable, Equatable {
  public var rows: Int
  public var columns: [ColumnProfile]

  public init(rows: Int, columns: [ColumnProfile]) {
    self.rows = rows
    self.columns = columns
  }

  /// The entry of a column.
  public subscript(name: String) -> ColumnProfile? { columns.first { $0.name == name } }
}

/// The profile of one column.
public struct ColumnProfile: Sendable, Equatable {
  /// A value and how many rows have it.
  public struct Frequency: Sendable, Equatable {
    public var value: Value
    public var count: Int

    public init(value: Value, count: Int) {
      self.value = value
      self.count = count
    }
  }

  /// The figures that can be approximate.
  public enum Figure: String, Codable, Sendable, CaseIterable {
    case distinct, quantiles, top
  }

  public var name: String
  public var kind: ColumnKind
  /// The type in DuckDB's words.
  public var type: String
  /// Rows without a value.
  public var missing: Int
  /// How many different values there are, missing ones and not-a-numbers aside.
  public var distinct: Int
  /// Smallest and largest value; not-a-numbers and infinities do not count. Dates and times as text; text cut at 200 characters.
  public var min: Value?
  public var max: Value?
  /// Of numbers, and of booleans as 0 and 1; not-a-numbers and infinities do not count.
  public var mean: Double?
  /// Of the sample (divided by n - 1).
  public var stddev: Double?
  /// By probability: `0.05`, `0.25`, `0.5`, `0.75`, `0.95`. Of numbers interpolated linearly, of dates and times a value that occurs.
  public var quantiles: [String: Value]
  /// The most frequent values, most frequent first; empty for a column of mostly different values in a large table.
  public var top: [Frequency]
  /// Cells that are not a number (NaN).
  public var notANumber: Int
  /// Infinite cells of either sign.
  public var infinite: Int
  /// The figures that are estimates; all others are exact.
  public var approximate: [Figure]

  public init(
    name: String, kind: ColumnKind, type: String, missing: Int = 0, distinct: Int = 0, min: Value? = nil,
    max: Value? = nil, mean: Double? = nil, stddev: Double? = nil, quantiles: [String: Value] = [:],
    top: [Frequency] = [], notANumber: Int = 0, infinite: Int = 0, approximate: [Figure] = []
  ) {
    (self.name, self.kind, self.type, self.missing, self.distinct) = (name, kind, type, missing, distinct)
    (self.min, self.max, self.mean, self.stddev) = (min, max, mean, stddev)
    (self.quantiles, self.top, self.notANumber, self.infinite) = (quantiles, top, notANumber, infinite)
    self.approximate = approximate
  }

  /// The probabilities of `quantiles`, with the keys that they have there.
  public static let probabilities: [(key: String, value: Double)] = [
    ("0.05", 0.05), ("0.25", 0.25), ("0.5", 0.5), ("0.75", 0.75), ("0.95", 0.95),
  ]
}
