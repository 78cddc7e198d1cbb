// The SQL that measures one column. Aggregates read `cN`, the column in a form that no aggregate fails on, where N is the
// column's number. For reals, `cN` has no not-a-numbers and infinities, `mN` no huge values either, and `rN` is the column
// as it stands.

import Frame

/// One column on its way through a profile.
struct ProfiledColumn {
  let index: Int
  let column: Column
  /// The different values of the table's head, sorted, as text; nil where they are too many to count each.
  var candidates: [String]?
  /// True where the table has so many rows that a quarter of them is enough for an estimate.
  var isSampled = false

  /// Values of this size and above are measured apart: their squares overflow.
  static let hugeLimit = 1e150
  /// Texts are cut here.
  static let textLimit = 200
  /// How many values `top` has.
  static let topCount = 10

  var kind: ColumnKind { column.kind }
  var value: String { "c\(index)" }
  private var raw: String { "r\(index)" }
  private var moderate: String { "m\(index)" }

  /// The type of `cN`.
  var valueType: String {
    switch kind {
    case .real: "DOUBLE"
    case .text, .other: "VARCHAR"
    case .integer, .boolean, .date, .timestamp, .time: column.type
    }
  }

  /// The column in the inner SELECT.
  var projection: String {
    let name = SQL.identifier(column.name)
    switch kind {
    case .real:
      let cast = column.type == "DOUBLE" ? name : "CAST(\(name) AS DOUBLE)"
      return """
        CASE WHEN isfinite(\(cast)) THEN \(cast) END AS \(value),
        CASE WHEN abs(\(cast)) < \(Self.hugeLimit) THEN \(cast) END AS \(moderate), \(name) AS \(raw)
        """
    case .text, .other: return (column.type == "VARCHAR" ? name : "CAST(\(name) AS VARCHAR)") + " AS \(value)"
    case .integer, .boolean, .date, .timestamp, .time: return "\(name) AS \(value)"
    }
  }

  var isOrdered: Bool { kind != .other }
  var isAveraged: Bool { kind.isNumeric || kind == .boolean }
  var hasQuantiles: Bool { kind.isNumeric || kind.isTemporal }

  /// Present cells, cells before cleaning, smallest, largest, mean and standard deviation: exact in any mode.
  var basics: [String] {
    let number =
      switch kind {
      case .boolean: "CAST(\(value) AS TINYINT)"
      case .integer: "CAST(\(value) AS DOUBLE)"
      default: moderate
      }
    func bound(_ name: String) -> String {
      guard isOrdered else { return "NULL" }
      return kind == .text ? "left(\(name)(\(value)), \(Self.textLimit))" : "\(name)(\(value))"
    }
    return [
      "count(\(value))", kind == .real ? "count(\(raw))" : "count(\(value))", bound("min"), bound("max"),
      isAveraged ? "avg(\(number))" : "NULL", isAveraged ? "stddev(\(number))" : "NULL",
    ]
  }

  private static let probabilities = ColumnProfile.probabilities.map { String($0.value) }.joined(separator: ", ")

  /// One item for each probability.
  private func quantiles(_ function: String, where condition: String? = nil) -> [String] {
    let filter = condition.map { " FILTER (\($0))" } ?? ""
    return (1...ColumnProfile.probabilities.count).map { position in
      hasQuantiles ? "(\(function)(\(value), [\(Self.probabilities)])\(filter))[\(position)]" : "NULL"
    }
  }

  /// Estimates from a fixed share of the rows: a t-digest of all of them costs four times as much, and its own error,
  /// about half a percent of rank, is above the tenth of a percent that sampling 100,000 rows and more adds.
  private var estimatedQuantiles: [String] {
    quantiles("approx_quantile", where: isSampled ? Self.sampled : nil)
  }

  /// The name of the inner SELECT's flag for rows that estimated quantiles look at, and how it is made.
  static let sampled = "is_sampled"
  static let sampling = "random() < 0.25 AS \(sampled)"

  /// Distinct values, the most frequent as JSON, and quantiles, all exact: for tables whose values fit in memory.
  var exactFigures: [String] { frequencies + quantiles(kind.isNumeric ? "quantile_cont" : "quantile_disc") }

  /// Distinct values and quantiles as estimates.
  var estimatedFigures: [String] {
    ["approx_count_distinct(\(value))", "NULL"] + estimatedQuantiles
  }

  /// Distinct values and the most frequent exactly, quantiles as estimates.
  var countedFigures: [String] { frequencies + estimatedQuantiles }

  private var frequencies: [String] {
    let counts = "histogram(\(value))"
    let key = valueType == "VARCHAR" ? "left(e.key, \(Self.textLimit))" : "CAST(e.key AS VARCHAR)"
    let ranked =
      "list_sort(list_transform(map_entries(\(counts)), lambda e: {'n': -CAST(e.value AS BIGINT), 'k': e.key}))"
    let top =
      "list_transform(\(ranked)[1:\(Self.topCount)], lambda e: {'n': -e.n, 'k': \(key.replacing("e.key", with: "e.k"))})"
    return ["cardinality(\(counts))", "CAST(to_json(\(top)) AS VARCHAR)"]
  }

  /// All values with their counts, sorted by value, as JSON: quicker to plan than the other figures, longer to read.
  var allCounts: String { "CAST(to_json(map_entries(histogram(\(value)))) AS VARCHAR)" }

  /// How often each candidate occurs, with one more count for all other values.
  var candidateCounts: String {
    let list = (candidates ?? []).map(SQL.text).joined(separator: ", ")
    return "array_to_string(map_values(histogram_exact(\(value), CAST([\(list)] AS \(valueType)[]))), ',')"
  }
}
