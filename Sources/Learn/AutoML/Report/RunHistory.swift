// What a run's folder tells of the run: what it is about, and the candidates that have ended.

import Foundation
import Numerics

/// A run as its folder knows it, whether it ended or was cut short.
public struct RunHistory: Codable, Hashable, Sendable {
  public let target: String
  public let problem: Problem
  public let metric: Objective
  public let preset: AutoMLPreset
  public let seed: UInt64
  /// How rows are weighted and divided, in words; empty for random folds of rows that count alike.
  public let division: String
  /// In the order in which they ended.
  public let candidates: [PastCandidate]
  /// True where a model of the run can predict.
  public let hasModel: Bool

  /// Seconds of training that are behind the run.
  public var elapsed: Double { candidates.map(\.elapsed).max() ?? 0 }

  /// Reads the records of a folder; nothing else in it is opened.
  ///
  /// - Returns: nil where the folder holds no run.
  /// - Throws: `BundleError.damaged` where it does, and cannot be read.
  public init?(folder: String) throws {
    let file = folder + "/run.json"
    guard let data = FileManager.default.contents(atPath: file) else { return nil }
    guard let header = try? JSONDecoder().decode(RunHeader.self, from: data) else {
      throw BundleError.damaged(file: file, reason: "cannot be read")
    }
    (target, problem, metric) = (header.target, header.problem, header.metric)
    (preset, seed, division) = (header.preset, header.seed, header.division)
    hasModel = FileManager.default.fileExists(atPath: folder + "/manifest.json")
    let shares = (try? RunFolder.manifest(folder)).map { manifest in
      Dictionary(manifest.members.map { ($0.candidate, $0.weight) }, uniquingKeysWith: +)
    }
    let records = RunFolder.finished(folder)
    candidates = records.map { PastCandidate($0, among: records, weight: shares?[$0.number]) }
      .sorted { ($0.elapsed, $0.row.candidate ?? 0) < ($1.elapsed, $1.row.candidate ?? 0) }
  }
}

/// A candidate that has ended.
public struct PastCandidate: Codable, Hashable, Sendable {
  public let row: LeaderboardRow
  /// Seconds of the run when it ended.
  public let elapsed: Double

  init(_ record: CandidateRecord, among records: [CandidateRecord], weight: Double?) {
    let scores = record.shownScores
    row = LeaderboardRow(
      model: record.spec.name, candidate: record.number, settings: record.spec.text, score: record.score,
      std: scores.count > 1 && record.score != nil ? Statistics.standardDeviation(scores) : nil,
      metrics: record.metrics, fitSeconds: record.fitSeconds,
      predictMillisecondsPerRow: record.predictMilliseconds(among: records), bytes: record.bytes, weight: weight,
      recipe: record.spec.recipe.text, level: record.spec.level,
      foldScores: scores, isTied: nil, status: record.status, reason: record.reason)
    elapsed = record.elapsed
  }
}

extension RunFolder {
  /// The candidates that runs into a folder have finished, without touching what is there: another process may be at work.
  static func finished(_ path: String) -> [CandidateRecord] {
    let folder = path + "/candidates"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []
    return names.compactMap { name in
      guard !name.hasPrefix("."), let data = FileManager.default.contents(atPath: "\(folder)/\(name)/record.json")
      else { return nil }
      return try? JSONDecoder().decode(CandidateRecord.self, from: data)
    }
  }

  /// What the folder says of its ensemble.
  static func manifest(_ path: String) throws -> BundleManifest {
    let file = path + "/manifest.json"
    guard let data = FileManager.default.contents(atPath: file) else { throw BundleError.notABundle(folder: path) }
    do {
      return try JSONDecoder().decode(BundleManifest.self, from: data)
    } catch let error as DecodingError {
      throw BundleError.damaged(file: file, reason: "cannot be read (\(error.shortText))")
    }
  }
}
