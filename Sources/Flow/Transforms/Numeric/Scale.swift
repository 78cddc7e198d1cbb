import Frame

/// Brings numeric columns to a common scale, by statistics of the rows it was fitted on.
///
/// Standard: (x − mean) / population standard deviation; robust: (x − median) / (q_high − q_low), quantiles by linear
/// interpolation; min–max to a range; max-abs: x / max |x|. A scale of zero counts as one, as in scikit-learn.
public enum Scale: Transform {
  public static let info = OperationInfo(
    "scale", .numeric, "Scale values", help: "Bring numbers to a common scale: standard, robust, min–max or max-abs.",
    parameters: [
      ParameterInfo("columns", "Columns", .columns, fit: .numeric, help: "The columns to scale."),
      ParameterInfo(
        "method", "Scaler", .choice(["standard", "robust", "min-max", "max-abs"]), initial: "standard",
        help:
          "standard: mean 0 and deviation 1. robust: median 0 and a quantile range of 1. min-max: between two numbers. "
          + "max-abs: divided by the largest absolute value."),
      ParameterInfo(
        "center", "Centre", .toggle, initial: "true", when: .init("method", "standard", "robust"),
        help: "Subtract the mean or the median."),
      ParameterInfo(
        "scale", "Scale", .toggle, initial: "true", when: .init("method", "standard", "robust"),
        help: "Divide by the deviation or the quantile range."),
      ParameterInfo(
        "lower", "Lower quantile", .number(0...1), initial: "0.25", when: .init("method", "robust"),
        help: "The lower end of the quantile range."),
      ParameterInfo(
        "upper", "Upper quantile", .number(0...1), initial: "0.75", when: .init("method", "robust"),
        help: "The upper end of the quantile range."),
      ParameterInfo(
        "min", "Minimum", .number(-1e12...1e12), initial: "0", when: .init("method", "min-max"),
        help: "What the least value becomes."),
      ParameterInfo(
        "max", "Maximum", .number(-1e12...1e12), initial: "1", when: .init("method", "min-max"),
        help: "What the greatest value becomes."),
    ])

  public static func learns(_ parameters: Parameters) -> Bool { true }

  public static func summary(_ parameters: Parameters) -> String {
    "\(parameters.text("method") ?? "standard"): \(parameters.texts("columns").joined(separator: ", "))"
  }

  public static func fault(_ parameters: Parameters) -> String? {
    switch parameters.text("method") {
    case "robust":
      (parameters.number("lower") ?? 0.25) < (parameters.number("upper") ?? 0.75)
        ? nil : "the lower quantile must be below the upper one"
    case "min-max":
      (parameters.number("min") ?? 0) < (parameters.number("max") ?? 1) ? nil : "the minimum must be below the maximum"
    default: nil
    }
  }

  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    let method = call.parameters.text("method") ?? "standard"
    var learned: [String: Parameter] = [:]
    for column in try call.columns(parameter: "columns", .numeric) {
      let x = "CAST(\(SQL.identifier(column.name)) AS DOUBLE)"
      let figures: String
      switch method {
      case "robust":
        let (low, high) = (call.parameters.number("lower") ?? 0.25, call.parameters.number("upper") ?? 0.75)
        figures =
          "quantile_cont(\(x), 0.5), quantile_cont(\(x), \(high)) - quantile_cont(\(x), \(low))"
      case "min-max": figures = "min(\(x)), max(\(x)) - min(\(x))"
      case "max-abs": figures = "0::DOUBLE, max(abs(\(x)))"
      default: figures = "avg(\(x)), stddev_pop(\(x))"
      }
      let table = try reader.measure(
        column, "SELECT \(figures) FROM \(call.table) WHERE isfinite(\(x))", call)
      let (center, scale) = (table.value(0, 0).number ?? 0, table.value(0, 1).number ?? 1)
      learned[column.name] = ["center": .number(center), "scale": .number(scale == 0 ? 1 : scale)]
    }
    return Parameters(learned)
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let columns = try call.columns(parameter: "columns", .numeric)
    let learned = try call.fitted()
    let method = call.parameters.text("method") ?? "standard"
    let moves = method == "standard" || method == "robust"
    let centers = !moves || call.parameters["center"]?.flag ?? true
    let scales = !moves || call.parameters["scale"]?.flag ?? true
    return call.replacing(
      columns.map { column in
        let figures = learned?[column.name]?.record ?? [:]
        let center = centers ? figures["center"]?.number ?? 0 : 0
        let scale = scales ? figures["scale"]?.number ?? 1 : 1
        var sql = "(CAST(\(SQL.identifier(column.name)) AS DOUBLE) - \(literal(center))) / \(literal(scale))"
        if method == "min-max" {
          let (low, high) = (call.parameters.number("min") ?? 0, call.parameters.number("max") ?? 1)
          sql = "\(sql) * \(literal(high - low)) + \(literal(low))"
        }
        return .init(column, sql, type: "DOUBLE")
      })
  }

  private static func literal(_ number: Double) -> String { SQL.literal(.real(number)) }
}
