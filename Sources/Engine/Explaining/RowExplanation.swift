import Explain
import Foundation
import Plot

/// A cell of a row that a person may have changed.
public struct RowCell: Codable, Sendable, Equatable {
  public var column: String
  /// Nil where it is missing.
  public var text: String?

  public init(column: String, text: String?) { (self.column, self.text) = (column, text) }
}

/// Why a model says of one row what it says.
public struct RowExplanation: Codable, Sendable, Equatable {
  public struct Output: Codable, Sendable, Equatable {
    public var name: String
    public var baseValue, prediction: Double
    /// By feature.
    public var values: [Double]

    public init(name: String, baseValue: Double, prediction: Double, values: [Double]) {
      (self.name, self.baseValue, self.prediction, self.values) = (name, baseValue, prediction, values)
    }
  }

  public var model: String
  /// What the values are in.
  public var unit: String
  public var features: [String]
  /// The column of each feature, and its cell; empty where it is missing.
  public var columns, cells: [String]
  public var outputs: [Output]
  /// The largest distance of a prediction from the base value plus the row's values.
  public var additivityError: Double
  /// How the values were found, and rows of the background where there is one.
  public var method = ""
  public var backgroundRows: Int?

  public init(
    model: String, unit: String, features: [String], columns: [String], cells: [String], outputs: [Output],
    additivityError: Double, method: String = "", backgroundRows: Int? = nil
  ) {
    (self.method, self.backgroundRows) = (method, backgroundRows)
    (self.model, self.unit, self.features, self.columns) = (model, unit, features, columns)
    (self.cells, self.outputs, self.additivityError) = (cells, outputs, additivityError)
  }

  /// What log-odds are as a probability.
  public static func probability(_ logOdds: Double) -> Double { 1 / (1 + exp(-logOdds)) }

  /// An error as screens tell it: what sums of 32 bits round off differs from processor to processor, and is no news.
  public static func told(_ error: Double) -> Double { max(error, 1e-6) }

  /// Local accuracy: whether base value and values add up to the prediction, but for rounding.
  public var isAccurate: Bool {
    let sizes = outputs.map { output in output.values.reduce(abs(output.baseValue)) { $0 + abs($1) } }
    return additivityError.isFinite && additivityError <= 1e-3 * max(1e-3, sizes.max() ?? 0)
  }

  /// `tree, no background; sums miss f(x) by at most 1e-06`.
  public var provenance: String {
    let background = backgroundRows.map { "background of \(Numbers.grouped($0))" } ?? "no background"
    let error = Numbers.short(Self.told(additivityError), digits: 2)
    return (method.isEmpty ? "" : "\(method), \(background); ")
      + (isAccurate ? "sums miss f(x) by at most \(error)" : "! sums miss f(x) by \(error), more than rounding")
  }

  /// Features by the size of what they add to an output, largest first.
  public func order(output: Int) -> [Int] {
    let values = outputs[output].values
    return features.indices.sorted { (abs(values[$1]), $0) < (abs(values[$0]), $1) }
  }

  /// The way from the base value to the prediction.
  public func waterfall(output: Int, title: String? = nil, items most: Int = 10) -> Chart {
    let found = outputs[output]
    let order = order(output: output).filter { found.values[$0] != 0 }
    let items = order.prefix(most).map { feature in
      ShapWaterfall.Item(
        feature: features[feature], value: cells[feature].isEmpty ? "missing" : cells[feature],
        shap: found.values[feature])
    }
    let rest = order.dropFirst(most)
    return .content(
      ShapWaterfall(
        title: title, base: found.baseValue, items: items,
        others: rest.isEmpty
          ? nil : .init(count: rest.count, shap: rest.reduce(0) { $0 + found.values[$1] }),
        unit: unit, isLogOdds: unit == "log-odds"))
  }
}

extension ExplainedTable {
  /// One of the rows that were kept.
  public func row(_ kept: ExplanationBuilder.Kept) -> RowExplanation {
    let names = explanation.outputs?.map(\.name) ?? [""]
    let outputs = names.enumerated().map { output, name in
      RowExplanation.Output(
        name: name, baseValue: kept.baseValues[output], prediction: kept.predictions[output],
        values: Array(kept.values(output: output)))
    }
    let errors = outputs.map { abs($0.values.reduce($0.baseValue, +) - $0.prediction) }
    return RowExplanation(
      model: explanation.model, unit: explanation.unit, features: explanation.features,
      columns: explanation.features, cells: kept.cells, outputs: outputs, additivityError: errors.max() ?? 0,
      method: explanation.method, backgroundRows: explanation.backgroundRows)
  }
}
