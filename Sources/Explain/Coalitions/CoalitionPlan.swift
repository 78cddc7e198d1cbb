// Which coalitions are asked for, and how their worths become values. Both depend on the number of players alone, so that
// one plan serves every row in which as many features differ from the background.

import Numerics

/// Coalitions, none and all of them the first two, and the way from worths to values.
struct CoalitionPlan: Sendable {
  /// A walk from none to all: players in the order in which they join, and the coalitions on the way.
  struct Walk: Sendable {
    let order: [Int]
    /// From none to all: one more than players.
    let coalitions: [Int]
  }

  /// What a player adds to a coalition, and how much that counts.
  struct Term: Sendable {
    let player: Int
    /// Coalitions.
    let with, without: Int
    let weight: Double
  }

  enum Rule: Sendable {
    case least(KernelSystem)
    /// Coalitions by mask of players.
    case definition
    /// Walks, and how much each of some neighbours counts in the estimate that they make together.
    case walks([Walk], shares: [Double])
    case terms([Term])
    /// Coalition by player that has it alone.
    case alone([Int])
    /// One player has all.
    case whole
  }

  private(set) var coalitions: Coalitions
  private let rule: Rule

  private static let batches = 8

  /// True where the coalitions are all that there are, by mask of players.
  var isDefinition: Bool { if case .definition = rule { true } else { false } }

  /// Coalitions of which none and all are the first two.
  init(_ coalitions: Coalitions, _ rule: Rule) {
    (self.coalitions, self.rule) = (coalitions, rule)
  }

  /// - Parameters:
  ///   - samples: coalitions at most, beyond none and all; nil for what suits the method.
  ///   - background: what each row of the background counts; 1 in sum.
  /// - Throws: `ExplainError.tooManyFeatures`.
  init(_ method: CoalitionMethod, players: Int, samples: Int?, background: [Double], seed: UInt64) throws {
    var random = RandomSource(seed: seed).split(method.rawValue).split(UInt64(players))
    switch method {
    case .exact:
      guard players <= ExactShap.featureLimit else {
        throw ExplainError.tooManyFeatures(count: players, limit: ExactShap.featureLimit)
      }
      (coalitions, rule) = (Coalitions(allOf: players), .definition)
    case .kernel where players > 1:
      (coalitions, rule) = Self.kernel(players, samples, &random)
    case .permutation where players > 1:
      let pairs = max(1, samples.map { $0 / max(1, 2 * (players - 1)) } ?? 10)
      (coalitions, rule) = Self.permutations(players, pairs: pairs, &random)
    case .sampling where players > 1:
      let rounds = max(1, samples.map { $0 / (players + 1) } ?? 10)
      (coalitions, rule) = Self.singles(players, rounds: rounds, background: background, &random)
    case .linear where players > 1:
      var coalitions = Self.ends(players)
      let alone = (0..<players).map { player in
        coalitions.number(of: (0..<players).map { $0 == player }).number
      }
      (self.coalitions, rule) = (coalitions, .alone(alone))
    case .kernel, .permutation, .sampling, .linear:
      (coalitions, rule) = (Self.ends(players), .whole)
    }
  }

  /// None and all.
  static func ends(_ players: Int) -> Coalitions {
    var coalitions = Coalitions(players: players)
    _ = coalitions.number(of: Array(repeating: false, count: players))
    _ = coalitions.number(of: Array(repeating: true, count: players))
    return coalitions
  }

  /// Numbers of none and of all.
  private var none: Int { 0 }
  private var all: Int {
    if case .definition = rule { return coalitions.count - 1 }
    return 1
  }

  // MARK: Kernel

  /// As many whole sizes as the budget covers, the smallest and largest first; of the others random coalitions, each with
  /// its complement.
  private static func kernel(_ players: Int, _ samples: Int?, _ random: inout RandomSource) -> (Coalitions, Rule) {
    let everything = players <= 40 ? (1 << players) - 2 : Int.max
    let wanted = samples ?? (players <= 12 ? everything : 2 * players + 2048)
    // The coalitions of one player and their complements make the system solvable.
    let budget = min(everything, max(wanted, 2 * players))
    let sizes = Array(1...players / 2)
    func isPaired(_ size: Int) -> Bool { size != players - size }
    var shares = sizes.map { size in
      Double(players - 1) / Double(size * (players - size)) * (isPaired(size) ? 2 : 1)
    }
    let sum = shares.reduce(0, +)
    shares = shares.map { $0 / sum }

    var coalitions = ends(players)
    var enumerated = KernelSystem.Part()
    var left = budget
    var next = 0
    while next < sizes.count {
      let size = sizes[next]
      let subsets = choose(players, size) * (isPaired(size) ? 2 : 1)
      let rest = shares[next...].reduce(0, +)
      let covers = budget == everything || Double(left) * shares[next] / rest >= subsets * (1 - 1e-8)
      guard next == 0 || covers else { break }
      let weight = shares[next] / subsets
      forEachSubset(of: players, size: size) { subset in
        var isPresent = Array(repeating: false, count: players)
        for player in subset { isPresent[player] = true }
        enumerated.add(coalitions.number(of: isPresent).number, weight)
        if isPaired(size) { enumerated.add(coalitions.number(of: isPresent.map { !$0 }).number, weight) }
      }
      left -= Int(subsets)
      next += 1
    }
    let rest = shares[next...].reduce(0, +)
    guard next < sizes.count, left > 0 else {
      let system = KernelSystem(coalitions, enumerated: enumerated, drawn: [], draws: [])
      return (coalitions, .least(system))
    }

    var counts = Array(repeating: [Int: Int](), count: batches)
    var draws = Array(repeating: 0, count: batches)
    var order = Array(0..<players)
    for draw in 0..<4 * left where left > 0 {
      var point = random.nextUnit() * rest
      var at = next
      while at + 1 < sizes.count, point >= shares[at] {
        point -= shares[at]
        at += 1
      }
      for place in 0..<sizes[at] { order.swapAt(place, place + random.nextIndex(below: players - place)) }
      var isPresent = Array(repeating: false, count: players)
      for player in order.prefix(sizes[at]) { isPresent[player] = true }
      for isPresent in [isPresent, isPresent.map { !$0 }] {
        let (number, isNew) = coalitions.number(of: isPresent)
        if isNew { left -= 1 }
        counts[draw % batches][number, default: 0] += 1
        draws[draw % batches] += 1
      }
    }
    let drawn = zip(counts, draws).map { counts, draws in
      var part = KernelSystem.Part()
      for (number, count) in counts.sorted(by: { $0.key < $1.key }) {
        part.add(number, rest * Double(count) / Double(draws))
      }
      return part
    }
    let used = draws.indices.filter { draws[$0] > 0 }
    let system = KernelSystem(
      coalitions, enumerated: enumerated, drawn: used.map { drawn[$0] }, draws: used.map { draws[$0] })
    return (coalitions, .least(system))
  }

  private static func choose(_ n: Int, _ k: Int) -> Double {
    (0..<k).reduce(1) { $0 * Double(n - $1) / Double($1 + 1) }.rounded()
  }

  private static func forEachSubset(of count: Int, size: Int, _ body: ([Int]) -> Void) {
    var subset = Array(0..<size)
    while true {
      body(subset)
      var place = size - 1
      while place >= 0, subset[place] == count - size + place { place -= 1 }
      guard place >= 0 else { return }
      subset[place] += 1
      for later in place + 1..<max(size, place + 1) { subset[later] = subset[later - 1] + 1 }
    }
  }

  // MARK: Walks

  private static func permutations(_ players: Int, pairs: Int, _ random: inout RandomSource) -> (Coalitions, Rule) {
    var coalitions = ends(players)
    var walks: [Walk] = []
    for _ in 0..<pairs {
      let order = random.shuffled(Array(0..<players))
      for order in [order, order.reversed()] {
        var isPresent = Array(repeating: false, count: players)
        var numbers = [0]
        for player in order {
          isPresent[player] = true
          numbers.append(coalitions.number(of: isPresent).number)
        }
        walks.append(Walk(order: order, coalitions: numbers))
      }
    }
    return (coalitions, .walks(walks, shares: [0.5, 0.5]))
  }

  /// Every background row has as many walks, so that the values add up to the whole effect.
  private static func singles(
    _ players: Int, rounds: Int, background: [Double], _ random: inout RandomSource
  ) -> (Coalitions, Rule) {
    var coalitions = ends(players)
    var rows = [-1, -1]
    var walks: [Walk] = []
    for _ in 0..<rounds {
      for other in background.indices {
        let order = random.shuffled(Array(0..<players))
        var isPresent = Array(repeating: false, count: players)
        var numbers = [coalitions.append(isPresent)]
        for player in order.dropLast() {
          isPresent[player] = true
          numbers.append(coalitions.append(isPresent))
        }
        rows += Array(repeating: other, count: players)
        walks.append(Walk(order: order, coalitions: numbers + [1]))
      }
    }
    coalitions.backgroundRows = rows
    return (coalitions, .walks(walks, shares: background))
  }

  // MARK: Solving

  /// Values and their standard errors by player.
  /// - Parameter worths: by coalition, after the link.
  func solve(_ worths: [Double]) -> (values: [Double], errors: [Double]) {
    let players = coalitions.players
    let (none, all) = (worths[none], worths[all])
    switch rule {
    case .whole: return (Array(repeating: all - none, count: players), Array(repeating: 0, count: players))
    case .alone(let numbers): return (numbers.map { worths[$0] - none }, Array(repeating: 0, count: players))
    case .terms(let terms):
      var values = Array(repeating: 0.0, count: players)
      for term in terms { values[term.player] += term.weight * (worths[term.with] - worths[term.without]) }
      return (values, Array(repeating: 0, count: players))
    case .least(let system):
      let (values, errors) = system.solve(worths.map { $0 - none }, total: all - none)
      return (values.map { abs($0) < 1e-10 ? 0 : $0 }, errors)
    case .definition:
      let weights = CoalitionWeights.of(players)
      var values = Array(repeating: 0.0, count: players)
      for mask in worths.indices {
        let size = mask.nonzeroBitCount
        guard size < players else { continue }
        for player in 0..<players where mask >> player & 1 == 0 {
          values[player] += weights[size] * (worths[mask | 1 << player] - worths[mask])
        }
      }
      return (values, Array(repeating: 0, count: players))
    case .walks(let walks, let shares):
      var estimates = Array(repeating: [Double](), count: players)
      for start in stride(from: 0, to: walks.count, by: shares.count) {
        var sums = Array(repeating: 0.0, count: players)
        for (walk, share) in zip(walks[start...], shares) {
          for (place, player) in walk.order.enumerated() {
            sums[player] += share * (worths[walk.coalitions[place + 1]] - worths[walk.coalitions[place]])
          }
        }
        for player in 0..<players { estimates[player].append(sums[player]) }
      }
      return (estimates.map { Statistics.mean($0) }, estimates.map { standardError($0) })
    }
  }
}
