import Foundation
import Frame
import Jobs
import ProgramDriver
import Synchronization
import Testing

@testable import Flow
@testable import Spark

/// What steps learn on a cluster is what they learn here.
@Suite(.serialized, .enabled(if: SparkServer.isThere, "\(LocalServer.missing)"))
struct FitDialectTests {
  /// What the cluster was asked.
  private final class Asked: Sendable {
    private let questions = Mutex<[String]>([])
    var all: [String] { questions.withLock { $0 } }
    func note(_ sql: String) { questions.withLock { $0.append(sql) } }
  }

  private func fitter(_ placed: RecordedCases.Placed, _ bench: Bench, _ asked: Asked) -> Fitter {
    Fitter(bench.database, cluster: bench.cluster(placed.tables) { asked.note($0) })
  }

  /// Kinds of steps that learn of one column at a time, or of a few: each has to learn there.
  private static let needed: Set = [
    "scale", "outliers", "bin", "encode-ordinal", "encode-one-hot", "encode-frequency", "replace-rare", "power",
    "quantile-transform", "drop-missing-columns", "pivot", "pca", "reweigh", "resample-groups", "sql", "explode",
    "split",
  ]

  @Test func stepsLearnThereWhatTheyLearnHere() throws {
    let bench = try Bench()
    var (learnt, refused): ([String: Int], [String: Int]) = ([:], [:])
    var reasons: Set<String> = []
    for file in try RecordedCases.files() {
      for item in file.cases where item.operation.learns {
        let kind = item.operation.kind.rawValue
        // Sail's deviation of equal huge numbers is none.
        if item.name.hasPrefix("huge numbers"), !SparkServer.isSpark { continue }
        let asked = Asked()
        do {
          let placed = try RecordedCases.place(item, file, bench)
          let here: FlowGraph
          do {
            here = try Fitter(bench.database).fitted(placed.graph, upTo: placed.step, relations: placed.relations)
          } catch {
            continue
          }
          let there = try fitter(placed, bench, asked)
            .fitted(placed.graph, upTo: placed.step, relations: placed.relations)
          guard let first = here[placed.step], let second = there[placed.step] else { continue }
          // The types of columns can be all that a step learns.
          #expect(!asked.all.isEmpty || ["sql", "explode", "unnest"].contains(kind), "\(item.name)")
          let (own, other) = (
            first.learned.map { Parameter.record($0.values) }, second.learned.map { Parameter.record($0.values) }
          )
          // An exponent is looked for until the likelihood hardly changes.
          let digits = kind == "power" ? 1e-6 : 1e-10
          let isEqual = Self.isClose(own, other, digits) && Self.isClose(first.fitted, second.fitted)
          #expect(
            isEqual,
            """
            \(kind), \(item.name): here \(String(describing: first.learned)) \(String(describing: first.fitted))
            there \(String(describing: second.learned)) \(String(describing: second.fitted))
            \(asked.all.joined(separator: "\n"))
            """)
          learnt[kind, default: 0] += 1
        } catch FlowError.cannot(_, _, let reason) {
          refused[kind, default: 0] += 1
          reasons.insert("\(kind): \(reason)")
          #expect(reason.contains("bring the rows here"), "\(item.name): \(reason)")
        } catch {
          Issue.record("\(kind), \(item.name): \(error)\n\(asked.all.last ?? "")")
        }
      }
    }
    let counts = "learnt \(learnt.sorted { $0.key < $1.key })\nrefused \(refused.sorted { $0.key < $1.key })\n"
    print(counts, reasons.sorted().joined(separator: "\n"))
    for kind in Self.needed { #expect(learnt[kind] ?? 0 > 0, "\(kind)\n\(counts)") }
  }

  /// Numbers to some digits: sums come in another order there.
  private static func isClose(_ first: Parameter?, _ second: Parameter?, _ digits: Double) -> Bool {
    switch (first, second) {
    case (nil, nil): return true
    case (.number(let one)?, .number(let other)?):
      return one == other || abs(one - other) <= digits * max(1, abs(one)) || (one.isNaN && other.isNaN)
    case (.list(let one)?, .list(let other)?):
      return one.count == other.count && zip(one, other).allSatisfy { isClose($0, $1, digits) }
    case (.record(let one)?, .record(let other)?):
      return one.keys.sorted() == other.keys.sorted() && one.allSatisfy { isClose($1, other[$0], digits) }
    default: return first == second
    }
  }

  private static func isClose(_ first: [String: Value]?, _ second: [String: Value]?) -> Bool {
    guard let first, let second else { return first == nil && second == nil }
    return first.keys.sorted() == second.keys.sorted()
      && first.allSatisfy { name, value in
        guard case .real(let one) = value, case .real(let other)? = second[name] else { return value == second[name] }
        return abs(one - other) <= 1e-10 * max(1, abs(one))
      }
  }

  @Test(arguments: ["mean", "median", "mode"]) func dataOfAllKindsAreFilledAsHere(_ word: String) throws {
    let bench = try Bench()
    let sql = """
      SELECT CASE WHEN i % 7 <> 0 THEN i * i % 23 END AS n, CASE WHEN i % 5 <> 0 THEN i / 8.0 END AS x,
      CASE WHEN i % 6 <> 0 THEN 'v' || (i % 4) END AS t, CASE WHEN i % 3 <> 0 THEN DATE '2021-03-01' + (i % 11)::INT END AS d,
      CASE WHEN i % 4 <> 0 THEN TIMESTAMP '2021-03-01 10:00:00.5' + to_minutes(i % 13) END AS m
      FROM range(60) r(i)
      """
    let strategy: ImputeStrategy = word == "mean" ? .mean : word == "median" ? .median : .mode
    var graph = FlowGraph()
    let first = graph.addSource(Source(location: "data"))
    let relation = Relation(sql: sql, schema: try bench.database.describe(sql))
    let columns = relation.schema.filter { strategy.fault(for: $0) == nil }
    let step = try graph.add(.impute(columns.map { ImputeRule($0.name, strategy) }), after: first)
    let placed = RecordedCases.Placed(
      graph: graph, relations: [first: relation], tables: [first: try bench.view(sql)], step: step)
    let here = try Fitter(bench.database).fitted(graph, upTo: step, relations: placed.relations)
    let there = try fitter(placed, bench, Asked()).fitted(graph, upTo: step, relations: placed.relations)
    #expect(!columns.isEmpty)
    #expect(
      Self.isClose(here[step]?.fitted, there[step]?.fitted),
      "\(String(describing: here[step]?.fitted)) \(String(describing: there[step]?.fitted))")
  }

  @Test func aStepAfterOneThatTheClusterCannotSayIsRefusedByName() throws {
    let bench = try Bench()
    let sql = "SELECT i AS n, i / 8.0 AS x FROM range(20) r(i)"
    var graph = FlowGraph()
    let first = graph.addSource(Source(location: "data"))
    let sampled = try graph.add(.sample(.random(5, seed: 1)), after: first)
    let step = try graph.add(.impute([ImputeRule("x", .mean)]), after: sampled)
    let placed = RecordedCases.Placed(
      graph: graph, relations: [first: Relation(sql: sql, schema: try bench.database.describe(sql))],
      tables: [first: try bench.view(sql)], step: step)
    let error = #expect(throws: FlowError.self) {
      try fitter(placed, bench, Asked()).fitted(graph, upTo: step, relations: placed.relations)
    }
    #expect(error?.step == sampled)
  }
}
