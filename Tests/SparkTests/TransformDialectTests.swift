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
  /// Kinds of steps that look along rows, spread lists or are SQL of a user: some of each have to run there.
  private static let needed: Set = [
    "window", "rolling-features", "lag-features", "fill-series", "standardise-length", "split", "drop-duplicates",
    "pivot",
    "unpivot", "explode", "flatten", "unnest", "sql", "reweigh", "resample-groups",
  ]

  @Test func transformsGiveTheSameRowsThereAsHere() throws {
    let bench = try Bench()
    var (said, refused): ([String: Int], [String: Int]) = ([:], [:])
    var reasons: Set<String> = []
    for file in try RecordedCases.files() {
      for item in file.cases {
        let kind = item.operation.kind.rawValue
        // Sail's deviation of equal huge numbers is none.
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
    for kind in Self.needed { #expect(said[kind] ?? 0 > 0, "\(kind)\n\(counts)") }
    print(counts, reasons.sorted().joined(separator: "\n"))
  }

  private func isEqual(_ item: RecordedCases.File.Case, _ file: RecordedCases.File, _ bench: Bench) throws -> Bool {
    let placed = try RecordedCases.place(item, file, bench)
    let (relations, tables, step) = (placed.relations, placed.tables, placed.step)
    let graph = try Fitter(bench.database).fitted(placed.graph, upTo: step, relations: relations)
    let compiler = Compiler(graph, relations: relations)
    let relation = try compiler.clusterRelation(of: step, tables: tables)
    try bench.cluster(tables).checkOrders(of: step, in: graph, relations: relations)
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

  @Test func theDeviationOfAGroupWithInfinitiesIsMissingThereToo() throws {
    let bench = try Bench()
    let sql = """
      SELECT g, CAST(x AS DOUBLE) AS x FROM (VALUES ('one', '1'), ('one', 'inf'), ('one', '3'), ('two', '-inf'), ('two', 'inf'),
      ('three', '1'), ('three', '4'), ('four', '7'), ('five', 'nan'), ('five', '2'), ('five', '6')) t(g, x)
      """
    var graph = FlowGraph()
    let first = graph.addSource(Source(location: "data"))
    let statistics: [Parameter] = ["std", "var", "mean", "sum"].map { ["function": .text($0), "column": "x"] }
    let groups = Parameters(["keys": ["g"], "aggregates": .list(statistics)])
    let step = try graph.add(.transform(TransformSpec("group-by", groups)), after: first)
    let relations = [first: Relation(sql: sql, schema: try bench.database.describe(sql))]
    let compiler = Compiler(graph, relations: relations)
    let relation = try compiler.clusterRelation(of: step, tables: [first: try bench.view(sql)])
    let here = try bench.here(compiler.sql(for: step))
    #expect(try bench.there(relation.sql, relation.schema) == here)
    #expect(here.contains("one | · | · | inf | inf"), "\(here)")
  }
}
