/// A search in the rows of a look, from one row on.
public struct Search: Codable, Equatable, Sendable {
  public var match: TextMatch
  /// The row, counted from 0, at which the search begins; it is looked at too.
  public var start: Int
  public var isBackward: Bool
  /// True for a search that a person has just asked for, false for its next and previous rows.
  public var isNew: Bool

  public init(_ match: TextMatch, from start: Int, isBackward: Bool = false, isNew: Bool = true) {
    self.match = match
    self.start = start
    self.isBackward = isBackward
    self.isNew = isNew
  }
}

/// What a search found so far.
public struct Found: Equatable, Sendable {
  /// The row, counted from 0 in the look; nil when nothing matches.
  public var row: Int?
  /// The first column of that row in which the pattern is found.
  public var column: String?
  /// Number of the row among those that match, from 1; nil while they are being counted.
  public var ordinal: Int?
  /// Rows that match; nil while they are being counted.
  public var total: Int?
  /// True when the search went on at the other end.
  public var isWrapped: Bool

  public init(row: Int?, column: String? = nil, ordinal: Int? = nil, total: Int? = nil, isWrapped: Bool = false) {
    (self.row, self.column, self.ordinal, self.total) = (row, column, ordinal, total)
    self.isWrapped = isWrapped
  }
}
