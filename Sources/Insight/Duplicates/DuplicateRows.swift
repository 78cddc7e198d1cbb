// The analysis "Duplicate rows".

import Frame
import Jobs
import Plot

/// Rows that are equal in all columns, or in some. Missing values equal each other, and so do not-a-numbers.
public struct DuplicateRows: AnalysisReport {
  /// Equal rows.
  public struct Repeated: Codable, Sendable, Equatable {
    /// One a compared column; nil where it is missing.
    public var values: [String?]
    /// Rows, 2 and more.
    public var count: Int
  }

  /// The compared columns.
  public var columns: [String]
  /// Whether these are all columns of the table.
  public var isWholeRow: Bool
  public var rows: Int
  /// Different rows.
  public var distinct: Int
  /// Different rows that occur more than once.
  public var repeated: Int
  /// Rows that have an equal one.
  public var affected: Int
  /// The most repeated, the most frequent first; of those as frequent the smaller values first.
  public var top: [Repeated]

  /// Rows beyond the first of each set of equal ones: what dropping duplicates would take away.
  public var surplus: Int { rows - distinct }

  /// `surplus` as a share of all rows, 0 to 1.
  public var share: Double { rows == 0 ? 0 : Double(surplus) / Double(rows) }
}

/// Counts equal rows, exactly.
///
/// Rows are told apart by a hash first; those whose hash occurs more than once are then compared value by value.
/// - Parameters:
///   - columns: the columns to compare; all where nil.
///   - most: how many of the repeated rows are listed.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func duplicateRows(
  by columns: [String]? = nil, most: Int = 10, relation: String, schema: Schema, in database: Database,
  context: any JobContext = SilentContext()
) throws -> DuplicateRows {
  let chosen = try columns.map { try $0.map(schema.required) } ?? schema
  let source = SQL.subquery(relation)
  var found = DuplicateRows(
    columns: chosen.map(\.name), isWholeRow: Set(chosen.map(\.name)) == Set(schema.map(\.name)), rows: 0, distinct: 0,
    repeated: 0, affected: 0, top: [])
  guard !chosen.isEmpty else { return found }
  let names = SQL.identifiers(chosen.map(\.name))
  let hashes = "SELECT hash(\(names)) AS h, count(*) AS n FROM \(source) GROUP BY h"
  return try withCopy(
    "SELECT h, n FROM (\(hashes)) WHERE n > 1", in: database, context: context, note: "comparing rows"
  ) { suspects in
    let counts = try database.query(
      """
      SELECT (SELECT count(*) FROM \(source)), (SELECT count(*) FROM \(suspects)),
      (SELECT CAST(coalesce(sum(n), 0) AS BIGINT) FROM \(suspects))
      """, context: context, note: "counting rows")
    found.rows = counts.value(0, 0).whole
    // Rows whose hash nothing shares have no equal.
    let alone = found.rows - counts.value(0, 2).whole
    found.distinct = alone
    guard counts.value(0, 1).whole > 0 else { return found }
    let places = chosen.indices.map { "c\($0)" }
    let projection = zip(chosen, places).map { "\(SQL.identifier($0.name)) AS \($1)" }.joined(separator: ", ")
    let groups = """
      SELECT \(places.joined(separator: ", ")), count(*) AS n FROM (SELECT \(projection) FROM \(source)
      WHERE hash(\(names)) IN (SELECT h FROM \(suspects))) GROUP BY \(places.joined(separator: ", "))
      """
    try withCopy(groups, in: database, context: context, note: "comparing equal rows") { equal in
      let sums = try database.query(
        """
        SELECT count(*), count(*) FILTER (n > 1), CAST(coalesce(sum(n) FILTER (n > 1), 0) AS BIGINT) FROM \(equal)
        """, context: context, note: "counting equal rows")
      found.distinct = alone + sums.value(0, 0).whole
      found.repeated = sums.value(0, 1).whole
      found.affected = sums.value(0, 2).whole
      let texts = places.map { "left(CAST(\($0) AS VARCHAR), \(ProfiledColumn.textLimit))" }
      // Nested values have no order everywhere; their texts do.
      let order = zip(places, chosen).map { $1.kind == .other ? "CAST(\($0) AS VARCHAR)" : $0 }
      let table = try database.query(
        """
        SELECT n, \(texts.joined(separator: ", ")) FROM \(equal) WHERE n > 1
        ORDER BY n DESC, \(order.map { $0 + " NULLS LAST" }.joined(separator: ", ")) LIMIT \(max(0, most))
        """, context: context, note: "listing equal rows")
      found.top = (0..<table.rowCount).map { row in
        DuplicateRows.Repeated(
          values: chosen.indices.map { table.text(row, $0 + 1) }, count: table.value(row, 0).whole)
      }
    }
    return found
  }
}

extension DuplicateRows {
  public var blocks: [AnalysisBlock] {
    let what = isWholeRow ? "all columns" : columns.joined(separator: ", ")
    var blocks: [AnalysisBlock] = [
      .heading("Duplicate rows"),
      .sentence(
        "\(AnalysisBlock.counted(rows, "row")), \(Numbers.grouped(distinct)) different, compared by \(what)."),
    ]
    guard surplus > 0 else { return blocks + [.sentence("No row has an equal one.")] }
    blocks.append(
      .sentence(
        "\(AnalysisBlock.counted(surplus, "row")) (\(Numbers.percent(Double(surplus), of: Double(rows)))) repeat an "
          + "earlier one: \(AnalysisBlock.counted(affected, "row")) in \(AnalysisBlock.counted(repeated, "set")) of equal rows."
      ))
    blocks.append(
      .table(
        headings: ["rows"] + columns, rows: top.map { [Numbers.grouped($0.count)] + $0.values.map { $0 ?? "-" } }))
    return blocks
  }

  public var charts: [(title: String, chart: Chart)] {
    guard !top.isEmpty else { return [] }
    let items = top.map { row in
      Bars.Item(label: row.values.map { $0 ?? "-" }.joined(separator: ", "), count: row.count)
    }
    let shown = top.reduce(0) { $0 + $1.count }
    let bars = Bars(
      title: "Most repeated rows", column: columns.joined(separator: ", "), items: items,
      others: rows > shown ? .init(count: rows - shown, distinct: distinct - top.count) : nil, missing: 0, total: rows)
    return [("Most repeated rows", .bars(bars))]
  }
}
