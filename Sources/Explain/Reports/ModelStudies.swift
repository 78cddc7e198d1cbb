// What explanations can hold beyond SHAP values.

/// The effect of setting a feature to one value after another.
public struct FeatureEffect: Codable, Sendable, Equatable {
  public var feature: String
  /// The values that the feature was set to, all of which occur; as numbers where they have an order.
  public var values: [String]
  public var numbers: [Double]?
  /// [outputs][values]: partial dependence, the mean prediction of all rows with the feature at a value.
  public var means: [[Double]]
  /// The share of rows nearest to each value.
  public var shares: [Double]
  /// [rows][values]: individual conditional expectations of some rows, first output.
  public var individual: [[Double]]
  /// [values], first output, of mean 0: accumulated local effects; nil where values have no order.
  public var accumulated: [Double]?
  /// Rows that were predicted at each value.
  public var rows: Int

  public init(
    feature: String, values: [String], numbers: [Double]?, means: [[Double]], shares: [Double], individual: [[Double]],
    accumulated: [Double]?, rows: Int
  ) {
    (self.feature, self.values, self.numbers, self.means) = (feature, values, numbers, means)
    (self.shares, self.individual, self.accumulated, self.rows) = (shares, individual, accumulated, rows)
  }

  private enum CodingKeys: String, CodingKey {
    case feature = "feature_name"
    case values = "feature_values"
    case numbers, rows
    case means = "model_predictions"
    case shares = "data_distribution"
    case individual = "ice"
    case accumulated = "ale"
  }
}

/// Why predictions of two groups differ: the differences of their mean SHAP values add up to that of their predictions.
public struct GroupDifference: Codable, Sendable, Equatable {
  public struct Group: Codable, Sendable, Equatable {
    public var rows: Int
    /// Mean of what the model says, in the unit of the explanation.
    public var prediction: Double
    /// The share that is predicted positive; nil where nothing is decided.
    public var positives: Double?
  }

  /// The facet, and the value of group d; group a is everybody else.
  public var column, value: String
  public var d, a: Group
  /// Prediction of a minus that of d.
  public var difference: Double
  /// Share of predicted positives of a minus that of d.
  public var dppl: Double?
  /// What each feature adds to `difference`, largest first.
  public var features: [Explanation.Importance]
}

/// Sums over two groups, as rows come.
public struct GroupBuilder: Sendable {
  private let column, value: String
  private let features: [String]
  /// Predictions above it are positive.
  private let threshold: Double?
  private var counts = [0, 0]
  private var positives = [0, 0]
  private var predictions = [0.0, 0.0]
  private var sums: [[Double]]

  public init(column: String, value: String, features: [String], threshold: Double?) {
    (self.column, self.value, self.features, self.threshold) = (column, value, features, threshold)
    sums = Array(repeating: Array(repeating: 0, count: features.count), count: 2)
  }

  /// - Parameter isInD: by row; nil where the facet is missing.
  public mutating func add(_ values: ShapValues, isInD: [Bool?]) {
    for (row, side) in isInD.enumerated() {
      guard let side else { continue }
      let group = side ? 0 : 1
      let prediction = values.predictions[row * values.outputs]
      counts[group] += 1
      predictions[group] += prediction
      if let threshold, prediction > threshold { positives[group] += 1 }
      for (feature, value) in values.values(row: row).enumerated() { sums[group][feature] += value }
    }
  }

  /// Nil where a group has no rows.
  public var difference: GroupDifference? {
    guard counts.allSatisfy({ $0 > 0 }) else { return nil }
    let groups = (0..<2).map { group in
      let rows = Double(counts[group])
      return GroupDifference.Group(
        rows: counts[group], prediction: predictions[group] / rows,
        positives: threshold.map { _ in Double(positives[group]) / rows })
    }
    let parts = features.indices.map { feature in
      Explanation.Importance(
        feature: features[feature],
        value: sums[1][feature] / Double(counts[1]) - sums[0][feature] / Double(counts[0]))
    }
    let gap: Double? = groups[0].positives.flatMap { d in groups[1].positives.map { $0 - d } }
    return GroupDifference(
      column: column, value: value, d: groups[0], a: groups[1],
      difference: groups[1].prediction - groups[0].prediction, dppl: gap,
      features: parts.sorted { abs($0.value) > abs($1.value) })
  }
}

/// How much worse predictions become when a feature's cells are shuffled (Breiman 2001, doi:10.1023/A:1010933404324).
public struct PermutationImportance: Codable, Sendable, Equatable {
  public var feature: String
  /// Mean rise of the loss, and the ends of its 95 % interval over the shuffles.
  public var value, low, high: Double

  public init(feature: String, value: Double, low: Double, high: Double) {
    (self.feature, self.value, self.low, self.high) = (feature, value, low, high)
  }
}

/// The smallest change that was found to flip a decision.
public struct Counterfactual: Codable, Sendable, Equatable {
  public struct Change: Codable, Sendable, Equatable {
    public var column: String
    /// Nil where the cell is missing.
    public var from, to: String?

    public init(column: String, from: String?, to: String?) {
      (self.column, self.from, self.to) = (column, from, to)
    }
  }

  /// What is decided before and after.
  public var before, after: String
  /// Predictions by output.
  public var predictionsBefore, predictionsAfter: [Double]
  /// Empty where no change of up to three columns flips it.
  public var changes: [Change]

  public init(
    before: String, after: String, predictionsBefore: [Double], predictionsAfter: [Double], changes: [Change]
  ) {
    (self.before, self.after, self.changes) = (before, after, changes)
    (self.predictionsBefore, self.predictionsAfter) = (predictionsBefore, predictionsAfter)
  }

  private enum CodingKeys: String, CodingKey {
    case before, after, changes
    case predictionsBefore = "predictions_before"
    case predictionsAfter = "predictions_after"
  }
}
