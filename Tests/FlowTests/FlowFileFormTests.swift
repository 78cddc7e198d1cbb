import Foundation
import Frame
import Testing

@testable import Flow

@Suite struct FlowFileFormTests {
  private let operations: [Flow.Operation] = [
    .source(Source(location: "data/census.csv", rows: .first(100))),
    .cast([Cast("age", to: .integer), Cast("when", to: .date)]), .filter("age > 30 and sex == \"F\""),
    .select(["a", "b \"quoted\""]), .drop(["c"]), .derive(name: "twice", expression: "a * 2"),
    .sort([SortKey("a"), SortKey("b", descending: true)]), .sample(.first(10)), .sample(.random(10, seed: 7)),
    .sample(.fraction(0.25, seed: .max)), .sample(.stratified(10, column: "sex", seed: 0)),
    .impute([
      ImputeRule("a", .mean), ImputeRule("b", .median), ImputeRule("c", .mode), ImputeRule("d", .constant(.text("?"))),
    ]),
  ]

  @Test func everyOperationSurvivesAFile() throws {
    for operation in operations {
      let data = try JSONEncoder().encode(operation)
      #expect(try JSONDecoder().decode(Flow.Operation.self, from: data) == operation)
    }
  }

  @Test func aFlowIsReadableJSON() throws {
    var graph = FlowGraph()
    let source = graph.addSource(Source(location: "a.csv"))
    let filter = try graph.add(.filter("age > 30"), after: source, name: "Adults")
    try graph.toggle(filter)
    let impute = try graph.add(.impute([ImputeRule("age", .median)]), after: filter)
    try graph.setFitted(impute, ["age": .integer(37)])
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let text = String(decoding: try encoder.encode(graph), as: UTF8.self)
    #expect(text.contains(#""next":4"#) && text.contains(#""version":1"#))
    #expect(
      text.contains(
        #"{"enabled":false,"id":"s2","inputs":["s1"],"name":"Adults","operation":{"type":"filter","where":"age > 30"}}"#
      ))
    #expect(
      text.contains(
        #"{"fitted":{"age":{"integer":37}},"id":"s3","inputs":["s2"],"operation":{"rules":[{"column":"age","strategy":"median"}],"type":"impute"}}"#
      ))
    #expect(try JSONDecoder().decode(FlowGraph.self, from: Data(text.utf8)) == graph)
  }

  @Test func anUnknownOperationIsNamed() {
    let json = #"{"version":1,"steps":[{"id":"s1","operation":{"type":"filtre","where":"x"}}]}"#
    let error = #expect(throws: FlowError.self) {
      try JSONDecoder().decode(FlowGraph.self, from: Data(json.utf8))
    }
    #expect(error?.description == "this version knows no operation \"filtre\" – did you mean filter?")
  }

  @Test func aLaterVersionIsRefused() {
    let error = #expect(throws: FlowError.self) {
      try JSONDecoder().decode(FlowGraph.self, from: Data(#"{"version":9,"steps":[]}"#.utf8))
    }
    #expect(
      error?.description
        == "the flow has format version 9; this version of assay reads up to 1: update assay")
  }

  @Test func aBrokenGraphIsRefused() {
    let json = #"{"version":1,"steps":[{"id":"s2","inputs":["s1"],"operation":{"type":"drop","columns":["x"]}}]}"#
    #expect(throws: FlowError.missingInput(step: "s2", input: "s1")) {
      try JSONDecoder().decode(FlowGraph.self, from: Data(json.utf8))
    }
  }

  @Test func summariesSayWhatAStepDoes() {
    #expect(
      operations.map(\.summary) == [
        "data/census.csv", "age → integer, when → date", "age > 30 and sex == \"F\"", "2 columns", "c", "twice = a * 2",
        "a ↑, b ↓", "first 10", "random 10, seed 7", "25 % of rows, seed 18446744073709551615", "10 by sex, seed 0",
        "mean ×1, median ×1, mode ×1, constant ×1",
      ])
  }

  @Test func theCatalogueKnowsEveryOperation() {
    #expect(OperationCatalogue.all.map(\.kind) == Flow.Operation.Kind.allCases)
    for info in OperationCatalogue.all {
      #expect(!info.title.isEmpty && info.help.hasSuffix(".") && !info.parameters.isEmpty)
      #expect(Set(info.parameters.map(\.id)).count == info.parameters.count)
    }
  }
}
