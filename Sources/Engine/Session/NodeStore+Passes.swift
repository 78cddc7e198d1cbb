import Flow
import Frame
import Jobs

/// How a job goes over the rows of a step.
enum Passes: Sendable, Equatable {
  /// As they come: from the file, where they stand in no table.
  case one
  /// More than once, reading some columns; nil for all.
  case several(columns: [String]?)
}

extension AnalysisSpec {
  /// How the analysis goes over rows of these columns.
  /// - Throws: `EngineError` for columns that are not there, or that a chart cannot show.
  func passes(over schema: Schema) throws -> Passes {
    try schema.check(columns)
    if case .chart(let chart) = self, chart.sideBySide == nil, let fault = chart.fault(schema: schema) {
      throw EngineError.chart(fault)
    }
    return switch self {
    // These look at a few rows, and then at all of them once.
    case .summary, .quickModel, .automl: .one
    case .chart(let chart): chart.reads.isEmpty ? .one : .several(columns: chart.reads)
    case .insight(let insight): .several(columns: insight.readsAlone)
    // One query counts the rows; the flip test and the studies go over them again.
    case .bias(let study) where study.kind == .report && study.spec.prediction == nil && study.model == nil: .one
    case .bias, .explanation: .several(columns: nil)
    }
  }
}

extension Schema {
  /// - Throws: `EngineError.noSuchColumn` for the first name that no column has.
  func check(_ names: [String]) throws {
    for name in names where column(named: name) == nil { throw EngineError.noSuchColumn(name, map(\.name)) }
  }
}

extension InsightSpec {
  /// The columns beside which it reads none; nil where it reads them all.
  fileprivate var readsAlone: [String]? {
    switch kind {
    case .quality, .leakage, .lasso, .anomalies, .drift, .comparison: nil
    case .associations, .collinearity, .outliers, .missingness, .duplicates: columns.isEmpty ? nil : columns
    case .patterns, .series: reads
    }
  }
}

extension NodeStore {
  /// Gives `body` the rows of a step. Where it goes over them more than once and they stand in no table, they are read
  /// once into one that is gone when `body` ends, and that spills where memory is short.
  /// - Parameters:
  ///   - passes: gets the columns, and throws where `body` could make nothing of them.
  ///   - body: gets what is left of the context, too.
  func reading<Result>(
    _ request: NodeRequest, _ context: any JobContext, passes: (Schema) throws -> Passes,
    _ body: (NodeRelation, any JobContext) throws -> Result
  ) throws -> Result {
    try reading(request, context) { relation in
      guard case .several(let columns) = try passes(relation.schema), !keepsTables, relation.rows == nil else {
        return try body(relation, context)
      }
      let rest = PartContext(of: context, 0.25...1)
      return try copying(relation.sql, relation.schema, columns, PartContext(of: context, 0...0.25)) {
        try body($0, rest)
      }
    }
  }

  /// Gives `body` a copy of rows that holds some of their columns. Should it read another one after all, it runs again
  /// over a copy of all.
  func copying<Result>(
    _ sql: String, _ schema: Schema, _ columns: [String]?, _ context: any JobContext,
    _ body: (NodeRelation) throws -> Result
  ) throws -> Result {
    let copy = try PassTable(sql, schema, columns, self, context)
    defer { copy.drop() }
    do {
      return try body(copy.relation)
    } catch let error as FrameError where error.what.contains(PassTable.absence) {
      copy.drop()
      return try copying(sql, schema, nil, context, body)
    }
  }
}

/// Rows in a table of the database while several passes over them last.
struct PassTable {
  /// What reading a column that was left out says.
  static let absence = "assay: this column was not copied"

  let relation: NodeRelation
  private let name: String
  private let database: Database

  /// - Parameters:
  ///   - sql: a SELECT of the rows, in order.
  ///   - columns: those that are needed; nil for all.
  init(_ sql: String, _ schema: Schema, _ columns: [String]?, _ nodes: NodeStore, _ context: any JobContext) throws {
    database = nodes.database
    name = "pass_\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
    let needed = columns.map(Set.init)
    // Nested types cannot all be written down, and so there is nothing to put in their place.
    var kept = schema.filter { needed?.contains($0.name) ?? true || $0.kind == .other }
    // Rows without any column can still be counted.
    if kept.isEmpty { kept = Array(schema.prefix(1)) }
    let list = SQL.identifiers(kept.map(\.name))
    nodes.spillsIntoSessionFolder()
    try database.execute(
      "CREATE TABLE \(name) AS SELECT \(list) FROM \(SQL.subquery(sql))", context: context, note: "reading rows")
    let all = Set(kept.map(\.name))
    // The query drops what nobody reads before it runs, and these with it.
    let items = schema.map { column in
      let name = SQL.identifier(column.name)
      return all.contains(column.name)
        ? name : "CAST(error(\(SQL.text(Self.absence))) AS \(column.type)) AS \(name)"
    }
    relation = NodeRelation(
      sql: "SELECT \(items.joined(separator: ", ")) FROM \(name)", schema: schema, rows: try nodes.count(name))
  }

  func drop() { try? database.execute("DROP TABLE IF EXISTS \(name)") }
}
