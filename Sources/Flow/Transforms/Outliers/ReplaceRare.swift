import Frame

/// Puts one word in place of categories that are rare in the rows it was fitted on.
///
/// A category is rare when its count is at most the smallest count, or its share of the rows with a value at most the
/// smallest share, as in Data Wrangler; categories that were not there count as rare. Missing values stay.
public enum ReplaceRare: Transform {
  public static let info = OperationInfo(
    "replace-rare", .outliers, "Replace rare categories", help: "Put one word in place of categories that are rare.",
    parameters: [
      ParameterInfo(
        "columns", "Columns", .columns, fit: .category,
        help: "The columns to look at. Categories that come later and were not there count as rare."),
      ParameterInfo("replacement", "Replacement", .text, initial: "other", help: "What rare categories become."),
      ParameterInfo(
        "count", "Rare up to", .integer(0...Int.max), initial: "10",
        help: "Categories with this many rows or fewer are rare; 0 for no such limit."),
      ParameterInfo(
        "share", "Rare up to a share", .number(0...1), initial: "0.01",
        help: "Categories with this share of the rows or less are rare; 0 for no such limit."),
      ParameterInfo(
        "categories", "Most categories", .integer(0...100_000), initial: "0",
        help: "Keep this many of the most frequent categories at most; 0 for no limit."),
    ])

  public static func learns(_ parameters: Parameters) -> Bool { true }

  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    let least = call.parameters.number("count") ?? 10
    let share = call.parameters.number("share") ?? 0.01
    let most = call.parameters.integer("categories") ?? 0
    var learned: [String: Parameter] = [:]
    for column in try call.columns(.category) {
      let found = try Categories.counted(column, call, reader)
      let total = Double(found.reduce(0) { $0 + $1.count })
      var kept = found.filter { Double($0.count) > least && Double($0.count) > share * total }
      if most > 0 { kept = Array(kept.prefix(most)) }
      learned[column.name] = .list(kept.map { .text($0.name) })
    }
    return Parameters(learned)
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let replacement = SQL.text(call.parameters.text("replacement") ?? "other")
    let learned = try call.fitted()
    return call.replacing(
      try call.columns(.category).map { column in
        let kept = Categories(learned?.texts(column.name) ?? [])
        let sql =
          "CASE WHEN \(column.words) IS NULL OR \(kept.code(column)) IS NOT NULL THEN \(column.words) ELSE \(replacement) END"
        return .init(column, sql, type: "VARCHAR")
      })
  }
}
