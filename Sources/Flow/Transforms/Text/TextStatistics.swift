import Frame

/// Counts and ratios of the characters of each text.
///
/// Words are what stands between white space; a ratio is a share of all characters, 0 for an empty text. Special are
/// characters that are neither letters nor numbers nor white space.
public enum TextStatistics: Transform {
  static let statistics = [
    "word_count", "char_count", "capital_ratio", "lower_ratio", "digit_ratio", "special_ratio",
  ]

  public static let info = OperationInfo(
    "text-statistics", .text, "Character statistics",
    help: "Numbers of words and characters, and shares of kinds of characters.",
    parameters: [
      TextColumns.columns,
      ParameterInfo(
        "statistics", "Statistics", .texts, isOptional: true,
        help:
          "Of word_count, char_count, capital_ratio, lower_ratio, digit_ratio, special_ratio; all of them when empty."),
      ParameterInfo("drop", "Drop the texts", .toggle, initial: "false", help: "Leaves the columns of texts out."),
    ])

  public static func fault(_ parameters: Parameters) -> String? {
    let chosen = parameters.texts("statistics")
    if let name = chosen.first(where: { !statistics.contains($0) }) {
      return "Statistics: there is no \"\(name)\"" + Nearest.hint(name, among: statistics)
    }
    return nil
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let columns = try call.columns(.text)
    let chosen = call.parameters.texts("statistics")
    let wanted = statistics.filter { chosen.isEmpty || chosen.contains($0) }
    let items = columns.flatMap { column in
      wanted.map { name -> TransformCall.Item in
        let isCount = name.hasSuffix("count")
        let sql = figure(name, TextColumns.sql(column))
        return .init("\(column.name)-stats_\(name)", sql, type: isCount ? "BIGINT" : "DOUBLE")
      }
    }
    return try call.adding(items, dropping: call.parameters.flag("drop") ? columns.map(\.name) : [])
  }

  private static func figure(_ name: String, _ text: String) -> String {
    switch name {
    case "word_count":
      return "len(regexp_extract_all(\(text), \(SQL.text("[^" + UnicodeClass.space.dropFirst() + "+"))))"
    case "char_count": return "length(\(text))"
    case "capital_ratio": return ratio(text, "\\p{Lu}")
    case "lower_ratio": return ratio(text, "\\p{Ll}")
    case "digit_ratio": return ratio(text, "\\p{Nd}")
    default: return ratio(text, "[^\\p{L}\\p{N}" + UnicodeClass.space.dropFirst())
    }
  }

  private static func ratio(_ text: String, _ pattern: String) -> String {
    let rest = "length(regexp_replace(\(text), \(SQL.text(pattern)), '', 'g'))"
    return """
      CASE WHEN \(text) IS NULL THEN NULL WHEN \(text) = '' THEN 0::DOUBLE \
      ELSE (length(\(text)) - \(rest)) / length(\(text))::DOUBLE END
      """
  }
}
