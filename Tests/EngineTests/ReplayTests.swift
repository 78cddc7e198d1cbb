import Engine
import Flow
import Foundation
import Frame
import Jobs
import Testing

/// Sessions and scripts done again, with a real engine.
@Suite struct ReplayTests {
  private let folder: URL
  private let engine: Engine

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("replay-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var rows = "name,age,city\n"
    for row in 0..<40 { rows += "p\(row),\(row == 5 ? "" : String(20 + row)),\(["Rome", "Oslo"][row % 2])\n" }
    try rows.write(to: folder.appendingPathComponent("people.csv"), atomically: true, encoding: .utf8)
    engine = Engine(
      configuration: .init(locations: Locations(environment: ["HOME": folder.path]), threads: 1, keepsTables: false))
  }

  private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// Does lines again; `open` stands for the line that opens people.csv.
  private func replay(_ lines: [String], _ options: Replay.Options = .init()) throws -> (Replay, [String]) {
    let open =
      #"{"do":"data.open","step":"s1","source":{"location":"\#(path("people.csv"))","options":{"skipBadRows":false,"types":{}},"rows":{"all":{}}}}"#
    let text = SessionScript.beginning() + lines.map { ($0 == "open" ? open : $0) + "\n" }.joined()
    let file = path("s.assay")
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    var replay = Replay(try SessionScript(contentsOf: file), path: "s.assay", options: options)
    try replay.check()
    var notes: [String] = []
    try replay.run(Replay.Work(engine) { notes.append($0) })
    return (replay, notes)
  }

  private func refusal(_ lines: [String], _ options: Replay.Options = .init()) -> String {
    do {
      _ = try replay(lines, options)
      return ""
    } catch {
      return "\(error)"
    }
  }

  private func rows(_ flow: FlowFile) throws -> Int {
    let last = try #require(flow.graph.leaves.last)
    guard case .count(let rows) = try engine.run(.count(NodeRequest(graph: flow.graph, node: last))) else { return -1 }
    return rows
  }

  private let filter =
    #"{"do":"flow.add","step":"s2","after":"s1","operation":{"type":"filter","where":"age > {{limit}}"}}"#
  private let limit = #"{"do":"parameter.set","parameter":{"name":"limit","kind":"number","value":50}}"#

  @Test func anotherFileKeepsWhatItsFormatHasAUseFor() {
    func replaced(_ source: Source, _ path: String) -> Source {
      var source = source
      source.replaceFile(path)
      return source
    }
    let book = Source(location: "a.xlsx", options: ReadOptions(names: ["x"], sheet: "Sales", range: "A1:B9"))
    #expect(replaced(book, "b.xlsx").options == book.options)
    #expect(replaced(book, "b.csv").options == ReadOptions(names: ["x"]))
    let text = Source(location: "a.txt", format: .fwf, options: ReadOptions(widths: [3, 4]))
    #expect(replaced(text, "b.dat") == Source(location: "b.dat", format: .fwf, options: ReadOptions(widths: [3, 4])))
    #expect(replaced(text, "b.parquet") == Source(location: "b.parquet"))
  }

  @Test func aSessionGivesItsFlowAgain() throws {
    let (replay, notes) = try replay(["open", limit, filter])
    #expect(notes.isEmpty)
    #expect(replay.flow.graph.steps.map(\.id) == ["s1", "s2"])
    #expect(try rows(replay.flow) == 9)
  }

  @Test func undoTakesAWholeChangeBackAndRedoBringsItAgain() throws {
    let more =
      #"{"do":"flow.add","step":"s3","after":"s2","operation":{"type":"drop","columns":["city"]},"joined":true}"#
    let first = #"{"do":"flow.add","step":"s2","after":"s1","operation":{"type":"filter","where":"age > 30"}}"#
    let undo = #"{"do":"edit.undo"}"#
    let redo = #"{"do":"edit.redo"}"#
    #expect(try replay(["open", first, more]).0.flow.graph.steps.count == 3)
    #expect(try replay(["open", first, more, undo]).0.flow.graph.steps.count == 1)
    #expect(try replay(["open", first, more, undo, redo]).0.flow.graph.steps.count == 3)
    #expect(refusal(["open", first, undo, undo]).contains("s.assay: line 6: there is nothing to undo"))
    #expect(refusal(["open", redo]).contains("line 4: there is nothing to do again"))
  }

  @Test func anotherFileAndAnotherValueTakeTheirPlaces() throws {
    try "name,age,city\nAda,80,Turin\nBob,70,Bern\n".write(toFile: path("new.csv"), atomically: true, encoding: .utf8)
    for name in ["s1", "people", "people.csv", path("people.csv")] {
      var options = Replay.Options()
      options.inputs = [(name, path("new.csv"))]
      options.parameters = [("limit", "75")]
      let (replay, notes) = try replay(["open", limit, filter], options)
      #expect(try rows(replay.flow) == 1, "\(name)")
      #expect(replay.flow.graph.parameter("limit")?.value == "75")
      #expect(notes.isEmpty)
    }
  }

  @Test func aValueReachesAParameterThatNobodyDeclared() throws {
    #expect(
      refusal([
        "open", filter, #"{"do":"analysis.add","analysis":1,"spec":{"summary":{}},"on":"s2"}"#,
        #"{"do":"analysis.run","analysis":1}"#,
      ])
      .contains("s.assay: line 6: the parameter {{limit}} has no value: give one with -D limit=VALUE"))
    var options = Replay.Options()
    options.parameters = [("limit", "50")]
    #expect(try rows(replay(["open", filter], options).0.flow) == 9)
  }

  @Test func whatHasNoPlaceIsRefusedBeforeAnythingRuns() {
    var options = Replay.Options()
    options.inputs = [("ghosts", "x.csv")]
    #expect(
      refusal(["open", limit, filter], options).contains("s.assay: has no source \"ghosts\". Its sources are s1"))
    options.inputs = []
    options.parameters = [("lmit", "3")]
    #expect(refusal(["open", limit, filter], options).contains("there is no parameter \"lmit\" – did you mean limit?"))
    options.parameters = [("limit", "many")]
    #expect(refusal(["open", limit, filter], options).contains("line 4: the parameter \"limit\" is a number"))
  }

  @Test func stepsAndAnalysesThatAreNotThereAreNamedWithTheLine() {
    #expect(refusal(["open", #"{"do":"flow.delete","step":"s9"}"#]).contains("line 4: the flow has no step s9"))
    #expect(refusal(["open", #"{"do":"analysis.run","analysis":2}"#]).contains("line 4: there is no analysis 2"))
    #expect(refusal(["open", #"{"do":"flow.fit","step":"s1"}"#]).contains("line 4: step s1 (Source) learns nothing"))
    #expect(refusal(["open", limit, filter, filter]).contains("line 6: the flow has two steps called s2"))
    #expect(refusal([limit, filter]).contains("line 4: the flow has no step s1"))
    #expect(refusal([#"{"do":"flow.open","path":"/none.flow"}"#]).contains("line 3: /none.flow: there is no such file"))
    #expect(refusal(["open", #"{"do":"report.export","analysis":2,"path":"r.md"}"#]).contains("line 4"))
  }

  @Test func anErrorOfAStepNamesTheLineThatWroteIt() {
    let bad = #"{"do":"flow.add","step":"s2","after":"s1","operation":{"type":"filter","where":"height > 3"}}"#
    let fine =
      #"{"do":"flow.add","step":"s3","after":"s2","operation":{"type":"impute","rules":[{"column":"age","strategy":"mean"}]}}"#
    let message = refusal(["open", bad, fine, #"{"do":"flow.fit","step":"s3"}"#])
    #expect(message.contains("s.assay: line 4:") && message.contains("height"), "\(message)")
  }

  @Test func stepsLearnAgainFromTheRowsThatReachThem() throws {
    let impute =
      #"{"do":"flow.add","step":"s2","after":"s1","operation":{"type":"impute","rules":[{"column":"age","strategy":"mean"}]}}"#
    let (learnt, _) = try replay(["open", impute, #"{"do":"flow.fit","step":"s2"}"#])
    #expect(learnt.flow.graph["s2"]?.fitted?["age"] != nil)
    let kept = #"{"do":"flow.learned","step":"s2","fitted":{"age":{"integer":1}}}"#
    #expect(try replay(["open", impute, kept]).0.flow.graph["s2"]?.fitted == ["age": .integer(1)])
  }

  @Test func filesOfTheSessionAreWrittenOnlyWhereOneSaysSo() throws {
    let write = #"{"do":"rows.write","step":"s1","path":"\#(path("out.csv"))"}"#
    let save = #"{"do":"flow.save","path":"\#(path("out.flow"))"}"#
    let chart =
      #"{"do":"chart.export","spec":{"chart":{"_0":{"kind":"histogram","x":"age"}}},"on":"s1","path":"\#(path("out.svg"))"}"#
    let (none, notes) = try replay(["open", write, save, chart])
    #expect(none.written.isEmpty && none.unwritten.count == 3)
    #expect(
      notes == [
        "not written: out.csv, out.flow, out.svg. -o FOLDER/ writes what the session wrote into a folder, --write where it was"
      ])
    #expect(!FileManager.default.fileExists(atPath: path("out.csv")))
    var options = Replay.Options()
    options.outputs = .folder(path("again/deep"))
    #expect(try replay(["open", write, save, chart], options).0.written.count == 3)
    #expect(try String(contentsOfFile: path("again/deep/out.csv"), encoding: .utf8).hasPrefix("name,age,city\n"))
    options.outputs = .places
    #expect(try replay(["open", write, save], options).0.written == [path("out.csv"), path("out.flow")])
  }

  @Test func anotherFileThanTheSessionReadIsTold() throws {
    let mark = try #require(FileMark(of: path("people.csv")))
    let open = SessionCommand.openData(Source(location: path("people.csv")), step: "s1", mark)
    let line = try SessionScript.text(of: SessionLine(open))
    #expect(try replay([line]).1.isEmpty)
    try "name,age\nx,1\n".write(toFile: path("people.csv"), atomically: true, encoding: .utf8)
    #expect(try replay([line]).1.first?.contains("is not the file that the session read") == true)
  }

  // MARK: - A flow as a script

  @Test func aFlowAsAScriptMakesTheSameFlowAndTheSameRows() throws {
    var file = FlowFile(name: "people: \"all\"\nof them")
    file.graph.addSource(Source(location: path("people.csv")))
    let filter = try file.graph.add(.filter("age > {{limit}}"), after: "s1", name: "old\nones")
    let gone = try file.graph.add(.drop(["name"]), after: filter)
    let fill = try file.graph.add(.impute([ImputeRule("age", .median)]), after: filter)
    try file.graph.delete(gone)
    try file.graph.add(.sort([SortKey("age", descending: true)]), after: "s1")
    try file.graph.add(
      .transform(TransformSpec("sql", ["query": "SELECT count(*) AS n FROM data -- {{limit}}"])), after: fill)
    try file.graph.toggle("s5")
    try file.graph.setParameter(FlowParameter("limit", .number, "50"))
    try file.graph.setFitted(fill, ["age": .integer(44)])
    try file.graph.annotate(fill, "why")
    file.add(.histogram(column: "age"), name: "ages", on: filter)
    file.target = "city"
    let text = try file.script()
    #expect(text.hasPrefix("#!/usr/bin/env -S assay run\n# people: \"all\" of them: 5 steps, 1 analysis\n"))
    #expect(text.contains("\n# s2 old ones: age > {{limit}}\n"))
    try text.write(toFile: path("flow.assay"), atomically: true, encoding: .utf8)
    var replay = Replay(try SessionScript(contentsOf: path("flow.assay")), path: "flow.assay")
    try replay.run(Replay.Work(engine) { _ in })
    #expect(replay.flow.graph.steps == file.graph.steps)
    #expect(replay.flow.graph.parameters == file.graph.parameters)
    #expect(replay.flow.target == "city" && replay.flow.name == file.name)
    #expect(replay.flow.analyses.first?.result != nil)
    #expect(try rows(replay.flow) == rows(file))
    #expect(try replay.flow.script() == text)
  }

  @Test func anEmptyFlowIsAScriptThatOnlyNamesIt() throws {
    let text = try FlowFile(name: "nothing").script()
    try text.write(toFile: path("flow.assay"), atomically: true, encoding: .utf8)
    #expect(try SessionScript(contentsOf: path("flow.assay")).entries.map(\.line.command) == [.edit(.name("nothing"))])
  }
}
