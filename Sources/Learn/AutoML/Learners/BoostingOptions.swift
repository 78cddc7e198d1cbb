/// How trees are boosted, by LightGBM or XGBoost.
public struct BoostingOptions: Codable, Hashable, Sendable {
  /// How much of each tree's answer is taken.
  public var rate: Double
  /// Leaves of a tree at most.
  public var leaves: Int
  /// Levels of splits at most; 0 for any number.
  public var depth: Int
  /// Rows in a leaf at least (LightGBM), or their weight (XGBoost).
  public var rowsPerLeaf: Int
  /// The share of the features that each tree sees.
  public var featureFraction: Double
  /// The share of the rows that each tree sees.
  public var rowFraction: Double
  /// The weight of the leaves' sizes, and of their squares, in what is minimised.
  public var l1: Double
  public var l2: Double
  /// Bins of a feature's values.
  public var bins: Int
  /// True tries one random split of each feature instead of all.
  public var isExtra: Bool
  /// Rounds at most; the validation rows say when to stop.
  public var rounds: Int

  public init(
    rate: Double = 0.05, leaves: Int = 31, depth: Int = 0, rowsPerLeaf: Int = 20, featureFraction: Double = 1,
    rowFraction: Double = 1, l1: Double = 0, l2: Double = 0, bins: Int = 255, isExtra: Bool = false,
    rounds: Int = 10_000
  ) {
    (self.rate, self.leaves, self.depth, self.rowsPerLeaf) = (rate, leaves, depth, rowsPerLeaf)
    (self.featureFraction, self.rowFraction, self.l1, self.l2) = (featureFraction, rowFraction, l1, l2)
    (self.bins, self.isExtra, self.rounds) = (bins, isExtra, rounds)
  }

  /// The settings in one line.
  var text: String {
    func short(_ value: Double) -> String {
      let rounded = (value * 10_000).rounded() / 10_000
      return rounded == rounded.rounded() ? String(Int(rounded)) : "\(rounded)"
    }
    var parts = ["rate \(short(rate))", depth > 0 ? "depth \(depth)" : "\(leaves) leaves"]
    parts.append("\(rowsPerLeaf) rows a leaf")
    if featureFraction < 1 { parts.append("\(short(featureFraction)) of features") }
    if rowFraction < 1 { parts.append("\(short(rowFraction)) of rows") }
    if l1 > 0 { parts.append("L1 \(short(l1))") }
    if l2 > 0 { parts.append("L2 \(short(l2))") }
    if isExtra { parts.append("random splits") }
    return parts.joined(separator: ", ")
  }

  /// Rounds without a better score after which growing stops: slow learners need longer to show one.
  func patience(best: Int) -> Int { max(Int((2.5 / rate).rounded()), best / 4, 15) }
}

/// Watches the score of a growing ensemble.
struct EarlyStopping {
  private let isHigherBetter: Bool
  private(set) var best = -Double.infinity
  /// Rounds of the best state.
  private(set) var bestRounds = 0

  init(isHigherBetter: Bool) { self.isHigherBetter = isHigherBetter }

  /// Notes the score after so many rounds; false when it has not become better for too long.
  mutating func goesOn(_ score: Double, rounds: Int, patience: (Int) -> Int) -> Bool {
    let gain = isHigherBetter ? score : -score
    if gain > best {
      best = gain
      bestRounds = rounds
    }
    return rounds - bestRounds < patience(bestRounds)
  }
}

/// What a file leaves out has its default.
extension BoostingOptions {
  private enum CodingKeys: String, CodingKey {
    case rate
    case leaves
    case depth
    case rowsPerLeaf = "rows_per_leaf"
    case featureFraction = "feature_fraction"
    case rowFraction = "row_fraction"
    case l1
    case l2
    case bins
    case isExtra = "is_extra"
    case rounds
  }

  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.container(keyedBy: CodingKeys.self)
    rate = try container.decodeIfPresent(Double.self, forKey: .rate) ?? rate
    leaves = try container.decodeIfPresent(Int.self, forKey: .leaves) ?? leaves
    depth = try container.decodeIfPresent(Int.self, forKey: .depth) ?? depth
    rowsPerLeaf = try container.decodeIfPresent(Int.self, forKey: .rowsPerLeaf) ?? rowsPerLeaf
    featureFraction = try container.decodeIfPresent(Double.self, forKey: .featureFraction) ?? featureFraction
    rowFraction = try container.decodeIfPresent(Double.self, forKey: .rowFraction) ?? rowFraction
    l1 = try container.decodeIfPresent(Double.self, forKey: .l1) ?? l1
    l2 = try container.decodeIfPresent(Double.self, forKey: .l2) ?? l2
    bins = try container.decodeIfPresent(Int.self, forKey: .bins) ?? bins
    isExtra = try container.decodeIfPresent(Bool.self, forKey: .isExtra) ?? isExtra
    rounds = try container.decodeIfPresent(Int.self, forKey: .rounds) ?? rounds
  }
}
