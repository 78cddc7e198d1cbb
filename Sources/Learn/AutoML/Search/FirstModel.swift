// A model of a few rows of a very large table: it answers in the third second, while the whole table is still being read, and
// until the first candidate of all rows has ended.

import Foundation
import Frame
import Jobs

/// A model that stands in for one of all rows.
public enum FirstModel {
  /// Where its files are, below the run's folder: it is no candidate of the run.
  static let folder = "first"

  /// Trains one quick candidate on some rows, and lets it answer for the run that is to come.
  ///
  /// - Parameter seconds: that it may take.
  /// - Returns: its row of the leaderboard, with scores of these rows alone; nil where the folder holds a run already, or where
  ///   the rows say too little, such as a label of one value.
  /// - Throws: `BundleError`, also where another run works in the folder; `JobCancelled`.
  public static func train(
    _ table: DataTable, options: AutoMLOptions, folder run: String, seconds: Double,
    context: any JobContext = SilentContext()
  ) throws -> LeaderboardRow? {
    guard !FileManager.default.fileExists(atPath: run + "/run.json"),
      !FileManager.default.fileExists(atPath: run + "/manifest.json")
    else { return nil }
    let whole = try RunFolder(run)  // Keeps out another run that would begin in the same folder.
    defer { withExtendedLifetime(whole) {} }
    var quick = options
    (quick.timeLimit, quick.preset, quick.mode) = (max(1, seconds), .quick, .ensembling)
    (quick.candidateLimit, quick.candidates) = (1, nil)
    // An encoder takes longer than this model may.
    (quick.encoder, quick.texts) = (nil, nil)
    quick.workers = nil
    let path = run + "/" + folder
    try? FileManager.default.removeItem(atPath: path)
    let report: AutoMLReport
    do {
      report = try autoML(table, options: quick, folder: path, context: context)
    } catch  where Self.saysTooLittle(error) {
      try? FileManager.default.removeItem(atPath: path)
      return nil
    }
    let made = try RunFolder.manifest(path)
    let manifest = BundleManifest(
      problem: made.problem, target: made.target, classes: made.classes, metric: made.metric, score: made.score,
      temperature: made.temperature, threshold: made.threshold, schema: made.schema,
      members: made.members.map { $0.below(folder) }, sampleRows: table.rowCount)
    do {
      try JSONEncoder.sorted.encode(manifest).write(
        to: URL(fileURLWithPath: run + "/manifest.json"), options: .atomic)
    } catch {
      throw BundleError.unwritable(file: run + "/manifest.json", reason: (error as NSError).localizedDescription)
    }
    return report.leaderboard.first
  }

  private static func saysTooLittle(_ error: any Error) -> Bool {
    if case BundleError.nothingTrained = error { return true }
    return error is LearnError
  }
}

extension BundleMember {
  /// The same with its files in a folder below.
  fileprivate func below(_ folder: String) -> BundleMember {
    func moved(_ file: BundleFile) -> BundleFile {
      BundleFile(path: folder + "/" + file.path, bytes: file.bytes, sha256: file.sha256)
    }
    return BundleMember(
      candidate: candidate, name: name, spec: spec, weight: weight,
      folds: folds.map { BundleFold(recipe: moved($0.recipe), files: $0.files.map(moved), label: $0.label) })
  }
}
