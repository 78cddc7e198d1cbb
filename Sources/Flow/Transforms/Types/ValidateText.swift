import Frame

/// Whether each text passes a check.
///
/// The checks of characters are those of Python's str methods (isalnum, isalpha, isdigit, isspace, istitle, islower,
/// isupper, isnumeric, isdecimal), so that an empty text fails them.
public enum ValidateText: Transform {
  private static let checks = [
    "length", "starts-with", "ends-with", "alphanumeric", "alphabetic", "digit", "space", "title", "lower", "upper",
    "numeric", "decimal",
  ]

  public static let info = OperationInfo(
    "validate-text", .types, "Validate text", help: "Say of each text whether it passes a check.",
    parameters: [
      TextColumns.columns,
      ParameterInfo(
        "check", "Check", .choice(checks), initial: "alphanumeric",
        help:
          "length: within a range. starts-with, ends-with: a text. title: every word starts with a capital. decimal: "
          + "digits that make a number; digit: also ²; numeric: also ½ and Roman numerals."),
      ParameterInfo(
        "min", "At least", .integer(0...1_000_000_000), initial: "0", when: .init("check", "length"),
        help: "The least number of characters."),
      ParameterInfo(
        "max", "At most", .integer(0...1_000_000_000), isOptional: true, when: .init("check", "length"),
        help: "The largest number of characters; no limit when empty."),
      ParameterInfo(
        "text", "Text", .text, isOptional: true, when: .init("check", "starts-with", "ends-with"),
        help: "What it starts or ends with."),
      ParameterInfo(
        "output", "Output", .choice(["flag", "number"]), initial: "flag", help: "flag: true and false. number: 1 and 0."
      ),
      ParameterInfo(
        "missing", "Missing texts", .choice(["missing", "fail"]), initial: "missing",
        help: "missing: the result is missing too. fail: the check is not passed."),
      ParameterInfo(
        "suffix", "Suffix", .text, isOptional: true,
        help: "The end of the new column's name: _is_ and the check when empty."),
    ])

  public static func summary(_ parameters: Parameters) -> String { TextColumns.summary(parameters, "alphanumeric") }

  public static func fault(_ parameters: Parameters) -> String? {
    switch parameters.text("check") ?? "alphanumeric" {
    case "length":
      if let most = parameters.integer("max"), most < parameters.integer("min") ?? 0 {
        return "At most: must not be below the least length"
      }
      return nil
    case "starts-with", "ends-with": return parameters.raw("text").isEmpty ? "Text: write what to look for" : nil
    default: return nil
    }
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let parameters = call.parameters
    let check = parameters.text("check") ?? "alphanumeric"
    let isNumber = parameters.text("output") == "number"
    let names = ["length": "_has_length", "starts-with": "_starts_with", "ends-with": "_ends_with"]
    let ending = names[check] ?? "_is_" + check
    return try TextColumns.adding(call, ending, type: isNumber ? "BIGINT" : "BOOLEAN") { value in
      var sql = test(value, check, parameters)
      if parameters.text("missing") == "fail" { sql = "coalesce(\(sql), false)" }
      return isNumber ? "CAST(\(sql) AS BIGINT)" : "(\(sql))"
    }
  }

  private static func test(_ value: String, _ check: String, _ parameters: Parameters) -> String {
    func matches(_ pattern: String) -> String { "regexp_matches(\(value), \(SQL.text("\\A(?:\(pattern))\\z")))" }
    let text = SQL.text(parameters.raw("text"))
    let (upper, lower, uncased) = (UnicodeClass.upper, UnicodeClass.lower, UnicodeClass.uncased)
    switch check {
    case "length":
      let most = parameters.integer("max").map { " AND length(\(value)) <= \($0)" } ?? ""
      return "length(\(value)) >= \(parameters.integer("min") ?? 0)\(most)"
    case "starts-with": return "starts_with(\(value), \(text))"
    case "ends-with": return "ends_with(\(value), \(text))"
    case "alphabetic": return matches("\(UnicodeClass.alphabetic)+")
    case "digit": return matches("\(UnicodeClass.digit)+")
    case "space": return matches("\(UnicodeClass.space)+")
    case "numeric": return matches("\(UnicodeClass.numeric)+")
    case "decimal": return matches("\(UnicodeClass.decimal)+")
    case "lower": return matches("\(UnicodeClass.notUpper)*\(lower)\(UnicodeClass.notUpper)*")
    case "upper": return matches("\(UnicodeClass.notLower)*\(upper)\(UnicodeClass.notLower)*")
    case "title": return matches("\(uncased)*\(upper)\(lower)*(?:\(uncased)+\(upper)\(lower)*)*\(uncased)*")
    default: return matches("\(UnicodeClass.alphanumeric)+")
    }
  }
}
