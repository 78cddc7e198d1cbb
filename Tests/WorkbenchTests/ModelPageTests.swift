import Engine
import Foundation
import Grid
import Learn
import TestSupport
import Testing
import Widgets

@testable import Workbench

/// What a model's page finds out: SHAP values, and bias of its predictions.
@MainActor
struct ModelPageTests {
  private func train(_ robot: Robot) throws {
    try AutoMLFormTests.open(robot)
    AutoMLFormTests.hurry(robot)
    robot.press("ctrl-r")
    robot.wait("the report", seconds: 120) { _ in AutoMLFormTests.result(robot)?.report != nil }
    robot.settle()
  }

  private func turn(_ robot: Robot, to page: String) {
    for _ in 0..<12 where !robot.screen.contains("▐\(page)▌") { robot.press("right") }
  }

  @Test func thePageOfAModelTellsWhichColumnsMoveIt() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    try train(robot)
    robot.press("g g enter")
    robot.settle()
    turn(robot, to: "SHAP")
    robot.settle()
    #expect(robot.screen.contains("Mean |SHAP| over"), "\(robot.screen)")
    #expect(robot.screen.contains("age"), "\(robot.screen)")
    let key = try #require(robot.state.automl.findings.keys.first)
    let found = try #require(robot.state.automl.findings[key]?.shap)
    #expect(found.found.explanation.global.first?.feature == "age")
    // The folder keeps it: another session does not compute.
    #expect(FileManager.default.fileExists(atPath: key.folder + "/findings/shap-ensemble.json"))
    // The whole explanation is an analysis of the flow.
    robot.press("S")
    robot.wait("the explanation", seconds: 300) { state in state.flow.analyses.last?.result != nil }
    if case .explanation(let spec)? = robot.state.flow.analyses.last?.spec {
      #expect(spec.model == .path(key.folder))
    } else {
      Issue.record("no explanation: \(robot.screen)")
    }
  }

  @Test func thePageOfACandidateComparesGroupsByPredictionsThatHaveNotSeenThem() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    try train(robot)
    robot.press("g g down enter")
    robot.settle()
    turn(robot, to: "Bias")
    #expect(robot.screen.contains("Press f"), "\(robot.screen)")
    robot.press("f")
    robot.settle()
    robot.press("ctrl-r")
    #expect(robot.screen.contains("choose one column or more"), "\(robot.screen)")
    robot.type("sex")
    robot.press("space ctrl-r")
    robot.settle()
    #expect(robot.screen.contains("240 rows, each predicted by models that have not seen it"), "\(robot.screen)")
    let bias = try #require(robot.state.automl.findings.values.first?.bias)
    #expect(bias.report.facets.map(\.value) == ["F", "M"])
    #expect(bias.report.rowsUsed == 240)
    // The shares of group d are those of the data, and accuracy that of the page.
    let women = try #require(bias.report.facets.first?.counts.d)
    #expect(women.rows == 96)
    for size in [(80, 24), (120, 40)] {
      robot.resize(Size(width: size.0, height: size.1))
      robot.settle()
      expectGolden(robot.screen, "automl-bias-\(size.0)x\(size.1)")
    }
    // The card tells it too.
    robot.press("e enter")
    robot.settle()
    let file = try #require(
      try FileManager.default.contentsOfDirectory(atPath: robot.folder.path).first { $0.hasPrefix("model-card") })
    let card = try String(contentsOfFile: robot.folder.path + "/" + file, encoding: .utf8)
    #expect(card.contains("## Bias") && card.contains("| sex"), "\(card)")
  }

  @Test func aCandidateIsAModelOfItsOwn() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    try train(robot)
    let study = try #require(currentTraining(robot.state)?.study)
    let number = try #require(AutoMLFormTests.result(robot)?.report?.leaderboard.compactMap(\.candidate).first)
    let bundle = try ModelBundle(folder: ModelBundle.folder(ofCandidate: number, in: study.folder))
    #expect(bundle.manifest.members.map(\.candidate) == [number])
  }

  @Test func aCandidateIsDeployedFromItsPage() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    try train(robot)
    robot.press("g g down enter")
    robot.settle()
    robot.press("d")
    #expect(robot.screen.contains("Serve a model"), "\(robot.screen)")
    robot.press("shift-tab shift-tab shift-tab backspace backspace backspace backspace 0 ctrl-r")
    robot.wait("the server", seconds: 30) { $0.jobs.rows.first?.note.contains("0 requests") == true }
    guard case .serve(let asked)? = robot.state.jobs.rows.first?.spec else {
      Issue.record("nothing is served: \(robot.screen)")
      return
    }
    let bundle = try ModelBundle(folder: asked.bundle)
    #expect(asked.bundle.contains("/candidates/") && bundle.manifest.members.count == 1)
  }
}
