// The description of a table as a table: one row a column.

import Frame
import Jobs

/// What the columns of a description hold, in their order.
public enum DescriptionRole: String, CaseIterable, Sendable {
  case column, kind, type, missing
  case missingShare = "missing %"
  case distinct, min, max, mean, sd, q1, median, q3, mode
  /// The share of all rows that have the mode, 0 to 1.
  case modeShare = "mode %"
  /// Counts of equal parts of the range of a number or time, or of the most frequent values, with commas between.
  case shape
  /// Which of the figures are estimates: `distinct`, `quantiles`, `top`, with blanks between.
  case approximate
}

/// The SELECT whose rows describe the columns of a table, in their order.
/// - Throws: `FrameError` or `JobCancelled`.
public func descriptionTable(
  _ relation: String, schema: Schema, in database: Database, context: any JobContext = SilentContext()
) throws -> String {
  let table = try profile(relation, schema: schema, in: database, context: context)
  let header = try headerProfile(
    of: schema.map(\.name), rows: 100_000, relation: relation, schema: schema, in: database, context: context)
  let shapes = Dictionary(header.map { ($0.column, $0) }, uniquingKeysWith: { first, _ in first })
  let rows = table.columns.enumerated().map { index, column in
    let cells = DescriptionRole.allCases.map { cell($0, column, rows: table.rows, shapes[column.name]) }
    return "(\(index), \(cells.joined(separator: ", ")))"
  }
  let names = SQL.identifiers(["position"] + DescriptionRole.allCases.map(\.rawValue))
  let kept = SQL.identifiers(DescriptionRole.allCases.map(\.rawValue))
  guard !rows.isEmpty else { return "SELECT \(kept) FROM (SELECT \(emptyRow)) t(\(names)) WHERE false" }
  return "SELECT \(kept) FROM (VALUES \(rows.joined(separator: ", "))) t(\(names)) ORDER BY position"
}

private let emptyRow = (["0"] + DescriptionRole.allCases.map { cast(.null, $0) }).joined(separator: ", ")

private func cast(_ value: Value, _ role: DescriptionRole) -> String {
  let type =
    switch role {
    case .missing, .distinct: "BIGINT"
    case .missingShare, .mean, .sd, .modeShare: "DOUBLE"
    case .column, .kind, .type, .min, .max, .q1, .median, .q3, .mode, .shape, .approximate: "VARCHAR"
    }
  return "CAST(\(SQL.literal(value)) AS \(type))"
}

private func cell(_ role: DescriptionRole, _ column: ColumnProfile, rows: Int, _ header: HeaderProfile?) -> String {
  func text(_ value: Value?) -> Value { value.flatMap(\.text).map(Value.text) ?? .null }
  func number(_ value: Double?) -> Value { value.map(Value.real) ?? .null }
  func share(_ count: Int) -> Value { rows == 0 ? .null : .real(Double(count) / Double(rows)) }
  let value: Value =
    switch role {
    case .column: .text(column.name)
    case .kind: .text(column.kind.rawValue)
    case .type: .text(column.type)
    case .missing: .integer(Int64(column.missing))
    case .missingShare: share(column.missing)
    case .distinct: .integer(Int64(column.distinct))
    case .min: text(column.min)
    case .max: text(column.max)
    case .mean: number(column.mean)
    case .sd: number(column.stddev)
    case .q1: text(column.quantiles["0.25"])
    case .median: text(column.quantiles["0.5"])
    case .q3: text(column.quantiles["0.75"])
    case .mode: text(column.top.first?.value)
    case .modeShare: column.top.first.map { share($0.count) } ?? .null
    case .shape: .text(shape(column, header))
    case .approximate: .text(column.approximate.map(\.rawValue).joined(separator: " "))
    }
  return cast(value, role)
}

private func shape(_ column: ColumnProfile, _ header: HeaderProfile?) -> String {
  let counts = header?.bins ?? column.top.prefix(5).map { Double($0.count) }
  return counts.map { String(Int($0)) }.joined(separator: ",")
}
