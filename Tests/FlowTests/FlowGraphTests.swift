import Foundation
import Frame
import Testing

@testable import Flow

@Suite struct FlowGraphTests {
  /// source ─ filter ─┬─ sort ─ sample
  ///                  └─ drop
  private func branched() throws -> (graph: FlowGraph, ids: [StepID]) {
    var graph = FlowGraph()
    let source = graph.addSource(Source(location: "a.csv"))
    let filter = try graph.add(.filter("age > 3"), after: source)
    let sort = try graph.add(.sort([SortKey("age")]), after: filter)
    let sample = try graph.add(.sample(.first(5)), after: sort)
    let drop = try graph.add(.drop(["name"]), after: filter)
    return (graph, [source, filter, sort, sample, drop])
  }

  @Test func branchesStandBelowTheStepThatTheyRead() throws {
    let (graph, ids) = try branched()
    #expect(graph.outline.map(\.id) == ids)
    #expect(graph.outline.map(\.depth) == [0, 1, 2, 3, 2])
    #expect(graph.leaves == [ids[3], ids[4]])
    #expect(graph.children(of: ids[1]) == [ids[2], ids[4]])
    #expect(try graph.path(to: ids[3]) == [ids[0], ids[1], ids[2], ids[3]])
    #expect(graph.descendants(of: ids[1]) == [ids[2], ids[3], ids[4]])
    #expect(graph.validate().isEmpty)
  }

  @Test func insertingAfterAStepTakesOverItsReaders() throws {
    var (graph, ids) = try branched()
    let new = try graph.insert(.select(["age"]), after: ids[1])
    #expect(graph.children(of: ids[1]) == [new])
    #expect(graph.children(of: new) == [ids[2], ids[4]])
  }

  @Test func insertingBeforeAStepLeavesOtherReadersAlone() throws {
    var (graph, ids) = try branched()
    let new = try graph.insert(.select(["age"]), before: ids[4])
    #expect(graph.children(of: ids[1]) == [ids[2], new])
    #expect(graph.parent(of: ids[4]) == new)
    #expect(throws: FlowError.self) { try graph.insert(.select(["age"]), before: ids[0]) }
  }

  @Test func deletingATransformKeepsWhatFollows() throws {
    var (graph, ids) = try branched()
    #expect(try graph.delete(ids[1]) == [ids[1]])
    #expect(graph.children(of: ids[0]) == [ids[2], ids[4]])
    #expect(graph.validate().isEmpty)
  }

  @Test func deletingASourceDeletesWhatFollows() throws {
    var (graph, ids) = try branched()
    let other = graph.addSource(Source(location: "b.csv"))
    #expect(try graph.delete(ids[0]).count == 5)
    #expect(graph.steps.map(\.id) == [other])
  }

  @Test func anIdIsNeverUsedAgain() throws {
    var (graph, ids) = try branched()
    try graph.delete(ids[4])
    let reopened = try JSONDecoder().decode(FlowGraph.self, from: JSONEncoder().encode(graph))
    #expect(reopened == graph)
    var edited = reopened
    #expect(try edited.add(.drop(["x"]), after: ids[0]) == "s6")
  }

  @Test func movingSwapsNeighbours() throws {
    var (graph, ids) = try branched()
    let before = graph
    try graph.moveUp(ids[3])
    #expect(try graph.path(to: ids[2]) == [ids[0], ids[1], ids[3], ids[2]])
    #expect(graph.outline.map(\.id) == [ids[0], ids[1], ids[3], ids[2], ids[4]])
    try graph.moveDown(ids[3])
    #expect(graph.outline.map(\.id) == before.outline.map(\.id))
    #expect(graph.steps.map(\.inputs) == before.steps.map(\.inputs))
  }

  @Test func movingSaysWhyItCannot() throws {
    var (graph, ids) = try branched()
    let whole = graph
    #expect(throws: FlowError.cannot("move", step: ids[1], because: "it is the first step below the source")) {
      try graph.moveUp(ids[1])
    }
    #expect(throws: FlowError.cannot("move", step: ids[2], because: "step s2 has several branches")) {
      try graph.moveUp(ids[2])
    }
    #expect(throws: FlowError.cannot("move", step: ids[1], because: "several branches follow it")) {
      try graph.moveDown(ids[1])
    }
    #expect(throws: FlowError.cannot("move", step: ids[3], because: "no step follows it")) {
      try graph.moveDown(ids[3])
    }
    #expect(throws: FlowError.noSuchStep("s99")) { try graph.moveDown("s99") }
    #expect(graph == whole)
  }

  @Test func duplicatingStartsABranchBeside() throws {
    var (graph, ids) = try branched()
    try graph.rename(ids[2], to: "  By age ")
    let copy = try graph.duplicate(ids[2])
    #expect(graph.parent(of: copy) == ids[1])
    #expect(graph[copy]?.name == "By age copy")
    #expect(graph[copy]?.operation == graph[ids[2]]?.operation)
    #expect(graph.outline.map(\.id) == [ids[0], ids[1], ids[2], ids[3], copy, ids[4]])
  }

  @Test func aSourceCanBeNeitherDisabledNorTurnedIntoATransform() throws {
    var (graph, ids) = try branched()
    try graph.toggle(ids[1])
    #expect(graph[ids[1]]?.isEnabled == false)
    #expect(throws: FlowError.self) { try graph.toggle(ids[0]) }
    #expect(throws: FlowError.self) { try graph.replace(ids[0], with: .drop(["x"])) }
    #expect(throws: FlowError.self) { try graph.add(.source(Source(location: "b")), after: ids[0]) }
  }

  @Test func editingKeepsTheStatisticsOfUnchangedRules() throws {
    var graph = FlowGraph()
    let source = graph.addSource(Source(location: "a.csv"))
    let id = try graph.add(.impute([ImputeRule("a", .mean), ImputeRule("b", .mode)]), after: source)
    try graph.setFitted(id, ["a": .real(1), "b": .text("x")])
    try graph.replace(id, with: .impute([ImputeRule("a", .median), ImputeRule("b", .mode)]))
    #expect(graph[id]?.fitted == ["b": .text("x")])
    #expect(graph[id]?.needsFit == true)
  }

  @Test func validationFindsBrokenGraphs() {
    let loop = FlowGraph(steps: [
      Step(id: "a", inputs: ["b"], operation: .drop(["x"])), Step(id: "b", inputs: ["a"], operation: .drop(["x"])),
    ])
    #expect(loop.validate().first == .cycle("a"))
    let orphan = FlowGraph(steps: [Step(id: "a", inputs: ["gone"], operation: .drop(["x"]))])
    #expect(orphan.validate() == [.missingInput(step: "a", input: "gone")])
    let twins = FlowGraph(steps: [
      Step(id: "a", operation: .source(Source(location: "f"))),
      Step(id: "a", operation: .source(Source(location: "f"))),
    ])
    #expect(twins.validate() == [.duplicateStep("a")])
    let empty = FlowGraph(steps: [
      Step(id: "a", operation: .source(Source(location: "f"))), Step(id: "b", inputs: ["a"], operation: .filter("  ")),
    ])
    #expect(empty.validate().map(\.description) == ["write a condition, such as age > 30"])
    #expect(FlowGraph(steps: [Step(id: "a", operation: .drop(["x"]))]).validate().count == 1)
  }
}
