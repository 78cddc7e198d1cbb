// The rows that an isolation forest sets apart first.

import Foundation
import Frame
import Jobs
import Numerics
import Plot

/// How a forest is grown.
public struct IsolationOptions: Codable, Sendable, Equatable {
  public var trees: Int
  /// Rows that each tree sees.
  public var rowsPerTree: Int
  public var seed: UInt64
  /// How many rows are listed.
  public var most: Int

  public init(trees: Int = 100, rowsPerTree: Int = 256, seed: UInt64 = 42, most: Int = 20) {
    self.trees = min(max(1, trees), 10_000)
    self.rowsPerTree = min(max(2, rowsPerTree), 65_536)
    self.seed = seed
    self.most = max(0, most)
  }
}

/// Rows unlike the others. The score is 0.5 − s with the s of Liu, Ting and Zhou (2008), as scikit-learn's decision function
/// with its usual offset: below 0 a row is set apart sooner than average, and the lower the sooner.
public struct AnomalousRows: AnalysisReport {
  public struct Row: Codable, Sendable, Equatable {
    /// The place in the table, from 0.
    public var row: Int
    public var score: Double
    /// One a column of the table; nil where it is missing.
    public var values: [String?]
  }

  public var options: IsolationOptions
  public var rows: Int
  /// The columns that the forest looks at.
  public var used: [String]
  public var leftOut: [LeftOutColumn]
  /// Rows with a score below 0.
  public var anomalous: Int
  /// Of all rows.
  public var meanScore, lowestScore: Double?
  /// Rows by score, in steps of 0.02 from −0.5 on.
  public var shape: [Int]
  /// All columns of the table.
  public var columns: [String]
  /// The rows with the lowest scores, the lowest first.
  public var top: [Row]
}

/// Scores every row with an isolation forest and lists those with the lowest scores.
///
/// Numbers, dates and times are taken as they are; missing ones and not-a-numbers lie at the median, infinite ones at the
/// ends. Texts and truth values are taken by the share of rows that have the same value, missing ones as a value of their own.
/// Columns of texts with more than a thousand different values say nothing of a row and are left out.
/// - Parameter columns: the columns that the forest looks at; all where nil.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func anomalousRows(
  by columns: [String]? = nil, options: IsolationOptions = IsolationOptions(), relation: String, schema: Schema,
  in database: Database, context: any JobContext = SilentContext()
) throws -> AnomalousRows {
  let chosen = try columns.map { try $0.map(schema.required) } ?? schema
  let scorer = IsolationScorer(
    columns: chosen, schema: schema, options: options, source: SQL.subquery(relation), database: database,
    context: context)
  return try scorer.run { _, _ in }
}

struct IsolationScorer {
  let columns: Schema
  let schema: Schema
  let options: IsolationOptions
  let source: String
  let database: Database
  let context: any JobContext
  /// What is known already of columns, by name.
  var known: [String: FeatureStatistics] = [:]

  /// Texts with more different values are left out.
  static let mostCategories = 1000
  /// Rows scored in one go.
  private static let block = 32_768

  /// A column as a number between 0 and 1, as SQL over `cN` and `kN`.
  private struct Coded {
    let index: Int
    let column: Column
    var sql: String
    var isCategory: Bool
  }

  /// - Parameter onScore: gets the places and scores of all rows, in any order.
  func run(_ onScore: ([Int], [Double]) throws -> Void) throws -> AnomalousRows {
    var found = AnomalousRows(
      options: options, rows: 0, used: [], leftOut: [], anomalous: 0, shape: [Int](repeating: 0, count: 50),
      columns: schema.map(\.name), top: [])
    let coded = try code(&found)
    guard found.rows > 1, !coded.isEmpty else {
      found.shape = []
      return found
    }
    try withCopy(select(coded, rows: found.rows), in: database, context: context, note: "coding rows") { copy in
      let forest = try grow(coded, copy, rows: found.rows)
      try score(forest, coded, copy, &found, onScore)
    }
    try fill(&found)
    return found
  }

  // MARK: - Coding

  private func code(_ found: inout AnomalousRows) throws -> [Coded] {
    var coded: [Coded] = []
    for batch in columns.batches(of: 100) {
      let axes = batch.map { try? AxisColumn($0, advice: "") }
      let items = zip(batch, axes).flatMap { column, axis -> [String] in
        let name = SQL.identifier(column.name)
        if isKnown(column) { return ["NULL", "NULL", "NULL"] }
        guard let axis else {
          return column.kind == .other ? ["NULL", "NULL", "NULL"] : ["approx_count_distinct(\(name))", "NULL", "NULL"]
        }
        let finite = "CASE WHEN isfinite(\(axis.sql)) THEN \(axis.sql) END"
        return ["min(\(finite))", "max(\(finite))", "median(\(finite))"]
      }
      let table = try database.query(
        "SELECT count(*), \(items.joined(separator: ", ")) FROM \(source)", context: context, note: "measuring columns")
      found.rows = table.value(0, 0).whole
      for (place, column) in batch.enumerated() {
        let values = (1...3).map { table.value(0, 3 * place + $0) }
        let index = coded.count
        if let axis = axes[place] {
          let figures = known[column.name]?.figures
          guard let low = figures?.min ?? values[0].number, let high = figures?.max ?? values[1].number,
            let median = figures?.median ?? values[2].number, low < high
          else {
            found.leftOut.append(.init(column: column.name, reason: "one value only"))
            continue
          }
          let isComplete = figures?.count == found.rows
          coded.append(
            Coded(
              index: index, column: column,
              sql: isComplete ? Self.place(axis.sql, low, high) : Self.place(axis.sql, low, high, median),
              isCategory: false))
        } else if column.kind == .other {
          found.leftOut.append(.init(column: column.name, reason: "no numbers, texts or times"))
        } else if isKnown(column)
          ? (known[column.name]?.cardinality ?? 0) > Self.mostCategories
          : values[0].whole > Self.mostCategories * 11 / 10
        {
          // An estimate can be off; a column near the limit may fall on either side.
          found.leftOut.append(.init(column: column.name, reason: "more than a thousand different values"))
        } else {
          coded.append(
            Coded(
              index: index, column: column, sql: "CAST(k\(index).n AS DOUBLE) / \(max(1, found.rows))", isCategory: true
            ))
        }
      }
    }
    found.used = coded.map(\.column.name)
    return coded
  }

  /// Unreadable texts of a column of numbers are none of its known values.
  private func isKnown(_ column: Column) -> Bool { known[column.name].map { $0.unreadable == 0 } ?? false }

  private static func place(_ value: String, _ low: Double, _ high: Double, _ median: Double) -> String {
    func literal(_ number: Double) -> String { SQL.literal(.real(number)) }
    let known = "CASE WHEN \(value) IS NULL OR isnan(\(value)) THEN \(literal(median)) ELSE \(value) END"
    return place("least(greatest(\(known), \(literal(low))), \(literal(high)))", low, high)
  }

  /// Of a column whose values are all finite.
  private static func place(_ value: String, _ low: Double, _ high: Double) -> String {
    "(\(value) / 2 - \(SQL.literal(.real(low / 2)))) / \(SQL.literal(.real(high / 2 - low / 2)))"
  }

  private func select(_ coded: [Coded], rows: Int) -> String {
    let numbers = coded.filter { !$0.isCategory }.map { "CAST(\($0.sql) AS FLOAT) AS f\($0.index)" }
    let categories = coded.filter(\.isCategory)
    let kept = categories.map { "\(SQL.identifier($0.column.name)) AS c\($0.index)" }
    let inner = "SELECT row_number() OVER () - 1 AS i, \((numbers + kept).joined(separator: ", ")) FROM \(source)"
    guard !categories.isEmpty else { return inner }
    let items =
      ["i"]
      + coded.map { $0.isCategory ? "CAST(\($0.sql) AS FLOAT) AS f\($0.index)" : "f\($0.index)" }
    let joins = categories.map { category in
      let name = SQL.identifier(category.column.name)
      return """
        JOIN (SELECT \(name) AS v, count(*) AS n FROM \(source) GROUP BY \(name)) k\(category.index)
        ON c\(category.index) IS NOT DISTINCT FROM k\(category.index).v
        """
    }
    return "SELECT \(items.joined(separator: ", ")) FROM (\(inner)) r \(joins.joined(separator: "\n"))"
  }

  // MARK: - Growing and scoring

  /// As DOUBLE: a FLOAT is read by way of its decimal form.
  private func fields(_ coded: [Coded]) -> String {
    coded.map { "CAST(f\($0.index) AS DOUBLE)" }.joined(separator: ", ")
  }

  private func grow(_ coded: [Coded], _ copy: String, rows: Int) throws -> IsolationForest {
    let random = RandomSource(seed: options.seed).split("rows")
    let size = min(options.rowsPerTree, rows)
    let samples = (0..<options.trees).map { tree -> [Int] in
      var child = random.split(UInt64(tree))
      return child.sample(size, of: rows)
    }
    let needed = Array(Set(samples.joined())).sorted()
    let fields = fields(coded)
    let list = needed.map(String.init).joined(separator: ",")
    let condition = needed.count == rows ? "" : " WHERE i IN (SELECT unnest([\(list)]))"
    let table = try database.query(
      "SELECT i, \(fields) FROM \(copy)\(condition) ORDER BY i", context: context, note: "sampling rows")
    let values = (1...coded.count).map { table.columns[$0].floats }
    let places = Dictionary(uniqueKeysWithValues: needed.enumerated().map { ($0.element, $0.offset) })
    let cells = samples.map { rows in
      let picked = rows.compactMap { places[$0] }
      return values.map { column in picked.map { column[$0] } }
    }
    return IsolationForest(samples: cells, rowsPerTree: size, seed: options.seed)
  }

  private func score(
    _ forest: IsolationForest, _ coded: [Coded], _ copy: String, _ found: inout AnomalousRows,
    _ onScore: ([Int], [Double]) throws -> Void
  ) throws {
    let fields = fields(coded)
    var rows: [Int] = []
    var cells = [[Float]](repeating: [], count: coded.count)
    // In whole parts of 2⁻³⁴: rows come in any order, and a sum of fractions would differ in its last digits.
    var (sum, seen) = (0, 0)
    var lowest: [(score: Double, row: Int)] = []
    func flush() throws {
      try context.checkCancelled()
      let scores = forest.scores(cells, rows: rows.count)
      for (place, score) in scores.enumerated() {
        sum += Int((score * 0x1p34).rounded())
        if score < 0 { found.anomalous += 1 }
        found.shape[min(49, max(0, Int((score + 0.5) * 50)))] += 1
        let entry = (score: score, row: rows[place])
        guard lowest.count < options.most || lowest.last.map({ entry < $0 }) == true else { continue }
        let position = lowest.firstIndex { entry < $0 } ?? lowest.count
        lowest.insert(entry, at: position)
        if lowest.count > options.most { lowest.removeLast() }
      }
      try onScore(rows, scores)
      seen += rows.count
      context.report(Double(seen) / Double(max(1, found.rows)), "scoring rows")
      rows.removeAll(keepingCapacity: true)
      for index in cells.indices { cells[index].removeAll(keepingCapacity: true) }
    }
    try database.stream("SELECT i, \(fields) FROM \(copy)", context: context, note: "scoring rows") { table in
      if case .integers(let places) = table.columns[0].data { rows += places.map(Int.init) }
      for index in cells.indices { cells[index] += table.columns[index + 1].floats }
      if rows.count >= Self.block { try flush() }
    }
    if !rows.isEmpty { try flush() }
    found.meanScore = seen > 0 ? Double(sum) / Double(seen) / 0x1p34 : nil
    found.top = lowest.map { .init(row: $0.row, score: $0.score, values: []) }
    found.lowestScore = lowest.first?.score
  }

  /// Reads the listed rows as text.
  private func fill(_ found: inout AnomalousRows) throws {
    guard !found.top.isEmpty else { return }
    let list = found.top.map { String($0.row) }.joined(separator: ", ")
    let names = schema.enumerated().map { "\(SQL.identifier($0.element.name)) AS t\($0.offset)" }
    // Texts of the listed rows alone: a cast of all rows costs more than their scores.
    let texts = schema.indices.map { "left(CAST(t\($0) AS VARCHAR), \(ProfiledColumn.textLimit))" }
    let table = try database.query(
      """
      SELECT i, \(texts.joined(separator: ", ")) FROM (
      SELECT row_number() OVER () - 1 AS i, \(names.joined(separator: ", ")) FROM \(source)) WHERE i IN (\(list))
      """, context: context, note: "reading rows")
    var byRow: [Int: [String?]] = [:]
    for row in 0..<table.rowCount {
      byRow[table.value(row, 0).whole] = schema.indices.map { table.text(row, $0 + 1) }
    }
    for index in found.top.indices { found.top[index].values = byRow[found.top[index].row] ?? [] }
  }
}

extension TypedColumn {
  /// Numbers, for the forest; 0 where there is none.
  fileprivate var floats: [Float] {
    switch data {
    case .reals(let values): values.map { Float($0) }
    case .integers(let values): values.map { Float($0) }
    default: [Float](repeating: 0, count: count)
    }
  }
}

extension AnomalousRows {
  public var blocks: [AnalysisBlock] {
    var blocks: [AnalysisBlock] = [
      .heading("Anomalous rows"),
      .sentence(
        "\(AnalysisBlock.counted(rows, "row")) scored by an isolation forest of \(Numbers.grouped(options.trees)) trees on "
          + "\(Numbers.grouped(min(options.rowsPerTree, rows))) rows each (seed \(options.seed)), over "
          + "\(AnalysisBlock.counted(used.count, "column"))."),
      .sentence(
        "Score: 0.5 − s; below 0 a row is set apart sooner than average. \(Numbers.grouped(anomalous)) rows are below 0."
      ),
    ]
    if !top.isEmpty {
      blocks.append(
        .table(
          headings: ["row", "score"] + columns,
          rows: top.map { row in
            [Numbers.grouped(row.row + 1), Numbers.fixed(row.score, 4)] + row.values.map { $0 ?? "-" }
          }))
    }
    return blocks + AnalysisBlock.leftOut(leftOut)
  }

  public var charts: [(title: String, chart: Chart)] {
    guard let first = shape.firstIndex(where: { $0 > 0 }), let last = shape.lastIndex(where: { $0 > 0 }) else {
      return []
    }
    let bins = (first...last).map { part in
      Histogram.Bin(lower: Double(part - 25) / 50, upper: Double(part - 24) / 50, count: shape[part])
    }
    let histogram = Histogram(title: "Rows by score", column: "score", bins: bins, missing: 0, total: rows)
    return [("Rows by score", .histogram(histogram))]
  }
}
