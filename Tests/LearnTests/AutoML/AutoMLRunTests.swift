import Foundation
import Frame
import Jobs
import Numerics
import Synchronization
import Testing

@testable import Learn

@Suite struct AutoMLRunTests {
  /// Keeps what a run tells.
  private final class Watcher: JobContext, @unchecked Sendable {
    private let rows = Mutex<[AutoMLProgress]>([])
    private let limit: Int

    init(stopAfter limit: Int = .max) { self.limit = limit }

    var all: [AutoMLProgress] { rows.withLock { $0 } }
    /// Those of candidates that have ended.
    var seen: [AutoMLProgress] { all.filter { $0.row != nil } }

    func checkCancelled() throws { if seen.count >= limit { throw JobCancelled() } }
    func report(_ fraction: Double?, _ note: String) {}
    func emit(_ partial: any Sendable) {
      if let progress = partial as? AutoMLProgress { rows.withLock { $0.append(progress) } }
    }
    func onCancel(_ action: @escaping @Sendable () -> Void) {}
  }

  private func options(_ candidates: Int, threads: Int = 2, metric: Objective? = .auc) -> AutoMLOptions {
    AutoMLOptions(
      target: "approved", timeLimit: 300, metric: metric, preset: .quick, seed: 1, threads: threads,
      candidateLimit: candidates)
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try body(folder.path("model"))
  }

  @Test func aRunLeavesAModelThatPredictsAsItsReportSays() throws {
    try withFolder { folder in
      let watcher = Watcher()
      let report = try autoML(
        loans(rows: 300), test: loans(rows: 200, seed: 9), options: options(3), folder: folder, context: watcher)
      #expect(report.problem == .binary)
      #expect(report.best == "Ensemble" && report.leaderboard.first?.model == "Ensemble")
      #expect(report.leaderboard.count == 4)
      #expect(watcher.seen.count == 3 && watcher.seen.allSatisfy { $0.best != nil })
      let test = try #require(report.test)
      #expect(test.rows == 200)
      #expect(try #require(test.metrics["auc"]) > 0.9)
      let bundle = try ModelBundle(folder: folder)
      let table = loans(rows: 200, seed: 9)
      let found = try bundle.predict(table)
      let labels = try #require(table["approved"])
      let actual = (0..<200).map { labels.text($0) == bundle.manifest.classes[1] }
      let area = ClassificationMetrics.areaUnderROC(
        isPositive: actual, scores: (0..<200).map { found[$0 * 2 + 1] })
      #expect(abs(try #require(area) - (test.metrics["auc"] ?? 0)) < 1e-9)
      let columns = try bundle.predictions(table, withProbabilities: true)
      #expect(columns.schema.map(\.name).first == "prediction")
      #expect(columns.columns.count == 3 && columns.rowCount == 200)
      let kept = try Data(contentsOf: URL(fileURLWithPath: folder + "/report.json"))
      #expect(try JSONDecoder().decode(AutoMLReport.self, from: kept) == report)
    }
  }

  @Test func theSameSeedGivesTheSameScoresForAnyNumberOfThreads() throws {
    try withFolder { one in
      try withFolder { three in
        let first = try autoML(loans(rows: 250), options: options(3, threads: 1), folder: one)
        let second = try autoML(loans(rows: 250), options: options(3, threads: 3), folder: three)
        #expect(first.leaderboard.map(\.score) == second.leaderboard.map(\.score))
        let table = loans(rows: 50, seed: 4)
        let answers = try ModelBundle(folder: one).predict(table)
        #expect(try ModelBundle(folder: three).predict(table) == answers)
      }
    }
  }

  @Test func aRunThatWasCutShortGoesOnWhereItStopped() throws {
    try withFolder { folder in
      let table = loans(rows: 250)
      #expect(throws: JobCancelled.self) {
        _ = try autoML(table, options: options(4), folder: folder, context: Watcher(stopAfter: 2))
      }
      // What was there is usable at once.
      _ = try ModelBundle(folder: folder).predict(table)
      // A candidate that was being written when the process died.
      try FileManager.default.createDirectory(
        atPath: folder + "/candidates/.0003/fold-0", withIntermediateDirectories: true)
      let watcher = Watcher()
      let report = try autoML(table, options: options(4), folder: folder, context: watcher)
      #expect(watcher.seen.compactMap(\.row?.candidate) == [3, 4])
      #expect(report.leaderboard.count == 5)
      #expect(report.notes.contains { $0.contains("2 candidates of an earlier run") })
      #expect(!FileManager.default.fileExists(atPath: folder + "/candidates/.0003"))
      try withFolder { other in
        let whole = try autoML(table, options: options(4), folder: other)
        #expect(whole.leaderboard.map(\.score) == report.leaderboard.map(\.score))
      }
    }
  }

  @Test func aFolderWithAnotherRunIsLeftAlone() throws {
    try withFolder { folder in
      let table = loans(rows: 200)
      _ = try autoML(table, options: options(1), folder: folder)
      #expect(throws: BundleError.otherRun(folder: folder, difference: "the metric auc")) {
        _ = try autoML(table, options: options(1, metric: .f1), folder: folder)
      }
      #expect(throws: BundleError.otherRun(folder: folder, difference: "other data")) {
        _ = try autoML(loans(rows: 201), options: options(1), folder: folder)
      }
      let holder = try RunFolder(folder)
      #expect(throws: BundleError.inUse(folder: folder)) {
        _ = try autoML(table, options: options(1), folder: folder)
      }
      _ = holder.path
    }
  }

  @Test func aDamagedModelIsRefused() throws {
    try withFolder { folder in
      _ = try autoML(loans(rows: 200), options: options(1), folder: folder)
      let manifest = folder + "/manifest.json"
      let text = try String(contentsOfFile: manifest, encoding: .utf8)
      let model = folder + "/candidates/0001/fold-0/model.txt"
      let trees = try String(contentsOfFile: model, encoding: .utf8)
      try trees.replacingOccurrences(of: "1", with: "2").write(toFile: model, atomically: true, encoding: .utf8)
      #expect(
        throws: BundleError.damaged(
          file: "candidates/0001/fold-0/model.txt", reason: "has another digest than the manifest says")
      ) {
        _ = try ModelBundle(folder: folder)
      }
      try FileManager.default.removeItem(atPath: model)
      #expect(throws: BundleError.self) { _ = try ModelBundle(folder: folder) }
      try trees.write(toFile: model, atomically: true, encoding: .utf8)
      _ = try ModelBundle(folder: folder)
      for path in ["../outside", "/etc/passwd", "candidates//x", "candidates/0001/./x"] {
        try text.replacingOccurrences(of: "candidates/0001/fold-0/model.txt", with: path)
          .write(toFile: manifest, atomically: true, encoding: .utf8)
        #expect(throws: BundleError.damaged(file: path, reason: "is no path below the folder")) {
          _ = try ModelBundle(folder: folder)
        }
      }
      try text.replacingOccurrences(of: "\"version\":1", with: "\"version\":99")
        .write(toFile: manifest, atomically: true, encoding: .utf8)
      #expect(throws: BundleError.version(folder: folder, found: 99, known: BundleManifest.formatVersion)) {
        _ = try ModelBundle(folder: folder)
      }
      try "{}".write(toFile: manifest, atomically: true, encoding: .utf8)
      #expect(throws: BundleError.self) { _ = try ModelBundle(folder: folder) }
      #expect(throws: BundleError.notABundle(folder: folder + "/nowhere")) {
        _ = try ModelBundle(folder: folder + "/nowhere")
      }
    }
  }

  @Test func aLinkOutOfTheFolderIsRefused() throws {
    try withFolder { folder in
      _ = try autoML(loans(rows: 200), options: options(1), folder: folder)
      let model = folder + "/candidates/0001/fold-0/model.txt"
      let outside = folder + ".txt"
      try FileManager.default.moveItem(atPath: model, toPath: outside)
      try FileManager.default.createSymbolicLink(atPath: model, withDestinationPath: outside)
      #expect(
        throws: BundleError.damaged(
          file: "candidates/0001/fold-0/model.txt", reason: "leads out of the folder")
      ) {
        _ = try ModelBundle(folder: folder)
      }
    }
  }

  @Test func columnsThatAreNotThereAreNamed() throws {
    try withFolder { folder in
      _ = try autoML(loans(rows: 200), options: options(1), folder: folder)
      let table = DataTable(columns: [column("income", [1.0, 2.0])])
      #expect(throws: BundleError.missingColumns(["city", "noise"])) {
        _ = try ModelBundle(folder: folder).predict(table)
      }
    }
  }

  @Test func numbersArePredictedInTheirUnit() throws {
    try withFolder { folder in
      var options = AutoMLOptions(
        target: "y", timeLimit: 300, metric: .rmse, preset: .quick, seed: 1, threads: 2, candidateLimit: 3)
      options.problem = .automatic
      let report = try autoML(
        friedman(rows: 400), test: friedman(rows: 200, seed: 5), options: options, folder: folder)
      #expect(report.problem == .regression)
      #expect(report.reason == "the label holds numbers with decimals")
      #expect(try #require(report.test?.metrics["r2"]) > 0.75)
      #expect(
        try ModelBundle(folder: folder).predictions(friedman(rows: 3), withProbabilities: true).columns.count == 1)
    }
  }

  @Test func aModelOfAFewRowsAnswersUntilThereIsOneOfAll() throws {
    try withFolder { folder in
      let (all, some) = (loans(rows: 400), loans(rows: 80, seed: 3))
      let row = try FirstModel.train(some, options: options(4), folder: folder, seconds: 5)
      #expect(row?.model == "Ensemble")
      let stand = try ModelBundle(folder: folder)
      #expect(stand.manifest.sampleRows == 80)
      #expect(try stand.predict(all).count == 800)
      #expect(try BundleSummary(folder: folder).sampleRows == 80)
      let report = try autoML(all, options: options(2), folder: folder)
      #expect(report.leaderboard.count == 3 && report.rows == 400)
      #expect(try ModelBundle(folder: folder).manifest.sampleRows == nil)
      #expect(!FileManager.default.fileExists(atPath: folder + "/first"))
      // A run that is there needs nothing to stand in for it.
      let again = try FirstModel.train(some, options: options(4), folder: folder, seconds: 5)
      #expect(again == nil)
    }
    try withFolder { folder in
      // The first rows may have one label only.
      let numbers: [Double?] = (0..<40).map { Double($0) }
      let labels: [String?] = Array(repeating: "no", count: 40)
      let table = DataTable(columns: [column("x", numbers), column("approved", labels)])
      let none = try FirstModel.train(table, options: options(4), folder: folder, seconds: 5)
      #expect(none == nil)
      #expect(!FileManager.default.fileExists(atPath: folder + "/first"))
    }
  }

  @Test func neighborsCountByTheirWeights() throws {
    // Of every place one row says no and one says yes, and the latter counts more.
    let matrix = FeatureMatrix(rows: 40, features: 1, values: (0..<40).map { Double($0 / 2) })
    let labels = Labels.classes((0..<40).map { $0 % 2 }, count: 2)
    func answer(_ weights: [Float]?) throws -> Double {
      let model = NeighborModel(memory: NeighborMemory(matrix, labels: labels, weights: weights), neighbors: 2)
      let again = try NeighborModel(model.files(), width: 1, outputs: 2)
      let row = EncodedFeatures(matrix: FeatureMatrix(rows: 1, features: 1, values: [7]), categorical: [])
      #expect(try again.predict(row) == model.predict(row))
      return try model.predict(row)[1]
    }
    #expect(abs(try answer(nil) - 0.5) < 0.01)
    #expect(try answer((0..<40).map { $0 % 2 == 0 ? 0.2 : 1.8 }) > 0.8)
    #expect(try answer((0..<40).map { $0 % 2 == 0 ? 1.8 : 0.2 }) < 0.2)
  }

  @Test func theProblemIsInferredFromTheLabel() throws {
    func infer(_ label: TypedColumn) throws -> (Problem, String) {
      let inference = try ProblemInference(DataTable(columns: [label]), target: "t", choice: .automatic)
      return (inference.problem, inference.reason)
    }
    let two = try infer(column("t", (0..<40).map { $0 % 2 }))
    #expect(two == (.binary, "the label has two distinct values"))
    let words = try infer(column("t", (0..<40).map { ["a", "b", "c"][$0 % 3] as String? }))
    #expect(words == (.multiclass, "the label holds texts, 3 distinct ones"))
    let few = try infer(column("t", (0..<400).map { $0 % 7 }))
    #expect(few == (.multiclass, "the label has 7 distinct whole numbers in 400 rows, at most 10 %"))
    let many = try infer(column("t", (0..<400).map { $0 % 90 }))
    #expect(many == (.regression, "the label has 90 distinct numbers in 400 rows, more than 10 %"))
    let decimals = try infer(column("t", (0..<400).map { Double($0 % 7) + 0.5 }))
    #expect(decimals == (.regression, "the label holds numbers with decimals"))
  }

  @Test func aMetricOfAnotherProblemIsRefused() throws {
    try withFolder { folder in
      #expect(throws: LearnError.self) {
        _ = try autoML(loans(rows: 100), options: options(1, metric: .rmse), folder: folder)
      }
      #expect(throws: LearnError.self) {
        var wrong = options(1)
        wrong.timeLimit = 0
        _ = try autoML(loans(rows: 100), options: wrong, folder: folder)
      }
    }
  }
}
