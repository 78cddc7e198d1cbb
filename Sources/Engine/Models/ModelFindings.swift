import Fairness
import Foundation
import Learn

/// What is asked about the predictions of a trained model for groups of people.
public struct ModelBiasQuestion: Codable, Sendable, Equatable {
  /// A candidate's number; nil for the ensemble.
  public var candidate: Int?
  /// Columns whose groups are compared. A column of many numbers is cut at its median.
  public var facets: [String]
  /// The classes that are good for those who get them; empty for the positive class of two, or the first of more.
  public var positives: [String]
  /// Of numbers, what is above is positive; nil for their median.
  public var above: Double?

  public init(candidate: Int? = nil, facets: [String], positives: [String] = [], above: Double? = nil) {
    (self.candidate, self.facets, self.positives, self.above) = (candidate, facets, positives, above)
  }
}

/// How the predictions of a model differ between groups.
public struct ModelBias: Codable, Sendable, Equatable {
  public var report: BiasReport
  /// Which rows were predicted, and by what: a sentence.
  public var source: String
}

/// Which columns move the predictions of a model.
public struct ModelShap: Codable, Sendable, Equatable {
  public var found: ExplainedTable
  /// Which rows were predicted, in words.
  public var source: String
}

/// What a run's folder keeps of a model's SHAP values, so that they are computed once.
struct KeptShap: Codable {
  var key: String
  var shap: ModelShap

  private static func file(_ folder: String, _ candidate: Int?) -> String {
    "\(folder)/findings/shap-\(candidate.map(String.init) ?? "ensemble").json"
  }

  /// Nil where there is none, or one of other rows or of another model.
  static func read(_ folder: String, _ candidate: Int?, key: String) -> ModelShap? {
    guard let data = FileManager.default.contents(atPath: file(folder, candidate)),
      let kept = try? FlowFile.decoder.decode(KeptShap.self, from: data), kept.key == key
    else { return nil }
    return kept.shap
  }

  /// A folder that cannot be written only costs the time to compute again.
  func write(_ folder: String, _ candidate: Int?) {
    let file = URL(fileURLWithPath: Self.file(folder, candidate))
    try? FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try? FlowFile.encoder.encode(self).write(to: file, options: .atomic)
  }
}
