// A model as the kernels take it: tests on codes, and for each tree either tables of its leaves (paths of up to six
// tests) or the edges of the quadrature (longer ones). See CTreeKernels for what the kernels do with it.
//
// What each tree became is chosen by its depth: a table serves any number of rows at two instructions for sixteen of
// them, but has an entry for each set of tests passed.

import CTreeKernels

/// How absent features behave.
enum AbsenceRule {
  /// They follow both branches by cover.
  case cover
  /// They take the values of background rows.
  case background(FeatureRows)
}

/// The parts of a program, while it is being made.
struct TreeProgramBuilder: ~Copyable {
  let model: TreeEnsemble
  let slots: ShapSlots
  let coder: ValueCoder
  let background: [[Double]]

  private(set) var splits: [assay_split] = []
  private(set) var units: [assay_unit] = []
  private(set) var edges: [assay_edge] = []
  private(set) var trees: [assay_tree] = []
  private(set) var sets: [UInt32] = []
  /// Room for all tables and remaps, and how much of it is written: what nobody touches costs nothing.
  let tables: AlignedBuffer<Float>
  let remaps: AlignedBuffer<UInt8>
  private var tableEnd = 0
  /// Where the tree's leaf values begin, and how many there are so far.
  private var firstValue = 0
  private var leaves = 0
  private(set) var slotNumbers: [Int32] = []
  private(set) var factors: [Float] = []
  /// Trees too deep for tables whose values no quadrature gives: they are walked row by row.
  private(set) var walked: [Int] = []
  /// Sum of the expected leaf values, and of the leaves that stand alone, by output.
  private(set) var expectations: [Double]
  private(set) var constants: [Double]
  private(set) var mostSplits = 1
  private(set) var mostDepths = 1
  private(set) var mostPoints = 1

  private let level: Int32
  private let leftLeaf, rightLeaf: LeafTable
  private let scratch = UnitScratch()
  /// State by masks of both leaves, -1 where there is none yet: [64][64].
  private let marks = AlignedBuffer<Int16>(repeating: -1, count: 64 * 64)
  /// Codes of the background rows: [blocks][columns][64].
  private let backgroundCodes: AlignedBuffer<UInt16>
  private var quadratures: [Int: Quadrature] = [:]

  static let tableDepth = 6

  init(_ model: TreeEnsemble, _ rule: AbsenceRule, slots: ShapSlots, level: KernelLevel) {
    (self.model, self.slots, coder) = (model, slots, ValueCoder(model.trees))
    if case .background(let rows) = rule { background = (0..<rows.count).map(rows.row) } else { background = [] }
    expectations = Array(repeating: 0, count: model.outputs)
    constants = expectations
    self.level = level.rawValue
    leftLeaf = LeafTable(hasInteractions: slots.hasInteractions, level: level)
    rightLeaf = LeafTable(hasInteractions: slots.hasInteractions, level: level)
    let room = Self.room(model, hasInteractions: slots.hasInteractions, level)
    (tables, remaps) = (AlignedBuffer(capacity: room.tables), AlignedBuffer(capacity: room.units * 64))
    units.reserveCapacity(room.units)
    slotNumbers.reserveCapacity(
      room.units * LeafTable.slots(features: LeafTable.featureLimit, hasInteractions: slots.hasInteractions))
    splits.reserveCapacity(model.trees.reduce(0) { $0 + $1.nodes.count / 2 })
    let columns = coder.columns.count
    if case .background(let rows) = rule {
      backgroundCodes = AlignedBuffer(repeating: 0, count: (rows.count + 63) / 64 * columns * 64)
      coder.encode(rows, 0..<rows.count, into: backgroundCodes.pointer)
    } else {
      backgroundCodes = AlignedBuffer(repeating: 0, count: 0)
    }
    for number in model.trees.indices { add(number) }
  }

  /// Floats of tables, and units, at most.
  private static func room(
    _ model: TreeEnsemble, hasInteractions: Bool, _ level: KernelLevel
  ) -> (tables: Int, units: Int) {
    var (tables, units) = (0, 0)
    for tree in model.trees where !tree.nodes[0].isLeaf {
      let depth = tree.depth
      guard depth <= tableDepth else { continue }
      let count = tree.nodes.count { node in
        !node.isLeaf && (tree.nodes[Int(node.left)].isLeaf || tree.nodes[Int(node.right)].isLeaf)
      }
      let slots = LeafTable.slots(features: depth, hasInteractions: hasInteractions)
      tables += 64 + count * Int(assay_table_slots(level.rawValue, Int32(slots))) * max(16, 1 << depth)
      units += count
    }
    return (tables, units)
  }

  private mutating func add(_ number: Int) {
    let tree = model.trees[number]
    if tree.nodes[0].isLeaf {
      expectations[tree.output] += tree.nodes[0].value
      constants[tree.output] += tree.nodes[0].value
      return
    }
    let depth = tree.depth
    let usesTables = depth <= Self.tableDepth
    if !usesTables, slots.hasInteractions || !background.isEmpty {
      walked.append(number)
      expectations[tree.output] += expectation(of: tree)
      return
    }
    expectations[tree.output] += expectation(of: tree)
    var record = assay_tree()
    (record.first_split, record.first_unit, record.first_edge) = (
      Int32(splits.count), Int32(units.count), Int32(edges.count)
    )
    record.first_factor = Int32(factors.count)
    record.prediction = Int32(slots.prediction(tree.output))
    if usesTables {
      addTables(of: tree, &record)
    } else {
      addEdges(of: tree, &record)
    }
    record.splits = Int32(splits.count) - record.first_split
    record.units = Int32(units.count) - record.first_unit
    record.edges = Int32(edges.count) - record.first_edge
    mostSplits = max(mostSplits, Int(record.splits))
    trees.append(record)
  }

  private mutating func addTables(of tree: DecisionTree, _ record: inout assay_tree) {
    record.values = Int32(tableEnd)
    (tables.pointer + tableEnd).update(repeating: 0, count: 64)
    (firstValue, leaves) = (tableEnd, 0)
    tableEnd += 64
    var path = TablePath(background: background.count)
    addTests(tree, 0, depth: 0, parent: 0, first: splits.count, &path)
    // Units alike stand together: the kernels' loops then go the same way many times.
    units[Int(record.first_unit)...].sort { ($0.size, $0.slots) < ($1.size, $1.slots) }
  }

  private func expectation(of tree: DecisionTree) -> Double {
    guard !background.isEmpty else { return tree.expectation }
    return background.reduce(0) { $0 + tree.value(of: $1) } / Double(background.count)
  }

  private mutating func addSplit(_ node: DecisionTree.Node, parent: Int, depth: Int) {
    var split = assay_split()
    let (column, codes) = coder.place(of: node)
    split.column = Int32(column)
    split.parent = Int32(parent)
    split.offset = node.missingGoesLeft ? 1 : 0
    split.limit = UInt16(codes) + split.offset
    split.bit = depth < 8 ? 1 << UInt8(depth) : 0
    split.set = -1
    if case .member(let set, let membersGoLeft) = node.test {
      split.set = Int32(sets.count)
      split.set_words = Int32(set.count)
      split.members_left = membersGoLeft ? 1 : 0
      split.missing_left = node.missingGoesLeft ? 1 : 0
      sets += set
    }
    splits.append(split)
  }

  // MARK: Tables

  /// The tests from the root to where the builder is.
  private struct TablePath {
    var features: [Int] = []
    var goesLeft: [Bool] = []
    var shares: [Double] = []
    /// By depth: for each background row its pattern above the test there.
    var patterns: [[UInt8]]

    init(background rows: Int) {
      patterns = Array(repeating: Array(repeating: 0, count: rows), count: rows == 0 ? 0 : 8)
    }
  }

  private mutating func addTests(
    _ tree: DecisionTree, _ number: Int32, depth: Int, parent: Int, first: Int, _ path: inout TablePath
  ) {
    let node = tree.nodes[Int(number)]
    addSplit(node, parent: parent, depth: depth)
    let slot = splits.count - first
    path.features.append(Int(node.feature))
    defer { path.features.removeLast() }
    if !background.isEmpty { extendPatterns(node, depth, &path) }
    if tree.nodes[Int(node.left)].isLeaf, tree.nodes[Int(node.right)].isLeaf {
      addUnit(tree, node, left: node.left, right: node.right, depth, slot, path)
      return
    }
    for (child, isLeft) in [(node.left, true), (node.right, false)] {
      if tree.nodes[Int(child)].isLeaf {
        addUnit(tree, node, left: isLeft ? child : -1, right: isLeft ? -1 : child, depth, slot, path)
        continue
      }
      path.goesLeft.append(isLeft)
      path.shares.append(tree.share(of: child, under: node))
      addTests(tree, child, depth: depth + 1, parent: slot, first: first, &path)
      path.goesLeft.removeLast()
      path.shares.removeLast()
    }
  }

  private func extendPatterns(_ node: DecisionTree.Node, _ depth: Int, _ path: inout TablePath) {
    let bit: UInt8 = 1 << UInt8(depth)
    guard let split = splits.last, split.set < 0 else {
      for (row, values) in background.enumerated() {
        let isLeft = node.goesLeft(values[Int(node.feature)])
        path.patterns[depth + 1][row] = path.patterns[depth][row] | (isLeft ? bit : 0)
      }
      return
    }
    let columns = coder.columns.count
    for row in background.indices {
      let code = backgroundCodes.pointer[(row >> 6 * columns + Int(split.column)) << 6 + row & 63]
      path.patterns[depth + 1][row] = path.patterns[depth][row] | (code &+ split.offset < split.limit ? bit : 0)
    }
  }

  /// A unit of the leaves under a test; -1 where a side is no leaf.
  private mutating func addUnit(
    _ tree: DecisionTree, _ node: DecisionTree.Node, left: Int32, right: Int32, _ depth: Int, _ slot: Int,
    _ path: borrowing TablePath
  ) {
    // The path's distinct features are the players; which of them each test looks at.
    let (players, playerOfTest) = (scratch.players.pointer, scratch.playerOfTest.pointer)
    var count = 0
    for test in 0...depth {
      var at = 0
      while at < count, players[at] != path.features[test] { at += 1 }
      if at == count {
        players[at] = path.features[test]
        count += 1
      }
      playerOfTest[test] = UInt8(at)
    }
    var sides: UInt32 = 0
    for test in 0..<depth where path.goesLeft[test] { sides |= 1 << UInt32(test) }
    let last: UInt32 = 1 << UInt32(depth)
    solve(tree, node, left, leftLeaf, scratch.leftMasks.pointer, sides | last, depth, count, path)
    solve(tree, node, right, rightLeaf, scratch.rightMasks.pointer, sides, depth, count, path)

    let slotCount = LeafTable.slots(features: count, hasInteractions: slots.hasInteractions)
    let remap = units.count * 64
    let zeros = scratch.zeros.pointer
    let size = assay_join_leaves(
      level, scratch.leftMasks.pointer, scratch.rightMasks.pointer, Int32(2 << depth),
      left >= 0 ? leftLeaf.values : zeros, right >= 0 ? rightLeaf.values : zeros, Int32(slotCount), marks.pointer,
      remaps.pointer + remap, tables.pointer + tableEnd)
    var unit = assay_unit()
    (unit.split, unit.size, unit.slots) = (Int32(slot), size, Int32(slotCount))
    (unit.first_slot, unit.table, unit.remap) = (Int32(slotNumbers.count), Int32(tableEnd), Int32(remap))
    (unit.left_path, unit.left_leaf) = number(left, of: tree, path: sides | last)
    (unit.right_path, unit.right_leaf) = number(right, of: tree, path: sides)
    units.append(unit)
    appendSlots(count, tree.output)
    tableEnd += Int(size * assay_table_slots(level, Int32(slotCount)))
  }

  /// Solves a leaf's game, and finds by pattern which players pass. Where there is no leaf, none does.
  private func solve(
    _ tree: DecisionTree, _ node: DecisionTree.Node, _ leaf: Int32, _ table: borrowing LeafTable,
    _ masks: UnsafeMutablePointer<UInt8>, _ sides: UInt32, _ depth: Int, _ count: Int, _ path: borrowing TablePath
  ) {
    guard leaf >= 0 else { return masks.update(repeating: 0, count: 64) }
    let playerOfTest = scratch.playerOfTest.pointer
    assay_leaf_masks(level, playerOfTest, Int32(depth + 1), sides, Int32(count), masks)
    let value = tree.nodes[Int(leaf)].value
    let shares = scratch.shares.pointer
    if background.isEmpty {
      for player in 0..<count { shares[player] = 1 }
      for test in 0..<depth { shares[Int(playerOfTest[test])] *= path.shares[test] }
      shares[Int(playerOfTest[depth])] *= tree.share(of: leaf, under: node)
      table.solve(value: value, shares: shares, features: count)
      return
    }
    for mask in 0..<64 { shares[mask] = 0 }
    let weight = 1 / Double(background.count)
    path.patterns[depth + 1].withUnsafeBufferPointer { patterns in
      for pattern in patterns { shares[Int(masks[Int(pattern)])] += weight }
    }
    table.solve(value: value, backgroundShares: shares, features: count)
  }

  /// Gives a leaf its number and writes down its value: where rows go that reach it, and a path that none takes for none.
  private mutating func number(_ leaf: Int32, of tree: DecisionTree, path: UInt32) -> (path: UInt8, leaf: UInt8) {
    guard leaf >= 0 else { return (0xFF, 0) }
    defer { leaves += 1 }
    tables.pointer[firstValue + leaves] = Float(tree.nodes[Int(leaf)].value)
    return (UInt8(path), UInt8(leaves))
  }

  private mutating func appendSlots(_ count: Int, _ output: Int) {
    let features = scratch.players.pointer
    for player in 0..<count { slotNumbers.append(Int32(slots.value(features[player], output))) }
    guard slots.hasInteractions else { return }
    for player in 0..<count {
      for other in player + 1..<max(count, player + 1) {
        slotNumbers.append(Int32(slots.pair(features[player], features[other], output)))
      }
    }
  }

  // MARK: Edges

  private mutating func addEdges(of tree: DecisionTree, _ record: inout assay_tree) {
    var numbers = Array(repeating: Int32(-1), count: tree.nodes.count)
    for (number, node) in tree.nodes.enumerated() where !node.isLeaf {
      numbers[number] = Int32(splits.count) - record.first_split
      addSplit(node, parent: 0, depth: 0)
    }
    let points = Quadrature.count(forFeatures: tree.mostFeaturesOnAPath)
    record.points = Int32(points)
    mostPoints = max(mostPoints, points)
    mostDepths = max(mostDepths, tree.depth + 1)
    let quadrature = quadratures[points] ?? Quadrature(points)
    quadratures[points] = quadrature
    var path: [(feature: Int, share: Double)] = []
    addEdges(under: 0, of: tree, numbers, quadrature, &path)
  }

  private mutating func addEdges(
    under number: Int32, of tree: DecisionTree, _ numbers: [Int32], _ quadrature: Quadrature,
    _ path: inout [(feature: Int, share: Double)]
  ) {
    let node = tree.nodes[Int(number)]
    let feature = Int(node.feature)
    for (child, isLeft) in [(node.left, true), (node.right, false)] {
      let below = tree.nodes[Int(child)]
      let previous = path.lastIndex { $0.feature == feature }
      let before = previous.map { path[$0].share } ?? 1
      let share = before * tree.share(of: child, under: node)
      let start = factors.count
      appendFactors(quadrature, share: share, before: previous == nil ? nil : before)
      var edge = assay_edge(
        split: numbers[Int(number)], slot: Int32(slots.value(feature, tree.output)), depth: Int16(path.count),
        previous: Int16(previous ?? -1), kind: below.isLeaf ? 1 : 0, left: isLeft ? 1 : 0,
        value: Float(below.isLeaf ? below.value : 0))
      edges.append(edge)
      if below.isLeaf { continue }
      path.append((feature, share))
      addEdges(under: child, of: tree, numbers, quadrature, &path)
      path.removeLast()
      edge.kind = 2
      edges.append(edge)
      factors.append(contentsOf: Array(factors[start..<start + 5 * quadrature.points.count]))
    }
  }

  /// For each point what an edge multiplies the product by (the row passes; it fails here; it failed the feature's edge
  /// above already), and what its feature's part of the sum below is (passes; fails). A feature's edge takes back what its
  /// edge above gave.
  private mutating func appendFactors(_ quadrature: Quadrature, share: Double, before: Double?) {
    let count = quadrature.points.count
    let start = factors.count
    factors.append(contentsOf: repeatElement(0, count: 5 * count))
    for q in 0..<count {
      let (point, weight) = (quadrature.points[q], quadrature.weights[q])
      let fails = share * (1 - point)
      let passes = fails + point
      let failed = before.map { $0 * (1 - point) } ?? 1
      let passed = before.map { $0 * (1 - point) + point } ?? 1
      let given = before.map { weight * (1 - $0) / ($0 * (1 - point) + point) } ?? 0
      factors[start + q] = Float(passes / passed)
      factors[start + count + q] = Float(fails / passed)
      factors[start + 2 * count + q] = Float(failed > 0 ? fails / failed : 0)
      factors[start + 3 * count + q] = Float(weight * (1 - share) / passes - given)
      factors[start + 4 * count + q] = Float(-weight / (1 - point) - given)
    }
  }
}

/// What one unit needs while it is made.
private struct UnitScratch {
  let players = AlignedBuffer(repeating: 0, count: 8)
  let playerOfTest = AlignedBuffer<UInt8>(repeating: 0, count: 8)
  /// By pattern which players pass.
  let leftMasks = AlignedBuffer<UInt8>(repeating: 0, count: 64)
  let rightMasks = AlignedBuffer<UInt8>(repeating: 0, count: 64)
  let shares = AlignedBuffer(repeating: 0.0, count: 64)
  /// The table of a leaf that is none.
  let zeros = AlignedBuffer(
    repeating: 0.0, count: LeafTable.slots(features: LeafTable.featureLimit, hasInteractions: true) << 6)
}

extension DecisionTree {
  /// Tests on the longest path.
  var depth: Int { depth(under: 0) }

  private func depth(under number: Int32) -> Int {
    let node = nodes[Int(number)]
    return node.isLeaf ? 0 : 1 + max(depth(under: node.left), depth(under: node.right))
  }

  /// Different features on the path that has most.
  var mostFeaturesOnAPath: Int {
    var path: [Int32] = []
    return mostFeatures(under: 0, &path)
  }

  private func mostFeatures(under number: Int32, _ seen: inout [Int32]) -> Int {
    let node = nodes[Int(number)]
    if node.isLeaf { return seen.count }
    let isNew = !seen.contains(node.feature)
    if isNew { seen.append(node.feature) }
    defer { if isNew { seen.removeLast() } }
    return max(mostFeatures(under: node.left, &seen), mostFeatures(under: node.right, &seen))
  }
}

/// A program in memory that kernels read. Never changed once it is made.
final class TreeProgram: Sendable {
  let coder: ValueCoder
  let slots: ShapSlots
  let expectations, constants: [Double]
  let walked: [Int]
  let treeCount, mostSplits, mostDepths, mostPoints: Int

  private let splits: AlignedBuffer<assay_split>
  private let units: AlignedBuffer<assay_unit>
  private let edges: AlignedBuffer<assay_edge>
  private let trees: AlignedBuffer<assay_tree>
  private let sets: AlignedBuffer<UInt32>
  private let tables: AlignedBuffer<Float>
  private let remaps: AlignedBuffer<UInt8>
  private let slotNumbers: AlignedBuffer<Int32>
  private let factors: AlignedBuffer<Float>

  init(_ model: TreeEnsemble, _ rule: AbsenceRule, hasInteractions: Bool, level: KernelLevel) {
    slots = ShapSlots(features: model.features.count, outputs: model.outputs, hasInteractions: hasInteractions)
    let made = TreeProgramBuilder(model, rule, slots: slots, level: level)
    (coder, expectations, constants, walked) = (made.coder, made.expectations, made.constants, made.walked)
    (treeCount, mostSplits, mostDepths, mostPoints) = (
      made.trees.count, made.mostSplits, made.mostDepths, made.mostPoints
    )
    splits = AlignedBuffer(made.splits, or: assay_split())
    units = AlignedBuffer(made.units, or: assay_unit())
    edges = AlignedBuffer(made.edges, or: assay_edge())
    trees = AlignedBuffer(made.trees, or: assay_tree())
    sets = AlignedBuffer(made.sets, or: 0)
    (tables, remaps) = (made.tables, made.remaps)
    slotNumbers = AlignedBuffer(made.slotNumbers, or: 0)
    factors = AlignedBuffer(made.factors, or: 0)
  }

  /// Runs `body` with what the kernels take.
  func withProgram<Result>(_ body: (inout assay_program) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(self) {
      var program = assay_program(
        splits: splits.pointer, units: units.pointer, edges: edges.pointer, trees: trees.pointer, sets: sets.pointer,
        tables: tables.pointer, remaps: remaps.pointer, slots: slotNumbers.pointer, factors: factors.pointer)
      return try body(&program)
    }
  }
}
