// What a model makes of many rows: the figures of `assay explain --json`.

/// How local values become one value of a feature.
public enum ShapAggregate: String, Codable, Sendable, CaseIterable {
  /// Mean of the sizes.
  case meanAbsolute = "mean_abs"
  /// Mean of the squares.
  case meanSquare = "mean_sq"
  /// Median with sign.
  case median
}

/// SHAP values of a table, by feature.
public struct Explanation: Codable, Sendable, Equatable {
  public struct Importance: Codable, Sendable, Equatable {
    public var feature: String
    public var value: Double

    public init(feature: String, value: Double) { (self.feature, self.value) = (feature, value) }
  }

  /// One class of several.
  public struct Output: Codable, Sendable, Equatable {
    public var name: String
    public var baseValue: Double
    /// Largest first.
    public var global: [Importance]

    private enum CodingKeys: String, CodingKey {
      case name, global
      case baseValue = "base_value"
    }
  }

  /// A pair of features that work together.
  public struct Interaction: Codable, Sendable, Equatable {
    public var features: [String]
    /// Mean size of what both together add beyond what each adds alone, both halves of it; over all outputs.
    public var value: Double
  }

  /// What the values start from; the mean over the outputs where there are several, whose own stand in `outputs`.
  public var baseValue: Double
  /// In the order of the model.
  public var features: [String]
  /// Largest first; over several outputs the sum.
  public var global: [Importance]
  /// For a model of several classes: each of them.
  public var outputs: [Output]?
  /// Strongest first; nil unless asked for.
  public var interactions: [Interaction]?
  /// The largest distance of a prediction from the base value plus its row's values.
  public var additivityError: Double
  /// Rows explained, and rows that the source has.
  public var rows: Int
  public var totalRows: Int
  public var method: String
  public var aggregate: ShapAggregate
  /// What the values are in: `log-odds`, `probability`, `log loss` or `margin`.
  public var unit: String
  /// The maker and objective of the model, such as `XGBoost binary:logistic`.
  public var model: String
  /// Rows of the background; nil where absent features follow the training rows.
  public var backgroundRows: Int?

  private enum CodingKeys: String, CodingKey {
    case features, global, outputs, interactions, rows, method, aggregate, unit, model
    case baseValue = "base_value"
    case additivityError = "additivity_error"
    case totalRows = "total_rows"
    case backgroundRows = "background_rows"
  }
}

/// Adds up the values of rows as they come.
public struct ExplanationBuilder: Sendable {
  /// A row kept for pictures.
  public struct Kept: Sendable, Equatable {
    public let row: Int
    /// By feature: its number in the model, NaN where missing, and its SHAP value in the first output.
    public let numbers, values: [Double]
  }

  private let features: [String]
  private let outputs: Int
  private let aggregate: ShapAggregate
  /// [outputs][features]
  private var sums: [Double]
  private var all: [[Float]] = []
  /// [features][features], both halves, over all outputs.
  private var pairs: [Double] = []
  private var baseValues: [Double]
  public private(set) var rows = 0
  private var additivityError = 0.0
  /// Every `stride`-th row; whenever there are twice too many, every other one goes.
  public private(set) var kept: [Kept] = []
  private var stride = 1
  private static let keptRows = 500

  public init(features: [String], outputs: Int, aggregate: ShapAggregate) {
    (self.features, self.outputs, self.aggregate) = (features, outputs, aggregate)
    sums = Array(repeating: 0, count: outputs * features.count)
    baseValues = Array(repeating: 0, count: outputs)
    if aggregate == .median { all = Array(repeating: [], count: outputs * features.count) }
  }

  /// Adds rows and their values.
  public mutating func add(_ batch: FeatureRows, _ values: ShapValues) {
    for (output, base) in values.baseValues.enumerated() { baseValues[output] += base * Double(values.rows) }
    let count = sums.count
    values.values.withUnsafeBufferPointer { values in
      for row in 0..<batch.count {
        for at in 0..<count {
          let value = values[row * count + at]
          switch aggregate {
          case .meanAbsolute: sums[at] += abs(value)
          case .meanSquare: sums[at] += value * value
          case .median: all[at].append(Float(value))
          }
        }
      }
    }
    if !values.interactions.isEmpty { addPairs(values) }
    for row in 0..<batch.count where (rows + row) % stride == 0 {
      kept.append(
        Kept(row: rows + row, numbers: batch.columns.map { $0[row] }, values: Array(values.values(row: row))))
      if kept.count == 2 * Self.keptRows {
        stride *= 2
        kept = kept.filter { $0.row % stride == 0 }
      }
    }
    rows += batch.count
    additivityError = max(additivityError, values.additivityError)
  }

  private mutating func addPairs(_ values: ShapValues) {
    let count = features.count
    if pairs.isEmpty { pairs = Array(repeating: 0, count: count * count) }
    for table in Swift.stride(from: 0, to: values.interactions.count, by: count * count) {
      for at in 0..<count * count { pairs[at] += abs(values.interactions[table + at]) }
    }
  }

  private func importances(_ output: Int) -> [Double] {
    features.indices.map { feature in
      let at = output * features.count + feature
      guard aggregate == .median else { return rows > 0 ? sums[at] / Double(rows) : 0 }
      let sorted = all[at].sorted()
      guard !sorted.isEmpty else { return 0 }
      return (Double(sorted[(sorted.count - 1) / 2]) + Double(sorted[sorted.count / 2])) / 2
    }
  }

  private func ranked(_ values: [Double]) -> [Explanation.Importance] {
    let items = zip(features, values).map { Explanation.Importance(feature: $0, value: $1) }
    return items.enumerated().sorted { left, right in
      (abs(right.element.value), left.offset) < (abs(left.element.value), right.offset)
    }.map(\.element)
  }

  /// The figures of all rows so far.
  /// - Throws: `ExplainError.noRows`.
  public func explanation(
    of model: TreeEnsemble, totalRows: Int, method: String, unit: String, backgroundRows: Int?
  ) throws -> Explanation {
    guard rows > 0 else { throw ExplainError.noRows }
    let byOutput = (0..<outputs).map(importances)
    let whole = features.indices.map { feature in byOutput.reduce(0) { $0 + $1[feature] } }
    let bases = baseValues.map { $0 / Double(rows) }
    let names = model.outputNames
    var found = Explanation(
      baseValue: bases.reduce(0, +) / Double(outputs), features: features, global: ranked(whole),
      additivityError: additivityError, rows: rows, totalRows: totalRows, method: method, aggregate: aggregate,
      unit: unit, model: model.maker + (model.objective.isEmpty ? "" : " " + model.objective),
      backgroundRows: backgroundRows)
    if outputs > 1 {
      found.outputs = (0..<outputs).map {
        .init(name: names[$0], baseValue: bases[$0], global: ranked(byOutput[$0]))
      }
    }
    if !pairs.isEmpty {
      let count = features.count
      var together: [Explanation.Interaction] = []
      for i in 0..<count {
        for j in i + 1..<max(count, i + 1) {
          let value = 2 * pairs[i * count + j] / Double(rows)
          together.append(Explanation.Interaction(features: [features[i], features[j]], value: value))
        }
      }
      found.interactions = together.sorted { $0.value > $1.value }
    }
    return found
  }
}
