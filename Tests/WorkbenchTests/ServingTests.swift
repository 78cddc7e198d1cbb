import Engine
import Foundation
import Jobs
import Learn
import ProgramDriver
import Testing

@testable import Workbench

/// A model is served from the workbench, and a row of the jobs pane tells of it.
@MainActor @Suite(.serialized) struct ServingTests {
  @Test func aServedModelShowsInTheJobsPaneUntilItIsCancelled() throws {
    let robot = try Robot()
    defer { robot.close() }
    var text = "age,city,pay\n"
    for row in 0..<120 {
      text += "\(20 + row * 7 % 40),\(["Rome", "Bern"][row % 2]),\(row * 7 % 40 > 20 ? "high" : "low")\n"
    }
    let file = try robot.file("pay.csv", text)
    let model = robot.folder.path + "/model"
    let options = AutoMLOptions(target: "pay", timeLimit: 120, preset: .quick, threads: 2, candidateLimit: 1)
    _ = try Engine(configuration: Engine.Configuration(threads: 1, keepsTables: false)).run(
      .automl(NodeRequest(source: .init(location: file)), options, test: nil, folder: model))

    robot.choose("Serve a model")
    #expect(robot.screen.contains("a folder that a training has written"))
    robot.type(robot.folder.path)
    robot.press("ctrl-r")
    #expect(robot.screen.contains("there is no model in it"))
    robot.type("/model")
    robot.press("tab backspace backspace backspace backspace 0 ctrl-r")
    robot.wait("the server") { $0.jobs.rows.first?.note.contains("0 requests") == true }
    let row = try #require(robot.state.jobs.rows.first)
    #expect(row.spec.title == "serve model" && row.makesSomething)
    let port = try #require(row.note.firstMatch(of: /127\.0\.0\.1:([0-9]+)/).flatMap { Int($0.1) })
    let client = try HTTPClient(port: port)
    #expect(["high\n", "low\n"].contains(try client.ask(body: "30,Rome").body))
    #expect(try client.ask(body: "30").status == 400)
    robot.wait("the counters") { $0.jobs.rows.first?.note.contains("2 requests") == true }
    #expect(robot.state.jobs.rows.first?.note.contains("1 error") == true)
    let request = row.id
    #expect(robot.state.requests[request] == .serving)
    robot.press("x")
    robot.settle()
    #expect(robot.state.jobs.rows.first?.state == .cancelled)
    #expect((try? HTTPClient(port: port)) == nil)
  }
}
