import Fairness
import Foundation

/// A bias report in the format of Clarify's `analysis.json`.
public struct ClarifyAnalysis: Encodable, Sendable {
  struct Metric: Encodable, Sendable {
    var name: String
    var description: String
    var value: Double?
    var error: String?

    private enum CodingKeys: String, CodingKey { case name, description, value, error }

    /// `value` is always there; null has an `error` beside it.
    func encode(to encoder: any Encoder) throws {
      var box = encoder.container(keyedBy: CodingKeys.self)
      try box.encode(name, forKey: .name)
      try box.encode(description, forKey: .description)
      if let value, value.isInfinite {
        try box.encode(value > 0 ? "Infinity" : "-Infinity", forKey: .value)
      } else {
        try box.encode(value, forKey: .value)
      }
      try box.encodeIfPresent(error, forKey: .error)
    }
  }

  struct Entry: Encodable, Sendable {
    var value: String
    var metrics: [Metric]

    private enum CodingKeys: String, CodingKey {
      case metrics
      case value = "value_or_threshold"
    }
  }

  struct Stage: Encodable, Sendable {
    var label: String
    var positive: String
    var facets: [String: [Entry]]

    private enum CodingKeys: String, CodingKey {
      case label, facets
      case positive = "label_value_or_threshold"
    }
  }

  let version = "1.0"
  let preTraining: Stage?
  let postTraining: Stage?

  public init(_ report: BiasReport) {
    func stage(_ stage: BiasMetric.Stage) -> Stage? {
      var facets: [String: [Entry]] = [:]
      for facet in report.facets {
        // Clarify emits them by short name.
        let metrics = facet.metrics.filter { $0.metric.stage == stage }.sorted { $0.name < $1.name }.map {
          Metric(name: $0.name, description: $0.metric.clarifyDescription, value: $0.value, error: $0.error)
        }
        guard !metrics.isEmpty else { continue }
        facets[facet.facet, default: []].append(Entry(value: facet.value, metrics: metrics))
      }
      guard !facets.isEmpty else { return nil }
      let positive =
        switch report.spec.label.positive {
        case .values(let values): values.joined(separator: ",")
        case .above(let threshold): Int64(exactly: threshold).map { String($0) } ?? String(threshold)
        }
      return Stage(label: report.spec.label.column, positive: positive, facets: facets)
    }
    preTraining = stage(.preTraining)
    postTraining = stage(.postTraining)
  }

  private enum CodingKeys: String, CodingKey {
    case version
    case preTraining = "pre_training_bias_metrics"
    case postTraining = "post_training_bias_metrics"
  }
}
