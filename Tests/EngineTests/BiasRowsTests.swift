import Fairness
import Flow
import Foundation
import Frame
import Testing

@testable import Engine

/// From a number of a report to its rows: as many as the number says, in every mode.
struct BiasRowsTests {
  private struct Case: Decodable {
    struct Word: Decodable {
      var text: String

      init(from decoder: any Decoder) throws {
        let box = try decoder.singleValueContainer()
        if let flag = try? box.decode(Bool.self) {
          text = String(flag)
        } else if let number = try? box.decode(Double.self) {
          text = Int(exactly: number).map { String($0) } ?? String(number)
        } else {
          text = try box.decode(String.self)
        }
      }
    }
    var facet: String
    var facet_values: [Word]?
    var label: String
    var positive_label_values: [Word]
    var predicted: String?
    var group: String?
    var categories: [String]?
  }

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("FairnessTests")

  private static let names: [String] = ["Library", "Goldens"].flatMap { part in
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(part).path)) ?? []
    return files.filter { $0.hasSuffix(".json") }.map { "\(part)/\($0.dropLast(5))" }.sorted()
  }

  private func withEngine(_ file: String, _ body: (Engine, NodeRequest, Schema) throws -> Void) throws {
    let home = FileManager.default.temporaryDirectory.appendingPathComponent("assay-rows-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: home) }
    let engine = Engine(
      configuration: Engine.Configuration(
        locations: Locations(environment: ["HOME": home.path]), threads: 1, keepsTables: false))
    defer { engine.close() }
    let request = NodeRequest(source: Source(location: file))
    guard case .opened(let opened) = try engine.run(.open(request)) else { throw EngineError.notReady }
    try body(engine, request, opened.schema)
  }

  private func report(_ spec: BiasSpec, _ engine: Engine, _ request: NodeRequest) throws -> BiasReport {
    guard
      case .analysis(.bias(.report(let report)), _) = try engine.run(
        .analyze(request, .bias(BiasStudy(.report, spec))))
    else { throw EngineError.notReady }
    return report
  }

  /// Opens the rows of every count of a pair of groups.
  /// - Returns: how many counts were compared.
  @discardableResult private func open(
    _ pair: FacetReport, of report: BiasReport, part: Int? = nil, _ engine: Engine, _ request: NodeRequest,
    _ schema: Schema
  ) throws -> Int {
    var compared = 0
    for (group, counts) in [(BiasRows.Group.d, pair.counts.d), (.a, pair.counts.a)] {
      let wanted: [(Bool?, Bool?, Int?)] = [
        (nil, nil, counts.rows), (true, nil, counts.positives), (false, nil, counts.negatives),
        (nil, true, counts.predictedPositives), (nil, false, counts.predictedNegatives),
        (true, true, counts.truePositives), (false, true, counts.falsePositives),
        (true, false, counts.falseNegatives), (false, false, counts.trueNegatives),
      ]
      for (label, prediction, rows) in wanted {
        guard let rows else { continue }
        let asked = BiasRows(group, isPositive: label, isPredictedPositive: prediction)
        let found = asked.filter(report.spec, of: report, pair, part: part, schema: schema)
        let filter = try #require(found, "\(pair.facet): \(pair.groupD) \(group)")
        var look = request
        look.look.filters = [filter]
        guard case .count(let shown) = try engine.run(.count(look)) else { throw EngineError.notReady }
        #expect(shown == rows, "\(pair.groupD) \(group) \(label as Any) \(prediction as Any): \(filter)")
        compared += 1
      }
    }
    return compared
  }

  /// Whatever smclarify guesses of a column, the rows behind a count are those that it counts.
  @Test(arguments: names) func everyCountInTheModeOfTheLibraryOpensAsManyRows(name: String) throws {
    let url = Self.folder.appendingPathComponent(name + ".json")
    let golden = try JSONDecoder().decode(Case.self, from: Data(contentsOf: url))
    let spec = BiasSpec(
      label: .init(column: golden.label, positive: .values(golden.positive_label_values.map(\.text))),
      facets: [
        .init(column: golden.facet, groups: golden.facet_values.map { .values($0.map(\.text)) } ?? .eachValue)
      ],
      prediction: golden.predicted.map { .label(column: $0) }, group: golden.group, missing: .asLibrary,
      mode: .smclarify, libraryCategories: golden.categories ?? [], draws: 0)
    try withEngine(Self.folder.appendingPathComponent(name + ".csv").path) { engine, request, schema in
      let report = try report(spec, engine, request)
      for pair in report.facets where pair.counts.d.rows + pair.counts.a.rows > 0 {
        try open(pair, of: report, engine, request, schema)
      }
    }
  }

  private func table(_ rows: Int, _ header: String, _ line: (Int) -> String) throws -> String {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("assay-rows-\(UUID().uuidString).csv")
    try Data(([header] + (0..<rows).map(line)).joined(separator: "\n").utf8).write(to: file)
    return file.path
  }

  /// Several thresholds, values and missing ones combined, in groups and in parts of the rows.
  @Test(arguments: BiasSpec.MissingPolicy.allCases) func combinedGroupsAndSegmentsOpenAsManyRows(
    missing: BiasSpec.MissingPolicy
  ) throws {
    let file = try table(240, "sex,age,\"who × where\",pay,guess") { row in
      let age = row % 19 == 0 ? "" : "\(20 + row * 7 % 50)"
      let place = row % 13 == 0 ? "" : ["Rome", "A × B", "it's"][row % 3]
      return
        "\(row % 2 == 0 ? "F" : "M"),\(age),\(place),\(row % 3 == 0 ? "high" : "low"),\(row % 5 < 2 ? "high" : "low")"
    }
    defer { try? FileManager.default.removeItem(atPath: file) }
    var spec = BiasSpec(
      label: .init(column: "pay", positive: .values(["high"])),
      facets: [
        .init(column: "age", groups: .above([50, 35])), .init(column: "sex", groups: .values(["F"])),
        .init(column: "who × where"), .init(column: "sex", groups: .values(["M"])),
      ], prediction: .label(column: "guess"), missing: missing, draws: 0)
    spec.intersections = [
      ["age", "sex"], ["age", "who × where"], ["sex", "who × where"], ["age", "sex", "who × where"],
    ]
    spec.segments = [
      .init(column: "age", lists: [["[20, 39]"], ["(30, 60)"]]),
      .init(column: "who × where", lists: [["Rome", "it's"], ["A × B"]]),
    ]
    try withEngine(file) { engine, request, schema in
      let report = try report(spec, engine, request)
      #expect(report.intersections.count > 20 && report.segments.count == 6)
      var compared = 0
      for pair in report.facets + report.intersections {
        compared += try open(pair, of: report, engine, request, schema)
      }
      for part in report.segments.indices {
        for pair in report.segments[part].facets.prefix(3) {
          compared += try open(pair, of: report, part: part, engine, request, schema)
        }
      }
      #expect(compared > 300)
    }
  }

  @Test func theClassWithTheHighestScoreOpensAsManyRows() throws {
    let file = try table(120, "sex,pay,p_low,p_mid,p_high") { row in
      let scores = [row * 7 % 10, row * 3 % 10, row % 11 == 0 ? -1 : row % 10].map { $0 < 0 ? "" : "0.\($0)" }
      return "\(row % 2 == 0 ? "F" : "M"),\(["low", "mid", "high"][row % 3]),\(scores.joined(separator: ","))"
    }
    defer { try? FileManager.default.removeItem(atPath: file) }
    var spec = BiasSpec(
      label: .init(column: "pay", positive: .values(["mid", "high"])), facets: [.init(column: "sex")], draws: 0)
    spec.prediction = .highest(columns: ["p_low", "p_mid", "p_high"], labels: nil)
    try withEngine(file) { engine, request, schema in
      let report = try report(spec, engine, request)
      #expect(report.rowsMissing == 11)
      for pair in report.facets { #expect(try open(pair, of: report, engine, request, schema) == 18) }
    }
  }

  @Test func whatNoSetOfRowsAddsUpToIsSaidOfThatMetricAlone() throws {
    let file = try table(10, "f,y") { $0 < 5 ? "a,\($0 < 3 ? 1 : 0)" : "d,0" }
    defer { try? FileManager.default.removeItem(atPath: file) }
    var spec = BiasSpec(
      label: .init(column: "y", positive: .values(["1"])), facets: [.init(column: "f", groups: .values(["d"]))],
      mode: .smclarify, libraryCategories: ["y"], draws: 0)
    try withEngine(file) { engine, request, _ in
      var found = try report(spec, engine, request)
      let pair = try #require(found.facets.first)
      let vague = pair.metrics.filter { found.vagueness(of: $0, pair) != nil }.map(\.name)
      #expect(vague == ["KL", "JS", "LP", "TVD", "KS"])
      spec.mode = .correct
      found = try report(spec, engine, request)
      let clear = try #require(found.facets.first)
      #expect(clear.metrics.allSatisfy { found.vagueness(of: $0, clear) == nil })
    }
  }
}
