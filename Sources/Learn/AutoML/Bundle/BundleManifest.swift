// What a model folder says about itself: a list of files with their digests, and how they make up one model. No code is in it,
// and none is run: models are read by the libraries that wrote them.

import Foundation
import Numerics

/// A file of a bundle.
public struct BundleFile: Codable, Hashable, Sendable {
  /// Below the folder, with slashes.
  public let path: String
  public let bytes: Int
  /// 64 hexadecimal digits.
  public let sha256: String
}

/// The model that one fold learnt: its files, the first of which is the fitted recipe.
struct BundleFold: Codable, Hashable, Sendable {
  let recipe: BundleFile
  let files: [BundleFile]
  let label: LabelScale
}

/// For numbers, how a label becomes what a model learns, and back; classes stay as they are.
struct LabelScale: Codable, Hashable, Sendable {
  var center = 0.0
  var scale = 1.0
  /// Where the logarithm is learnt, what the exponential of an answer is multiplied by: the mean of labels is not the
  /// exponential of the mean of their logarithms (Duan 1983, doi:10.1080/01621459.1983.10478017).
  var smear: Double?

  /// Mean 0 and standard deviation 1 of the labels, or of their logarithms.
  init(_ labels: Labels, takesLog: Bool) {
    guard case .numbers(let numbers) = labels else { return }
    let isLog = takesLog && numbers.allSatisfy { $0 > 0 }
    let shown = isLog ? numbers.map { log($0) } : numbers
    center = Statistics.mean(shown)
    let spread = Statistics.standardDeviation(shown, correction: 0)
    scale = spread > 0 ? spread : 1
    smear = isLog ? 1 : nil
  }

  /// What a model learns.
  func scaled(_ labels: Labels) -> Labels {
    guard case .numbers(let numbers) = labels else { return labels }
    // A label that has no logarithm is one that was put aside: it only helps to say when to stop.
    let shown = smear == nil ? numbers : numbers.map { log(max($0, 1e-12)) }
    return .numbers(shown.map { ($0 - center) / scale })
  }

  /// What a model's answers mean; probabilities are given back as they are.
  func unscaled(_ answers: [Double]) -> [Double] {
    smear == nil && center == 0 && scale == 1 ? answers : answers.map(unscaled)
  }

  /// What one answer means.
  func unscaled(_ answer: Double) -> Double {
    let shown = center + scale * answer
    return smear.map { $0 * exp(min(shown, 700)) } ?? shown
  }
}

/// A candidate's share in the ensemble.
public struct BundleMember: Codable, Hashable, Sendable {
  public let candidate: Int
  public let name: String
  public let spec: CandidateSpec
  /// The shares of all members sum to 1; 0 for a candidate that others only see.
  public let weight: Double
  let folds: [BundleFold]
}

/// What a model predicts and from which files.
public struct BundleManifest: Codable, Hashable, Sendable {
  /// Format 2 has candidates of level 2, and those that they see; format 3 ones that read texts otherwise than by their terms.
  /// A bundle without any has format 1.
  public static let formatVersion = 3

  public let version: Int
  public let problem: Problem
  public let target: String
  /// For classes their names, in the order of the probabilities.
  public let classes: [String]
  public let metric: Objective
  /// The figure of the ensemble on rows that the answering models were not fitted to.
  public let score: Double
  public let temperature: Double
  /// Of two classes the second is predicted from this probability on.
  public let threshold: Double
  public let schema: FeatureSchema
  public let members: [BundleMember]
  /// Candidates that members of level 2 see and that are no members themselves; nil where there are none.
  public let base: [BundleMember]?
  /// Rows that the model has learnt from where it stands in for one of all rows; nil for a model that does not.
  public let sampleRows: Int?

  init(
    version: Int? = nil, problem: Problem, target: String, classes: [String], metric: Objective, score: Double,
    temperature: Double, threshold: Double, schema: FeatureSchema, members: [BundleMember], base: [BundleMember] = [],
    sampleRows: Int? = nil
  ) {
    let readsOtherwise = (members + base).contains { $0.spec.recipe.texts != .terms }
    self.version = version ?? (readsOtherwise ? 3 : members.contains { $0.spec.level > 1 } ? 2 : 1)
    (self.problem, self.target, self.classes, self.metric, self.score) = (problem, target, classes, metric, score)
    (self.temperature, self.threshold, self.schema) = (temperature, threshold, schema)
    (self.members, self.base) = (members, base.isEmpty ? nil : base)
    self.sampleRows = sampleRows
  }

  /// Every candidate that is asked.
  public var everyMember: [BundleMember] { members + (base ?? []) }

  /// True where a candidate reads texts with the encoder that the schema names.
  var asksEncoder: Bool { everyMember.contains { $0.spec.recipe.texts == .encoder } }

  /// Every file of the models.
  public var files: [BundleFile] { everyMember.flatMap { $0.folds.flatMap { [$0.recipe] + $0.files } } }
}
