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
    /// Where the rows' values are estimates: the mean of their standard errors.
    public var standardError: Double?

    public init(feature: String, value: Double, standardError: Double? = nil) {
      (self.feature, self.value, self.standardError) = (feature, value, standardError)
    }

    private enum CodingKeys: String, CodingKey {
      case feature, value
      case standardError = "standard_error"
    }
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
  /// What features do when they are set to values; nil unless asked for, as are those below.
  public var effects: [FeatureEffect]?
  public var groups: GroupDifference?
  /// Largest first.
  public var importance: [PermutationImportance]?
  /// What a person should know about how the values were found; nil where there is nothing.
  public var notes: [String]?

  private enum CodingKeys: String, CodingKey {
    case features, global, outputs, interactions, rows, method, aggregate, unit, model, notes
    case effects = "pdp"
    case groups = "group_difference"
    case importance = "permutation_importance"
    case baseValue = "base_value"
    case additivityError = "additivity_error"
    case totalRows = "total_rows"
    case backgroundRows = "background_rows"
  }
}

extension ExplanationBuilder.Kept {
  public init(from decoder: any Decoder) throws {
    let box = try decoder.container(keyedBy: CodingKeys.self)
    row = try box.decode(Int.self, forKey: .row)
    numbers = try box.decode([Double?].self, forKey: .numbers).map { $0 ?? .nan }
    cells = try box.decode([String].self, forKey: .cells)
    values = try box.decode([Double].self, forKey: .values)
    baseValues = try box.decode([Double].self, forKey: .baseValues)
    predictions = try box.decode([Double].self, forKey: .predictions)
  }
}

/// What explanations say of a model.
public struct ExplainedModel: Sendable, Equatable {
  /// The maker and objective, such as `XGBoost binary:logistic`.
  public var name: String
  /// One, or one for each class.
  public var outputNames: [String]

  public init(name: String, outputNames: [String]) { (self.name, self.outputNames) = (name, outputNames) }

  public init(_ model: TreeEnsemble) {
    name = model.maker + (model.objective.isEmpty ? "" : " " + model.objective)
    outputNames = model.outputNames
  }
}

/// Adds up the values of rows as they come.
public struct ExplanationBuilder: Sendable {
  /// A row kept for pictures.
  public struct Kept: Codable, Sendable, Equatable {
    public var row: Int
    /// By feature: its number in the model, NaN where missing or no number.
    public var numbers: [Double]
    /// By feature: its cell in words; empty where the numbers are the cells.
    public var cells: [String]
    /// [outputs][features]
    public var values: [Double]
    /// By output: what the values start from, and what they add up to.
    public var baseValues, predictions: [Double]

    /// The values of an output by feature.
    public func values(output: Int) -> ArraySlice<Double> {
      let features = numbers.count
      return values[output * features..<(output + 1) * features]
    }

    private enum CodingKeys: String, CodingKey {
      case row, numbers, cells, values, predictions
      case baseValues = "base_values"
    }

    public func encode(to encoder: any Encoder) throws {
      var box = encoder.container(keyedBy: CodingKeys.self)
      try box.encode(row, forKey: .row)
      // NaN has no JSON number.
      try box.encode(numbers.map { $0.isFinite ? $0 : nil }, forKey: .numbers)
      try box.encode(cells, forKey: .cells)
      try box.encode(values, forKey: .values)
      try box.encode(baseValues, forKey: .baseValues)
      try box.encode(predictions, forKey: .predictions)
    }
  }

  private let features: [String]
  private let outputs: Int
  private let aggregate: ShapAggregate
  /// [outputs][features]
  private var sums: [Double]
  private var all: [[Float]] = []
  /// [outputs][features]: sums of standard errors; empty where values are exact.
  private var errors: [Double] = []
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
  /// - Parameter cells: a row's cells in words by feature, where its numbers do not tell them.
  public mutating func add(_ batch: FeatureRows, _ values: ShapValues, cells: ((Int) -> [String])? = nil) {
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
    if !values.standardErrors.isEmpty {
      if errors.isEmpty { errors = Array(repeating: 0, count: count) }
      for at in values.standardErrors.indices { errors[at % count] += values.standardErrors[at] }
    }
    for row in 0..<batch.count where (rows + row) % stride == 0 {
      kept.append(
        Kept(
          row: rows + row, numbers: batch.columns.map { $0[row] }, cells: cells?(row) ?? [],
          values: Array(values.values[row * count..<(row + 1) * count]),
          baseValues: (0..<outputs).map { values.baseValue(row: row, output: $0) },
          predictions: Array(values.predictions[row * outputs..<(row + 1) * outputs])))
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

  /// - Parameter outputs: those that the values are of.
  private func ranked(_ values: [Double], _ outputs: Range<Int>) -> [Explanation.Importance] {
    let items = features.indices.map { feature in
      let errors = errors.isEmpty ? nil : outputs.map { self.errors[$0 * features.count + feature] / Double(rows) }
      return Explanation.Importance(
        feature: features[feature], value: values[feature], standardError: errors.map { $0.reduce(0, +) })
    }
    return items.enumerated().sorted { left, right in
      (abs(right.element.value), left.offset) < (abs(left.element.value), right.offset)
    }.map(\.element)
  }

  /// The figures of all rows so far.
  /// - Throws: `ExplainError.noRows`.
  public func explanation(
    of model: ExplainedModel, totalRows: Int, method: String, unit: String, backgroundRows: Int?
  ) throws -> Explanation {
    guard rows > 0 else { throw ExplainError.noRows }
    let byOutput = (0..<outputs).map(importances)
    let whole = features.indices.map { feature in byOutput.reduce(0) { $0 + $1[feature] } }
    let bases = baseValues.map { $0 / Double(rows) }
    let names = model.outputNames
    var found = Explanation(
      baseValue: bases.reduce(0, +) / Double(outputs), features: features, global: ranked(whole, 0..<outputs),
      additivityError: additivityError, rows: rows, totalRows: totalRows, method: method, aggregate: aggregate,
      unit: unit, model: model.name, backgroundRows: backgroundRows)
    if outputs > 1 {
      found.outputs = (0..<outputs).map {
        .init(name: names[$0], baseValue: bases[$0], global: ranked(byOutput[$0], $0..<$0 + 1))
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
