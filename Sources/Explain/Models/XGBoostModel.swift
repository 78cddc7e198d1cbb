// XGBoost's own model format, versions 1 to 3: https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html.

import Foundation

/// Makes trees of a document that XGBoost wrote.
struct XGBoostModel {
  private let path: String
  private let document: ModelDocument

  static func ensemble(_ document: ModelDocument, path: String) throws -> TreeEnsemble {
    try XGBoostModel(path: path, document: document).ensemble()
  }

  private func broken(_ place: String, _ reason: String) -> ExplainError {
    .broken(path: path, place: place, reason: reason)
  }

  private func ensemble() throws -> TreeEnsemble {
    guard let learner = document["learner"], let booster = learner["gradient_booster"] else {
      throw ExplainError.unknownFormat(path: path)
    }
    let parameters = learner["learner_model_param"]
    let name = booster["name"]?.text ?? "gbtree"
    // Dart keeps an ordinary booster inside, and a weight for each tree.
    let inner = name == "dart" ? booster["gbtree"] : booster
    guard name != "gblinear" else {
      throw ExplainError.unsupported(
        path: path, what: "this is a linear booster, not one of trees",
        advice: "Its coefficients times the centred values are the SHAP values.")
    }
    guard let model = inner?["model"], let trees = model["trees"]?.list else {
      throw broken("gradient_booster", "there are no trees")
    }
    guard let featureCount = parameters?["num_feature"]?.number.flatMap({ Int(exactly: $0) }),
      (1...1_000_000).contains(featureCount)
    else {
      throw broken("learner_model_param", "num_feature is missing")
    }
    let classes = max(
      parameters?["num_class"]?.number.map { Int(fileNumber: $0) } ?? 0,
      parameters?["num_target"]?.number.map { Int(fileNumber: $0) } ?? 1, 1)
    guard classes <= 100_000 else { throw broken("learner_model_param", "num_class is \(classes)") }
    let outputs = model["tree_info"]?.numbers ?? []
    guard outputs.isEmpty || outputs.count == trees.count else {
      throw broken("tree_info", "it names \(outputs.count) trees where there are \(trees.count)")
    }
    let weights = name == "dart" ? booster["weight_drop"]?.numbers : nil
    if let weights, weights.count != trees.count {
      throw broken("weight_drop", "it has \(weights.count) weights for \(trees.count) trees")
    }
    let read = try trees.enumerated().map { number, tree in
      let output = outputs.isEmpty ? 0 : Int(fileNumber: outputs[number])
      guard (0..<classes).contains(output) else { throw broken("tree \(number)", "it belongs to no output") }
      return try self.tree(tree, number, output: output, weight: weights?[number] ?? 1, features: featureCount)
    }
    let objective = learner["objective"]?["name"]?.text ?? ""
    let (names, hasNames) = featureNames(learner, featureCount)
    let categories = categories(model["cats"], featureCount)
    return TreeEnsemble(
      maker: "XGBoost", objective: objective,
      features: names.enumerated().map { .init(name: $1, categories: categories[$0]) }, hasFeatureNames: hasNames,
      trees: read, baseMargins: try baseMargins(parameters, objective, outputs: classes),
      link: Self.link(objective), roundsToSingle: true)
  }

  private func featureNames(_ learner: ModelDocument, _ count: Int) -> (names: [String], areGiven: Bool) {
    let names = learner["feature_names"]?.list?.compactMap(\.text) ?? []
    return names.count == count && count > 0 ? (names, true) : ((0..<count).map { "f\($0)" }, false)
  }

  /// The words of categorical features, which version 3.1 and later keep: bytes of all words, and where each begins.
  private func categories(_ container: ModelDocument?, _ count: Int) -> [[String]?] {
    var words: [[String]?] = Array(repeating: nil, count: count)
    guard let encodings = container?["enc"]?.list else { return words }
    for (feature, encoding) in encodings.enumerated() where feature < count {
      guard let values = encoding["values"]?.numbers, !values.isEmpty else { continue }
      guard let offsets = encoding["offsets"]?.numbers else {
        // Categories that are numbers.
        words[feature] = values.map { Int(exactly: $0).map(String.init) ?? "\($0)" }
        continue
      }
      let bytes = values.map { UInt8(truncatingIfNeeded: Int(fileNumber: $0)) }
      let ends = offsets.map { Int(fileNumber: $0) }
      guard ends.allSatisfy({ (0...bytes.count).contains($0) }), zip(ends, ends.dropFirst()).allSatisfy({ $0 <= $1 })
      else { continue }
      words[feature] = zip(ends, ends.dropFirst()).map { String(decoding: bytes[$0..<$1], as: UTF8.self) }
    }
    return words
  }

  private static func link(_ objective: String) -> TreeEnsemble.Link {
    switch objective {
    case "binary:logistic", "reg:logistic": .logistic
    case "multi:softprob", "multi:softmax": .softmax
    case "count:poisson", "reg:gamma", "reg:tweedie", "survival:cox", "survival:aft": .exponential
    default: .identity
    }
  }

  /// The base score is kept as a prediction and turned back into a margin.
  private func baseMargins(_ parameters: ModelDocument?, _ objective: String, outputs: Int) throws -> [Double] {
    let text = parameters?["base_score"]?.text ?? "0.5"
    let scores = text.trimmingCharacters(in: CharacterSet(charactersIn: "[]")).split(separator: ",").map {
      Float($0.trimmingCharacters(in: .whitespaces))
    }
    guard !scores.isEmpty, !scores.contains(nil), scores.count == 1 || scores.count == outputs else {
      throw broken("learner_model_param", "base_score is \(text)")
    }
    let margins = scores.map { score -> Double in
      let score = Double(score ?? 0)
      return switch objective {
      case "binary:logistic", "reg:logistic": log(score / (1 - score))
      case "count:poisson", "reg:gamma", "reg:tweedie", "survival:cox", "survival:aft": log(score)
      default: score
      }
    }
    guard margins.allSatisfy(\.isFinite) else {
      throw broken("learner_model_param", "base_score \(text) has no margin under \(objective)")
    }
    return margins.count == outputs ? margins : Array(repeating: margins[0], count: outputs)
  }

  // MARK: A tree

  private func tree(_ tree: ModelDocument, _ number: Int, output: Int, weight: Double, features: Int) throws
    -> DecisionTree
  {
    let place = "tree \(number)"
    func list(_ key: String) throws -> [Double] {
      guard let numbers = tree[key]?.numbers, !numbers.contains(where: \.isNaN) else {
        throw broken(place, "\(key) is missing")
      }
      return numbers
    }
    if let size = tree["tree_param"]?["size_leaf_vector"]?.number, size > 1 {
      throw ExplainError.unsupported(
        path: path, what: "its leaves hold a value for each of several targets",
        advice: "Train with multi_strategy=one_output_per_tree.")
    }
    let left = try list("left_children")
    let right = try list("right_children")
    let conditions = try list("split_conditions")
    let indices = try list("split_indices")
    let defaults = try list("default_left")
    let covers = try list("sum_hessian")
    guard !left.isEmpty, [right, conditions, indices, defaults, covers].allSatisfy({ $0.count == left.count }) else {
      throw broken(place, "its lists differ in length")
    }
    let types = tree["split_type"]?.numbers ?? []
    let sets = try categorySets(tree, place)
    let nodes = try left.indices.map { i -> DecisionTree.Node in
      if left[i] < 0 { return .init(leaf: Double(Float(conditions[i])) * weight, cover: covers[i]) }
      guard left[i] > 0, right[i] > 0, left[i] < Double(left.count), right[i] < Double(left.count),
        (0..<Double(features)).contains(indices[i])
      else { throw broken("\(place), node \(i)", "it names a node or a feature that is not there") }
      let test: DecisionTree.Test
      if i < types.count, types[i] == 1 {
        guard let set = sets[i] else { throw broken("\(place), node \(i)", "its categories are missing") }
        test = .member(of: set, membersGoLeft: false)
      } else {
        test = .below(Float(conditions[i]))
      }
      return .init(
        feature: Int(indices[i]), test: test, left: Int(left[i]), right: Int(right[i]),
        missingGoesLeft: defaults[i] != 0,
        cover: covers[i])
    }
    guard DecisionTree.isConnected(nodes) else { throw broken(place, "its nodes are not connected as a tree") }
    return DecisionTree(nodes: nodes, output: output)
  }

  /// The categories that go right, by node.
  private func categorySets(_ tree: ModelDocument, _ place: String) throws -> [Int: [UInt32]] {
    guard let nodes = tree["categories_nodes"]?.numbers, !nodes.isEmpty else { return [:] }
    guard let values = tree["categories"]?.numbers, let starts = tree["categories_segments"]?.numbers,
      let sizes = tree["categories_sizes"]?.numbers, starts.count == nodes.count, sizes.count == nodes.count
    else { throw broken(place, "its categories are incomplete") }
    var sets: [Int: [UInt32]] = [:]
    for (i, node) in nodes.enumerated() {
      let range = (Int(fileNumber: starts[i]), Int(fileNumber: starts[i]) + Int(fileNumber: sizes[i]))
      guard range.0 >= 0, range.0 <= range.1, range.1 <= values.count else {
        throw broken("\(place), node \(Int(fileNumber: node))", "its categories are incomplete")
      }
      sets[Int(fileNumber: node)] = try CategoryCode.set(values[range.0..<range.1].map { Int(fileNumber: $0) }) {
        broken("\(place), node \(Int(fileNumber: node))", "\($0) is no category from 0 to \(CategoryCode.limit - 1)")
      }
    }
    return sets
  }
}

extension CategoryCode {
  /// The set of some categories, 32 to a word.
  static func set(_ members: [Int], fault: (Int) -> ExplainError) throws -> [UInt32] {
    var set: [UInt32] = []
    for member in members {
      guard (0..<limit).contains(member) else { throw fault(member) }
      while set.count <= member >> 5 { set.append(0) }
      set[member >> 5] |= 1 << UInt32(member & 31)
    }
    return set
  }
}
