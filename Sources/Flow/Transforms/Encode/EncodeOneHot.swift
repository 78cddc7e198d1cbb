import Frame

/// One column of 0 and 1 for each category.
///
/// As in Data Wrangler, a category that was not there when the step was fitted counts as missing, and both follow the
/// same policy.
public enum EncodeOneHot: Transform {
  public static let info = OperationInfo(
    "encode-one-hot", .encode, "Encode one-hot", help: "Make a column of 0 and 1 for each category.",
    parameters: [
      ParameterInfo(
        "columns", "Columns", .columns, fit: .category, help: "The columns to encode; each becomes several."),
      ParameterInfo(
        "drop", "Leave out", .choice(["none", "first", "last"]), initial: "none",
        help: "One category can be left out, for the others tell it: what linear models want."),
      ParameterInfo(
        "unseen", "Unseen or missing", .choice(["zeros", "keep", "skip", "error"]), initial: "zeros",
        help:
          "Categories that were not there at fitting, and missing ones. zeros: 0 everywhere. keep: a column of their own, "
          + "named unseen. skip: drop the row. error: stop."),
      ParameterInfo(
        "ordinal", "Already numbered", .toggle, initial: "false",
        help: "The columns hold whole numbers from 0: make a column for every number up to the greatest."),
      ParameterInfo(
        "output", "Output", .choice(["columns", "vector"]), initial: "columns",
        help: "columns: one for each category, named column_value. vector: one list of numbers in place of the column."),
      ParameterInfo(
        "keep", "Keep the inputs", .toggle, initial: "false", when: .init("output", "columns"),
        help: "Keep the encoded columns beside the new ones."),
      ParameterInfo(
        "limit", "Most categories", .integer(1...10_000), initial: "100",
        help: "Stop where a column has more categories than this."),
    ])

  public static func learns(_ parameters: Parameters) -> Bool { true }

  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    let limit = call.parameters.integer("limit") ?? 100
    var learned: [String: Parameter] = [:]
    for column in try call.columns(.category) {
      let names =
        call.parameters.flag("ordinal")
        ? try numbered(column, limit, call, reader) : try Categories.ordered(column, call, reader)
      guard names.count <= limit else {
        throw call.invalid(
          "column \"\(column.name)\" has \(names.count.grouped) categories, more than \(limit.grouped): replace rare categories first, "
            + "choose another encoding, or raise the limit")
      }
      learned[column.name] = .list(names.map(Parameter.text))
    }
    return Parameters(learned)
  }

  private static func numbered(
    _ column: Column, _ limit: Int, _ call: TransformCall, _ reader: FitReader
  ) throws -> [String] {
    guard column.kind == .integer else {
      throw call.invalid("column \"\(column.name)\" holds \(column.kind.noun), not whole numbers from 0")
    }
    let name = SQL.identifier(column.name)
    let table = try reader.query(
      "SELECT min(\(name)), max(\(name)) FROM \(call.table)", note: "measuring \(column.name)")
    guard let low = table.value(0, 0).number, let high = table.value(0, 1).number else { return [] }
    guard low >= 0 else { throw call.invalid("column \"\(column.name)\" holds numbers below 0") }
    // One beyond the limit is enough to refuse it.
    return (0...Int(min(high, 1e6))).map(String.init)
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let columns = try call.columns(.category)
    let learned = try call.fitted()
    let unseen = UnseenPolicy(rawValue: call.parameters.text("unseen") ?? "zeros") ?? .zeros
    let isVector = call.parameters.text("output") == "vector"
    var items: [TransformCall.Item] = []
    var vectors: [TransformCall.Item] = []
    var kept: [String] = []
    // The number of each cell's category as a column on the way, for every new column compares it.
    var codes: [String] = []
    for (place, column) in columns.enumerated() {
      let categories = Categories(learned?.texts(column.name) ?? [])
      var code = "coalesce(\(categories.code(column)), \(categories.names.count))"
      if unseen == .skip { kept.append("\(categories.code(column)) IS NOT NULL") }
      if unseen == .error {
        code = "coalesce(\(categories.code(column)), \(UnseenPolicy.stop(column, type: "BIGINT")))"
      }
      let name = call.freshName("code\(place)")
      codes.append("\(code) AS \(name)")
      var numbers = Array(categories.names.indices)
      switch call.parameters.text("drop") {
      case "first": numbers = Array(numbers.dropFirst())
      case "last": numbers = Array(numbers.dropLast())
      default: break
      }
      if unseen == .keep { numbers.append(categories.names.count) }
      let tests = numbers.map { "CASE WHEN \(name) = \($0) THEN 1 ELSE 0 END" }
      let list = "CAST([\(tests.joined(separator: ", "))] AS DOUBLE[])"
      vectors.append(.init(column, list, type: "DOUBLE[]"))
      for (number, test) in zip(numbers, tests) {
        let value = number < categories.names.count ? categories.names[number] : "unseen"
        items.append(.init("\(column.name)_\(value)", "CAST(\(test) AS BIGINT)", type: "BIGINT"))
      }
    }
    let keeps = call.parameters.flag("keep") || learned == nil
    let condition = kept.isEmpty ? "" : " WHERE \(kept.joined(separator: " AND "))"
    let inner = call.reading("SELECT *, \(codes.joined(separator: ", ")) FROM \(call.table)\(condition)")
    let made =
      isVector
      ? inner.replacing(vectors)
      : try inner.adding(distinct(items), dropping: keeps ? [] : columns.map(\.name))
    return made.tidied
  }

  /// Names that differ by case alone are one name in SQL: the later ones get a number.
  private static func distinct(_ items: [TransformCall.Item]) -> [TransformCall.Item] {
    var taken: Set<String> = []
    return items.map { item in
      var item = item
      let stem = item.name
      var number = 2
      while !taken.insert(item.name.lowercased()).inserted {
        item.name = "\(stem)_\(number)"
        number += 1
      }
      return item
    }
  }
}
