import Explain
import Foundation
import Jobs
import Numerics
import Testing

@testable import Learn

/// Trees walked without their library say what the library says.
@Suite struct WalkedModelTests {
  /// Numbers and categories, a tenth of them missing; the label follows from both.
  private static func data(_ outputs: Int, rows: Int = 600) -> (EncodedFeatures, Labels) {
    var random = RandomSource(seed: 11)
    var columns = Array(repeating: [Double](), count: 6)
    var signal: [Double] = []
    for _ in 0..<rows {
      let numbers = (0..<4).map { _ in (random.nextNormal() * 64).rounded() / 64 }
      let codes = [Double(random.nextIndex(below: 9)), Double(random.nextIndex(below: 70))]
      signal.append(
        numbers[0] + numbers[1] * numbers[2] + sin(codes[0] * 3) + cos(codes[1]) + 0.3 * random.nextNormal())
      for (column, value) in (numbers + codes).enumerated() {
        columns[column].append(random.nextUnit() < 0.1 ? .nan : value)
      }
    }
    let labels: Labels =
      switch outputs {
      case 1: .numbers(signal)
      case 2: .classes(signal.map { $0 > 0 ? 1 : 0 }, count: 2)
      default: .classes(signal.map { min(max(Int($0 + 1.5), 0), outputs - 1) }, count: outputs)
      }
    let matrix = FeatureMatrix(rows: rows, features: 6, values: Array(columns.joined()))
    return (EncodedFeatures(matrix: matrix, categorical: [4, 5]), labels)
  }

  /// Rows with what no training row had: codes without a set, negative ones, and very large numbers.
  private static func asked(_ trained: FeatureMatrix) -> FeatureMatrix {
    var columns = (0..<6).map { Array(trained.column($0)) }
    for (row, value) in [-3.0, 700, 1e9, 8.5, -0.5].enumerated() {
      columns[4][row] = value
      columns[5][row + 5] = value
    }
    for (row, value) in [0.0, -0.0, 1e30, -1e30, Double.leastNonzeroMagnitude, 1e-36].enumerated() {
      columns[0][row] = value
    }
    for column in 0..<6 { columns[column][20] = .nan }
    return FeatureMatrix(rows: trained.rows, features: 6, values: Array(columns.joined()))
  }

  private static func trained(_ learner: any Learner, _ outputs: Int) throws -> (any TrainedModel, EncodedFeatures) {
    let (features, labels) = data(outputs)
    let task = TrainingTask(
      features: features, labels: labels, validation: features, validationLabels: labels,
      objective: outputs == 1 ? .mse : .logLoss, seed: 3, deadline: .none)
    let model = try learner.fit(task, context: SilentContext())
    return (model, EncodedFeatures(matrix: asked(features.matrix), categorical: features.categorical))
  }

  private static func reloaded(_ spec: LearnerSpec, _ model: any TrainedModel, _ outputs: Int) throws
    -> any TrainedModel
  {
    try spec.load(model.files(), width: 6, outputs: outputs)
  }

  @Test(arguments: [1, 2, 4], [false, true]) func treesOfLightGBMAnswerToTheLastBit(_ outputs: Int, _ isExtra: Bool)
    throws
  {
    var options = BoostingOptions(rounds: 60)
    options.isExtra = isExtra
    let spec = LearnerSpec.lightGBM(options)
    let (model, asked) = try Self.trained(spec.learner, outputs)
    let loaded = try Self.reloaded(spec, model, outputs)
    #expect((loaded as? LightGBMModel)?.walked != nil)
    #expect(try loaded.predict(asked) == model.predict(asked))
  }

  @Test(arguments: [1, 2, 4]) func forestsAnswerToTheLastBit(_ outputs: Int) throws {
    let spec = LearnerSpec.forest(ForestSettings(trees: 40, leaves: 64))
    let (model, asked) = try Self.trained(spec.learner, outputs)
    let loaded = try Self.reloaded(spec, model, outputs)
    #expect((loaded as? ForestModel)?.walked.count == (outputs > 2 ? outputs : 1))
    #expect(try loaded.predict(asked) == model.predict(asked))
  }

  @Test(arguments: [1, 2, 4]) func treesOfXGBoostAnswerAsItDoes(_ outputs: Int) throws {
    let spec = LearnerSpec.xgboost(BoostingOptions(rounds: 60))
    let (model, asked) = try Self.trained(spec.learner, outputs)
    let loaded = try Self.reloaded(spec, model, outputs)
    #expect((loaded as? XGBoostModel)?.walked != nil)
    // Single precision: sums and exponentials are taken in the same order, the base score comes out of the file rounded.
    for (found, expected) in zip(try loaded.predict(asked), try model.predict(asked)) {
      #expect(abs(found - expected) <= 1e-6 * max(1, abs(expected)), "\(found) \(expected)")
    }
  }

  @Test func everyKindOfTestGoesWhereThePlainWalkGoes() throws {
    var random = RandomSource(seed: 4)
    func node(_ left: Int, _ right: Int) -> DecisionTree.Node {
      let feature = random.nextIndex(below: 3)
      let threshold = Double(random.nextIndex(below: 5) - 2)
      let rules: [DecisionTree.MissingRule] = [.notANumber, .never, .zero]
      let test: DecisionTree.Test =
        switch random.nextIndex(below: 3) {
        case 0: .atMost(threshold)
        case 1: .member(of: [UInt32(random.nextIndex(below: 16)), 1], membersGoLeft: random.nextUnit() < 0.5)
        default: .atMost(threshold / 2)
        }
      return .init(
        feature: feature, test: test, left: left, right: right, missing: rules[random.nextIndex(below: 3)],
        missingGoesLeft: random.nextUnit() < 0.5, cover: 1)
    }
    let trees = (0..<13).map { number -> DecisionTree in
      // A tree of one leaf is among them.
      if number == 5 { return DecisionTree(nodes: [.init(leaf: 7, cover: 1)]) }
      let leaves = (0..<4).map { DecisionTree.Node(leaf: Double(number * 10 + $0), cover: 1) }
      return DecisionTree(nodes: [node(1, 2), node(3, 4), node(5, 6)] + leaves)
    }
    var ensemble = try TreeEnsemble(text: "tree\nmax_feature_idx=2\nobjective=regression\nend of trees")
    ensemble.trees = trees
    let walk = TreeWalk(try #require(WalkedTrees(ensemble, width: 3)))
    let values: [Double] = [.nan, 0, -0.0, 1e-40, -1, -0.5, 0.5, 1, 2, 3, 32, 64, 1e9, -7, 1e300]
    for a in values {
      for b in values {
        let row = [a, b, random.nextUnit() < 0.5 ? a : 1]
        #expect(Array(walk.leaves(of: row)) == trees.map { $0.value(of: row) }, "\(row)")
      }
    }
    #expect(WalkedTrees(ensemble, width: 2) == nil)
  }

  @Test func levelsAreFoundByTheirBytesAsByTheirText() {
    let names = ["", "a", "A", "ab", "Zürich", "e\u{301}", "x,y", String(repeating: "long ", count: 20)]
    let table = LevelTable(names + (0..<200).map { "level \($0)" })
    for (code, name) in names.enumerated() {
      let found = Array(name.utf8).withUnsafeBufferPointer { table.code(of: $0) }
      #expect(found == Int32(code), "\(name)")
    }
    func code(_ name: String) -> Int32 { Array(name.utf8).withUnsafeBufferPointer { table.code(of: $0) } }
    // One character, composed in another way.
    #expect(code("\u{e9}") == 5)
    #expect(code("level 199") == 207)
    #expect(code("level 200") == table.unknown && code("b") == 208 && code("Genève") == 208)
  }
}
