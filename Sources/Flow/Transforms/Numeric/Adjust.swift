import Frame

/// Rounding, absolute values and clipping to given bounds.
public enum Adjust: Transform {
  public static let info = OperationInfo(
    "adjust", .numeric, "Round, absolute, clip", help: "Round numbers, take absolute values or keep them in bounds.",
    parameters: [
      ParameterInfo("columns", "Columns", .columns, fit: .numeric, help: "The columns to change."),
      ParameterInfo(
        "method", "Do", .choice(["round", "round-even", "floor", "ceiling", "truncate", "absolute", "clip"]),
        initial: "round",
        help:
          "round: halves away from zero, as spreadsheets do. round-even: halves to the even digit, as pandas and numpy "
          + "do. floor, ceiling: down, up. truncate: towards zero. absolute: without sign. clip: into bounds."),
      ParameterInfo(
        "digits", "Digits", .integer(-15...15), initial: "0",
        when: .init("method", "round", "round-even", "floor", "ceiling", "truncate"),
        help: "Digits after the point; -2 for hundreds."),
      ParameterInfo(
        "min", "Minimum", .number(-1e300...1e300), isOptional: true, when: .init("method", "clip"),
        help: "Smaller values become this; none where empty."),
      ParameterInfo(
        "max", "Maximum", .number(-1e300...1e300), isOptional: true, when: .init("method", "clip"),
        help: "Larger values become this; none where empty."),
    ])

  public static func summary(_ parameters: Parameters) -> String {
    "\(parameters.text("method") ?? "round"): \(parameters.texts("columns").joined(separator: ", "))"
  }

  public static func fault(_ parameters: Parameters) -> String? {
    guard parameters.text("method") == "clip" else { return nil }
    let (low, high) = (parameters.number("min"), parameters.number("max"))
    if low == nil, high == nil { return "write a minimum, a maximum or both" }
    if let low, let high, low > high { return "the minimum must not be above the maximum" }
    return nil
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let method = call.parameters.text("method") ?? "round"
    return call.replacing(
      try call.columns(.numeric).map { column in
        // Whole numbers stay whole where the bounds are.
        let bounds = [call.parameters.number("min"), call.parameters.number("max")]
        let isWhole =
          column.kind == .integer && bounds.allSatisfy { $0.map { abs($0) < 1e15 && $0 == $0.rounded() } ?? true }
        let type = isWhole ? "BIGINT" : "DOUBLE"
        let x = column.number
        let sql: String
        switch method {
        case "absolute": sql = "abs(\(isWhole ? "CAST(\(SQL.identifier(column.name)) AS BIGINT)" : x))"
        case "clip": sql = clip(column, bounds, type)
        default: sql = rounded(x, method, call.parameters.integer("digits") ?? 0)
        }
        return .init(column, "CAST(\(sql) AS \(type))", type: type)
      })
  }

  private static func clip(_ column: Column, _ bounds: [Double?], _ type: String) -> String {
    let x = "CAST(\(SQL.identifier(column.name)) AS \(type))"
    func bound(_ number: Double) -> String { "CAST(\(SQL.number(number)) AS \(type))" }
    let low = bounds[0].map { "WHEN \(x) < \(bound($0)) THEN \(bound($0)) " } ?? ""
    let high = bounds[1].map { "WHEN \(x) > \(bound($0)) THEN \(bound($0)) " } ?? ""
    return "CASE WHEN \(column.isMissing) THEN NULL \(low)\(high)ELSE \(x) END"
  }

  private static func rounded(_ x: String, _ method: String, _ digits: Int) -> String {
    let names = [
      "round": "round", "round-even": "round_even", "floor": "floor", "ceiling": "ceil", "truncate": "trunc",
    ]
    let name = names[method] ?? "round"
    let whole = name == "round_even" ? "0" : ""
    func call(_ x: String) -> String { whole.isEmpty ? "\(name)(\(x))" : "\(name)(\(x), 0)" }
    if digits == 0 { return call(x) }
    // Scaled by a power of ten that is exact itself.
    var power = 1.0
    for _ in 0..<abs(digits) { power *= 10 }
    let scale = SQL.number(power)
    let rounded = digits > 0 ? "\(call("\(x) * \(scale)")) / \(scale)" : "\(call("\(x) / \(scale)")) * \(scale)"
    // What overflows has no digits after the point to lose.
    return "CASE WHEN isfinite(\(x) * \(scale)) THEN \(rounded) ELSE \(x) END"
  }
}
