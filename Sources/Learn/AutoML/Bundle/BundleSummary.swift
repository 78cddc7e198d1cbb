// What a bundle says of itself: what it predicts from what, how well, how it came to be, and that its files are whole.

import Foundation

/// The summary of a bundle. Making one checks every file of it.
public struct BundleSummary: Codable, Hashable, Sendable {
  public struct FeatureEntry: Codable, Hashable, Sendable {
    public let name: String
    public let kind: FeatureKind
    /// Values of a category that were seen in training.
    public let levels: Int?
  }

  public struct MemberEntry: Codable, Hashable, Sendable {
    public let candidate: Int
    public let model: String
    public let settings: String
    public let recipe: String
    /// 1 for a model of the columns, 2 for one that also sees what those of level 1 say.
    public let level: Int
    /// Its share in the ensemble; 0 for a candidate that others only see.
    public let weight: Double
    public let folds: Int
    public let bytes: Int
  }

  /// What the report of the run says; nil where the folder has none.
  public struct Training: Codable, Hashable, Sendable {
    public let rows: Int
    public let folds: Int
    public let seconds: Double
    public let seed: UInt64
    /// Candidates that were tried.
    public let candidates: Int
    /// The place of the served ensemble on the leaderboard, from 1.
    public let position: Int
    public let std: Double?
    /// On rows that the answering models were not fitted to.
    public let metrics: [String: Double]
    public let test: TestReport?
    public let predictMillisecondsPerRow: Double?
    public let notes: [String]

    private enum CodingKeys: String, CodingKey {
      case rows, folds, seconds, seed, candidates, position, std, metrics, test, notes
      case predictMillisecondsPerRow = "predict_ms_per_row"
    }
  }

  public let folder: String
  public let version: Int
  public let problem: Problem
  public let target: String
  public let classes: [String]
  public let positiveClass: String?
  public let metric: Objective
  public let score: Double
  public let temperature: Double
  public let threshold: Double
  /// In the order of a row without a header.
  public let features: [FeatureEntry]
  public let excluded: [ExcludedColumn]
  public let members: [MemberEntry]
  public let training: Training?
  /// Rows that it has learnt from where it stands in for a model of all rows.
  public let sampleRows: Int?
  /// Every file was there and had the digest that the manifest says.
  public let files: Int
  public let bytes: Int
  /// Of the manifest, which holds the digests of all other files.
  public let sha256: String

  private enum CodingKeys: String, CodingKey {
    case folder, version, problem, target, classes, metric, score, temperature, threshold, features, excluded, members,
      training, files, bytes, sha256
    case positiveClass = "positive_class"
    case sampleRows = "sample_rows"
  }

  /// - Throws: `BundleError`, `LearnError`.
  public init(folder: String) throws {
    let manifest = try ModelBundle(folder: folder).manifest
    self.folder = folder
    version = manifest.version
    (problem, target, classes) = (manifest.problem, manifest.target, manifest.classes)
    positiveClass = manifest.problem == .binary ? manifest.classes[1] : nil
    (metric, score) = (manifest.metric, manifest.score)
    (temperature, threshold) = (manifest.temperature, manifest.threshold)
    sampleRows = manifest.sampleRows
    features = manifest.schema.columns.map { column in
      var levels: Int?
      if case .levels(let known) = column.content { levels = known.count }
      return FeatureEntry(name: column.name, kind: column.kind, levels: levels)
    }
    excluded = manifest.schema.excluded
    members = manifest.everyMember.map { member in
      MemberEntry(
        candidate: member.candidate, model: member.name, settings: member.spec.text,
        recipe: member.spec.recipe.text, level: member.spec.level, weight: member.weight, folds: member.folds.count,
        bytes: member.folds.flatMap(\.all).reduce(0) { $0 + $1.bytes })
    }
    let all = manifest.files
    files = all.count + 1
    // The folder of a candidate has no manifest of its own, and nothing to be told by.
    guard let data = FileManager.default.contents(atPath: folder + "/manifest.json") else {
      throw BundleError.notABundle(folder: folder)
    }
    bytes = all.reduce(data.count) { $0 + $1.bytes }
    sha256 = digest(data)
    training = AutoMLReport(folder: folder).flatMap(Self.training)
  }

  private static func training(_ report: AutoMLReport) -> Training? {
    guard let place = report.leaderboard.firstIndex(where: { $0.candidate == nil }) else { return nil }
    let row = report.leaderboard[place]
    return Training(
      rows: report.rows, folds: report.folds, seconds: report.seconds, seed: report.seed,
      candidates: report.leaderboard.count - 1, position: place + 1, std: row.std, metrics: row.metrics,
      test: report.test, predictMillisecondsPerRow: row.predictMillisecondsPerRow, notes: report.notes)
  }
}

extension BundleFold {
  /// The recipe and the files of the model.
  fileprivate var all: [BundleFile] { [recipe] + files }
}
