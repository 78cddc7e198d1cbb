import Foundation
import Numerics
import Testing

@testable import Learn

@Suite struct EnsembleTests {
  private func noisy(_ truth: [Int], _ noise: Double, seed: UInt64) -> [Double] {
    var random = RandomSource(seed: seed)
    return truth.flatMap { label -> [Double] in
      let score = 1 / (1 + exp(-(Double(label) * 2 - 1 + noise * random.nextNormal())))
      return [1 - score, score]
    }
  }

  private let truth = (0..<500).map { ($0 * 7919) % 3 == 0 ? 1 : 0 }

  @Test func theCountingAreaIsTheExactOne() throws {
    var random = RandomSource(seed: 8)
    let scores = (0..<500).map { _ in (random.nextUnit() * 50).rounded() / 50 }
    let exact = try #require(
      ClassificationMetrics.areaUnderROC(isPositive: truth.map { $0 == 1 }, scores: scores))
    #expect(abs(PredictionView.rankingArea(truth, scores, scale: 1) - exact) < 1e-12)
    #expect(PredictionView.rankingArea([1, 1], [0.1, 0.2], scale: 1) == -.infinity)
  }

  @Test(arguments: [Objective.auc, .logLoss, .accuracy]) func theEnsembleIsNeverWorseThanItsBestMember(
    _ objective: Objective
  ) throws {
    let labels = Labels.classes(truth, count: 2)
    let answers = (0..<5).map { noisy(truth, 1 + Double($0) * 0.4, seed: UInt64($0)) }
    let gains = answers.map { objective.gain(objective.value(labels, $0)) }
    let views = answers.map { PredictionView($0, labels, objective) }
    let chosen = try GreedyEnsemble.select(
      views, gains: gains, labels: labels, objective: objective, rounds: 20, threads: 2)
    let total = Double(chosen.values.reduce(0, +))
    var mean = [Double](repeating: 0, count: 1000)
    for (member, count) in chosen {
      for row in mean.indices { mean[row] += answers[member][row] * Double(count) / total }
    }
    let best = try #require(gains.max())
    #expect(objective.gain(objective.value(labels, mean)) >= best - 1e-9)
    #expect(chosen.count > 1)
  }

  @Test func theChoiceDoesNotDependOnThreads() throws {
    let labels = Labels.classes(truth, count: 2)
    let answers = (0..<6).map { noisy(truth, 1.5, seed: UInt64($0 + 20)) }
    let gains = answers.map { Objective.auc.gain(Objective.auc.value(labels, $0)) }
    let views = answers.map { PredictionView($0, labels, .auc) }
    let one = try GreedyEnsemble.select(
      views, gains: gains, labels: labels, objective: .auc, rounds: 15, threads: 1)
    let four = try GreedyEnsemble.select(
      views, gains: gains, labels: labels, objective: .auc, rounds: 15, threads: 4)
    #expect(one == four)
  }

  @Test func aTemperatureMakesSureProbabilitiesModest() {
    let labels = Labels.classes(truth, count: 2)
    let sure = noisy(truth, 1.5, seed: 3).map { min(max($0 < 0.5 ? $0 * 0.02 : 1 - (1 - $0) * 0.02, 0), 1) }
    let temperature = GreedyEnsemble.temperature(sure, labels: labels)
    #expect(temperature > 1.2)
    let modest = GreedyEnsemble.tempered(sure, temperature, classes: 2)
    let before = Objective.logLoss.value(labels, sure) ?? 0
    #expect(Objective.logLoss.value(labels, modest) ?? .infinity < before)
    #expect(Objective.auc.value(labels, modest) == Objective.auc.value(labels, sure))
  }

  @Test func aThresholdFindsTheRareClass() {
    var random = RandomSource(seed: 2)
    let rare = (0..<1000).map { _ in random.nextUnit() < 0.08 ? 1 : 0 }
    let answers = rare.flatMap { label -> [Double] in
      let score = min(max(0.05 + 0.25 * Double(label) + 0.05 * random.nextNormal(), 0), 1)
      return [1 - score, score]
    }
    let labels = Labels.classes(rare, count: 2)
    let threshold = GreedyEnsemble.threshold(answers, labels: labels, objective: .f1)
    #expect(threshold > 0.05 && threshold < 0.4)
    let tuned = Objective.f1.value(labels, answers, threshold: threshold) ?? 0
    #expect(tuned > (Objective.f1.value(labels, answers) ?? 0) + 0.3)
    #expect(GreedyEnsemble.threshold(answers, labels: labels, objective: .recall) == 0.5)
  }

  @Test func foldsShareOutRowsAndClasses() {
    let labels = Labels.classes(truth, count: 2)
    let folds = Folds(labels, count: 5, repeats: 2, seed: 1)
    #expect(folds.count == 10)
    for half in 0..<2 {
      let judged = folds.judged[half * 5..<half * 5 + 5]
      #expect(judged.flatMap { $0 }.sorted() == Array(0..<500))
      #expect(judged.allSatisfy { rows in (32...35).contains(rows.count { truth[$0] == 1 }) })
    }
    for fold in 0..<10 {
      #expect(Set(folds.judged[fold]).isDisjoint(with: folds.learnt[fold]))
      #expect(folds.judged[fold].count + folds.learnt[fold].count == 500)
    }
    #expect(folds.judged[0] != folds.judged[5])
    #expect(Folds(labels, count: 5, repeats: 2, seed: 1).judged == folds.judged)
  }

  @Test func aSearchMovesOnlyForTheBetter() {
    let start = CandidateSpec(.lightGBM(BoostingOptions()), .codes)
    guard var search = LocalSearch(start, gain: 1, cost: 1, space: BoostingSpace(rows: 5_000)) else {
      Issue.record("boosted trees can be searched")
      return
    }
    var random = RandomSource(seed: 6)
    let first = search.propose(&random)
    #expect(first != start)
    search.note(first, gain: 0.5, cost: 1)
    #expect(search.incumbent == start)
    let second = search.propose(&random)
    search.note(second, gain: 2, cost: 1)
    #expect(search.incumbent == second && search.gain == 2)
    for _ in 0..<2_000 where !search.hasConverged {
      let next = search.propose(&random)
      guard let options = next.boosting else { continue }
      #expect((0.01...0.3).contains(options.rate) && options.leaves >= 2 && options.rowsPerLeaf >= 1)
      search.note(next, gain: 0, cost: 1)
    }
    #expect(search.hasConverged)
  }

  @Test func settingsSurviveTheWayToTheCubeAndBack() {
    let space = BoostingSpace(rows: 5_000)
    let options = BoostingOptions(
      rate: 0.05, leaves: 31, rowsPerLeaf: 20, featureFraction: 0.8, rowFraction: 0.7, l1: 0.5, l2: 2)
    let back = space.options(space.point(options), like: options)
    #expect(back.leaves == 31 && back.rowsPerLeaf == 20)
    #expect(abs(back.rate - 0.05) < 1e-9 && abs(back.l2 - 2) < 1e-9 && abs(back.l1 - 0.5) < 1e-9)
    #expect(abs(back.featureFraction - 0.8) < 1e-9 && abs(back.rowFraction - 0.7) < 1e-9)
  }
}
