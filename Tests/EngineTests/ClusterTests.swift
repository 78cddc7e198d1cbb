import Fairness
import Flow
import Foundation
import Frame
import Insight
import Jobs
import Plot
import ProgramDriver
import Testing

@testable import Engine

/// Tables of a real cluster: as sources, and for flows and analyses that run there.
@Suite(.serialized, .enabled(if: LocalServer.areInstalled, "\(LocalServer.missing)")) struct ClusterTests {
  private let folder: TemporaryFolder
  private let table: String
  private let rows = 5000

  init() throws {
    folder = try TemporaryFolder()
    table = folder.path("people.parquet")
    let sql = """
      SELECT i AS id, CASE WHEN i % 3 = 0 THEN 'F' WHEN i % 101 = 7 THEN NULL ELSE 'M' END AS sex, 20 + i * 7 % 50 AS age,
        CASE WHEN i % 7 < 3 THEN 'high' ELSE 'low' END AS pay, ['Rome', 'Oslo', 'it''s'][1 + i % 3] AS city,
        (i % 97) / 8.0 AS score, DATE '2020-01-01' + CAST(i % 900 AS INTEGER) AS born
      FROM range(\(rows)) t(i)
      """
    _ = try Database().write(sql, to: table)
  }

  private var address: String { get throws { "sc://127.0.0.1:\(try LocalServer.spark.get().port)" } }
  private var source: Source { Source(location: "spark:parquet.`\(table)`") }

  @discardableResult
  private func with<Result>(
    limit: Int = 1_000_000, keepsTables: Bool = true, _ body: (Engine) throws -> Result
  ) throws -> Result {
    var configuration = Engine.Configuration(
      locations: Locations(environment: ["HOME": folder.path("home")]), threads: 1, keepsTables: keepsTables)
    configuration.cluster = ClusterPlace(remote: try address, rowLimit: limit)
    let engine = Engine(configuration: configuration)
    defer {
      engine.close()
      folder.remove()
    }
    return try body(engine)
  }

  // MARK: Sources

  @Test func aTableOpensWithItsColumnsAndTheCountOfTheCluster() throws {
    try with { engine in
      let request = NodeRequest(source: source)
      guard case .opened(let node) = try engine.run(.open(request)) else { throw EngineError.notReady }
      #expect(node.schema.map(\.name) == ["id", "sex", "age", "pay", "city", "score", "born"])
      #expect(node.schema.map(\.kind) == [.integer, .text, .integer, .text, .text, .real, .date])
      #expect(node.count == .exact(rows))
      guard case .rows(let page) = try engine.run(.rows(request, 0..<3)) else { throw EngineError.notReady }
      #expect(page.rows.rowCount == 3)
    }
  }

  @Test func moreRowsThanTheLimitStayThereAndAreShownFromThere() throws {
    try with(limit: 1000) { engine in
      let request = NodeRequest(source: source)
      guard case .opened(let node) = try engine.run(.open(request)) else { throw EngineError.notReady }
      #expect(node.count == .exact(rows) && node.isComplete)
      #expect(node.notes.contains { $0.contains("More than 1000 rows") })
      guard case .rows(let page) = try engine.run(.rows(request, 4000..<4010)) else { throw EngineError.notReady }
      #expect(page.rows.rowCount == 10 && page.first == 4000 && page.count == .exact(rows))
      guard case .rows(let last) = try engine.run(.tail(request, 5)) else { throw EngineError.notReady }
      #expect(last.rows.rowCount == 5 && last.first == rows - 5)
      let error = #expect(throws: ClusterError.self) {
        try engine.run(.analyze(request, .insight(InsightSpec(.duplicates))))
      }
      #expect(
        error.map { "\($0)" }?.contains("has 5000 rows on the cluster, and at most 1000 are brought here") == true)
    }
  }

  @Test func aTableThatIsNotThereIsToldInTheWordsOfTheCluster() throws {
    try with { engine in
      #expect(throws: (any Error).self) {
        try engine.run(.open(NodeRequest(source: Source(location: "spark:nowhere.at_all"))))
      }
    }
  }

  @Test func withoutAClusterTheAdviceNamesTheSetting() throws {
    let engine = Engine(configuration: Engine.Configuration(keepsTables: false))
    defer { engine.close() }
    let error = #expect(throws: ClusterError.self) { try engine.run(.preview(Source(location: "spark:sales.orders"))) }
    #expect(error.map { "\($0)" }?.contains("ASSAY_SPARK=sc://HOST:PORT") == true)
    #expect(throws: ClusterError.badName("spark:a..b")) { try TableAddress("spark:a..b") }
    #expect(try TableAddress("spark:sales.`odd.name`").parts == ["sales", "odd.name"])
  }

  // MARK: Flows

  private func flow(_ source: Source) throws -> NodeRequest {
    var graph = FlowGraph()
    let first = graph.addSource(source)
    let filtered = try graph.add(.filter("age > 30 and city != 'Oslo'"), after: first)
    let derived = try graph.add(.derive(name: "band", expression: "floor(age / 10) * 10"), after: filtered)
    let groups: Parameters = [
      "keys": ["band", "city"], "aggregates": [["function": "count"], ["function": "mean", "column": "score"]],
    ]
    let last = try graph.add(.transform(TransformSpec("group-by", groups)), after: derived)
    return NodeRequest(graph: graph, node: last)
  }

  private func lines(_ path: String) throws -> [[String]] {
    let table = try Database().query("SELECT * FROM read_parquet('\(path)') ORDER BY ALL")
    return (0..<table.rowCount).map { row in table.columns.indices.map { table.text(row, $0) ?? "·" } }
  }

  @Test func aFlowGivesTheRowsThereThatItGivesHere() throws {
    let (here, there, stays) = (folder.path("here.parquet"), folder.path("there.parquet"), folder.path("stays"))
    try with(keepsTables: false) { engine in
      _ = try engine.run(.write(flow(Source(location: table)), path: here, format: nil))
      for source in [source, Source(location: table)] {
        let run = ClusterRun(try flow(source), on: nil, goal: .here(path: there, format: nil))
        guard case .ranOnCluster(let outcome) = try engine.run(.cluster(run)) else { throw EngineError.notReady }
        #expect(outcome.engine == "Spark at \(try address)")
        #expect(try lines(there) == lines(here))
        #expect(try outcome.rows == lines(here).count)
      }
      let kept = ClusterRun(try flow(source), on: nil, goal: .there(stays))
      guard case .ranOnCluster(let outcome) = try engine.run(.cluster(kept)) else { throw EngineError.notReady }
      #expect(try lines(stays + "/*.parquet") == lines(here) && outcome.rows == lines(here).count)
      // What is there stays: Spark would put the rows in its place.
      #expect(throws: EngineError.folderInUse(stays)) { try engine.run(.cluster(kept)) }
      #expect(try lines(stays + "/*.parquet") == lines(here))
    }
  }

  @Test func aCSVFileIsReadThereAsItIsReadHere() throws {
    let text = "id,name,when\n1,\"a, \"\"b\"\"\",2024-01-05\n2,,2024-02-06\n3,\"two\nlines\",\n"
    let file = try folder.write(text, to: "odd.csv")
    let (here, there) = (folder.path("here.parquet"), folder.path("there.parquet"))
    try with(keepsTables: false) { engine in
      var graph = FlowGraph()
      let first = graph.addSource(Source(location: file))
      let request = NodeRequest(graph: graph, node: try graph.add(.filter("id > 0"), after: first))
      let wanted = NodeRequest(graph: graph, node: request.node)
      _ = try engine.run(.write(wanted, path: here, format: nil))
      _ = try engine.run(.cluster(ClusterRun(wanted, on: nil, goal: .here(path: there, format: nil))))
      #expect(try lines(there) == lines(here))
    }
  }

  @Test func aStepThatTheClusterCannotSayIsNamedWithTheWayOut() throws {
    try with(keepsTables: false) { engine in
      var graph = FlowGraph()
      let first = graph.addSource(source)
      let step = try graph.add(.sample(.random(10, seed: 1)), after: first)
      let run = ClusterRun(NodeRequest(graph: graph, node: step), on: nil, goal: .first(3))
      let error = #expect(throws: FlowError.self) { try engine.run(.cluster(run)) }
      #expect(error?.step == step)
      #expect(error.map { "\($0)" }?.contains("bring the rows here before it") == true)
      // Without a word about the cluster the rows come here, and the step runs.
      let path = folder.path("sample.parquet")
      guard
        case .written(_, let count) = try engine.run(
          .write(NodeRequest(graph: graph, node: step), path: path, format: nil))
      else { throw EngineError.notReady }
      #expect(count == 10)
    }
  }

  @Test func aStepOverATableThatIsTooLargeIsComputedThere() throws {
    try with(limit: 1000) { engine in
      guard case .opened(let node) = try engine.run(.open(flow(source))) else { throw EngineError.notReady }
      #expect(node.notes == ["Computed by Spark at \(try address)."])
      #expect(node.isComplete && node.schema.map(\.name) == ["band", "city", "count", "score_mean"])
    }
  }

  // MARK: Analyses

  private func analysed(_ spec: AnalysisSpec, _ engine: Engine, _ source: Source) throws -> (
    AnalysisResult, Analysis.Provenance
  ) {
    guard case .analysis(let result, let made) = try engine.run(.analyze(NodeRequest(source: source), spec)) else {
      throw EngineError.notReady
    }
    return (result, made)
  }

  /// Groups of a facet stand as its values are first met, and rows of a cluster come in any order.
  private static func inOrder(_ result: AnalysisResult) -> AnalysisResult {
    guard case .bias(.report(var report)) = result else { return result }
    report.facets.sort { ($0.facet, $0.value) < ($1.facet, $1.value) }
    return .bias(.report(report))
  }

  @Test func biasCountedThereIsExactlyThatOfHere() throws {
    let spec = BiasSpec(
      label: .init(column: "pay", positive: .values(["high"])),
      facets: [.init(column: "sex"), .init(column: "age", groups: .above([55, 30]))], group: "city",
      metrics: BiasMetric.preTraining, draws: 200)
    try with(limit: 2000, keepsTables: false) { engine in
      let (there, made) = try analysed(.bias(BiasStudy(.report, spec)), engine, source)
      let (here, local) = try analysed(.bias(BiasStudy(.report, spec)), engine, Source(location: table))
      #expect(Self.inOrder(there) == Self.inOrder(here))
      #expect(made.engine == "Spark at \(try address)" && made.rows == rows)
      #expect(local.engine == nil && local.rows == rows)
    }
  }

  @Test func theSummaryOfATableIsThatOfHere() throws {
    try with(limit: 5000, keepsTables: false) { engine in
      let (there, made) = try analysed(.summary, engine, source)
      let (here, _) = try analysed(.summary, engine, Source(location: table))
      guard case .summary(let first) = there, case .summary(let second) = here else { throw EngineError.notReady }
      #expect(made.engine != nil && first.rows == second.rows)
      for (one, other) in zip(first.columns, second.columns) {
        #expect(one.name == other.name && one.missing == other.missing && one.distinct == other.distinct)
        #expect(one.min == other.min && one.max == other.max && one.quantiles == other.quantiles)
        #expect(abs((one.mean ?? 0) - (other.mean ?? 0)) < 1e-9 && one.top.map(\.count) == other.top.map(\.count))
      }
    }
  }

  @Test(arguments: [
    AnalysisSpec.histogram(column: "score"), .bars(column: "city"), .correlation(columns: ["age", "score"]),
  ])
  func chartsCountedThereAreThoseOfHere(_ spec: AnalysisSpec) throws {
    // Fewer than the rows, and as many as there are pairs of an age and a score.
    try with(limit: 4850, keepsTables: false) { engine in
      let (there, made) = try analysed(spec, engine, source)
      let (here, _) = try analysed(spec, engine, Source(location: table))
      guard case .chart(let first) = there, case .chart(let second) = here else { throw EngineError.notReady }
      #expect(made.engine != nil && made.rows == rows)
      switch (first, second) {
      case (.histogram(let first), .histogram(let second)):
        #expect(first.bins == second.bins && first.missing == second.missing && first.total == second.total)
      case (.heatmap(let first), .heatmap(let second)):
        // Sums of floating-point numbers depend on the order of the rows.
        #expect(first.rows == second.rows && first.columns == second.columns && first.total == second.total)
        for (one, other) in zip(first.values.joined(), second.values.joined()) {
          #expect(abs((one ?? .nan) - (other ?? .nan)) < 1e-12)
        }
      default: #expect(first == second)
      }
    }
  }
}
