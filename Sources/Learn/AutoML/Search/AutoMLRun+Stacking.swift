// One layer more: candidates that see what others say of a row beside its columns (Wolpert 1992,
// doi:10.1016/S0893-6080(05)80023-1; Erickson et al. 2020, arXiv:2003.06505). They are trained over the same folds as all
// others. Of a row to learn from they see what models said that had not seen it.

import Foundation

extension AutoMLRun {
  /// Candidates that there have to be before others see them, and that are seen at most.
  static let fewestSeen = 4
  private static let mostSeen = 6
  /// Rows below which what candidates say differs by luck.
  private static let fewestRows = 1_500
  /// Features of predictions at most: those of very many classes cost more than they tell.
  private static let mostFeatures = 60

  /// Seconds of the run that are kept for candidates of level 2; 0 where there are to be none.
  var stackingSeconds: Double { suitsStacking ? 0.22 * options.timeLimit : 0 }

  /// Candidates of a limit that are kept for level 2.
  var stackingCandidates: Int {
    suitsStacking && (options.candidateLimit ?? .max) >= Self.fewestSeen + 2 ? 2 : 0
  }

  /// Of the preset best alone: it takes time from the search, which short runs need more.
  private var suitsStacking: Bool {
    options.candidates == nil && options.preset == .best && !isTuning && judgesAllRows
      && data.labels.rows >= Self.fewestRows
      && Self.fewestSeen * StackFeatures.width(data.labels.outputs) <= Self.mostFeatures
  }

  /// True where each row has predictions of models that had not seen it: not where rows were put aside by hand or by time.
  private var judgesAllRows: Bool { data.folds.coverage.count == data.labels.rows && division != .validation }

  /// Trains candidates on what the members of the best ensemble say.
  func stack() throws {
    guard isAllowed, records.count(where: { $0.status == .completed && $0.spec.level == 1 }) >= Self.fewestSeen else {
      return
    }
    try board.select(rounds: 12, bags: 8, threads: threads)
    let most = min(Self.mostSeen, Self.mostFeatures / StackFeatures.width(data.labels.outputs))
    let base = board.chosenRecords.filter { $0.spec.level == 1 }.prefix(most).map(\.number).sorted()
    guard base.count > 1 else { return }
    let specs = stackPortfolio(base).filter { spec in
      !records.contains { $0.spec.level > 1 && $0.spec.learner == spec.learner && $0.spec.recipe == spec.recipe }
    }
    for (position, spec) in specs.enumerated() {
      try meetRequests()
      guard isAllowed, left > max(0.3, 0.3 * typicalSeconds) else { return }
      announcer.note(queue: summaries(Array(specs[(position + 1)...]), first: nextNumber + 1))
      let best = records.filter { $0.status == .completed }
        .max { data.objective.gain($0.score) < data.objective.gain($1.score) }
      try tryOut(spec, reference: best?.foldScores, seconds: max(left * 0.6, 0.3))
    }
  }

  /// Learners that are content with a few strong features.
  private func stackPortfolio(_ base: [Int]) -> [CandidateSpec] {
    let pace = data.labels.outputs > 5 ? 2.0 : 1
    let trees = BoostingOptions(
      rate: 0.04 * pace, leaves: 12, rowsPerLeaf: 30, featureFraction: 0.6, rowFraction: 0.9, l2: 2)
    let deep = BoostingOptions(
      rate: 0.05 * pace, depth: 4, rowsPerLeaf: 8, featureFraction: 0.5, rowFraction: 0.8, l2: 2)
    let net = NetworkSettings(
      hidden: [64], members: 4, bins: 1, dropout: 0.2, rate: 0.002, decay: 0.1,
      passes: data.labels.rows > 20_000 ? 8 : 20,
      batch: 128)
    return [
      CandidateSpec(.lightGBM(trees), .means, base: base),
      CandidateSpec(.linear(LinearSettings(mixing: 0.5)), .scaled, base: base),
      CandidateSpec(.xgboost(deep), .codes, base: base),
      CandidateSpec(.network(net), .levels, base: base),
    ]
  }

  /// What the candidates say that a specification names; nil for one of level 1.
  ///
  /// - Throws: `LearnError.option` where one of them says nothing of some rows, or is not there.
  func stackFeatures(_ spec: CandidateSpec) throws -> StackFeatures? {
    guard !spec.base.isEmpty else { return nil }
    guard judgesAllRows else {
      throw LearnError.option(
        name: "base", value: "given",
        allowed: "left out: some rows are judged by no fold, so nobody speaks of them unseen")
    }
    let answers = try spec.base.map { number in
      guard let record = records.first(where: { $0.number == number }), record.spec.level == 1,
        let answers = try folder.answers(of: record), answers.count == data.labels.rows * data.labels.outputs
      else {
        throw LearnError.option(
          name: "base", value: "#\(number)", allowed: "numbers of completed candidates of level 1 of the same run")
      }
      return answers
    }
    return StackFeatures(base: spec.base, answers: answers, outputs: data.labels.outputs)
  }
}
