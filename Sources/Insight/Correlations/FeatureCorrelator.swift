// Measures the association of each pair of features with aggregates over a copy of them.

import Foundation
import Frame
import Jobs

/// Measures how features go together.
///
/// All rows are used. Text and enumerations are categories; values that are not finite, or beyond ±1e70, count as
/// missing. Dates, times and nested values are left out, and so are texts that differ in nearly every row: such a column
/// "explains" everything. Of very many columns the first hundred are taken.
/// - Parameter columns: the features; nil takes all that fit.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func featureCorrelation(
  _ kind: FeatureCorrelation.Kind, of columns: [String]? = nil, relation: String, schema: Schema,
  in database: Database, context: any JobContext = SilentContext()
) throws -> FeatureCorrelation {
  let asked = try columns.map { try $0.map(schema.required) } ?? schema
  var leftOut: [LeftOutColumn] = []
  let fitting = asked.filter { column in
    let fits = column.measure != nil || column.kind == .text
    if !fits { leftOut.append(.init(column: column.name, reason: "\(column.kind.rawValue) values")) }
    return fits
  }
  let taken = Array(fitting.prefix(FeatureCorrelator.mostFeatures))
  let items = taken.enumerated().map { index, column in
    let name = SQL.identifier(column.name)
    return "\(column.measure ?? "CAST(\(name) AS VARCHAR)") AS c\(index)"
  }
  // A table needs a column.
  let select = "SELECT \((["TRUE AS present"] + items).joined(separator: ", ")) FROM \(SQL.subquery(relation))"
  return try withCopy(select, in: database, context: context, note: "reading columns") { copy in
    var correlator = FeatureCorrelator(
      kind: kind, copy: copy, columns: taken, database: database, context: context, leftOut: leftOut)
    for column in fitting.dropFirst(FeatureCorrelator.mostFeatures) {
      correlator.leftOut.append(
        .init(column: column.name, reason: "beyond the first \(FeatureCorrelator.mostFeatures) columns"))
    }
    return try correlator.run()
  }
}

struct FeatureCorrelator {
  static let mostFeatures = 100
  static let mostCategories = 10_000

  let kind: FeatureCorrelation.Kind
  /// A table with the columns as `c0`, `c1` …
  let copy: String
  let columns: [Column]
  let database: Database
  let context: any JobContext
  var leftOut: [LeftOutColumn]

  /// A feature that stays: its place in the copy.
  private struct Item {
    var place: Int
    var isCategorical: Bool
    var present: Int
  }

  mutating func run() throws -> FeatureCorrelation {
    let counts = columns.indices.map { "count(c\($0)), count(DISTINCT c\($0))" }
    let sizes = try query("SELECT \((["count(*)"] + counts).joined(separator: ", ")) FROM \(copy)")
    let rows = sizes.value(0, 0).whole
    var items: [Item] = []
    var features: [FeatureCorrelation.Feature] = []
    for (place, column) in columns.enumerated() {
      let (present, distinct) = (sizes.value(0, 1 + 2 * place).whole, sizes.value(0, 2 + 2 * place).whole)
      let isCategorical = column.measure == nil
      if isCategorical, distinct > Self.mostCategories || (distinct > 20 && distinct * 2 > present) {
        let reason =
          distinct > Self.mostCategories
          ? "more than \(Self.mostCategories) different texts" : "different texts in most rows"
        leftOut.append(.init(column: column.name, reason: reason))
        continue
      }
      items.append(Item(place: place, isCategorical: isCategorical, present: present))
      features.append(
        .init(name: column.name, isCategorical: isCategorical, missing: rows - present, distinct: distinct))
    }
    let empty = [[Double?]](repeating: [Double?](repeating: nil, count: items.count), count: items.count)
    var result = FeatureCorrelation(
      kind: kind, features: features, values: empty, uncorrected: empty,
      pairRows: try pairRows(items), rows: rows, leftOut: leftOut)
    for (index, feature) in features.enumerated() where feature.distinct > 1 { result.values[index][index] = 1 }
    try correlateNumbers(items, &result)
    try relateNumbersToCategories(items, &result)
    if kind == .nonLinear { try associateCategories(items, &result) }
    return result
  }

  private func query(_ sql: String) throws -> DataTable {
    try database.query(sql, context: context, note: "correlating columns")
  }

  private func pairRows(_ items: [Item]) throws -> [[Int]] {
    var rows = [[Int]](repeating: [Int](repeating: 0, count: items.count), count: items.count)
    let pairs = items.indices.flatMap { a in (0...a).map { (a, $0) } }
    for batch in pairs.batches(of: 1000) {
      try context.checkCancelled()
      let counts = batch.map { a, b in
        "count(*) FILTER (c\(items[a].place) IS NOT NULL AND c\(items[b].place) IS NOT NULL)"
      }
      let table = try query("SELECT \(counts.joined(separator: ", ")) FROM \(copy)")
      for (position, (a, b)) in batch.enumerated() {
        rows[a][b] = table.value(0, position).whole
        rows[b][a] = rows[a][b]
      }
    }
    return rows
  }

  // MARK: - Numbers

  private func correlateNumbers(_ items: [Item], _ result: inout FeatureCorrelation) throws {
    let numbers = items.indices.filter { !items[$0].isCategorical }
    let pairs = numbers.enumerated().flatMap { position, a in numbers[..<position].map { (a, $0) } }
    guard kind == .nonLinear else { return try correlate(pairs, items, in: copy, &result) }
    let ranked = ranks(numbers.map { items[$0].place })
    // Ranks of whole columns are those of the pair where the same rows are missing in both.
    let isWhole = { [result] (a: Int, b: Int) in
      result.pairRows[a][b] == items[a].present && result.pairRows[a][b] == items[b].present
    }
    let whole = pairs.filter { isWhole($0.0, $0.1) }
    if !whole.isEmpty {
      try withCopy(ranked, in: database, context: context, note: "ranking values") { ranks in
        try correlate(whole, items, in: ranks, &result)
      }
    }
    for (a, b) in pairs where !isWhole(a, b) {
      try context.checkCancelled()
      let (x, y) = (items[a].place, items[b].place)
      let both = "(SELECT c\(x), c\(y) FROM \(copy) WHERE c\(x) IS NOT NULL AND c\(y) IS NOT NULL)"
      let table = try query("SELECT corr(c\(x), c\(y)) FROM (\(ranks([x, y], of: both)))")
      set(table.value(0, 0).number, a, b, &result)
    }
  }

  private func correlate(
    _ pairs: [(Int, Int)], _ items: [Item], in source: String, _ result: inout FeatureCorrelation
  ) throws {
    for batch in pairs.batches(of: 1000) {
      try context.checkCancelled()
      let sums = batch.map { "corr(c\(items[$0.0].place), c\(items[$0.1].place))" }
      let table = try query("SELECT \(sums.joined(separator: ", ")) FROM \(source)")
      for (position, (a, b)) in batch.enumerated() { set(table.value(0, position).number, a, b, &result) }
    }
  }

  /// The rank of each value among those of its column, from 1, equal ones sharing the mean of theirs.
  private func ranks(_ places: [Int], of source: String? = nil) -> String {
    let source = source ?? copy
    let tables = places.map { place in
      """
      r\(place) AS (SELECT c\(place) AS v, CAST(sum(n) OVER (ORDER BY c\(place)) AS DOUBLE) - (n - 1) / 2 AS r FROM
      (SELECT c\(place), count(*) AS n FROM \(source) WHERE c\(place) IS NOT NULL GROUP BY c\(place)))
      """
    }
    let names = places.map { "r\($0).r AS c\($0)" }
    let joins = places.map { "LEFT JOIN r\($0) ON t.c\($0) = r\($0).v" }
    return """
      WITH \(tables.joined(separator: ", ")) SELECT \(names.joined(separator: ", "))
      FROM \(source) AS t \(joins.joined(separator: " "))
      """
  }

  private func set(_ value: Double?, _ a: Int, _ b: Int, _ result: inout FeatureCorrelation) {
    guard let value, value.isFinite else { return }
    // Sums may be off in the last digit.
    result.values[a][b] = max(-1, min(1, value))
    result.values[b][a] = result.values[a][b]
  }

  // MARK: - Numbers and categories

  private func relateNumbersToCategories(_ items: [Item], _ result: inout FeatureCorrelation) throws {
    let numbers = items.indices.filter { !items[$0].isCategorical }
    guard !numbers.isEmpty else { return }
    for category in items.indices where items[category].isCategorical {
      try context.checkCancelled()
      let figures = numbers.map { number in
        let name = "c\(items[number].place)"
        return "count(\(name)), avg(\(name)), var_pop(\(name)), min(\(name)), max(\(name))"
      }
      let name = "c\(items[category].place)"
      let table = try query(
        "SELECT \(figures.joined(separator: ", ")) FROM \(copy) WHERE \(name) IS NOT NULL GROUP BY \(name) ORDER BY \(name)"
      )
      for (position, number) in numbers.enumerated() {
        set(ratio(table, first: 5 * position), number, category, &result)
      }
    }
  }

  /// η from count, mean, variance, minimum and maximum of each category; nil where there is nothing to explain.
  private func ratio(_ table: DataTable, first: Int) -> Double? {
    let groups = (0..<table.rowCount).filter { table.value($0, first).whole > 0 }
    func numbers(_ figure: Int) -> [Double] { groups.map { table.value($0, first + figure).number ?? 0 } }
    let (counts, means, variances) = (numbers(0), numbers(1), numbers(2))
    // One category is constant as a column of numbers would be.
    guard groups.count > 1, let low = numbers(3).min(), let high = numbers(4).max(), low < high else { return nil }
    let total = counts.reduce(0, +)
    let center = zip(counts, means).reduce(0) { $0 + $1.0 / total * $1.1 }
    let between = zip(counts, means).reduce(0) { $0 + $1.0 / total * ($1.1 - center) * ($1.1 - center) }
    let within = zip(counts, variances).reduce(0) { $0 + $1.0 / total * $1.1 }
    guard between + within > 0 else { return nil }
    return (between / (between + within)).squareRoot()
  }

  // MARK: - Categories

  private func associateCategories(_ items: [Item], _ result: inout FeatureCorrelation) throws {
    let categories = items.indices.filter { items[$0].isCategorical }
    for (position, a) in categories.enumerated() {
      for b in categories[..<position] {
        try context.checkCancelled()
        let table = try query(
          """
          WITH c AS (SELECT c\(items[a].place) AS g, c\(items[b].place) AS h, CAST(count(*) AS DOUBLE) AS o FROM \(copy)
          WHERE g IS NOT NULL AND h IS NOT NULL GROUP BY g, h),
          m AS (SELECT g, h, o, sum(o) OVER (PARTITION BY g) * sum(o) OVER (PARTITION BY h) / sum(o) OVER () AS e FROM c)
          SELECT sum((o - e) * (o - e) / e), sum(e), sum(o), count(DISTINCT g), count(DISTINCT h), count(*) FROM m
          """)
        let (rows, columns) = (table.value(0, 3).whole, table.value(0, 4).whole)
        guard rows > 1, columns > 1, let seen = table.value(0, 0).number, let expected = table.value(0, 1).number,
          let n = table.value(0, 2).number, n > 1
        else { continue }
        // A combination that does not occur adds what is expected of it.
        let absent = table.value(0, 5).whole < rows * columns ? max(0, n - expected) : 0
        let mean = (seen + absent) / n
        let (r, k) = (Double(rows), Double(columns))
        result.uncorrected[a][b] = min(1, (mean / (min(r, k) - 1)).squareRoot())
        result.uncorrected[b][a] = result.uncorrected[a][b]
        let excess = max(0, mean - (r - 1) * (k - 1) / (n - 1))
        let smaller = min(r - (r - 1) * (r - 1) / (n - 1), k - (k - 1) * (k - 1) / (n - 1)) - 1
        set(smaller > 0 ? (excess / smaller).squareRoot() : nil, a, b, &result)
      }
    }
  }
}
