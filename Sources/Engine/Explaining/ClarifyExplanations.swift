import Explain

/// Explanations in the format of Clarify's `analysis.json`: global values by label.
public struct ClarifyExplanations: Encodable, Sendable {
  struct Label: Encodable, Sendable {
    var values: [String: Double]
    var expected: Double

    private enum CodingKeys: String, CodingKey {
      case values = "global_shap_values"
      case expected = "expected_value"
    }
  }

  struct Content: Encodable, Sendable {
    var kernel: [String: Label]
    var pdp: [FeatureEffectEntry]?

    private enum CodingKeys: String, CodingKey {
      case pdp
      case kernel = "kernel_shap"
    }
  }

  struct FeatureEffectEntry: Encodable, Sendable {
    var name, type: String
    var values: [Cell]
    var predictions: [[Double]]
    var distribution: [Double]

    private enum CodingKeys: String, CodingKey {
      case name = "feature_name"
      case type = "data_type"
      case values = "feature_values"
      case predictions = "model_predictions"
      case distribution = "data_distribution"
    }

    init(_ effect: FeatureEffect) {
      (name, predictions, distribution) = (effect.feature, effect.means, effect.shares)
      type = effect.numbers == nil ? "categorical" : "numerical"
      values = effect.numbers?.map { .number($0) } ?? effect.values.map { .text($0) }
    }
  }

  enum Cell: Encodable, Sendable {
    case number(Double)
    case text(String)

    func encode(to encoder: any Encoder) throws {
      var box = encoder.singleValueContainer()
      switch self {
      case .number(let number): try box.encode(number)
      case .text(let text): try box.encode(text)
      }
    }
  }

  let version = "1.0"
  let explanations: Content

  public init(_ found: Explanation) {
    func label(_ global: [Explanation.Importance], _ base: Double) -> Label {
      Label(
        values: Dictionary(global.map { ($0.feature, $0.value) }, uniquingKeysWith: { first, _ in first }),
        expected: base)
    }
    let pdp = found.effects.map { $0.map { FeatureEffectEntry($0) } }
    guard let outputs = found.outputs else {
      explanations = Content(kernel: ["label0": label(found.global, found.baseValue)], pdp: pdp)
      return
    }
    explanations = Content(
      kernel: Dictionary(
        outputs.map { ($0.name, label($0.global, $0.baseValue)) }, uniquingKeysWith: { first, _ in first }), pdp: pdp)
  }

  /// Clarify calls the one output of a model `label0`, and several as they are called.
  static func labels(_ outputNames: [String]) -> [String] { outputNames.count == 1 ? ["label0"] : outputNames }
}
