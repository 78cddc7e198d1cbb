import Frame

/// Logarithms of numbers.
public enum LogTransform: Transform {
  public static let info = OperationInfo(
    "log", .numeric, "Logarithm", help: "Take logarithms, to draw long tails together.",
    parameters: [
      ParameterInfo("columns", "Columns", .columns, fit: .numeric, help: "The columns to transform."),
      ParameterInfo(
        "base", "Logarithm", .choice(["natural", "one-plus", "two", "ten", "other"]), initial: "natural",
        help: "one-plus: natural, of 1 + x, which keeps 0 at 0. other: to a base of your own."),
      ParameterInfo(
        "number", "Base", .number(1e-12...1e12), initial: "10", when: .init("base", "other"),
        help: "The base: positive, and not 1."),
      ParameterInfo(
        "shift", "Shift", .number(-1e300...1e300), initial: "0",
        help: "Added first. What is not above 0 then has no logarithm and becomes missing."),
      ParameterInfo(
        "suffix", "Suffix", .text, isOptional: true,
        help: "Writes into new columns of the old names with this suffix; replaces the columns where empty."),
    ])

  public static func fault(_ parameters: Parameters) -> String? {
    parameters.text("base") == "other" && parameters.number("number") == 1 ? "no logarithm has the base 1" : nil
  }

  public static func summary(_ parameters: Parameters) -> String {
    "\(parameters.text("base") ?? "natural"): \(parameters.texts("columns").joined(separator: ", "))"
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let base = call.parameters.text("base") ?? "natural"
    let shift = call.parameters.number("shift") ?? 0
    return try call.writing(
      try call.columns(.numeric).map { column in
        let x = shift == 0 ? column.number : "(\(column.number) + \(SQL.number(shift)))"
        let present = "NOT \(column.isMissing) AND \(x) > \(base == "one-plus" ? "-1" : "0")"
        return .init(column, "CASE WHEN \(present) THEN \(logarithm(x, base, call)) END", type: "DOUBLE")
      })
  }

  private static func logarithm(_ x: String, _ base: String, _ call: TransformCall) -> String {
    switch base {
    case "one-plus": onePlus(x)
    case "two": "log2(\(x))"
    case "ten": "log10(\(x))"
    case "other": "ln(\(x)) / ln(\(SQL.number(call.parameters.number("number") ?? 10)))"
    default: "ln(\(x))"
    }
  }

  /// ln(1 + x) without the rounding of 1 + x: ln(u) · x / (u − 1) with u = 1 + x (Kahan; Goldberg 1991,
  /// doi:10.1145/103162.103163).
  static func onePlus(_ x: String) -> String {
    "(CASE WHEN 1 + \(x) = 1 OR isinf(\(x)) THEN \(x) ELSE ln(1 + \(x)) * (\(x) / ((1 + \(x)) - 1)) END)"
  }
}
