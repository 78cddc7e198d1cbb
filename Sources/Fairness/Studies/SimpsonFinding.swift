// Group variables that explain a gap away, or turn it: Simpson's paradox (Simpson 1951; Bickel, Hammel and O'Connell 1975,
// doi:10.1126/science.187.4175.398).

import Plot

/// What becomes of the DPL of one pair of groups within the values of a group variable.
public struct SimpsonFinding: Codable, Sendable, Equatable {
  /// The rows with one value of the group variable.
  public struct Stratum: Codable, Sendable, Equatable {
    public var value: String
    public var counts: BiasCounts
    /// q_a − q_d; nil where one group has no rows.
    public var dpl: Double?
  }

  public enum Effect: String, Codable, Sendable, CaseIterable {
    /// The gap within strata has the other sign.
    case turned
    /// It has the same sign and is less than half as large.
    case explained
    case kept
    /// No stratum holds rows of both groups, or there is no gap to explain.
    case none
  }

  public var facet: String
  public var value: String
  public var groupD: String
  public var groupA: String
  public var variable: String
  /// The rows that it is of: those that have the variable; nil in files of before.
  public var rows: Int?
  /// q_a − q_d over these rows.
  public var dpl: Double?
  /// The mean of the strata's DPL, weighted with their rows, of those that hold both groups.
  public var dplWithin: Double?
  public var cddl: Double?
  public var effect: Effect
  /// The largest first; those beyond the fiftieth are left out.
  public var strata: [Stratum]
  /// All strata, and the rows of those that hold both groups.
  public var strataCount: Int
  public var comparedRows: Int
}

extension SimpsonFinding {
  /// `all rows`, or `the 4,909 rows with a native_country`.
  public func rowsPhrase(of all: Int) -> String {
    guard let rows, rows < all else { return "all rows" }
    return "the \(Numbers.grouped(rows)) rows with a \(variable)"
  }
}

/// The group variables that were tried, the most telling first.
public struct SimpsonReport: Codable, Sendable, Equatable {
  public var findings: [SimpsonFinding]
  /// Columns that were not tried, and why.
  public var leftOut: [String: String]
  public var rowsUsed: Int
}
