// Which coalitions tell how pairs of features work together: the Shapley interaction index (Grabisch and Roubens 1999,
// doi:10.1007/s001820050125), half of it for each order of the pair, as TreeSHAP gives it.
//
// The index is the mean of v(S, i, j) - v(S, i) - v(S, j) + v(S) over the orders in which i and j stand side by side, S
// being what comes before. So one random order gives a sample for each of its neighbours; and players laid out on a circle
// are walked through in zigzags such that each pair stands side by side exactly once (Walecki's decomposition).

import Numerics

struct PairPlan: Sendable {
  private struct Sample: Sendable {
    let i, j: Int
    /// Coalitions: S with both, with one, with the other, and alone.
    let both, first, second, neither: Int
  }

  private(set) var coalitions: Coalitions
  /// True where all coalitions are asked for, by mask of players.
  let isWhole: Bool
  private let samples: [Sample]
  private let rounds: Int

  /// Players all of whose coalitions are asked for.
  static let wholeLimit = 12

  /// - Parameters:
  ///   - players: at least two.
  ///   - samples: coalitions at most, though every pair is asked about once at least; nil for about as many as the kernel
  ///     takes.
  init(players: Int, samples: Int?, seed: UInt64) {
    guard players > Self.wholeLimit else {
      (coalitions, isWhole, self.samples, rounds) = (Coalitions(allOf: players), true, [], 1)
      return
    }
    var random = RandomSource(seed: seed).split("pairs").split(UInt64(players))
    var coalitions = Coalitions(players: players)
    var found: [Sample] = []
    let rounds = max(1, (samples ?? 2 * players + 2048) / (players * players))
    for _ in 0..<rounds {
      let labels = random.shuffled(Array(0..<players))
      for path in Self.zigzags(players) {
        // Walked backwards at random: of an odd number of players, sets of an even size would come more often otherwise.
        let way = path.map { $0.map { labels[$0] } }
        Self.add(random.shuffled([false, true])[0] ? way.reversed() : way, players, &coalitions, &found)
      }
    }
    (self.coalitions, isWhole, self.samples, self.rounds) = (coalitions, false, found, rounds)
  }

  /// Ways through all players that together have each pair side by side once. An odd number of players gets one more,
  /// nil, at which a way is parted.
  static func zigzags(_ players: Int) -> [[Int?]] {
    let count = players + players % 2
    return (0..<count / 2).map { first in
      (0..<count).map { place in
        let step = (place + 1) / 2
        let vertex = (first + (place % 2 == 1 ? step : count - step)) % count
        return vertex < players ? vertex : nil
      }
    }
  }

  private static func add(_ path: [Int?], _ players: Int, _ coalitions: inout Coalitions, _ samples: inout [Sample]) {
    var isPresent = Array(repeating: false, count: players)
    var neither = coalitions.number(of: isPresent).number
    for place in path.indices {
      guard let player = path[place] else { continue }
      let earlier = isPresent
      isPresent[player] = true
      let first = coalitions.number(of: isPresent).number
      if path.indices.contains(place + 1), let next = path[place + 1] {
        var other = earlier
        other[next] = true
        let second = coalitions.number(of: other).number
        other[player] = true
        let both = coalitions.number(of: other).number
        samples.append(Sample(i: player, j: next, both: both, first: first, second: second, neither: neither))
      }
      neither = first
    }
  }

  /// Half of each interaction: [players][players], 0 on the diagonal.
  /// - Parameter worths: by coalition, after the link.
  func solve(_ worths: [Double]) -> [Double] {
    let players = coalitions.players
    var result = Array(repeating: 0.0, count: players * players)
    func add(_ i: Int, _ j: Int, _ value: Double) {
      result[i * players + j] += value
      result[j * players + i] += value
    }
    guard isWhole else {
      for sample in samples {
        let change = worths[sample.both] - worths[sample.first] - worths[sample.second] + worths[sample.neither]
        add(sample.i, sample.j, change / Double(2 * rounds))
      }
      return result
    }
    let weights = CoalitionWeights.of(players - 1)
    for i in 0..<players {
      for j in i + 1..<max(players, i + 1) {
        let pair = 1 << i | 1 << j
        var sum = 0.0
        for mask in worths.indices where mask & pair == 0 {
          let change = worths[mask | pair] - worths[mask | 1 << i] - worths[mask | 1 << j] + worths[mask]
          sum += weights[mask.nonzeroBitCount] * change
        }
        add(i, j, sum / 2)
      }
    }
    return result
  }
}
