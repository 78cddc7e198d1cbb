import Frame
import Numerics

/// Principal components of numeric columns, from the covariances of the rows it was fitted on.
///
/// Rows with a missing value have no part in the fit and get missing components. As in scikit-learn, the loading of
/// greatest size is positive, and a share of the variance keeps the fewest components that exceed it.
public enum PrincipalComponents: Transform {
  public static let info = OperationInfo(
    "pca", .reduce, "Principal components", help: "Put a few uncorrelated columns in place of many numeric ones.",
    parameters: [
      ParameterInfo(
        "columns", "Columns", .columns, fit: .numeric,
        help: "The columns to reduce. Rows in which one is missing get missing components."),
      ParameterInfo(
        "choose", "Keep by", .choice(["variance", "count"]), initial: "variance",
        help: "variance: as many components as a share of the variance takes. count: a number of your own."),
      ParameterInfo(
        "variance", "Variance", .number(0...1), initial: "0.95", when: .init("choose", "variance"),
        help: "The share of the variance that the components keep, 0 to 1."),
      ParameterInfo(
        "count", "Components", .integer(1...1000), initial: "2", when: .init("choose", "count"),
        help: "How many components to keep; no more than there are columns."),
      ParameterInfo("center", "Centre", .toggle, initial: "true", help: "Subtract each column's mean first."),
      ParameterInfo(
        "scale", "Scale", .toggle, initial: "false",
        help: "Divide each column by its standard deviation first: for columns of different units."),
      ParameterInfo(
        "output", "Output", .choice(["columns", "vector"]), initial: "columns",
        help: "columns: named prefix_1, prefix_2… vector: one list of numbers named as the prefix."),
      ParameterInfo("prefix", "Prefix", .name, initial: "pc", help: "What the new columns are called."),
      ParameterInfo(
        "keep", "Keep the inputs", .toggle, initial: "false", help: "Keep the reduced columns beside the new ones."),
    ])

  public static func learns(_ parameters: Parameters) -> Bool { true }

  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    let columns = try call.columns(.numeric)
    let present = columns.map { "isfinite(\($0.number))" }.joined(separator: " AND ")
    let rows = "FROM \(call.table) WHERE \(present)"
    let note = "measuring \(columns.count) columns"
    let first = try reader.measure(
      columns[0],
      "SELECT count(*), \(columns.map { "avg(\($0.number)), stddev_pop(\($0.number))" }.joined(separator: ", ")) \(rows)",
      call)
    let count = first.value(0, 0).number ?? 0
    guard count > 0 else { throw call.invalid("no row has a value in all of these columns: fill missing values first") }
    let centers = columns.indices.map { place in
      call.parameters["center"]?.flag ?? true ? first.value(0, 2 * place + 1).number ?? 0 : 0
    }
    let scales = columns.indices.map { place -> Double in
      let deviation = call.parameters.flag("scale") ? first.value(0, 2 * place + 2).number ?? 1 : 1
      return deviation > 0 ? deviation : 1
    }
    let scaled = zip(columns, zip(centers, scales)).map { moved($0, $1.0, $1.1) }
    var sums: [String] = []
    for row in columns.indices {
      for column in row..<columns.count { sums.append("avg(\(scaled[row]) * \(scaled[column]))") }
    }
    let products = try reader.query("SELECT \(sums.joined(separator: ", ")) \(rows)", note: note)
    var matrix = columns.map { _ in columns.map { _ in 0.0 } }
    var place = 0
    for row in columns.indices {
      for column in row..<columns.count {
        matrix[row][column] = products.value(0, place).number ?? 0
        matrix[column][row] = matrix[row][column]
        place += 1
      }
    }
    guard matrix.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw call.invalid("the numbers are too large to multiply: scale the columns first")
    }
    let eigen = SymmetricEigen(matrix)
    let kept = components(eigen.values, call.parameters)
    return [
      "columns": .list(columns.map { .text($0.name) }),
      "centers": .list(centers.map(Parameter.number)), "scales": .list(scales.map(Parameter.number)),
      "variances": .list(eigen.values.map(Parameter.number)),
      "loadings": .list(eigen.vectors.prefix(kept).map { .list($0.map(Parameter.number)) }),
    ]
  }

  private static func components(_ variances: [Double], _ parameters: Parameters) -> Int {
    if parameters.text("choose") == "count" { return min(parameters.integer("count") ?? 2, variances.count) }
    let share = parameters.number("variance") ?? 0.95
    let total = variances.reduce(0, +)
    guard total > 0 else { return 1 }
    var sum = 0.0
    for (place, variance) in variances.enumerated() {
      sum += variance
      if sum / total > share { return place + 1 }
    }
    return variances.count
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let columns = try call.columns(.numeric)
    let prefix = call.parameters.text("prefix")?.trimmed ?? "pc"
    let keeps = call.parameters.flag("keep")
    let isVector = call.parameters.text("output") == "vector"
    let dropped = keeps ? [] : columns.map(\.name)
    guard let learned = try call.fitted() else {
      // The number of components is known beforehand only where it is asked for.
      if isVector { return try call.adding([.init(prefix, "NULL::DOUBLE[]", type: "DOUBLE[]")], dropping: dropped) }
      let known = call.parameters.text("choose") == "count" ? components(columns.map { _ in 1 }, call.parameters) : 0
      let items = (0..<known).map { TransformCall.Item("\(prefix)_\($0 + 1)", "NULL::DOUBLE", type: "DOUBLE") }
      return try call.adding(items, dropping: known == 0 ? [] : dropped)
    }
    let (centers, scales) = (learned.numbers("centers"), learned.numbers("scales"))
    let present = columns.map { "isfinite(\($0.number))" }.joined(separator: " AND ")
    let scaled = zip(columns, zip(centers, scales)).map { moved($0, $1.0, $1.1) }
    let values = (learned["loadings"]?.list ?? []).map { loadings -> String in
      let terms = zip(scaled, loadings.list ?? []).map { "\($0) * \(SQL.number($1.number ?? 0))" }
      return "(\(terms.joined(separator: " + ")))"
    }
    if isVector {
      let list = "CASE WHEN \(present) THEN [\(values.joined(separator: ", "))] END"
      return try call.adding([.init(prefix, list, type: "DOUBLE[]")], dropping: dropped)
    }
    return try call.adding(
      values.enumerated().map {
        .init("\(prefix)_\($0 + 1)", "CASE WHEN \(present) THEN \($1) END", type: "DOUBLE")
      }, dropping: dropped)
  }

  private static func moved(_ column: Column, _ center: Double, _ scale: Double) -> String {
    let x = center == 0 ? column.number : "(\(column.number) - \(SQL.number(center)))"
    return scale == 1 ? x : "(\(x) / \(SQL.number(scale)))"
  }
}
