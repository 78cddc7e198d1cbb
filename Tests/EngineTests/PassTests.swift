import Flow
import Foundation
import Frame
import Insight
import Jobs
import Plot
import Testing

@testable import Engine

/// How often a job that keeps no tables reads its files: DuckDB's own log of the file system counts.
struct PassTests {
  private final class Bench {
    let engine: Engine
    let folder: URL
    let file: String

    init(_ text: String = Bench.orders, memory: Int = 1 << 30) throws {
      folder = FileManager.default.temporaryDirectory.appendingPathComponent("assay-pass-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      file = folder.appendingPathComponent("orders.csv").path
      try Data(text.utf8).write(to: URL(fileURLWithPath: file))
      engine = Engine(
        configuration: Engine.Configuration(
          locations: Locations(environment: ["HOME": folder.path]), threads: 2, memoryLimit: memory,
          keepsTables: false))
      try engine.nodes().database.execute("CALL enable_logging('FileSystem')")
    }

    deinit {
      engine.close()
      try? FileManager.default.removeItem(at: folder)
    }

    static let orders = """
      id,amount,rating,kind,note,day

      """
      + (0..<4000).map { row in
        let rating = row % 9 == 0 ? "" : "\(row % 5).5"
        return "\(row),\(row % 97).25,\(rating),\(["a", "b", "c"][row % 3]),note \(row % 11),2024-01-\(10 + row % 20)\n"
      }.joined()

    var plain: NodeRequest { NodeRequest(source: Source(location: file)) }

    /// How often DuckDB opened the file.
    func reads() throws -> Int {
      let log = """
        SELECT count(*) FROM duckdb_logs_parsed('FileSystem') WHERE op = 'OPEN' AND path LIKE '%orders.csv'
        """
      return Int(try engine.nodes().database.query(log).value(0, 0).number ?? -1)
    }

    func tables() throws -> [String] {
      let found = try engine.nodes().database.query("SELECT table_name FROM duckdb_tables() ORDER BY ALL")
      return (0..<found.rowCount).compactMap { found.text($0, 0) }
    }

    func flow(_ steps: [Flow.Operation]) throws -> NodeRequest {
      var graph = FlowGraph()
      var last = graph.addSource(Source(location: file))
      for step in steps { last = try graph.add(step, after: last) }
      return NodeRequest(graph: graph, node: last)
    }

    func rows(_ request: NodeRequest, context: any JobContext = SilentContext()) throws -> [[String?]] {
      var rows: [[String?]] = []
      try engine.stream(request, context: context) { _ in
        rows = []
      } rows: { table in
        for row in 0..<table.rowCount { rows.append(table.columns.indices.map { table.text(row, $0) }) }
      }
      return rows
    }
  }

  @Test(arguments: [
    AnalysisSpec.insight(InsightSpec(.quality)), .insight(InsightSpec(.duplicates)),
    .insight(InsightSpec(.outliers, columns: ["amount"])), .insight(InsightSpec(.patterns, column: "note")),
    .histogram(column: "amount"), .box(column: "amount", by: "kind"),
    .chart(ChartSpec(.histogram, x: "amount", facetBy: "kind")),
  ])
  func anAnalysisOfSeveralPassesReadsItsFileOnce(_ spec: AnalysisSpec) throws {
    let bench = try Bench()
    _ = try bench.engine.run(.analyze(bench.plain, spec))
    #expect(try bench.reads() == 1)
    #expect(try bench.tables() == [])
  }

  @Test func inspectingAColumnReadsItsFileOnce() throws {
    let bench = try Bench()
    _ = try bench.engine.run(.inspect(bench.plain, column: "amount", target: "kind"))
    #expect(try bench.reads() == 1)
  }

  @Test func anAnalysisOfASessionWithoutTablesFindsWhatOneWithTablesFinds() throws {
    let bench = try Bench()
    let kept = Engine(configuration: .init(locations: Locations(environment: ["HOME": bench.folder.path])))
    defer { kept.close() }
    _ = try kept.run(.open(bench.plain))
    let specs: [AnalysisSpec] = [
      .insight(InsightSpec(.quality)), .insight(InsightSpec(.duplicates, columns: ["kind", "note"])),
      .histogram(column: "rating"),
    ]
    for spec in specs {
      guard case .analysis(let once, _) = try bench.engine.run(.analyze(bench.plain, spec)),
        case .analysis(let other, _) = try kept.run(.analyze(bench.plain, spec))
      else {
        Issue.record("no analysis")
        continue
      }
      #expect(once == other)
    }
  }

  /// Steps that learn from `amount`, `rating` and `kind`.
  private static let learning: [Flow.Operation] = [
    .filter("id > 10"), .derive(name: "double", expression: "amount * 2"),
    .impute([ImputeRule("rating", .median)]),
    .transform(TransformSpec("scale", ["columns": ["double"], "method": "standard"])),
    .transform(TransformSpec("encode-one-hot", ["columns": ["kind"]])), .drop(["note"]),
  ]

  @Test func howManyStepsLearnMakesNoDifferenceToHowOftenAFileIsRead() throws {
    // The first rows, what the steps learn from, and the rows that are written.
    for count in [4, 5, 6] {
      let bench = try Bench()
      #expect(try bench.rows(bench.flow(Array(Self.learning.prefix(count)))).count == 3989)
      #expect(try bench.reads() == 3, "\(count) steps")
      #expect(try bench.tables() == [])
    }
  }

  @Test func aFlowThatLearnsNothingStreams() throws {
    let bench = try Bench()
    #expect(try bench.rows(bench.flow([.filter("id > 10"), .drop(["note"])])).count == 3989)
    #expect(try bench.reads() == 1)
  }

  @Test func stepsLearnTheSameFromACopyAsFromTheFile() throws {
    let bench = try Bench()
    let request = try bench.flow(Self.learning)
    let kept = Engine(configuration: .init(locations: Locations(environment: ["HOME": bench.folder.path])))
    defer { kept.close() }
    var expected: [[String?]] = []
    try kept.stream(request, begin: { _ in }) { table in
      for row in 0..<table.rowCount { expected.append(table.columns.indices.map { table.text(row, $0) }) }
    }
    #expect(try bench.rows(request) == expected)
  }

  @Test func aStepThatLearnsWhatTheFirstRowsDoNotHaveLearnsItFromAll() throws {
    // The first rows have one kind alone: the column of another one is known only once all are read.
    let lines = (0..<6000).map { "\($0),\($0 < 5000 ? "a" : "b"),\($0 % 7)" }
    let bench = try Bench("id,kind,value\n" + lines.joined(separator: "\n") + "\n")
    let request = try bench.flow([
      .transform(TransformSpec("encode-one-hot", ["columns": ["kind"]])),
      .transform(TransformSpec("scale", ["columns": ["kind_b"], "method": "min-max"])),
      .transform(TransformSpec("scale", ["columns": ["value"], "method": "min-max"])),
    ])
    let rows = try bench.rows(request)
    #expect(rows.count == 6000)
    #expect(rows.last?.contains("1.0") == true)
  }

  @Test func aColumnThatWasLeftOutOfACopyIsReadAfterAll() throws {
    let bench = try Bench()
    let nodes = try bench.engine.nodes()
    var runs = 0
    let total = try nodes.reading(bench.plain, SilentContext(), passes: { _ in .several(columns: ["id"]) }) {
      relation, _ in
      runs += 1
      #expect(relation.schema.map(\.name) == ["id", "amount", "rating", "kind", "note", "day"])
      #expect(relation.rows == 4000)
      _ = try nodes.database.query("SELECT max(id) FROM (\(relation.sql))")
      return try nodes.database.query("SELECT count(note) FROM (\(relation.sql))").value(0, 0).number
    }
    #expect(total == 4000)
    #expect(runs == 2)
    #expect(try bench.tables() == [])
  }

  @Test func aJobThatFailsLeavesNoTable() throws {
    let bench = try Bench()
    struct Stop: Error {}
    let nodes = try bench.engine.nodes()
    #expect(throws: Stop.self) {
      try nodes.reading(bench.plain, SilentContext(), passes: { _ in .several(columns: nil) }) { _, _ in throw Stop() }
    }
    #expect(try bench.tables() == [])
    #expect(throws: EngineError.noSuchColumn("amunt", ["id", "amount", "rating", "kind", "note", "day"])) {
      try bench.engine.run(.inspect(bench.plain, column: "amunt", target: nil))
    }
    #expect(try bench.reads() == 1)
  }

  @Test func aFileThatChangesBetweenItsPassesIsNoticed() throws {
    let bench = try Bench()
    let nodes = try bench.engine.nodes()
    func addRow() throws {
      let handle = try #require(FileHandle(forWritingAtPath: bench.file))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data("9999,1.5,2.5,a,late,2024-01-01\n".utf8))
      try handle.close()
    }
    let flow = try bench.flow(Self.learning)
    let afterLearning = #expect(throws: FrameError.self) {
      try nodes.prepared(flow.graph, upTo: flow.node, SilentContext()) { _, _ in try addRow() }
    }
    #expect(afterLearning?.problem == .changedWhileOpen)
    let afterCopying = #expect(throws: FrameError.self) {
      try nodes.reading(bench.plain, SilentContext(), passes: { _ in .several(columns: nil) }) { _, _ in try addRow() }
    }
    #expect(afterCopying?.problem == .changedWhileOpen)
    #expect(try bench.tables() == [])
  }

  @Test func whatMemoryDoesNotHoldSpillsIntoAFolderOfTheSession() throws {
    var text = "id,a,b\n"
    for row in 0..<400_000 {
      text += "\(row),\(row &* 2_654_435_761 % 1_000_003) is what stands here,\(row &* 40_503 % 65_537)\n"
    }
    let bench = try Bench(text, memory: 24 << 20)
    let nodes = try bench.engine.nodes()
    let sessions = bench.folder.path + "/.cache/assay/sessions"
    let found = try nodes.reading(bench.plain, SilentContext(), passes: { _ in .several(columns: nil) }) {
      relation, _ in
      let folders = try FileManager.default.contentsOfDirectory(atPath: sessions)
      let spilled = try folders.flatMap { folder in
        try FileManager.default.contentsOfDirectory(atPath: "\(sessions)/\(folder)/spill")
      }
      #expect(folders.count == 1 && !spilled.isEmpty)
      return try nodes.database.query("SELECT count(*), sum(b) FROM (\(relation.sql))")
    }
    #expect(found.value(0, 0).number == 400_000)
    bench.engine.close()
    #expect(try FileManager.default.contentsOfDirectory(atPath: sessions) == [])
  }
}
