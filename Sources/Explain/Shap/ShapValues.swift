// Explanations of some rows.

/// SHAP values of rows, with what they add up to.
public struct ShapValues: Sendable, Equatable {
  public let rows, features, outputs: Int
  /// What the values start from, by output.
  public internal(set) var baseValues: [Double]
  /// The same by row and output, where it depends on the row; else empty.
  public internal(set) var rowBaseValues: [Double] = []
  /// [rows][outputs][features], in the unit of the output.
  public internal(set) var values: [Double]
  /// What the model says of each row: [rows][outputs].
  public internal(set) var predictions: [Double]
  /// [rows][outputs][features][features], main effects on the diagonal; empty unless asked for.
  public internal(set) var interactions: [Double] = []
  /// How far values that are estimates may be off, [rows][outputs][features]; empty where they are none.
  public internal(set) var standardErrors: [Double] = []

  init(rows: Int, features: Int, outputs: Int, baseValues: [Double]) {
    (self.rows, self.features, self.outputs, self.baseValues) = (rows, features, outputs, baseValues)
    values = Array(repeating: 0, count: rows * outputs * features)
    predictions = Array(repeating: 0, count: rows * outputs)
  }

  /// The values of a row and an output, by feature.
  public func values(row: Int, output: Int = 0) -> ArraySlice<Double> {
    let start = (row * outputs + output) * features
    return values[start..<start + features]
  }

  /// What the values of a row and an output start from.
  public func baseValue(row: Int, output: Int = 0) -> Double {
    rowBaseValues.isEmpty ? baseValues[output] : rowBaseValues[row * outputs + output]
  }

  /// Writes the interactions of a row and an output, which begin at `start`: those of pairs of players, and on the diagonal
  /// what is left of each value.
  /// - Parameter pairs: half an interaction at each of [players][players]; empty where there are none.
  mutating func setInteractions(_ pairs: [Double], of values: [Double], players: [Int], at start: Int) {
    for (i, feature) in players.enumerated() {
      var rest = values[i]
      for (j, other) in players.enumerated() where j != i && !pairs.isEmpty {
        let value = pairs[i * players.count + j]
        interactions[start + feature * features + other] = value
        rest -= value
      }
      interactions[start + feature * features + feature] = rest
    }
  }

  /// The largest distance of a prediction from the base value plus all values of its row.
  public var additivityError: Double {
    var largest = 0.0
    values.withUnsafeBufferPointer { values in
      for at in predictions.indices {
        var sum = rowBaseValues.isEmpty ? baseValues[at % outputs] : rowBaseValues[at]
        for feature in 0..<features { sum += values[at * features + feature] }
        let error = abs(sum - predictions[at])
        // A sum that is no number is an error without measure.
        if !(error <= largest) { largest = error.isNaN ? .infinity : error }
      }
    }
    return largest
  }

  /// The values of features that belong together as one; an interaction of two groups is the sum of those of their features,
  /// and what the features of a group do among themselves is its own.
  /// - Parameter groups: by feature which group it is in.
  public func summed(by groups: [Int], into count: Int) -> ShapValues {
    var result = ShapValues(rows: rows, features: count, outputs: outputs, baseValues: baseValues)
    (result.predictions, result.rowBaseValues) = (predictions, rowBaseValues)
    for at in 0..<rows * outputs {
      for (feature, group) in groups.enumerated() {
        result.values[at * count + group] += values[at * features + feature]
      }
    }
    guard !interactions.isEmpty else { return result }
    result.interactions = Array(repeating: 0, count: rows * outputs * count * count)
    for at in 0..<rows * outputs {
      let (from, to) = (at * features * features, at * count * count)
      for (i, row) in groups.enumerated() {
        for (j, column) in groups.enumerated() {
          result.interactions[to + row * count + column] += interactions[from + i * features + j]
        }
      }
    }
    return result
  }

  /// Adds what another model says of the same rows, features and outputs.
  /// - Precondition: both are exact, with interactions or without.
  public mutating func add(_ other: ShapValues) {
    precondition(
      other.values.count == values.count && other.interactions.count == interactions.count
        && other.rowBaseValues.isEmpty && rowBaseValues.isEmpty, "values of other rows")
    for at in baseValues.indices { baseValues[at] += other.baseValues[at] }
    for at in predictions.indices { predictions[at] += other.predictions[at] }
    for at in values.indices { values[at] += other.values[at] }
    for at in interactions.indices { interactions[at] += other.interactions[at] }
  }
}
