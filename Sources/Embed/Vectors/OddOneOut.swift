// The word that does not belong.

/// Words of a group with how well each fits the others.
public struct GroupFit: Codable, Sendable, Equatable {
  public let word: String
  /// The mean cosine with the other words.
  public let similarity: Double
}

extension WordVectors {
  /// How well each of at least three words fits the others, the odd one first.
  public func fits(of numbers: [Int]) -> [GroupFit] {
    numbers.indices.map { place -> (Int, Double) in
      let others = numbers.indices.filter { $0 != place }
      let sum = others.reduce(0) { $0 + similarity(numbers[place], numbers[$1]) }
      return (place, sum / Double(max(others.count, 1)))
    }
    .sorted { ($0.1, $0.0) < ($1.1, $1.0) }
    .map { GroupFit(word: words[numbers[$0.0]], similarity: $0.1) }
  }
}
