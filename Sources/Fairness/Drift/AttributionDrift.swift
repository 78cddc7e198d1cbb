// Drift of feature attributions by the normalized discounted cumulative gain of their ranking.

import Foundation

/// Whether features still rank as they did.
public struct AttributionDrift: Codable, Sendable, Equatable {
  /// Model Monitor alerts below this.
  public static let bound = 0.90

  /// DCG / iDCG, 0 ... 1; nil where there are no features in common, or no baseline attribution is positive.
  public var ndcg: Double?
  public var isAlert: Bool { ndcg.map { $0 < Self.bound } ?? false }

  /// Compares the order of live attributions with that of the baseline.
  ///
  /// DCG = Σ_i a(f'_i) / log2(i + 1) over features f'_i in the order of their live attributions, a being the baseline's;
  /// iDCG is the same in the baseline's own order (Järvelin and Kekäläinen 2002, doi:10.1145/582415.582418). Attributions
  /// are global ones, such as mean absolute SHAP values; signs are dropped. Features of equal attribution go by name.
  public init(baseline: [String: Double], current: [String: Double]) {
    let shared = baseline.keys.filter { current[$0] != nil }
    func order(_ scores: [String: Double]) -> [String] {
      shared.sorted { left, right in
        let (a, b) = (abs(scores[left] ?? 0), abs(scores[right] ?? 0))
        return a == b ? left < right : a > b
      }
    }
    func gain(_ features: [String]) -> Double {
      features.enumerated().reduce(0) { $0 + abs(baseline[$1.element] ?? 0) / log2(Double($1.offset + 2)) }
    }
    let ideal = gain(order(baseline))
    ndcg = ideal > 0 && ideal.isFinite ? gain(order(current)) / ideal : nil
  }
}
