// A sum of decision trees, as XGBoost and LightGBM make them. Not a learner, and not how trees are explained.

/// Trees whose leaves add up, by output, to a margin.
public struct TreeEnsemble: Sendable, Equatable {
  /// What a feature is called, and which words its numbers stand for.
  public struct Feature: Sendable, Equatable {
    public var name: String
    /// The words of a categorical feature in the order of their codes; nil where the file has none.
    public var categories: [String]?

    public init(name: String, categories: [String]? = nil) { (self.name, self.categories) = (name, categories) }
  }

  /// How a margin becomes a prediction.
  public enum Link: String, Sendable, Equatable, Codable {
    /// The margin is the prediction.
    case identity
    /// The probability of the second of two classes: 1 / (1 + e^-margin).
    case logistic
    /// Probabilities of several classes: softmax of the margins.
    case softmax
    /// e^margin, as for counts.
    case exponential
  }

  /// What made it, such as `XGBoost`.
  public var maker: String
  /// The objective in the maker's words, such as `binary:logistic`.
  public var objective: String
  public var features: [Feature]
  /// False where the file has no names and those of the features are numbers.
  public var hasFeatureNames: Bool
  public var trees: [DecisionTree]
  /// What is added to the sum of the leaves, by output: one margin, or one for each class.
  public var baseMargins: [Double]
  public var link: Link
  /// True where values are rounded to 32 bits before they are compared.
  public var roundsToSingle: Bool

  /// Outputs: 1, or the number of classes.
  public var outputs: Int { baseMargins.count }

  /// Names of the outputs: class numbers where there are several.
  public var outputNames: [String] { outputs == 1 ? ["margin"] : (0..<outputs).map(String.init) }

  /// Margins of a row by output, by walking every tree.
  /// - Parameter row: [features], NaN where a value is missing.
  public func margins(_ row: [Double]) -> [Double] {
    var margins = baseMargins
    for tree in trees { margins[tree.output] += tree.value(of: row) }
    return margins
  }

  /// Multiplies what the leaves and the base margins add by a factor, and adds a constant to each margin.
  public mutating func scale(by factor: Double, adding constant: Double = 0) {
    for tree in trees.indices {
      for node in trees[tree].nodes.indices { trees[tree].nodes[node].value *= factor }
    }
    for output in baseMargins.indices { baseMargins[output] = baseMargins[output] * factor + constant }
  }

  /// Features that some test looks at.
  public var usedFeatures: [Int] {
    var used = Array(repeating: false, count: features.count)
    for tree in trees { for node in tree.nodes where !node.isLeaf { used[Int(node.feature)] = true } }
    return used.indices.filter { used[$0] }
  }
}

/// A tree of tests; the root is the first node.
public struct DecisionTree: Sendable, Equatable {
  /// What sends a row left.
  public enum Test: Sendable, Equatable {
    /// value < threshold, in single precision.
    case below(Float)
    /// value ≤ threshold, in double precision.
    case atMost(Double)
    /// The value is one of a set of category numbers, 32 to a word; `membersGoLeft` says where members go.
    case member(of: [UInt32], membersGoLeft: Bool)
  }

  /// Which values count as missing.
  public enum MissingRule: UInt8, Sendable, Equatable {
    /// NaN.
    case notANumber
    /// None: NaN is taken as 0.
    case never
    /// NaN and 0.
    case zero
  }

  public struct Node: Sendable, Equatable {
    /// Numbers of the nodes below; -1 in a leaf.
    public var left, right: Int32
    public var feature: Int32
    public var test: Test
    public var missingRule: MissingRule
    public var missingGoesLeft: Bool
    /// Weight of the training rows that came here: a count, or a sum of second derivatives.
    public var cover: Double
    /// What the leaf adds.
    public var value: Double

    public var isLeaf: Bool { left < 0 }

    /// A leaf.
    public init(leaf value: Double, cover: Double) {
      (left, right, feature, test, missingRule, missingGoesLeft) = (-1, -1, 0, .below(0), .notANumber, false)
      (self.cover, self.value) = (cover, value)
    }

    /// A test.
    public init(
      feature: Int, test: Test, left: Int, right: Int, missing rule: MissingRule = .notANumber,
      missingGoesLeft: Bool = true, cover: Double
    ) {
      (self.left, self.right, self.feature, self.test) = (Int32(left), Int32(right), Int32(feature), test)
      (missingRule, self.missingGoesLeft, self.cover, value) = (rule, missingGoesLeft, cover, 0)
    }

    /// Whether a value goes left.
    public func goesLeft(_ value: Double) -> Bool {
      switch test {
      case .below(let threshold): return value.isNaN ? missingGoesLeft : Float(value) < threshold
      case .atMost(let threshold):
        switch missingRule {
        case .notANumber: if value.isNaN { return missingGoesLeft }
        case .zero: if value.isNaN || abs(value) <= DecisionTree.zeroThreshold { return missingGoesLeft }
        case .never: if value.isNaN { return 0 <= threshold }
        }
        return value <= threshold
      case .member(let set, let membersGoLeft):
        if value.isNaN { return missingGoesLeft }
        guard let code = CategoryCode(value) else { return !membersGoLeft }
        return CategoryCode.isMember(code.number, of: set) == membersGoLeft
      }
    }
  }

  /// What LightGBM takes as zero.
  static let zeroThreshold = 1e-35

  public var nodes: [Node]
  /// Which output the leaves add to.
  public var output: Int

  public init(nodes: [Node], output: Int = 0) { (self.nodes, self.output) = (nodes, output) }

  /// The value of the leaf that a row reaches.
  public func value(of row: [Double]) -> Double {
    var node = nodes[0]
    while !node.isLeaf { node = nodes[Int(node.goesLeft(row[Int(node.feature)]) ? node.left : node.right)] }
    return node.value
  }

  /// The share of a node's training rows that came from the one above; a half where that had none.
  func share(of child: Int32, under node: Node) -> Double {
    let cover = nodes[Int(child)].cover
    let total = nodes[Int(node.left)].cover + nodes[Int(node.right)].cover
    // The children's sum, rather than the node's own cover, makes shares add up to 1 whatever was rounded in the file.
    return total > 0 ? cover / total : 0.5
  }

  /// True where no walk from the root comes to a node twice, or deeper than what recursion can follow.
  /// - Parameter isWhole: whether it also has to come to every node.
  static func isConnected(_ nodes: [Node], isWhole: Bool = false) -> Bool {
    var seen = Array(repeating: false, count: nodes.count)
    var open = [(number: 0, depth: 0)]
    while let (number, depth) = open.popLast() {
      if seen[number] || depth > 1_024 { return false }
      seen[number] = true
      if !nodes[number].isLeaf { open += [nodes[number].left, nodes[number].right].map { (Int($0), depth + 1) } }
    }
    return !isWhole || seen.allSatisfy(\.self)
  }

  /// Mean of the leaves, weighted by training rows.
  public var expectation: Double { expectation(under: 0) }

  private func expectation(under number: Int32) -> Double {
    let node = nodes[Int(number)]
    if node.isLeaf { return node.value }
    return share(of: node.left, under: node) * expectation(under: node.left)
      + share(of: node.right, under: node) * expectation(under: node.right)
  }
}

/// A value as the number of a category.
struct CategoryCode {
  /// Categories are below: larger ones have no code of their own.
  static let limit = 65_504

  let number: Int

  /// Nil where the value can be no category: negative or too large.
  init?(_ value: Double) {
    guard value > -1, value < 16_777_216 else { return nil }
    number = Int(value)
  }

  static func isMember(_ code: Int, of set: [UInt32]) -> Bool {
    code >> 5 < set.count && set[code >> 5] >> UInt32(code & 31) & 1 == 1
  }
}

extension Int {
  /// A number of a model file cut to a whole one; -1 where it can count nothing.
  init(fileNumber value: Double) { self = abs(value) < 0x1p40 ? Int(value) : -1 }
}
