// The candidates that a run begins with, the most telling for their time first; what comes then is searched.

import Frame

/// The first candidates of a run.
struct Portfolio {
  let problem: Problem
  let rows: Int
  let outputs: Int
  /// Numbers of a row under the recipe for distances, about.
  let width: Int
  let preset: AutoMLPreset
  /// True for positive labels with a long upper tail.
  let suitsLog: Bool
  /// Ways to read free text; the first is that of every candidate, and the first of each learner is also there in the others.
  let texts: [TextTreatment]

  /// Trees of a boosting round times the rows that they are grown on: what a round costs.
  private var isHeavy: Bool { rows * (outputs > 2 ? outputs : 1) > 150_000 }

  var candidates: [CandidateSpec] {
    let list = rows < 3_000 ? few : outputs > 5 ? manyClasses : many
    let all = problem.isClassification ? list + [CandidateSpec(.bayes(BayesSettings()), .codes)] : list
    let read = reading(all)
    return preset == .quick ? Array(read.prefix(texts.count > 1 ? 8 : 5)) : read
  }

  private func reading(_ list: [CandidateSpec]) -> [CandidateSpec] {
    guard let usual = texts.first, texts != [.terms] else { return list }
    var met: Set<String> = []
    return list.enumerated().flatMap { place, spec in
      // The first candidate is to be there at once, and bayes reads no numbers of texts well.
      let isFirst = place > 0 && spec.learner.readsTexts && met.insert(spec.name).inserted
      return (isFirst ? texts : [usual]).map { way in
        CandidateSpec(spec.learner, spec.recipe.reading(way), takesLog: spec.takesLog, base: spec.base)
      }
    }
  }

  /// For small tables: strong penalties, shallow trees, and learners that err in different ways.
  private var few: [CandidateSpec] {
    var list = [
      CandidateSpec(.lightGBM(BoostingOptions(rate: 0.15, leaves: 7, rowsPerLeaf: 20, rounds: 40)), .codes),
      CandidateSpec(.linear(LinearSettings()), .scaled),
      CandidateSpec(.lightGBM(boosting(0.03, leaves: 6, rowsPerLeaf: 10, features: 0.6, of: 0.8, l2: 1)), .codes),
      network(
        NetworkSettings(
          hidden: [128], members: 8, bins: 1, dropout: 0.1, rate: 0.003, decay: 0.2, passes: 50, batch: 64)),
    ]
    if isNeighborly { list.append(CandidateSpec(.neighbors(NeighborSettings()), .scaled)) }
    list += [
      CandidateSpec(.forest(ForestSettings(trees: 200)), .codes),
      CandidateSpec(.xgboost(deep(0.05, depth: 3, weight: 2, features: 0.6, of: 0.8)), .means),
      CandidateSpec(.lightGBM(boosting(0.05, leaves: 15, rowsPerLeaf: 10, isExtra: true)), .codes),
      CandidateSpec(.linear(LinearSettings(mixing: 0.9)), Recipe(categories: .target, isScaled: true)),
      network(
        NetworkSettings(
          hidden: [64, 64], members: 4, bins: 1, dropout: 0.4, rate: 0.002, decay: 0.3, passes: 50, batch: 32)),
      CandidateSpec(.lightGBM(boosting(0.03, leaves: 12, rowsPerLeaf: 20, features: 0.4, of: 0.7, l2: 5)), .codes),
      CandidateSpec(.xgboost(deep(0.04, depth: 5, weight: 8, features: 0.5, of: 0.8)), .codes),
      CandidateSpec(.lightGBM(boosting(0.03, leaves: 8, rowsPerLeaf: 30, features: 0.5, of: 0.8, l2: 2)), .means),
      CandidateSpec(.forest(ForestSettings(trees: 300, rowsPerLeaf: 5, featureFraction: 0.25)), .means),
    ]
    return list + logarithms(of: [list[2], list[3]])
  }

  private var many: [CandidateSpec] {
    let main = CandidateSpec(.lightGBM(boosting(0.05, leaves: 31, rowsPerLeaf: 20, features: 0.8, of: 0.9)), .means)
    let net = network(
      NetworkSettings(
        hidden: [128, 128], bins: 24, dropout: problem == .regression ? 0 : 0.2, rate: 0.002, decay: 0.05,
        passes: rows > 100_000 ? 8 : 24, batch: 128))
    var list = [
      CandidateSpec(.lightGBM(BoostingOptions(rate: 0.15, leaves: 31, rowsPerLeaf: 20, rounds: 40)), .codes), main, net,
      CandidateSpec(.xgboost(deep(0.07, depth: 6, weight: 2, features: 0.7, of: 0.9)), .means),
    ]
    list += logarithms(of: [main, net])
    list += [
      CandidateSpec(.lightGBM(boosting(0.05, leaves: 40, rowsPerLeaf: 10, features: 0.5, of: 0.8, l2: 2)), .codes),
      network(
        NetworkSettings(
          hidden: [64], members: 2, bins: 24, dropout: 0.1, rate: 0.003, decay: 0.02, passes: 16, batch: 128)),
      CandidateSpec(.lightGBM(boosting(0.06, leaves: 48, rowsPerLeaf: 10, isExtra: true)), .codes),
      CandidateSpec(.lightGBM(boosting(0.03, leaves: 96, rowsPerLeaf: 5, features: 0.7, of: 0.9, l2: 1)), .codes),
      CandidateSpec(.xgboost(deep(0.05, depth: 8, weight: 8, features: 0.5, of: 0.8)), .codes),
      CandidateSpec(.forest(ForestSettings(trees: isHeavy ? 100 : 200)), .codes),
    ]
    if isNeighborly { list.append(CandidateSpec(.neighbors(NeighborSettings()), .scaled)) }
    list.append(CandidateSpec(.linear(LinearSettings()), .scaled))
    return list
  }

  /// A round of boosting grows a tree for each class, so networks and neighbours come first.
  private var manyClasses: [CandidateSpec] {
    var list = [
      CandidateSpec(.lightGBM(BoostingOptions(rate: 0.3, leaves: 31, rowsPerLeaf: 20, rounds: 40)), .codes),
      network(
        NetworkSettings(hidden: [256, 256], bins: 16, dropout: 0.1, rate: 0.003, decay: 0.02, passes: 30, batch: 64)),
    ]
    if isNeighborly { list.append(CandidateSpec(.neighbors(NeighborSettings()), .scaled)) }
    list += [
      network(
        NetworkSettings(
          hidden: [384, 384], bins: 12, dropout: 0.2, rate: 0.002, decay: 0.05, passes: 30, batch: 64)),
      CandidateSpec(.lightGBM(boosting(0.06, leaves: 31, rowsPerLeaf: 10, features: 0.6, of: 0.9)), .codes),
      network(
        NetworkSettings(
          hidden: [256, 256, 128], bins: 24, dropout: 0.1, rate: 0.002, decay: 0.03, passes: 24, batch: 64)),
      CandidateSpec(.lightGBM(boosting(0.06, leaves: 48, rowsPerLeaf: 5, isExtra: true)), .codes),
      CandidateSpec(.xgboost(deep(0.1, depth: 6, weight: 1, features: 0.6, of: 0.9)), .codes),
    ]
    if outputs <= 10 { list.append(CandidateSpec(.forest(ForestSettings(trees: isHeavy ? 100 : 200)), .codes)) }
    list.append(CandidateSpec(.linear(LinearSettings()), .scaled))
    return list
  }

  private func logarithms(of specs: [CandidateSpec]) -> [CandidateSpec] {
    suitsLog ? specs.map { CandidateSpec($0.learner, $0.recipe, takesLog: true) } : []
  }

  private func network(_ settings: NetworkSettings) -> CandidateSpec { CandidateSpec(.network(settings), .levels) }

  private func boosting(
    _ rate: Double, leaves: Int, rowsPerLeaf: Int, features: Double = 1, of rows: Double = 1, l2: Double = 0,
    isExtra: Bool = false
  ) -> BoostingOptions {
    BoostingOptions(
      rate: min(rate * pace, 0.2), leaves: leaves, rowsPerLeaf: rowsPerLeaf, featureFraction: features,
      rowFraction: rows, l2: l2, isExtra: isExtra)
  }

  private func deep(
    _ rate: Double, depth: Int, weight: Int, features: Double = 1, of rows: Double = 1
  ) -> BoostingOptions {
    BoostingOptions(
      rate: min(rate * pace, 0.3), depth: depth, rowsPerLeaf: weight, featureFraction: features, rowFraction: rows,
      l2: 1)
  }

  /// Many classes grow a tree for each in every round, so they have to learn faster.
  private var pace: Double { outputs > 5 ? 2 : 1 }

  /// Every row is compared with every other, number by number.
  private var isNeighborly: Bool { Double(rows) * Double(rows) * Double(max(width, 8)) < 2e10 }
}

extension LearnerSpec {
  /// True for learners that texts' numbers tell most.
  fileprivate var readsTexts: Bool {
    switch self {
    case .lightGBM, .linear, .network: true
    case .xgboost, .forest, .neighbors, .bayes: false
    }
  }
}
