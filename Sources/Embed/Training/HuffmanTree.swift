// The tree of labels that fastText builds from their counts: both sides must build the same one.

/// A Huffman tree. Inner nodes have a row of the outputs.
struct HuffmanTree: Sendable {
  struct Node: Sendable {
    var parent = -1
    var left = -1
    var right = -1
    var count: Int64 = 1_000_000_000_000_000
    var isRight = false
  }

  let nodes: [Node]
  let leaves: Int

  /// - Parameter counts: of the labels, in falling order.
  init(_ counts: [Int]) {
    leaves = counts.count
    var nodes = [Node](repeating: Node(), count: max(2 * counts.count - 1, 1))
    for (number, count) in counts.enumerated() { nodes[number].count = Int64(count) }
    var leaf = counts.count - 1
    var node = counts.count
    for parent in stride(from: counts.count, to: 2 * counts.count - 1, by: 1) {
      var chosen: [Int] = []
      for _ in 0..<2 {
        if leaf >= 0, nodes[leaf].count < nodes[node].count {
          chosen.append(leaf)
          leaf -= 1
        } else {
          chosen.append(node)
          node += 1
        }
      }
      (nodes[parent].left, nodes[parent].right) = (chosen[0], chosen[1])
      nodes[parent].count = nodes[chosen[0]].count + nodes[chosen[1]].count
      nodes[chosen[0]].parent = parent
      nodes[chosen[1]].parent = parent
      nodes[chosen[1]].isRight = true
    }
    self.nodes = nodes
  }

  /// From a label to the root: rows of the outputs, and 1 where the way comes from the right.
  func path(of leaf: Int) -> [(row: Int32, code: Float)] {
    var path: [(Int32, Float)] = []
    var at = leaf
    while nodes[at].parent >= 0 {
      path.append((Int32(nodes[at].parent - leaves), nodes[at].isRight ? 1 : 0))
      at = nodes[at].parent
    }
    return path
  }
}
