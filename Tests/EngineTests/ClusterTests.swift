import Fairness
import Flow
import Foundation
import Frame
import Insight
import Jobs
import Learn
import Plot
import ProgramDriver
import Synchronization
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
      #expect(node.notes.contains { $0.contains("More than 1,000 rows") })
      guard case .rows(let page) = try engine.run(.rows(request, 4000..<4010)) else { throw EngineError.notReady }
      #expect(page.rows.rowCount == 10 && page.first == 4000 && page.count == .exact(rows))
      guard case .rows(let last) = try engine.run(.tail(request, 5)) else { throw EngineError.notReady }
      #expect(last.rows.rowCount == 5 && last.first == rows - 5)
      let error = #expect(throws: ClusterError.self) {
        try engine.run(.analyze(request, .insight(InsightSpec(.duplicates))))
      }
      #expect(
        error.map { "\($0)" }?.contains("has 5,000 rows on the cluster, and at most 1,000 are brought here") == true)
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

  @Test(arguments: ["csv", "parquet"]) func aListIsReadThereAsItIsReadHere(ending: String) throws {
    let (first, second) = (folder.path("first.\(ending)"), folder.path("second.\(ending)"))
    let (here, there) = (folder.path("here.parquet"), folder.path("there.parquet"))
    try with(keepsTables: false) { engine in
      let database = try Database()
      _ = try database.write("SELECT i AS id, 'x' || i AS name FROM range(5) t(i)", to: first)
      _ = try database.write("SELECT 'y' AS name, i AS id, i / 4 AS part FROM range(5, 9) t(i)", to: second)
      var graph = FlowGraph()
      let list = graph.addSource(Source(location: first, also: [second]))
      let last = try graph.add(.filter("id > 2"), after: list)
      let wanted = NodeRequest(graph: graph, node: last)
      _ = try engine.run(.write(wanted, path: here, format: nil))
      _ = try engine.run(.cluster(ClusterRun(wanted, on: nil, goal: .here(path: there, format: nil))))
      #expect(try lines(here).count == 6)
      #expect(try lines(there) == lines(here))
    }
  }

  @Test func aListOfWorkbooksIsNotReadThereAndSaysSo() throws {
    let (first, second) = (folder.path("first.xlsx"), folder.path("second.xlsx"))
    try with(keepsTables: false) { engine in
      for book in [first, second] { _ = try Database().write("SELECT 1 AS id", to: book) }
      let request = NodeRequest(source: Source(location: first, also: [second]))
      let error = #expect(throws: FlowError.self) {
        try engine.run(.cluster(ClusterRun(request, on: nil, goal: .count)))
      }
      #expect(error.map { "\($0)" }?.contains("the cluster reads no workbooks") == true)
    }
  }

  @Test func aStepThatTheClusterCannotSayIsNamedWithTheWayOut() throws {
    try with(keepsTables: false) { engine in
      var graph = FlowGraph()
      let first = graph.addSource(source)
      let step = try graph.add(
        .transform(TransformSpec("drop-duplicates", ["columns": ["city"]])), after: first)
      let run = ClusterRun(NodeRequest(graph: graph, node: step), on: nil, goal: .first(3))
      let error = #expect(throws: FlowError.self) { try engine.run(.cluster(run)) }
      #expect(error?.step == step)
      #expect(error.map { "\($0)" }?.contains("bring the rows here before it") == true)
      // Without a word about the cluster the rows come here, and the step runs.
      let path = folder.path("cities.parquet")
      guard
        case .written(_, let count, let place) = try engine.run(
          .write(NodeRequest(graph: graph, node: step), path: path, format: nil))
      else { throw EngineError.notReady }
      #expect(count == 3 && place == nil)
    }
  }

  /// A running sum by `column`, within each city.
  private func sums(by column: String) throws -> NodeRequest {
    var graph = FlowGraph()
    let first = graph.addSource(source)
    let order: Parameter = .list([["column": .text(column)]])
    let sum: Parameter = .list([["function": "cumulative-sum", "column": "age"]])
    let window = Parameters(["partition": ["city"], "order": order, "columns": sum])
    let step = try graph.add(.transform(TransformSpec("window", window)), after: first)
    return NodeRequest(graph: graph, node: step)
  }

  @Test func aWindowRunsThereWhereItsOrderTellsRowsApartAndHereWhereItDoesNot() throws {
    let (here, there) = (folder.path("here.parquet"), folder.path("there.parquet"))
    try with(keepsTables: false) { engine in
      func place(_ request: NodeRequest, _ path: String) throws -> String? {
        guard case .written(_, _, let place) = try engine.run(.write(request, path: path, format: nil)) else {
          throw EngineError.notReady
        }
        return place
      }
      let (told, other) = (try place(sums(by: "id"), there), try place(sums(by: "age"), here))
      #expect(try told == "Spark at \(address)")
      #expect(other == nil)
      let error = #expect(throws: FlowError.self) {
        try engine.run(.cluster(ClusterRun(sums(by: "age"), on: nil, goal: .count)))
      }
      // 50 ages in each of three cities, each many times.
      #expect(
        error.map { "\($0)" }?.contains("150 sets of rows tie in its order (city, age)") == true, "\(error as Any)")
      for path in [here, there] { #expect(try lines(path).count == rows) }
    }
  }

  @Test func partsThatAreDrawnThereCoverAllRowsAndSayWhatTheyAre() throws {
    try with(keepsTables: false) { engine in
      let shares: Parameter = .list([["name": "Train", "share": 0.8], ["name": "Test", "share": 0.2]])
      var found: [[String]] = []
      for part in ["Train", "Test"] {
        var graph = FlowGraph()
        let first = graph.addSource(source)
        let split = Parameters(["method": "random", "parts": shares, "part": .text(part), "seed": 7])
        let step = try graph.add(.transform(TransformSpec("split", split)), after: first)
        let path = folder.path(part + ".parquet")
        let run = ClusterRun(NodeRequest(graph: graph, node: step), on: nil, goal: .here(path: path, format: nil))
        guard case .ranOnCluster(let outcome) = try engine.run(.cluster(run)) else { throw EngineError.notReady }
        #expect(outcome.notes == ["Split: drawn on the cluster, seed 7. The same seed draws other rows here."])
        found.append(try lines(path).map { $0.joined(separator: "|") })
      }
      #expect(found.map(\.count) == [4000, 1000])
      let all = try lines(table).map { $0.joined(separator: "|") }
      #expect((found[0] + found[1]).sorted() == all.sorted())
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

  @Test(arguments: [BiasStudy.Kind.intersections, .simpson])
  func studiesOfBiasCountedThereAreThoseOfHere(_ kind: BiasStudy.Kind) throws {
    let spec = BiasSpec(
      label: .init(column: "pay", positive: .values(["high"])),
      facets: [.init(column: "sex"), .init(column: "age", groups: .above([55, 30]))],
      metrics: BiasMetric.preTraining, missing: .ownValue, draws: 50)
    var study = BiasStudy(kind, spec)
    study.variables = ["city"]
    try with(limit: 2000, keepsTables: false) { engine in
      let (there, made) = try analysed(.bias(study), engine, source)
      let (here, _) = try analysed(.bias(study), engine, Source(location: table))
      switch (there, here) {
      case (.bias(.intersections(var first)), .bias(.intersections(var second))):
        first.intersections.sort { ($0.facet, $0.value) < ($1.facet, $1.value) }
        second.intersections.sort { ($0.facet, $0.value) < ($1.facet, $1.value) }
        #expect(first.intersections == second.intersections && !first.intersections.isEmpty)
      case (.bias(.simpson(let first)), .bias(.simpson(let second))):
        func named(_ findings: [SimpsonFinding]) -> [SimpsonFinding] {
          findings.sorted { ($0.facet, $0.value) < ($1.facet, $1.value) }
        }
        #expect(named(first.findings) == named(second.findings) && !first.findings.isEmpty)
      default: Issue.record("\(there)")
      }
      #expect(made.engine != nil && made.rows == rows)
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

  // MARK: Bringing

  private final class Watching: JobContext, Sendable {
    let notes = Mutex<[(Double?, String)]>([])
    let stopsAfterRows: Bool
    private let actions = Mutex<[@Sendable () -> Void]>([])
    private let isStopped = Mutex(false)

    init(stopsAfterRows: Bool = false) { self.stopsAfterRows = stopsAfterRows }

    func checkCancelled() throws { if isStopped.withLock({ $0 }) { throw JobCancelled() } }
    func emit(_ partial: any Sendable) {}
    func onCancel(_ action: @escaping @Sendable () -> Void) { actions.withLock { $0.append(action) } }
    func report(_ fraction: Double?, _ note: String) {
      notes.withLock { $0.append((fraction, note)) }
      guard stopsAfterRows, note.contains(" of "), note.hasSuffix(" rows") else { return }
      isStopped.withLock { $0 = true }
      for action in actions.withLock({ $0 }) { action() }
    }
  }

  private func broughtRows(_ run: ClusterRun, _ engine: Engine, _ context: any JobContext = SilentContext()) throws
    -> ClusterOutcome
  {
    guard case .ranOnCluster(let outcome) = try engine.run(.cluster(run), context: context) else {
      throw EngineError.notReady
    }
    return outcome
  }

  @Test func allRowsComeHereHoweverManyAreBroughtUnasked() throws {
    let path = folder.path("all.parquet")
    try with(limit: 10, keepsTables: false) { engine in
      let request = NodeRequest(source: source)
      #expect(try broughtRows(ClusterRun(request, on: nil, goal: .count), engine).rows == rows)
      let context = Watching()
      let outcome = try broughtRows(
        ClusterRun(request, on: nil, goal: .here(path: path, format: .parquet)), engine, context)
      #expect(outcome.rows == rows && outcome.total == nil)
      #expect(try lines(path) == lines(table))
      let last = try #require(context.notes.withLock { $0.last })
      #expect(last.0 == 1 && last.1 == "5,000 of 5,000 rows")
      // Plain writing asks for them by name too.
      guard case .written(_, let count, _) = try engine.run(.write(request, path: path, format: nil)) else {
        throw EngineError.notReady
      }
      #expect(count == rows)
    }
  }

  @Test func aSampleIsDrawnThereAndTheSameSeedDrawsItAgain() throws {
    let paths = (0..<3).map { folder.path("sample\($0).parquet") }
    try with(limit: 10, keepsTables: false) { engine in
      for (path, seed) in zip(paths, [7, 7, 8] as [UInt64]) {
        let run = ClusterRun(
          NodeRequest(source: source), on: nil, goal: .here(path: path, format: nil),
          sample: ClusterSample(rows: 500, seed: seed))
        let outcome = try broughtRows(run, engine)
        #expect(outcome.rows == 500 && outcome.total == rows)
      }
      let found = try paths.map(lines)
      #expect(found[0] == found[1] && found[0] != found[2])
      let all = Set(try lines(table))
      #expect(Set(found[0]).isSubset(of: all) && Set(found[0]).count == 500)
    }
  }

  @Test func aTableIsReadBySampleWhereTheSourceAsksForOne() throws {
    try with(limit: 1000, keepsTables: false) { engine in
      var sampled = source
      sampled.rows = .random(800, seed: 3)
      let path = folder.path("rows.parquet")
      guard
        case .written(_, let count, _) = try engine.run(.write(NodeRequest(source: sampled), path: path, format: nil))
      else { throw EngineError.notReady }
      #expect(count == 800)
    }
  }

  @Test func nothingIsLeftOfAWayThatWasStopped() throws {
    let path = folder.path("stopped.parquet")
    try with(keepsTables: false) { engine in
      let run = ClusterRun(NodeRequest(source: source), on: nil, goal: .here(path: path, format: nil))
      #expect(throws: JobCancelled.self) { try broughtRows(run, engine, Watching(stopsAfterRows: true)) }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path(""))
      #expect(!left.contains { $0.contains("stopped") }, "\(left)")
    }
  }

  @Test func aTableWithoutRowsIsAFileWithoutRows() throws {
    let path = folder.path("none.parquet")
    try with(keepsTables: false) { engine in
      var graph = FlowGraph()
      let first = graph.addSource(source)
      let none = try graph.add(.filter("age > 1000"), after: first)
      let run = ClusterRun(NodeRequest(graph: graph, node: none), on: nil, goal: .here(path: path, format: nil))
      #expect(try broughtRows(run, engine).rows == 0)
      #expect(try Database().describe("SELECT * FROM read_parquet('\(path)')").map(\.name).contains("score"))
    }
  }

  // MARK: Steps that learn

  private func learning(_ source: Source) throws -> NodeRequest {
    var graph = FlowGraph()
    let first = graph.addSource(source)
    let filled = try graph.add(.impute([ImputeRule("sex", .mode), ImputeRule("score", .median)]), after: first)
    func transform(_ id: String, _ parameters: Parameters, after node: StepID) throws -> StepID {
      try graph.add(.transform(TransformSpec(id, parameters)), after: node)
    }
    let clipped = try transform("outliers", ["columns": ["age"], "method": "quantile", "lower": 0.1], after: filled)
    let scaled = try transform("scale", ["columns": ["score"]], after: clipped)
    let coded = try transform("encode-one-hot", ["columns": ["city"]], after: scaled)
    let last = try transform("encode-ordinal", ["columns": ["pay"]], after: coded)
    return NodeRequest(graph: graph, node: last)
  }

  @Test func stepsThatHaveLearntNothingYetLearnThereAndNoRowComesForThem() throws {
    let (here, there) = (folder.path("here.parquet"), folder.path("there.parquet"))
    // Not one row may come here unasked.
    try with(limit: 0, keepsTables: false) { engine in
      _ = try engine.run(.write(learning(Source(location: table)), path: here, format: nil))
      let outcome = try broughtRows(
        ClusterRun(try learning(source), on: nil, goal: .here(path: there, format: nil)), engine)
      #expect(outcome.rows == rows)
      let database = try Database()
      let apart = try database.query(
        """
        SELECT count(*), max(abs(a.score - b.score)), max(abs(a.age - b.age)), count(*) FILTER (a.sex <> b.sex OR a.pay <> b.pay
        OR a.city_Rome <> b.city_Rome OR a."city_it's" <> b."city_it's" OR a.born <> b.born)
        FROM read_parquet('\(here)') a JOIN read_parquet('\(there)') b USING (id)
        """)
      #expect(apart.value(0, 0).number == Double(rows))
      #expect((apart.value(0, 1).number ?? 1) < 1e-12 && (apart.value(0, 2).number ?? 1) < 1e-12)
      #expect(apart.value(0, 3).number == 0)
    }
  }

  @Test func fittingAStepOverALargeTableAsksTheClusterForItsStatistics() throws {
    try with(limit: 100) { engine in
      let request = try learning(source)
      let impute = try #require(request.graph.steps.first { $0.operation.kind == .impute })
      guard
        case .fitted(let fitted, let fitting) = try engine.run(.fit(NodeRequest(graph: request.graph, node: impute.id)))
      else { throw EngineError.notReady }
      #expect(fitted["sex"] == .text("M") && fitted["score"] == .real(6) && fitting.rows == rows)
      guard case .learned(let learned, let last) = try engine.run(.fit(request)) else { throw EngineError.notReady }
      #expect(learned["pay"]?.list == ["high", "low"] && last.rows == rows)
      // What the step does is shown on rows that the cluster sends.
      guard case .effect(let effect) = try engine.run(.effect(request)) else { throw EngineError.notReady }
      #expect(effect.before.rows == rows && effect.examined == nil)
    }
  }

  @Test func aStepOfManyRowsIsLookedAtWhereItIs() throws {
    try with(limit: 100) { engine in
      let request = try learning(source)
      guard case .opened(let node) = try engine.run(.open(request)) else { throw EngineError.notReady }
      #expect(node.count == .exact(rows) && node.isComplete)
      #expect(node.notes.first?.contains("where the rows stay") == true)
      #expect(node.schema.column(named: "city_Rome")?.type == "BIGINT")
      guard case .rows(let page) = try engine.run(.rows(request, 10..<20)),
        case .rows(let far) = try engine.run(.rows(request, 4000..<4005)),
        case .rows(let last) = try engine.run(.tail(request, 7))
      else { throw EngineError.notReady }
      #expect(page.rows.rowCount == 10 && far.rows.rowCount == 5 && far.first == 4000)
      #expect(last.first == rows - 7 && last.rows.rowCount == 7 && last.count == .exact(rows))
    }
  }

  // MARK: Models and quality

  @Test func aQuickModelLearnsFromRowsThatAreDrawnThere() throws {
    try with(limit: 3000, keepsTables: false) { engine in
      let spec = AnalysisSpec.quickModel(QuickModelOptions(target: "pay", trees: 10))
      let (result, made) = try analysed(spec, engine, source)
      guard case .quickModel(let report) = result else { throw EngineError.notReady }
      #expect(report.rowsUsed == 3000)
      #expect(report.notes.first?.contains("Trained on 3,000 of 5,000 rows, sampled on the cluster") == true)
      #expect(report.source?.rows == rows && report.source?.sampled == 3000)
      #expect(made.engine == "Spark at \(try address)" && made.rows == rows && made.sampled == 3000)
      let (again, _) = try analysed(spec, engine, source)
      #expect(again == result)
    }
  }

  @Test func theQualityReportCountsThereWhatItCountsHere() throws {
    try with(limit: 3000, keepsTables: false) { engine in
      let spec = AnalysisSpec.insight(InsightSpec(.quality, target: "pay"))
      let (there, made) = try analysed(spec, engine, source)
      let (here, _) = try analysed(spec, engine, Source(location: table))
      guard case .insight(let found) = there, let first = found.report as? QualityReport,
        case .insight(let known) = here, let second = known.report as? QualityReport
      else { throw EngineError.notReady }
      #expect(made.engine != nil && made.rows == rows && made.sampled == 3000)
      #expect(first.summary.origin?.contains("counted all 5,000 rows") == true)
      #expect(first.summary.sampledRows == 3000 && second.summary.sampledRows == nil)
      #expect(first.summary.duplicateRows == second.summary.duplicateRows)
      #expect(first.summary.kinds == second.summary.kinds && first.summary.outliers == second.summary.outliers)
      #expect(first.quickModel?.trainingRows == 2400)
      #expect(first.features.map(\.column) == second.features.map(\.column))
      for (one, other) in zip(first.features, second.features) {
        #expect(one.labels == other.labels && one.cardinality == other.cardinality, "\(one.column)")
        #expect(one.absent == other.absent && one.invalid == other.invalid && one.kind == other.kind, "\(one.column)")
        #expect(one.earliest == other.earliest && one.latest == other.latest, "\(one.column)")
        guard let figures = one.figures, let known = other.figures else {
          #expect(one.figures == nil && other.figures == nil, "\(one.column)")
          continue
        }
        #expect(figures.shape == known.shape && figures.quantiles == known.quantiles, "\(one.column)")
        #expect(figures.integers == known.integers && figures.zeros == known.zeros, "\(one.column)")
        for (a, b) in [
          (figures.mean, known.mean), (figures.sd, known.sd), (figures.skew, known.skew),
          (figures.kurtosis, known.kurtosis), (figures.robustDeviation, known.robustDeviation),
        ] {
          #expect(abs((a ?? 0) - (b ?? 0)) <= 1e-9 * max(1, abs(b ?? 0)), "\(one.column) \(figures) \(known)")
        }
      }
    }
  }
}
