// What charts read: a relation, and the parts that a column divides it into.

import Frame
import Jobs
import Plot

/// The rows that a chart is drawn of.
public struct ChartRows {
  let relation: String
  let schema: Schema
  let database: Database
  let context: any JobContext
  /// Answers in place of the database, where a cluster has the rows.
  let cluster: ClusterQuestions?

  /// - Parameters:
  ///   - relation: a SELECT.
  ///   - schema: its columns.
  ///   - cluster: has the rows, which `relation` then only names.
  public init(
    relation: String, schema: Schema, database: Database, context: any JobContext = SilentContext(),
    cluster: ClusterQuestions? = nil
  ) {
    (self.relation, self.schema, self.database, self.context) = (relation, schema, database, context)
    self.cluster = cluster
  }

  var from: String { SQL.subquery(relation) }

  /// How many rows there are.
  /// - Throws: as a chart of them.
  public func count() throws -> Int { try query("SELECT count(*) FROM \(from)", "counting rows").value(0, 0).whole }

  /// - Throws: `ClusterQuestions.Unsaid` too, where a cluster has the rows.
  func query(_ sql: String, _ note: String) throws -> DataTable {
    if let cluster { return try cluster.answer(sql, note, in: database) }
    return try database.query(sql, context: context, note: note)
  }
}

/// What becomes of several rows at one place.
public enum ChartAggregate: String, Codable, Sendable, CaseIterable {
  case count, sum, mean, median, min, max

  /// The figure of a column of DOUBLEs, as SQL.
  func sql(_ name: String) -> String {
    switch self {
    case .count: "CAST(count(*) AS DOUBLE)"
    case .sum: "sum(\(name))"
    case .mean: "avg(\(name))"
    case .median: "quantile_cont(\(name), 0.5)"
    case .min: "min(\(name))"
    case .max: "max(\(name))"
    }
  }
}

/// A column whose figure is drawn.
struct MeasuredColumn {
  let aggregate: ChartAggregate
  /// What the figure is called, such as `mean of price`.
  let name: String
  /// A DOUBLE, NULL where it is missing or not finite; truth values are 0 and 1.
  let sql: String

  /// Nil where rows are counted.
  /// - Throws: `InsightError.notNumeric` for what cannot be averaged.
  init?(_ column: String?, _ aggregate: ChartAggregate?, in rows: ChartRows) throws {
    guard let column, aggregate != .count else { return nil }
    let known = try rows.schema.required(column)
    let name = SQL.identifier(known.name)
    let number: String
    switch known.kind {
    case .integer, .real: number = "CAST(\(name) AS DOUBLE)"
    case .boolean: number = "CAST(CAST(\(name) AS TINYINT) AS DOUBLE)"
    case .text, .date, .timestamp, .time, .other:
      throw InsightError.notNumeric(column: column, kind: known.kind, advice: "choose a numeric column")
    }
    self.aggregate = aggregate ?? .mean
    self.name = "\(self.aggregate.rawValue) of \(column)"
    sql = "CASE WHEN isfinite(\(number)) THEN \(number) END"
  }
}

/// The values of a column that divide rows: the most frequent ones, and what is left of the others.
struct Categories {
  let column: String
  /// In the order in which they are drawn.
  private(set) var list: [ChartCategory]
  /// Rows of each.
  private(set) var counts: [Int]
  /// Values without a category of their own.
  private(set) var others = 0

  /// - Parameters:
  ///   - most: categories at most, those of others and of missing values not counted.
  ///   - hasOthers: whether the other values make a category; their rows have none otherwise.
  /// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
  init(of column: String, most: Int, hasOthers: Bool, in rows: ChartRows) throws {
    let found = try bars(of: column, top: most, in: rows)
    self.column = column
    list = found.items.map { ChartCategory($0.label) }
    counts = found.items.map(\.count)
    if let rest = found.others {
      others = rest.distinct
      if hasOthers {
        list.append(ChartCategory("\(rest.distinct) other\(rest.distinct == 1 ? "" : "s")", .others))
        counts.append(rest.count)
      }
    }
    if found.missing > 0, hasOthers || found.items.count < most {
      list.append(.missing)
      counts.append(found.missing)
    } else if found.missing > 0 {
      others += 1
    }
  }

  /// These values, in this order, and all others in a last category.
  init(_ labels: [String], of column: String) {
    self.column = column
    list = labels.map { ChartCategory($0) } + [ChartCategory("others", .others)]
    counts = [Int](repeating: 0, count: list.count)
  }

  /// A relation with one more column: the index of the row's category, NULL where it has none.
  func tagged(_ relation: String, as name: String) -> String {
    let lines = list.enumerated().compactMap { index, category -> String? in
      switch category.part {
      case .value: "(\(SQL.text(category.label)), \(index))"
      case .missing: "(NULL::VARCHAR, \(index))"
      case .others: nil
      }
    }
    let rest = list.firstIndex { $0.part == .others }
    // Missing values are no others, whether they have a category or not.
    let text = "CAST(r.\(SQL.identifier(column)) AS VARCHAR)"
    let other = rest.map { "CASE WHEN \(text) IS NOT NULL THEN \($0) END" } ?? "NULL::INTEGER"
    if lines.isEmpty { return "SELECT r.*, \(other) AS \(name) FROM \(SQL.subquery(relation)) r" }
    return """
      SELECT r.*, coalesce(m.i, \(other)) AS \(name) FROM \(SQL.subquery(relation)) r
      LEFT JOIN (VALUES \(lines.joined(separator: ", "))) m(l, i) ON \(text) IS NOT DISTINCT FROM m.l
      """
  }
}

/// Rows divided by two columns at most: into small charts, and into the series of each.
struct DividedRows {
  let rows: ChartRows
  let facets: Categories?
  let series: Categories?
  /// With the columns `assay_facet` and `assay_series`, zero without a division.
  let relation: String

  init(_ rows: ChartRows, facets: Categories?, series: Categories?) {
    (self.rows, self.facets, self.series) = (rows, facets, series)
    var sql = rows.relation
    sql = facets?.tagged(sql, as: "assay_facet") ?? "SELECT *, 0 AS assay_facet FROM \(SQL.subquery(sql))"
    sql = series?.tagged(sql, as: "assay_series") ?? "SELECT *, 0 AS assay_series FROM \(SQL.subquery(sql))"
    relation = sql
  }

  /// Charts to draw.
  var charts: Int { facets?.list.count ?? 1 }
  var seriesCount: Int { series?.list.count ?? 1 }
  var from: String { SQL.subquery(relation) }

  /// Whether a row of an answer belongs to a chart, and to which.
  func chart(_ table: DataTable, _ row: Int) -> Int? {
    let value = table.value(row, 0)
    return value.isNull || !(0..<charts).contains(value.whole) ? nil : value.whole
  }

  /// The series of a row of an answer; nil where it has none.
  func series(_ table: DataTable, _ row: Int) -> Int? {
    let value = table.value(row, 1)
    return value.isNull || !(0..<seriesCount).contains(value.whole) ? nil : value.whole
  }
}
