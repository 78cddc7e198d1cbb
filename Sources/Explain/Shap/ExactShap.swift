// Shapley values by the definition: every subset of the features that the model uses. Shares no formula with the faster
// ways, and so checks them.

import Jobs

/// Enumerates all subsets of up to 16 features.
public struct ExactShap: Sendable {
  public static let featureLimit = 16

  private let model: TreeEnsemble
  private let background: [[Double]]
  /// The players: features that some test looks at. The others get 0.
  private let players: [Int]

  /// - Parameter background: rows whose values absent features take; nil lets them follow both branches by cover.
  /// - Throws: `ExplainError.tooManyFeatures`.
  public init(_ model: TreeEnsemble, background: FeatureRows? = nil) throws {
    players = model.usedFeatures
    guard players.count <= Self.featureLimit else {
      throw ExplainError.tooManyFeatures(count: players.count, limit: Self.featureLimit)
    }
    self.model = model
    self.background = background.map { rows in (0..<rows.count).map(rows.row) } ?? []
  }

  /// By output: the worth of every subset of the players, by bit mask.
  private func worths(of row: [Double]) -> [[Double]] {
    var worths = Array(repeating: Array(repeating: 0.0, count: 1 << players.count), count: model.outputs)
    var isPresent = Array(repeating: false, count: model.features.count)
    for mask in 0..<1 << players.count {
      for (bit, player) in players.enumerated() { isPresent[player] = mask >> bit & 1 == 1 }
      for (output, margin) in margins(of: row, isPresent).enumerated() { worths[output][mask] = margin }
    }
    return worths
  }

  private func margins(of row: [Double], _ isPresent: [Bool]) -> [Double] {
    guard background.isEmpty else {
      var sums = Array(repeating: 0.0, count: model.outputs)
      for other in background {
        let mixed = row.indices.map { isPresent[$0] ? row[$0] : other[$0] }
        for (output, margin) in model.margins(mixed).enumerated() { sums[output] += margin }
      }
      return sums.map { $0 / Double(background.count) }
    }
    var margins = model.baseMargins
    for tree in model.trees {
      func expected(_ number: Int32) -> Double {
        let node = tree.nodes[Int(number)]
        if node.isLeaf { return node.value }
        let feature = Int(node.feature)
        if isPresent[feature] { return expected(node.goesLeft(row[feature]) ? node.left : node.right) }
        return tree.share(of: node.left, under: node) * expected(node.left)
          + tree.share(of: node.right, under: node) * expected(node.right)
      }
      margins[tree.output] += expected(0)
    }
    return margins
  }

  /// By output and feature, and the worth of no features by output.
  public func values(of row: [Double]) -> (values: [[Double]], base: [Double]) {
    let weights = CoalitionWeights.of(players.count)
    let worths = worths(of: row)
    let values = worths.map { worths in
      var values = Array(repeating: 0.0, count: model.features.count)
      for (bit, player) in players.enumerated() {
        for mask in worths.indices where mask >> bit & 1 == 0 {
          values[player] += weights[mask.nonzeroBitCount] * (worths[mask | 1 << bit] - worths[mask])
        }
      }
      return values
    }
    return (values, worths.map { $0[0] })
  }

  /// By output: interactions off the diagonal, main effects on it.
  public func interactions(of row: [Double]) -> [[[Double]]] {
    let count = model.features.count
    let weights = CoalitionWeights.of(players.count - 1)
    let values = values(of: row).values
    return worths(of: row).enumerated().map { output, worths in
      var table = Array(repeating: Array(repeating: 0.0, count: count), count: count)
      for (a, i) in players.enumerated() {
        for (b, j) in players.enumerated().dropFirst(a + 1) {
          let (first, second) = (1 << a, 1 << b)
          var sum = 0.0
          for mask in worths.indices where mask & (first | second) == 0 {
            let change = worths[mask | first | second] - worths[mask | first] - worths[mask | second] + worths[mask]
            sum += weights[mask.nonzeroBitCount] * change
          }
          table[i][j] = sum / 2
          table[j][i] = sum / 2
        }
      }
      for i in 0..<count { table[i][i] = values[output][i] - table[i].reduce(0, +) }
      return table
    }
  }

  /// The same for many rows.
  /// - Throws: `JobCancelled`.
  public func explain(
    _ rows: FeatureRows, hasInteractions: Bool = false, context: any JobContext = SilentContext()
  ) throws -> ShapValues {
    let base = values(of: Array(repeating: .nan, count: model.features.count)).base
    var result = ShapValues(
      rows: rows.count, features: model.features.count, outputs: model.outputs, baseValues: base)
    result.values.removeAll()
    result.predictions.removeAll()
    for number in 0..<rows.count {
      try context.checkCancelled()
      context.report(Double(number) / Double(rows.count), "explaining rows")
      let row = rows.row(number)
      for values in values(of: row).values { result.values += values }
      result.predictions += model.margins(row)
      if hasInteractions { result.interactions += interactions(of: row).flatMap { $0.flatMap(\.self) } }
    }
    return result
  }
}
