// Profiles a table in as few passes over its rows as possible.
//
// 1. A table of up to 100,000 rows is copied into the database, and every figure computed from the copy, exactly.
// 2. Of a larger one the first 20,000 rows are copied and looked at. Then one pass measures all columns. A column with few different values in the head is counted value by value, which
//    makes its distinct count, most frequent values and quantiles exact and is cheaper than estimating them; the others get
//    estimates (HyperLogLog, Flajolet et al. 2007; t-digest, Dunning and Ertl 2019, both DuckDB's).
// 3. A second pass over the few columns whose counts met values that the head did not have, or huge and infinite numbers.

import Foundation
import Frame
import Jobs

/// Profiles the rows of `relation`.
/// - Parameters:
///   - relation: a SELECT.
///   - schema: its columns.
/// - Throws: `FrameError` or `JobCancelled`.
public func profile(
  _ relation: String, schema: Schema, in database: Database, context: any JobContext = SilentContext()
) throws -> TableProfile {
  try Profiler(relation: relation, schema: schema, database: database, context: context).run()
}

struct Profiler {
  let relation: String
  let schema: Schema
  let database: Database
  let context: any JobContext
  /// Tables up to this many rows are profiled exactly, very wide ones up to this many cells.
  var exactRows = 100_000
  var exactCells = 8_000_000
  /// Rows that tell which columns have few values.
  var headRows = 20_000
  /// Columns measured in one query.
  var batch = 400

  /// Tables with more columns are costlier to plan queries for than to read.
  private static let wide = 100
  /// More values than this are not counted one by one.
  private static let mostCandidates = 4000
  /// A value has to stand this often in the head, on average, to trust that the head has all.
  private static let repetitions = 12
  /// Of a table with this many rows a quarter is enough to estimate quantiles.
  private static let sampledFrom = 100_000
  /// Values outside the head up to this many rows are counted exactly in the second pass.
  private static let mostStrangers = 100_000

  func run() throws -> TableProfile {
    guard !schema.isEmpty else { return TableProfile(rows: 0, columns: []) }
    let limit = max(1000, min(exactRows, exactCells / schema.count))
    let source = SQL.subquery(relation)
    let probe = "SELECT count(*) FROM (SELECT 1 FROM \(source) LIMIT \(limit + 1))"
    let isSmall = try database.query(probe, context: context, note: "counting").value(0, 0).whole <= limit
    let copy = "assay_profile_\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
    try database.execute(
      "CREATE TABLE \(copy) AS SELECT * FROM \(source) LIMIT \(isSmall ? limit : min(limit, headRows))",
      context: context,
      note: "reading the first rows")
    defer { try? database.execute("DROP TABLE IF EXISTS \(copy)") }
    if isSmall { return try exactProfile(of: copy) }
    let columns = try candidates(in: copy).map { column in
      var column = column
      column.isSampled = limit >= Self.sampledFrom
      return column
    }
    try database.execute("DROP TABLE IF EXISTS \(copy)")
    return try largeProfile(columns)
  }

  private var columns: [ProfiledColumn] {
    schema.enumerated().map { ProfiledColumn(index: $0.offset, column: $0.element) }
  }

  // MARK: - Small tables

  private func exactProfile(of table: String) throws -> TableProfile {
    var profiles: [ColumnProfile] = []
    var rows = 0
    let isWide = schema.count > Self.wide
    for batch in columns.batches(of: batch) {
      let (count, measures) = try measure(batch, in: "SELECT * FROM \(table)", note: "profiling") {
        $0.basics + (isWide ? [$0.allCounts] : $0.exactFigures)
      }
      rows = count
      for (column, measure) in zip(batch, measures) {
        var profile = try basics(measure, of: column, rows: rows, in: "SELECT * FROM \(table)")
        if isWide { profile.take(all: measure, of: column) } else { profile.take(exact: measure, of: column) }
        profiles.append(profile)
      }
      context.report(Double(profiles.count) / Double(schema.count), "profiling")
    }
    return TableProfile(rows: rows, columns: profiles)
  }

  // MARK: - Large tables

  /// The columns, each with the different values that it has in the head where those are few.
  private func candidates(in head: String) throws -> [ProfiledColumn] {
    var found: [ProfiledColumn] = []
    for batch in columns.batches(of: batch) {
      let (_, guesses) = try measure(batch, in: "SELECT * FROM \(head)", note: "looking at the first rows") {
        ["count(\($0.value))", "approx_count_distinct(\($0.value))"]
      }
      // The estimate can be a quarter off.
      var few: [ProfiledColumn] = []
      for (column, guess) in zip(batch, guesses) where column.kind != .other {
        let limit = min(Self.mostCandidates * 3 / 2, guess[0].whole / 10)
        if guess[1].whole < limit { few.append(column) }
      }
      let (_, lists) = try measure(few, in: "SELECT * FROM \(head)", note: "looking at the first rows") { column in
        let values = "list(DISTINCT \(column.value) ORDER BY \(column.value)) FILTER (\(column.value) IS NOT NULL)"
        // Extreme times, for one, cannot be read back from text.
        let readBack = "TRY_CAST(CAST(\(column.value) AS VARCHAR) AS \(column.valueType))"
        return [
          "count(\(column.value))", "CAST(to_json(CAST(\(values) AS VARCHAR[])) AS VARCHAR)",
          "bool_and(\(readBack) IS NOT DISTINCT FROM \(column.value))",
        ]
      }
      var byIndex: [Int: [String]] = [:]
      for (column, list) in zip(few, lists) {
        let values = JSON.texts(list[1])
        guard list[2] == .bool(true), values.count <= Self.mostCandidates,
          values.count * Self.repetitions <= list[0].whole,
          values.allSatisfy({ $0.utf8.count <= ProfiledColumn.textLimit })
        else { continue }
        byIndex[column.index] = Self.closed(values, of: column)
      }
      found += batch.map { ProfiledColumn(index: $0.index, column: $0.column, candidates: byIndex[$0.index]) }
    }
    return found
  }

  /// The values with their neighbours: of whole numbers and dates every value between the smallest and the largest, and
  /// as many again as an eighth of the range beyond both. What the head lacks is most often one of these, and counting a
  /// few values that never occur costs less than a second pass over the rows.
  static func closed(_ values: [String], of column: ProfiledColumn) -> [String] {
    func number(_ text: String?) -> Int? {
      guard let text else { return nil }
      return column.column.type == "DATE" ? CalendarLiteral.days(text).map(Int.init) : Int(text)
    }
    guard ["INTEGER", "BIGINT", "DATE"].contains(column.column.type), let low = number(values.first),
      let high = number(values.last), low <= high, (-countable...countable).contains(low), high <= countable
    else { return values }
    let margin = max(8, (high - low) / 8)
    guard high - low + 2 * margin < mostCandidates else { return values }
    let all = (low - margin)...(high + margin)
    return column.column.type == "DATE" ? all.map { CalendarText.date(days: Int32($0)) } : all.map(String.init)
  }

  /// Beyond this, neighbours could leave the type.
  private static let countable = 1_000_000_000

  private func largeProfile(_ columns: [ProfiledColumn]) throws -> TableProfile {
    var profiles: [ColumnProfile] = []
    var again: [(position: Int, strangers: Int)] = []
    var rows = 0
    for batch in columns.batches(of: batch) {
      let (count, measures) = try measure(batch, in: relation, note: "profiling") { column in
        column.basics + (column.candidates == nil ? column.estimatedFigures : [column.candidateCounts])
      }
      rows = count
      for (column, measure) in zip(batch, measures) {
        var profile = try basics(measure, of: column, rows: rows, in: relation)
        if let candidates = column.candidates {
          let strangers = profile.take(counts: measure, of: candidates, column)
          if strangers > 0 { again.append((profiles.count, strangers)) }
        } else {
          profile.take(estimates: measure, of: column)
        }
        profiles.append(profile)
      }
    }
    try secondPass(again, columns, &profiles)
    return TableProfile(rows: rows, columns: profiles)
  }

  /// Columns that have values which the head did not show.
  private func secondPass(
    _ again: [(position: Int, strangers: Int)], _ columns: [ProfiledColumn], _ profiles: inout [ColumnProfile]
  ) throws {
    let strangers = Dictionary(again.map { ($0.position, $0.strangers) }, uniquingKeysWith: { first, _ in first })
    for batch in again.map({ columns[$0.position] }).batches(of: batch) {
      func isCounted(_ column: ProfiledColumn) -> Bool { strangers[column.index] ?? 0 <= Self.mostStrangers }
      let (_, measures) = try measure(batch, in: relation, note: "counting rare values") { column in
        column.basics + (isCounted(column) ? column.countedFigures : column.estimatedFigures)
      }
      for (column, measure) in zip(batch, measures) {
        let counted = profiles[column.index].top
        if isCounted(column) {
          profiles[column.index].take(exact: measure, of: column)
          profiles[column.index].approximate = column.hasQuantiles ? [.quantiles] : []
        } else {
          profiles[column.index].take(estimates: measure, of: column)
          profiles[column.index].top = counted
          // The counts are true, but a value outside the head may be more frequent than those shown.
          profiles[column.index].approximate.append(.top)
        }
      }
    }
  }

  // MARK: - Queries

  /// Runs one query over some columns; each gets as many figures as `figures` names.
  private func measure(
    _ columns: [ProfiledColumn], in relation: String, note: String, _ figures: (ProfiledColumn) -> [String]
  ) throws -> (rows: Int, figures: [[Value]]) {
    guard !columns.isEmpty else { return (0, []) }
    try context.checkCancelled()
    let lists = columns.map(figures)
    let projections = columns.map(\.projection) + [ProfiledColumn.sampling]
    let inner = "SELECT \(projections.joined(separator: ", ")) FROM \(SQL.subquery(relation))"
    let items = (["count(*)"] + lists.flatMap { $0 }).enumerated().map { "\($0.element) AS a\($0.offset)" }
    let table = try database.query(
      "SELECT \(items.joined(separator: ", ")) FROM (\(inner))", context: context, note: note)
    var position = 1
    let values = lists.map { list in
      defer { position += list.count }
      return (position..<(position + list.count)).map { table.value(0, $0) }
    }
    return (table.value(0, 0).whole, values)
  }

  /// Count, bounds, mean and deviation of a column; cells that a sum cannot take are measured apart.
  private func basics(
    _ measure: [Value], of column: ProfiledColumn, rows: Int, in relation: String
  ) throws -> ColumnProfile {
    var profile = ColumnProfile(name: column.column.name, kind: column.kind, type: column.column.type)
    profile.missing = rows - measure[1].whole
    profile.min = measure[2].shown
    profile.max = measure[3].shown
    profile.mean = measure[4].number
    profile.stddev = measure[5].number
    guard column.kind == .real else { return profile }
    let size = max(abs(measure[2].number ?? 0), abs(measure[3].number ?? 0))
    guard measure[0] != measure[1] || size >= ProfiledColumn.hugeLimit else { return profile }
    let extremes = try Extremes.measure(column.column, scale: size, in: relation, database, context)
    profile.notANumber = extremes.notANumber
    profile.infinite = extremes.infinite
    if size >= ProfiledColumn.hugeLimit { (profile.mean, profile.stddev) = (extremes.mean, extremes.stddev) }
    return profile
  }
}

extension Array {
  /// Runs of at most `size` elements, in order.
  func batches(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
