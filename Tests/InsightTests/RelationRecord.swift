import Foundation
import Frame
import Testing

@testable import Insight

/// Figures of `census.csv` by pandas, scipy, statsmodels and scikit-learn; their versions stand in the file.
struct RelationRecord: Decodable {
  struct Components: Decodable {
    var ratio: [Double]
    var components: [[Double]]
  }
  struct Fit: Decodable {
    var penalty, intercept: Double
    var coefficients: [Double]
  }
  struct Fits: Decodable {
    var features: [String]
    var rows: Int
    var linear, logistic: [Fit]
  }
  struct FeatureScores: Decodable {
    var income, hours, race: [Double]
    var distinct: Int
  }
  struct Scores: Decodable {
    var classes: [String]
    var scores: [String: FeatureScores]
  }
  struct Column: Decodable {
    var rows: [Int]
    var psi, js: Double
    var ks, p, limit, chance: Double?
    var parts: Int?
    var means: [Double]?
    var new, vanished: [String]?
  }

  var numbers, categories: [String]
  var pearson, spearman, eta, cramer, bergsma: [[Double]]
  var vif: [Double]
  var pca: Components
  var lasso: Fits
  var leakage: Scores
  var drift: [String: Column]
  var kolmogorov, ksExact: [[Double]]

  static func read() throws -> RelationRecord {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Records/relations.json")
    return try JSONDecoder().decode(RelationRecord.self, from: Data(contentsOf: file))
  }

  /// The table that the figures are of: two columns more than the file, one with gaps, one nearly a sum of others.
  static func sheet(where condition: String = "true") throws -> Sheet {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try Sheet(
      """
      SELECT *, CASE WHEN age % 7 <> 0 THEN hours_per_week END AS hours_gap,
      0.5::DOUBLE * age + hours_per_week + (fnlwgt % 100)::DOUBLE / 50 AS mix
      FROM '\(root.path)/sample-data/census.csv' WHERE \(condition)
      """)
  }
}
