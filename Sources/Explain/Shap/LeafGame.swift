// A leaf as a game of its own: what it adds to an output when some features are known and the others are not.
//
// v(S) = value * product over i in S of present[i] * product over the others of absent[i]. `present` is 1 where the row
// passes the feature's tests on the path and 0 where not; `absent` is the share of training rows that pass them
// (path-dependent) or what a background row does (interventional). A tree is the sum of its leaves' games, and Shapley
// values add up (Lundberg et al. 2020, doi:10.1038/s42256-019-0138-9).

/// The games' plain solution: polynomials, multiplied out. The oracle for everything faster.
struct LeafGame {
  let value: Double
  /// By feature on the path.
  let present, absent: [Double]

  /// Coefficients by number of present players of the product of (absent + present x) without some players.
  private func coefficients(without left: [Int]) -> [Double] {
    var polynomial = [1.0]
    for i in present.indices where !left.contains(i) {
      var next = Array(repeating: 0.0, count: polynomial.count + 1)
      for (power, coefficient) in polynomial.enumerated() {
        next[power] += coefficient * absent[i]
        next[power + 1] += coefficient * present[i]
      }
      polynomial = next
    }
    return polynomial
  }

  /// The Shapley value of each feature on the path.
  var shapleyValues: [Double] {
    let weights = CoalitionWeights.of(present.count)
    return present.indices.map { i in
      let change = present[i] - absent[i]
      guard change != 0 else { return 0 }
      var sum = 0.0
      for (size, coefficient) in coefficients(without: [i]).enumerated() {
        sum += weights[size] * coefficient
      }
      return value * change * sum
    }
  }

  /// The Shapley interaction index of two features, half of it for each order (Fujimoto et al. 2006).
  func interaction(_ i: Int, _ j: Int) -> Double {
    let change = (present[i] - absent[i]) * (present[j] - absent[j])
    guard change != 0 else { return 0 }
    let weights = CoalitionWeights.of(present.count - 1)
    var sum = 0.0
    for (size, coefficient) in coefficients(without: [i, j]).enumerated() {
      sum += weights[size] * coefficient
    }
    return value * change * sum / 2
  }
}

/// A leaf and the features on its path.
struct LeafPath {
  /// In the order of their first tests.
  var features: [Int] = []
  /// By feature: whether the row passes its tests, and the share of training rows that do.
  var present: [Double] = []
  var absent: [Double] = []

  mutating func step(feature: Int, passes: Bool, absent share: Double) {
    if let at = features.firstIndex(of: feature) {
      present[at] *= passes ? 1 : 0
      absent[at] *= share
    } else {
      features.append(feature)
      present.append(passes ? 1 : 0)
      absent.append(share)
    }
  }
}

extension DecisionTree {
  /// Every leaf that counts for a row, with its path.
  /// - Parameter background: a row whose values absent features take; nil lets them follow both branches by cover.
  func leafGames(of row: [Double], background: [Double]? = nil, _ body: (LeafPath, LeafGame) -> Void) {
    func visit(_ number: Int32, _ path: LeafPath) {
      let node = nodes[Int(number)]
      if node.isLeaf { return body(path, LeafGame(value: node.value, present: path.present, absent: path.absent)) }
      let feature = Int(node.feature)
      let isLeft = node.goesLeft(row[feature])
      let other = background.map { node.goesLeft($0[feature]) }
      for (child, side) in [(node.left, true), (node.right, false)] {
        var below = path
        let absent = other.map { $0 == side ? 1 : 0 } ?? share(of: child, under: node)
        below.step(feature: feature, passes: isLeft == side, absent: absent)
        // With neither value the leaf is out of reach, whoever is present.
        if zip(below.present, below.absent).contains(where: { $0 == 0 && $1 == 0 }) { continue }
        visit(child, below)
      }
    }
    visit(0, LeafPath())
  }
}

/// SHAP values of one row the plain way: the oracle.
public struct ReferenceShap: Sendable {
  private let model: TreeEnsemble
  private let background: [[Double]]

  /// - Parameter background: rows whose values absent features take; empty lets them follow both branches by cover.
  public init(_ model: TreeEnsemble, background: FeatureRows? = nil) {
    self.model = model
    self.background = background.map { rows in (0..<rows.count).map(rows.row) } ?? []
  }

  /// By output and feature: [outputs][features].
  public func values(of row: [Double]) -> [[Double]] {
    var values = Array(repeating: Array(repeating: 0.0, count: model.features.count), count: model.outputs)
    games(of: row) { output, weight, path, game in
      for (feature, value) in zip(path.features, game.shapleyValues) { values[output][feature] += weight * value }
    }
    return values
  }

  /// By output: [outputs][features][features], main effects on the diagonal, rows add up to the SHAP values.
  public func interactions(of row: [Double]) -> [[[Double]]] {
    let none = Array(repeating: 0.0, count: model.features.count)
    var values = Array(repeating: Array(repeating: none, count: model.features.count), count: model.outputs)
    games(of: row) { output, weight, path, game in
      for i in path.features.indices {
        for j in path.features.indices.dropFirst(i + 1) {
          let value = weight * game.interaction(i, j)
          values[output][path.features[i]][path.features[j]] += value
          values[output][path.features[j]][path.features[i]] += value
        }
      }
      for (feature, value) in zip(path.features, game.shapleyValues) {
        values[output][feature][feature] += weight * value
      }
    }
    for output in values.indices {
      for i in none.indices {
        let others = none.indices.reduce(0) { $1 == i ? $0 : $0 + values[output][i][$1] }
        values[output][i][i] -= others
      }
    }
    return values
  }

  /// What the values start from, by output.
  public var baseValues: [Double] {
    guard !background.isEmpty else {
      return model.trees.reduce(into: model.baseMargins) { $0[$1.output] += $1.expectation }
    }
    let sums = background.reduce(into: Array(repeating: 0.0, count: model.outputs)) { sums, row in
      for (output, margin) in model.margins(row).enumerated() { sums[output] += margin }
    }
    return sums.map { $0 / Double(background.count) }
  }

  private func games(of row: [Double], _ body: (Int, Double, LeafPath, LeafGame) -> Void) {
    for tree in model.trees {
      if background.isEmpty {
        tree.leafGames(of: row) { body(tree.output, 1, $0, $1) }
      } else {
        for other in background {
          tree.leafGames(of: row, background: other) { body(tree.output, 1 / Double(background.count), $0, $1) }
        }
      }
    }
  }
}
