import Frame

/// What transforms of text columns share.
enum TextColumns {
  static let columns = ParameterInfo("columns", "Columns", .columns, fit: .text, help: "The text columns.")

  static let suffix = ParameterInfo(
    "suffix", "Suffix", .text, isOptional: true,
    help: "Adds a new column for each, its name with this at the end; the column itself changes when empty.")

  static let ignoreCase = ParameterInfo(
    "ignore_case", "Ignore case", .toggle, initial: "false", help: "Takes capital and small letters as equal.")

  /// The column as SQL of type VARCHAR, whatever words an enumeration holds.
  static func sql(_ column: Column) -> String {
    let name = SQL.identifier(column.name)
    return column.type == "VARCHAR" ? name : "CAST(\(name) AS VARCHAR)"
  }

  /// Every chosen column changed, in its place or as a new column where a suffix is given.
  static func changing(_ call: TransformCall, _ make: (String) -> String) throws -> TransformStage {
    let columns = try call.columns(.text)
    guard let suffix = call.parameters.text("suffix") else {
      return call.replacing(columns.map { .init($0, make(sql($0)), type: "VARCHAR") })
    }
    return try call.adding(columns.map { .init($0.name + suffix, make(sql($0)), type: "VARCHAR") })
  }

  /// A new column for every chosen one.
  /// - Parameter ending: the end of the new name where no suffix is given.
  static func adding(
    _ call: TransformCall, _ ending: String, type: String, _ make: (String) -> String
  ) throws -> TransformStage {
    let suffix = call.parameters.text("suffix") ?? ending
    return try call.adding(call.columns(.text).map { .init($0.name + suffix, make(sql($0)), type: type) })
  }

  /// `method: columns`.
  static func summary(_ parameters: Parameters, _ method: String) -> String {
    let word = parameters.text("method") ?? parameters.text("check") ?? method
    return "\(word): \(parameters.texts("columns").joined(separator: ", "))"
  }
}

extension TransformCall {
  /// The columns of the parameter `columns`, if they fit.
  func columns(_ fit: ColumnFit) throws -> [Column] { try columns(parameter: "columns", fit) }
}

extension Parameters {
  /// A text as it was written, blanks and all; a number as its numeral.
  func raw(_ name: String, _ initial: String = "") -> String {
    switch values[name] {
    case .text(let text)?: text
    case .number(let number)?: Int64(exactly: number).map(String.init) ?? "\(number)"
    case .flag, .list, .record, .missing, nil: initial
    }
  }
}
