import Frame

/// Maps numbers to their place in the distribution of the rows it was fitted on: to 0…1, or to normal scores.
///
/// As scikit-learn's QuantileTransformer: quantiles at equal steps by linear interpolation, the mean of both ends where
/// many rows share a value; normal scores are clipped at a probability of 1e-7.
public enum QuantileTransform: Transform {
  public static let info = OperationInfo(
    "quantile-transform", .numeric, "Quantile transform",
    help: "Make a distribution flat or bell-shaped by the ranks of its values.",
    parameters: [
      ParameterInfo("columns", "Columns", .columns, fit: .numeric, help: "The columns to transform."),
      ParameterInfo(
        "output", "Output", .choice(["uniform", "normal"]), initial: "uniform",
        help: "uniform: from 0 to 1. normal: mean 0 and deviation 1."),
      ParameterInfo(
        "quantiles", "Quantiles", .integer(2...1000), initial: "1000",
        help: "How many points of the distribution are learnt; no more than there are rows."),
    ])

  public static func learns(_ parameters: Parameters) -> Bool { true }

  public static func summary(_ parameters: Parameters) -> String {
    "\(parameters.text("output") ?? "uniform"): \(parameters.texts("columns").joined(separator: ", "))"
  }

  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    let count = call.parameters.integer("quantiles") ?? 1000
    var learned: [String: Parameter] = [:]
    // As many as there are rows, missing ones included.
    let all = try reader.query("SELECT count(*) FROM \(call.table)", note: "counting rows")
    let points = max(1, min(count, Int(all.value(0, 0).number ?? 0)))
    for column in try call.columns(.numeric) {
      let found = try quantiles(column, points, call, reader)
      learned[column.name] = .list(found.map(Parameter.number))
    }
    return Parameters(learned)
  }

  /// Quantiles at equal steps by linear interpolation, from the few sorted rows that they lie between.
  private static func quantiles(
    _ column: Column, _ points: Int, _ call: TransformCall, _ reader: FitReader
  ) throws -> [Double] {
    let rows = "FROM \(call.table) WHERE isfinite(\(column.number))"
    let note = "measuring \(column.name)"
    if reader.isElsewhere {
      // A cluster would number all rows in one place.
      let shares = (0..<points).map { SQL.number(points == 1 ? 0 : Double($0) / Double(points - 1)) }
      let table = try reader.query(
        "SELECT unnest(quantile_cont(\(column.number), [\(shares.joined(separator: ", "))])) \(rows)", note: note)
      return (0..<table.rowCount).compactMap { table.value($0, 0).number }
    }
    let count = Int(try reader.query("SELECT count(*) \(rows)", note: note).value(0, 0).number ?? 0)
    guard count > 0 else { return [] }
    let places = (0..<points).map { points == 1 ? 0 : Double($0) / Double(points - 1) * Double(count - 1) }
    let needed = Set(places.flatMap { [Int($0), min(Int($0) + 1, count - 1)] }).sorted()
    let list = needed.map(String.init).joined(separator: ",")
    let table = try reader.query(
      """
      SELECT r, x FROM (SELECT x, row_number() OVER (ORDER BY x) - 1 AS r FROM (SELECT \(column.number) AS x \(rows)))
      WHERE r IN (SELECT unnest(CAST('[\(list)]' AS BIGINT[]))) ORDER BY r
      """, note: note)
    var values: [Int: Double] = [:]
    for row in 0..<table.rowCount { values[Int(table.value(row, 0).number ?? 0)] = table.value(row, 1).number }
    return places.compactMap { place in
      let lower = Int(place)
      guard let low = values[lower], let high = values[min(lower + 1, count - 1)] else { return nil }
      return low + (place - Double(lower)) * (high - low)
    }
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let columns = try call.columns(.numeric)
    let learned = try call.fitted()
    let isNormal = call.parameters.text("output") == "normal"
    // The place of each cell as a column on the way, for the normal score names it often.
    let places = columns.indices.map { call.freshName("place\($0)") }
    let parts = zip(columns, places).map { column, place in
      let quantiles = learned?.numbers(column.name) ?? []
      let sql = curve(quantiles, clipping: isNormal).sql(column.number)
      return "CASE WHEN NOT \(column.isMissing) THEN \(sql) END AS \(place)"
    }
    let inner = call.reading("SELECT *, \(parts.joined(separator: ", ")) FROM \(call.table)")
    let items = zip(columns, places).map { column, place in
      TransformCall.Item(column, isNormal ? score(place) : "CAST(\(place) AS DOUBLE)", type: "DOUBLE")
    }
    let replaced = inner.replacing(items)
    return replaced.tidied
  }

  /// Normal scores end at this probability on either side.
  private static let edge = 1e-7

  private static func score(_ place: String) -> String {
    let low = SQL.number(edge - 0x1p-52)
    let high = SQL.number(1 - (edge - 0x1p-52))
    let clipped = "least(greatest(\(place), \(low)), \(high))"
    return
      "CASE WHEN \(place) IS NOT NULL THEN list_transform([\(clipped)], lambda p: \(NormalQuantile.sql("p")))[1] END"
  }

  /// The distribution function of the learnt quantiles.
  private static func curve(_ quantiles: [Double], clipping: Bool) -> PiecewiseLinear {
    let last = max(1, quantiles.count - 1)
    var knots: [Double] = []
    var (below, at, above): ([Double], [Double], [Double]) = ([], [], [])
    var index = 0
    while index < quantiles.count {
      var end = index
      while end + 1 < quantiles.count, quantiles[end + 1] == quantiles[index] { end += 1 }
      let (low, high) = (Double(index) / Double(last), Double(end) / Double(last))
      knots.append(quantiles[index])
      below.append(low)
      above.append(high)
      // The least value is 0 and the greatest 1, however many rows share them.
      at.append(index == 0 ? 0 : end == quantiles.count - 1 ? 1 : (low + high) / 2)
      index = end + 1
    }
    return PiecewiseLinear(knots: knots, below: below, at: at, above: above)
  }
}
