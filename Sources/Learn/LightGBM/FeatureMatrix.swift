// The numbers that a model sees.

/// A matrix of numbers, a column for each feature.
public struct FeatureMatrix: Sendable, Equatable {
  public let rows: Int
  public let features: Int
  /// `[features × rows]`, feature after feature; NaN where a value is missing.
  public let values: [Double]

  /// - Precondition: `values` has `rows` × `features` elements.
  public init(rows: Int, features: Int, values: [Double]) {
    precondition(values.count == rows * features, "a matrix needs rows × features values")
    self.rows = rows
    self.features = features
    self.values = values
  }

  /// The values of one feature.
  public func column(_ feature: Int) -> ArraySlice<Double> { values[feature * rows..<(feature + 1) * rows] }

  /// The same features of some rows.
  public func selecting(_ chosen: some Collection<Int>) -> FeatureMatrix {
    var selected: [Double] = []
    selected.reserveCapacity(chosen.count * features)
    for feature in 0..<features {
      for row in chosen { selected.append(values[feature * rows + row]) }
    }
    return FeatureMatrix(rows: chosen.count, features: features, values: selected)
  }
}
