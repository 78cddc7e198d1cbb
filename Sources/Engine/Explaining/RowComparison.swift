import Explain
import Foundation
import Plot

/// Why a model says something else of one row than of another.
///
/// The base values and SHAP values of a row add up to its prediction, so that their differences add up to that of the
/// predictions.
public struct RowComparison: Codable, Sendable, Equatable {
  /// A feature in both rows.
  public struct Difference: Codable, Sendable, Equatable {
    public var feature: String
    /// The cells; empty where they are missing.
    public var first, second: String
    /// SHAP values, and the second minus the first.
    public var firstShap, secondShap, difference: Double

    private enum CodingKeys: String, CodingKey {
      case feature, first, second, difference
      case firstShap = "first_shap"
      case secondShap = "second_shap"
    }
  }

  /// What an output says of both.
  public struct Output: Codable, Sendable, Equatable {
    public var name: String
    public var first, second: Double
    /// The base value of the second row minus that of the first: none, unless the rows have their own.
    public var baseDifference: Double
    /// What makes the difference, most first.
    public var features: [Difference]
    /// How far the differences miss that of the predictions.
    public var error: Double

    /// The prediction of the second row minus that of the first.
    public var difference: Double { second - first }

    private enum CodingKeys: String, CodingKey {
      case name, first, second, features, error
      case baseDifference = "base_difference"
    }
  }

  /// What the rows are called.
  public var first, second: String
  public var model, unit: String
  public var outputs: [Output]

  /// Nil where the rows are not of one model.
  public init?(_ first: RowExplanation, called firstName: String, _ second: RowExplanation, called secondName: String) {
    guard first.features == second.features, first.outputs.map(\.name) == second.outputs.map(\.name),
      first.unit == second.unit
    else { return nil }
    (self.first, self.second, model, unit) = (firstName, secondName, first.model, first.unit)
    outputs = first.outputs.indices.map { output in
      let (one, other) = (first.outputs[output], second.outputs[output])
      let features = first.features.indices.map { feature in
        Difference(
          feature: first.features[feature], first: first.cells[feature], second: second.cells[feature],
          firstShap: one.values[feature], secondShap: other.values[feature],
          difference: other.values[feature] - one.values[feature])
      }
      let base = other.baseValue - one.baseValue
      let sum = features.reduce(base) { $0 + $1.difference }
      return Output(
        name: one.name, first: one.prediction, second: other.prediction, baseDifference: base,
        features: features.enumerated().sorted { left, right in
          (abs(right.element.difference), left.offset) < (abs(left.element.difference), right.offset)
        }.map(\.element), error: abs(sum - (other.prediction - one.prediction)))
    }
  }

  /// The way from what is said of the first row to what is said of the second.
  public func waterfall(output: Int, title: String? = nil, items most: Int = 10) -> Chart {
    let found = outputs[output]
    func cell(_ text: String) -> String { text.isEmpty ? "missing" : text }
    let parts = found.features.filter { $0.difference != 0 }
    let rest = parts.dropFirst(most)
    let others = rest.reduce(found.baseDifference) { $0 + $1.difference }
    return .content(
      ShapWaterfall(
        title: title ?? "From \(first) to \(second)", base: found.first,
        items: parts.prefix(most).map { part in
          let change =
            part.first == part.second ? cell(part.first) : "\(cell(part.first)) > \(cell(part.second))"
          return .init(feature: part.feature, value: change, shap: part.difference)
        }, others: rest.isEmpty && others == 0 ? nil : .init(count: rest.count, shap: others), unit: unit,
        isLogOdds: unit == "log-odds", from: first, to: second))
  }
}
