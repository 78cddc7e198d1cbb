// A candidate: a learner with its settings on a recipe. What is trained first is a fixed list; what comes then is searched.

import Frame

/// One thing to try.
public struct CandidateSpec: Codable, Hashable, Sendable {
  public var learner: LearnerSpec
  public var recipe: Recipe

  public init(_ learner: LearnerSpec, _ recipe: Recipe) {
    self.learner = learner
    self.recipe = recipe
  }

  public var name: String { learner.name }
}

/// The candidates that a run begins with, the most telling for their time first.
struct Portfolio {
  let problem: Problem
  let rows: Int
  let outputs: Int
  /// Numbers of a row under the recipe for distances, about.
  let width: Int
  let preset: AutoMLPreset

  /// Trees of a boosting round times the rows that they are grown on: what a round costs.
  private var isHeavy: Bool { rows * (outputs > 2 ? outputs : 1) > 150_000 }

  var candidates: [CandidateSpec] {
    // Many classes grow a tree for each in every round, so they have to learn faster.
    let pace = outputs > 5 ? 2.5 : 1
    let small = rows < 3_000
    func boosting(
      _ rate: Double, leaves: Int, rowsPerLeaf: Int, features: Double = 1, of rows: Double = 1, l2: Double = 0,
      isExtra: Bool = false
    ) -> BoostingOptions {
      BoostingOptions(
        rate: min(rate * pace, 0.2), leaves: leaves, rowsPerLeaf: rowsPerLeaf, featureFraction: features,
        rowFraction: rows, l2: l2, isExtra: isExtra)
    }
    func deep(_ rate: Double, depth: Int, weight: Int, features: Double = 1, of rows: Double = 1) -> BoostingOptions {
      BoostingOptions(
        rate: min(rate * pace, 0.3), depth: depth, rowsPerLeaf: weight, featureFraction: features, rowFraction: rows,
        l2: 1)
    }
    var quick = BoostingOptions(rate: 0.15, leaves: small ? 7 : 31, rowsPerLeaf: 20, rounds: 40)
    if outputs > 5 { quick.rate = 0.3 }
    var list = [
      CandidateSpec(.lightGBM(quick), .codes),
      CandidateSpec(.linear(LinearSettings()), .scaled),
      small
        ? CandidateSpec(
          .lightGBM(boosting(0.03, leaves: 6, rowsPerLeaf: 10, features: 0.6, of: 0.8, l2: 1)), .codes)
        : CandidateSpec(.lightGBM(boosting(0.05, leaves: 31, rowsPerLeaf: 20, features: 0.9)), .codes),
    ]
    if isNeighborly { list.append(CandidateSpec(.neighbors(NeighborSettings()), .scaled)) }
    list.append(
      CandidateSpec(.xgboost(deep(0.07, depth: small ? 3 : 6, weight: 2, features: 0.8, of: 0.9)), .means))
    if preset == .quick { return list }
    list.append(
      CandidateSpec(.lightGBM(boosting(0.05, leaves: small ? 15 : 40, rowsPerLeaf: 10, isExtra: true)), .codes))
    if outputs <= 10 { list.append(CandidateSpec(.forest(ForestSettings(trees: isHeavy ? 100 : 200)), .codes)) }
    list += [
      CandidateSpec(
        .lightGBM(
          small
            ? boosting(0.03, leaves: 12, rowsPerLeaf: 20, features: 0.4, of: 0.7, l2: 5)
            : boosting(0.03, leaves: 96, rowsPerLeaf: 5, features: 0.7, of: 0.9, l2: 1)), .codes),
      CandidateSpec(
        .xgboost(deep(0.05, depth: small ? 5 : 8, weight: 8, features: 0.5, of: 0.8)), .codes),
      CandidateSpec(
        .lightGBM(boosting(0.05, leaves: small ? 8 : 48, rowsPerLeaf: 30, features: 0.5, of: 0.8, l2: 2)), .means),
      CandidateSpec(.linear(LinearSettings(mixing: 0.9)), Recipe(categories: .target, isScaled: true)),
    ]
    if problem.isClassification { list.append(CandidateSpec(.bayes(BayesSettings()), .codes)) }
    return list
  }

  /// Every row is compared with every other, number by number.
  private var isNeighborly: Bool { Double(rows) * Double(rows) * Double(max(width, 8)) < 2e10 }
}
