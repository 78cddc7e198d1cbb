// Rows as a model takes them.

/// Values of some rows by feature, in the order of the model's features.
public struct FeatureRows: Sendable, Equatable {
  public let count: Int
  /// [features][rows], NaN where a value is missing. Categories are numbers.
  public let columns: [[Double]]

  /// - Precondition: every column has `count` values.
  public init(count: Int, columns: [[Double]]) {
    precondition(columns.allSatisfy { $0.count == count }, "columns of different lengths")
    (self.count, self.columns) = (count, columns)
  }

  /// A row, by feature.
  public func row(_ row: Int) -> [Double] { columns.map { $0[row] } }

  /// Some rows, in the order of `rows`.
  public func selecting(_ rows: [Int]) -> FeatureRows {
    FeatureRows(count: rows.count, columns: columns.map { column in rows.map { column[$0] } })
  }
}
