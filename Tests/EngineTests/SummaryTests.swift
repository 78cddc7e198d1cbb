import Flow
import Foundation
import Frame
import Insight
import Plot
import Testing

@testable import Engine

/// Summaries as tables of the engine, with filters and an order on top, read from a session's tables and from a file.
struct SummaryTests {
  private func withEngine(keepsTables: Bool, _ body: (Engine, NodeRequest) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("assay-summary-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("t.csv").path
    let lines = (0..<30).map { "\(["a", "b", "b", "c", "c", "c"][$0 % 6]),\($0)" }
    try Data(("g,v\n" + lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: file))
    let engine = Engine(
      configuration: Engine.Configuration(
        locations: Locations(environment: ["HOME": folder.path]), threads: 1, keepsTables: keepsTables))
    defer { engine.close() }
    try body(engine, NodeRequest(source: Source(location: file)))
  }

  private func rows(_ engine: Engine, _ request: NodeRequest) throws -> [[String?]] {
    var rows: [[String?]] = []
    try engine.stream(request) { _ in
    } rows: { table in
      for row in 0..<table.rowCount { rows.append((0..<2).map { table.text(row, $0) }) }
    }
    return rows
  }

  @Test(arguments: [true, false])
  func filtersAndOrderApplyToTheSummary(keepsTables: Bool) throws {
    try withEngine(keepsTables: keepsTables) { engine, source in
      var request = source
      request.look = Look(summary: .frequency(Frequency(columns: ["g"]), of: Look()))
      let found1 = try rows(engine, request)
      #expect(found1 == [["c", "15"], ["b", "10"], ["a", "5"]])
      request.look.sort = [SortKey("g")]
      let found2 = try rows(engine, request)
      #expect(found2 == [["a", "5"], ["b", "10"], ["c", "15"]])
      request.look.filters = [.mark(.noneOf(column: "g", values: ["b"]))]
      let found3 = try rows(engine, request)
      #expect(found3 == [["a", "5"], ["c", "15"]])
    }
  }

  @Test(arguments: [true, false])
  func aSummaryOfALookIsOfItsRowsAlone(keepsTables: Bool) throws {
    try withEngine(keepsTables: keepsTables) { engine, source in
      var request = source
      let few = Look(
        filters: [.mark(.range(column: "v", lower: 0, upper: 6, includesUpper: false, kind: .integer))],
        sort: [SortKey("v", descending: true)])
      request.look = Look(summary: .frequency(Frequency(columns: ["g"]), of: few))
      let found4 = try rows(engine, request)
      #expect(found4 == [["c", "3"], ["b", "2"], ["a", "1"]])
    }
  }

  @Test func aSummaryOpensAndPagesLikeAnyTable() throws {
    try withEngine(keepsTables: true) { engine, source in
      var request = source
      request.look = Look(summary: .description(of: Look()))
      guard case .opened(let node) = try engine.run(.open(request)) else { throw EngineError.notReady }
      #expect(node.count == .exact(2))
      guard case .rows(let page) = try engine.run(.rows(request, 1..<2)) else { throw EngineError.notReady }
      #expect(page.rows.text(0, 0) == "v")
    }
  }

  @Test func aColumnThatIsNotThereIsNamedWithThoseThatAre() throws {
    try withEngine(keepsTables: true) { engine, source in
      var request = source
      request.look = Look(summary: .frequency(Frequency(columns: ["x"]), of: Look()))
      let wanted = request
      #expect(throws: EngineError.noSuchColumn("x", ["g", "v"])) { _ = try engine.run(.open(wanted)) }
      let inspection = JobSpec.inspect(source, column: "g", target: "y")
      #expect(throws: EngineError.noSuchColumn("y", ["g", "v"])) { _ = try engine.run(inspection) }
    }
  }

  @Test func aLookWithASummarySurvivesItsCoding() throws {
    let look = Look(
      sort: [SortKey("count")],
      summary: .frequency(
        Frequency(columns: ["a"], target: "t", bins: 3), of: Look(filters: [.mark(.equals(column: "a", value: nil))])))
    #expect(try JSONDecoder().decode(Look.self, from: JSONEncoder().encode(look)) == look)
  }
}
