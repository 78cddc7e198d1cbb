// The game of a tree model, whose worths need no predictions. A leaf asks about the few features of its path alone: with
// those of a coalition as in the row, it gives its value times the share of the background that passes the tests of the
// other ones. That share is a table by subset of the path's features, the same for every row; a row only decides which
// subsets can pass at all. So a leaf's part in the worths of thousands of coalitions is one lookup for each.

import CTreeKernels
import Jobs

/// The leaves of a tree model as games of the features on their paths. Made once for a model and a background.
final class LeafGames: Sendable {
  /// One or two leaves under the same test.
  fileprivate struct Unit: Sendable {
    /// The features on the path, each once.
    let features: [Int]
    /// Tests from the root to the one above the leaves: which node, whose feature, and whether the path goes left.
    let path: [(node: Int, player: Int, goesLeft: Bool)]
    /// The test above the leaves.
    let last: (node: Int, player: Int)
    /// What the leaves add, by branch; nil where a branch goes on.
    let left, right: Double?

    /// Which features of the path a row's values pass, for the left and the right leaf.
    func passed(_ goesLeft: [Bool]) -> (left: Int, right: Int) {
      var mask = (1 << features.count) - 1
      for test in path where goesLeft[test.node] != test.goesLeft { mask &= ~(1 << test.player) }
      let without = mask & ~(1 << last.player)
      return goesLeft[last.node] ? (mask, without) : (without, mask)
    }
  }

  fileprivate struct Tree: Sendable {
    let number: Int
    let output: Int
    let units: [Unit]
    /// True where some path has more features than a table.
    let isWide: Bool
  }

  let model: TreeEnsemble
  let background: [[Double]]
  let weights: [Double]
  fileprivate let trees: [Tree]
  /// By tree with tables in one register file: [units][2][64].
  fileprivate let tables: [AlignedBuffer<Float>]
  /// What leaves add that stand alone, by output.
  fileprivate let constants: [Double]

  /// Features of a path that a table is made for.
  static let featureLimit = 12
  /// Features whose table the kernels hold in registers.
  fileprivate static let smallLimit = 6

  init(_ model: TreeEnsemble, background: FeatureRows, weights: [Double]) {
    (self.model, self.weights) = (model, weights)
    let background = (0..<background.count).map(background.row)
    self.background = background
    var constants = model.baseMargins
    var trees: [Tree] = []
    var tables: [AlignedBuffer<Float>] = []
    for (number, tree) in model.trees.enumerated() {
      if tree.nodes[0].isLeaf {
        constants[tree.output] += tree.nodes[0].value
        continue
      }
      let units = Self.units(of: tree)
      let widest = units.map(\.features.count).max() ?? 0
      trees.append(Tree(number: number, output: tree.output, units: units, isWide: widest > Self.smallLimit))
      let buffer = AlignedBuffer<Float>(repeating: 0, count: widest > Self.smallLimit ? 0 : units.count * 128)
      if widest <= Self.smallLimit {
        let bits = background.map { Self.bits(tree, $0) }
        for (at, unit) in units.enumerated() {
          let (left, right) = Self.tables(unit, bits, weights)
          for (state, value) in left.enumerated() { buffer.pointer[at * 128 + state] = Float(value) }
          for (state, value) in right.enumerated() { buffer.pointer[at * 128 + 64 + state] = Float(value) }
        }
      }
      tables.append(buffer)
    }
    (self.trees, self.tables, self.constants) = (trees, tables, constants)
  }

  /// For each node whether a row goes left there.
  fileprivate static func bits(_ tree: DecisionTree, _ row: [Double]) -> [Bool] {
    tree.nodes.map { !$0.isLeaf && $0.goesLeft(row[Int($0.feature)]) }
  }

  /// By subset of the path's features, which are taken from the row: what the leaves give on average, if the row passes.
  fileprivate static func tables(_ unit: Unit, _ bits: [[Bool]], _ weights: [Double]) -> ([Double], [Double]) {
    let count = unit.features.count
    var shares = (
      Array(repeating: 0.0, count: 1 << count), Array(repeating: 0.0, count: 1 << count)
    )
    for (bits, weight) in zip(bits, weights) {
      let passed = unit.passed(bits)
      shares.0[passed.left] += weight
      shares.1[passed.right] += weight
    }
    func table(_ shares: [Double], _ value: Double?) -> [Double] {
      guard let value else { return Array(repeating: 0, count: shares.count) }
      var supersets = shares
      for bit in 0..<count {
        for mask in supersets.indices where mask >> bit & 1 == 0 { supersets[mask] += supersets[mask | 1 << bit] }
      }
      return supersets.indices.map { value * supersets[(shares.count - 1) ^ $0] }
    }
    return (table(shares.0, unit.left), table(shares.1, unit.right))
  }

  private static func units(of tree: DecisionTree) -> [Unit] {
    var units: [Unit] = []
    var features: [Int] = []
    var path: [(node: Int, player: Int, goesLeft: Bool)] = []
    func visit(_ number: Int) {
      let node = tree.nodes[number]
      let known = features.firstIndex(of: Int(node.feature))
      let player = known ?? features.count
      if known == nil { features.append(Int(node.feature)) }
      defer { if known == nil { features.removeLast() } }
      let (left, right) = (tree.nodes[Int(node.left)], tree.nodes[Int(node.right)])
      if left.isLeaf || right.isLeaf {
        units.append(
          Unit(
            features: features, path: path, last: (number, player), left: left.isLeaf ? left.value : nil,
            right: right.isLeaf ? right.value : nil))
      }
      for (child, isLeft) in [(node.left, true), (node.right, false)] where !tree.nodes[Int(child)].isLeaf {
        path.append((number, player, isLeft))
        visit(Int(child))
        path.removeLast()
      }
    }
    visit(0)
    return units
  }
}

/// Rows of a tree model.
struct TreeGame: CoalitionGame {
  let games: LeafGames
  let rows: FeatureRows
  let isParallel = false
  let level: KernelLevel

  init(_ games: LeafGames, rows: FeatureRows, level: KernelLevel = .best) {
    (self.games, self.rows, self.level) = (games, rows, level)
  }

  var features: Int { games.model.features.count }
  var outputs: Int { games.model.outputs }
  var rowCount: Int { rows.count }
  var backgroundCount: Int { games.background.count }

  func players(of row: Int) -> [Int] {
    rows.columns.indices.filter { feature in
      let value = rows.columns[feature][row]
      return games.background.contains { other in
        !(other[feature] == value || (other[feature].isNaN && value.isNaN))
      }
    }
  }

  func predictions(of rows: [Int]) throws -> [Double] { rows.flatMap { games.model.margins(self.rows.row($0)) } }

  /// Trees after which sums in single precision are added to those in double precision.
  private static let flushTrees = 20

  func worths(
    of rows: [Int], _ coalitions: Coalitions, players: [Int], context: any JobContext
  ) throws -> [Double] {
    if coalitions.backgroundRows != nil { return singles(rows, coalitions, players) }
    let count = (coalitions.count + 63) / 64 * 64
    // By feature its player's row of members, or one of zeros: where nothing differs, both sides pass the same tests.
    let zeros = AlignedBuffer<UInt8>(repeating: 0, count: count)
    let members = coalitions.members.map { row -> AlignedBuffer<UInt8> in
      let buffer = AlignedBuffer<UInt8>(repeating: 0, count: count)
      for (at, value) in row.enumerated() { buffer.pointer[at] = value }
      return buffer
    }
    var memberOf = Array(repeating: zeros, count: features)
    for (player, feature) in players.enumerated() { memberOf[feature] = members[player] }
    let values = rows.map { self.rows.row($0) }
    let sums = AlignedBuffer<Float>(repeating: 0, count: outputs * count)
    let totals = AlignedBuffer<Double>(repeating: 0, count: rows.count * outputs * count)
    for first in stride(from: 0, to: games.trees.count, by: Self.flushTrees) {
      try context.checkCancelled()
      let chunk = first..<min(first + Self.flushTrees, games.trees.count)
      addSmall(chunk, values, memberOf, count, sums, totals)
      for number in chunk where games.trees[number].isWide {
        addWide(games.trees[number], values, memberOf, coalitions, players, count, totals)
      }
    }
    var result: [Double] = []
    result.reserveCapacity(rows.count * coalitions.count * outputs)
    for row in rows.indices {
      for number in 0..<coalitions.count {
        for output in 0..<outputs {
          result.append(games.constants[output] + totals.pointer[(row * outputs + output) * count + number])
        }
      }
    }
    return result
  }

  /// Trees whose tables fit registers.
  private func addSmall(
    _ chunk: Range<Int>, _ rows: [[Double]], _ memberOf: [AlignedBuffer<UInt8>], _ count: Int,
    _ sums: AlignedBuffer<Float>, _ totals: AlignedBuffer<Double>
  ) {
    let trees = chunk.filter { !games.trees[$0].isWide }
    let units = trees.reduce(0) { $0 + games.trees[$1].units.count }
    guard units > 0 else { return }
    let codes = AlignedBuffer<UInt8>(repeating: 0, count: units * count)
    var at = 0
    for tree in trees {
      for unit in games.trees[tree].units {
        let to = codes.pointer + at * count
        for (player, feature) in unit.features.enumerated() {
          let from = memberOf[feature].pointer
          for number in 0..<count { to[number] |= from[number] &<< UInt8(player) }
        }
        at += 1
      }
    }
    for (row, values) in rows.enumerated() {
      var at = 0
      for number in trees {
        let tree = games.trees[number]
        let table = games.tables[number].pointer
        let goesLeft = LeafGames.bits(games.model.trees[tree.number], values)
        for (place, unit) in tree.units.enumerated() {
          let passed = unit.passed(goesLeft)
          assay_add_coalitions(
            level.rawValue, codes.pointer + at * count, Int32(count), table + place * 128, table + place * 128 + 64,
            Int32(unit.features.count), UInt32(passed.left), UInt32(passed.right), sums.pointer + tree.output * count)
          at += 1
        }
      }
      assay_flush(
        level.rawValue, sums.pointer, totals.pointer + row * outputs * count, Int32(outputs * count))
    }
  }

  /// A tree with longer paths: tables in memory, or each coalition with each background row.
  private func addWide(
    _ tree: LeafGames.Tree, _ rows: [[Double]], _ memberOf: [AlignedBuffer<UInt8>], _ coalitions: Coalitions,
    _ players: [Int], _ count: Int, _ totals: AlignedBuffer<Double>
  ) {
    let decisions = games.model.trees[tree.number]
    if tree.units.contains(where: { $0.features.count > LeafGames.featureLimit }) {
      for (row, values) in rows.enumerated() {
        let sums = totals.pointer + (row * outputs + tree.output) * count
        for number in 0..<coalitions.count {
          for (other, weight) in zip(games.background, games.weights) {
            let mixed = Self.mixed(values, other, coalitions, number, players)
            sums[number] += weight * decisions.value(of: mixed)
          }
        }
      }
      return
    }
    let background = games.background.map { LeafGames.bits(decisions, $0) }
    let own = rows.map { LeafGames.bits(decisions, $0) }
    let codes = AlignedBuffer<UInt16>(repeating: 0, count: count)
    for unit in tree.units {
      let (left, right) = LeafGames.tables(unit, background, games.weights)
      codes.pointer.update(repeating: 0, count: count)
      for (player, feature) in unit.features.enumerated() {
        let from = memberOf[feature].pointer
        for number in 0..<count { codes.pointer[number] |= UInt16(from[number]) &<< UInt16(player) }
      }
      var table = left
      for (row, goesLeft) in own.enumerated() {
        let passed = unit.passed(goesLeft)
        for state in table.indices {
          table[state] =
            (state & ~passed.left == 0 ? left[state] : 0) + (state & ~passed.right == 0 ? right[state] : 0)
        }
        let sums = totals.pointer + (row * outputs + tree.output) * count
        table.withUnsafeBufferPointer { table in
          for number in 0..<count { sums[number] += table[Int(codes.pointer[number])] }
        }
      }
    }
  }

  /// Coalitions that each have a background row of their own.
  private func singles(_ rows: [Int], _ coalitions: Coalitions, _ players: [Int]) -> [Double] {
    var result: [Double] = []
    for row in rows {
      let values = self.rows.row(row)
      for number in 0..<coalitions.count {
        let chosen = coalitions.backgroundRows?[number] ?? -1
        let others = chosen < 0 ? Array(games.background.indices) : [chosen]
        var sums = Array(repeating: 0.0, count: outputs)
        for other in others {
          let mixed = Self.mixed(values, games.background[other], coalitions, number, players)
          let weight = chosen < 0 ? games.weights[other] : 1
          for (output, margin) in games.model.margins(mixed).enumerated() { sums[output] += weight * margin }
        }
        result += sums
      }
    }
    return result
  }

  private static func mixed(
    _ row: [Double], _ other: [Double], _ coalitions: Coalitions, _ number: Int, _ players: [Int]
  ) -> [Double] {
    var mixed = row
    for (player, feature) in players.enumerated() where coalitions.members[player][number] == 0 {
      mixed[feature] = other[feature]
    }
    return mixed
  }
}
