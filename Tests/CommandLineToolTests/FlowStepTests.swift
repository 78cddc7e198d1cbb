import Engine
import Flow
import Foundation
import Frame
import ProgramDriver
import Testing

/// One step of a flow, what it has learnt, and the way of a column, on the command line.
@Suite(.serialized) struct FlowStepCommandTests {
  private let folder: TemporaryFolder
  private let flow: String

  /// people.csv → age in months → split in two, the first scaled.
  init() throws {
    folder = try TemporaryFolder()
    let data = try folder.file("people.csv", people)
    var graph = FlowGraph()
    let source = graph.addSource(Source(location: data))
    let derived = try graph.add(.derive(name: "months", expression: "age * 12"), after: source)
    try graph.annotate(derived, "twelve a year | about")
    let parts = try graph.addSplit(
      ["method": "ordered", "parts": [["name": "Train", "share": 0.75], ["name": "Test", "share": 0.25]]],
      after: derived)
    try graph.add(.transform(TransformSpec("scale", ["columns": ["months"]])), after: parts[0])
    flow = folder.path("months.flow")
    try FlowFile(name: "months", graph: graph).write(to: flow)
  }

  @Test func notesStandInTheListOfSteps() throws {
    defer { folder.remove() }
    #expect(try assay("flow", "show", flow).output.contains("twelve a year | about"))
    let steps = try assay("flow", "show", flow, "--json").json()["steps"] as? [[String: Any]]
    #expect(steps?[1]["note"] as? String == "twelve a year | about")
    #expect(try assay("flow", "show", flow, "--step", "s2").output.contains("note: twelve a year"))
  }

  @Test func aPartIsRunByItsName() throws {
    defer { folder.remove() }
    #expect(try assay("flow", "run", flow, "--node", "Train", "-o", "-").output.split(separator: "\n").count == 31)
    #expect(try assay("flow", "run", flow, "--node", "Test", "-o", "-").output.split(separator: "\n").count == 11)
    let text = try assay("flow", "show", flow, "--step", "Test").output
    #expect(text.hasPrefix("s4 Test (Split)\nTest of 75/25, ordered\nreads s2 Derive column\n"), "\(text)")
  }

  @Test func whatAStepLearnsIsShownThoughTheFlowDoesNotHoldIt() throws {
    defer { folder.remove() }
    let answer = try assay("flow", "show", flow, "--step", "s5", "--fitted", "--json")
    let json = try answer.json()
    #expect(json["kept"] as? Bool == false, "\(answer.error)")
    #expect(json["rows"] as? Int == 30)
    let table = try #require((json["tables"] as? [[String: Any]])?.first)
    #expect(table["columns"] as? [String] == ["column", "mean", "deviation"])
    let text = try assay("flow", "show", flow, "--step", "s5", "--fitted").output
    #expect(text.contains("Learnt from 30 rows") && text.contains("the flow is unchanged"), "\(text)")
  }

  @Test func aStepThatLearnsNothingIsAnError() throws {
    defer { folder.remove() }
    let answer = try assay("flow", "show", flow, "--step", "s2", "--fitted")
    #expect(answer.exitCode == 2)
    #expect(answer.error.contains("learns nothing from the data"))
    #expect(try assay("flow", "show", flow, "--fitted").error.contains("--step"))
  }

  @Test func lineageGoesBackToTheSource() throws {
    defer { folder.remove() }
    let json = try assay("flow", "lineage", flow, "months", "--node", "s5", "--json").json()
    #expect((json["sources"] as? [[String: Any]])?.map { $0["name"] as? String } == ["age"])
    let changes = try #require(json["changes"] as? [[String: Any]])
    #expect(changes.map { $0["step"] as? String } == ["s2", "s5"])
    #expect(changes.map { $0["kind"] as? String } == ["made", "changed"])
    #expect(json["rows"] as? [String] == ["s3"])
    let text = try assay("flow", "lineage", flow, "months", "--node", "s5").output
    #expect(text.contains("made from age") && text.contains("follows from s3 Train"), "\(text)")
  }

  @Test func aColumnThatIsNotThereIsAnsweredWithTheNearestName() throws {
    defer { folder.remove() }
    let answer = try assay("flow", "lineage", flow, "monthss")
    #expect(answer.exitCode != 0)
    #expect(answer.error.contains("months"), "\(answer.error)")
  }
}
