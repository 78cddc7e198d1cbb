// SHAP values of any model: see `CoalitionPlan` for the methods, `CoalitionGame` for what they ask.

import Jobs
import Synchronization

/// Explains predictions by asking what they are when only some features are known.
public final class CoalitionExplainer: Sendable {
  /// What is asked for.
  public struct Options: Sendable, Hashable {
    public var method: CoalitionMethod
    public var link: CoalitionLink
    /// Coalitions for each row at most; nil for what suits the method.
    public var samples: Int?
    public var seed: UInt64
    public var threads: Int
    /// Where features become known one after another; the method then plays no part.
    public var order: FeatureOrder?
    /// Also finds the interactions of all pairs of features.
    public var hasInteractions: Bool

    public init(
      method: CoalitionMethod = .kernel, link: CoalitionLink = .identity, samples: Int? = nil, seed: UInt64 = 0,
      threads: Int = 1, order: FeatureOrder? = nil, hasInteractions: Bool = false
    ) {
      (self.method, self.link, self.samples, self.seed, self.threads) = (method, link, samples, seed, threads)
      (self.order, self.hasInteractions) = (order, hasInteractions)
    }
  }

  private let options: Options
  private let trees: LeafGames?
  private let plans = Mutex<[[Int]: CoalitionPlan]>([:])
  private let pairPlans = Mutex<[Int: PairPlan]>([:])
  /// Worths that are held at once.
  private static let worthLimit = 1 << 22

  /// Of a tree model, whose margins are explained.
  /// - Parameter background: rows whose values absent features take, and what each counts.
  /// - Throws: `ExplainError.noBackground`.
  public init(
    _ model: TreeEnsemble, background: FeatureRows, weights: [Double]? = nil, options: Options = Options()
  ) throws {
    guard background.count > 0 else { throw ExplainError.noBackground }
    self.options = options
    let equal = Array(repeating: 1 / Double(background.count), count: background.count)
    trees = LeafGames(model, background: background, weights: weights ?? equal)
  }

  /// Of models that are given with the rows.
  public init(options: Options) { (self.options, trees) = (options, nil) }

  /// Rows of the tree model.
  /// - Throws: `ExplainError.tooManyFeatures`, `JobCancelled`.
  public func explain(_ rows: FeatureRows, context: any JobContext = SilentContext()) throws -> ShapValues {
    guard let trees else { preconditionFailure("an explainer without a model explains black boxes") }
    return try explain(TreeGame(trees, rows: rows), trees.weights, context)
  }

  /// Rows of a table that `predict` is the model of.
  ///
  /// - Parameters:
  ///   - rows: for each row to explain its number in the table.
  ///   - background: rows made of cells of the table.
  ///   - isSame: whether a feature's cells in two rows of the table are the same.
  ///   - predict: predictions, [rows][outputs], of rows given by the table row of each feature's cell, [features][rows].
  /// - Throws: `ExplainError`, `JobCancelled`, and what `predict` throws.
  public func explain(
    rows: [Int], features: Int, outputs: Int, background: BackgroundRows,
    isSame: @escaping @Sendable (_ feature: Int, _ a: Int, _ b: Int) -> Bool, context: any JobContext = SilentContext(),
    predict: @escaping @Sendable ([[Int]]) throws -> [Double]
  ) throws -> ShapValues {
    guard background.count > 0 else { throw ExplainError.noBackground }
    let game = PickGame(
      features: features, outputs: outputs, rows: rows, background: background, isSame: isSame, predict: predict)
    return try explain(game, background.weights, context)
  }

  /// One thing that is made of parts, such as a text of words.
  ///
  /// - Parameters:
  ///   - parts: at least one.
  ///   - predict: what the thing is worth with some parts only: [coalitions][outputs], for [parts][coalitions] of 1 where
  ///     a part is there and 0 where not.
  /// - Throws: `ExplainError.tooManyFeatures`, `JobCancelled`, and what `predict` throws.
  public func explain(
    parts: Int, outputs: Int, context: any JobContext = SilentContext(),
    predict: @escaping @Sendable ([[UInt8]]) throws -> [Double]
  ) throws -> ShapValues {
    precondition(parts > 0, "a thing without parts has nothing to explain")
    return try explain(PartGame(features: parts, outputs: outputs, predict: predict), [1], context)
  }

  /// - Parameter players: the feature of each player.
  private func plan(_ players: [Int], _ background: [Double]) throws -> CoalitionPlan {
    let key = options.order == nil ? [players.count] : players
    if let known = plans.withLock({ $0[key] }) { return known }
    let plan: CoalitionPlan
    if let order = options.order {
      plan = CoalitionPlan(order, players: players, samples: options.samples, seed: options.seed)
    } else {
      // All coalitions are asked for by the pairs too.
      let isWhole = options.hasInteractions && options.method == .kernel && players.count <= PairPlan.wholeLimit
      plan = try CoalitionPlan(
        isWhole ? .exact : options.method, players: players.count, samples: options.samples, background: background,
        seed: options.seed)
    }
    plans.withLock { $0[key] = plan }
    return plan
  }

  private func pairPlan(_ players: Int) -> PairPlan? {
    guard options.hasInteractions, players > 1 else { return nil }
    if let known = pairPlans.withLock({ $0[players] }) { return known }
    let plan = PairPlan(players: players, samples: options.samples, seed: options.seed)
    pairPlans.withLock { $0[players] = plan }
    return plan
  }

  private func explain(
    _ game: any CoalitionGame, _ weights: [Double], _ context: any JobContext
  ) throws -> ShapValues {
    let (outputs, features, link) = (game.outputs, game.features, options.link)
    guard game.rowCount > 0 else {
      return ShapValues(rows: 0, features: features, outputs: outputs, baseValues: Array(repeating: 0, count: outputs))
    }
    var nobody = Coalitions(players: features)
    nobody.append(Array(repeating: false, count: features))
    let base = try game.worths(
      of: [0], nobody, players: Array(0..<features), context: PartContext(of: context, 0...0))
    var groups: [[Int]: [Int]] = [:]
    for row in 0..<game.rowCount { groups[game.players(of: row), default: []].append(row) }
    var parts: [(players: [Int], rows: [Int])] = []
    for (players, rows) in groups.sorted(by: { $0.value[0] < $1.value[0] }) {
      let plan = try players.isEmpty ? nil : plan(players, weights)
      let asked = max(plan?.coalitions.count ?? 1, pairPlan(players.count)?.coalitions.count ?? 1)
      let most = max(1, Self.worthLimit / max(1, asked * outputs))
      let each = game.isParallel ? most : min(most, (rows.count + options.threads - 1) / max(1, options.threads))
      for start in stride(from: 0, to: rows.count, by: each) {
        parts.append((players, Array(rows[start..<min(rows.count, start + each)])))
      }
    }
    let result = Mutex(
      (
        values: ShapValues(
          rows: game.rowCount, features: features, outputs: outputs, baseValues: base.map { link($0) }),
        done: 0
      ))
    result.withLock { result in
      result.values.standardErrors = Array(repeating: 0, count: game.rowCount * outputs * features)
      if self.options.hasInteractions {
        result.values.interactions = Array(repeating: 0, count: game.rowCount * outputs * features * features)
      }
    }
    let all = parts
    try inParallel(all.count, threads: game.isParallel ? 1 : options.threads) { number in
      try context.checkCancelled()
      let (players, rows) = all[number]
      let predictions = try game.predictions(of: rows)
      var solved: [(row: Int, output: Int, values: [Double], errors: [Double], pairs: [Double])] = []
      if !players.isEmpty {
        let plan = try self.plan(players, weights)
        let count = plan.coalitions.count
        let begun = Double(result.withLock { $0.done }) / Double(game.rowCount)
        let part = PartContext(of: context, begun...min(1, begun + Double(rows.count) / Double(game.rowCount)))
        let worths = try game.worths(of: rows, plan.coalitions, players: players, context: part)
        for (place, row) in rows.enumerated() {
          for output in 0..<outputs {
            let own = (0..<count).map { link(worths[(place * count + $0) * outputs + output]) }
            let (values, errors) = plan.solve(own)
            solved.append((row, output, values, errors, []))
          }
        }
        if let pairs = self.pairPlan(players.count) {
          let isSame = pairs.isWhole && plan.isDefinition
          let asked =
            try isSame ? worths : game.worths(of: rows, pairs.coalitions, players: players, context: context)
          let count = pairs.coalitions.count
          for at in solved.indices {
            let (place, output) = (at / outputs, at % outputs)
            let own = (0..<count).map { link(asked[(place * count + $0) * outputs + output]) }
            solved[at].pairs = pairs.solve(own)
          }
        }
      }
      let done = result.withLock { result in
        for (place, row) in rows.enumerated() {
          for output in 0..<outputs {
            result.values.predictions[row * outputs + output] = link(predictions[place * outputs + output])
          }
        }
        for (row, output, values, errors, pairs) in solved {
          let at = (row * outputs + output) * features
          for (player, feature) in players.enumerated() {
            result.values.values[at + feature] = values[player]
            result.values.standardErrors[at + feature] = errors[player]
          }
          if self.options.hasInteractions {
            result.values.setInteractions(pairs, of: values, players: players, at: at * features)
          }
        }
        result.done += rows.count
        return result.done
      }
      context.report(Double(done) / Double(game.rowCount), "explaining rows")
    }
    return result.withLock { result in
      if result.values.standardErrors.allSatisfy({ $0 == 0 }) { result.values.standardErrors = [] }
      return result.values
    }
  }
}
