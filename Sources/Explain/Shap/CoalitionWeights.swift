// How much a coalition counts in a Shapley value (Shapley 1953).

/// s! (n - 1 - s)! / n! for coalitions of s among the n - 1 other players.
struct CoalitionWeights: Sendable {
  private let width: Int
  /// [n][s]
  private let weights: [Double]

  /// For up to `players` players.
  init(upTo players: Int) {
    let width = max(players, 1)
    self.width = width
    weights = (0...width).flatMap { count in
      let row = Self.of(count)
      return row + Array(repeating: 0, count: width - row.count)
    }
  }

  subscript(players: Int, size: Int) -> Double { weights[players * width + size] }

  /// By size, for `players` players.
  static func of(_ players: Int) -> [Double] {
    guard players > 0 else { return [] }
    var weights = [1 / Double(players)]
    for size in 1..<max(players, 1) { weights.append(weights[size - 1] * Double(size) / Double(players - size)) }
    return weights
  }
}
