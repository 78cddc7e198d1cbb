// The folder of a run. Each candidate is a folder of its own that takes its name when it is complete, and the manifest is
// replaced in one step: whenever the process dies, what is there is whole.
//
//   run.json                    what the run is about; a second run into the folder goes on only where it agrees
//   candidates/0007/record.json what was tried and how it did
//   candidates/0007/answers.f32 its predictions of rows that it had not seen, [rows × outputs]
//   candidates/0007/fold-3/…    the fitted recipe and the model of a fold
//   manifest.json               the ensemble of the best
//   report.json                 the leaderboard
//   first/…                     a model of a few rows, which answers until there is one of all rows

import Foundation
import Numerics

#if canImport(Glibc)
  import Glibc
#endif

/// What a run is about.
struct RunHeader: Codable, Hashable {
  static let formatVersion = 1

  let version: Int
  let target: String
  let problem: Problem
  let metric: Objective
  let preset: AutoMLPreset
  let seed: UInt64
  /// Folds of a division, and divisions. They follow from the time limit of the first run into the folder.
  let folds: Int
  let repeats: Int
  /// How rows are weighted and divided, in words.
  let division: String
  /// Of columns, cells and labels, 16 hexadecimal digits.
  let data: String
}

/// What is kept about a candidate.
struct CandidateRecord: Codable, Sendable {
  let number: Int
  let spec: CandidateSpec
  let status: CandidateStatus
  /// Why it failed or was stopped.
  let reason: String?
  let score: Double?
  let foldScores: [Double]
  let metrics: [String: Double]
  let fitSeconds: Double
  let predictMillisecondsPerRow: Double?
  /// Seconds of the run when it ended.
  let elapsed: Double
  let folds: [BundleFold]
  let answers: BundleFile?
  /// The figure of each fold under the threshold that was chosen in the end; nil where there is none to choose.
  var tunedScores: [Double]?

  /// Bytes of its models.
  var bytes: Int { folds.reduce(0) { $0 + $1.recipe.bytes + $1.files.reduce(0) { $0 + $1.bytes } } }

  /// Milliseconds that a row takes, what the candidates take that it sees included.
  func predictMilliseconds(among records: [CandidateRecord]) -> Double? {
    predictMillisecondsPerRow.map { own in
      records.reduce(own) { $0 + (spec.base.contains($1.number) ? $1.predictMillisecondsPerRow ?? 0 : 0) }
    }
  }
}

final class RunFolder: Sendable {
  let path: String
  private let lock: Int32

  /// Opens or makes the folder, and keeps others out of it.
  init(_ path: String) throws {
    self.path = path
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
      throw BundleError.notAFolder(path: path)
    }
    do {
      try FileManager.default.createDirectory(atPath: path + "/candidates", withIntermediateDirectories: true)
    } catch {
      throw BundleError.unwritable(file: path, reason: (error as NSError).localizedDescription)
    }
    lock = open(path + "/.lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o644)
    guard lock >= 0 else {
      throw BundleError.unwritable(file: path + "/.lock", reason: String(cString: strerror(errno)))
    }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      close(lock)
      throw BundleError.inUse(folder: path)
    }
  }

  deinit { close(lock) }

  // MARK: The run

  /// Takes up an earlier run that agrees, or notes this one; gives the header that holds.
  func begin(_ header: RunHeader) throws -> RunHeader {
    let file = path + "/run.json"
    if let data = FileManager.default.contents(atPath: file) {
      guard let found = try? JSONDecoder().decode(RunHeader.self, from: data) else {
        throw BundleError.damaged(file: file, reason: "cannot be read")
      }
      if let difference = Self.difference(found, header) {
        throw BundleError.otherRun(folder: path, difference: difference)
      }
      return found
    }
    try write(JSONEncoder.sorted.encode(header), to: file)
    return header
  }

  private static func difference(_ found: RunHeader, _ wanted: RunHeader) -> String? {
    if found.version != wanted.version { return "another format" }
    if found.target != wanted.target { return "the target \(quoted(found.target))" }
    if found.problem != wanted.problem { return "another problem (\(found.problem.title))" }
    if found.metric != wanted.metric { return "the metric \(found.metric.rawValue)" }
    if found.preset != wanted.preset { return "the preset \(found.preset.rawValue)" }
    if found.seed != wanted.seed { return "the seed \(found.seed)" }
    if found.division != wanted.division { return "other weights or folds (\(found.division))" }
    return found.data == wanted.data ? nil : "other data"
  }

  /// The candidates that earlier runs finished, by number. Unfinished ones are removed.
  func records() -> [CandidateRecord] {
    let folder = path + "/candidates"
    var records: [CandidateRecord] = []
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? [] {
      if let data = FileManager.default.contents(atPath: "\(folder)/\(name)/record.json"), !name.hasPrefix("."),
        let record = try? JSONDecoder().decode(CandidateRecord.self, from: data), Self.name(record.number) == name
      {
        records.append(record)
      } else {
        try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
      }
    }
    return records
  }

  /// The predictions that a candidate was judged by; nil where they are not whole.
  func answers(of record: CandidateRecord) -> [Double]? {
    guard let file = record.answers, let data = FileManager.default.contents(atPath: "\(path)/\(file.path)"),
      data.count == file.bytes, digest(data) == file.sha256
    else { return nil }
    return floats(data).map { Double($0) }
  }

  // MARK: Writing

  /// A place for the files of a candidate that is being trained.
  func draft(_ number: Int) throws -> CandidateDraft {
    let folder = "\(path)/candidates/.\(Self.name(number))"
    try? FileManager.default.removeItem(atPath: folder)
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw BundleError.unwritable(file: folder, reason: (error as NSError).localizedDescription)
    }
    return CandidateDraft(folder: folder, root: "candidates/" + Self.name(number))
  }

  /// Gives a draft its name: from now on it counts.
  func keep(_ draft: CandidateDraft, _ record: CandidateRecord) throws {
    try write(JSONEncoder.sorted.encode(record), to: draft.folder + "/record.json")
    try FileManager.default.moveItem(atPath: draft.folder, toPath: "\(path)/\(draft.root)")
  }

  func write(_ manifest: BundleManifest) throws {
    try write(JSONEncoder.sorted.encode(manifest), to: path + "/manifest.json")
    // What stood in until now is no longer asked.
    if manifest.sampleRows == nil { try? FileManager.default.removeItem(atPath: path + "/" + FirstModel.folder) }
  }

  func write(_ report: AutoMLReport) throws {
    try write(JSONEncoder.sorted.encode(report), to: path + "/report.json")
  }

  /// Removes the models of a candidate that no ensemble will choose any more; its record stays.
  func forgetModels(of record: CandidateRecord) {
    let candidate = "\(path)/candidates/\(Self.name(record.number))"
    // Without its answers a candidate is never chosen: they go first.
    try? FileManager.default.removeItem(atPath: candidate + "/answers.f32")
    for number in record.folds.indices { try? FileManager.default.removeItem(atPath: "\(candidate)/fold-\(number)") }
  }

  private func write(_ data: Data, to file: String) throws {
    do {
      try data.write(to: URL(fileURLWithPath: file), options: .atomic)
    } catch {
      throw BundleError.unwritable(file: file, reason: (error as NSError).localizedDescription)
    }
  }

  static func name(_ number: Int) -> String {
    String(repeating: "0", count: max(0, 4 - String(number).count)) + String(number)
  }
}

/// The files of a candidate that is being trained.
struct CandidateDraft: Sendable {
  let folder: String
  /// Where they will be, below the run's folder.
  let root: String

  /// Writes a file, and says what it is.
  func write(_ data: Data, to name: String) throws -> BundleFile {
    let file = folder + "/" + name
    do {
      let parent = (file as NSString).deletingLastPathComponent
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
      try data.write(to: URL(fileURLWithPath: file))
    } catch {
      throw BundleError.unwritable(file: file, reason: (error as NSError).localizedDescription)
    }
    return BundleFile(path: root + "/" + name, bytes: data.count, sha256: digest(data))
  }

  /// Removes the models of a candidate that is of no use.
  func empty() {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
      try? FileManager.default.removeItem(atPath: folder + "/" + name)
    }
  }

  func discard() { try? FileManager.default.removeItem(atPath: folder) }
}

extension JSONEncoder {
  /// Keys in order, so that the same value is the same bytes.
  static var sorted: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }
}

/// The digest of bytes, 64 hexadecimal digits.
func digest(_ data: Data) -> String { data.withUnsafeBytes { SHA256.hex($0) } }
