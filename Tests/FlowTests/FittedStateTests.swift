import Foundation
import Frame
import Testing

@testable import Flow

struct FittedStateTests {
  private func state(_ operation: Flow.Operation) throws -> FittedState {
    var bench = try Bench()
    let step = try bench.graph.add(operation, after: bench.source)
    let graph = try Fitter(bench.database).fitted(bench.graph, upTo: step, relations: [bench.source: bench.relation])
    return try #require(FittedState(try graph.step(step)))
  }

  private func state(_ kind: String, _ parameters: Parameters) throws -> FittedState {
    try state(.transform(TransformSpec(kind, parameters)))
  }

  private func table(_ section: FittedState.Section) -> [String] {
    ([section.headings] + section.rows.map { $0.map(FittedState.text) }).map { $0.joined(separator: " | ") }
  }

  @Test func aStepThatLearnsNothingHasNoState() throws {
    var bench = try Bench()
    let step = try bench.graph.add(.filter("age > 30"), after: bench.source)
    #expect(FittedState(try bench.graph.step(step)) == nil)
  }

  @Test func aScalerShowsMeansAndDeviationsInTheOrderOfItsColumns() throws {
    let state = try state("scale", ["columns": ["id", "age"], "method": "standard"])
    #expect(
      table(try #require(state.sections.first))
        == ["column | mean | deviation", "id | 5 | 2.58199", "age | 40.5 | 8.38153"])
  }

  @Test func theWordsOfAScalerFollowItsMethod() throws {
    let state = try state("scale", ["columns": ["id"], "method": "min-max"])
    #expect(table(try #require(state.sections.first)) == ["column | smallest | range", "id | 1 | 8"])
  }

  @Test func categoriesStandWithTheirCodes() throws {
    let state = try state("encode-ordinal", ["columns": ["sex"]])
    let section = try #require(state.sections.first)
    #expect(section.title == "sex")
    #expect(table(section) == ["category | code", "F | 0", "M | 1"])
  }

  @Test func frequenciesStandWithTheirShares() throws {
    let state = try state("encode-frequency", ["columns": ["sex"]])
    #expect(
      table(try #require(state.sections.first)) == ["category | rows | share", "F | 4 | 0.5", "M | 4 | 0.5"])
  }

  @Test func imputationShowsWhatFillsEachColumn() throws {
    let state = try state(
      .impute([ImputeRule("age", .median), ImputeRule("sex", .mode), ImputeRule("gain", .constant(.real(1)))]))
    #expect(
      table(try #require(state.sections.first))
        == ["column | filled with | value", "age | median | 39", "sex | mode | F", "gain | constant | 1"])
  }

  @Test func binsShowTheirEdges() throws {
    let state = try state("bin", ["columns": ["id"], "bins": 2, "method": "width"])
    #expect(table(try #require(state.sections.first)) == ["bin | from | to", "0 | 1 | 5", "1 | 5 | 9"])
  }

  @Test func componentsShowTheirSharesAndLoadings() throws {
    let state = try state("pca", ["columns": ["id", "age"], "components": 2])
    #expect(state.sections.map(\.title) == ["Components", "Loadings"])
    let shares = state.sections[0].rows.compactMap { $0.last?.number }
    #expect(abs((shares.last ?? 0) - 1) < 1e-12)
    #expect(state.sections[1].headings == ["column", "centre", "scale", "PC1", "PC2"])
    #expect(state.sections[1].rows.count == 2)
  }

  @Test func aVocabularyShowsInHowManyTextsEachTermIs() throws {
    var bench = try Bench("SELECT * FROM (VALUES ('a b'), ('b c b'), (NULL)) t(x)")
    let step = try bench.graph.add(
      .transform(TransformSpec("vectorise", ["column": "x", "max_doc_freq": 5])), after: bench.source)
    let graph = try Fitter(bench.database).fitted(bench.graph, upTo: step, relations: [bench.source: bench.relation])
    let state = try #require(FittedState(try graph.step(step)))
    let vocabulary = try #require(state.sections.last)
    #expect(table(vocabulary) == ["term | texts with it", "a | 1", "b | 2", "c | 1"])
  }

  @Test func aTargetEncoderShowsTheMeansOfAllRowsAndWhatOthersGet() throws {
    let state = try state(
      "encode-target", ["columns": ["sex"], "target": "id", "smoothing": "none", "kind": "regression"])
    let section = try #require(state.sections.first)
    #expect(section.headings == ["category", "mean"])
    #expect(Set(section.rows.compactMap { $0.first?.text }) == ["F", "M", "(missing)", "(any other)"])
    let mean = section.rows.first { $0.first == "(any other)" }?.last?.number
    #expect(mean == 5)
  }

  /// Whatever a step has learnt can be read: no recorded case of any kind comes out empty.
  @Test(arguments: RecordedCasesTests.files) func everyKindThatLearnsShowsWhatItHasLearnt(file: String) throws {
    let cases = try CaseFile(named: file)
    let database = try Database()
    var seen: Set<String> = []
    for item in cases.cases where item.operation.learns && seen.insert(item.operation.kind.rawValue).inserted {
      var graph = FlowGraph()
      var relations: [StepID: Relation] = [:]
      var sources: [StepID] = []
      for name in [item.input] + (item.others ?? []) {
        let id = graph.addSource(Source(location: name), name: name)
        let sql = try RecordedCasesTests.sql(try #require(cases.inputs[name]))
        relations[id] = Relation(sql: sql, schema: try database.describe(sql))
        sources.append(id)
      }
      let step = try graph.add(item.operation, after: sources[0], and: Array(sources.dropFirst()))
      graph = try Fitter(database).fitted(graph, upTo: step, relations: relations)
      let state = try #require(FittedState(try graph.step(step)), "\(item.name)")
      #expect(!state.sections.isEmpty, "\(item.name)")
      for section in state.sections {
        #expect(section.rows.allSatisfy { $0.count == section.headings.count }, "\(item.name)")
      }
    }
  }

  @Test func aChangedStepForgetsWhenItWasFitted() throws {
    var bench = try Bench()
    let spec = TransformSpec("scale", ["columns": ["id"]])
    let step = try bench.graph.add(.transform(spec), after: bench.source)
    try bench.graph.setFitting(step, Fitting(rows: 9, at: Date(timeIntervalSince1970: 0)))
    try bench.graph.replace(step, with: .transform(TransformSpec("scale", ["columns": ["age"]])))
    #expect(try bench.graph.step(step).fitting == nil)
  }
}
