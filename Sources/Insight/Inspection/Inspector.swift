// Measures one column in depth.
//
// The values are counted into a table first, one row a value: every later figure is then exact and costs no pass over the
// rows. A column of very many different values in a very large table is measured as it stands, with estimates where
// exact figures would need a sort of everything.

import Foundation
import Frame
import Jobs

/// Looks at one column in depth.
/// - Parameter target: the column whose association is measured; nil, or the column itself, for none.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func inspection(
  of column: String, target: String? = nil, relation: String, schema: Schema, in database: Database,
  context: any JobContext = SilentContext()
) throws -> ColumnInspection {
  let inspector = Inspector(
    column: try schema.required(column), target: try target.map(schema.required), relation: relation,
    database: database, context: context)
  return try inspector.run()
}

struct Inspector {
  let column: Column
  let target: Column?
  let relation: String
  let database: Database
  let context: any JobContext
  /// More different values than this are not counted one by one.
  var mostValues = 2_000_000
  static let topCount = 12

  var axis: AxisColumn? { try? AxisColumn(column, advice: "") }

  func run() throws -> ColumnInspection {
    let source = SQL.subquery(relation)
    let value = axis?.sql ?? "CAST(\(SQL.identifier(column.name)) AS VARCHAR)"
    let first = try database.query(
      "SELECT count(*), count(v), approx_count_distinct(v) FROM (SELECT \(value) AS v FROM \(source))",
      context: context, note: "counting \(column.name)")
    let rows = first.value(0, 0).whole
    let present = first.value(0, 1).whole
    var found = ColumnInspection(
      name: column.name, kind: column.kind, type: column.type, rows: rows, missing: rows - present, distinct: 0,
      top: [], flags: [], isEstimated: first.value(0, 2).whole > mostValues)
    guard present > 0 else {
      found.flags = rows > 0 ? [.empty] : []
      return found
    }
    let copy = "assay_inspect_\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
    defer { try? database.execute("DROP TABLE IF EXISTS \(copy)") }
    var counts = "(SELECT v, 1::BIGINT AS n FROM (SELECT \(value) AS v FROM \(source)) WHERE v IS NOT NULL)"
    if !found.isEstimated {
      try database.execute(
        """
        CREATE TABLE \(copy) AS SELECT v, count(*) AS n FROM (SELECT \(value) AS v FROM \(source))
        WHERE v IS NOT NULL GROUP BY v
        """, context: context, note: "counting \(column.name)")
      counts = copy
    }
    try measure(counts, estimate: first.value(0, 2).whole, &found)
    try associate(counts, source, &found)
    found.flags = flags(found)
    return found
  }

  private func measure(_ counts: String, estimate: Int, _ found: inout ColumnInspection) throws {
    let finite = axis == nil ? "v" : "CASE WHEN isnan(v) THEN NULL ELSE v END"
    found.distinct =
      found.isEstimated
      ? min(estimate, found.rows - found.missing)
      : try database.query("SELECT count(\(finite)) FROM \(counts)", context: context).value(0, 0).whole
    if axis != nil { found.numbers = try NumberMeasure(self, counts, isEstimated: found.isEstimated).run() }
    if column.kind == .text {
      let table = try database.query(
        """
        SELECT min(length(v)), max(length(v)), sum(length(v) * n) / sum(n), sum(n) FILTER (trim(v, chr(9) || chr(10)
        || chr(13) || ' ') = '') FROM \(counts)
        """, context: context, note: "measuring \(column.name)")
      found.texts = ColumnInspection.TextFigures(
        shortest: table.value(0, 0).whole, longest: table.value(0, 1).whole,
        meanLength: table.value(0, 2).number ?? 0, blank: table.value(0, 3).whole)
    }
    guard !found.isEstimated else { return }
    let top = try database.query(
      "SELECT v, n FROM \(counts) ORDER BY n DESC, v LIMIT \(Self.topCount)", context: context)
    found.top = (0..<top.rowCount).map { row in
      ColumnInspection.Count(value: shown(top.value(row, 0)), count: top.value(row, 1).whole)
    }
  }

  /// A value of the counts as the column's own text.
  private func shown(_ value: Value) -> String {
    guard let number = value.number, axis != nil else { return String((value.text ?? "").prefix(200)) }
    return AxisText(scale).text(number)
  }

  var scale: ColumnInspection.NumberFigures.Scale {
    switch column.kind {
    case .integer: .integer
    case .date: .date
    case .timestamp: .timestamp
    case .time: .time
    case .real, .boolean, .text, .other: .number
    }
  }

  private func flags(_ found: ColumnInspection) -> [ColumnInspection.Flag] {
    let present = found.rows - found.missing
    var flags: [ColumnInspection.Flag] = []
    if found.distinct <= 1, found.numbers.map({ $0.notANumber == 0 }) ?? true { flags.append(.constant) }
    if Double(found.missing) > 0.5 * Double(found.rows) { flags.append(.mostlyMissing) }
    let canBeID = column.kind == .text || column.kind == .integer
    if canBeID, present >= 20, Double(found.distinct) >= 0.95 * Double(present), !isMeasure(found) {
      flags.append(.identifier)
    }
    if let association = found.association {
      let auc = association.auc.map { max($0, 1 - $0) } ?? 0
      if auc > 0.95 || association.explained > 0.9 || abs(association.correlation ?? 0) > 0.98 {
        flags.append(.leakage)
      }
    }
    if let numbers = found.numbers, abs(numbers.skew ?? 0) > 2 { flags.append(.skewed) }
    if let texts = found.texts, texts.blank > 0 { flags.append(.blankTexts) }
    if let numbers = found.numbers, numbers.notANumber + numbers.infinite > 0 { flags.append(.notFinite) }
    return flags
  }

  /// Whole numbers that are nearly all different need not be ids: those that leave most of their range out, or have a
  /// tail, are measured or counted.
  private func isMeasure(_ found: ColumnInspection) -> Bool {
    guard column.kind == .integer, let numbers = found.numbers else { return false }
    let range = numbers.max - numbers.min + 1
    return Double(found.distinct) < 0.5 * range || abs(numbers.skew ?? 0) > 0.5
  }
}

/// Positions on an axis as the column writes them.
public struct AxisText: Sendable {
  public let scale: ColumnInspection.NumberFigures.Scale

  public init(_ scale: ColumnInspection.NumberFigures.Scale) { self.scale = scale }

  /// The value in full.
  public func text(_ number: Double) -> String {
    guard number.isFinite else { return Value.real(number).text ?? "" }
    let micros = (number * 1e6).rounded()
    let isTime = abs(micros) < 9.2e18
    switch scale {
    case .integer where abs(number) < 9e15: return String(Int64(number.rounded()))
    case .date where isTime: return CalendarText.date(days: Int32(clamping: Int64((number / 86_400).rounded(.down))))
    case .timestamp where isTime: return CalendarText.timestamp(micros: Int64(micros))
    case .time where isTime && micros >= 0: return CalendarText.time(micros: Int64(micros))
    case .number, .integer, .date, .timestamp, .time: return Value.real(number).text ?? ""
    }
  }
}
