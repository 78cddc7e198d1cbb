// What the inspector says of one column. The JSON form is that of `assay inspect --json`.

import Frame

/// One column in depth.
public struct ColumnInspection: Codable, Sendable, Equatable {
  public var name: String
  public var kind: ColumnKind
  /// The type in DuckDB's words.
  public var type: String
  /// Rows of the table.
  public var rows: Int
  public var missing: Int
  /// Different values, missing ones and not-a-numbers aside.
  public var distinct: Int
  /// Of numbers, dates and times.
  public var numbers: NumberFigures?
  /// Of texts.
  public var texts: TextFigures?
  /// The most frequent values, most frequent first; empty where they were not counted.
  public var top: [Count]
  /// What the column says about the target.
  public var association: Association?
  /// Why there is no association though there is a target.
  public var associationFault: String?
  public var flags: [Flag]
  /// True where the column is too large for exact `distinct` and quantiles: both are estimates then, and nothing is
  /// said of the most frequent values.
  public var isEstimated: Bool

  /// A value as text and the rows that have it; nil is a not-a-number or infinite one.
  public struct Count: Codable, Sendable, Equatable {
    public var value: String
    public var count: Int
  }

  /// Figures of finite numbers; times in seconds since 1970-01-01, times of day since midnight.
  public struct NumberFigures: Codable, Sendable, Equatable {
    /// How a value reads: a number, or a date or time.
    public enum Scale: String, Codable, Sendable { case number, integer, date, timestamp, time }
    public var scale: Scale
    public var min, max, mean: Double
    /// Of the sample (divided by n - 1); nil of a single value.
    public var sd: Double?
    /// Adjusted Fisher-Pearson (G1), and excess kurtosis likewise (G2; Joanes and Gill 1998, doi:10.1111/1467-9884.00122).
    public var skew, kurtosis: Double?
    /// By probability: `0.01`, `0.05`, `0.25`, `0.5`, `0.75`, `0.95`, `0.99`; interpolated linearly.
    public var quantiles: [String: Double]
    public var zeros, negatives: Int
    /// Values more than 1.5 interquartile ranges outside the quartiles, and the outermost values that are not.
    public var outliers: Int
    public var lowerWhisker, upperWhisker: Double
    public var notANumber, infinite: Int
    /// Counts of twenty equal parts of the range.
    public var shape: [Int]
  }

  /// Lengths in characters.
  public struct TextFigures: Codable, Sendable, Equatable {
    public var shortest, longest: Int
    public var meanLength: Double
    /// Texts without a visible character.
    public var blank: Int
  }

  /// What the column says about the target, from the rows where the target is known.
  public struct Association: Codable, Sendable, Equatable {
    public var target: String
    /// The level of a target of two levels that counts as positive.
    public var positive: String?
    /// The chance that a positive row has a higher value than a negative one, ties counted half; of a number or time
    /// against a target of two levels.
    public var auc: Double?
    /// Information value: the sum of (p - q) ln(p / q) over the groups, where p and q are the shares of the positive and
    /// the negative rows that fall into a group; half a row is added to each.
    public var informationValue: Double?
    /// In nats, with Miller and Madow's correction for few rows; at least 0.
    public var mutualInformation: Double
    /// The same as a share of what is to be known about the target, 0 to 1.
    public var explained: Double
    /// Pearson's r, of numbers against a target of many numbers.
    public var correlation: Double?
    public var rows: Int
    /// How the column and the target were grouped, in words.
    public var grouping: String
  }

  /// What to look at.
  public enum Flag: String, Codable, Sendable, CaseIterable {
    case empty, constant, mostlyMissing, identifier, leakage, skewed, blankTexts, notFinite

    public var title: String {
      switch self {
      case .empty: "empty"
      case .constant: "constant"
      case .mostlyMissing: "mostly missing"
      case .identifier: "like an id"
      case .leakage: "leakage suspect"
      case .skewed: "very skewed"
      case .blankTexts: "blank texts"
      case .notFinite: "NaN or infinite"
      }
    }
  }

  /// The probabilities of `quantiles`, with the keys that they have there.
  public static let probabilities: [(key: String, value: Double)] = [
    ("0.01", 0.01), ("0.05", 0.05), ("0.25", 0.25), ("0.5", 0.5), ("0.75", 0.75), ("0.95", 0.95), ("0.99", 0.99),
  ]
}
