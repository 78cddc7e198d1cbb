// The labels that candidates are judged by, kept beside their predictions, so that a model can be reported on without the data.
//
//   rows.json    what the labels are, and how many rows each fold judges
//   labels.f32   numbers, or the numbers of classes
//   folds.f32    for each fold after the other the rows that it judges, by their place among the labels

import Foundation

/// The labels of a run.
struct JudgedRows: Sendable {
  private struct Header: Codable {
    let target: String
    let classes: [String]
    let rows: Int
    let folds: [Int]
  }

  let target: String
  let classes: [String]
  let labels: Labels
  /// For each fold the rows that it judges.
  let folds: [[Int]]

  /// - Throws: `BundleError.damaged` where a file is missing or not whole.
  init(folder: String) throws {
    let file = folder + "/rows.json"
    guard let data = FileManager.default.contents(atPath: file),
      let header = try? JSONDecoder().decode(Header.self, from: data)
    else { throw BundleError.damaged(file: file, reason: "is missing or cannot be read") }
    let values = Self.floats(folder + "/labels.f32")
    guard values.count == header.rows else {
      throw BundleError.damaged(
        file: folder + "/labels.f32", reason: "has \(values.count) labels instead of \(header.rows)")
    }
    let codes = values.map { $0.magnitude < 1e6 ? Int($0) : -1 }
    guard header.classes.isEmpty ? values.allSatisfy(\.isFinite) : codes.allSatisfy(header.classes.indices.contains)
    else { throw BundleError.damaged(file: folder + "/labels.f32", reason: "has labels that mean nothing") }
    let places = Self.floats(folder + "/folds.f32").map { $0.magnitude < 16_777_216 ? Int($0) : -1 }
    guard places.count == header.folds.reduce(0, +), header.folds.allSatisfy({ $0 >= 0 }),
      places.allSatisfy(values.indices.contains)
    else { throw BundleError.damaged(file: folder + "/folds.f32", reason: "does not fit the labels") }
    (target, classes) = (header.target, header.classes)
    labels =
      header.classes.isEmpty
      ? .numbers(values.map { Double($0) }) : .classes(codes, count: header.classes.count)
    var (folds, start) = ([[Int]](), 0)
    for count in header.folds {
      folds.append(Array(places[start..<start + count]))
      start += count
    }
    self.folds = folds
  }

  private static func floats(_ file: String) -> [Float] {
    FileManager.default.contents(atPath: file).map { Learn.floats($0) } ?? []
  }

  /// Writes what `init` reads.
  ///
  /// - Parameters:
  ///   - labels: of the rows that some fold judges, fewer than 2²⁴, which a float tells apart.
  ///   - folds: for each fold the rows that it judges, by their place among the labels.
  static func write(_ labels: Labels, folds: [[Int]], target: String, classes: [String], to folder: String) throws {
    let header = Header(target: target, classes: classes, rows: labels.rows, folds: folds.map(\.count))
    let values: [Float] =
      switch labels {
      case .classes(let codes, _): codes.map { Float($0) }
      case .numbers(let numbers): numbers.map { Float($0) }
      }
    do {
      func url(_ name: String) -> URL { URL(fileURLWithPath: folder + "/" + name) }
      try bytes(values).write(to: url("labels.f32"), options: .atomic)
      try bytes(folds.joined().map { Float($0) }).write(to: url("folds.f32"), options: .atomic)
      try JSONEncoder.sorted.encode(header).write(to: url("rows.json"), options: .atomic)
    } catch {
      throw BundleError.unwritable(file: folder + "/labels.f32", reason: (error as NSError).localizedDescription)
    }
  }
}

extension CandidateRecord {
  /// The figures of the folds as they are shown: while a fold is trained nobody knows the threshold yet, which makes an F1 at
  /// one half look worthless beside the candidate's own.
  var shownScores: [Double] { (tunedScores ?? foldScores).filter(\.isFinite) }

  /// The record with the figure of each fold under the candidate's threshold.
  ///
  /// - Parameters:
  ///   - answers: `[rows × outputs]`, of the rows of `labels`.
  ///   - folds: for each fold the rows that it judges.
  func tuned(_ answers: [Double], _ labels: Labels, _ folds: [[Int]], _ objective: Objective) -> CandidateRecord {
    guard objective.hasThreshold, labels.outputs == 2 else { return self }
    let threshold = GreedyEnsemble.threshold(answers, labels: labels, objective: objective)
    var record = self
    record.tunedScores = folds.map { rows in
      let some = rows.flatMap { answers[$0 * 2..<$0 * 2 + 2] }
      return objective.value(labels.selecting(rows), some, threshold: threshold) ?? .nan
    }.filter(\.isFinite)
    return record
  }
}
