import Foundation
import Frame
import Jobs
import Numerics
import Testing

@testable import Learn

/// Candidates that see what others say.
@Suite struct StackingTests {
  private static let boosting = BoostingOptions(rate: 0.2, leaves: 8, rowsPerLeaf: 5, rounds: 30)
  /// Two that err in different ways, and two that see both.
  private static let specs = [
    CandidateSpec(.lightGBM(boosting), .codes),
    CandidateSpec(.linear(LinearSettings()), .scaled),
    CandidateSpec(.linear(LinearSettings()), .scaled, base: [1, 2]),
    CandidateSpec(.xgboost(BoostingOptions(rate: 0.1, depth: 3, rounds: 60)), .means, base: [1, 2]),
  ]

  private func options(_ candidates: [CandidateSpec] = specs, target: String, metric: Objective) -> AutoMLOptions {
    var options = AutoMLOptions(target: target, timeLimit: 300, metric: metric, preset: .quick, seed: 1, threads: 2)
    options.candidates = candidates
    return options
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try body(folder.path("model"))
  }

  /// Columns and a label that have nothing to do with each other.
  private func noise(rows: Int) -> DataTable {
    var random = RandomSource(seed: 11)
    let features = (0..<6).map { number in
      column("x\(number)", (0..<rows).map { _ in Double?(random.nextNormal()) })
    }
    return DataTable(
      columns: features + [column("y", (0..<rows).map { _ in random.nextUnit() < 0.5 ? "yes" : "no" })])
  }

  @Test func whatIsLearntByHeartNeverReachesTheNextLayer() throws {
    let table = noise(rows: 800)
    // It knows the label of every row that it has learnt from, and nothing else.
    let heart = CandidateSpec(.neighbors(NeighborSettings(neighbors: 1)), .scaled)
    try withFolder { folder in
      _ = try autoML(table, options: options([heart], target: "y", metric: .auc), folder: folder)
      let bundle = try ModelBundle(folder: folder)
      let known = try bundle.predict(table)
      let labels = try #require(table["y"])
      let area = ClassificationMetrics.areaUnderROC(
        isPositive: (0..<800).map { labels.text($0) == bundle.manifest.classes[1] },
        scores: stride(from: 1, to: 1_600, by: 2).map { known[$0] })
      #expect(try #require(area) > 0.95)
    }
    try withFolder { folder in
      let specs = [
        heart, CandidateSpec(.forest(ForestSettings(trees: 40, rowsPerLeaf: 1, featureFraction: 1)), .codes),
        CandidateSpec(.linear(LinearSettings()), .scaled, base: [1, 2]),
        CandidateSpec(.lightGBM(Self.boosting), .codes, base: [1, 2]),
      ]
      let report = try autoML(table, options: options(specs, target: "y", metric: .auc), folder: folder)
      let second = report.leaderboard.filter { $0.level == 2 && $0.candidate != nil }
      #expect(second.count == 2)
      // Were they shown what is known by heart, they would be right of nearly every row.
      for row in second { #expect(try #require(row.metrics["auc"]) < 0.62, "\(row.model) \(row.metrics)") }
    }
  }

  @Test func probabilitiesAreSeenAsLogOddsAndNumbersAsTheyAre() {
    let answers: [Double] = [0.2, 0.8, 0.9, 0.1, 0.5, 0.5]
    let features = StackFeatures(base: [7], answers: [answers], outputs: 2)
    #expect(zip(features.values[0], [log(4), log(1.0 / 9), 0]).allSatisfy { abs($0 - $1) < 1e-9 })
    let three = StackFeatures(base: [1, 2], answers: [[0.2, 0.3, 0.5], [0.1, 0.1, 0.8]], outputs: 3)
    #expect(three.values.count == 6 && three.values.allSatisfy { $0.count == 1 })
    #expect(StackFeatures(base: [1], answers: [[3, -2]], outputs: 1).values == [[3, -2]])
  }

  @Test(arguments: [Problem.binary, .multiclass, .regression])
  func aModelOfTwoLayersAnswersRowByRowAsItDoesAllAtOnce(_ problem: Problem) throws {
    try withFolder { folder in
      var (table, labels) = try ModelContractTests.task(problem, rows: 300)
      switch labels {
      case .classes(let codes, _): table.columns.append(column("label", codes.map { ["a", "b", "c"][$0] }))
      case .numbers(let numbers): table.columns.append(column("label", numbers.map { Double?($0 * 100 + 7) }))
      }
      let metric: Objective = problem == .regression ? .rmse : .logLoss
      var wanted = options(target: "label", metric: metric)
      wanted.mode = .tuning
      // Alone at the end of the list, a candidate of level 2 is the best where those below are poor.
      wanted.candidates = [
        CandidateSpec(.lightGBM(BoostingOptions(rate: 0.05, leaves: 3, rowsPerLeaf: 40, rounds: 3)), .codes),
        CandidateSpec(.forest(ForestSettings(trees: 3, leaves: 3)), .codes),
        CandidateSpec(.lightGBM(Self.boosting), .codes, base: [1, 2]),
      ]
      let report = try autoML(table, test: table, options: wanted, folder: folder)
      let bundle = try ModelBundle(folder: folder)
      #expect(bundle.manifest.version == 2)
      #expect(bundle.manifest.members.map(\.candidate) == [3] && bundle.manifest.base?.map(\.candidate) == [1, 2])
      #expect(report.leaderboard.map(\.level).max() == 2)
      let board = report.leaderboard.filter { $0.candidate != nil }
      let own = try #require(board.first { $0.candidate == 3 }?.predictMillisecondsPerRow)
      let seen = board.filter { $0.candidate != 3 }.compactMap(\.predictMillisecondsPerRow)
      #expect(own > seen.reduce(0, +))
      let expected = try bundle.predict(table, threads: 2)
      if problem == .regression {
        let figure = try #require(metric.value(labels, expected.map { ($0 - 7) / 100 }))
        #expect(abs(figure * 100 - (report.test?.metrics["rmse"] ?? 0)) < 1e-6)
      }
      let reader = RowReader(bundle.manifest.schema)
      let scorer = try RowPredictor(bundle, reader: reader)
      var batch = RowBatch()
      for row in 0..<table.rowCount {
        reader.begin(&batch)
        for (place, name) in reader.names.enumerated() {
          guard let text = table[name]?.text(row) else { continue }
          try Array(text.utf8).withUnsafeBufferPointer { try reader.read($0, column: place, into: &batch) }
        }
      }
      let outputs = max(1, bundle.manifest.classes.count)
      for row in 0..<table.rowCount {
        let answer = try scorer.score(batch, row: row)
        #expect(answer.values == Array(expected[row * outputs..<(row + 1) * outputs]), "row \(row)")
      }
      // By its own folder it still sees what the others say; the ensemble of it alone differs in its temperature.
      let alone = try ModelBundle(folder: ModelBundle.folder(ofCandidate: 3, in: folder))
      #expect(alone.manifest.base?.map(\.candidate) == [1, 2])
      let raw = try alone.predict(table, threads: 2)
      let answers = outputs == 1 ? raw : GreedyEnsemble.tempered(raw, bundle.manifest.temperature, classes: outputs)
      #expect(zip(answers, expected).allSatisfy { abs($0 - $1) < 1e-9 })
      let card = try BundleSummary(folder: folder)
      #expect(card.members.map(\.level) == [2, 1, 1] && card.members.map(\.weight) == [1, 0, 0])
      #expect(card.members[0].settings.contains("on what #1 #2 say"))
      #expect(try CandidateReport(folder: folder, candidate: 3).members.first?.spec.level == 2)
      #expect(try RunHistory(folder: folder)?.candidates.map(\.row.level) == [1, 1, 2])
    }
  }

  @Test func aBundleWhoseLayersDoNotFitIsRefused() throws {
    try withFolder { folder in
      var wanted = options(target: "y", metric: .rmse)
      wanted.mode = .tuning
      wanted.candidates = [
        CandidateSpec(.linear(LinearSettings()), .scaled),
        CandidateSpec(.lightGBM(Self.boosting), .codes, base: [1]),
      ]
      _ = try autoML(friedman(rows: 300), options: wanted, folder: folder)
      let file = folder + "/manifest.json"
      let text = try String(contentsOfFile: file, encoding: .utf8)
      #expect(try ModelBundle(folder: folder).manifest.version == 2)
      for (old, new) in [("\"base\":[1]", "\"base\":[9]"), ("\"base\":[1]", "\"base\":[2]")] {
        #expect(text.contains(old))
        try text.replacingOccurrences(of: old, with: new).write(toFile: file, atomically: true, encoding: .utf8)
        #expect(
          throws: BundleError.damaged(file: file, reason: "has a candidate that sees others which are not there")
        ) {
          _ = try ModelBundle(folder: folder)
        }
      }
      // A recipe that was learnt on what others said than the manifest names.
      let twice = text.replacingOccurrences(of: "\"base\":[1]", with: "\"base\":[1,1]")
      try twice.write(toFile: file, atomically: true, encoding: .utf8)
      #expect(throws: BundleError.self) { _ = try ModelBundle(folder: folder) }
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      _ = try ModelBundle(folder: folder)
      let model = folder + "/candidates/0001/fold-0/recipe.json"
      try FileManager.default.removeItem(atPath: model)
      #expect(throws: BundleError.damaged(file: "candidates/0001/fold-0/recipe.json", reason: "is missing")) {
        _ = try ModelBundle(folder: folder)
      }
    }
  }

  @Test func aCandidateThatSeesNobodyWhoIsThereFailsAndSaysWhy() throws {
    try withFolder { folder in
      let specs = [Self.specs[0], CandidateSpec(.linear(LinearSettings()), .scaled, base: [5])]
      let report = try autoML(
        loans(rows: 200), options: options(specs, target: "approved", metric: .auc), folder: folder)
      let row = try #require(report.leaderboard.first { $0.candidate == 2 })
      #expect(row.status == .failed)
      #expect(row.reason?.contains("base is #5") == true, "\(row.reason ?? "")")
      #expect(try ModelBundle(folder: folder).manifest.version == 1)
    }
    try withFolder { folder in
      let report = try autoML(
        loans(rows: 200), validation: loans(rows: 80, seed: 5),
        options: options([Self.specs[0], Self.specs[1], Self.specs[2]], target: "approved", metric: .auc),
        folder: folder)
      let row = try #require(report.leaderboard.first { $0.candidate == 3 })
      #expect(row.status == .failed && row.reason?.contains("judged by no fold") == true)
    }
  }

  @Test func aRunThatGoesOnSeesWhatTheFirstOneSaw() throws {
    try withFolder { one in
      try withFolder { two in
        let table = loans(rows: 250)
        let whole = try autoML(table, options: options(target: "approved", metric: .auc), folder: one)
        var first = options(target: "approved", metric: .auc)
        first.candidateLimit = 2
        _ = try autoML(table, options: first, folder: two)
        let rest = try autoML(table, options: options(target: "approved", metric: .auc), folder: two)
        #expect(whole.leaderboard.map(\.score) == rest.leaderboard.map(\.score))
      }
    }
  }

  @Test func aSearchedTableOfEnoughRowsGetsASecondLayer() throws {
    try withFolder { folder in
      let options = AutoMLOptions(
        target: "y", timeLimit: 900, metric: .rmse, preset: .best, seed: 1, threads: 2, candidateLimit: 6)
      let report = try autoML(friedman(rows: 1_600), options: options, folder: folder)
      #expect(report.leaderboard.count == 7)
      let second = report.leaderboard.filter { $0.candidate != nil && $0.level == 2 }
      #expect(second.count == 2)
      #expect(second.allSatisfy { $0.status != .failed }, "\(second.compactMap(\.reason))")
    }
  }
}
