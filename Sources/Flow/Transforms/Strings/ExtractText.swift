import Frame

/// A part of each text: by a regular expression, between delimiters, or by position.
public enum ExtractText: Transform {
  public static let info = OperationInfo(
    "extract-text", .strings, "Extract text", help: "Take a part of a text; missing where there is none.",
    parameters: [
      TextColumns.columns,
      ParameterInfo(
        "method", "By", .choice(["regex", "between", "position"]), initial: "regex",
        help: "regex: what a regular expression finds. between: what stands between delimiters. position: characters."),
      ParameterInfo(
        "pattern", "Expression", .text, isOptional: true, when: .init("method", "regex"),
        help: "A regular expression (RE2), such as (\\d+)-(\\d+)."),
      ParameterInfo(
        "group", "Group", .integer(0...9), initial: "0", when: .init("method", "regex"),
        help: "Which pair of parentheses; 0 is all that is found. A group that takes no part is an empty text."),
      ParameterInfo(
        "left", "Left", .text, isOptional: true, when: .init("method", "between"), help: "The delimiter before it."),
      ParameterInfo(
        "right", "Right", .text, isOptional: true, when: .init("method", "between"), help: "The delimiter after it."),
      ParameterInfo(
        "inclusive", "With delimiters", .toggle, initial: "false", when: .init("method", "between"),
        help: "Keeps the delimiters."),
      ParameterInfo(
        "start", "Start", .integer(1...1_000_000), initial: "1", when: .init("method", "position"),
        help: "The first character, from 1."),
      ParameterInfo(
        "end", "End", .integer(1...1_000_000), isOptional: true, when: .init("method", "position"),
        help: "The last character; the end of the text when empty."),
      TextColumns.ignoreCase,
      ParameterInfo(
        "suffix", "Suffix", .text, isOptional: true, help: "The end of the new column's name: _part when empty."),
    ])

  public static func summary(_ parameters: Parameters) -> String { TextColumns.summary(parameters, "regex") }

  public static func fault(_ parameters: Parameters) -> String? {
    switch parameters.text("method") ?? "regex" {
    case "between": return Delimiters.fault(parameters)
    case "position":
      let start = parameters.integer("start") ?? 1
      return parameters.integer("end").map { $0 < start } == true ? "End: must not be before the start" : nil
    default:
      let pattern = parameters.raw("pattern")
      return pattern.isEmpty ? "Expression: write a regular expression" : Pattern.fault(pattern, "Expression")
    }
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let parameters = call.parameters
    let ignored = parameters.flag("ignore_case") ? "(?i)" : ""
    return try TextColumns.adding(call, "_part", type: "VARCHAR") { value in
      var (pattern, group) = (ignored + parameters.raw("pattern"), parameters.integer("group") ?? 0)
      switch parameters.text("method") ?? "regex" {
      case "position":
        let start = parameters.integer("start") ?? 1
        let count = parameters.integer("end").map { ", \($0 - start + 1)" } ?? ""
        return "substr(\(value), \(start)\(count))"
      case "between":
        pattern = ignored + Delimiters.pattern(parameters)
        group = parameters.flag("inclusive") ? 0 : 2
      default: break
      }
      let literal = SQL.text(pattern)
      return "CASE WHEN regexp_matches(\(value), \(literal)) THEN regexp_extract(\(value), \(literal), \(group)) END"
    }
  }
}

/// Two texts with something between.
enum Delimiters {
  static func fault(_ parameters: Parameters) -> String? {
    if parameters.raw("left").isEmpty { return "Left: write the delimiter before" }
    return parameters.raw("right").isEmpty ? "Right: write the delimiter after" : nil
  }

  /// Three groups: the left delimiter, as little as possible, the right one.
  static func pattern(_ parameters: Parameters) -> String {
    "(?s)(\(Pattern.quoted(parameters.raw("left"))))(.*?)(\(Pattern.quoted(parameters.raw("right"))))"
  }
}
