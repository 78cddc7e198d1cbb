// What a bias report cannot do, said with what to do instead.

import Frame

/// A report that cannot be made at all. What stops one metric alone stands beside that metric.
public enum BiasError: Error, Equatable, Sendable {
  case noSuchColumn(String)
  case noFacets
  /// A column is given two parts that exclude each other.
  case sameColumn(String, as: String, and: String)
  /// A threshold needs numbers.
  case notNumeric(column: String, kind: ColumnKind)
  /// Lists, structs and the like have no categories.
  case nested(column: String)
  case noPositiveValues(column: String)
  /// None of the positive values occurs.
  case positivesNotFound(column: String, values: [String], found: [String])
  /// One-vs-rest of a column with too many values.
  case tooManyValues(column: String, found: Int, most: Int)
  /// A combination names a column that is no facet.
  case notAFacet(String)
  /// An interval that cannot be read.
  case badInterval(String)
  case badSetting(String)
  /// A column that the report needs holds nothing.
  case allMissing(column: String, rows: Int)
  /// Rows are there, but none is left.
  case nothingLeft(rows: Int)
}

extension BiasError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noSuchColumn(let name): "no column \"\(name)\""
    case .noFacets: "a bias report needs a facet: name a column whose groups are compared"
    case .sameColumn(let column, let first, let second):
      "column \"\(column)\" is both \(first) and \(second): choose another column for one of them"
    case .notNumeric(let column, let kind):
      "column \"\(column)\" holds \(kind.rawValue) values, and a threshold needs numbers: name values, or cast it"
    case .nested(let column): "column \"\(column)\" holds nested values, which have no groups: choose another column"
    case .noPositiveValues(let column): "no positive value of \"\(column)\" is named: say which outcome is the good one"
    case .positivesNotFound(let column, let values, let found):
      "no row of \"\(column)\" is \(values.map { "\"\($0)\"" }.joined(separator: " or ")): its values are "
        + found.map { "\"\($0)\"" }.joined(separator: ", ")
    case .tooManyValues(let column, let found, let most):
      "column \"\(column)\" has \(found.grouped) values, and \(most) are compared at most: name values, or give thresholds"
    case .notAFacet(let column): "\"\(column)\" is combined with other facets but is none itself: add it as a facet"
    case .badInterval(let text): "\"\(text)\" is no interval: write it as [1, 4] or (4, 6]"
    case .badSetting(let text): text
    case .allMissing(let column, let rows):
      "column \"\(column)\" has no value in any of the \(rows.grouped) rows: choose another"
    case .nothingLeft(let rows):
      rows == 0
        ? "the table has no rows"
        : "each of the \(rows.grouped) rows lacks a value: keep missing values, or choose other columns"
    }
  }
}

extension Schema {
  /// The column of this name.
  /// - Throws: `BiasError.noSuchColumn`.
  func column(required name: String) throws -> Column {
    if let column = column(named: name) { return column }
    throw BiasError.noSuchColumn(name)
  }
}
