import Frame
import ProgramDriver
import Testing

@testable import Flow
@testable import Spark

/// Steps that take rows at random, drawn by the cluster: others than here, and as many.
@Suite(.serialized, .enabled(if: SparkServer.isThere, "\(LocalServer.missing)"))
struct DrawTests {
  /// 600 rows, of which every one is there three times; some values missing.
  private static let sql = """
    SELECT i % 200 AS n, CASE WHEN i % 200 % 7 <> 0 THEN i % 200 / 8 END AS x, 'abcd'[1 + i % 200 % 4] AS g,
    CASE WHEN i % 200 % 3 = 0 THEN 'yes' ELSE 'no' END AS y FROM range(600) r(i)
    """

  private let bench: Bench
  private let table: String
  private let relation: Relation

  init() throws {
    bench = try Bench()
    table = try bench.view(Self.sql)
    relation = Relation(sql: Self.sql, schema: try bench.database.describe(Self.sql))
  }

  /// The rows of a step there, in alphabetical order.
  private func drawn(_ operation: Flow.Operation) throws -> [String] {
    var graph = FlowGraph()
    let first = graph.addSource(Source(location: "data"))
    let step = try graph.add(operation, after: first)
    let (relations, tables) = ([first: relation], [first: table])
    let place = FitCluster(tables: tables, draws: true, ask: bench.cluster(tables).ask)
    let fitted = try Fitter(bench.database, cluster: place).fitted(graph, upTo: step, relations: relations)
    try place.checkOrders(of: step, in: fitted, relations: relations)
    let made = try Compiler(fitted, relations: relations).clusterRelation(of: step, tables: tables, draws: true)
    return try bench.there(made.sql, made.schema)
  }

  private func part(_ name: String, _ method: String, seed: Double = 7, _ more: [String: Parameter] = [:]) throws
    -> [String]
  {
    let parts: Parameter = .list([
      ["name": "Train", "share": 0.7], ["name": "Valid", "share": 0.2], ["name": "Test", "share": 0.1],
    ])
    let given: [String: Parameter] = [
      "method": .text(method), "parts": parts, "part": .text(name), "seed": .number(seed),
    ]
    return try drawn(.transform(TransformSpec("split", Parameters(given.merging(more) { $1 }))))
  }

  @Test(arguments: ["random", "stratified", "key"]) func thePartsOfASplitCoverAllRowsAndShareNone(_ method: String)
    throws
  {
    let more: [String: Parameter] = ["stratify": "g", "keys": ["n"]]
    let parts = try ["Train", "Valid", "Test"].map { try part($0, method, more) }
    // Equal rows fall into parts one by one, so that counts of lines are compared.
    #expect(parts.flatMap { $0 }.sorted() == (try bench.here(Self.sql)))
    for (part, size) in zip(parts, [420, 120, 60]) { #expect(abs(part.count - size) <= (method == "key" ? 3 : 0)) }
    #expect(try part("Train", method, more) == parts[0], "the same seed draws the same rows")
    #expect(try part("Train", method, seed: 8, more) != parts[0])
    if method == "key" {
      let keys = parts.map { Set($0.map { $0.prefix { $0 != " " } }) }
      #expect(
        keys[0].isDisjoint(with: keys[1]) && keys[1].isDisjoint(with: keys[2]) && keys[0].isDisjoint(with: keys[2]))
    }
    if method == "stratified" {
      for group in "abcd" { #expect(abs(parts[0].filter { $0.contains("| \(group) |") }.count - 105) <= 1) }
    }
  }

  @Test func aSampleHasAsManyRowsAsItSays() throws {
    let all = try bench.here(Self.sql)
    let some = try drawn(.sample(.random(50, seed: 3)))
    #expect(some.count == 50 && Set(some).isSubset(of: all) && Set(some).count > 20)
    #expect(try drawn(.sample(.random(50, seed: 3))) == some)
    let share = try drawn(.sample(.fraction(0.25, seed: 3)))
    #expect((100...200).contains(share.count), "\(share.count) of 600")
    #expect(try drawn(.sample(.fraction(1, seed: 3))) == all)
    let even = try drawn(.sample(.stratified(100, column: "g", seed: 3)))
    for group in "abcd" { #expect(even.filter { $0.contains("| \(group) |") }.count == 25) }
  }

  @Test func cellsAreResampledToTheirSizes() throws {
    let parameters = Parameters(["facets": ["g"], "label": "y", "sizes": "equal"])
    let rows = try drawn(.transform(TransformSpec("resample-groups", parameters)))
    var cells: [String: Int] = [:]
    for row in rows { cells[row.split(separator: " | ").suffix(2).joined(separator: " "), default: 0] += 1 }
    #expect(cells.count == 8 && Set(cells.values) == [75], "\(cells)")
  }

  @Test func whatIsDrawnIsTold() throws {
    var graph = FlowGraph()
    let first = graph.addSource(Source(location: "data"))
    let sorted = try graph.add(.sort([SortKey("n")]), after: first)
    let step = try graph.add(.sample(.random(5, seed: 3)), after: sorted)
    let compiler = Compiler(graph, relations: [first: relation])
    #expect(
      try compiler.clusterDraws(upTo: step) == [
        "Sample: drawn on the cluster, seed 3. The same seed draws other rows here."
      ])
    #expect(try compiler.clusterDraws(upTo: sorted).isEmpty)
    #expect(throws: FlowError.self) { try compiler.clusterRelation(of: step, tables: [first: table]) }
  }
}
