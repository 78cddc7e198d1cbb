// Models of so few leaves that their values can be had in double precision at no cost that anybody notices. What a leaf gives
// its features depends on the row only by which of them pass their tests: each such set is solved when it is first seen.

/// The leaves of a small model.
struct SmallTrees: Sendable {
  /// Leaves of all trees at most, and features on the path to one.
  private static let leafLimit = 100
  private static let featureLimit = 10

  fileprivate struct Test: Sendable {
    let node: Int
    let isLeft: Bool
    /// The bit of the feature.
    let bit: Int
  }

  fileprivate struct Leaf: Sendable {
    let value: Double
    let tests: ArraySlice<Test>
    /// The bits of all its features.
    let all: Int
    /// What the games of hidden features weigh, and by feature the share that passes.
    let absences: [(weight: Double, shares: [Double])]
    /// Where features and then pairs of them stand, and the prediction.
    let slots: [Int]
    let prediction: Int
    /// Where the leaf's sets begin.
    let firstSet: Int
  }

  fileprivate let tests: [DecisionTree.Node]
  fileprivate let leaves: [Leaf]
  fileprivate let sets: Int
  fileprivate let hasInteractions: Bool

  /// Nil for a model that is not small.
  init?(_ model: TreeEnsemble, background: [[Double]], slots: ShapSlots) {
    guard model.trees.reduce(0, { $0 + $1.nodes.count(where: \.isLeaf) }) <= Self.leafLimit,
      model.trees.allSatisfy({ $0.mostFeaturesOnAPath <= Self.featureLimit })
    else { return nil }
    var tests: [DecisionTree.Node] = []
    var leaves: [Leaf] = []
    var sets = 0
    for tree in model.trees where !tree.nodes[0].isLeaf {
      let first = tests.count
      tests += tree.nodes
      let directions = background.map { row in tree.nodes.map { !$0.isLeaf && $0.goesLeft(row[Int($0.feature)]) } }
      func visit(_ number: Int, _ features: [Int], _ path: [Test], _ shares: [Double]) {
        let node = tree.nodes[number]
        guard node.isLeaf else {
          let feature = Int(node.feature)
          let known = features.firstIndex(of: feature)
          let bit = known ?? features.count
          for (child, isLeft) in [(node.left, true), (node.right, false)] {
            var below = shares
            if known == nil { below.append(1) }
            below[bit] *= tree.share(of: child, under: node)
            visit(
              Int(child), known == nil ? features + [feature] : features,
              path + [Test(node: first + number, isLeft: isLeft, bit: 1 << bit)], below)
          }
          return
        }
        let all = 1 << features.count - 1
        var absences = [(weight: 1.0, shares: shares)]
        if !background.isEmpty {
          var counts: [Int: Int] = [:]
          for directions in directions {
            counts[Self.passed(all, path[...]) { directions[$0 - first] }, default: 0] += 1
          }
          absences = counts.sorted { $0.key < $1.key }.map { mask, count in
            (Double(count) / Double(background.count), features.indices.map { Double(mask >> $0 & 1) })
          }
        }
        var places = features.map { slots.value($0, tree.output) }
        if slots.hasInteractions {
          for i in features.indices {
            for j in features.indices.dropFirst(i + 1) {
              places.append(slots.pair(features[i], features[j], tree.output))
            }
          }
        }
        leaves.append(
          Leaf(
            value: node.value, tests: path[...], all: all, absences: absences, slots: places,
            prediction: slots.prediction(tree.output), firstSet: sets))
        sets += all + 1
      }
      visit(0, [], [], [])
    }
    (self.tests, self.leaves, self.sets) = (tests, leaves, sets)
    hasInteractions = slots.hasInteractions
  }

  /// The features that pass all their tests.
  fileprivate static func passed(_ all: Int, _ tests: ArraySlice<Test>, _ goesLeft: (Int) -> Bool) -> Int {
    var passed = all
    for test in tests where goesLeft(test.node) != test.isLeft { passed &= ~test.bit }
    return passed
  }
}

/// One thread's way through them.
final class SmallWalk {
  private let trees: SmallTrees
  private var directions: [Bool]
  /// By set where its solution begins; -1 until it is seen.
  private var starts: [Int]
  private var solved: [Double] = []

  init(_ trees: SmallTrees) {
    self.trees = trees
    directions = Array(repeating: false, count: trees.tests.count)
    starts = Array(repeating: -1, count: trees.sets)
  }

  /// Adds a row to its sums.
  /// - Parameters:
  ///   - columns: [features][rows].
  ///   - sums: [slots], every 64th number.
  func add(_ columns: [[Double]], row: Int, to sums: UnsafeMutablePointer<Double>) {
    for (number, test) in trees.tests.enumerated() where !test.isLeaf {
      directions[number] = test.goesLeft(columns[Int(test.feature)][row])
    }
    for leaf in trees.leaves {
      let passed = SmallTrees.passed(leaf.all, leaf.tests) { directions[$0] }
      if passed == leaf.all { sums[leaf.prediction << 6] += leaf.value }
      var at = starts[leaf.firstSet + passed]
      if at < 0 {
        at = solved.count
        starts[leaf.firstSet + passed] = at
        solved += solution(leaf, passed)
      }
      for slot in leaf.slots {
        sums[slot << 6] += solved[at]
        at += 1
      }
    }
  }

  private func solution(_ leaf: SmallTrees.Leaf, _ passed: Int) -> [Double] {
    var sums = Array(repeating: 0.0, count: leaf.slots.count)
    for (weight, shares) in leaf.absences {
      let game = LeafGame(
        value: leaf.value, present: shares.indices.map { Double(passed >> $0 & 1) }, absent: shares)
      for (player, value) in game.shapleyValues.enumerated() { sums[player] += weight * value }
      guard trees.hasInteractions else { continue }
      var at = shares.count
      for i in shares.indices {
        for j in shares.indices.dropFirst(i + 1) {
          sums[at] += weight * game.interaction(i, j)
          at += 1
        }
      }
    }
    return sums
  }
}
