import Foundation
import Frame
import Testing

@testable import Flow

/// The recorded cases of the transforms, as their own tests read them.
enum RecordedCases {
  struct File: Decodable {
    struct Table: Decodable {
      struct Column: Decodable {
        var name: String
        var type: String?
        var values: [Parameter]
      }

      var columns: [Column]
    }

    struct Case: Decodable {
      var name: String
      var operation: Flow.Operation
      var input: String
      var others: [String]?
    }

    var inputs: [String: Table]
    var cases: [Case]
  }

  /// What the tests of the transforms record.
  static func files() throws -> [File] {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let folder = tests.appendingPathComponent("FlowTests/Cases")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
      try JSONDecoder().decode(File.self, from: Data(contentsOf: folder.appendingPathComponent($0)))
    }
  }

  /// The table as a SELECT of DuckDB.
  static func sql(_ table: File.Table) -> String {
    let rows = table.columns.first?.values.count ?? 0
    let casts = table.columns.map { column in
      let type = column.type ?? inferred(column.values)
      return "CAST(\(SQL.identifier(column.name)) AS \(type)) AS \(SQL.identifier(column.name))"
    }
    let lines = (0..<rows).map { row in "(\(table.columns.map { literal($0.values[row]) }.joined(separator: ", ")))" }
    let nothing = "(SELECT \(table.columns.map { _ in "NULL" }.joined(separator: ", ")) WHERE false)"
    let from = rows == 0 ? nothing : "(VALUES \(lines.joined(separator: ", ")))"
    return "SELECT \(casts.joined(separator: ", ")) FROM \(from) t(\(SQL.identifiers(table.columns.map(\.name))))"
  }

  private static func inferred(_ values: [Parameter]) -> String {
    if values.contains(where: { $0.text != nil }) { return "VARCHAR" }
    if values.contains(where: { $0.flag != nil }) { return "BOOLEAN" }
    return values.compactMap(\.number).allSatisfy { $0 == $0.rounded() && $0.isFinite } ? "BIGINT" : "DOUBLE"
  }

  private static func literal(_ parameter: Parameter) -> String {
    switch parameter {
    case .missing: "NULL"
    case .text(let text): SQL.text(text)
    case .flag(let flag): flag ? "TRUE" : "FALSE"
    case .number(let number):
      number == number.rounded() && abs(number) < 1e15 ? "\(Int64(number))" : SQL.literal(.real(number))
    case .list(let items): SQL.text("[" + items.map { $0.text ?? "\($0)" }.joined(separator: ", ") + "]")
    case .record: "NULL"
    }
  }

  /// A step over the tables of a case, here and on the cluster.
  struct Placed {
    var graph = FlowGraph()
    var relations: [StepID: Relation] = [:]
    var tables: [StepID: String] = [:]
    var step: StepID
  }

  /// - Throws: `FlowError.cannot` for tables with times of day.
  static func place(_ item: File.Case, _ file: File, _ bench: Bench) throws -> Placed {
    var graph = FlowGraph()
    var relations: [StepID: Relation] = [:]
    var tables: [StepID: String] = [:]
    func source(_ name: String) throws -> StepID {
      let id = graph.addSource(Source(location: name), name: name)
      let sql = Self.sql(try #require(file.inputs[name]))
      let schema = try bench.database.describe(sql)
      if schema.contains(where: { $0.kind == .time }) {
        throw FlowError.cannot("run", step: id, because: "times of day: bring the rows here")
      }
      relations[id] = Relation(sql: sql, schema: schema)
      tables[id] = try bench.view(sql)
      return id
    }
    let first = try source(item.input)
    let others = try (item.others ?? []).map(source)
    let step = try graph.add(item.operation, after: first, and: others)
    return Placed(graph: graph, relations: relations, tables: tables, step: step)
  }
}
