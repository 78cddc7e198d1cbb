// A frequency table as SQL: what stands in it, and which column of the result is what.

import Frame
import Jobs
import Plot

/// How often each value of a column, or each combination of several, occurs.
public struct Frequency: Codable, Sendable, Equatable {
  /// The columns that are counted by.
  public var columns: [String]
  /// The column whose rate or mean stands beside each count; nil for none.
  public var target: String?
  /// Bins of a single column of numbers or times; 0 counts every value, nil decides by how many values there are.
  public var bins: Int?

  public init(columns: [String], target: String? = nil, bins: Int? = nil) {
    (self.columns, self.target, self.bins) = (columns, target, bins)
  }

  /// A column of numbers with more different values than this is counted in bins.
  public static let mostValues = 50

  /// What a column of the table holds.
  public enum Role: Sendable, Equatable {
    /// A value, or the bin, of the column that is counted by.
    case key(Int)
    /// Rows.
    case count
    /// Of all rows, 0 to 1.
    case share
    /// The count as a part of the largest one, 0 to 1.
    case bar
    /// The share of this row and all above it.
    case cumulative
    /// The share of the target's positive class among rows with a target, 0 to 1.
    case rate
    /// The mean of the target.
    case mean
    /// The 95 % interval of the rate or mean, as text.
    case interval
    case low, high
    /// The bin's ends: `from <= value < to`, and `<= to` in the last; times in seconds since 1970-01-01.
    case from, to
  }

  /// The roles of the table's columns, from left to right.
  public func roles(of schema: Schema) -> [Role] {
    var roles: [Role] = columns.indices.map { .key($0) } + [.count, .share, .bar, .cumulative]
    let rest = schema.count - roles.count
    if rest >= 4 {
      roles += [schema[roles.count].name.hasPrefix(Self.ratePrefix) ? .rate : .mean, .interval, .low, .high]
    }
    if rest == 2 || rest == 6 { roles += [.from, .to] }
    return roles
  }

  static let ratePrefix = "rate "
}

/// Compiles a frequency table and hands its SELECT to `body`.
///
/// A value, missing ones included, has a row of its own, the most frequent first; bins stand in their order, and values
/// that are not finite after them. Rates come with Wilson's interval (1927, doi:10.1080/01621459.1927.10502953), means
/// with Student's; both at 95 %.
/// - Parameter copies: read the columns into the database first; for a relation that is slow to read more than once.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func frequencyTable<Result>(
  _ frequency: Frequency, relation: String, schema: Schema, in database: Database, copies: Bool = false,
  context: any JobContext = SilentContext(), _ body: (String) throws -> Result
) throws -> Result {
  let columns = try frequency.columns.map(schema.required)
  guard !columns.isEmpty else { throw InsightError.noSuchColumn("") }
  let target = try frequency.target.map(schema.required).flatMap { frequency.columns.contains($0.name) ? nil : $0 }
  let axis = columns.count == 1 && frequency.bins != 0 ? try? AxisColumn(columns[0], advice: "") : nil
  func compiled(_ source: String) throws -> Result {
    let measure = try target.flatMap { try TargetMeasure.find($0, in: source, database, context) }
    let compiler = FrequencyCompiler(columns: columns, measure: measure, source: source)
    if let axis, let edges = try binEdges(axis, frequency.bins, in: source, database, context) {
      return try body(compiler.binned(axis, edges))
    }
    return try body(compiler.byValue)
  }
  let source = SQL.subquery(relation)
  guard copies, axis != nil || target != nil else { return try compiled(source) }
  let copy = "assay_frequency_\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
  let names = SQL.identifiers((columns + (target.map { [$0] } ?? [])).map(\.name))
  try database.execute("CREATE TABLE \(copy) AS SELECT \(names) FROM \(source)", context: context, note: "reading")
  defer { try? database.execute("DROP TABLE IF EXISTS \(copy)") }
  return try compiled(copy)
}

/// The bins of a column; nil where its values are few enough to count each.
private func binEdges(
  _ axis: AxisColumn, _ bins: Int?, in source: String, _ database: Database, _ context: any JobContext
) throws -> BinEdges? {
  let values = "SELECT v, CASE WHEN isfinite(v) THEN v END AS f FROM (SELECT \(axis.sql) AS v FROM \(source))"
  if bins == nil {
    let guess = try database.query(
      "SELECT approx_count_distinct(v) FROM (\(values))", context: context, note: "counting values")
    // The estimate can be a quarter off; a number near the limit may fall on either side.
    if guess.value(0, 0).whole <= Frequency.mostValues { return nil }
  }
  let range = try database.query(
    "SELECT min(f), max(f), count(f), quantile_cont(f, 0.75) - quantile_cont(f, 0.25) FROM (\(values))",
    context: context, note: "measuring \(axis.column.name)")
  guard let low = range.value(0, 0).number, let high = range.value(0, 1).number else { return nil }
  return BinEdges(
    low: low, high: high, spread: range.value(0, 3).number ?? 0, values: range.value(0, 2).whole, bins: bins,
    axis: axis.axis)
}
