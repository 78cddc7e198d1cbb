// Trees for predictions, as flat arrays that a row is walked down without a branch (see tree_walk.h). The tests of both libraries
// become "larger than": a missing value is minus or plus infinity, whichever goes where it belongs, and for every set of
// categories that some test asks for there is a cell with 0 or 1, spread from the bits of the row's category.

import CDenseKernels
import Explain

/// An ensemble laid out for walks. Any number of threads may walk it, each with a `TreeWalk` of its own.
final class WalkedTrees: Sendable {
  /// A way that a feature's numbers are looked at: where missing values go, and whether 0 is one of them.
  private enum Sight: Int { case missingLeft, missingRight, zeroLeft, zeroRight }

  /// The sets of a categorical feature that tests ask for.
  fileprivate struct Sets: Sendable {
    let feature: Int
    /// The first of the cells, one for each set.
    let cell: Int
    let count: Int
    /// Codes that some set may hold: those below. After them come the bits of codes that none holds, and of missing ones.
    let codes: Int
    /// 64-bit words of a code's bits; set where the row goes right.
    let stride: Int
    let bits: [UInt64]
  }

  /// Bits of sets at most, in words: more would not be worth their memory.
  private static let wordLimit = 1 << 22

  /// Numbers of a row.
  let width: Int
  /// The output that each tree adds to.
  let outputs: [Int]
  fileprivate let nodes: [assay_walk_node]
  fileprivate let values: [Double]
  fileprivate let roots: [UInt32]
  fileprivate let steps: [Int32]
  fileprivate let places: [Int32]
  fileprivate let sets: [Sets]
  fileprivate let cells: Int
  fileprivate let tellsZero: Bool
  fileprivate let roundsToSingle: Bool

  /// Nil for an ensemble that has too large sets of categories, or features beyond the width.
  init?(_ ensemble: TreeEnsemble, width: Int) {
    var layout = Layout(width: width)
    for tree in ensemble.trees { layout.gather(tree) }
    guard let sets = layout.sets(limit: Self.wordLimit) else { return nil }
    for (number, tree) in ensemble.trees.enumerated() {
      guard layout.add(tree, number) else { return nil }
    }
    layout.group()
    (self.width, outputs, self.sets) = (width, ensemble.trees.map(\.output), sets)
    (nodes, values, roots, steps) = (layout.nodes, layout.values, layout.roots, layout.steps)
    (places, cells, tellsZero) = (layout.places, layout.cells, layout.tellsZero)
    roundsToSingle = ensemble.roundsToSingle
  }

  /// Lays trees out.
  private struct Layout {
    private struct SetKey: Hashable {
      let words: [UInt32]
      let membersGoLeft: Bool
      let missingGoesLeft: Bool
    }

    let width: Int
    private(set) var nodes: [assay_walk_node] = []
    private(set) var values: [Double] = []
    private(set) var roots: [UInt32] = []
    private(set) var steps: [Int32] = []
    private(set) var places: [Int32] = []
    private(set) var cells: Int
    private(set) var tellsZero = false
    private var depths: [Int32] = []
    private var found: [Int: [SetKey: Int]] = [:]
    private var cellOfSets: [Int: Int] = [:]

    init(width: Int) {
      self.width = width
      cells = 2 * width
    }

    private static func key(_ node: DecisionTree.Node) -> SetKey? {
      guard !node.isLeaf, case .member(let words, let membersGoLeft) = node.test else { return nil }
      return SetKey(words: words, membersGoLeft: membersGoLeft, missingGoesLeft: node.missingGoesLeft)
    }

    mutating func gather(_ tree: DecisionTree) {
      for node in tree.nodes where !node.isLeaf {
        if let key = Self.key(node) {
          let feature = Int(node.feature)
          found[feature, default: [:]][key] = found[feature]?[key] ?? found[feature]?.count ?? 0
        } else if node.missingRule == .zero {
          tellsZero = true
        }
      }
      cells = (tellsZero ? 4 : 2) * width
    }

    /// Gives every set a cell.
    mutating func sets(limit: Int) -> [Sets]? {
      var result: [Sets] = []
      for feature in found.keys.sorted() {
        let keys = found[feature] ?? [:]
        let codes = (keys.keys.map(\.words.count).max() ?? 0) * 32
        let stride = (keys.count + 63) / 64
        guard feature < width, (codes + 2) * stride <= limit else { return nil }
        var bits = [UInt64](repeating: 0, count: (codes + 2) * stride)
        for (key, number) in keys {
          for code in 0..<codes + 2 {
            let isMember = code >> 5 < key.words.count && key.words[code >> 5] >> UInt32(code & 31) & 1 == 1
            let goesLeft = code == codes + 1 ? key.missingGoesLeft : (code < codes && isMember) == key.membersGoLeft
            if !goesLeft { bits[code * stride + number >> 6] |= 1 << UInt64(number & 63) }
          }
        }
        cellOfSets[feature] = cells
        result.append(
          Sets(feature: feature, cell: cells, count: keys.count, codes: codes, stride: stride, bits: bits))
        cells += keys.count
      }
      return result
    }

    mutating func add(_ tree: DecisionTree, _ number: Int) -> Bool {
      roots.append(UInt32(nodes.count))
      places.append(Int32(number))
      append(1)
      var depth = 0
      var level = [(source: 0, node: nodes.count - 1)]
      while !level.isEmpty {
        var next: [(source: Int, node: Int)] = []
        for (source, node) in level {
          let given = tree.nodes[source]
          if given.isLeaf {
            values[node] = given.value
            continue
          }
          guard Int(given.feature) < width, let (cell, threshold) = test(given) else { return false }
          let below = nodes.count
          append(2)
          nodes[node] = assay_walk_node(threshold: threshold, below: UInt32(below), cell: UInt32(cell))
          next += [(Int(given.left), below), (Int(given.right), below + 1)]
        }
        level = next
        if !next.isEmpty { depth += 1 }
      }
      depths.append(Int32(depth))
      return true
    }

    /// Leaves until they are something else.
    private mutating func append(_ count: Int) {
      for _ in 0..<count {
        nodes.append(assay_walk_node(threshold: .infinity, below: UInt32(nodes.count), cell: 0))
        values.append(0)
      }
    }

    /// The cell that is compared, and what it has to be larger than to go right.
    private func test(_ node: DecisionTree.Node) -> (cell: Int, threshold: Double)? {
      let feature = Int(node.feature)
      switch node.test {
      case .below(let threshold):
        let sight: Sight = node.missingGoesLeft ? .missingLeft : .missingRight
        return (feature + sight.rawValue * width, Double(threshold.nextDown))
      case .atMost(let threshold):
        let sight: Sight
        switch node.missingRule {
        case .notANumber: sight = node.missingGoesLeft ? .missingLeft : .missingRight
        case .never: sight = 0 <= threshold ? .missingLeft : .missingRight
        case .zero: sight = node.missingGoesLeft ? .zeroLeft : .zeroRight
        }
        return (feature + sight.rawValue * width, threshold)
      case .member:
        guard let cell = cellOfSets[feature], let key = Self.key(node), let set = found[feature]?[key] else {
          return nil
        }
        return (cell + set, 0.5)
      }
    }

    /// Puts trees of the same depth together, eight to a group.
    mutating func group() {
      let order = roots.indices.sorted { (depths[$0], $0) < (depths[$1], $1) }
      let walks = Int(ASSAY_WALKS)
      let missing = (walks - order.count % walks) % walks
      if missing > 0 { append(1) }
      let idle = UInt32(max(nodes.count - 1, 0))
      let (given, numbers) = (roots, places)
      roots = order.map { given[$0] } + Array(repeating: idle, count: missing)
      // What idle walks find goes where nobody looks.
      places = order.map { numbers[$0] } + Array(repeating: Int32(order.count), count: missing)
      let sorted = order.map { depths[$0] } + Array(repeating: 0, count: missing)
      steps = stride(from: 0, to: sorted.count, by: walks).map { sorted[$0..<$0 + walks].max() ?? 0 }
    }
  }
}

/// The memory of one walker.
final class TreeWalk {
  private let trees: WalkedTrees
  private let cells: UnsafeMutablePointer<Double>
  private let leaves: UnsafeMutablePointer<Double>

  init(_ trees: WalkedTrees) {
    self.trees = trees
    cells = .allocate(capacity: max(trees.cells, 1))
    cells.initialize(repeating: 0, count: max(trees.cells, 1))
    leaves = .allocate(capacity: trees.outputs.count + 1)
    leaves.initialize(repeating: 0, count: trees.outputs.count + 1)
  }

  deinit {
    cells.deallocate()
    leaves.deallocate()
  }

  /// What each tree's leaf is worth for a row, in the order of the trees.
  ///
  /// - Parameter features: `[width]`, NaN where missing.
  func leaves(of features: UnsafePointer<Double>) -> UnsafeBufferPointer<Double> {
    let width = trees.width
    for feature in 0..<width {
      var value = features[feature]
      if trees.roundsToSingle { value = Double(Float(value)) }
      let isMissing = value.isNaN
      cells[feature] = isMissing ? -.infinity : value
      cells[width + feature] = isMissing ? .infinity : value
      if trees.tellsZero {
        let isZero = isMissing || abs(value) <= 1e-35
        cells[2 * width + feature] = isZero ? -.infinity : value
        cells[3 * width + feature] = isZero ? .infinity : value
      }
    }
    for sets in trees.sets {
      let value = features[sets.feature]
      var code = sets.codes
      if value.isNaN { code += 1 } else if value > -1, value < Double(sets.codes) { code = Int(value) }
      sets.bits.withUnsafeBufferPointer { bits in
        guard let start = bits.baseAddress else { return }
        assay_spread_bits(start + code * sets.stride, Int32(sets.count), cells + sets.cell)
      }
    }
    assay_walk_trees(
      trees.nodes, trees.values, trees.roots, trees.steps, trees.places, Int32(trees.steps.count), cells, leaves)
    return UnsafeBufferPointer(start: leaves, count: trees.outputs.count)
  }
}
