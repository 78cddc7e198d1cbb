// How a value of one kind is read as another: shared by the cast step and the conversions of expressions.

import Frame

/// Conversions between kinds.
public enum Conversion {
  /// SQL that reads `operand` as `kind`; what cannot be read becomes missing.
  static func sql(_ operand: String, from: ColumnKind, to kind: ColumnKind) -> String {
    if from == kind { return operand }
    if from == .text, kind != .text { return "TRY_CAST(trim(\(operand)) AS \(kind.typeName))" }
    return "TRY_CAST(\(operand) AS \(kind.typeName))"
  }

  /// Why a column of kind `from` cannot be read as `kind` at all; nil where it can.
  public static func fault(from: ColumnKind, to kind: ColumnKind) -> String? {
    if from == kind || kind == .text || from == .text { return nil }
    let numbers: Set<ColumnKind> = [.integer, .real, .boolean]
    if numbers.contains(from), numbers.contains(kind) { return nil }
    switch (from, kind) {
    case (.date, .timestamp), (.timestamp, .date), (.timestamp, .time): return nil
    default: return "\(from.noun) cannot be read as \(kind.noun)"
    }
  }
}
