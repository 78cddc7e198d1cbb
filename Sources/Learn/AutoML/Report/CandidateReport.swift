// What a candidate says about rows that it was not fitted to, as the figures of a report: from the predictions and labels that
// its run has kept, so that no data is read and nothing trained.

import Foundation
import Numerics

/// A model of a run in depth.
public struct CandidateReport: Codable, Hashable, Sendable {
  /// A figure over all rows, and its standard deviation over the folds where it is defined on two or more of them.
  public struct Figure: Codable, Hashable, Sendable {
    public let metric: Objective
    public let value: Double
    public let std: Double?
  }

  /// A share of the ensemble.
  public struct Member: Codable, Hashable, Sendable {
    public let candidate: Int
    public let name: String
    public let settings: String
    public let recipe: String
    public let weight: Double
    public let spec: CandidateSpec
  }

  /// Nil for the ensemble.
  public let candidate: Int?
  public let name: String
  public let target: String
  public let problem: Problem
  public let metric: Objective
  /// Rows with a label.
  public let rows: Int
  public let folds: Int
  public let figures: [Figure]
  /// Of two classes the second is predicted from this probability on; nil otherwise.
  public let threshold: Double?
  /// For the ensemble its members, the weightiest first; for a candidate itself.
  public let members: [Member]
  public let decisions: DecisionReport?
  public let residuals: ResidualReport?

  /// Reports on a candidate of a run's folder, or on its ensemble where `candidate` is nil.
  ///
  /// - Throws: `BundleError` where the folder lacks what is needed, such as the predictions of a candidate whose models were
  ///   removed because no ensemble chose it.
  public init(folder: String, candidate: Int?) throws {
    let found = try JudgedAnswers(folder: folder, candidate: candidate)
    let (judged, header, answers, threshold) = (found.judged, found.header, found.values, found.threshold)
    let outputs = judged.labels.outputs
    name = found.name
    (self.candidate, target, problem, metric) = (candidate, header.target, header.problem, header.metric)
    (rows, folds) = (judged.labels.rows, judged.folds.count)
    figures = Self.figures(header.problem, judged, answers, threshold: threshold)
    self.threshold = outputs == 2 ? threshold : nil
    members = found.shares.map { record, weight in
      Member(
        candidate: record.number, name: record.spec.name, settings: record.spec.text,
        recipe: record.spec.recipe.text, weight: weight, spec: record.spec)
    }
    switch judged.labels {
    case .classes(let codes, _):
      decisions = DecisionReport(codes, answers, classes: judged.classes, threshold: threshold)
      residuals = nil
    case .numbers(let numbers):
      decisions = nil
      residuals = ResidualReport(actual: numbers, predicted: answers, seed: header.seed)
    }
  }

  private static func figures(
    _ problem: Problem, _ judged: JudgedRows, _ answers: [Double], threshold: Double
  ) -> [Figure] {
    let outputs = judged.labels.outputs
    let parts = judged.folds.map { rows in
      (judged.labels.selecting(rows), rows.flatMap { answers[$0 * outputs..<($0 + 1) * outputs] })
    }
    return Objective.all(for: problem).compactMap { metric in
      guard let value = metric.value(judged.labels, answers, threshold: threshold), value.isFinite else { return nil }
      let each = parts.compactMap { metric.value($0.0, $0.1, threshold: threshold) }.filter(\.isFinite)
      return Figure(
        metric: metric, value: value, std: each.count > 1 ? Statistics.standardDeviation(each) : nil)
    }
  }
}

extension RunFolder {
  static func header(_ path: String) throws -> RunHeader {
    let file = path + "/run.json"
    guard let data = FileManager.default.contents(atPath: file) else { throw BundleError.notABundle(folder: path) }
    guard let header = try? JSONDecoder().decode(RunHeader.self, from: data) else {
      throw BundleError.damaged(file: file, reason: "cannot be read")
    }
    return header
  }

  /// The predictions that a candidate was judged by.
  static func answers(of record: CandidateRecord, in path: String) throws -> [Double] {
    guard let file = record.answers else {
      throw BundleError.damaged(
        file: "candidate \(record.number)", reason: "has no predictions (\(record.reason ?? record.status.rawValue))")
    }
    guard let data = FileManager.default.contents(atPath: "\(path)/\(file.path)") else {
      throw BundleError.damaged(
        file: file.path, reason: "was removed after the run, since the ensemble does without this candidate")
    }
    guard data.count == file.bytes, digest(data) == file.sha256 else {
      throw BundleError.damaged(file: file.path, reason: "has another digest than its record says")
    }
    return floats(data).map { Double($0) }
  }
}
