// A random forest of probabilities or numbers (see Forest).

import Foundation
import Jobs

/// How a forest of a candidate is grown.
public struct ForestSettings: Codable, Hashable, Sendable {
  /// Trees, for each class where there are more than two.
  public var trees: Int
  public var leaves: Int
  public var rowsPerLeaf: Int
  /// The share of the features that each split chooses from.
  public var featureFraction: Double

  public init(trees: Int = 150, leaves: Int = 512, rowsPerLeaf: Int = 3, featureFraction: Double = 0.4) {
    (self.trees, self.leaves, self.rowsPerLeaf, self.featureFraction) = (trees, leaves, rowsPerLeaf, featureFraction)
  }
}

struct ForestLearner: Learner {
  let settings: ForestSettings

  func fit(_ task: TrainingTask, context: any JobContext) throws -> any TrainedModel {
    let matrix = task.features.matrix
    let options = ForestOptions(
      trees: settings.trees, depth: 24, leaves: settings.leaves, rowsPerLeaf: settings.rowsPerLeaf, rowFraction: 0.63,
      featureFraction: settings.featureFraction, seed: task.seed, threads: 1, categorical: task.features.categorical,
      features: matrix.features)
    let forest = try Forest(
      matrix, label: task.labels, weights: task.weights, options: options, deadline: task.deadline,
      context: QuietContext(context, emits: false))
    return ForestModel(forest: forest)
  }
}

/// A grown forest; nothing changes its boosters, and LightGBM locks them while it predicts.
struct ForestModel: TrainedModel, @unchecked Sendable {
  /// What the forest adds to its boosters.
  private struct Frame: Codable {
    let classes: Int?
    let center: Double
    let scale: Double
    let boosters: Int
  }

  let forest: Forest
  /// The trees of each booster without the library; empty while training, which asks too few rows to gain by it.
  var walked: [WalkedModel] {
    let models = trees.compactMap(\.model)
    return models.count == trees.count ? models : []
  }
  private let trees: [AwaitedTrees]

  init(forest: Forest) { (self.forest, trees) = (forest, []) }

  init(_ files: [String: Data], width: Int, outputs: Int) throws {
    let frame = try modelValue(Frame.self, "forest.json", files)
    let expected = outputs > 2 ? outputs : 1
    guard frame.boosters == expected, frame.classes == (outputs > 1 ? outputs : nil) else {
      throw BundleError.damaged(file: "forest.json", reason: "has another number of classes than the bundle")
    }
    var trees: [AwaitedTrees] = []
    let boosters = try (0..<frame.boosters).map { number in
      let name = "trees-\(number).txt"
      let text = String(decoding: try modelFile(name, files), as: UTF8.self)
      let booster = try LightGBMBooster(text: text)
      guard booster.features == width, booster.classes == 1 else {
        throw BundleError.damaged(file: name, reason: "has other features than the bundle")
      }
      trees.append(AwaitedTrees { .lightGBM(text, width: width) })
      return booster
    }
    self.trees = trees
    forest = Forest(boosters: boosters, classes: frame.classes, center: frame.center, scale: frame.scale)
  }

  func predict(_ features: EncodedFeatures) throws -> [Double] {
    if !trees.isEmpty, !walked.isEmpty {
      let row = try rowModel(width: features.matrix.features, categorical: features.categorical)
      return try row.predictions(features.matrix, outputs: forest.classes ?? 1)
    }
    return try forest.isClassifier
      ? forest.probabilities(features.matrix, context: SilentContext()) : forest.numbers(features.matrix)
  }

  func files() throws -> [String: Data] {
    let parts = try forest.parts
    let frame = Frame(
      classes: parts.classes, center: parts.center, scale: parts.scale, boosters: parts.texts.count)
    var files = ["forest.json": try JSONEncoder.sorted.encode(frame)]
    for (number, text) in parts.texts.enumerated() { files["trees-\(number).txt"] = Data(text.utf8) }
    return files
  }
}

/// What a file leaves out has its default.
extension ForestSettings {
  private enum CodingKeys: String, CodingKey {
    case trees
    case leaves
    case rowsPerLeaf = "rows_per_leaf"
    case featureFraction = "feature_fraction"
  }

  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.container(keyedBy: CodingKeys.self)
    trees = try container.decodeIfPresent(Int.self, forKey: .trees) ?? trees
    leaves = try container.decodeIfPresent(Int.self, forKey: .leaves) ?? leaves
    rowsPerLeaf = try container.decodeIfPresent(Int.self, forKey: .rowsPerLeaf) ?? rowsPerLeaf
    featureFraction = try container.decodeIfPresent(Double.self, forKey: .featureFraction) ?? featureFraction
  }
}
