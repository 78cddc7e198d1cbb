// How transforms of values read a cell: as a number, as a category, as missing.

import Frame

extension Column {
  /// The cell as a DOUBLE.
  var number: String { "CAST(\(SQL.identifier(name)) AS DOUBLE)" }

  /// The cell as a VARCHAR.
  var words: String { "CAST(\(SQL.identifier(name)) AS VARCHAR)" }

  /// Whether the cell is missing: NULL, and NaN among reals.
  var isMissing: String {
    let quoted = SQL.identifier(name)
    return kind == .real ? "(\(quoted) IS NULL OR isnan(\(quoted)))" : "(\(quoted) IS NULL)"
  }

  /// The same, where texts of white space alone count as missing too.
  func isMissing(orBlank: Bool) -> String {
    guard orBlank, kind == .text else { return isMissing }
    return "(\(SQL.identifier(name)) IS NULL OR regexp_full_match(\(words), '\\s*'))"
  }
}

extension SQL {
  /// A DOUBLE literal.
  static func number(_ number: Double) -> String { literal(.real(number)) }

  /// A DOUBLE[] literal; NULL in place of NaN. One text is parsed far faster than thousands of literals.
  static func numbers(_ numbers: [Double]) -> String { "CAST(\(text(spelled(numbers))) AS DOUBLE[])" }

  private static func spelled(_ numbers: [Double]) -> String {
    "[" + numbers.map { $0.isNaN ? "NULL" : "\($0)" }.joined(separator: ",") + "]"
  }
}

extension TransformCall {
  /// The columns that a parameter lists, or all columns that fit where it lists none.
  func columnsOrAll(parameter: String = "columns", _ fit: ColumnFit = .any) throws -> [Column] {
    if parameters.texts(parameter).isEmpty { return schema.filter { fit.refusal($0) == nil } }
    return try columns(parameter: parameter, fit)
  }

  /// A stage whose rows are those for which a condition holds.
  func filtered(_ stage: TransformStage, where condition: String?) -> TransformStage {
    guard let condition else { return stage }
    return TransformStage("\(stage.sql) WHERE \(condition)", stage.schema)
  }

  /// The same call on other rows, such as a SELECT that adds columns on the way.
  func reading(_ sql: String) -> TransformCall {
    var input = input
    input.table = SQL.subquery(sql)
    return TransformCall(
      step: step, parameters: parameters, inputs: [input] + inputs.dropFirst(), learned: learned, needsFit: needsFit)
  }
}

extension TransformStage {
  /// The announced columns alone, without those on the way.
  var tidied: TransformStage {
    TransformStage("SELECT \(SQL.identifiers(schema.map(\.name))) FROM \(SQL.subquery(sql))", schema)
  }
}

extension FitReader {
  /// Statistics of a column; an error of its own where squares of its numbers leave the range of numbers.
  func measure(_ column: Column, _ sql: String, _ call: TransformCall) throws -> DataTable {
    do {
      return try query(sql, note: "measuring \(column.name)")
    } catch let error as FrameError where "\(error)".contains("out of range") {
      throw call.invalid(
        "column \"\(column.name)\" holds numbers that are too large to square: divide or clip them first")
    }
  }
}
