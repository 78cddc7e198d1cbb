import Flow
import Foundation
import Frame
import Insight
import Plot
import ProgramDriver
import Testing

@testable import Engine

/// Summaries and charts of tables of which no row may come here: a real cluster computes them, and they are those of here.
@Suite(.serialized, .enabled(if: LocalServer.areInstalled, "\(LocalServer.missing)")) struct ClusterAnalysisTests {
  private let folder: TemporaryFolder
  private let table: String
  private let rows = 4000

  init() throws {
    folder = try TemporaryFolder()
    table = folder.path("measures.parquet")
    let sql = """
      SELECT i AS id, CASE WHEN i % 41 = 0 THEN NULL WHEN i % 997 = 1 THEN 'inf'::DOUBLE WHEN i % 991 = 2 THEN 'nan'::DOUBLE
        ELSE sin(i * 0.7) * i END AS wave, CAST(hash(i) % 100000 AS DOUBLE) / 7 + 1 AS price, i % 11 = 0 AS flag,
        CASE WHEN i % 13 = 0 THEN NULL ELSE ['Rome', 'Oslo', 'it''s', ''][1 + i % 4] END AS city, 'k' || i AS name,
        DATE '2019-12-01' + CAST(i % 1500 AS INTEGER) AS born, i % 9 AS grade
      FROM range(\(rows)) t(i)
      """
    _ = try Database().write(sql, to: table)
  }

  private func with<Result>(_ body: (Engine, Source) throws -> Result) throws -> Result {
    var configuration = Engine.Configuration(
      locations: Locations(environment: ["HOME": folder.path("home")]), threads: 1, keepsTables: false)
    let address = "sc://127.0.0.1:\(try LocalServer.spark.get().port)"
    configuration.cluster = ClusterPlace(remote: address, rowLimit: 100)
    let engine = Engine(configuration: configuration)
    defer {
      engine.close()
      folder.remove()
    }
    return try body(engine, Source(location: "spark:parquet.`\(table)`"))
  }

  private func analysed(
    _ spec: AnalysisSpec, _ engine: Engine, _ source: Source
  ) throws -> (AnalysisResult, Analysis.Provenance) {
    guard case .analysis(let result, let made) = try engine.run(.analyze(NodeRequest(source: source), spec)) else {
      throw EngineError.notReady
    }
    return (result, made)
  }

  /// Numbers of JSON, which may differ in their last digits: sums depend on the order of rows.
  private func expectAlike(_ first: Any, _ second: Any, _ path: String = "") {
    switch (first, second) {
    case (let first as [String: Any], let second as [String: Any]):
      #expect(first.keys.sorted() == second.keys.sorted(), "\(path)")
      for (key, value) in first { if let other = second[key] { expectAlike(value, other, "\(path).\(key)") } }
    case (let first as [Any], let second as [Any]):
      #expect(first.count == second.count, "\(path)")
      for (place, pair) in zip(first, second).enumerated() { expectAlike(pair.0, pair.1, "\(path)[\(place)]") }
    case (let first as NSNumber, let second as NSNumber):
      let (a, b) = (first.doubleValue, second.doubleValue)
      #expect(abs(a - b) <= 1e-9 * max(1, abs(a)), "\(path): \(a), not \(b)")
    default: #expect("\(first)" == "\(second)", "\(path)")
    }
  }

  private func json(_ result: AnalysisResult) throws -> Any {
    try JSONSerialization.jsonObject(with: JSONEncoder().encode(result), options: .fragmentsAllowed)
  }

  @Test(arguments: [
    ChartSpec(.histogram, x: "wave"), ChartSpec(.histogram, x: "price", bins: 17, hasLogX: true),
    ChartSpec(.histogram, x: "price", colorBy: "city"), ChartSpec(.histogram, x: "born"),
    ChartSpec(.histogram, x: "id", facetBy: "grade"), .init(.histogram, columns: ["wave", "price", "city"]),
    ChartSpec(.bars, x: "name"), ChartSpec(.bars, x: "city", y: "price", aggregate: .mean), ChartSpec(.box, x: "wave"),
    ChartSpec(.box, x: "price", by: "city"), ChartSpec(.violin, x: "price", by: "flag"),
    ChartSpec(.density, x: "wave", y: "price"), ChartSpec(.density, x: "id", y: "price", hasLogY: true),
    ChartSpec(.correlation), ChartSpec(.correlation, columns: ["price", "wave", "flag"]),
    ChartSpec(.line, x: "grade", y: "price", aggregate: .median), ChartSpec(.line, x: "born", y: "price"),
  ])
  func chartsThatTheClusterCountsAreThoseOfHere(_ chart: ChartSpec) throws {
    try with { engine, source in
      let (there, made) = try analysed(.chart(chart), engine, source)
      let (here, _) = try analysed(.chart(chart), engine, Source(location: table))
      #expect(made.engine?.hasPrefix("Spark at ") == true && made.rows == rows && made.sampled == nil)
      expectAlike(try json(there), try json(here))
    }
  }

  @Test func pointsAreOfRowsThatTheClusterDraws() throws {
    try with { engine, source in
      let (result, made) = try analysed(.chart(ChartSpec(.scatter, x: "id", y: "price")), engine, source)
      guard case .chart(.scatter(let chart)) = result else { throw EngineError.notReady }
      #expect(chart.points.count == 100 && chart.total == rows && chart.sampled == 100)
      #expect(made.rows == rows && made.sampled == 100)
      #expect(Set(chart.points.map(\.x)).count == 100)
    }
  }

  private func frequencies(_ frequency: Frequency, _ engine: Engine, _ source: Source) throws -> [String] {
    var request = NodeRequest(source: source)
    request.look = Look(summary: .frequency(frequency, of: Look()))
    var lines: [String] = []
    try engine.stream(request) { _ in
    } rows: { table in
      lines += (0..<table.rowCount).map { row in
        table.columns.indices.map { table.text(row, $0) ?? "·" }.joined(separator: " | ")
      }
    }
    return lines
  }

  @Test func valuesAreCountedThere() throws {
    try with { engine, source in
      for frequency in [
        Frequency(columns: ["city"]), Frequency(columns: ["city", "grade"]),
        Frequency(columns: ["grade"], target: "flag"),
      ] {
        let there = try frequencies(frequency, engine, source)
        #expect(there == (try frequencies(frequency, engine, Source(location: table))) && there.count >= 4)
      }
      // The values of a key are more than may come here.
      #expect(throws: ClusterError.self) { try frequencies(Frequency(columns: ["name"]), engine, source) }
    }
  }

  @Test func whatIsReadAgainIsAskedForAgain() throws {
    let growing = folder.path("growing.parquet")
    func write(_ rows: Int) throws { _ = try Database().write("SELECT i FROM range(\(rows)) t(i)", to: growing) }
    try write(3)
    try with { engine, _ in
      let source = Source(location: "spark:parquet.`\(growing)`")
      let request = NodeRequest(source: source)
      func count() throws -> RowCount? {
        guard case .opened(let node) = try engine.run(.open(request)) else { return nil }
        return node.count
      }
      #expect(try count() == .exact(3))
      let before = try Fingerprint.of(request)
      try write(5)
      #expect(try count() == .exact(3))
      Fingerprint.readAgain(source.location)
      #expect(try count() == .exact(5))
      #expect(try Fingerprint.of(request) != before)
    }
  }

  @Test func theSummaryIsThatOfHereThoughNoRowComesHere() throws {
    try with { engine, source in
      let (result, made) = try analysed(.summary, engine, source)
      let (other, _) = try analysed(.summary, engine, Source(location: table))
      guard case .summary(let there) = result, case .summary(let here) = other else { throw EngineError.notReady }
      #expect(made.engine != nil && made.rows == rows && there.rows == here.rows)
      for (one, other) in zip(there.columns, here.columns) {
        expectAlike(
          try JSONSerialization.jsonObject(with: JSONEncoder().encode(one)),
          try JSONSerialization.jsonObject(with: JSONEncoder().encode(other)), one.name)
      }
    }
  }
}
