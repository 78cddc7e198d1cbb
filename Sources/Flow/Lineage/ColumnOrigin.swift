// Of which columns a step makes each of its own.

import Frame

/// Where the values of a column of a step's result come from.
public struct ColumnOrigin: Codable, Hashable, Sendable {
  /// A column of one of the steps that are read, by the place of that step among the inputs.
  public struct Reference: Codable, Hashable, Sendable {
    public var input: Int
    public var column: String

    public init(_ input: Int, _ column: String) { (self.input, self.column) = (input, column) }
  }

  /// The columns whose values are taken or computed with, in the order in which they are named.
  public var from: [Reference] = []
  /// Columns that only say which rows belong together or in which order: groups, windows, and targets of encoders.
  public var by: [Reference] = []
  /// Whether each value is one of `from` as it was, or missing.
  public var isPassed = false
  /// How often the values are cast to a type on the way.
  var casts = 0

  private enum CodingKeys: String, CodingKey { case from, by, isPassed = "passed" }

  public init(from: [Reference] = [], by: [Reference] = [], isPassed: Bool = false) {
    (self.from, self.by, self.isPassed) = (from, by, isPassed)
  }

  /// Adds what another value, which this one is computed with, is made of.
  mutating func add(_ other: ColumnOrigin) {
    from.add(other.from)
    by.add(other.by)
  }

  /// One of several columns, row by row: passed where all of them are.
  mutating func merge(_ other: ColumnOrigin) {
    add(other)
    isPassed = isPassed && other.isPassed
    casts = max(casts, other.casts)
  }
}

/// The origins of all columns of a step.
public struct StepOrigins: Sendable, Equatable {
  /// In the order of the step's columns.
  public var columns: [(name: String, origin: ColumnOrigin)] = []
  /// Columns that decide which rows there are, or in which order.
  public var rows: [ColumnOrigin.Reference] = []
  /// Whether it chooses, repeats, combines or reorders rows.
  public var changesRows = false
  /// False where the SQL of a user says something that is not read here: then every column counts as made of all.
  public var isCertain = true

  /// The origin of a column; nil where the step has none of that name.
  public subscript(column: String) -> ColumnOrigin? { columns.first { $0.name == column }?.origin }

  public static func == (left: Self, right: Self) -> Bool {
    left.columns.map(\.name) == right.columns.map(\.name) && left.columns.map(\.origin) == right.columns.map(\.origin)
      && left.rows == right.rows && left.changesRows == right.changesRows && left.isCertain == right.isCertain
  }
}

extension [ColumnOrigin.Reference] {
  /// Appends what is not there yet.
  mutating func add(_ others: [ColumnOrigin.Reference]) {
    for other in others where !contains(other) { append(other) }
  }
}
