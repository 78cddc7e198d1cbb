// From the columns of a table to the features of a model.

import Frame

/// Which column is which feature, and how its cells become numbers.
public struct FeatureMapping: Sendable {
  private enum Reading: Sendable {
    case number
    /// Numbers of words; words that are none are missing.
    case words([String: Double])
  }

  /// The columns' names, in the order of the features.
  public let columns: [String]
  private let readings: [Reading]

  /// Matches by name, or by position where the model knows no names.
  /// - Throws: `ExplainError` that names what does not fit.
  public init(_ model: TreeEnsemble, schema: Schema) throws {
    let byName = Dictionary(schema.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let missing = model.features.filter { byName[$0.name] == nil }
    let found: [Column]
    if missing.isEmpty {
      found = model.features.compactMap { byName[$0.name] }
    } else if model.hasFeatureNames {
      throw ExplainError.missingFeatures(
        missing.map(\.name), columns: schema.map(\.name), count: model.features.count)
    } else {
      guard schema.count == model.features.count else {
        throw ExplainError.columnCount(features: model.features.count, columns: schema.count)
      }
      found = schema
    }
    columns = found.map(\.name)
    readings = try zip(model.features, found).map { feature, column in
      if let categories = feature.categories {
        return .words(
          Dictionary(categories.enumerated().map { ($1, Double($0)) }, uniquingKeysWith: { first, _ in first }))
      }
      switch column.kind {
      case .integer, .real, .boolean: return .number
      case .text, .date, .timestamp, .time, .other:
        throw ExplainError.columnKind(
          column: column.name, kind: column.kind == .text ? "texts" : "values of type \(column.type)", wanted: "numbers"
        )
      }
    }
  }

  /// A SELECT of the features' columns over a relation, in order: numbers in double precision, words as text. `others`
  /// come after them.
  public func select(from relation: String, others: [String] = []) -> String {
    let parts = zip(columns, readings).enumerated().map { index, pair -> String in
      let name = SQL.identifier(pair.0)
      return if case .number = pair.1 { "CAST(\(name) AS DOUBLE) AS f\(index)" } else {
        "CAST(\(name) AS VARCHAR) AS f\(index)"
      }
    }
    let rest = others.enumerated().map { "\(SQL.identifier($1)) AS o\($0)" }
    return "SELECT \((parts + rest).joined(separator: ", ")) FROM \(SQL.subquery(relation))"
  }

  /// Rows of what `select` gives.
  public func rows(of table: DataTable) -> FeatureRows {
    let values = readings.enumerated().map { index, reading -> [Double] in
      let column = table.columns[index]
      switch reading {
      case .number: return column.numbers ?? Array(repeating: .nan, count: table.rowCount)
      case .words(let numbers):
        return (0..<table.rowCount).map { row in column.text(row).flatMap { numbers[$0] } ?? .nan }
      }
    }
    return FeatureRows(count: table.rowCount, columns: values)
  }
}
