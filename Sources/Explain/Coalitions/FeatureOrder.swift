// Asymmetric Shapley values (Frye, Rowat and Feige 2020, arXiv:1910.06358): of all orders in which features may become
// known only those count in which no step of time comes before an earlier one.

import Numerics

/// The time at which features become known.
public struct FeatureOrder: Sendable, Hashable {
  public enum Direction: String, Codable, Sendable, CaseIterable {
    /// Oldest first.
    case chronological
    /// Newest first.
    case antiChronological = "anti_chronological"
    /// The mean of both.
    case bidirectional
  }

  /// By feature its step, the oldest first; features of the same step have no order. Those of step -1 do not change with
  /// time: they are known before all steps, in either direction.
  public var steps: [Int]
  public var direction: Direction
  /// True where a step's features become known together: what they add is given to the first of them.
  public var isTimewise: Bool

  public init(steps: [Int], direction: Direction = .chronological, isTimewise: Bool = true) {
    (self.steps, self.direction, self.isTimewise) = (steps, direction, isTimewise)
  }
}

extension CoalitionPlan {
  /// Features of a step that all orders are gone through of.
  private static let wholeStep = 12

  /// The values of players that become known in an order.
  ///
  /// Within a step every order counts alike: all subsets are asked for where that takes no more than `samples` coalitions
  /// (by default as many as the kernel takes), else random orders, each also taken backwards within its steps.
  /// - Parameter players: the feature of each player; at least one.
  init(_ order: FeatureOrder, players: [Int], samples: Int?, seed: UInt64) {
    var steps: [Int: [Int]] = [:]
    for (player, feature) in players.enumerated() { steps[order.steps[feature], default: []].append(player) }
    let still = steps.removeValue(forKey: -1).map { [$0] } ?? []
    let forward = steps.sorted { $0.key < $1.key }.map(\.value)
    let sequences: [[[Int]]] =
      switch order.direction {
      case .chronological: [still + forward]
      case .antiChronological: [still + forward.reversed()]
      case .bidirectional: [still + forward, still + forward.reversed()]
      }
    let weight = 1 / Double(sequences.count)
    let widest = sequences[0].map(\.count).max() ?? 0
    let subsets = sequences[0].reduce(0) { $0 + (1 << min($1.count, 40)) } * sequences.count
    if order.isTimewise {
      self = Self.timewise(sequences, players.count, weight)
    } else if widest <= Self.wholeStep, subsets <= samples ?? (2 * players.count + 2048) {
      self = Self.subsets(sequences, players.count, weight)
    } else {
      var random = RandomSource(seed: seed).split("order").split(UInt64(players.count))
      let each = max(1, 2 * (players.count - 1) * sequences.count)
      self = Self.orders(
        sequences, players.count, rounds: max(1, samples.map { $0 / each } ?? 10), weight / 2, &random)
    }
  }

  private static func timewise(_ sequences: [[[Int]]], _ players: Int, _ weight: Double) -> CoalitionPlan {
    var coalitions = ends(players)
    var terms: [Term] = []
    for sequence in sequences {
      var isPresent = Array(repeating: false, count: players)
      var before = 0
      for step in sequence {
        for player in step { isPresent[player] = true }
        let after = coalitions.number(of: isPresent).number
        terms.append(Term(player: step[0], with: after, without: before, weight: weight))
        before = after
      }
    }
    return CoalitionPlan(coalitions, .terms(terms))
  }

  private static func subsets(_ sequences: [[[Int]]], _ players: Int, _ weight: Double) -> CoalitionPlan {
    var coalitions = ends(players)
    var terms: [Term] = []
    for sequence in sequences {
      var earlier = Array(repeating: false, count: players)
      for step in sequence {
        let weights = CoalitionWeights.of(step.count)
        let numbers = (0..<1 << step.count).map { mask -> Int in
          var isPresent = earlier
          for (bit, player) in step.enumerated() where mask >> bit & 1 == 1 { isPresent[player] = true }
          return coalitions.number(of: isPresent).number
        }
        for mask in numbers.indices {
          for (bit, player) in step.enumerated() where mask >> bit & 1 == 0 {
            terms.append(
              Term(
                player: player, with: numbers[mask | 1 << bit], without: numbers[mask],
                weight: weight * weights[mask.nonzeroBitCount]))
          }
        }
        for player in step { earlier[player] = true }
      }
    }
    return CoalitionPlan(coalitions, .terms(terms))
  }

  private static func orders(
    _ sequences: [[[Int]]], _ players: Int, rounds: Int, _ weight: Double, _ random: inout RandomSource
  ) -> CoalitionPlan {
    var coalitions = ends(players)
    var walks: [Walk] = []
    for _ in 0..<rounds {
      for sequence in sequences {
        let shuffled = sequence.map { random.shuffled($0) }
        for steps in [shuffled, shuffled.map { $0.reversed() }] {
          var isPresent = Array(repeating: false, count: players)
          var numbers = [0]
          let order = steps.flatMap(\.self)
          for player in order {
            isPresent[player] = true
            numbers.append(coalitions.number(of: isPresent).number)
          }
          walks.append(Walk(order: order, coalitions: numbers))
        }
      }
    }
    let shares = Array(repeating: weight, count: 2 * sequences.count)
    return CoalitionPlan(coalitions, .walks(walks, shares: shares))
  }
}
