import Foundation
import Frame
import Testing

@testable import Learn

/// What a run's folder tells of its models, without the data.
@Suite struct CandidateReportTests {
  private func run(_ metric: Objective, _ body: (String, AutoMLReport) throws -> Void) throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let path = folder.path("model")
    let options = AutoMLOptions(
      target: "approved", timeLimit: 300, metric: metric, preset: .quick, seed: 1, threads: 2, candidateLimit: 2)
    try body(path, try autoML(loans(rows: 300), options: options, folder: path))
  }

  @Test func theReportOfAModelHasTheFiguresOfTheLeaderboard() throws {
    try run(.f1) { folder, run in
      for row in run.leaderboard {
        let report = try CandidateReport(folder: folder, candidate: row.candidate)
        #expect(report.rows == run.rows && report.target == "approved")
        for figure in report.figures {
          let shown = try #require(row.metrics[figure.metric.rawValue])
          #expect(abs(figure.value - shown) < 1e-4, "\(row.model) \(figure.metric)")
        }
        // The folds are judged under the threshold that the model decides by, and so is their spread.
        let f1 = try #require(report.figures.first { $0.metric == .f1 })
        #expect(abs(try #require(f1.std) - (try #require(row.std))) < 1e-4)
      }
    }
  }

  @Test func everyRowIsCountedOnceInEveryPicture() throws {
    try run(.auc) { folder, run in
      let report = try CandidateReport(folder: folder, candidate: nil)
      let decisions = try #require(report.decisions)
      #expect(decisions.confusion.joined().reduce(0, +) == run.rows)
      #expect(decisions.calibration.reduce(0) { $0 + $1.count } == run.rows)
      #expect(decisions.positives + decisions.negatives == run.rows)
      #expect(decisions.points.last?.truePositives == decisions.positives)
      #expect(decisions.points.last?.falsePositives == decisions.negatives)
      #expect(decisions.deciles.last?.positives == decisions.positives)
      // The point that the model decides at is that of the confusion matrix.
      let here = decisions.points[try #require(decisions.operating)]
      #expect(here.truePositives == decisions.confusion[1][1] && here.falsePositives == decisions.confusion[0][1])
    }
  }

  @Test func aDamagedFolderIsSaidToBeDamaged() throws {
    try run(.auc) { folder, _ in
      try Data([1, 2, 3, 4]).write(to: URL(fileURLWithPath: folder + "/labels.f32"))
      #expect(throws: BundleError.self) { try CandidateReport(folder: folder, candidate: nil) }
    }
    #expect(try RunHistory(folder: "/nowhere") == nil)
  }

  @Test func aColumnThatDecidesIsTheMostNeeded() throws {
    try run(.auc) { folder, _ in
      let found = try LossImportance(
        ModelBundle(folder: folder), loans(rows: 200, seed: 9), isUnseen: true, seed: 1, threads: 2)
      #expect(found.rows == 200 && found.items.count > 1)
      #expect(try #require(found.items.first).drop > 0.01)
      #expect(found.items.map(\.drop) == found.items.map(\.drop).sorted(by: >))
    }
  }
}
