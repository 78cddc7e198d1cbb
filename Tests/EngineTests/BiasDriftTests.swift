import Fairness
import Flow
import Foundation
import Frame
import Jobs
import Learn
import Testing

@testable import Engine

/// Bias drift of one model: trained on a part of the baseline, judged on the rest of it and on newer rows.
struct BiasDriftTests {
  /// People whose pay depends on age alone; with `turned` on experience instead.
  private static func people(_ rows: Range<Int>, turned: Bool = false) -> String {
    var text = "sex,age,experience,pay\n"
    for row in rows {
      let (age, experience) = (20 + row * 7 % 41, row * 11 % 37)
      let isHigh = turned ? experience > 18 : age > 40
      text += "\(row % 3 == 0 ? "F" : "M"),\(age),\(experience),\(isHigh ? "high" : "low")\n"
    }
    return text
  }

  private let spec = BiasSpec(
    label: .init(column: "pay", positive: .values(["high"])), facets: [.init(column: "sex", groups: .values(["F"]))],
    draws: 100)

  private func drift(
    from before: String, to now: String, _ model: BiasModel = BiasModel(), _ spec: BiasSpec? = nil
  ) throws -> BiasDriftResult {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("assay-drift-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var graph = FlowGraph()
    var nodes: [StepID] = []
    for (name, text) in [("before.csv", before), ("now.csv", now)] {
      let file = folder.appendingPathComponent(name)
      try Data(text.utf8).write(to: file)
      nodes.append(graph.addSource(Source(location: file.path)))
    }
    let engine = Engine(
      configuration: Engine.Configuration(
        locations: Locations(environment: ["HOME": folder.path]), threads: 1, keepsTables: false))
    defer { engine.close() }
    let study = BiasStudy(.drift, spec ?? self.spec, baseline: nodes[0], model: model)
    let output = try engine.run(.analyze(NodeRequest(graph: graph, node: nodes[1]), .bias(study)))
    guard case .analysis(.bias(.drift(let found)), _) = output else { throw EngineError.notReady }
    return found
  }

  private func value(_ result: BiasDriftResult, _ metric: BiasMetric) -> (before: Double?, now: Double?) {
    let entry = result.drift.entries.first { $0.metric == metric }
    return (entry?.baseline, entry?.current)
  }

  @Test(arguments: FoldLearner.allCases) func oneModelIsJudgedOnRowsThatItHasNotSeen(learner: FoldLearner) throws {
    let found = try drift(from: Self.people(0..<600), to: Self.people(600..<1400), BiasModel(learner))
    let model = try #require(found.model)
    #expect(model.learner == learner && model.trainedRows == 480 && model.heldOutRows == 120)
    #expect(found.drift.baselineRows == 600 && found.drift.currentRows == 800)
    // What people are paid for has not changed, and so nor has what the model goes by.
    #expect(try #require(found.attribution?.ndcg) > 0.999)
    // Labels are of every row of the baseline: a third of them are women.
    #expect(value(found, .ci).before.map { abs($0 - 1.0 / 3) < 1e-12 } == true)
    let accuracy = value(found, .ad)
    #expect(abs(accuracy.before ?? 1) < 0.1 && abs(accuracy.now ?? 1) < 0.1)
    #expect(model.words.contains("480 rows") && model.words.contains("120 rows"))
  }

  /// Two models would each be right on their own rows, and hide that the old one is wrong on the new.
  @Test func theModelOfTheBaselineIsKeptToWhereTheWorldHasTurned() throws {
    let found = try drift(from: Self.people(0..<600), to: Self.people(600..<1400, turned: true))
    var all = spec
    all.metrics = [.ge]
    let entropy = value(
      try drift(from: Self.people(0..<600), to: Self.people(600..<1400, turned: true), BiasModel(), all), .ge)
    // Before, nearly every prediction is right; now about half are.
    #expect((entropy.before ?? 1) < 0.05 && (entropy.now ?? 0) > 0.15, "\(entropy)")
    // One model goes by age in both.
    #expect(try #require(found.attribution?.ndcg) > 0.999)
  }

  @Test func columnsThatOnlyOneSideHasAreNotUsed() throws {
    let before = Self.people(0..<600)
    let now = Self.people(600..<1400).split(separator: "\n").map { line in
      line.split(separator: ",").enumerated().filter { $0.offset != 2 }.map(\.element).joined(separator: ",")
    }.joined(separator: "\n")
    let found = try drift(from: before, to: now)
    #expect(found.drift.notes.contains { $0.contains("experience") }, "\(found.drift.notes)")
    #expect(found.drift.currentRows == 800)
  }

  @Test func aFileOnBothSidesIsSaidToFlatterTheModel() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("assay-drift-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("people.csv")
    try Data(Self.people(0..<600).utf8).write(to: file)
    var graph = FlowGraph()
    let source = graph.addSource(Source(location: file.path))
    let older = try graph.add(.filter("age > 30"), after: source)
    let engine = Engine(
      configuration: Engine.Configuration(
        locations: Locations(environment: ["HOME": folder.path]), threads: 1, keepsTables: false))
    defer { engine.close() }
    let study = BiasStudy(.drift, spec, baseline: source, model: BiasModel())
    let output = try engine.run(.analyze(NodeRequest(graph: graph, node: older), .bias(study)))
    guard case .analysis(.bias(.drift(let found)), _) = output else { throw EngineError.notReady }
    #expect(found.drift.notes.contains { $0.contains("people.csv") && $0.contains("flatter") }, "\(found.drift.notes)")
  }

  @Test func aLabelOfNumbersIsPredictedAsOne() throws {
    var numbers = spec
    numbers.label = .init(column: "age", positive: .above(40))
    let found = try drift(from: Self.people(0..<600), to: Self.people(600..<1400), BiasModel(), numbers)
    #expect(value(found, .dppl).now != nil && found.attribution?.ndcg != nil)
  }

  @Test func aBaselineWithoutTheOutcomeIsRefused() throws {
    let before = Self.people(0..<600).replacingOccurrences(of: "high", with: "middle")
    do {
      _ = try drift(from: before, to: Self.people(600..<900))
      Issue.record("it was taken")
    } catch {
      #expect("\(error)".contains("pay") && "\(error)".contains("middle"), "\(error)")
    }
  }

  @Test func aResultIsReadBackAsItWas() throws {
    let found = BiasResult.drift(try drift(from: Self.people(0..<300), to: Self.people(300..<600)))
    let read = try JSONDecoder().decode(BiasResult.self, from: JSONEncoder().encode(found))
    #expect(read == found)
    #expect(found.lines.contains { $0.contains("One random forest, trained on") }, "\(found.lines)")
  }
}
