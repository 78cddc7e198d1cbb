// Why a model could not be trained, in sentences that say what to do. Rendered as they stand by every front end.

/// Why a model could not be trained.
public enum LearnError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No column has this name; `nearest` is the most similar one, if any is similar.
  case targetNotFound(target: String, nearest: String?)
  /// The table is empty.
  case noRows
  /// Every cell of the label is missing (or infinite).
  case targetMissingEverywhere(target: String, rows: Int)
  /// All rows have the same label.
  case targetConstant(target: String, value: String)
  /// Each row has a label of its own.
  case targetUniqueInEachRow(target: String, rows: Int)
  /// A text with more classes than assay tells apart.
  case tooManyClasses(target: String, classes: Int, limit: Int)
  /// The label is of a kind that cannot be predicted, such as a date.
  case targetKind(target: String, kind: String, advice: String)
  /// Regression was asked for, but the label holds text.
  case targetNotNumeric(target: String, example: String)
  /// Too few rows have a label.
  case tooFewRows(target: String, rows: Int, minimum: Int)
  /// No column is left to predict from.
  case noFeatures(target: String, excluded: [ExcludedColumn])
  /// An option is out of range.
  case option(name: String, value: String, allowed: String)
  /// LightGBM is not there, or not the right one.
  case libraryMissing(reason: String)
  /// XGBoost is not there, or not the right one.
  case xgboostMissing(reason: String)
  /// A library refused something; a defect of assay.
  case library(call: String, reason: String)

  public var description: String {
    switch self {
    case .targetNotFound(let target, let nearest):
      "There is no column \(quoted(target)). "
        + (nearest.map { "Did you mean \(quoted($0))?" } ?? "Choose one of the table's columns.")
    case .noRows: "The table has no rows. Import rows, or loosen the filters before this step."
    case .targetMissingEverywhere(let target, let rows):
      "The label \(quoted(target)) is missing in all \(counted(rows, "row")). Choose a column that has values."
    case .targetConstant(let target, let value):
      "The label \(quoted(target)) is \(quoted(value)) in every row, so there is nothing to predict. "
        + "Choose a label that varies, or import more rows."
    case .targetUniqueInEachRow(let target, let rows):
      "The label \(quoted(target)) is different in each of the \(counted(rows, "row")), like a key, so nothing can be learnt "
        + "about it. Choose a label that repeats, or a number."
    case .tooManyClasses(let target, let classes, let limit):
      "The label \(quoted(target)) has \(grouped(classes)) distinct values; assay tells at most \(limit) classes apart. "
        + "Choose another label, merge rare values with a Derive step, or cast it to a number."
    case .targetKind(let target, let kind, let advice):
      "The label \(quoted(target)) is a \(kind), which cannot be predicted. \(advice)"
    case .targetNotNumeric(let target, let example):
      "The label \(quoted(target)) holds text such as \(quoted(example)), so regression is not possible. "
        + "Choose classification, or cast the column to a number."
    case .tooFewRows(let target, let rows, let minimum):
      "Only \(counted(rows, "row")) \(rows == 1 ? "has" : "have") a label in \(quoted(target)); a model needs at least "
        + "\(minimum). Import more rows."
    case .noFeatures(let target, let excluded):
      "No column is left to predict \(quoted(target)) from"
        + (excluded.isEmpty
          ? ": the table has no other column."
          : ": " + excluded.prefix(5).map { "\(quoted($0.column)) \($0.reason)" }.joined(separator: "; ")
            + (excluded.count > 5 ? "; and \(grouped(excluded.count - 5)) more." : "."))
    case .option(let name, let value, let allowed):
      "The option \(name) is \(value); it has to be \(allowed)."
    case .libraryMissing(let reason):
      "LightGBM could not be loaded (\(reason)). Run Sources/Native/bootstrap, or set ASSAY_LIGHTGBM to the folder that holds "
        + "lib_lightgbm.so."
    case .xgboostMissing(let reason):
      "XGBoost could not be loaded (\(reason)). Run Sources/Native/bootstrap, or set ASSAY_XGBOOST to the folder that holds "
        + "libxgboost.so."
    case .library(let call, let reason):
      "\(call) failed: \(reason)."
    }
  }
}

/// A name or value in quotes, cut at 60 characters and on one line.
func quoted(_ text: String) -> String {
  let line = String(text.prefix(61).map { $0.isNewline || $0 == "\t" ? " " : $0 })
  return "\"" + (line.count > 60 ? String(line.prefix(59)) + "…" : line) + "\""
}

/// A number with thousands separators: 39,073.
func grouped(_ number: Int) -> String {
  let digits = Array(String(number.magnitude))
  var text = number < 0 ? "-" : ""
  for (position, digit) in digits.enumerated() {
    if position > 0, (digits.count - position).isMultiple(of: 3) { text.append(",") }
    text.append(digit)
  }
  return text
}

/// "1 row", "2 rows", "39,073 rows".
func counted(_ number: Int, _ noun: String) -> String { "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")" }
