import Frame
import Numerics

/// Makes distributions more normal by a power, its exponent by maximum likelihood.
///
/// Yeo and Johnson 2000 (doi:10.1093/biomet/87.4.954) for any number; Box and Cox 1964
/// (doi:10.1111/j.2517-6161.1964.tb00553.x) for numbers above 0. As scikit-learn's PowerTransformer.
public enum PowerTransform: Transform {
  public static let info = OperationInfo(
    "power", .numeric, "Power transform", help: "Make a skewed distribution more like a normal one by a power.",
    parameters: [
      ParameterInfo("columns", "Columns", .columns, fit: .numeric, help: "The columns to transform."),
      ParameterInfo(
        "method", "Method", .choice(["yeo-johnson", "box-cox"]), initial: "yeo-johnson",
        help: "yeo-johnson: for any numbers. box-cox: for numbers above 0; others become missing later."),
      ParameterInfo(
        "standardize", "Standardise", .toggle, initial: "true", help: "Bring the result to mean 0 and deviation 1."),
    ])

  public static func learns(_ parameters: Parameters) -> Bool { true }

  public static func summary(_ parameters: Parameters) -> String {
    "\(parameters.text("method") ?? "yeo-johnson"): \(parameters.texts("columns").joined(separator: ", "))"
  }

  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    let isBoxCox = call.parameters.text("method") == "box-cox"
    var learned: [String: Parameter] = [:]
    for column in try call.columns(.numeric) {
      let x = column.number
      let rows = "FROM (SELECT \(x) AS x FROM \(call.table) WHERE isfinite(\(x)))"
      let figures = try reader.query("SELECT min(x), max(x) \(rows)", note: "measuring \(column.name)")
      let (low, high) = (figures.value(0, 0).number ?? 0, figures.value(0, 1).number ?? 0)
      if isBoxCox, !figures.value(0, 0).isNull, low <= 0 {
        throw call.invalid(
          "column \"\(column.name)\" holds numbers that are not above 0, which Box–Cox cannot take: choose yeo-johnson, or "
            + "filter them out first")
      }
      // A constant says nothing of an exponent; 1 keeps it.
      let lambda = low < high ? try exponent(isBoxCox, rows, reader, "fitting \(column.name)") : 1
      let made = try reader.measure(
        column, "SELECT avg(y), stddev_pop(y) FROM (SELECT \(power("x", lambda, isBoxCox)) AS y \(rows))", call)
      let deviation = low < high ? made.value(0, 1).number ?? 1 : 1
      learned[column.name] = [
        "lambda": .number(lambda), "center": .number(made.value(0, 0).number ?? 0),
        "scale": .number(deviation > 0 && deviation.isFinite ? deviation : 1),
      ]
    }
    return Parameters(learned)
  }

  /// The exponent of the greatest likelihood; each try reads the rows once.
  private static func exponent(
    _ isBoxCox: Bool, _ rows: String, _ reader: FitReader, _ note: String
  ) throws -> Double {
    let jacobian = isBoxCox ? "ln(x)" : "sign(x) * \(LogTransform.onePlus("abs(x)"))"
    func loss(_ lambda: Double) throws -> Double {
      let sql = """
        SELECT count(*) / 2.0::DOUBLE * ln(var_pop(\(power("x", lambda, isBoxCox))))
        - \(SQL.number(lambda - 1)) * sum(\(jacobian)) \(rows)
        """
      do {
        let value = try reader.query(sql, note: note).value(0, 0).number ?? .infinity
        return value.isFinite ? value : .greatestFiniteMagnitude
      } catch is FrameError {
        // Powers beyond the range of numbers, whose variance DuckDB refuses.
        return .greatestFiniteMagnitude
      }
    }
    var (low, high) = (-2.0, 2.0)
    var best = try Minimum.brent(low...high, loss)
    while best - low < 0.01, low > -64 {
      low *= 2
      best = try Minimum.brent(low...high, loss)
    }
    while high - best < 0.01, high < 64 {
      high *= 2
      best = try Minimum.brent(low...high, loss)
    }
    return best
  }

  private static func power(_ x: String, _ lambda: Double, _ isBoxCox: Bool) -> String {
    let exponent = SQL.number(lambda)
    if isBoxCox { return lambda == 0 ? "ln(\(x))" : "((pow(\(x), \(exponent)) - 1) / \(exponent))" }
    let rest = SQL.number(2 - lambda)
    let above = lambda == 0 ? LogTransform.onePlus(x) : "((pow(\(x) + 1, \(exponent)) - 1) / \(exponent))"
    let below = lambda == 2 ? "-\(LogTransform.onePlus("(-\(x))"))" : "(-(pow(1 - \(x), \(rest)) - 1) / \(rest))"
    return "(CASE WHEN \(x) >= 0 THEN \(above) ELSE \(below) END)"
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let learned = try call.fitted()
    let isBoxCox = call.parameters.text("method") == "box-cox"
    let isStandardized = call.parameters["standardize"]?.flag ?? true
    return call.replacing(
      try call.columns(.numeric).map { column in
        let figures = learned?[column.name]?.record ?? [:]
        var sql = power(column.number, figures["lambda"]?.number ?? 1, isBoxCox)
        if isStandardized {
          let (center, scale) = (figures["center"]?.number ?? 0, figures["scale"]?.number ?? 1)
          sql = "(\(sql) - \(SQL.number(center))) / \(SQL.number(scale))"
        }
        let present = "NOT \(column.isMissing)" + (isBoxCox ? " AND \(column.number) > 0" : "")
        return .init(column, "CASE WHEN \(present) THEN \(sql) END", type: "DOUBLE")
      })
  }
}
