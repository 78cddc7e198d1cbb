import Frame

/// Treats numbers beyond bounds that are learnt from the rows, or given.
///
/// Robust deviation: beyond n times the deviation of the values clipped to two quantiles, from the median; standard
/// deviation: beyond n times it, from the mean (both with n − 1, as Spark's); quantile: beyond two quantiles by linear
/// interpolation. A deviation of zero bounds nothing. Missing values are no outliers and stay.
public enum Outliers: Transform {
  public static let info = OperationInfo(
    "outliers", .outliers, "Handle outliers", help: "Clip, remove or blank numbers that lie far from the others.",
    parameters: [
      ParameterInfo("columns", "Columns", .columns, fit: .numeric, help: "The columns to look at."),
      ParameterInfo(
        "method", "Bounds by", .choice(["robust-deviation", "standard-deviation", "quantile", "limits"]),
        initial: "robust-deviation",
        help:
          "robust-deviation: distance from the median, by a deviation that outliers do not inflate. standard-deviation: "
          + "distance from the mean. quantile: the ends of the distribution. limits: numbers of your own."),
      ParameterInfo(
        "fix", "Then", .choice(["clip", "remove", "invalidate"]), initial: "clip",
        help: "clip: move to the nearest bound. remove: drop the row. invalidate: make the value missing."),
      ParameterInfo(
        "robustDeviations", "Deviations", .number(0...1e6), initial: "5", when: .init("method", "robust-deviation"),
        help: "How many robust deviations from the median a value may lie."),
      ParameterInfo(
        "deviations", "Deviations", .number(0...1e6), initial: "4", when: .init("method", "standard-deviation"),
        help: "How many standard deviations from the mean a value may lie."),
      ParameterInfo(
        "lower", "Lower quantile", .number(0...1), initial: "0.05",
        when: .init("method", "robust-deviation", "quantile"),
        help: "The lower end of what counts as ordinary, 0 to 1."),
      ParameterInfo(
        "upper", "Upper quantile", .number(0...1), initial: "0.95",
        when: .init("method", "robust-deviation", "quantile"),
        help: "The upper end of what counts as ordinary, 0 to 1."),
      ParameterInfo(
        "min", "Minimum", .number(-1e300...1e300), isOptional: true, when: .init("method", "limits"),
        help: "Smaller values are outliers; none where empty."),
      ParameterInfo(
        "max", "Maximum", .number(-1e300...1e300), isOptional: true, when: .init("method", "limits"),
        help: "Larger values are outliers; none where empty."),
    ])

  public static func learns(_ parameters: Parameters) -> Bool { method(parameters) != "limits" }

  public static func summary(_ parameters: Parameters) -> String {
    "\(parameters.text("fix") ?? "clip") by \(method(parameters)): "
      + parameters.texts("columns").joined(separator: ", ")
  }

  public static func fault(_ parameters: Parameters) -> String? {
    switch method(parameters) {
    case "limits":
      let (low, high) = (parameters.number("min"), parameters.number("max"))
      if low == nil, high == nil { return "write a minimum, a maximum or both" }
      if let low, let high, low > high { return "the minimum must not be above the maximum" }
      return nil
    case "standard-deviation": return nil
    default:
      return quantiles(parameters).0 < quantiles(parameters).1 ? nil : "the lower quantile must be below the upper one"
    }
  }

  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    var learned: [String: Parameter] = [:]
    for column in try call.columns(.numeric) {
      let (low, high) = try bounds(column, call, reader)
      learned[column.name] = [
        "low": low.map(Parameter.number) ?? .missing, "high": high.map(Parameter.number) ?? .missing,
      ]
    }
    return Parameters(learned)
  }

  private static func bounds(
    _ column: Column, _ call: TransformCall, _ reader: FitReader
  ) throws -> (Double?, Double?) {
    let x = column.number
    let rows = "FROM \(call.table) WHERE isfinite(\(x))"
    let (lower, upper) = quantiles(call.parameters)
    if method(call.parameters) == "quantile" {
      let table = try reader.measure(
        column,
        "SELECT quantile_cont(\(x), \(SQL.number(lower))), quantile_cont(\(x), \(SQL.number(upper))) \(rows)", call)
      return (table.value(0, 0).number, table.value(0, 1).number)
    }
    let sql: String
    let count: Double
    if method(call.parameters) == "standard-deviation" {
      count = call.parameters.number("deviations") ?? 4
      sql = "SELECT avg(\(x)), stddev_samp(\(x)) \(rows)"
    } else {
      count = call.parameters.number("robustDeviations") ?? 5
      sql = """
        SELECT any_value(m), stddev_samp(least(greatest(x, a), b)) FROM (SELECT \(x) AS x \(rows)), (
        SELECT quantile_cont(\(x), 0.5) AS m, quantile_cont(\(x), \(SQL.number(lower))) AS a,
        quantile_cont(\(x), \(SQL.number(upper))) AS b \(rows))
        """
    }
    let table = try reader.measure(column, sql, call)
    guard let center = table.value(0, 0).number, let deviation = table.value(0, 1).number, deviation > 0 else {
      return (nil, nil)
    }
    return (center - count * deviation, center + count * deviation)
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let columns = try call.columns(.numeric)
    let isGiven = method(call.parameters) == "limits"
    let learned = isGiven ? nil : try call.fitted()
    let fix = call.parameters.text("fix") ?? "clip"
    var items: [TransformCall.Item] = []
    var kept: [String] = []
    for column in columns {
      let x = column.number
      let figures = learned?[column.name]?.record ?? [:]
      let low = isGiven ? call.parameters.number("min") : figures["low"]?.number
      let high = isGiven ? call.parameters.number("max") : figures["high"]?.number
      let beyond = [low.map { "\(x) < \(SQL.number($0))" }, high.map { "\(x) > \(SQL.number($0))" }].compactMap { $0 }
      let isOutlier =
        beyond.isEmpty ? "FALSE" : "(NOT \(column.isMissing) AND (\(beyond.joined(separator: " OR "))))"
      switch fix {
      case "remove": kept.append("NOT \(isOutlier)")
      case "invalidate":
        items.append(.init(column, "CASE WHEN \(isOutlier) THEN NULL ELSE \(SQL.identifier(column.name)) END"))
      default:
        // Clipped whole numbers become reals, for a bound need not be whole.
        let bounds = low.map { "WHEN \(x) < \(SQL.number($0)) THEN \(SQL.number($0)) " } ?? ""
        let top = high.map { "WHEN \(x) > \(SQL.number($0)) THEN \(SQL.number($0)) " } ?? ""
        items.append(
          .init(column, "CASE WHEN \(column.isMissing) THEN NULL \(bounds)\(top)ELSE \(x) END", type: "DOUBLE"))
      }
    }
    return call.filtered(call.replacing(items), where: kept.isEmpty ? nil : kept.joined(separator: " AND "))
  }

  private static func method(_ parameters: Parameters) -> String { parameters.text("method") ?? "robust-deviation" }

  private static func quantiles(_ parameters: Parameters) -> (Double, Double) {
    (parameters.number("lower") ?? 0.05, parameters.number("upper") ?? 0.95)
  }
}
