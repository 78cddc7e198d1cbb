// Isolation forest: rows that few random splits set apart are unlike the others (Liu, Ting and Zhou 2008,
// doi:10.1109/ICDM.2008.17).

/// A forest of random trees, each grown on a few rows to a depth that splits them on average.
public struct IsolationForest: Codable, Sendable, Equatable {
  /// Trees are complete, so that every row takes the same number of steps: where growth ended early, all steps lead left
  /// and the value stands at the leftmost leaf below.
  struct Tree: Codable, Sendable, Equatable {
    /// A question to a row.
    struct Node: Codable, Sendable, Equatable {
      var feature: Int32
      /// Rows with a value up to this go left.
      var threshold: Float
    }

    /// [2^depth − 1]
    var nodes: [Node]
    /// [2^depth]: the path's length, with what the rows in the leaf would add.
    var lengths: [Float]
  }

  /// Rows that each tree has seen.
  public let rowsPerTree: Int
  public let depth: Int
  let trees: [Tree]

  /// - Parameters:
  ///   - samples: for each tree its rows, by column: [trees][columns][rows]; of finite numbers.
  ///   - seed: of the splits; tree by tree its own child.
  public init(samples: [[[Float]]], rowsPerTree: Int, seed: UInt64) {
    self.rowsPerTree = rowsPerTree
    var depth = 0
    while 1 << depth < rowsPerTree { depth += 1 }
    self.depth = max(1, depth)
    let random = RandomSource(seed: seed)
    let levels = self.depth
    trees = samples.enumerated().map { index, columns in
      var grower = TreeGrower(columns: columns, depth: levels, random: random.split(UInt64(index)))
      return grower.grow()
    }
  }

  public var treeCount: Int { trees.count }

  /// The mean path of an unsuccessful search in a binary tree of `count` rows.
  static func meanPath(_ count: Int) -> Double {
    guard count > 2 else { return count == 2 ? 1 : 0 }
    let n = Double(count)
    return 2 * (logarithm(n - 1) + 0.577_215_664_901_532_9) - 2 * (n - 1) / n
  }

  /// Scores rows: 0.5 − 2^(−path / mean path), so that below 0 a row is set apart sooner than average.
  /// - Parameter columns: [columns][rows], of finite numbers.
  public func scores(_ columns: [[Float]], rows: Int) -> [Double] {
    var sums = [Float](repeating: 0, count: rows)
    // Rows by rows: a tree stays in the nearest cache for all of a block.
    let block = 1024
    let width = columns.count
    var cells = [Float](repeating: 0, count: block * max(width, 1))
    for start in stride(from: 0, to: rows, by: block) {
      let size = min(block, rows - start)
      for (index, column) in columns.enumerated() {
        for row in 0..<size { cells[row * width + index] = column[start + row] }
      }
      cells.withUnsafeBufferPointer { cells in
        sums.withUnsafeMutableBufferPointer { sums in
          let slice = UnsafeMutableBufferPointer(rebasing: sums[start..<(start + size)])
          for tree in trees { tree.add(cells, width: width, depth: depth, to: slice) }
        }
      }
    }
    let whole = Self.meanPath(rowsPerTree) * Double(max(trees.count, 1))
    guard whole > 0 else { return [Double](repeating: 0, count: rows) }
    return sums.map { 0.5 - exponential(-0.693_147_180_559_945_3 * Double($0) / whole) }
  }
}

extension IsolationForest.Tree {
  func add(
    _ cells: UnsafeBufferPointer<Float>, width: Int, depth: Int, to sums: UnsafeMutableBufferPointer<Float>
  ) {
    let inner = (1 << depth) - 1
    nodes.withUnsafeBufferPointer { nodes in
      lengths.withUnsafeBufferPointer { lengths in
        func step(_ node: inout Int, _ base: Int) {
          let question = nodes[node]
          let right = cells[base &+ Int(question.feature)] > question.threshold
          node = 2 &* node &+ 1 &+ (right ? 1 : 0)
        }
        var row = 0
        // Eight rows side by side: each waits for its own node only.
        while row + 8 <= sums.count {
          var (a, b, c, d, e, f, g, h) = (0, 0, 0, 0, 0, 0, 0, 0)
          let base = row &* width
          for _ in 0..<depth {
            step(&a, base)
            step(&b, base &+ width)
            step(&c, base &+ 2 &* width)
            step(&d, base &+ 3 &* width)
            step(&e, base &+ 4 &* width)
            step(&f, base &+ 5 &* width)
            step(&g, base &+ 6 &* width)
            step(&h, base &+ 7 &* width)
          }
          sums[row] += lengths[a &- inner]
          sums[row &+ 1] += lengths[b &- inner]
          sums[row &+ 2] += lengths[c &- inner]
          sums[row &+ 3] += lengths[d &- inner]
          sums[row &+ 4] += lengths[e &- inner]
          sums[row &+ 5] += lengths[f &- inner]
          sums[row &+ 6] += lengths[g &- inner]
          sums[row &+ 7] += lengths[h &- inner]
          row &+= 8
        }
        while row < sums.count {
          var node = 0
          for _ in 0..<depth { step(&node, row &* width) }
          sums[row] += lengths[node &- inner]
          row += 1
        }
      }
    }
  }
}

/// Grows one tree.
private struct TreeGrower {
  let columns: [[Float]]
  let depth: Int
  var random: RandomSource
  private var tree: IsolationForest.Tree

  init(columns: [[Float]], depth: Int, random: RandomSource) {
    (self.columns, self.depth, self.random) = (columns, depth, random)
    let inner = (1 << depth) - 1
    tree = IsolationForest.Tree(
      nodes: [IsolationForest.Tree.Node](
        repeating: .init(feature: 0, threshold: .greatestFiniteMagnitude), count: inner),
      lengths: [Float](repeating: 0, count: inner + 1))
  }

  mutating func grow() -> IsolationForest.Tree {
    split(node: 0, level: 0, rows: Array(0..<(columns.first?.count ?? 0)))
    return tree
  }

  private mutating func split(node: Int, level: Int, rows: [Int]) {
    guard level < depth, rows.count > 1, let (feature, threshold) = choose(rows) else {
      var leaf = node
      for _ in level..<depth { leaf = 2 * leaf + 1 }
      tree.lengths[leaf - (1 << depth) + 1] = Float(Double(level) + IsolationForest.meanPath(rows.count))
      return
    }
    tree.nodes[node] = .init(feature: Int32(feature), threshold: threshold)
    let values = columns[feature]
    split(node: 2 * node + 1, level: level + 1, rows: rows.filter { values[$0] <= threshold })
    split(node: 2 * node + 2, level: level + 1, rows: rows.filter { values[$0] > threshold })
  }

  /// A random column of those that tell the rows apart, and a random value between their ends.
  private mutating func choose(_ rows: [Int]) -> (feature: Int, threshold: Float)? {
    var left = Array(columns.indices)
    while !left.isEmpty {
      let feature = left.remove(at: random.nextIndex(below: left.count))
      let values = columns[feature]
      var (low, high) = (values[rows[0]], values[rows[0]])
      for row in rows {
        low = min(low, values[row])
        high = max(high, values[row])
      }
      guard low < high else { continue }
      let place = Float(random.nextUnit())
      let threshold = low / 2 + (high / 2 - low / 2) * place + low / 2 + (high / 2 - low / 2) * place
      return (feature, threshold < high ? max(threshold, low) : low)
    }
    return nil
  }
}
