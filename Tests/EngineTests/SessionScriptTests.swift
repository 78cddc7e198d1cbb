import Engine
import Flow
import Foundation
import Frame
import Plot
import Testing

/// Changes of a flow as lines of a session, and sessions as files.
@Suite struct SessionScriptTests {
  private func flow(_ body: (inout FlowGraph) throws -> Void) rethrows -> FlowFile {
    var file = FlowFile(name: "people.csv")
    file.graph.addSource(Source(location: "/data/people.csv"))
    try body(&file.graph)
    return file
  }

  private func replayed(_ edits: [FlowEdit], on flow: FlowFile) throws -> FlowFile {
    var flow = flow
    for edit in edits { try flow.apply(edit) }
    return flow
  }

  private func isReplacement(_ edits: [FlowEdit]) -> Bool {
    edits.contains { if case .replace = $0 { true } else { false } }
  }

  /// Checks that the edits between two flows lead from one to the other, back again, and through text.
  private func check(_ old: FlowFile, _ new: FlowFile, _ comment: Comment) throws {
    for (from, to) in [(old, new), (new, old), (FlowFile(name: "x"), new)] {
      let edits = from.edits(to: to)
      #expect(!isReplacement(edits), comment)
      let lines = try edits.map { try SessionScript.text(of: SessionLine(.edit($0))) }
      let read = try lines.map { try JSONDecoder().decode(SessionLine.self, from: Data($0.utf8)) }
      #expect(read == edits.map { SessionLine(.edit($0)) }, comment)
      let made = try replayed(edits, on: from)
      #expect(made.graph.steps == to.graph.steps, comment)
      #expect(made.graph.parameters == to.graph.parameters, comment)
      #expect(made.analyses == to.analyses && made.target == to.target, comment)
    }
  }

  @Test func everyEditOfAFlowIsFoundAgain() throws {
    let base = try flow { graph in
      let filter = try graph.add(.filter("age > 30"), after: "s1")
      let derive = try graph.add(.derive(name: "x", expression: "age * 2"), after: filter)
      try graph.add(.sort([SortKey("age")]), after: derive)
      try graph.add(.drop(["name"]), after: "s1")
    }
    func changed(_ comment: Comment, _ body: (inout FlowFile) throws -> Void) throws {
      var new = base
      try body(&new)
      try check(base, new, comment)
    }
    try changed("add") { try $0.graph.add(.filter("x > 1"), after: "s3") }
    try changed("insert") { try $0.graph.insert(.filter("x > 1"), after: "s2") }
    try changed("insert before one of two") { try $0.graph.insert(.filter("x > 1"), before: "s5") }
    try changed("delete") { try $0.graph.delete("s3") }
    try changed("delete a source") { try $0.graph.delete("s1") }
    try changed("move") { try $0.graph.moveUp("s3") }
    try changed("move down") { try $0.graph.moveDown("s3") }
    try changed("change") { try $0.graph.replace("s2", with: .filter("age > 40 and name ~ '\"\\n{{x}}'")) }
    try changed("off") { try $0.graph.toggle("s2") }
    try changed("rename") { try $0.graph.rename("s2", to: "old ones 日本 \"x\"") }
    try changed("note") { try $0.graph.annotate("s2", "why\nso") }
    try changed("duplicate") { try $0.graph.duplicate("s2") }
    try changed("several") { file in
      try file.graph.delete("s3")
      try file.graph.add(.rename([Renaming("a", to: "b")]), after: "s2")
      try file.graph.toggle("s4")
      file.target = "pay"
    }
    try changed("a second source and a join") { file in
      let other = file.graph.addSource(Source(location: "/data/other.csv"))
      try file.graph.add(.transform(TransformSpec("join", ["keys": []])), after: "s4", and: [other])
    }
    try changed("a split") { file in
      let parts: Parameter = [["name": "train", "share": 0.8], ["name": "test", "share": 0.2]]
      try file.graph.addSplit(["method": "random", "parts": parts], after: "s2")
    }
    try changed("parameters") { file in
      try file.graph.setParameter(FlowParameter("limit", .number, "3", note: "years"))
      try file.graph.replace("s2", with: .filter("age > {{limit}}"))
    }
    try changed("analyses") { file in
      let first = file.add(.histogram(column: "age"), on: "s2")
      file.add(.summary, name: "mine", on: "s1")
      file[analysis: first] = nil
    }
  }

  @Test func aSplitThatGainsAPartIsOneChange() throws {
    var old = flow { _ in }
    let parts: [Parameter] = [["name": "train", "share": 0.8], ["name": "test", "share": 0.2]]
    try old.graph.addSplit(["method": "random", "parts": .list(parts)], after: "s1")
    var new = old
    let more = parts + [["name": "rest", "share": 0.1]]
    try new.graph.replace(
      "s2", with: .transform(TransformSpec("split", ["method": "random", "parts": .list(more), "part": "train"])))
    #expect(new.graph.steps.count == 4)
    #expect(old.edits(to: new).count == 1)
    #expect(try replayed(old.edits(to: new), on: old).graph == new.graph)
  }

  @Test func everyCommandCanBeWrittenAndReadAgain() throws {
    let look = Look(filters: [.expression("a > 1")], sort: [SortKey("b", descending: true)])
    let commands: [SessionCommand] = [
      .openData(Source(location: "/x/ü \"q\".csv", format: .csv, rows: .random(10, seed: 7)), step: "s1"),
      .openData(Source(location: "/x/a.csv", also: ["/x/b.csv", "s3://lake/c.csv"]), step: "s1"),
      .openFlow(path: "/x/y.flow"), .fit("s2"), .runAnalysis(3), .writeRows("s2", look, path: "/x/o.csv"),
      .writeRows("s2", Look(), path: "/x/o.csv"), .exportReport(analysis: 1, path: "r.md"),
      .exportModel(analysis: 1, candidate: 3, path: "m.md"), .exportModel(analysis: 1, path: "m.json"),
      .predictRows(analysis: 1, path: "p.csv"),
      .exportChart(.analysis(1, page: 2), path: "c.svg", ChartFileOptions(paper: .dark)),
      .exportChart(.look(.summary, on: "s1", look), path: "c.svg", ChartFileOptions()),
      .exportFlow(step: "s2", path: "f.sql"), .exportFlow(step: nil, path: "f.assay"), .save(path: "f.flow"), .undo,
      .redo, .edit(.learned("s2", ["a": .integer(.max)], ["x": [1, "two", true]])), .edit(.target(nil)),
      .edit(.replace(FlowFile(name: "z"))), .edit(.connect("s2", inputs: ["s1", "s3"])), .edit(.deleteParameter("a")),
    ]
    for command in commands {
      let text = try SessionScript.text(of: SessionLine(command, isJoined: true))
      #expect(text.hasPrefix("{\"do\":\"\(command.word)\"") && !text.contains("\n"))
      let read = try JSONDecoder().decode(SessionLine.self, from: Data(text.utf8))
      #expect(read.isJoined)
      if case .edit(.replace(let flow)) = read.command {
        #expect(flow.name == "z")
      } else {
        #expect(read.command == command)
      }
    }
    #expect(Set(commands.map(\.word)).isSubset(of: SessionCommand.names))
  }

  // MARK: - Files

  private func script(_ text: String) throws -> SessionScript {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("script-\(UUID().uuidString).assay").path
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    do {
      return try SessionScript(contentsOf: path)
    } catch let error as SessionError {
      throw Plain(error.description.replacingOccurrences(of: path, with: "FILE"))
    }
  }

  private struct Plain: Error, Equatable, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  private func refusal(_ text: String) -> String {
    do {
      _ = try script(text)
      return ""
    } catch {
      return "\(error)"
    }
  }

  private let head = "#!/usr/bin/env -S assay run\n{\"v\":1}\n"

  @Test func commentsAndBlankLinesAreSkippedAndLinesCounted() throws {
    let read = try script(head + "\n# what\n  {\"do\":\"edit.undo\"}\r\n\n{\"do\":\"edit.redo\"}")
    #expect(read.entries.map(\.number) == [5, 7])
    #expect(read.cutLine == nil, "a last line that is whole counts without its end")
  }

  @Test func aLastLineThatWasCutOffIsLeftOut() throws {
    for cut in ["{\"do\":\"flow.ad", "{", "{\"do\":\"edit.undo\""] {
      let read = try script(head + "{\"do\":\"edit.undo\"}\n" + cut)
      #expect(read.entries.count == 1 && read.cutLine == 4, "\(cut)")
    }
    #expect(refusal(head + "{\"do\":\"flow.ad\n").contains("line 3: it is not valid JSON"))
    #expect(refusal(head + "{\"do\":\"flow.ad\n{\"do\":\"edit.undo\"}\n").contains("line 3"))
  }

  @Test func whatIsWrongIsSaidWithItsLine() {
    #expect(refusal("").contains("FILE: is no session of assay: it is empty"))
    #expect(refusal("a,b\n1,2\n").contains("line 1 should be {\"v\":1}"))
    #expect(refusal("{\"v\":99}\n").contains("was written by a newer assay (format 99"))
    #expect(refusal(head + "{\"do\":\"flow.dlete\",\"step\":\"s1\"}\n").hasPrefix("FILE: line 3: there is no command"))
    #expect(refusal(head + "{\"do\":\"flow.dlete\",\"step\":\"s1\"}\n").contains("did you mean flow.delete?"))
    #expect(
      refusal(head + "{\"do\":\"flow.delete\",\"stpe\":\"s1\"}\n").contains(
        "flow.delete takes no \"stpe\" – did you mean step?"))
    #expect(refusal(head + "{\"do\":\"flow.delete\"}\n").contains("flow.delete: it has no \"step\""))
    #expect(refusal(head + "{\"step\":\"s1\"}\n").contains("it has no \"do\""))
    #expect(refusal(head + "[1]\n").contains("line 3"))
    #expect(
      refusal(head + "{\"do\":\"flow.add\",\"step\":\"s2\",\"after\":\"s1\",\"operation\":{\"type\":\"fliter\"}}\n")
        .contains(
          "this version knows no operation \"fliter\""))
    #expect(
      refusal(head + "{\"do\":\"parameter.set\",\"parameter\":{\"name\":\"n\",\"kind\":\"number\",\"value\":\"x\"}}\n")
        .contains("the parameter \"n\" is a number: \"x\" is none"))
  }

  @Test func aFlowOrAFolderIsNoSession() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("script-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("x.flow").path
    try FlowFile(name: "x").write(to: path)
    #expect(throws: SessionError.isFlow(path)) { try SessionScript(contentsOf: path) }
    #expect(throws: SessionError.self) { try SessionScript(contentsOf: folder.path) }
    #expect(throws: SessionError.notFound(path + "x")) { try SessionScript(contentsOf: path + "x") }
  }

  // MARK: - The record

  @Test func theRecordGrowsLineByLineAndBeginsWithTheFirst() throws {
    let home = FileManager.default.temporaryDirectory.appendingPathComponent("log-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: home) }
    let log = SessionLog(locations: Locations(environment: ["HOME": home]), process: 7)
    #expect(!FileManager.default.fileExists(atPath: log.path))
    try log.append([SessionLine(.openFlow(path: "a.flow"))])
    let first = try SessionScript(contentsOf: log.path)
    try log.append([SessionLine(.undo), SessionLine(.redo, isJoined: true)])
    let second = try SessionScript(contentsOf: log.path)
    #expect(first.entries == Array(second.entries.prefix(1)) && second.entries.count == 3)
    #expect(second.entries[2].line.isJoined)
    let attributes = try FileManager.default.attributesOfItem(atPath: log.path)
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    try log.copy(to: home + "/copy.assay")
    #expect(try SessionScript(contentsOf: home + "/copy.assay") == second)
  }

  @Test func theOldestOfManyRecordsGo() throws {
    let home = FileManager.default.temporaryDirectory.appendingPathComponent("log-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: home) }
    let locations = Locations(environment: ["HOME": home])
    try FileManager.default.createDirectory(atPath: locations.sessionLogs, withIntermediateDirectories: true)
    for number in 0..<210 {
      let name = "2020-01-01-\(100_000 + number)-1.assay"
      try Data().write(to: URL(fileURLWithPath: locations.sessionLogs + "/" + name))
    }
    try SessionLog(locations: locations).append([SessionLine(.undo)])
    let kept = try FileManager.default.contentsOfDirectory(atPath: locations.sessionLogs)
    #expect(kept.count == 200 && !kept.contains("2020-01-01-100000-1.assay"))
  }
}
