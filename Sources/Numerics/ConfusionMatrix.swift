// Counts of actual against predicted classes, and the figures that follow from them alone.
// An undefined ratio (no row predicted, or none there) counts as zero.

/// How often each class was taken for each.
public struct ConfusionMatrix: Codable, Hashable, Sendable {
  /// `counts[actual][predicted]`, rows of the data.
  public private(set) var counts: [[Int]]

  /// Counts pairs of class numbers in 0 ..< `classes`.
  public init(actual: [Int], predicted: [Int], classes: Int) {
    precondition(actual.count == predicted.count, "each row needs an actual and a predicted class")
    counts = Array(repeating: Array(repeating: 0, count: classes), count: classes)
    for (truth, guess) in zip(actual, predicted) { counts[truth][guess] += 1 }
  }

  /// The number of classes.
  public var classCount: Int { counts.count }

  /// The number of rows.
  public var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

  /// Rows that are of this class.
  public func support(_ label: Int) -> Int { counts[label].reduce(0, +) }

  /// Rows that were predicted to be of this class.
  public func predicted(_ label: Int) -> Int { counts.reduce(0) { $0 + $1[label] } }

  /// The share of rows predicted right; NaN of nothing.
  public var accuracy: Double {
    Double(counts.indices.reduce(0) { $0 + counts[$1][$1] }) / Double(total)
  }

  /// Of the rows predicted to be of this class, the share that is.
  public func precision(_ label: Int) -> Double { Self.ratio(counts[label][label], predicted(label)) }

  /// Of the rows of this class, the share that was found.
  public func recall(_ label: Int) -> Double { Self.ratio(counts[label][label], support(label)) }

  /// The harmonic mean of precision and recall of one class ("binary F1" when it is the positive class).
  public func f1(_ label: Int) -> Double {
    Self.ratio(2 * counts[label][label], support(label) + predicted(label))
  }

  /// The mean of a figure of each class, weighted with the rows of the class.
  public func weighted(_ figure: (Int) -> Double) -> Double {
    let rows = total
    guard rows > 0 else { return .nan }
    return counts.indices.reduce(0) { $0 + figure($1) * Double(support($1)) } / Double(rows)
  }

  /// The mean of a figure over the classes that occur or are predicted, each counting the same.
  public func macro(_ figure: (Int) -> Double) -> Double {
    let seen = counts.indices.filter { support($0) + predicted($0) > 0 }
    guard !seen.isEmpty else { return .nan }
    return seen.reduce(0) { $0 + figure($1) } / Double(seen.count)
  }

  /// F1 of each class, weighted with its rows.
  public var weightedF1: Double { weighted(f1) }

  /// F1 of each class, each counting the same.
  public var macroF1: Double { macro(f1) }

  /// The mean recall of the classes that occur.
  public var balancedAccuracy: Double {
    let seen = counts.indices.filter { support($0) > 0 }
    guard !seen.isEmpty else { return .nan }
    return seen.reduce(0) { $0 + recall($1) } / Double(seen.count)
  }

  private static func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }
}
