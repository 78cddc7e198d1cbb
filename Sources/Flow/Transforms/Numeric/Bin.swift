import Frame

/// Numbers as bins of equal width, of equal counts, or between given edges.
///
/// As scikit-learn's KBinsDiscretizer where bins are learnt: values outside fall into the first and last bin, equal
/// quantiles are one edge; as `cut` of pandas where edges are given: values outside are missing unless asked otherwise.
public enum Bin: Transform {
  public static let info = OperationInfo(
    "bin", .numeric, "Bin", help: "Put numbers into bins of equal width, equal counts, or your own edges.",
    parameters: [
      ParameterInfo("columns", "Columns", .columns, fit: .numeric, help: "The columns to bin."),
      ParameterInfo(
        "method", "Bins", .choice(["width", "quantile", "edges"]), initial: "width",
        help: "width: of equal width. quantile: with equally many rows. edges: between numbers of your own."),
      ParameterInfo(
        "bins", "Number of bins", .integer(2...1000), initial: "5", when: .init("method", "width", "quantile"),
        help: "How many bins; fewer where quantiles coincide."),
      ParameterInfo(
        "edges", "Edges", .texts, when: .init("method", "edges"), help: "Ascending numbers, such as 0, 18, 65, 120."),
      ParameterInfo(
        "closed", "Closed side", .choice(["left", "right"]), initial: "left",
        help: "Which end of a bin belongs to it; the outermost edges belong to the outermost bins."),
      ParameterInfo(
        "outside", "Outside", .choice(["nearest", "missing"]), initial: "missing", when: .init("method", "edges"),
        help: "What values beyond the outermost edges become: the nearest bin, or missing."),
      ParameterInfo(
        "output", "Output", .choice(["number", "interval", "middle"]), initial: "number",
        help: "number: from 0. interval: a text such as [0, 10). middle: the middle of the bin."),
      ParameterInfo(
        "suffix", "Suffix", .text, isOptional: true,
        help: "Writes into new columns of the old names with this suffix; replaces the columns where empty."),
    ])

  public static func learns(_ parameters: Parameters) -> Bool { parameters.text("method") != "edges" }

  public static func summary(_ parameters: Parameters) -> String {
    "\(parameters.text("method") ?? "width"): \(parameters.texts("columns").joined(separator: ", "))"
  }

  public static func fault(_ parameters: Parameters) -> String? {
    guard parameters.text("method") == "edges" else { return nil }
    let items = parameters["edges"]?.list ?? []
    let edges = parameters.numbers("edges")
    if edges.count < items.count { return "every edge must be a number" }
    if edges.count < 2 { return "write two edges or more" }
    return zip(edges, edges.dropFirst()).allSatisfy(<) ? nil : "the edges must ascend"
  }

  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    let bins = call.parameters.integer("bins") ?? 5
    var learned: [String: Parameter] = [:]
    for column in try call.columns(.numeric) {
      let rows = "FROM \(call.table) WHERE isfinite(\(column.number))"
      let places = (0...bins).map { Double($0) / Double(bins) }
      var edges: [Double] = []
      if call.parameters.text("method") == "quantile" {
        let list = places.map(SQL.number).joined(separator: ", ")
        let table = try reader.query(
          "SELECT unnest(quantile_cont(\(column.number), [\(list)])) \(rows)", note: "measuring \(column.name)")
        for row in 0..<table.rowCount {
          if let edge = table.value(row, 0).number, edge != edges.last { edges.append(edge) }
        }
      } else {
        let table = try reader.query(
          "SELECT min(\(column.number)), max(\(column.number)) \(rows)", note: "measuring \(column.name)")
        if let low = table.value(0, 0).number, let high = table.value(0, 1).number {
          edges = low == high ? [low] : places.map { $0 == 1 ? high : low + $0 * (high - low) }
        }
      }
      // A constant has one bin: itself.
      if edges.count == 1 { edges.append(edges[0]) }
      learned[column.name] = .list(edges.map(Parameter.number))
    }
    return Parameters(learned)
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let isGiven = call.parameters.text("method") == "edges"
    let learned = isGiven ? nil : try call.fitted()
    let isOpen = isGiven && call.parameters.text("outside") != "nearest"
    let isLeft = call.parameters.text("closed") != "right"
    let output = call.parameters.text("output") ?? "number"
    let type = output == "interval" ? "VARCHAR" : output == "middle" ? "DOUBLE" : "BIGINT"
    return try call.writing(
      try call.columns(.numeric).map { column in
        let edges = isGiven ? call.parameters.numbers("edges") : learned?.numbers(column.name) ?? []
        guard let first = edges.first, let last = edges.last else {
          return .init(column, "CAST(NULL AS \(type))", type: type)
        }
        let values = (0..<(edges.count - 1)).map { value($0, edges, output, isLeft) }
        var present = "NOT \(column.isMissing)"
        if isOpen { present += " AND \(column.number) BETWEEN \(SQL.number(first)) AND \(SQL.number(last))" }
        let tree = tree(column.number, edges, values, values.indices, isLeft ? "<" : "<=")
        return .init(column, "CAST(CASE WHEN \(present) THEN \(tree) END AS \(type))", type: type)
      })
  }

  /// Comparisons with the inner edges, halving the bins each time.
  private static func tree(
    _ x: String, _ edges: [Double], _ values: [String], _ bins: Range<Int>, _ comparison: String
  ) -> String {
    guard bins.count > 1 else { return values[bins.lowerBound] }
    let middle = bins.lowerBound + bins.count / 2
    let left = tree(x, edges, values, bins.lowerBound..<middle, comparison)
    let right = tree(x, edges, values, middle..<bins.upperBound, comparison)
    return "CASE WHEN \(x) \(comparison) \(SQL.number(edges[middle])) THEN \(left) ELSE \(right) END"
  }

  private static func value(_ bin: Int, _ edges: [Double], _ output: String, _ isLeft: Bool) -> String {
    let (low, high) = (edges[bin], edges[bin + 1])
    switch output {
    case "middle": return SQL.number(low + (high - low) / 2)
    case "interval":
      // The outermost edges belong to the outermost bins.
      let start = isLeft || bin == 0 ? "[" : "("
      let end = !isLeft || bin == edges.count - 2 ? "]" : ")"
      return SQL.text("\(start)\(Parameter.number(low).spelling), \(Parameter.number(high).spelling)\(end)")
    default: return "\(bin)"
    }
  }
}
