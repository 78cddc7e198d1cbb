// The line under a table's header: the shape of each visible column in five counts, or its number of levels.

import Frame
import Jobs

/// The short profile of one column.
public struct HeaderProfile: Codable, Sendable, Equatable {
  public var column: String
  public var kind: ColumnKind
  /// Counts of five equal parts of the range, of numbers and times; nil for other columns and where nothing is finite.
  public var bins: [Double]?
  /// How many different values there are, of texts, truth values and the like.
  public var levels: Int?
  /// The share of cells without a value, 0 to 1.
  public var missingShare: Double
  /// Rows that were looked at.
  public var rows: Int
  /// Whether these were all rows.
  public var isComplete: Bool
}

/// Profiles columns for the line under the header, from the first rows, in one query.
/// - Parameters:
///   - columns: the visible columns; names that the schema does not have are passed over.
///   - rows: how many rows are looked at.
/// - Throws: `FrameError` or `JobCancelled`.
public func headerProfile(
  of columns: [String], rows: Int = 10_000, relation: String, schema: Schema, in database: Database,
  context: any JobContext = SilentContext()
) throws -> [HeaderProfile] {
  let chosen = columns.compactMap(schema.column(named:))
  guard !chosen.isEmpty else { return [] }
  let parts = chosen.enumerated().map { HeaderColumn(index: $0.offset, column: $0.element) }
  let ranges = parts.flatMap(\.range)
  let sql = """
    WITH head AS MATERIALIZED (SELECT \(parts.map(\.projection).joined(separator: ", ")) FROM (
    SELECT * FROM \(SQL.subquery(relation)) LIMIT \(rows + 1)))
    \(ranges.isEmpty ? "" : ", ranges AS (SELECT \(ranges.joined(separator: ", ")) FROM head)")
    SELECT count(*), \(parts.flatMap(\.figures).joined(separator: ", ")) FROM head\(ranges.isEmpty ? "" : ", ranges")
    """
  let table = try database.query(sql, context: context, note: "profiling the columns")
  let count = table.value(0, 0).whole
  var position = 1
  return parts.map { part in
    let figures = (position..<(position + part.figures.count)).map { table.value(0, $0) }
    position += figures.count
    var profile = HeaderProfile(
      column: part.column.name, kind: part.column.kind, missingShare: 0, rows: min(count, rows),
      isComplete: count <= rows)
    if count > 0 { profile.missingShare = 1 - Double(figures[0].whole) / Double(count) }
    if part.axis == nil {
      profile.levels = figures[1].whole
    } else {
      let counts = figures[1...].map { Double($0.whole) }
      if counts.contains(where: { $0 > 0 }) { profile.bins = counts }
    }
    return profile
  }
}

/// One column of the header's query.
private struct HeaderColumn {
  let index: Int
  let column: Column
  let axis: AxisColumn?

  init(index: Int, column: Column) {
    (self.index, self.column) = (index, column)
    axis = try? AxisColumn(column, advice: "")
  }

  var projection: String {
    guard let axis else { return "\(SQL.identifier(column.name)) AS c\(index)" }
    return "\(axis.sql) AS c\(index)"
  }

  var range: [String] {
    guard axis != nil else { return [] }
    let finite = "FILTER (isfinite(c\(index)))"
    return ["min(c\(index)) \(finite) AS l\(index)", "max(c\(index)) \(finite) AS h\(index)"]
  }

  /// Present cells, then levels or five counts.
  var figures: [String] {
    guard axis != nil else { return ["count(c\(index))", "count(DISTINCT c\(index))"] }
    // Halves keep the largest range finite.
    let width = "(h\(index) / 2 - l\(index) / 2)"
    let place = "CASE WHEN \(width) > 0 THEN least(4, floor((c\(index) / 2 - l\(index) / 2) / \(width) * 5)) ELSE 2 END"
    return ["count(c\(index))"]
      + (0..<5).map { "count(*) FILTER (isfinite(c\(index)) AND \(place) = \($0))" }
  }
}
