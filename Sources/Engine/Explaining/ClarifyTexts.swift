import Explain

/// A row of a text explanation as SageMaker Clarify writes it into `out.jsonl`.
public struct ClarifyTextRow: Encodable, Sendable {
  struct Description: Encodable, Sendable {
    let text: String
    let start: Int

    private enum CodingKeys: String, CodingKey {
      case text = "partial_text"
      case start = "start_idx"
    }
  }

  struct Attribution: Encodable, Sendable {
    /// By label.
    let attribution: [Double]
    let description: Description
  }

  struct Feature: Encodable, Sendable {
    let attributions: [Attribution]
    let type = "free_text"
    let name: String

    private enum CodingKeys: String, CodingKey {
      case attributions
      case type = "data_type"
      case name = "feature_name"
    }
  }

  let explanations: [[Feature]]

  public init(_ row: TextExplanation.Row, column: String) {
    let parts = row.parts.map {
      Attribution(attribution: $0.values, description: Description(text: $0.text, start: $0.start))
    }
    explanations = [[Feature(attributions: parts, name: column)]]
  }
}
