// A row against one background row at a time: what the tables cannot do, either because the trees are too deep or
// because each pair is weighted for itself.
//
// Where both rows go the same way there is one way to go. Where they part, a feature seen before has made its choice
// already, and a new one is tried both ways (Lundberg et al. 2020, doi:10.1038/s42256-019-0138-9, algorithm 3). A leaf
// reached by n choices for the row and m for the background gives each of the n the weight (n-1)! m! / (n+m)! of its
// value, and takes n! (m-1)! / (n+m)! from each of the m.

/// Trees and background rows, ready to be walked.
struct PairWalk: Sendable {
  fileprivate struct Node: Sendable {
    var left, right, feature, output: Int32
    var value: Double
  }

  fileprivate let nodes: [Node]
  fileprivate let roots: [Int]
  fileprivate let tests: [DecisionTree.Node]
  /// By background row: whether it goes left at each node.
  fileprivate let background: [[Bool]]
  fileprivate let weights: CoalitionWeights
  fileprivate let features, outputs: Int

  /// - Parameter trees: numbers of the trees to walk.
  init(_ model: TreeEnsemble, trees: [Int], background rows: [[Double]]) {
    var nodes: [Node] = []
    var roots: [Int] = []
    var tests: [DecisionTree.Node] = []
    var most = 0
    for number in trees {
      let tree = model.trees[number]
      roots.append(nodes.count)
      let first = Int32(nodes.count)
      for node in tree.nodes {
        nodes.append(
          Node(
            left: node.isLeaf ? -1 : first + node.left, right: node.isLeaf ? -1 : first + node.right,
            feature: node.feature, output: Int32(tree.output), value: node.value))
        tests.append(node)
      }
      most = max(most, tree.mostFeaturesOnAPath)
    }
    (self.nodes, self.roots, self.tests) = (nodes, roots, tests)
    weights = CoalitionWeights(upTo: most)
    (features, outputs) = (model.features.count, model.outputs)
    background = rows.map { row in Self.directions(tests, row) }
  }

  fileprivate static func directions(_ tests: [DecisionTree.Node], _ row: [Double]) -> [Bool] {
    tests.map { !$0.isLeaf && $0.goesLeft(row[Int($0.feature)]) }
  }

  func walker() -> PairWalker { PairWalker(self) }
}

/// One row on its walks.
struct PairWalker {
  private let walk: PairWalk
  private var directions: [Bool] = []
  /// By feature: 0 undecided, 1 the row's way, 2 the background's.
  private var choices: [UInt8]
  /// [outputs][features]: values since the row was taken.
  private(set) var values: [Double]
  /// The row's margins from the walked trees, by output.
  private(set) var margins: [Double]

  fileprivate init(_ walk: PairWalk) {
    self.walk = walk
    choices = Array(repeating: 0, count: walk.features)
    values = Array(repeating: 0, count: walk.features * walk.outputs)
    margins = Array(repeating: 0, count: walk.outputs)
  }

  /// Begins with a row.
  mutating func take(_ row: [Double]) {
    directions = PairWalk.directions(walk.tests, row)
    for i in values.indices { values[i] = 0 }
    margins = margins(directions)
  }

  /// Margins of a background row from the walked trees.
  func margins(ofBackground row: Int) -> [Double] { margins(walk.background[row]) }

  private func margins(_ directions: [Bool]) -> [Double] {
    var margins = Array(repeating: 0.0, count: walk.outputs)
    for root in walk.roots {
      var at = root
      while walk.nodes[at].left >= 0 { at = Int(directions[at] ? walk.nodes[at].left : walk.nodes[at].right) }
      margins[Int(walk.nodes[at].output)] += walk.nodes[at].value
    }
    return margins
  }

  /// Adds the values against a background row.
  mutating func add(_ other: Int, weight: Double) {
    walk.nodes.withUnsafeBufferPointer { nodes in
      walk.background[other].withUnsafeBufferPointer { theirs in
        directions.withUnsafeBufferPointer { mine in
          choices.withUnsafeMutableBufferPointer { choices in
            values.withUnsafeMutableBufferPointer { values in
              let pair = Pair(
                nodes: nodes, mine: mine, theirs: theirs, choices: choices, values: values, weights: walk.weights,
                features: walk.features, scale: weight)
              for root in walk.roots { _ = pair.visit(root, 0, 0) }
            }
          }
        }
      }
    }
  }

  private struct Pair {
    let nodes: UnsafeBufferPointer<PairWalk.Node>
    let mine, theirs: UnsafeBufferPointer<Bool>
    let choices: UnsafeMutableBufferPointer<UInt8>
    let values: UnsafeMutableBufferPointer<Double>
    let weights: CoalitionWeights
    let features: Int
    let scale: Double

    /// What each choice of the row's way gains below a node, and what each of the background's loses.
    func visit(_ at: Int, _ few: Int, _ many: Int) -> (gain: Double, loss: Double) {
      let node = nodes[at]
      if node.left < 0 {
        let value = node.value * scale
        return (
          few > 0 ? value * weights[few + many, few - 1] : 0, many > 0 ? -value * weights[few + many, few] : 0
        )
      }
      let ours = Int(mine[at] ? node.left : node.right)
      if mine[at] == theirs[at] { return visit(ours, few, many) }
      let other = Int(mine[at] ? node.right : node.left)
      let feature = Int(node.feature)
      switch choices[feature] {
      case 1: return visit(ours, few, many)
      case 2: return visit(other, few, many)
      default:
        choices[feature] = 1
        let with = visit(ours, few + 1, many)
        choices[feature] = 2
        let without = visit(other, few, many + 1)
        choices[feature] = 0
        values[Int(node.output) * features + feature] += with.gain + without.loss
        return (with.gain + without.gain, with.loss + without.loss)
      }
    }
  }
}
