import Fairness
import Flow
import Foundation
import Frame
import Jobs
import Learn
import Testing

@testable import Engine

/// Studies of bias as analyses of a step: what they find, how they are kept, written and stopped.
struct BiasTests {
  /// People whose pay depends on age alone; women are younger. One lacks a city.
  private static let people: String = {
    var text = "sex,age,city,noise,pay\n"
    for row in 0..<400 {
      let isWoman = row % 4 == 0
      let age = 20 + (row * 7 + row / 3) % (isWoman ? 30 : 50)
      text += "\(isWoman ? "F" : "M"),\(age),\(row == 9 ? "" : ["Rome", "Oslo", "Bern"][row % 3]),\(row * 31 % 17),"
      text += "\(age > 40 ? "high" : "low")\n"
    }
    return text
  }()

  private func withEngine(
    _ text: String = people, keepsTables: Bool = false, _ body: (Engine, NodeRequest, URL) throws -> Void
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("assay-bias-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("people.csv").path
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    let engine = Engine(
      configuration: Engine.Configuration(
        locations: Locations(environment: ["HOME": folder.path]), threads: 1, keepsTables: keepsTables))
    defer { engine.close() }
    try body(engine, NodeRequest(source: Source(location: file)), folder)
  }

  private let spec = BiasSpec(
    label: .init(column: "pay", positive: .values(["high"])), facets: [.init(column: "sex", groups: .values(["F"]))],
    draws: 100)

  private func run(_ study: BiasStudy, _ engine: Engine, _ request: NodeRequest) throws -> BiasResult {
    guard case .analysis(.bias(let result), let made) = try engine.run(.analyze(request, .bias(study))) else {
      throw EngineError.notReady
    }
    #expect(made.rows == 400)
    return result
  }

  private func report(_ study: BiasStudy, _ engine: Engine, _ request: NodeRequest) throws -> BiasReport {
    guard case .report(let report) = try run(study, engine, request) else { throw EngineError.notReady }
    return report
  }

  // MARK: Rows

  /// Whatever is counted opens as many rows: thresholds out of order, and missing values as a group of their own.
  @Test func everyCountOpensAsManyRows() throws {
    var asked = spec
    asked.facets = [.init(column: "age", groups: .above([55, 30])), .init(column: "city"), .init(column: "sex")]
    asked.missing = .ownValue
    try withEngine { engine, request, _ in
      let report = try report(BiasStudy(.report, asked), engine, request)
      let schema = [
        ("sex", "VARCHAR"), ("age", "BIGINT"), ("city", "VARCHAR"), ("noise", "BIGINT"), ("pay", "VARCHAR"),
      ]
      .map { Column(name: $0, type: $1) }
      #expect(report.facets.map(\.value).contains("(missing)"))
      for pair in report.facets {
        for (group, counts) in [(BiasRows.Group.d, pair.counts.d), (.a, pair.counts.a)] {
          let rows = BiasRows(group)
          let filter = try #require(rows.filter(asked, of: report, pair, schema: schema))
          var look = request
          look.look.filters = [filter]
          guard case .count(let shown) = try engine.run(.count(look)) else { throw EngineError.notReady }
          #expect(shown == counts.rows, "\(pair.facet) \(pair.value) \(group)")
        }
      }
    }
  }

  // MARK: Reports

  @Test(arguments: [true, false])
  func aReportCountsTheGroupsOfAStep(keepsTables: Bool) throws {
    try withEngine(keepsTables: keepsTables) { engine, request, _ in
      let found = try report(BiasStudy(.report, spec), engine, request)
      let women = try #require(found.facets.first)
      #expect(women.counts.d.rows == 100 && women.counts.a.rows == 300)
      let gap = try #require(women[.dpl]?.value)
      let shares = try (#require(women.counts.a.positiveShare), #require(women.counts.d.positiveShare))
      #expect(abs(gap - (shares.0 - shares.1)) < 1e-12 && gap > 0.1)
      #expect(found.facets.count == 1 && women[.dppl] == nil)
    }
  }

  @Test func aResultIsKeptInTheFlowAndReadBackAsItWas() throws {
    try withEngine { engine, request, folder in
      var file = FlowFile(graph: request.graph)
      for study in [
        BiasStudy(.report, spec), BiasStudy(.simpson, spec),
        BiasStudy(.drift, spec, baseline: request.node), BiasStudy(.intersections, twoFacets),
        BiasStudy(.thresholds, spec, model: BiasModel(folds: 2)), BiasStudy(.mending, spec),
      ] {
        let id = file.add(.bias(study), on: request.node)
        file[analysis: id]?.result = .bias(try run(study, engine, request))
      }
      let path = folder.appendingPathComponent("kept.flow").path
      try file.write(to: path)
      let read = try FlowFile(contentsOf: path)
      #expect(read.analyses == file.analyses)
      #expect(
        read.analyses.map(\.spec.kind) == [.bias, .simpson, .biasDrift, .biasIntersections, .thresholds, .biasMending])
      #expect(read.analyses[0].name == "Bias: sex → pay")
      for analysis in read.analyses {
        guard case .bias(let result)? = analysis.result else {
          Issue.record("\(analysis.name) has no result")
          continue
        }
        #expect(result.lines.count > 2, "\(analysis.name)")
        #expect(result.markdown.contains("| --- |") || result.markdown.contains("---:"), "\(analysis.name)")
      }
    }
  }

  private var twoFacets: BiasSpec {
    var both = spec
    both.facets.append(.init(column: "city"))
    return both
  }

  @Test func combinedGroupsHaveTheWorstGapFirst() throws {
    try withEngine { engine, request, _ in
      guard case .intersections(let found) = try run(BiasStudy(.intersections, twoFacets), engine, request) else {
        return
      }
      #expect(found.intersections.count > 3)
      let names = found.intersections.map(\.facet)
      #expect(names.allSatisfy { $0.contains("sex") && $0.contains("city") })
      let charts = BiasResult.intersections(found).charts
      #expect(charts.count == 1)
    }
  }

  @Test func aReportIsWrittenAsTheEndingSays() throws {
    try withEngine { engine, request, folder in
      let result = try run(BiasStudy(.report, spec), engine, request)
      func written(_ name: String) throws -> String {
        let path = folder.appendingPathComponent(name).path
        _ = try engine.run(.exportBias(result, path: path, title: "Bias of people"))
        return try String(contentsOfFile: path, encoding: .utf8)
      }
      let markdown = try written("report.md")
      #expect(markdown.hasPrefix("# Bias of people\n") && markdown.contains("sex = F (d) against"))
      #expect(markdown.contains("DPL: ") && markdown.contains("| DPL |"))
      #expect(try written("report.svg").contains("<svg"))
      #expect(try written("report.json").contains("\"rows_used\" : 400"))
      #expect(throws: ReportFileError.self) { try written("report.xls") }
    }
  }

  // MARK: Predictions

  @Test(arguments: FoldLearner.allCases)
  func aModelMakesThePredictionsThatAStepLacks(learner: FoldLearner) throws {
    try withEngine { engine, request, _ in
      let found = try report(BiasStudy(.report, spec, model: BiasModel(learner)), engine, request)
      let performance = try #require(found.performance)
      let right = performance.truePositives + performance.trueNegatives
      #expect(Double(right) / 400 > 0.9, "\(performance)")
      let metrics = try #require(found.facets.first).metrics
      // All but CDDL and CDDPL, which want a group variable, and FT, for city holds text.
      let missing = Set(metrics.filter { $0.value == nil }.map(\.name))
      #expect(missing.isSubset(of: ["CDDL", "CDDPL", "FT", "DCR", "TE", "DCA"]), "\(missing)")
      #expect(metrics.contains { $0.name == "RD" } && metrics.contains { $0.name == "GE" })
    }
  }

  @Test func aThresholdOfTheScoreMovesThePredictions() throws {
    try withEngine { engine, request, _ in
      func predicted(_ threshold: Double) throws -> Int {
        let study = BiasStudy(.report, spec, model: BiasModel(threshold: threshold))
        let counts = try #require(report(study, engine, request).facets.first).counts
        return (counts.a.predictedPositives ?? 0) + (counts.d.predictedPositives ?? 0)
      }
      let few = try predicted(0.95)
      let many = try predicted(0.05)
      #expect(few < many)
    }
  }

  @Test func predictionsAreAStepWithColumnsThatTheReportReads() throws {
    try withEngine(keepsTables: true) { engine, request, _ in
      let study = BiasStudy(.report, spec, model: BiasModel(.boosted, folds: 3))
      guard case .opened(let opened) = try engine.run(.open(request)) else { return }
      let (scored, asked) = try study.scored(request, opened.schema)
      #expect(asked.prediction == .label(column: "predicted_pay"))
      guard case .opened(let node) = try engine.run(.open(scored)) else { return }
      #expect(node.schema.map(\.name) == ["sex", "age", "city", "noise", "pay", "predicted_pay"])
      #expect(node.count == .exact(400))
      // The same rows in the same order, whatever was computed in between.
      guard case .rows(let page) = try engine.run(.rows(scored, 0..<3)) else { return }
      #expect(page.rows.text(0, 0) == "F" && page.rows.text(1, 0) == "M")
    }
  }

  @Test func aStepOfPredictionsRefusesWhatItCannotPredict() throws {
    try withEngine { engine, request, _ in
      func fault(_ parameters: Parameters) throws -> String {
        var request = request
        request.node = try request.graph.add(.transform(TransformSpec("score", parameters)), after: request.node)
        do {
          _ = try engine.run(.write(request, path: "/dev/null", format: .csv))
          return ""
        } catch {
          return "\(error)"
        }
      }
      let slip = try fault(["target": "pya"])
      #expect(slip.contains("pya") && slip.contains("pay"), "\(slip)")
      let positive = try fault(["target": "pay", "positive": ["rich"]])
      #expect(positive.contains("no row is \"rich\"") && positive.contains("low"), "\(positive)")
      let taken = try fault(["target": "pay", "prediction": "age"])
      #expect(taken.contains("age"), "\(taken)")
      let number = try fault(["target": "city", "problem": "regression"])
      #expect(number.contains("text"), "\(number)")
    }
  }

  @Test func thresholdsTradeBiasAgainstAccuracy() throws {
    try withEngine { engine, request, _ in
      let study = BiasStudy(.thresholds, spec, model: BiasModel(folds: 2))
      guard case .thresholds(let found) = try run(study, engine, request) else { return }
      #expect(found.rows == 400 && !found.pareto.isEmpty)
      #expect(found.pareto.allSatisfy { $0.accuracy >= 0 && $0.accuracy <= 1 })
    }
  }

  @Test func driftAgainstItselfIsNone() throws {
    try withEngine { engine, request, _ in
      let study = BiasStudy(.drift, spec, baseline: request.node)
      guard case .drift(let found) = try run(study, engine, request) else { return }
      #expect(found.drift.violations.isEmpty && found.drift.entries.allSatisfy { $0.baseline == $0.current })
      #expect(found.attribution == nil && found.model == nil)
    }
  }

  // MARK: Bad input and stopping

  @Test func aColumnThatIsNotThereIsNamedWithTheNearest() throws {
    try withEngine { engine, request, _ in
      var slip = spec
      slip.facets = [.init(column: "sxe")]
      #expect(throws: EngineError.self) { try run(BiasStudy(.report, slip), engine, request) }
      do {
        _ = try run(BiasStudy(.report, slip), engine, request)
      } catch {
        #expect("\(error)".hasPrefix("There is no column \"sxe\". Did you mean \"sex\"?"))
      }
      #expect(throws: EngineError.noBaseline("Bias drift")) { try run(BiasStudy(.drift, spec), engine, request) }
    }
  }

  @Test func aStoppedStudyEndsWithoutAResult() throws {
    final class Stopped: JobContext {
      func checkCancelled() throws { throw JobCancelled() }
      func report(_ fraction: Double?, _ note: String) {}
      func emit(_ partial: any Sendable) {}
      func onCancel(_ action: @escaping @Sendable () -> Void) { action() }
    }
    try withEngine { engine, request, _ in
      for model in [nil, BiasModel()] {
        let spec = AnalysisSpec.bias(BiasStudy(.report, spec, model: model))
        #expect(throws: JobCancelled.self) { try engine.run(.analyze(request, spec), context: Stopped()) }
      }
    }
  }

  // MARK: Formats

  @Test func aConfigurationOfClarifyIsRead() throws {
    try withEngine { _, _, folder in
      let path = folder.appendingPathComponent("analysis_config.json").path
      let text = """
        {"dataset_type": "text/csv", "headers": ["sex", "age", "pay"], "label": "pay", "label_values_or_threshold": [1],
         "probability_threshold": 0.7, "group_variable": 0, "predictor": {"model_name": "m"},
         "facet": [{"name_or_index": "sex", "value_or_threshold": ["F"]}, {"name_or_index": 1, "value_or_threshold": [40.5]},
                   {"name_or_index": "age"}],
         "methods": {"pre_training_bias": {"methods": ["CI", "DPL"]}, "post_training_bias": {"methods": "all"},
                     "report": {"name": "report", "title": "Analysis Report"}}}
        """
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      let schema = [
        Column(name: "sex", type: "VARCHAR"), Column(name: "age", type: "DOUBLE"), Column(name: "pay", type: "BIGINT"),
      ]
      let config = try ClarifyConfig(contentsOf: path, schema: schema)
      #expect(config.spec.label == .init(column: "pay", positive: .values(["1"])))
      #expect(
        config.spec.facets == [
          .init(column: "sex", groups: .values(["F"])), .init(column: "age", groups: .above([40.5])),
          .init(column: "age"),
        ])
      #expect(config.spec.group == "sex" && config.probabilityThreshold == 0.7 && config.wantsPredictions)
      #expect(config.spec.wanted == [.ci, .dpl] + BiasMetric.postTraining)
      #expect(config.notes.count == 1 && config.notes[0].contains("pay"))
      for broken in ["{}", "[", #"{"label": "pay"}"#, #"{"label": "pay", "facet": [{"name_or_index": "sex"}]}"#] {
        try Data(broken.utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: ClarifyConfigError.self, "\(broken)") { try ClarifyConfig(contentsOf: path, schema: schema) }
      }
    }
  }

  @Test func aBiasReportOfDataWranglerComesAndGoes() throws {
    let study = BiasStudy(.report, spec)
    let analysis = Analysis(id: 1, name: "Pay", node: "s1", spec: .bias(study))
    let attachment = try #require(DataWranglerAnalyses.attachment(of: analysis))
    #expect(attachment.operatorID == "sagemaker.visualizations.bias_report_0.1")
    guard case .bias(let read)? = DataWranglerAnalyses.spec(of: attachment) else {
      Issue.record("the report does not come back")
      return
    }
    #expect(read.spec.label == spec.label && read.spec.facets == spec.facets)
    #expect(read.spec.metrics == BiasMetric.preTraining)
    let other = Analysis(id: 2, name: "Drift", node: "s1", spec: .bias(BiasStudy(.drift, spec)))
    #expect(DataWranglerAnalyses.attachment(of: other) == nil)
  }
}
