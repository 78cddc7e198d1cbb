import Engine
import Flow
import Foundation
import Frame
import ProgramDriver
import Testing

@Suite(.serialized) struct FlowCommandTests {
  private let folder: TemporaryFolder
  private let flow: String

  /// people.csv → age over 40, with a bar chart of the cities.
  init() throws {
    folder = try TemporaryFolder()
    let data = try folder.file("people.csv", people)
    var graph = FlowGraph()
    let source = graph.addSource(Source(location: data))
    let filter = try graph.add(.filter("age > 40"), after: source)
    var file = FlowFile(name: "older", graph: graph)
    file.add(.bars(column: "city", limit: 10), on: filter)
    flow = folder.path("older.flow")
    try file.write(to: flow)
  }

  @Test func showListsStepsAndAnalyses() throws {
    defer { folder.remove() }
    let text = try assay("flow", "show", flow)
    #expect(text.exitCode == 0)
    #expect(text.output.hasPrefix("older: 2 steps, 1 analysis\n"))
    #expect(text.output.contains("age > 40"))
    #expect(text.output.contains("== Bars: city on"))
    #expect(text.output.contains("not computed yet"))
    let json = try assay("flow", "show", flow, "--json").json()
    #expect(json["name"] as? String == "older")
    #expect((json["steps"] as? [Any])?.count == 2)
    #expect((json["analyses"] as? [[String: Any]])?.first?["kind"] as? String == "bars")
  }

  @Test func runPrintsRowsAndAnalyses() throws {
    defer { folder.remove() }
    let answer = try assay("flow", "run", flow)
    #expect(answer.exitCode == 0, "\(answer.error)")
    #expect(answer.output.contains("10 of 18 rows"))
    #expect(answer.output.contains("Rome"))
    let result = try #require((try assay("flow", "run", flow, "--json").json()["analyses"] as? [[String: Any]])?.first)
    #expect((result["result"] as? [String: Any])?["chart"] as? String == "bars")
    #expect(result["rows"] as? Int == 18)
  }

  @Test func runWritesTheRowsOfAStep() throws {
    defer { folder.remove() }
    let out = folder.path("out.csv")
    let answer = try assay("flow", "run", flow, "-o", out)
    #expect(answer.error == "wrote 18 rows to \(out)\n")
    let source = try assay("flow", "run", flow, "--node", "s1", "-o", "-")
    #expect(source.output.split(separator: "\n").count == 41)
    let unknown = try assay("flow", "run", flow, "--node", "s9", "-o", out)
    #expect(unknown.exitCode == 2)
    #expect(unknown.error.contains("has no step \"s9\". Its steps are s1, s2."))
  }

  @Test func runSavesAFlowWithItsResults() throws {
    defer { folder.remove() }
    let saved = folder.path("saved.flow")
    #expect(try assay("flow", "run", flow, "-o", saved).exitCode == 0)
    #expect(try assay("flow", "show", saved).output.contains("Rome"))
    #expect(try FlowFile(contentsOf: saved).analyses.first?.result != nil)
  }

  @Test func anotherFileTakesThePlaceOfASource() throws {
    defer { folder.remove() }
    let other = try folder.file("other.csv", "name,age,city,pay\nAda,80,Turin,high\n")
    for name in ["s1", "people", "people.csv"] {
      let answer = try assay("flow", "run", flow, "--input", "\(name)=\(other)", "-o", "-")
      #expect(answer.output == "name,age,city,pay\nAda,80,Turin,high\n", "\(name): \(answer.error)")
    }
    #expect(try assay("flow", "run", flow, "--input", "ghosts=\(other)").exitCode == 2)
    #expect(try assay("flow", "run", flow, "--input", "ghosts").exitCode == 2)
  }

  @Test func aFileThatIsNoFlowIsRefused() throws {
    defer { folder.remove() }
    #expect(try assay("flow", "show", folder.path("none.flow")).error.contains("there is no such file"))
    let other = try assay("flow", "run", folder.file("x.flow", "{}"))
    #expect(other.exitCode == 1)
    #expect(other.error.contains("is not a flow of assay"))
  }

  @Test func aSourceThatIsGoneIsNamed() throws {
    defer { folder.remove() }
    try FileManager.default.removeItem(atPath: folder.path("people.csv"))
    let answer = try assay("flow", "run", flow)
    #expect(answer.exitCode == 1)
    #expect(answer.error.contains("people.csv: there is no such file"))
  }
}
