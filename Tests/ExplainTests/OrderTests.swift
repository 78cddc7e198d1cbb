import Foundation
import Testing

@testable import Explain

/// Asymmetric Shapley values against every order that time allows.
@Suite struct OrderTests {
  /// Two rows of background and three to explain, of six features in which everything works together.
  private static let table: [[Double]] = [
    [0, 1, -1, 0.5, 2, 0], [1, -1, 0, 0, 1, 1], [2, 1, 3, -1, 0.5, -2], [0, 1, 2, 0.5, -1, 3], [1, 4, -2, 2, 2, 1],
  ]
  private static let background = 2
  private static let steps = [1, 0, -1, 1, 2, 0]

  private static func predict(_ row: [Double]) -> [Double] {
    let more: Double = row[5] * row[5] * row[0]
    let mixed: Double = row[0] * row[1] - row[2] * max(row[3], row[4]) + more
    return [mixed, row[4] > row[1] ? row[2] : row[3] * row[5]]
  }

  private static func explain(_ order: FeatureOrder, samples: Int? = nil) throws -> ShapValues {
    let table = Self.table
    return try CoalitionExplainer(options: .init(samples: samples, seed: 5, order: order)).explain(
      rows: Array(background..<table.count), features: 6, outputs: 2,
      background: BackgroundRows(rows: background, features: 6), isSame: { table[$1][$0] == table[$2][$0] },
      predict: { picks in
        (0..<picks[0].count).flatMap { row in predict(picks.indices.map { table[picks[$0][row]][$0] }) }
      })
  }

  private static func orders(_ features: [Int]) -> [[Int]] {
    guard !features.isEmpty else { return [[]] }
    return features.flatMap { first in orders(features.filter { $0 != first }).map { [first] + $0 } }
  }

  /// The mean effect of each feature over all orders of all features that keep to the steps.
  private static func enumerated(_ row: [Double], _ place: (Int) -> Int) -> [[Double]] {
    var sums = Array(repeating: Array(repeating: 0.0, count: 6), count: 2)
    let allowed = orders(Array(0..<6)).filter { order in
      zip(order, order.dropFirst()).allSatisfy { place($0) <= place($1) }
    }
    func worth(_ known: Set<Int>) -> [Double] {
      let worths = table[..<background].map { other in predict((0..<6).map { known.contains($0) ? row[$0] : other[$0] })
      }
      return (0..<2).map { output in worths.reduce(0) { $0 + $1[output] } / Double(background) }
    }
    for order in allowed {
      var known: Set<Int> = []
      var before = worth(known)
      for feature in order {
        known.insert(feature)
        let after = worth(known)
        for output in 0..<2 { sums[output][feature] += (after[output] - before[output]) / Double(allowed.count) }
        before = after
      }
    }
    return sums
  }

  /// What does not change with time comes first in either direction.
  private static func place(_ feature: Int, isBackward: Bool) -> Int {
    let step = steps[feature]
    return step < 0 ? -10 : isBackward ? -step : step
  }

  private static func wanted(_ row: [Double], _ direction: FeatureOrder.Direction) -> [[Double]] {
    let forward = enumerated(row) { place($0, isBackward: false) }
    let backward = enumerated(row) { place($0, isBackward: true) }
    switch direction {
    case .chronological: return forward
    case .antiChronological: return backward
    case .bidirectional: return zip(forward, backward).map { zip($0, $1).map { ($0 + $1) / 2 } }
    }
  }

  @Test(arguments: FeatureOrder.Direction.allCases)
  func everyColumnHasItsMeanOverTheOrdersThatTimeAllows(_ direction: FeatureOrder.Direction) throws {
    let found = try Self.explain(FeatureOrder(steps: Self.steps, direction: direction, isTimewise: false))
    #expect(found.additivityError < 1e-9)
    #expect(found.standardErrors.isEmpty)
    for row in 0..<found.rows {
      for (output, values) in Self.wanted(Self.table[Self.background + row], direction).enumerated() {
        #expect(distance(Array(found.values(row: row, output: output)), values) < 1e-9, "row \(row), output \(output)")
      }
    }
  }

  @Test(arguments: FeatureOrder.Direction.allCases)
  func aStepIsTheSumOfItsColumns(_ direction: FeatureOrder.Direction) throws {
    let found = try Self.explain(FeatureOrder(steps: Self.steps, direction: direction))
      .summed(by: Self.steps.map { $0 < 0 ? 3 : $0 }, into: 4)
    for row in 0..<found.rows {
      for (output, values) in Self.wanted(Self.table[Self.background + row], direction).enumerated() {
        let sums = [0, 1, 2, -1].map { step -> Double in
          var sum = 0.0
          for (value, own) in zip(values, Self.steps) where own == step { sum += value }
          return sum
        }
        #expect(distance(Array(found.values(row: row, output: output)), sums) < 1e-9)
      }
    }
  }

  @Test func randomOrdersAddUpAndSayHowFarTheyMayBeOff() throws {
    let order = FeatureOrder(steps: [0, 0, 0, 0, 0, 1], direction: .bidirectional, isTimewise: false)
    let some = try Self.explain(order, samples: 60)
    #expect(some.additivityError < 1e-9)
    #expect(some.standardErrors.contains { $0 > 0 })
    let exact = try Self.explain(order)
    let largest = exact.values.map { abs($0) }.max() ?? 0
    #expect(distance(some.values, exact.values) < largest)
  }
}

/// Interactions of models that are only asked.
@Suite struct PairTests {
  private static func table(_ features: Int) -> [[Double]] {
    (0..<5).map { row -> [Double] in
      (0..<features).map { feature -> Double in
        let step = (feature * 7 + row * 5) % 11
        return Double(step) / 3 - Double(row) * 0.4
      }
    }
  }

  private static func explain(
    _ features: Int, samples: Int? = nil, _ predict: @escaping @Sendable ([Double]) -> Double
  ) throws -> ShapValues {
    let table = table(features)
    return try CoalitionExplainer(options: .init(samples: samples, hasInteractions: true)).explain(
      rows: [3, 4], features: features, outputs: 1, background: BackgroundRows(rows: 3, features: features),
      isSame: { table[$1][$0] == table[$2][$0] },
      predict: { picks in
        (0..<picks[0].count).map { row in predict(picks.indices.map { table[picks[$0][row]][$0] }) }
      })
  }

  @Test(arguments: [2, 5, 6, 13, 16]) func zigzagsHaveEachPairSideBySideOnce(_ players: Int) {
    var counts: [Set<Int>: Int] = [:]
    for path in PairPlan.zigzags(players) {
      #expect(path.compactMap(\.self).sorted() == Array(0..<players))
      for case (let i?, let j?) in zip(path, path.dropFirst()) { counts[[i, j], default: 0] += 1 }
    }
    #expect(counts.count == players * (players - 1) / 2)
    #expect(counts.values.allSatisfy { $0 == 1 })
  }

  /// A worth that follows from whether a set's size is even has interactions that depend on sizes alone: 1 where the size is
  /// even, -1 where it is odd. Their mean is that of the sizes 0 to players - 2, asked about equally often.
  @Test(arguments: [13, 14]) func setsOfEachSizeAreAskedAboutEquallyOften(_ players: Int) {
    let plan = PairPlan(players: players, samples: 60 * players * players, seed: 5)
    let worths = (0..<plan.coalitions.count).map { number in
      plan.coalitions.members.reduce(0) { $0 + Int($1[number]) }.isMultiple(of: 2) ? 1.0 : 0
    }
    let mean = plan.solve(worths).reduce(0, +) / Double(players * (players - 1))
    let expected = players.isMultiple(of: 2) ? 1 / Double(players - 1) : 0
    #expect(abs(mean - expected) < 0.025)
  }

  /// Half of the interaction of a product of two is the product of their distances from the background, in the mean.
  @Test(arguments: [4, 15]) func aProductIsAnInteractionOfItsFactors(_ features: Int) throws {
    let found = try Self.explain(features, samples: features > 12 ? 600 : nil) { row -> Double in
      let sum: Double = row.reduce(0, +)
      return sum + 2 * row[0] * row[1] - row[2] * row[3]
    }
    let table = Self.table(features)
    for row in 0..<2 {
      let own = table[3 + row]
      func wanted(_ i: Int, _ j: Int) -> Double {
        var sum = 0.0
        for other in table[..<3] { sum += (own[i] - other[i]) * (own[j] - other[j]) }
        return sum / 6
      }
      func half(_ i: Int, _ j: Int) -> Double { found.interactions[(row * features + i) * features + j] }
      let values = Array(found.values(row: row))
      #expect(abs(half(0, 1) - 2 * wanted(0, 1)) < 1e-9)
      #expect(abs(half(1, 0) - 2 * wanted(0, 1)) < 1e-9)
      #expect(abs(half(2, 3) + wanted(2, 3)) < 1e-9)
      #expect(abs(half(0, 2)) < 1e-9)
      for feature in 0..<features {
        var sum = 0.0
        for other in 0..<features { sum += half(feature, other) }
        #expect(abs(sum - values[feature]) < 1e-9)
      }
    }
  }
}
