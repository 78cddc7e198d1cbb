// What an analysis cannot do with a column, said with what to do instead.

import Frame

/// A column that an analysis cannot use.
public enum InsightError: Error, Equatable, Sendable {
  case noSuchColumn(String)
  /// The analysis needs numbers or dates.
  case notNumeric(column: String, kind: ColumnKind, advice: String)
  /// There are fewer numeric columns than the analysis needs.
  case tooFewNumericColumns(found: Int, needed: Int)
}

extension InsightError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noSuchColumn(let name): "no column \"\(name)\""
    case .notNumeric(let column, let kind, let advice):
      "column \"\(column)\" holds \(kind.rawValue) values, and numbers or dates are needed: \(advice)"
    case .tooFewNumericColumns(let found, let needed):
      "the table has \(found) numeric columns, and a correlation needs \(needed): cast columns to numbers first"
    }
  }
}

extension Schema {
  /// The column of this name.
  /// - Throws: `InsightError.noSuchColumn`.
  func required(_ name: String) throws -> Column {
    if let column = column(named: name) { return column }
    throw InsightError.noSuchColumn(name)
  }
}
