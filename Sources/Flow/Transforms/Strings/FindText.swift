import Frame

/// Looks for text and says where, whether, which and how often.
///
/// Positions count characters from 1, as everywhere in SQL and in expressions here; Python and Data Wrangler count from 0.
public enum FindText: Transform {
  public static let info = OperationInfo(
    "find-text", .strings, "Find in text",
    help: "Where a text stands, whether it does, every occurrence or their count.",
    parameters: [
      TextColumns.columns,
      ParameterInfo(
        "method", "Result", .choice(["position", "matches", "all", "count"]), initial: "position",
        help:
          "position: of the first character, from 1; 0 where it is not found. matches: yes or no. all: a list of every "
          + "occurrence. count: how many there are."),
      ParameterInfo(
        "pattern", "Find", .text, isOptional: true, help: "The text or the regular expression (RE2) to look for."),
      ParameterInfo(
        "regex", "Regular expression", .toggle, initial: "true", when: .init("method", "matches", "all", "count"),
        help: "Reads it as a regular expression; as plain text otherwise. A position is always of plain text."),
      ParameterInfo(
        "where", "Where", .choice(["anywhere", "start", "whole"]), initial: "anywhere",
        when: .init("method", "matches"),
        help: "anywhere: in the text. start: at its beginning. whole: the whole text matches."),
      ParameterInfo(
        "side", "From", .choice(["left", "right"]), initial: "left", when: .init("method", "position"),
        help: "left: the first occurrence. right: the last one."),
      ParameterInfo(
        "start", "Start", .integer(1...1_000_000), initial: "1", when: .init("method", "position"),
        help: "The first character to look at, from 1."),
      ParameterInfo(
        "end", "End", .integer(1...1_000_000), isOptional: true, when: .init("method", "position"),
        help: "The last character to look at; the end of the text when empty."),
      TextColumns.ignoreCase,
      ParameterInfo(
        "suffix", "Suffix", .text, isOptional: true,
        help: "The end of the new column's name: _position, _matches, _all or _count when empty."),
    ])

  public static func summary(_ parameters: Parameters) -> String {
    "\(parameters.raw("pattern")) in \(parameters.texts("columns").joined(separator: ", "))"
  }

  public static func fault(_ parameters: Parameters) -> String? {
    if parameters.raw("pattern").isEmpty { return "Find: write what to look for" }
    if let end = parameters.integer("end"), end < parameters.integer("start") ?? 1 {
      return "End: must not be before the start"
    }
    let isExpression = parameters.text("method") ?? "position" != "position" && parameters["regex"]?.flag ?? true
    return isExpression ? Pattern.fault(parameters.raw("pattern"), "Find") : nil
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let parameters = call.parameters
    let method = parameters.text("method") ?? "position"
    let text = parameters.raw("pattern")
    let isExpression = parameters["regex"]?.flag ?? true
    let pattern = Pattern.literal(text, isExpression: isExpression, ignoresCase: parameters.flag("ignore_case"))
    switch method {
    case "matches":
      return try TextColumns.adding(call, "_matches", type: "BOOLEAN") { value in
        switch parameters.text("where") {
        case "start": "regexp_matches(\(value), '\\A(?:' || \(pattern) || ')')"
        case "whole": "regexp_full_match(\(value), \(pattern))"
        default: "regexp_matches(\(value), \(pattern))"
        }
      }
    case "all":
      return try TextColumns.adding(call, "_all", type: "VARCHAR[]") { "regexp_extract_all(\($0), \(pattern))" }
    case "count":
      return try TextColumns.adding(call, "_count", type: "BIGINT") { "len(regexp_extract_all(\($0), \(pattern)))" }
    default:
      return try TextColumns.adding(call, "_position", type: "BIGINT") { position($0, text, parameters) }
    }
  }

  private static func position(_ value: String, _ text: String, _ parameters: Parameters) -> String {
    let start = parameters.integer("start") ?? 1
    let part =
      parameters.integer("end").map { "substr(\(value), \(start), \($0 - start + 1))" } ?? "substr(\(value), \(start))"
    let ignoresCase = parameters.flag("ignore_case")
    // The longest beginning before it ends where the last occurrence starts, the shortest where the first one does.
    let greed = parameters.text("side") == "right" ? ".*" : ".*?"
    let quoted = (ignoresCase ? "(?i)" : "") + "(?:\(Pattern.quoted(text)))"
    return """
      CASE WHEN \(value) IS NULL THEN NULL WHEN NOT regexp_matches(\(part), \(SQL.text(quoted))) THEN 0 \
      ELSE length(regexp_extract(\(part), \(SQL.text("(?s)\\A(\(greed))" + quoted)), 1)) + \(start) END
      """
  }
}
