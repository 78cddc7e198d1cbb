// The word that does not belong.

/// Words of a group with how well each fits the others.
public struct GroupFit: Codable, Sendable, Equatable {
  public let word: String
  /// The mean cosine with the other words.
  public let similarity: Double
}

/// How well each of some words fits the others, the odd one first.
///
/// - Parameter vectors: `[words][dimensions]`.
public func groupFits(_ words: [String], _ vectors: [[Float]]) -> [GroupFit] {
  words.indices.map { place -> (Int, Double) in
    let others = words.indices.filter { $0 != place }
    let sum = others.reduce(0) { $0 + cosine(vectors[place], vectors[$1]) }
    return (place, sum / Double(max(others.count, 1)))
  }
  .sorted { ($0.1, $0.0) < ($1.1, $1.0) }
  .map { GroupFit(word: words[$0.0], similarity: $0.1) }
}
