import Foundation
import Frame
import Jobs
import ProgramDriver
import Testing

@testable import Flow
@testable import Spark

/// Every recorded case of every transform that the cluster can say gives the rows there that it gives here.
@Suite(.serialized, .enabled(if: SparkServer.isThere, "\(LocalServer.missing)"))
struct TransformDialectTests {
  private struct File: Decodable {
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
  private static func files() throws -> [File] {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let folder = tests.appendingPathComponent("FlowTests/Cases")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
      try JSONDecoder().decode(File.self, from: Data(contentsOf: folder.appendingPathComponent($0)))
    }
  }

  @Test func transformsGiveTheSameRowsThereAsHere() throws {
    let bench = try Bench()
    var (said, refused): ([String: Int], [String: Int]) = ([:], [:])
    var reasons: Set<String> = []
    for file in try Self.files() {
      for item in file.cases {
        let kind = item.operation.kind.rawValue
        // Sail's deviation of equal huge numbers is none, and of infinite ones no number.
        if item.name.hasPrefix("huge numbers"), !SparkServer.isSpark { continue }
        do {
          if try isEqual(item, file, bench) { said[kind, default: 0] += 1 }
        } catch FlowError.cannot(_, _, let reason) {
          refused[kind, default: 0] += 1
          reasons.insert("\(kind): \(reason)")
          #expect(reason.contains("bring the rows here"), "\(item.name): \(reason)")
        } catch {
          Issue.record("\(kind), \(item.name): \(error)")
        }
      }
    }
    let counts = "said \(said.sorted { $0.key < $1.key })\nrefused \(refused.sorted { $0.key < $1.key })\n"
    #expect(said.values.reduce(0, +) >= 100, "\(counts)\(reasons.sorted().joined(separator: "\n"))")
    print(counts, reasons.sorted().joined(separator: "\n"))
  }

  private func isEqual(_ item: File.Case, _ file: File, _ bench: Bench) throws -> Bool {
    var graph = FlowGraph()
    var relations: [StepID: Relation] = [:]
    var tables: [StepID: String] = [:]
    func source(_ name: String) throws -> StepID {
      let id = graph.addSource(Source(location: name), name: name)
      let sql = Self.sql(try #require(file.inputs[name]))
      let schema = try bench.database.describe(sql)
      if schema.contains(where: { $0.kind == .other || $0.kind == .time }) {
        throw FlowError.cannot("run", step: id, because: "nested values: bring the rows here")
      }
      relations[id] = Relation(sql: sql, schema: schema)
      tables[id] = try bench.view(sql)
      return id
    }
    let first = try source(item.input)
    let others = try (item.others ?? []).map(source)
    let step = try graph.add(item.operation, after: first, and: others)
    graph = try Fitter(bench.database).fitted(graph, upTo: step, relations: relations)
    let compiler = Compiler(graph, relations: relations)
    let relation = try compiler.clusterRelation(of: step, tables: tables)
    let here = try bench.here(compiler.sql(for: step))
    let there: [String]
    do {
      there = try bench.there(relation.sql, relation.schema)
    } catch {
      Issue.record("\(item.operation.kind), \(item.name): \(error)\n\(relation.sql)")
      return false
    }
    #expect(here == there, "\(item.operation.kind), \(item.name)\n\(relation.sql)")
    return here == there
  }

  private static func sql(_ table: File.Table) -> String {
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
}
