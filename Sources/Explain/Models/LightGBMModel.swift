// LightGBM's text format: key=value lines, a group for the model and one for each tree.

import Foundation

/// Makes trees of a text that LightGBM wrote.
struct LightGBMModel {
  private typealias Group = [Substring: Substring]

  private let path: String
  private var header: Group = [:]
  private var trees: [(line: Int, group: Group)] = []
  private var pandasCategories: [[ModelDocument]] = []

  static func ensemble(_ text: String, path: String) throws -> TreeEnsemble {
    try LightGBMModel(text, path: path).ensemble()
  }

  private init(_ text: String, path: String) throws {
    self.path = path
    var isInTrees = false
    var hasEnd = false
    var line = 0
    for content in text.split(separator: "\n", omittingEmptySubsequences: false) {
      line += 1
      if content.hasPrefix("pandas_categorical:") {
        readCategories(content.dropFirst("pandas_categorical:".count))
        continue
      }
      if hasEnd { continue }
      if content == "end of trees" {
        hasEnd = true
      } else if let sign = content.firstIndex(of: "=") {
        let key = content[..<sign]
        let value = content[content.index(after: sign)...]
        if key == "Tree" {
          isInTrees = true
          trees.append((line, [:]))
        } else if isInTrees {
          trees[trees.count - 1].group[key] = value
        } else {
          header[key] = value
        }
      } else if !isInTrees, !content.isEmpty {
        // Flags stand alone: average_output, linear_tree.
        header[content] = ""
      }
    }
    guard hasEnd else { throw broken(line, "the line \"end of trees\" is missing") }
  }

  private func broken(_ line: Int, _ reason: String) -> ExplainError {
    .broken(path: path, place: "line \(line)", reason: reason)
  }

  private mutating func readCategories(_ text: Substring) {
    var bytes = Array(text.utf8)
    let lists = bytes.withUnsafeMutableBufferPointer { try? JSONDocumentReader.read(UnsafeBufferPointer($0)) }?.list
    pandasCategories = lists?.map { $0.list ?? [] } ?? []
  }

  private func ensemble() throws -> TreeEnsemble {
    guard let last = header["max_feature_idx"].flatMap({ Int($0) }), (0..<1_000_000).contains(last) else {
      throw broken(1, "max_feature_idx is missing")
    }
    let perIteration = header["num_tree_per_iteration"].flatMap { Int($0) } ?? 1
    guard (1...100_000).contains(perIteration) else { throw broken(1, "num_tree_per_iteration is \(perIteration)") }
    let names = (header["feature_names"] ?? "").split(separator: " ").map(String.init)
    let isNamed = names.count == last + 1
    let generic = (0...last).map { "Column_\($0)" }
    // A random forest predicts by the mean of its trees; LightGBM's own raw scores and contributions are their sum.
    let iterations = max(1, trees.count / perIteration)
    let weight = header["average_output"] == nil ? 1 : 1 / Double(iterations)
    let read = try trees.enumerated().map { number, tree in
      try self.tree(tree.group, line: tree.line, output: number % perIteration, weight: weight, features: last + 1)
    }
    let words = categories(read, count: last + 1)
    let objective = (header["objective"] ?? "").split(separator: " ").map(String.init)
    return TreeEnsemble(
      maker: "LightGBM", objective: objective.joined(separator: " "),
      features: (isNamed ? names : generic).enumerated().map { .init(name: $1, categories: words[$0]) },
      hasFeatureNames: isNamed && names != generic, trees: read,
      baseMargins: Array(repeating: 0, count: perIteration), link: Self.link(objective), roundsToSingle: false)
  }

  private static func link(_ objective: [String]) -> TreeEnsemble.Link {
    // A sigmoid of another steepness has no name among the links.
    let isPlain = objective.allSatisfy { !$0.hasPrefix("sigmoid:") || Double($0.dropFirst(8)) == 1 }
    switch objective.first ?? "" {
    case "binary", "cross_entropy", "xentropy": return isPlain ? .logistic : .identity
    case "multiclass", "softmax": return .softmax
    case "poisson", "gamma", "tweedie": return .exponential
    default: return .identity
    }
  }

  /// pandas' words, which stand in the order of the features that are categorical.
  private func categories(_ trees: [DecisionTree], count: Int) -> [[String]?] {
    var words: [[String]?] = Array(repeating: nil, count: count)
    guard !pandasCategories.isEmpty else { return words }
    // A range in brackets is a number's; a list with colons the categories'.
    let infos = (header["feature_infos"] ?? "").split(separator: " ")
    var features = infos.indices.filter { !infos[$0].hasPrefix("[") && infos[$0] != "none" }
    if features.count != pandasCategories.count {
      var used = Set<Int>()
      for tree in trees {
        for node in tree.nodes { if !node.isLeaf, case .member = node.test { used.insert(Int(node.feature)) } }
      }
      features = used.sorted()
    }
    guard features.count == pandasCategories.count else { return words }
    for (feature, values) in zip(features, pandasCategories) where feature < count {
      words[feature] = values.map { value in
        switch value {
        case .text(let text): text
        case .number(let number): Int(exactly: number).map(String.init) ?? "\(number)"
        case .bool(let flag): flag ? "true" : "false"
        case .null, .numbers, .list, .object: ""
        }
      }
    }
    return words
  }

  // MARK: A tree

  private func tree(_ group: Group, line: Int, output: Int, weight: Double, features: Int) throws -> DecisionTree {
    func numbers(_ key: Substring, _ count: Int) throws -> [Double] {
      let numbers = (group[key] ?? "").split(separator: " ").map { Double($0) }
      guard numbers.count == count, !numbers.contains(where: { $0?.isNaN ?? true }) else {
        throw broken(line, "\(key) of this tree has not \(count) numbers")
      }
      return numbers.map { $0 ?? 0 }
    }
    guard let leaves = group["num_leaves"].flatMap({ Int($0) }), leaves > 0 else {
      throw broken(line, "num_leaves of this tree is missing")
    }
    if group["is_linear"] == "1" {
      throw ExplainError.unsupported(
        path: path, what: "its leaves hold linear models (linear_tree)",
        advice: "Train with linear_tree=false to have exact SHAP values.")
    }
    let values = try numbers("leaf_value", leaves)
    if leaves == 1 { return DecisionTree(nodes: [.init(leaf: values[0] * weight, cover: 1)], output: output) }
    let tests = leaves - 1
    let covers = try numbers("leaf_count", leaves)
    let columns = try numbers("split_feature", tests)
    let thresholds = try numbers("threshold", tests)
    let kinds = try numbers("decision_type", tests)
    let left = try numbers("left_child", tests)
    let right = try numbers("right_child", tests)
    let counts = try numbers("internal_count", tests)
    let boundaries = (group["cat_boundaries"] ?? "").split(separator: " ").compactMap { Int($0) }
    let words = (group["cat_threshold"] ?? "").split(separator: " ").compactMap { UInt32($0) }
    // Inner nodes keep their numbers, leaf k stands after them: the file writes it as -(k + 1).
    func node(_ child: Double) throws -> Int {
      let number = child < 0 ? Double(tests - 1) - child : child
      guard number >= 1, number < Double(tests + leaves) else {
        throw broken(line, "a node of this tree is not there")
      }
      return Int(number)
    }
    var nodes: [DecisionTree.Node] = []
    for i in 0..<tests {
      guard (0..<Double(features)).contains(columns[i]) else {
        throw broken(line, "split_feature of this tree names feature \(columns[i]) of \(features)")
      }
      let kind = Int(fileNumber: kinds[i])
      var test = DecisionTree.Test.atMost(thresholds[i])
      var missing = DecisionTree.MissingRule.notANumber
      if kind & 1 == 1 {
        let set = Int(fileNumber: thresholds[i])
        guard set >= 0, set + 1 < boundaries.count, boundaries[set] >= 0, boundaries[set] <= boundaries[set + 1],
          boundaries[set + 1] <= words.count
        else { throw broken(line, "categories of this tree are missing") }
        guard boundaries[set + 1] - boundaries[set] <= CategoryCode.limit >> 5 else {
          throw ExplainError.unsupported(
            path: path, what: "it has categories above \(CategoryCode.limit - 1)", advice: "Number categories from 0.")
        }
        test = .member(of: Array(words[boundaries[set]..<boundaries[set + 1]]), membersGoLeft: true)
      } else {
        missing = kind >> 2 & 3 == 0 ? .never : kind >> 2 & 3 == 1 ? .zero : .notANumber
      }
      nodes.append(
        .init(
          feature: Int(columns[i]), test: test, left: try node(left[i]), right: try node(right[i]), missing: missing,
          missingGoesLeft: kind & 1 == 0 && kind & 2 != 0, cover: counts[i]))
    }
    for i in 0..<leaves { nodes.append(.init(leaf: values[i] * weight, cover: covers[i])) }
    guard DecisionTree.isConnected(nodes, isWhole: true) else {
      throw broken(line, "the nodes of this tree are not connected as a tree")
    }
    return DecisionTree(nodes: nodes, output: output)
  }
}
