// The parameter types of the operations.

import Frame

/// Reads one column as another type.
public struct Cast: Codable, Hashable, Sendable {
  public var column: String
  public var to: ColumnKind

  public init(_ column: String, to: ColumnKind) {
    self.column = column
    self.to = to
  }
}

/// Another name for a column.
public struct Renaming: Codable, Hashable, Sendable {
  public var column: String
  public var to: String

  public init(_ column: String, to: String) {
    self.column = column
    self.to = to
  }
}

/// One key of a sort; the first key counts most.
public struct SortKey: Hashable, Sendable {
  public var column: String
  public var descending: Bool

  public init(_ column: String, descending: Bool = false) {
    self.column = column
    self.descending = descending
  }
}

extension SortKey: Codable {
  private enum CodingKeys: String, CodingKey { case column, descending }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    column = try container.decode(String.self, forKey: .column)
    descending = try container.decodeIfPresent(Bool.self, forKey: .descending) ?? false
  }
}

/// Which rows a sample keeps. Rows keep their order; the same seed keeps the same rows for any number of threads.
public enum Sampling: Hashable, Sendable {
  /// The first rows.
  case first(Int)
  /// Exactly this many rows, each equally likely (all rows where there are fewer).
  case random(Int, seed: UInt64)
  /// Each row with this probability, 0 to 1: about that share of the rows.
  case fraction(Double, seed: UInt64)
  /// This many rows, the values of a column in their own proportions.
  case stratified(Int, column: String, seed: UInt64)

  /// What fixes the rows that are drawn; nil where none are drawn.
  public var seed: UInt64? {
    switch self {
    case .first: nil
    case .random(_, let seed), .fraction(_, let seed), .stratified(_, _, let seed): seed
    }
  }

  /// The choice in a few words.
  public var summary: String {
    switch self {
    case .first(let count): "first \(count.grouped)"
    case .random(let count, let seed): "random \(count.grouped), seed \(seed)"
    case .fraction(let share, let seed): "\(Sampling.percent(share)) of rows, seed \(seed)"
    case .stratified(let count, let column, let seed): "\(count.grouped) by \(column), seed \(seed)"
    }
  }

  private static func percent(_ share: Double) -> String {
    let tenths = (share * 1000).rounded() / 10
    return tenths == tenths.rounded() && abs(tenths) < 1e6 ? "\(Int(tenths)) %" : "\(tenths) %"
  }
}

/// How a missing value is filled.
public enum ImputeStrategy: Hashable, Sendable {
  /// The mean of the present values; rounded in a column of integers.
  case mean
  /// The median of the present values; rounded in a column of integers.
  case median
  /// The most frequent value, the smallest of several.
  case mode
  /// A given value.
  case constant(Value)

  /// The strategy's name in files and forms.
  public var name: String {
    switch self {
    case .mean: "mean"
    case .median: "median"
    case .mode: "mode"
    case .constant: "constant"
    }
  }

  var summary: String {
    if case .constant(let value) = self { return SQL.literal(value) }
    return name
  }
}

/// Fills the missing values of one column.
public struct ImputeRule: Hashable, Sendable {
  public var column: String
  public var strategy: ImputeStrategy

  public init(_ column: String, _ strategy: ImputeStrategy) {
    self.column = column
    self.strategy = strategy
  }
}
