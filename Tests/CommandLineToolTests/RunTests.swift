import Engine
import Flow
import Foundation
import Frame
import ProgramDriver
import Testing

/// Flows as programs: parameters, scripts, `assay run`.
@Suite(.serialized) struct RunCommandTests {
  private let folder: TemporaryFolder
  private let flow: String

  /// people.csv → age over {{limit}}, which is 40 where nobody says otherwise, and a city that has to be given.
  init() throws {
    folder = try TemporaryFolder()
    let data = try folder.file("people.csv", people)
    var file = FlowFile(name: "older")
    file.graph.addSource(Source(location: data))
    try file.graph.add(.filter("age > {{limit}}"), after: "s1")
    try file.graph.add(.filter("city = {{city}}"), after: "s2")
    try file.graph.setParameter(FlowParameter("limit", .number, "40", note: "in years"))
    file.add(.bars(column: "city", limit: 10), on: "s2")
    flow = folder.path("older.flow")
    try file.write(to: flow)
  }

  private func rows(_ answer: Answer) -> Int { answer.output.split(separator: "\n").count - 1 }

  @Test func runTakesValuesAndAsksForThoseThatAreMissing() throws {
    defer { folder.remove() }
    #expect(rows(try assay("flow", "run", flow, "--node", "s2", "-o", "-")) == 18)
    #expect(rows(try assay("flow", "run", flow, "--node", "s2", "-o", "-", "-Dlimit=50")) == 8)
    #expect(rows(try assay("flow", "run", flow, "-o", "-", "-D", "limit=0", "-D", "city=Oslo")) == 13)
    let none = try assay("flow", "run", flow, "-o", "-")
    #expect(none.exitCode == 2)
    #expect(none.error.contains("older.flow: the parameter {{city}} has no value: give one with -D city=VALUE"))
    let sly = try assay("flow", "run", flow, "-o", "-", "-D", "city=x' or '1' = '1")
    #expect(sly.exitCode == 0 && rows(sly) == 0)
  }

  @Test func wrongValuesAreRefusedInOneSentence() throws {
    defer { folder.remove() }
    for (arguments, words) in [
      (["-D", "limit"], "-D takes NAME=VALUE, not \"limit\""), (["-D", "=3"], "-D takes NAME=VALUE"),
      (["-D", "limit=many"], "the parameter \"limit\" is a number: \"many\" is none"),
      (["-D", "lmit=3"], "there is no parameter \"lmit\" – did you mean limit? (the flow has limit, city)"),
      (["-D", "limit=3", "-D", "limit=4"], "-D gives the parameter \"limit\" twice"), (["-D"], "Missing value"),
    ] {
      for command in ["run", "show"] {
        let answer = try assay(["flow", command, flow] + arguments)
        #expect(answer.exitCode == 2 && answer.error.contains(words), "\(command) \(arguments): \(answer.error)")
        #expect(answer.error.split(separator: "\n").count == 1)
      }
    }
    #expect(try assay("flow", "run", flow, "-D", "city=").exitCode == 0, "an empty text is a value")
  }

  @Test func showListsParametersAndWhereTheyStand() throws {
    defer { folder.remove() }
    let text = try assay("flow", "show", flow, "-D", "limit=33").output
    #expect(text.contains(/limit +number +33 +s2 +in years/))
    #expect(text.contains("none: give -D city=VALUE"))
    let json = try assay("flow", "show", flow, "--json").json()
    #expect((json["parameters"] as? [[String: Any]])?.first?["value"] as? Int == 40)
  }

  @Test func sqlAndDataWranglerGetTheValues() throws {
    defer { folder.remove() }
    let sql = try assay("flow", "export", flow, "--format", "sql", "-D", "city=it's")
    #expect(sql.output.contains("'it''s'") && !sql.output.contains("{{"))
    #expect(try assay("flow", "export", flow, "--format", "sql").exitCode == 2)
    #expect(try assay("flow", "export", flow, "--format", "datawrangler").error.contains("{{city}} has no value"))
    let wrangler = try assay("flow", "export", flow, "--format", "datawrangler", "-D", "city=Oslo")
    #expect(wrangler.exitCode == 0 && !wrangler.output.contains("{{"))
  }

  @Test func aFlowAsAScriptYieldsTheSameRowsAndAnalyses() throws {
    defer { folder.remove() }
    let script = folder.path("older.assay")
    let export = try assay("flow", "export", flow, "--format", "assay", "-o", script)
    #expect(export.exitCode == 0 && export.error == "wrote \(script)\n")
    #expect(try folder.read("older.assay").contains("# s2 Filter: age > {{limit}}"))
    for values in [["-D", "city=Oslo"], ["-D", "city=Rome", "-D", "limit=45"]] {
      let want = try assay(["flow", "run", flow, "-o", "-"] + values)
      let have = try assay(["run", script, "-o", "-"] + values)
      #expect(have.exitCode == 0 && have.output == want.output && rows(have) > 0, "\(have.error)")
    }
    let json = try assay("run", script, "--json", "-D", "city=Oslo").json()
    #expect(json["commands"] as? Int == 7)
    let analyses = (json["flow"] as? [String: Any])?["analyses"] as? [[String: Any]]
    #expect(analyses?.first?["rows"] as? Int == 18)
    let text = try assay("run", script, "-D", "city=Oslo")
    #expect(text.output.contains("== rows of s3") && text.output.contains("== Bars: city"))
    let saved = folder.path("again.flow")
    #expect(try assay("run", script, "-D", "city=Oslo", "-o", saved).exitCode == 0)
    #expect(try FlowFile(contentsOf: saved).graph.steps == FlowFile(contentsOf: flow).graph.steps)
  }

  @Test func anotherFileTakesThePlaceOfTheSessions() throws {
    defer { folder.remove() }
    let script = folder.path("older.assay")
    _ = try assay("flow", "export", flow, "--format", "assay", "-o", script)
    let other = try folder.file("other.csv", "name,age,city,pay\nAda,80,Oslo,high\n")
    for name in ["s1", "people", "people.csv"] {
      let answer = try assay("run", script, "--input", "\(name)=\(other)", "-D", "city=Oslo", "-o", "-")
      #expect(answer.output == "name,age,city,pay\nAda,80,Oslo,high\n", "\(name): \(answer.error)")
    }
    let ghosts = try assay("run", script, "--input", "ghosts=\(other)", "-D", "city=Oslo")
    #expect(ghosts.exitCode == 2 && ghosts.error.contains("has no source \"ghosts\""))
    let poor = try folder.file("poor.csv", "name,city\nAda,Oslo\n")
    let missing = try assay("run", script, "--input", "people=\(poor)", "-D", "city=Oslo", "-o", "-")
    #expect(missing.exitCode == 1 && missing.error.contains("older.assay: line "), "\(missing.error)")
    #expect(missing.error.contains("no column \"age\""))
  }

  @Test func brokenSessionsAreRefusedWithTheLine() throws {
    defer { folder.remove() }
    let head = "#!/usr/bin/env -S assay run\n{\"v\":1}\n"
    let bad = try folder.file("bad.assay", head + "{\"do\":\"flow.dlete\",\"step\":\"s1\"}\n")
    let answer = try assay("run", bad)
    #expect(answer.exitCode == 1)
    #expect(answer.error == "assay: \(bad): line 3: there is no command \"flow.dlete\" – did you mean flow.delete?\n")
    #expect(try assay("run", folder.path("none.assay")).error.contains("there is no such file"))
    #expect(try assay("run", flow).error.contains("is a flow, not a session. assay flow run runs it."))
    #expect(try assay("run", folder.path("people.csv")).error.contains("is no session of assay: line 1"))
    let cut = try folder.file("cut.assay", head + "{\"do\":\"edit.un")
    let half = try assay("run", cut)
    #expect(half.exitCode == 0 && half.error.contains("line 3 was not written to its end and is left out"))
    #expect(half.output == "\(cut): 0 commands, and no flow at the end\n")
  }

  @Test func checkComputesAndWritesNothing() throws {
    defer { folder.remove() }
    let script = folder.path("older.assay")
    _ = try assay("flow", "export", flow, "--format", "assay", "-o", script)
    try FileManager.default.removeItem(atPath: folder.path("people.csv"))
    let check = try assay("run", script, "--check")
    #expect(check.exitCode == 0 && check.output.contains("7 commands, all of them hang together"))
    #expect(try assay("run", script, "-D", "city=x").error.contains("people.csv: there is no such file"))
    #expect(try assay("run", script, "--check", "--write").exitCode == 2)
    #expect(try assay("run", script, "--write", "-o", folder.path("")).exitCode == 2)
    #expect(try assay("run").exitCode == 2)
  }
}
