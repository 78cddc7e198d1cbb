import Testing

@testable import Explain

/// Models small enough to go through every subset of features.
@Suite struct ExactTests {
  private static let small = [
    "lightgbm-binary", "lightgbm-categories", "lightgbm-multiclass", "lightgbm-never-missing", "lightgbm-zero-missing",
    "xgboost-categories", "xgboost-depth-1", "xgboost-depth-4", "xgboost-depth-8", "xgboost-depth-12",
    "xgboost-multiclass",
  ]

  @Test(arguments: small) func theReferenceIsTheDefinition(_ name: String) throws {
    let record = try Record(name)
    let exact = try ExactShap(record.model)
    let reference = ReferenceShap(record.model)
    for row in 0..<3 {
      let values = record.rows.row(row)
      let wanted = exact.values(of: values)
      #expect(distance(reference.values(of: values).flatMap(\.self), wanted.values.flatMap(\.self)) < 1e-9)
      #expect(distance(reference.baseValues, wanted.base) < 1e-9)
    }
  }

  @Test(arguments: ["xgboost-depth-4", "lightgbm-categories", "xgboost-multiclass"])
  func interactionsOfTheReferenceAreTheDefinition(_ name: String) throws {
    let record = try Record(name)
    let values = record.rows.row(1)
    let wanted = try ExactShap(record.model).interactions(of: values)
    let found = ReferenceShap(record.model).interactions(of: values)
    #expect(distance(found.flatMap { $0.flatMap(\.self) }, wanted.flatMap { $0.flatMap(\.self) }) < 1e-9)
  }

  @Test(arguments: ["xgboost-depth-4", "xgboost-depth-8", "lightgbm-categories", "xgboost-multiclass"])
  func interventionalValuesAreTheDefinition(_ name: String) throws {
    let record = try Record(name)
    let background = record.rows.selecting([2, 5, 7, 9, 10])
    let exact = try ExactShap(record.model, background: background)
    let reference = ReferenceShap(record.model, background: background)
    let fast = try TreeExplainer(record.model, background: background, hasInteractions: true, level: .best).explain(
      record.rows)
    let features = record.model.features.count
    for row in 0..<3 {
      let values = record.rows.row(row)
      let wanted = exact.values(of: values)
      #expect(distance(reference.values(of: values).flatMap(\.self), wanted.values.flatMap(\.self)) < 1e-9)
      #expect(distance(fast.baseValues, wanted.base) < 1e-9)
      let interactions = exact.interactions(of: values)
      for output in 0..<record.model.outputs {
        #expect(distance(Array(fast.values(row: row, output: output)), wanted.values[output]) < 3e-6)
        let start = (row * record.model.outputs + output) * features * features
        let found = Array(fast.interactions[start..<start + features * features])
        #expect(distance(found, interactions[output].flatMap(\.self)) < 3e-6)
      }
    }
  }

  /// Models of few leaves are explained in double precision, interactions and backgrounds included.
  @Test(arguments: [
    "lightgbm-categories", "lightgbm-never-missing", "lightgbm-zero-missing", "xgboost-categories", "xgboost-depth-1",
    "xgboost-depth-4", "xgboost-multiclass",
  ])
  func smallModelsAreTheDefinition(_ name: String) throws {
    let record = try Record(name)
    let features = record.model.features.count
    for background in [nil, record.rows.selecting([2, 5, 7, 9, 10])] {
      let exact = try ExactShap(record.model, background: background)
      let found = try TreeExplainer(record.model, background: background, hasInteractions: true).explain(record.rows)
      #expect(found.additivityError < 1e-12)
      for row in 0..<3 {
        let values = record.rows.row(row)
        let (wanted, base) = exact.values(of: values)
        let pairs = exact.interactions(of: values)
        #expect(distance(found.baseValues, base) < 1e-9)
        for output in 0..<record.model.outputs {
          #expect(distance(Array(found.values(row: row, output: output)), wanted[output]) < 1e-9)
          let start = (row * record.model.outputs + output) * features * features
          let table = Array(found.interactions[start..<start + features * features])
          #expect(distance(table, pairs[output].flatMap(\.self)) < 1e-9)
        }
      }
    }
  }

  /// Columns that become several features are told as one, their interactions as sums.
  @Test func featuresOfAColumnAreAddedUp() throws {
    let record = try Record("xgboost-depth-4")
    let found = try TreeExplainer(record.model, hasInteractions: true).explain(record.rows)
    let groups = [0, 1, 1, 2, 2, 2, 0, 3]
    let summed = found.summed(by: groups, into: 4)
    #expect(summed.additivityError < 1e-12)
    for row in 0..<record.rows.count {
      let table = Array(summed.interactions[row * 16..<(row + 1) * 16])
      for group in 0..<4 {
        let value = summed.values(row: row)[row * 4 + group]
        let members = groups.indices.filter { groups[$0] == group }
        #expect(abs(value - members.reduce(0) { $0 + found.values(row: row)[row * 8 + $1] }) < 1e-12)
        #expect(abs(table[group * 4..<group * 4 + 4].reduce(0, +) - value) < 1e-12)
        #expect(abs(table[group * 4 + (group + 1) % 4] - table[(group + 1) % 4 * 4 + group]) < 1e-12)
      }
    }
    #expect(found.summed(by: Array(0..<8), into: 8) == found)
  }

  /// f = 2 x1 + 3 x2 + x1 x3 from a baseline of zeros, at (1, 1, 1): 2.5, 3 and 0.5.
  @Test func aProductIsSharedEqually() throws {
    let model = Self.model([
      Self.stump(feature: 0, 0, 2), Self.stump(feature: 1, 0, 3), Self.product(0, 2, worth: 1),
    ])
    let background = FeatureRows(count: 1, columns: [[0], [0], [0]])
    let row = FeatureRows(count: 1, columns: [[1], [1], [1]])
    let values = try TreeExplainer(model, background: background).explain(row)
    #expect(distance(values.values, [2.5, 3, 0.5]) < 1e-12)
    #expect(values.predictions == [6])
    for level in levels {
      let fast = try TreeExplainer(model, background: background, level: level).explain(row)
      #expect(distance(fast.values, [2.5, 3, 0.5]) < 1e-6)
    }
    let exact = try ExactShap(model, background: background).values(of: [1, 1, 1])
    #expect(distance(exact.values[0], [2.5, 3, 0.5]) < 1e-12)
  }

  /// Independent stumps are a linear model: w (x - mean).
  @Test func aLinearModelGivesWeightTimesDistanceFromTheMean() throws {
    let model = Self.model([Self.stump(feature: 0, 0, 2), Self.stump(feature: 1, 0, -3)])
    let background = FeatureRows(count: 4, columns: [[0, 0, 0, 1], [1, 1, 0, 0]])
    let values = try TreeExplainer(model, background: background).explain(
      FeatureRows(count: 1, columns: [[1], [0]]))
    #expect(distance(values.values, [2 * (1 - 0.25), -3 * (0 - 0.5)]) < 1e-6)
  }

  /// Features that play the same part share equally, one that plays none gets nothing.
  @Test func doublesShareEquallyAndDummiesGetNothing() throws {
    let model = Self.model([Self.product(0, 1, worth: 4)], features: 3)
    let values = try TreeExplainer(model).explain(FeatureRows(count: 1, columns: [[1], [1], [1]]))
    #expect(abs(values.values[0] - values.values[1]) < 1e-12)
    #expect(values.values[0] > 0)
    #expect(values.values[2] == 0)
  }

  /// A model of one leaf moves nothing.
  @Test func aTreeWithoutTestsIsAConstant() throws {
    let model = Self.model([DecisionTree(nodes: [.init(leaf: 2.5, cover: 3)])], features: 2)
    let values = try TreeExplainer(model).explain(FeatureRows(count: 2, columns: [[1, .nan], [0, 0]]))
    #expect(values.values == [0, 0, 0, 0])
    #expect(values.predictions == [2.5, 2.5])
    #expect(values.baseValues == [2.5])
    #expect(values.additivityError == 0)
  }

  /// Branches that no training row took have no share of cover to follow.
  @Test(arguments: [3, 9]) func branchesWithoutCoverGiveNumbers(depth: Int) throws {
    var nodes: [DecisionTree.Node] = []
    for level in 0..<depth {
      nodes.append(
        .init(feature: level, test: .below(0), left: 2 * level + 1, right: 2 * level + 2, cover: level == 0 ? 1 : 0))
      nodes.append(.init(leaf: Double(level), cover: level == 0 ? 1 : 0))
    }
    nodes.append(.init(leaf: -1, cover: 0))
    let model = Self.model([DecisionTree(nodes: nodes)], features: depth)
    let row = Array(repeating: 1.0, count: depth)
    for level in choices {
      let values = try TreeExplainer(model, level: level).explain(FeatureRows(count: 1, columns: row.map { [$0] }))
      #expect(values.additivityError < 1e-6)
      #expect(distance(values.values, ReferenceShap(model).values(of: row)[0]) < 1e-6)
    }
  }

  @Test func tooManyFeaturesForSubsetsAreRefused() {
    let model = Self.model((0..<17).map { Self.stump(feature: $0, 0, 1) }, features: 17)
    #expect(throws: ExplainError.tooManyFeatures(count: 17, limit: 16)) { try ExactShap(model) }
  }

  @Test func anEmptyBackgroundIsRefused() {
    let model = Self.model([Self.stump(feature: 0, 0, 1)])
    #expect(throws: ExplainError.noBackground) {
      try TreeExplainer(model, background: FeatureRows(count: 0, columns: [[]]))
    }
  }

  private static func model(_ trees: [DecisionTree], features: Int? = nil) -> TreeEnsemble {
    let count = features ?? (trees.flatMap(\.nodes).map { Int($0.feature) }.max() ?? 0) + 1
    return TreeEnsemble(
      maker: "test", objective: "", features: (0..<count).map { .init(name: "x\($0 + 1)") }, hasFeatureNames: true,
      trees: trees, baseMargins: [0], link: .identity, roundsToSingle: false)
  }

  /// `low` below a half, `high` from there on.
  private static func stump(feature: Int, _ low: Double, _ high: Double) -> DecisionTree {
    DecisionTree(nodes: [
      .init(feature: feature, test: .atMost(0.5), left: 1, right: 2, cover: 2), .init(leaf: low, cover: 1),
      .init(leaf: high, cover: 1),
    ])
  }

  /// `worth` where both features are above a half.
  private static func product(_ i: Int, _ j: Int, worth: Double) -> DecisionTree {
    DecisionTree(nodes: [
      .init(feature: i, test: .atMost(0.5), left: 1, right: 2, cover: 4), .init(leaf: 0, cover: 2),
      .init(feature: j, test: .atMost(0.5), left: 3, right: 4, cover: 2), .init(leaf: 0, cover: 1),
      .init(leaf: worth, cover: 1),
    ])
  }
}
