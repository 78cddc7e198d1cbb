// A candidate: a learner with its settings on a recipe. What is trained first is a fixed list; what comes then is searched.

import Frame

/// One thing to try.
public struct CandidateSpec: Codable, Hashable, Sendable {
  public var learner: LearnerSpec
  public var recipe: Recipe
  /// True learns the logarithm of a positive label.
  public var takesLog: Bool
  /// Candidates of level 1 whose predictions it sees beside the columns; none for a candidate of level 1 itself.
  public var base: [Int]

  public init(_ learner: LearnerSpec, _ recipe: Recipe, takesLog: Bool = false, base: [Int] = []) {
    self.learner = learner
    self.recipe = recipe
    self.takesLog = takesLog
    self.base = base
  }

  /// 1 for a model of the columns, 2 for one that also sees what those of level 1 say.
  public var level: Int { base.isEmpty ? 1 : 2 }

  private enum CodingKeys: String, CodingKey {
    case learner, recipe, base
    case takesLog = "takes_log"
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    learner = try container.decode(LearnerSpec.self, forKey: .learner)
    recipe = try container.decode(Recipe.self, forKey: .recipe)
    takesLog = try container.decodeIfPresent(Bool.self, forKey: .takesLog) ?? false
    base = try container.decodeIfPresent([Int].self, forKey: .base) ?? []
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(learner, forKey: .learner)
    try container.encode(recipe, forKey: .recipe)
    try container.encode(takesLog, forKey: .takesLog)
    if !base.isEmpty { try container.encode(base, forKey: .base) }
  }

  /// Throws for settings out of range.
  func validate() throws {
    func check(_ isAllowed: Bool, _ name: String, _ value: Any, _ allowed: String) throws {
      guard isAllowed else { throw LearnError.option(name: name, value: "\(value)", allowed: allowed) }
    }
    try check(
      base.count <= 64 && Set(base).count == base.count && base.allSatisfy { $0 > 0 }, "base", base,
      "64 numbers of candidates at most, from 1 on, each once")
    switch learner {
    case .lightGBM(let options), .xgboost(let options):
      try check((1e-4...1).contains(options.rate), "rate", options.rate, "0.0001 to 1")
      try check((2...100_000).contains(options.leaves), "leaves", options.leaves, "2 to 100,000")
      try check((0...64).contains(options.depth), "depth", options.depth, "0 (any) to 64")
      try check(options.rowsPerLeaf >= 0, "rows_per_leaf", options.rowsPerLeaf, "0 or more")
      try check((1e-3...1).contains(options.featureFraction), "feature_fraction", options.featureFraction, "0.001 to 1")
      try check((1e-3...1).contains(options.rowFraction), "row_fraction", options.rowFraction, "0.001 to 1")
      try check(options.l1 >= 0 && options.l2 >= 0, "l1 and l2", min(options.l1, options.l2), "0 or more")
      try check((2...65_535).contains(options.bins), "bins", options.bins, "2 to 65,535")
      try check((1...1_000_000).contains(options.rounds), "rounds", options.rounds, "1 to 1,000,000")
    case .forest(let settings):
      try check((1...100_000).contains(settings.trees), "trees", settings.trees, "1 to 100,000")
      try check((2...100_000).contains(settings.leaves), "leaves", settings.leaves, "2 to 100,000")
      try check(settings.rowsPerLeaf >= 1, "rows_per_leaf", settings.rowsPerLeaf, "1 or more")
      try check(
        (1e-3...1).contains(settings.featureFraction), "feature_fraction", settings.featureFraction, "0.001 to 1")
    case .linear(let settings):
      try check((0...1).contains(settings.mixing), "mixing", settings.mixing, "0 to 1")
      try check((1...1_000).contains(settings.penalties), "penalties", settings.penalties, "1 to 1,000")
    case .neighbors(let settings):
      try check((1...10_000).contains(settings.neighbors), "neighbors", settings.neighbors, "1 to 10,000")
      try check(settings.rowLimit >= 1, "row_limit", settings.rowLimit, "1 or more")
    case .bayes(let settings): try check(settings.smoothing > 0, "smoothing", settings.smoothing, "more than 0")
    case .network(let settings):
      try check(
        settings.hidden.count <= 8 && settings.hidden.allSatisfy { (1...8_192).contains($0) }, "hidden",
        settings.hidden, "8 layers at most, of 1 to 8,192 numbers each")
      try check((1...64).contains(settings.members), "members", settings.members, "1 to 64")
      try check((1...1_000).contains(settings.bins), "bins", settings.bins, "1 to 1,000")
      try check((0..<0.95).contains(settings.dropout), "dropout", settings.dropout, "0 to 0.95")
      try check((1e-6...1).contains(settings.rate), "rate", settings.rate, "0.000001 to 1")
      try check((0...10).contains(settings.decay), "decay", settings.decay, "0 to 10")
      try check((1...10_000).contains(settings.passes), "passes", settings.passes, "1 to 10,000")
      try check((1...65_536).contains(settings.batch), "batch", settings.batch, "1 to 65,536")
    }
  }

  public var name: String { learner.name }

  /// Its settings as one line.
  public var text: String {
    learner.text + (takesLog ? ", of the label's logarithm" : "")
      + (base.isEmpty ? "" : ", on what " + base.map { "#\($0)" }.joined(separator: " ") + " say")
  }
}
