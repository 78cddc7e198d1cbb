// What a model folder says about itself: a list of files with their digests, and how they make up one model. No code is in it,
// and none is run: models are read by the libraries that wrote them.

import Foundation

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
  /// For numbers, what a label was before it was scaled: label = center + scale · answer.
  let center: Double
  let scale: Double
}

/// A candidate's share in the ensemble.
public struct BundleMember: Codable, Hashable, Sendable {
  public let candidate: Int
  public let name: String
  public let spec: CandidateSpec
  /// The shares of all members sum to 1.
  public let weight: Double
  let folds: [BundleFold]
}

/// What a model predicts and from which files.
public struct BundleManifest: Codable, Hashable, Sendable {
  public static let formatVersion = 1

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

  /// Every file of the models.
  public var files: [BundleFile] { members.flatMap { $0.folds.flatMap { [$0.recipe] + $0.files } } }
}
