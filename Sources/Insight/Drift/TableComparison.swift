// Two tables side by side: columns, rows and distributions.

import Frame
import Jobs
import Plot

/// How a table differs from another one.
public struct TableComparison: AnalysisReport {
  /// What became of a column.
  public struct ColumnChange: Codable, Sendable, Equatable {
    public enum Kind: String, Codable, Sendable { case added, removed, retyped, moved }

    public var column: String
    public var kind: Kind
    /// The types in the database's words, for retyped columns both; places from 1, for moved ones both.
    public var before, after: String?
  }

  /// Rows alike in all columns that both tables have with the same type; equal rows are counted as often as both have them.
  public struct RowMatch: Codable, Sendable, Equatable {
    /// The columns compared.
    public var columns: Int
    public var both, beforeOnly, afterOnly: Int
  }

  public var changes: [ColumnChange]
  public var beforeRows, afterRows: Int
  public var beforeColumns, afterColumns: Int
  /// Nil where no column has the same name and type in both.
  public var rows: RowMatch?
  /// Nil where no column can be compared.
  public var drift: Drift?

  public var isSame: Bool {
    changes.isEmpty && beforeRows == afterRows && rows.map { $0.beforeOnly == 0 && $0.afterOnly == 0 } ?? false
  }

  public var blocks: [AnalysisBlock] {
    var blocks: [AnalysisBlock] = [
      .heading("Comparison"),
      .table(
        headings: ["", "before", "after", "change"],
        rows: [
          count("rows", beforeRows, afterRows), count("columns", beforeColumns, afterColumns),
        ]),
    ]
    if let rows {
      let both = AnalysisBlock.counted(rows.both, "row")
      let rest = "\(Numbers.grouped(rows.beforeOnly)) only before, \(Numbers.grouped(rows.afterOnly)) only after"
      blocks.append(
        .sentence(
          "\(both) alike in the \(AnalysisBlock.counted(rows.columns, "column")) of the same name and type; \(rest)."))
    }
    if changes.isEmpty {
      blocks.append(.sentence("The same columns, types and order."))
    } else {
      blocks.append(
        .table(
          headings: ["column", "change", "before", "after"],
          rows: changes.map { [$0.column, $0.kind.rawValue, $0.before ?? "-", $0.after ?? "-"] }))
    }
    return blocks + (drift?.blocks ?? [.sentence("No column can be compared.")])
  }

  private func count(_ name: String, _ before: Int, _ after: Int) -> [String] {
    let change = after - before
    return [name, Numbers.grouped(before), Numbers.grouped(after), (change > 0 ? "+" : "") + Numbers.grouped(change)]
  }

  public var charts: [(title: String, chart: Chart)] { drift?.charts ?? [] }
}

/// Compares two relations: their columns, their rows, and the distributions of what they share.
///
/// All rows are read. A column is the same by its name; one is moved where those that both tables have stand in another
/// order.
/// - Throws: `FrameError` or `JobCancelled`.
public func comparison(
  of before: String, _ beforeSchema: Schema, with after: String, _ afterSchema: Schema, in database: Database,
  context: any JobContext = SilentContext()
) throws -> TableComparison {
  let counts = try [before, after].map { relation in
    try database.query("SELECT count(*) FROM \(SQL.subquery(relation))", context: context, note: "counting rows")
      .value(0, 0).whole
  }
  var result = TableComparison(
    changes: columnChanges(beforeSchema, afterSchema), beforeRows: counts[0], afterRows: counts[1],
    beforeColumns: beforeSchema.count, afterColumns: afterSchema.count)
  let same = beforeSchema.filter { column in afterSchema.column(named: column.name)?.type == column.type }
  if !same.isEmpty { result.rows = try rowMatch(same, before, after, in: database, context) }
  do {
    result.drift = try drift(from: before, beforeSchema, to: after, afterSchema, in: database, context: context)
  } catch InsightError.nothingInCommon {}
  return result
}

private func columnChanges(_ before: Schema, _ after: Schema) -> [TableComparison.ColumnChange] {
  var changes: [TableComparison.ColumnChange] = []
  let shared = before.filter { after.column(named: $0.name) != nil }.map(\.name)
  let order = after.filter { before.column(named: $0.name) != nil }.map(\.name)
  let kept = Set(longestCommon(shared, order))
  for (place, column) in before.enumerated() {
    guard let other = after.column(named: column.name), let to = after.firstIndex(of: other) else {
      changes.append(.init(column: column.name, kind: .removed, before: column.type))
      continue
    }
    if other.type != column.type {
      changes.append(.init(column: column.name, kind: .retyped, before: column.type, after: other.type))
    }
    if !kept.contains(column.name) {
      changes.append(.init(column: column.name, kind: .moved, before: "\(place + 1)", after: "\(to + 1)"))
    }
  }
  for column in after where before.column(named: column.name) == nil {
    changes.append(.init(column: column.name, kind: .added, after: column.type))
  }
  return changes
}

/// The most names that stand in the same order in both lists, which hold the same names: those outside have moved.
private func longestCommon(_ first: [String], _ second: [String]) -> [String] {
  let places = Dictionary(second.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  let sequence = first.compactMap { places[$0] }
  // The longest rising run of places (Schensted 1961): by length, where the best one of that length ends.
  var ends: [Int] = []
  var previous = [Int?](repeating: nil, count: sequence.count)
  for (index, place) in sequence.enumerated() {
    let length = ends.firstIndex { sequence[$0] >= place } ?? ends.count
    if length > 0 { previous[index] = ends[length - 1] }
    if length == ends.count { ends.append(index) } else { ends[length] = index }
  }
  var names: [String] = []
  var index = ends.last
  while let at = index {
    names.append(first[at])
    index = previous[at]
  }
  return names
}

private func rowMatch(
  _ columns: [Column], _ before: String, _ after: String, in database: Database, _ context: any JobContext
) throws -> TableComparison.RowMatch {
  let items = columns.enumerated().map { "\(SQL.identifier($0.element.name)) AS c\($0.offset)" }.joined(separator: ", ")
  let names = columns.indices.map { "c\($0)" }.joined(separator: ", ")
  let table = try database.query(
    """
    SELECT sum(least(a, b)), sum(a - least(a, b)), sum(b - least(a, b)) FROM (
    SELECT sum(a) AS a, sum(b) AS b FROM (
    SELECT \(items), 1 AS a, 0 AS b FROM \(SQL.subquery(before)) UNION ALL
    SELECT \(items), 0 AS a, 1 AS b FROM \(SQL.subquery(after))) GROUP BY \(names))
    """, context: context, note: "comparing rows")
  return .init(
    columns: columns.count, both: table.value(0, 0).whole, beforeOnly: table.value(0, 1).whole,
    afterOnly: table.value(0, 2).whole)
}
