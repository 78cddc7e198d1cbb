import Foundation
import Frame
import Testing

@testable import Flow

/// Results of pandas, scikit-learn and others for the same input, recorded with the versions that made them.
struct CaseFile: Decodable {
  struct Table: Decodable {
    struct Column: Decodable {
      var name: String
      /// DuckDB's name of the type.
      var type: String?
      var values: [Parameter]
    }

    var columns: [Column]
  }

  struct Case: Decodable {
    var name: String
    var operation: Flow.Operation
    var input: String
    /// Inputs beside the first, such as the right side of a join.
    var others: [String]?
    /// Another input that the fitted step is applied to; `expected` is its result then.
    var apply: String?
    var expected: Table
    /// Largest difference of numbers, relative above 1; 1e-9 where none is given.
    var tolerance: Double?
    /// The rows may come in any order.
    var unordered: Bool?
  }

  /// Programs and their versions.
  var madeWith: [String: String]
  var inputs: [String: Table]
  var cases: [Case]

  init(named file: String) throws {
    let url = try #require(Bundle.module.resourceURL).appendingPathComponent("Cases/\(file)")
    self = try JSONDecoder().decode(CaseFile.self, from: Data(contentsOf: url))
  }
}

struct RecordedCasesTests {
  static let files: [String] = {
    let folder = Bundle.module.resourceURL?.appendingPathComponent("Cases")
    let names = folder.flatMap { try? FileManager.default.contentsOfDirectory(atPath: $0.path) } ?? []
    return names.filter { $0.hasSuffix(".json") }.sorted()
  }()

  @Test(arguments: files) func everyCaseEqualsItsRecord(file: String) throws {
    let cases = try CaseFile(named: file)
    #expect(!cases.madeWith.isEmpty)
    #expect(!cases.cases.isEmpty)
    for item in cases.cases {
      do {
        try check(item, cases, file)
      } catch {
        Issue.record("\(file): \(item.name): \(error)")
      }
    }
  }

  private func check(_ item: CaseFile.Case, _ file: CaseFile, _ name: String) throws {
    let database = try Database()
    var graph = FlowGraph()
    var relations: [StepID: Relation] = [:]
    func source(_ input: String) throws -> StepID {
      let id = graph.addSource(Source(location: input), name: input)
      let sql = try Self.sql(try #require(file.inputs[input], "no input \(input)"))
      relations[id] = Relation(sql: sql, schema: try database.describe(sql))
      return id
    }
    let first = try source(item.input)
    let others = try (item.others ?? []).map(source)
    let step = try graph.add(item.operation, after: first, and: others)
    let fault = Compiler(graph, relations: relations).fault(of: item.operation, after: first, and: others)
    #expect(fault == nil, "\(name): \(item.name)")
    graph = try Fitter(database).fitted(graph, upTo: step, relations: relations)
    if let apply = item.apply {
      let sql = try Self.sql(try #require(file.inputs[apply], "no input \(apply)"))
      relations[first] = Relation(sql: sql, schema: try database.describe(sql))
    }
    if let rows = try Fitter(database).computed(step, in: graph, relations: relations) { relations[step] = rows }
    let relation = try Compiler(graph, relations: relations).relation(of: step)
    let table = try database.query(relation.sql)
    #expect(
      table.columns.map(\.column.name) == relation.schema.map(\.name), "\(name): \(item.name): columns as announced")
    for (made, said) in zip(table.columns, relation.schema) where made.column.kind != said.kind {
      Issue.record("\(name): \(item.name): \(said.name) is \(made.column.kind), announced as \(said.kind)")
    }
    try compare(table, item, "\(name): \(item.name)")
  }

  private func compare(_ table: DataTable, _ item: CaseFile.Case, _ name: String) throws {
    let wanted = item.expected.columns
    #expect(table.columns.map(\.column.name) == wanted.map(\.name), "\(name)")
    guard table.columns.count == wanted.count else { return }
    let rows = wanted.first?.values.count ?? 0
    guard table.rowCount == rows else {
      Issue.record("\(name): \(table.rowCount) rows, not \(rows)")
      return
    }
    var found = (0..<rows).map { row in wanted.indices.map { table.value(row, $0) } }
    var expected = (0..<rows).map { row in wanted.map { $0.values[row] } }
    if item.unordered == true {
      found.sort { "\($0.map { $0.text ?? "~" })" < "\($1.map { $0.text ?? "~" })" }
      expected.sort { "\($0.map(Self.text))" < "\($1.map(Self.text))" }
    }
    for row in 0..<rows {
      for (place, column) in wanted.enumerated() {
        let (value, record) = (found[row][place], expected[row][place])
        guard !Self.equals(value, record, item.tolerance ?? 1e-9) else { continue }
        Issue.record("\(name): row \(row), \(column.name): \(value), not \(Self.text(record))")
        return
      }
    }
  }

  private static func text(_ parameter: Parameter) -> String {
    switch parameter {
    case .text(let text): text
    case .number(let number): number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
    case .flag(let flag): "\(flag)"
    case .missing: "~"
    case .list(let items): "[" + items.map(text).joined(separator: ", ") + "]"
    case .record(let fields): "\(fields)"
    }
  }

  private static func equals(_ value: Value, _ record: Parameter, _ tolerance: Double) -> Bool {
    switch record {
    case .missing: return value.isNull
    case .number(let number):
      guard let found = value.number else { return false }
      if found.isNaN || number.isNaN { return found.isNaN && number.isNaN }
      return found == number || abs(found - number) <= tolerance * max(1, abs(number))
    case .flag(let flag): return value == .bool(flag)
    case .text(let text): return value.text == text
    case .list, .record: return value.text == Self.text(record)
    }
  }

  static func sql(_ table: CaseFile.Table) throws -> String {
    let rows = table.columns.first?.values.count ?? 0
    let names = SQL.identifiers(table.columns.map(\.name))
    let casts = table.columns.map { column in
      let type = column.type ?? inferred(column.values)
      return "CAST(\(SQL.identifier(column.name)) AS \(type)) AS \(SQL.identifier(column.name))"
    }
    let lines = (0..<rows).map { row in
      "(" + table.columns.map { literal($0.values[row]) }.joined(separator: ", ") + ")"
    }
    let values = rows == 0 ? "SELECT \(table.columns.map { _ in "NULL" }.joined(separator: ", ")) WHERE false" : ""
    let from = rows == 0 ? "(\(values))" : "(VALUES \(lines.joined(separator: ", ")))"
    return "SELECT \(casts.joined(separator: ", ")) FROM \(from) t(\(names))"
  }

  private static func inferred(_ values: [Parameter]) -> String {
    if values.contains(where: { $0.text != nil }) { return "VARCHAR" }
    if values.contains(where: { $0.flag != nil }) { return "BOOLEAN" }
    let numbers = values.compactMap(\.number)
    return numbers.allSatisfy { $0 == $0.rounded() && $0.isFinite } ? "BIGINT" : "DOUBLE"
  }

  private static func literal(_ parameter: Parameter) -> String {
    switch parameter {
    case .missing: "NULL"
    case .text(let text): SQL.text(text)
    case .flag(let flag): flag ? "TRUE" : "FALSE"
    case .number(let number):
      number == number.rounded() && abs(number) < 1e15 ? "\(Int64(number))" : SQL.literal(.real(number))
    case .list, .record: SQL.text(text(parameter))
    }
  }
}
