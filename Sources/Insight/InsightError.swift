// What an analysis cannot do with a column, said with what to do instead.

import Frame

/// A column that an analysis cannot use.
public enum InsightError: Error, Equatable, Sendable {
  case noSuchColumn(String)
  /// The analysis needs numbers or dates.
  case notNumeric(column: String, kind: ColumnKind, advice: String)
  /// There are fewer numeric columns than the analysis needs.
  case tooFewNumericColumns(found: Int, needed: Int)
  /// A label to classify by has no two classes.
  case oneClass(column: String, found: Int)
  /// A label to classify by has more classes than the analysis takes.
  case tooManyClasses(column: String, found: Int, most: Int)
  /// There is nothing to tell of.
  case noRows
  /// Two relations have no column in common that can be compared.
  case nothingInCommon
}

extension InsightError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noSuchColumn(let name): "no column \"\(name)\""
    case .notNumeric(let column, let kind, let advice):
      "column \"\(column)\" holds \(kind.rawValue) values, and numbers or dates are needed: \(advice)"
    case .tooFewNumericColumns(let found, let needed):
      "the table has \(found) numeric columns, and a correlation needs \(needed): cast columns to numbers first"
    case .oneClass(let column, let found):
      found == 0
        ? "column \"\(column)\" has no values, and a label is needed: choose another column"
        : "column \"\(column)\" has one value only, and a label needs two: choose another column"
    case .tooManyClasses(let column, let found, let most):
      "column \"\(column)\" has \(found) classes, and \(most) are taken at most: group rare ones, or choose regression"
    case .noRows: "the table has no rows: import rows, or loosen the filters before this step"
    case .nothingInCommon: "the two tables have no column of the same name that can be compared: rename columns first"
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
