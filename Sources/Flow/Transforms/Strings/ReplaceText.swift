import Frame

/// Replaces a part of each text, or makes texts missing.
public enum ReplaceText: Transform {
  public static let info = OperationInfo(
    "replace-text", .strings, "Replace text",
    help: "Replace what is found, what stands between delimiters or at a place.",
    parameters: [
      TextColumns.columns,
      ParameterInfo(
        "method", "By", .choice(["plain", "regex", "between", "position", "missing"]), initial: "plain",
        help:
          "plain, regex: what a text or a regular expression finds. between: what stands between delimiters. position: "
          + "characters. missing: the whole text becomes missing where a regular expression is found."),
      ParameterInfo(
        "pattern", "Find", .text, isOptional: true, when: .init("method", "plain", "regex", "missing"),
        help: "The text or the regular expression (RE2) to look for."),
      ParameterInfo(
        "where", "Where", .choice(["anywhere", "whole"]), initial: "anywhere", when: .init("method", "missing"),
        help: "anywhere: in the text. whole: the whole text matches."),
      ParameterInfo(
        "left", "Left", .text, isOptional: true, when: .init("method", "between"), help: "The delimiter before it."),
      ParameterInfo(
        "right", "Right", .text, isOptional: true, when: .init("method", "between"), help: "The delimiter after it."),
      ParameterInfo(
        "inclusive", "With delimiters", .toggle, initial: "false", when: .init("method", "between"),
        help: "Replaces the delimiters too."),
      ParameterInfo(
        "start", "Start", .integer(1...1_000_000), initial: "1", when: .init("method", "position"),
        help: "The first character, from 1."),
      ParameterInfo(
        "end", "End", .integer(1...1_000_000), isOptional: true, when: .init("method", "position"),
        help: "The last character; the end of the text when empty."),
      ParameterInfo(
        "with", "Replacement", .text, isOptional: true, when: .init("method", "plain", "regex", "between", "position"),
        help: "What stands there instead; nothing when empty. With an expression, \\1 is its first group."),
      ParameterInfo(
        "first", "Only the first", .toggle, initial: "false", when: .init("method", "plain", "regex", "between"),
        help: "Replaces one occurrence in each text, not all."),
      TextColumns.ignoreCase, TextColumns.suffix,
    ])

  public static func summary(_ parameters: Parameters) -> String { TextColumns.summary(parameters, "plain") }

  public static func fault(_ parameters: Parameters) -> String? {
    switch parameters.text("method") ?? "plain" {
    case "between": return Delimiters.fault(parameters)
    case "position":
      let start = parameters.integer("start") ?? 1
      return parameters.integer("end").map { $0 < start } == true ? "End: must not be before the start" : nil
    case let method:
      let pattern = parameters.raw("pattern")
      if pattern.isEmpty { return "Find: write what to look for" }
      return method == "plain" ? nil : Pattern.fault(pattern, "Find")
    }
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let parameters = call.parameters
    return try TextColumns.changing(call) { change($0, parameters) }
  }

  private static func change(_ value: String, _ parameters: Parameters) -> String {
    let method = parameters.text("method") ?? "plain"
    let ignoresCase = parameters.flag("ignore_case")
    let text = parameters.raw("pattern")
    let pattern = Pattern.literal(text, isExpression: method != "plain", ignoresCase: ignoresCase)
    let with = parameters.raw("with")
    let often = parameters.flag("first") ? "" : ", 'g'"
    switch method {
    case "regex": return "regexp_replace(\(value), \(pattern), \(SQL.text(with))\(often))"
    case "missing":
      let test = parameters.text("where") == "whole" ? "regexp_full_match" : "regexp_matches"
      return "CASE WHEN \(test)(\(value), \(pattern)) THEN NULL ELSE \(value) END"
    case "between":
      let found = SQL.text((ignoresCase ? "(?i)" : "") + Delimiters.pattern(parameters))
      let quoted = Pattern.quotedReplacement(with)
      let replacement = parameters.flag("inclusive") ? quoted : "\\1\(quoted)\\3"
      return "regexp_replace(\(value), \(found), \(SQL.text(replacement))\(often))"
    case "position":
      let start = parameters.integer("start") ?? 1
      let rest = parameters.integer("end").map { " || substr(\(value), \($0 + 1))" } ?? ""
      return "left(\(value), \(start - 1)) || \(SQL.text(with))\(rest)"
    default:
      if often.isEmpty || ignoresCase {
        return "regexp_replace(\(value), \(pattern), \(SQL.text(Pattern.quotedReplacement(with)))\(often))"
      }
      return "replace(\(value), \(SQL.text(text)), \(SQL.text(with)))"
    }
  }
}
