import Frame

/// Categories as whole numbers from 0.
///
/// As in Data Wrangler, a category that was not there when the step was fitted counts as missing, and both follow the
/// same policy.
public enum EncodeOrdinal: Transform {
  public static let info = OperationInfo(
    "encode-ordinal", .encode, "Encode as numbers", help: "Number the categories of a column from 0.",
    parameters: [
      ParameterInfo("columns", "Columns", .columns, fit: .category, help: "The columns to encode."),
      ParameterInfo(
        "order", "Order", .choice(["alphabetical", "frequency"]), initial: "alphabetical",
        help: "alphabetical: texts by spelling, numbers by size. frequency: the most frequent category is 0."),
      ParameterInfo(
        "unseen", "Unseen or missing", .choice(["missing", "keep", "skip", "error"]), initial: "missing",
        help:
          "Categories that were not there at fitting, and missing ones. missing: a missing number. keep: a number of "
          + "their own after the last. skip: drop the row. error: stop."),
      ParameterInfo(
        "suffix", "Suffix", .text, isOptional: true,
        help: "Writes into new columns of the old names with this suffix; replaces the columns where empty."),
    ])

  public static func learns(_ parameters: Parameters) -> Bool { true }

  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    var learned: [String: Parameter] = [:]
    for column in try call.columns(.category) {
      let names =
        call.parameters.text("order") == "frequency"
        ? try Categories.counted(column, call, reader).map(\.name) : try Categories.ordered(column, call, reader)
      learned[column.name] = .list(names.map(Parameter.text))
    }
    return Parameters(learned)
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let learned = try call.fitted()
    let unseen = UnseenPolicy(rawValue: call.parameters.text("unseen") ?? "missing") ?? .missing
    var items: [TransformCall.Item] = []
    var kept: [String] = []
    for column in try call.columns(.category) {
      let categories = Categories(learned?.texts(column.name) ?? [])
      let code = categories.code(column)
      let sql: String
      switch unseen {
      case .missing, .zeros: sql = code
      case .keep: sql = "coalesce(\(code), \(categories.names.count))"
      case .skip:
        sql = code
        kept.append("\(code) IS NOT NULL")
      case .error: sql = "coalesce(\(code), \(UnseenPolicy.stop(column, type: "BIGINT")))"
      }
      items.append(.init(column, sql, type: "BIGINT"))
    }
    let stage = try call.writing(items)
    return call.filtered(stage, where: kept.isEmpty ? nil : kept.joined(separator: " AND "))
  }
}

extension TransformCall {
  /// New values in place of their columns, or in columns of their own where the parameter `suffix` is given.
  func writing(_ items: [Item]) throws -> TransformStage {
    guard let suffix = parameters.text("suffix") else { return replacing(items) }
    return try adding(items.map { Item($0.name + suffix, $0.sql, type: $0.type) })
  }
}
