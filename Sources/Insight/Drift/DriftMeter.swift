// Compares the columns that two relations share, each by queries over a copy of its values.

import Foundation
import Frame
import Jobs
import Numerics
import Plot

/// Compares each column that two relations share.
///
/// All rows are used. Dates and times count as seconds; truth values, texts and enumerations are categories; values that are
/// not finite, or beyond ±1e70, count as missing. Left out are nested values, columns whose kinds do not match, and texts
/// that differ in nearly every row of both.
/// - Parameters:
///   - baseline: the SELECT of the earlier relation; its deciles part the numbers of both.
///   - columns: nil takes all shared ones.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func drift(
  from baseline: String, _ baselineSchema: Schema, to current: String, _ currentSchema: Schema,
  columns: [String]? = nil, in database: Database, context: any JobContext = SilentContext()
) throws -> Drift {
  for name in columns ?? [] {
    _ = try baselineSchema.required(name)
    _ = try currentSchema.required(name)
  }
  let asked = columns.map(Set.init)
  var meter = DriftMeter(
    baseline: SQL.subquery(baseline), current: SQL.subquery(current), database: database, context: context)
  let shared = try meter.shared(baselineSchema, currentSchema, asked)
  guard !shared.isEmpty else { throw InsightError.nothingInCommon }
  var result = Drift(
    columns: [], baselineRows: try meter.count(meter.baseline), currentRows: try meter.count(meter.current),
    leftOut: meter.leftOut)
  for (place, pair) in shared.enumerated() {
    context.report(Double(place) / Double(shared.count), "comparing \(pair.before.name)")
    if let found = try meter.compare(pair) { result.columns.append(found) }
  }
  result.leftOut = meter.leftOut
  return result
}

struct DriftMeter {
  static let bins = 10
  static let shownCategories = 20
  static let shownChanges = 20

  let baseline: String
  let current: String
  let database: Database
  let context: any JobContext
  var leftOut: [LeftOutColumn] = []

  /// A column as both relations have it.
  struct Pair {
    var before, after: Column
    var isCategorical: Bool
    /// The value: a number, or a text.
    var beforeSQL, afterSQL: String
  }

  func query(_ sql: String, _ name: String) throws -> DataTable {
    try database.query(sql, context: context, note: "comparing \(name)")
  }

  func count(_ relation: String) throws -> Int {
    try query("SELECT count(*) FROM \(relation)", "rows").value(0, 0).whole
  }

  // MARK: - Columns

  mutating func shared(_ before: Schema, _ after: Schema, _ asked: Set<String>?) throws -> [Pair] {
    var pairs: [Pair] = []
    for column in before where asked?.contains(column.name) ?? true {
      guard let other = after.column(named: column.name) else {
        leftOut.append(.init(column: column.name, reason: "in the baseline only"))
        continue
      }
      guard let (group, beforeSQL) = Self.value(column), let (otherGroup, afterSQL) = Self.value(other) else {
        leftOut.append(.init(column: column.name, reason: "nested values"))
        continue
      }
      guard group == otherGroup else {
        leftOut.append(
          .init(column: column.name, reason: "\(column.kind.rawValue) before, \(other.kind.rawValue) now"))
        continue
      }
      pairs.append(
        Pair(before: column, after: other, isCategorical: group == .category, beforeSQL: beforeSQL, afterSQL: afterSQL))
    }
    for column in after where (asked?.contains(column.name) ?? true) && before.column(named: column.name) == nil {
      leftOut.append(.init(column: column.name, reason: "new"))
    }
    return pairs
  }

  private enum Group { case number, moment, clock, category }

  private static func value(_ column: Column) -> (Group, String)? {
    let name = SQL.identifier(column.name)
    switch column.kind {
    case .text, .boolean: return (.category, "CAST(\(name) AS VARCHAR)")
    case .integer, .real: return column.measure.map { (.number, $0) }
    case .date, .timestamp, .time:
      guard let axis = try? AxisColumn(column, advice: "") else { return nil }
      return (column.kind == .time ? .clock : .moment, "CASE WHEN isfinite(\(axis.sql)) THEN \(axis.sql) END")
    case .other: return nil
    }
  }

  // MARK: - One column

  /// Nil where the column turns out to be left out.
  mutating func compare(_ pair: Pair) throws -> Drift.ColumnDrift? {
    try context.checkCancelled()
    let name = pair.before.name
    // Each different value once, with its rows in both.
    let select = """
      SELECT v, CAST(sum(a) AS BIGINT) AS a, CAST(sum(b) AS BIGINT) AS b FROM (
      SELECT \(pair.beforeSQL) AS v, 1 AS a, 0 AS b FROM \(baseline) UNION ALL
      SELECT \(pair.afterSQL) AS v, 0 AS a, 1 AS b FROM \(current)) GROUP BY v
      """
    let (database, context) = (database, context)
    let (found, reason) = try withCopy(select, in: database, context: context, note: "comparing \(name)") { counts in
      try measure(pair, counts)
    }
    if let reason { leftOut.append(.init(column: name, reason: reason)) }
    return found
  }

  private func measure(_ pair: Pair, _ counts: String) throws -> (Drift.ColumnDrift?, String?) {
    let name = pair.before.name
    let sizes = try query(
      """
      SELECT sum(a) FILTER (v IS NOT NULL), sum(b) FILTER (v IS NOT NULL), sum(a) FILTER (v IS NULL),
      sum(b) FILTER (v IS NULL), count(v) FILTER (a > 0), count(v) FILTER (b > 0) FROM \(counts)
      """, name)
    let figures = (0..<6).map { sizes.value(0, $0).whole }
    if pair.isCategorical, figures[0] > 20, figures[1] > 20, figures[4] * 2 > figures[0], figures[5] * 2 > figures[1] {
      return (nil, "different texts in most rows of both")
    }
    var found = Drift.ColumnDrift(
      column: name, isCategorical: pair.isCategorical, baselineRows: figures[0], currentRows: figures[1],
      baselineMissing: figures[2], currentMissing: figures[3], new: .init(), vanished: .init(), parts: [],
      verdict: .none, reasons: [])
    let (before, after) = (figures[0] + figures[2], figures[1] + figures[3])
    if before > 0, after > 0 {
      found.missingChange = Double(figures[3]) / Double(after) - Double(figures[2]) / Double(before)
    }
    if pair.isCategorical { try compareCategories(counts, &found) } else { try compareNumbers(pair, counts, &found) }
    judge(&found)
    return (found, nil)
  }

  private func compareCategories(_ counts: String, _ found: inout Drift.ColumnDrift) throws {
    let name = found.column
    let table = try query("SELECT v, a, b FROM \(counts) WHERE v IS NOT NULL ORDER BY a DESC, b DESC, v", name)
    let all = (0..<table.rowCount).map { row in
      Drift.Part(
        label: table.text(row, 0) ?? "", baseline: table.value(row, 1).whole, current: table.value(row, 2).whole)
    }
    setDistances(all, &found)
    if found.baselineRows > 0, found.currentRows > 0 {
      found.new = Self.changes(all.filter { $0.baseline == 0 }, \.current)
      found.vanished = Self.changes(all.filter { $0.current == 0 }, \.baseline)
    }
    let order = all.sorted { max($0.baseline, $0.current) > max($1.baseline, $1.current) }
    found.parts = Array(order.prefix(Self.shownCategories))
    let rest = order.dropFirst(Self.shownCategories)
    if !rest.isEmpty {
      found.parts.append(
        .init(
          label: "\(Numbers.grouped(rest.count)) others", baseline: rest.reduce(0) { $0 + $1.baseline },
          current: rest.reduce(0) { $0 + $1.current }))
    }
  }

  private static func changes(_ parts: [Drift.Part], _ rows: KeyPath<Drift.Part, Int>) -> Drift.Categories {
    let sorted = parts.sorted { $0[keyPath: rows] > $1[keyPath: rows] }
    return Drift.Categories(
      count: parts.count, rows: parts.reduce(0) { $0 + $1[keyPath: rows] },
      top: sorted.prefix(shownChanges).map { .init(value: $0.label, rows: $0[keyPath: rows]) })
  }

  private func compareNumbers(_ pair: Pair, _ counts: String, _ found: inout Drift.ColumnDrift) throws {
    let name = found.column
    guard found.baselineRows > 0 else { return }
    let edges = try deciles(counts, found.baselineRows, name)
    let cases = edges.enumerated().map { "WHEN v <= \(SQL.literal(.real($0.element))) THEN \($0.offset)" }
    let bin = cases.isEmpty ? "0" : "CASE \(cases.joined(separator: " ")) ELSE \(edges.count) END"
    let table = try query(
      "SELECT \(bin) AS bin, sum(a), sum(b) FROM \(counts) WHERE v IS NOT NULL GROUP BY bin ORDER BY bin", name)
    let text = AxisText(Self.scale(pair, edges))
    var parts = (0...edges.count).map { place -> Drift.Part in
      let from = place > 0 ? "(" + text.text(edges[place - 1]) : "(-∞"
      let to = place < edges.count ? text.text(edges[place]) + "]" : "∞)"
      let label = edges.isEmpty ? "all" : "\(from), \(to)"
      return .init(label: label, baseline: 0, current: 0)
    }
    for row in 0..<table.rowCount {
      let place = table.value(row, 0).whole
      (parts[place].baseline, parts[place].current) = (table.value(row, 1).whole, table.value(row, 2).whole)
    }
    found.parts = parts
    setDistances(parts, &found)
    let means = try query(
      """
      SELECT sum(v * (a / \(found.baselineRows))), sum(v * (b / \(max(1, found.currentRows)))) FROM \(counts)
      WHERE v IS NOT NULL
      """, name)
    found.baselineMean = means.value(0, 0).number
    guard found.currentRows > 0 else { return }
    found.currentMean = means.value(0, 1).number
    let steps = try query(
      """
      SELECT max(abs(x / \(found.baselineRows) - y / \(found.currentRows))) FROM (
      SELECT CAST(sum(a) OVER w AS DOUBLE) AS x, CAST(sum(b) OVER w AS DOUBLE) AS y FROM \(counts) WHERE v IS NOT NULL
      WINDOW w AS (ORDER BY v))
      """, name)
    let statistic = steps.value(0, 0).number ?? 0
    let test = KolmogorovSmirnov.probability(
      distance: statistic, first: found.baselineRows, second: found.currentRows)
    found.distance = .init(statistic: statistic, probability: test.value, isExact: test.isExact)
  }

  /// Values that part the baseline into tenths (linear between order statistics), rising and different, none of them the
  /// largest value: each interval ends with one.
  private func deciles(_ counts: String, _ rows: Int, _ name: String) throws -> [Double] {
    let positions = (1..<Self.bins).map { Double($0) / Double(Self.bins) * Double(rows - 1) }
    let items = positions.flatMap { position in
      [Int(position), min(Int(position) + 1, rows - 1)].map { "min(v) FILTER (c > \($0))" }
    }
    let table = try query(
      """
      SELECT max(v), \(items.joined(separator: ", ")) FROM (
      SELECT v, sum(a) OVER (ORDER BY v) AS c FROM \(counts) WHERE v IS NOT NULL AND a > 0)
      """, name)
    let largest = table.value(0, 0).number ?? 0
    var edges: [Double] = []
    for (index, position) in positions.enumerated() {
      guard let lower = table.value(0, 1 + 2 * index).number, let upper = table.value(0, 2 + 2 * index).number else {
        continue
      }
      let part = position - position.rounded(.down)
      let edge = lower == upper ? lower : lower + part * (upper - lower)
      if edge < largest, edge > edges.last ?? -.infinity { edges.append(edge) }
    }
    return edges
  }

  private static func scale(_ pair: Pair, _ edges: [Double]) -> ColumnInspection.NumberFigures.Scale {
    switch pair.before.kind {
    case .date where pair.after.kind == .date: .date
    case .date, .timestamp: .timestamp
    case .time: .time
    case .integer where edges.allSatisfy { $0 == $0.rounded() }: .integer
    case .integer, .real, .boolean, .text, .other: .number
    }
  }

  private func setDistances(_ parts: [Drift.Part], _ found: inout Drift.ColumnDrift) {
    let counts = parts.map { (baseline: Double($0.baseline), current: Double($0.current)) }
    found.psi = DriftMeasure.stabilityIndex(counts)
    found.divergence = DriftMeasure.divergence(counts)
    found.psiByChance = DriftMeasure.byChance(parts: parts.count, found.baselineRows, found.currentRows)
  }

  private func judge(_ found: inout Drift.ColumnDrift) {
    guard let change = found.missingChange, found.baselineRows + found.currentRows > 0 else { return }
    var level = 0
    if let psi = found.psi, psi >= 0.1, psi > found.psiByChance ?? 0 {
      level = psi >= 0.25 ? 2 : 1
      found.reasons.append("PSI \(Numbers.fixed(psi, 2))")
    }
    if abs(change) >= 0.05 {
      level = max(level, abs(change) >= 0.2 ? 2 : 1)
      found.reasons.append("\(Numbers.fixed(abs(100 * change), 1)) points \(change > 0 ? "more" : "fewer") missing")
    }
    if found.new.count > 0 {
      level = max(level, 1)
      let noun = found.new.count == 1 ? "new category" : "new categories"
      found.reasons.append("\(Numbers.grouped(found.new.count)) \(noun)")
    }
    found.verdict = level == 0 ? .stable : level == 1 ? .shifted : .drifted
  }
}
