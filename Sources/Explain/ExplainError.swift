// What can be wrong with a model file or with the rows that it shall explain.

/// Why something cannot be explained, and what to do about it.
public enum ExplainError: Error, Equatable, Sendable, CustomStringConvertible {
  case notFound(path: String)
  case unreadable(path: String, reason: String)
  /// The file is no model of a kind that is known.
  case unknownFormat(path: String)
  /// The file is cut off or contradicts itself; where, and what was expected.
  case broken(path: String, place: String, reason: String)
  /// A model of a kind that cannot be explained exactly.
  case unsupported(path: String, what: String, advice: String)
  /// Features of the model that the rows lack, the columns there are, and how many features there are.
  case missingFeatures([String], columns: [String], count: Int)
  /// A model without names of features, and rows with another number of columns.
  case columnCount(features: Int, columns: Int)
  /// A column that holds what the model cannot take.
  case columnKind(column: String, kind: String, wanted: String)
  case noRows
  case noBackground
  /// Enumeration over more features than can be enumerated.
  case tooManyFeatures(count: Int, limit: Int)
  /// An output that the model does not have.
  case output(String, model: String)
  /// A method that the model cannot be explained by.
  case method(String, model: String)
  /// A method that knows no order of time.
  case timeMethod(String)
  /// A column that holds no texts; nil where the model has none.
  case noTexts(column: String)
  /// A label that is none of the model's classes.
  case label(value: String, column: String)

  public var description: String {
    switch self {
    case .notFound(let path): "\(path): there is no such file. Check the path of the model."
    case .unreadable(let path, let reason): "\(path): cannot be read (\(reason))."
    case .unknownFormat(let path):
      "\(path): this is no model that can be read. Give an XGBoost model saved as JSON or UBJ, or a LightGBM model saved as text."
    case .broken(let path, let place, let reason):
      "\(path), \(place): \(reason). The file is damaged or was cut off; save the model again."
    case .unsupported(let path, let what, let advice): "\(path): \(what). \(advice)"
    case .missingFeatures(let names, let columns, let count):
      "The model has \(count) features, of which the rows lack \(names.count): \(Self.listed(names)). "
        + "The columns are: \(Self.listed(columns))."
    case .columnCount(let features, let columns):
      "The model has \(features) features without names, the rows have \(columns) columns. "
        + "Give exactly the columns that the model was trained on, in its order."
    case .columnKind(let column, let kind, let wanted):
      "The column \"\(column)\" holds \(kind), and the model wants \(wanted) there. Encode it as it was for the training."
    case .noRows: "There are no rows to explain."
    case .noBackground: "The background has no rows. Give at least one."
    case .tooManyFeatures(let count, let limit):
      "The model uses \(count) features; all subsets of more than \(limit) are too many to go through. Use another method."
    case .output(let output, let model): "\(model) has no output \"\(output)\"."
    case .method(let method, let model):
      "\(model) cannot be explained by the method \(method). Use kernel, permutation, sampling, linear or exact."
    case .timeMethod(let method):
      "The method \(method) gives features no order in time. Leave it out, or use kernel or permutation."
    case .noTexts(let column): "The column \"\(column)\" holds no texts. Name a column of texts that the model uses."
    case .label(let value, let column): "The label \"\(value)\" of column \"\(column)\" is none of the model's classes."
    }
  }

  private static func listed(_ names: [String]) -> String {
    names.prefix(12).joined(separator: ", ") + (names.count > 12 ? " and \(names.count - 12) more" : "")
  }
}
