import Frame
import ProgramDriver
import Synchronization
import Testing

@testable import Flow
@testable import Spark

/// Steps that go by an order of rows, where rows have none but the one that the step names.
@Suite(.serialized, .enabled(if: SparkServer.isThere, "\(LocalServer.missing)"))
struct RowOrderTests {
  /// Rows of three series, each moment once in each; some values missing, some rows late.
  private static let unique = """
    SELECT 'abc'[1 + i % 3] AS g, TIMESTAMP '2024-01-01' + to_minutes(i * i % 997) AS t, i AS n,
    CASE WHEN i % 4 <> 1 THEN i * 37 % 23 / 4 END AS x FROM range(60) r(i)
    """
  /// Two rows that tie in g and t and differ in n, and two that are equal in all.
  private static let tied = """
    SELECT * FROM (VALUES ('a', DATE '2024-01-01', 1), ('a', DATE '2024-01-02', 2), ('b', DATE '2024-01-01', 3)) v(g, t, n)
    """

  private func window(_ functions: [Parameter]) -> Flow.Operation {
    let order: Parameter = .list([["column": "t"]])
    return .transform(
      TransformSpec("window", Parameters(["partition": ["g"], "order": order, "columns": .list(functions)])))
  }

  /// The rows here and there, and how often the cluster was asked about ties.
  private func compare(_ operation: Flow.Operation, _ sql: String) throws -> (
    here: [String], there: [String], asked: Int
  ) {
    let bench = try Bench()
    var graph = FlowGraph()
    let first = graph.addSource(Source(location: "data"))
    let step = try graph.add(operation, after: first)
    let relations = [first: Relation(sql: sql, schema: try bench.database.describe(sql))]
    let tables = [first: try bench.view(sql)]
    let asked = Mutex(0)
    try bench.cluster(tables) { _ in asked.withLock { $0 += 1 } }.checkOrders(of: step, in: graph, relations: relations)
    let compiler = Compiler(graph, relations: relations)
    let relation = try compiler.clusterRelation(of: step, tables: tables)
    return (
      try bench.here(compiler.sql(for: step)), try bench.there(relation.sql, relation.schema), asked.withLock { $0 }
    )
  }

  static let functions: [Parameter] = [
    ["function": "row-number"], ["function": "lag", "column": "x", "offset": 2], ["function": "lead", "column": "n"],
    ["function": "difference", "column": "x"], ["function": "cumulative-sum", "column": "x"],
    ["function": "cumulative-mean", "column": "x"], ["function": "cumulative-max", "column": "x"],
    ["function": "rolling-mean", "column": "x", "size": 4, "least": 2],
    ["function": "rolling-std", "column": "x", "size": 5, "least": 2],
    ["function": "rolling-sum", "column": "x", "size": 90, "unit": "minute"],
    ["function": "rolling-count", "column": "x", "size": 1, "unit": "day"],
  ]

  @Test(arguments: functions) func aWindowOverMomentsThatComeOnceIsSaidThere(_ function: Parameter) throws {
    let found = try compare(window([function]), Self.unique)
    #expect(found.here == found.there)
    #expect(found.here.count == 60)
  }

  @Test(arguments: ["lag-features", "rolling-features"]) func featuresOfSeriesAreSaidThere(_ id: String) throws {
    let parameters: Parameters = ["columns": ["x"], "time": "t", "ids": ["g"]]
    let found = try compare(.transform(TransformSpec(id, parameters)), Self.unique)
    #expect(found.here == found.there && found.asked == 1)
  }

  @Test(arguments: ["forward", "backward", "interpolate"]) func seriesAreFilledThere(_ method: String) throws {
    let parameters = Parameters(["columns": ["x"], "time": "t", "ids": ["g"], "method": .text(method)])
    let found = try compare(.transform(TransformSpec("fill-series", parameters)), Self.unique)
    #expect(found.here == found.there)
    #expect(found.here.filter { $0.contains("·") }.count < 5)
  }

  @Test func rowsThatTieAndDifferAreRefusedWithTheirNumber() throws {
    let sql = Self.tied + " UNION ALL SELECT 'a', DATE '2024-01-01', 4"
    let error = #expect(throws: FlowError.self) {
      try compare(window([["function": "cumulative-sum", "column": "n"]]), sql)
    }
    guard case .cannot(_, _, let reason)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(
      reason
        == "window: one set of rows ties in its order (g, t), and rows of a cluster have no other: add a column to the "
        + "order that tells them apart, or bring the rows here before it")
  }

  @Test func rowsThatAreEqualInAllColumnsTakeEachOthersPlace() throws {
    let sql = Self.tied + " UNION ALL " + Self.tied
    let found = try compare(window([["function": "row-number"], ["function": "lag", "column": "n"]]), sql)
    #expect(found.here == found.there && found.asked == 2, "it counts ties, and then those of rows that differ")
    let once = try compare(.transform(TransformSpec("drop-duplicates", [:])), sql)
    #expect(once.there.count == 3 && once.here == once.there && once.asked == 0)
  }

  @Test func whatDoesNotHangOnTiesAsksNothing() throws {
    let sql = Self.tied + " UNION ALL SELECT 'a', DATE '2024-01-01', 4"
    let ranks: [Parameter] = [
      ["function": "rank"], ["function": "dense-rank"],
      ["function": "rolling-sum", "column": "n", "size": 2, "unit": "day"],
    ]
    let found = try compare(window(ranks), sql)
    #expect(found.here == found.there && found.asked == 0)
  }

  @Test func withoutAnOrderNothingIsAsked() throws {
    let parameters: Parameters = ["columns": ["g"]]
    let error = #expect(throws: FlowError.self) {
      try compare(.transform(TransformSpec("drop-duplicates", parameters)), Self.tied)
    }
    #expect(error.map { "\($0)" }?.contains("rows have no order there") == true)
  }
}
