// Profiles rows where a cluster has them, in Spark's SQL.
//
// 1. One pass measures all columns: counts, bounds, means and deviations, and how many different values there are about
//    (HyperLogLog, Flajolet et al. 2007).
// 2. Of a column with few values the cluster counts each, and every figure follows from the counts. Of others it finds the
//    most frequent where values repeat, and estimates quantiles (Greenwald and Khanna 2001, one part in ten thousand of rank).

import Frame
import Jobs

/// Profiles all rows that a cluster has.
/// - Returns: what `profile` gives of the same rows here, but for the estimates that `approximate` names. The texts of nested
///   values are not compared: their distinct values are an estimate.
/// - Throws: `FrameError`, `JobCancelled`, or what `rows` throws.
public func profile(
  _ rows: ClusterRows, in database: Database, context: any JobContext = SilentContext()
) throws -> TableProfile {
  try ClusterProfiler(rows: rows, database: database, context: context).run()
}

struct ClusterProfiler {
  let rows: ClusterRows
  let database: Database
  let context: any JobContext
  /// Values up to which each is counted, and comes here.
  var fewValues = 50_000

  /// Columns measured in one query.
  private static let batch = 40
  /// Rows for each value, from which on some are frequent.
  private static let repetitions = 4
  private static let accuracy = 10_000

  private var columns: [ProfiledColumn] {
    rows.schema.enumerated().map { ProfiledColumn(index: $0.offset, column: $0.element) }
  }

  func run() throws -> TableProfile {
    var profile = TableProfile(rows: 0, columns: [])
    for batch in columns.batches(of: Self.batch) {
      context.report(0, "measuring columns")
      profile.columns += try measure(batch, &profile.rows)
    }
    for column in columns {
      try context.checkCancelled()
      let note = "counting \(column.column.name)"
      context.report(0.3 + 0.7 * Double(column.index) / Double(columns.count), note)
      try count(column, of: profile.rows, &profile.columns[column.index], note)
    }
    return profile
  }

  // MARK: - Expressions of the cluster

  private func name(_ column: ProfiledColumn) -> String { TableAddress.quoted(column.column.name) }

  /// The column without what has no place among its values.
  private func value(_ column: ProfiledColumn) -> String {
    switch column.kind {
    case .real: real(column, below: "CAST('Infinity' AS DOUBLE)")
    case .other: "CAST(\(name(column)) AS STRING)"
    case .integer, .text, .boolean, .date, .timestamp, .time: name(column)
    }
  }

  private func real(_ column: ProfiledColumn, below limit: String) -> String {
    let number = "CAST(\(name(column)) AS DOUBLE)"
    return "CASE WHEN NOT isnan(\(number)) AND abs(\(number)) < \(limit) THEN \(number) END"
  }

  /// What is averaged, or ordered, as a number; nil where there is no such thing.
  private func number(_ column: ProfiledColumn) -> String? {
    switch column.kind {
    case .real: value(column)
    case .integer: "CAST(\(name(column)) AS DOUBLE)"
    case .boolean: "CAST(CAST(\(name(column)) AS INT) AS DOUBLE)"
    case .date: "CAST(unix_date(\(name(column))) AS BIGINT)"
    case .timestamp: "unix_micros(\(name(column)))"
    case .text, .time, .other: nil
    }
  }

  // MARK: - Passes

  private static let width = 9

  private func measure(_ batch: [ProfiledColumn], _ total: inout Int) throws -> [ColumnProfile] {
    let items =
      ["count(*)"]
      + batch.flatMap { column -> [String] in
        let (value, raw) = (value(column), "CAST(\(name(column)) AS DOUBLE)")
        func bound(_ function: String) -> String {
          guard column.isOrdered else { return "CAST(NULL AS STRING)" }
          return column.kind == .text
            ? "left(\(function)(\(value)), \(ProfiledColumn.textLimit))" : "\(function)(\(value))"
        }
        let isReal = column.kind == .real
        let averaged =
          isReal ? real(column, below: "CAST('\(ProfiledColumn.hugeLimit)' AS DOUBLE)") : number(column) ?? ""
        return [
          "count(\(value))", "count(\(name(column)))", bound("min"), bound("max"),
          column.isAveraged ? "avg(\(averaged))" : "CAST(NULL AS DOUBLE)",
          column.isAveraged ? "stddev_samp(\(averaged))" : "CAST(NULL AS DOUBLE)",
          "approx_count_distinct(CASE WHEN \(value) IS NOT NULL THEN xxhash64(\(value)) END)",
          isReal ? "count_if(isnan(\(raw)))" : "0",
          isReal ? "count_if(abs(\(raw)) = CAST('Infinity' AS DOUBLE))" : "0",
        ]
      }
    let named = items.enumerated().map { "\($0.element) AS a\($0.offset)" }.joined(separator: ", ")
    let table = try rows.answer("SELECT \(named) FROM (\(rows.sql))", "measuring columns", in: database) { table in
      let types = batch.flatMap { column -> [String?] in
        let bound = column.isOrdered ? column.valueType : "VARCHAR"
        return [nil, nil, bound, bound, nil, nil, nil, nil, nil]
      }
      let casts = types.enumerated().map { place, type in
        type.map { "CAST(a\(place + 1) AS \($0)) AS a\(place + 1)" } ?? "a\(place + 1)"
      }
      return try database.query("SELECT \((["a0"] + casts).joined(separator: ", ")) FROM \(table)")
    }
    total = table.value(0, 0).whole
    return try batch.enumerated().map { place, column in
      func item(_ number: Int) -> Value { table.value(0, 1 + place * Self.width + number) }
      var profile = ColumnProfile(name: column.column.name, kind: column.kind, type: column.column.type)
      profile.missing = total - item(1).whole
      (profile.min, profile.max) = (item(2).shown, item(3).shown)
      (profile.mean, profile.stddev) = (item(4).known, item(5).known)
      profile.distinct = min(item(6).whole, item(0).whole)
      (profile.notANumber, profile.infinite) = (item(7).whole, item(8).whole)
      let size = max(abs(profile.min?.number ?? 0), abs(profile.max?.number ?? 0))
      if column.kind == .real, size >= ProfiledColumn.hugeLimit {
        // Squares of such numbers overflow: they are measured in shares of the largest.
        let part = "(\(value(column)) / CAST('\(size)' AS DOUBLE))"
        let shares = try rows.row(
          ["avg(\(part))", "stddev_samp(\(part))"], from: rows.sql, "measuring columns", in: database)
        profile.mean = shares.value(0, 0).known.map { $0 * size }.flatMap { $0.isFinite ? $0 : nil }
        profile.stddev = shares.value(0, 1).known.map { $0 * size }.flatMap { $0.isFinite ? $0 : nil }
      }
      return profile
    }
  }

  /// Different values, the most frequent ones, and quantiles.
  private func count(_ column: ProfiledColumn, of total: Int, _ profile: inout ColumnProfile, _ note: String) throws {
    let present = total - profile.missing - profile.notANumber - (column.kind == .real ? profile.infinite : 0)
    guard column.kind != .other else {
      profile.approximate = present > 0 ? [.distinct] : []
      return
    }
    guard present > 0 else {
      profile.distinct = 0
      return
    }
    let counts =
      "SELECT v, count(*) AS n FROM (SELECT \(value(column)) AS v FROM (\(rows.sql))) WHERE v IS NOT NULL GROUP BY v"
    if profile.distinct <= fewValues {
      // The estimate can be a few parts in a hundred off.
      let entries = try entries(of: column, "\(counts) LIMIT \(2 * fewValues)", note)
      if entries.reduce(0, { $0 + $1.count }) == present { return profile.take(entries, column) }
    }
    profile.approximate = column.hasQuantiles ? [.distinct, .quantiles] : [.distinct]
    if profile.distinct * Self.repetitions <= present {
      profile.distinct = try rows.row(["count(*)"], from: counts, note, in: database).value(0, 0).whole
      profile.approximate.removeAll { $0 == .distinct }
      let top = "SELECT v, n FROM (\(counts)) ORDER BY n DESC, v LIMIT \(ProfiledColumn.topCount)"
      profile.top = try entries(of: column, top, note).enumerated()
        .sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }.map(\.element.cut)
    }
    if column.hasQuantiles, let number = number(column) { profile.quantiles = try quantiles(column, number, note) }
  }

  /// Values with their counts, sorted by value.
  private func entries(of column: ProfiledColumn, _ sql: String, _ note: String) throws -> [ColumnProfile.Frequency] {
    try rows.answer(sql, note, in: database) { table in
      let found = try database.query("SELECT CAST(v AS \(column.valueType)) AS v, n FROM \(table) ORDER BY 1")
      return (0..<found.rowCount).compactMap { row in
        found.value(row, 0).shown.map { .init(value: $0, count: found.value(row, 1).whole) }
      }
    }
  }

  private func quantiles(_ column: ProfiledColumn, _ number: String, _ note: String) throws -> [String: Value] {
    let probabilities = ColumnProfile.probabilities
    let list = probabilities.map { "\($0.value)D" }.joined(separator: ", ")
    let found = try rows.row(
      probabilities.indices.map { "element_at(q, \($0 + 1))" },
      from: "SELECT percentile_approx(\(number), array(\(list)), \(Self.accuracy)) AS q FROM (\(rows.sql))", note,
      in: database)
    var quantiles: [String: Value] = [:]
    for (place, probability) in probabilities.enumerated() {
      guard let number = found.value(0, place).number else { continue }
      let value: Value =
        switch column.kind {
        case .date: .date(Int32(clamping: Int(number)))
        case .timestamp: .timestamp(found.value(0, place).wholeNumber)
        default: .real(number)
        }
      quantiles[probability.key] = value.shown
    }
    return quantiles
  }
}

extension Value {
  /// A number that is finite.
  fileprivate var known: Double? { number.flatMap { $0.isFinite ? $0 : nil } }

  fileprivate var wholeNumber: Int64 { if case .integer(let number) = self { number } else { Int64(number ?? 0) } }
}

extension ColumnProfile.Frequency {
  /// With a text no longer than a profile shows.
  fileprivate var cut: Self { .init(value: value.cut, count: count) }
}
