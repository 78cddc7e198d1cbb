// A candidate as a model of its own: its folder below the run's holds the fitted recipes and models of its folds, and the
// manifest of the run says the rest.

import Foundation

extension ModelBundle {
  /// Where the models of a candidate are.
  public static func folder(ofCandidate number: Int, in run: String) -> String {
    "\(run)/candidates/\(RunFolder.name(number))"
  }
}

extension BundleMember {
  init(_ record: CandidateRecord, weight: Double) {
    self.init(
      candidate: record.number, name: record.spec.name, spec: record.spec, weight: weight, folds: record.folds)
  }
}

extension BundleManifest {
  /// The manifest of a candidate by its folder, `RUN/candidates/0007`, and the folder of its run; nil for any other folder.
  ///
  /// - Throws: `BundleError` where the run has no manifest, or the models of the candidate were removed.
  static func candidate(_ folder: String) throws -> (manifest: BundleManifest, root: String)? {
    guard !FileManager.default.fileExists(atPath: folder + "/manifest.json"),
      let data = FileManager.default.contents(atPath: folder + "/record.json"),
      let record = try? JSONDecoder().decode(CandidateRecord.self, from: data)
    else { return nil }
    let root = URL(fileURLWithPath: folder).deletingLastPathComponent().deletingLastPathComponent().path
    let run = try RunFolder.manifest(root)
    guard !record.folds.isEmpty, let answers = record.answers,
      FileManager.default.fileExists(atPath: "\(root)/\(answers.path)")
    else {
      throw BundleError.damaged(
        file: folder, reason: "has no model (\(record.reason ?? "it was removed, since the ensemble does without it"))")
    }
    let threshold = try JudgedAnswers(folder: root, candidate: record.number).threshold
    // One of level 2 is asked with what the others say, and cannot do without them.
    let seen = RunFolder.finished(root).filter { record.spec.base.contains($0.number) && !$0.folds.isEmpty }
    guard seen.count == record.spec.base.count else {
      throw BundleError.damaged(file: folder, reason: "sees candidates whose models are not there")
    }
    let manifest = BundleManifest(
      problem: run.problem, target: run.target, classes: run.classes, metric: run.metric,
      score: record.score ?? .nan, temperature: 1, threshold: threshold, schema: run.schema,
      members: [BundleMember(record, weight: 1)],
      base: seen.map { BundleMember($0, weight: 0) })
    return (manifest, root)
  }
}
