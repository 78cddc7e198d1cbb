import Engine
import Flow
import Foundation
import Grid
import Learn
import TestSupport
import Testing
import Widgets

@testable import Workbench

/// Trainings by keys alone, with a real engine and real models.
@MainActor
struct AutoMLScreenTests {
  private static let sizes = [(80, 24), (120, 40), (200, 60)].map { Size(width: $0.0, height: $0.1) }

  /// 240 rows of which one column says nearly everything.
  private static let people: String = {
    var lines = ["age,hours,town,buys"]
    for row in 0..<240 {
      let (age, hours) = (20 + row * 7 % 50, 10 + row * 11 % 40)
      let buys = age + (row * 13 % 17) > 48 ? "yes" : "no"
      lines.append("\(age),\(hours),\(["Bern", "Oslo", "Riga"][row % 3]),\(buys)")
    }
    return lines.joined(separator: "\n") + "\n"
  }()

  /// The screen with what differs from run to run masked, each in its width: seconds, milliseconds, the folder.
  private func stable(_ robot: Robot) -> String {
    func masked(_ text: Substring, _ mask: String) -> String {
      String(repeating: " ", count: max(0, text.count - mask.count)) + mask.suffix(text.count)
    }
    return robot.screen.replacing(#/[ ]*[0-9]+\.[0-9] s|[0-9]{2}:[0-9]{2}/#) { masked($0.output, "#.# s") }
      .replacing(#/[ ]+(?:<0\.001|[0-9]+\.[0-9]{3})(?![0-9])/#) { masked($0.output, "#.###") }
      .replacing(#/\[ [^ ]*/state/#) { "[ " + String(repeating: "#", count: $0.output.count - 8) + "/state" }
  }

  private func expectGoldens(_ robot: Robot, _ stem: String, _ sizes: [Size] = Self.sizes) {
    for size in sizes {
      robot.resize(size)
      robot.settle()
      expectGolden(stable(robot), "\(stem)-\(size.width)x\(size.height)")
    }
    robot.resize(Self.sizes[0])
    robot.settle()
  }

  private func trial(_ robot: Robot, candidates: Int = 3) throws {
    robot.open(try robot.file("people.csv", Self.people))
    robot.press("a")
    robot.type("automl")
    robot.press("enter")
    robot.settle()
    // Label, problem, metric, seconds; then the preset.
    robot.press("tab tab tab backspace backspace")
    // Time enough that nothing is cut short on a busy machine.
    robot.type("600")
    robot.press("tab right left left")
    robot.press("tab tab tab tab space")
    // Advanced is open now: mode, seed, then the number of candidates.
    robot.press("tab tab tab")
    robot.type("\(candidates)")
  }

  private func found(_ robot: Robot) -> AutoMLReport? {
    if case .automl(let result)? = robot.state.flow.analyses.last?.result { result.report } else { nil }
  }

  private func train(_ robot: Robot) throws {
    try trial(robot)
    robot.press("ctrl-r")
    robot.wait("the report", seconds: 120) { state in
      if case .automl(let result)? = state.flow.analyses.last?.result { result.report != nil } else { false }
    }
    robot.settle()
  }

  @Test func theFormSaysWhichProblemTheLabelPosesBeforeAnythingIsTrained() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    try trial(robot)
    #expect(robot.screen.contains("binary classification (true, false)"), "\(robot.screen)")
    expectGoldens(robot, "automl-form")
  }

  @Test func aWholeRunByKeysAlone() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    try train(robot)
    let report = try #require(found(robot), "\(robot.screen)")
    #expect(report.leaderboard.count == 4)
    #expect(report.target == "buys")
    #expect(robot.state.focus == .chart)
    #expect(robot.state.context == .leaderboard)
    #expect(robot.screen.contains("Ensemble"), "\(robot.screen)")
    // A key takes the message away, which tells seconds. Where the pane is low there is no curve, which is drawn by them.
    robot.press("g g")
    expectGoldens(robot, "automl-leaderboard", [Size(width: 120, height: 40), Size(width: 60, height: 14)])
    // Another order, by the fit time: the row under the cursor stays the same model.
    robot.press("down")
    let before = currentModel(robot.state)?.id
    robot.press("right right right [")
    #expect(currentModel(robot.state)?.id == before)
    robot.press("=")
    // Two marked models side by side.
    robot.press("g g down space space c")
    robot.settle()
    #expect(robot.screen.contains("Compare 2 models"), "\(robot.screen)")
    #expect(robot.screen.contains("verdict"), "\(robot.screen)")
    robot.press("right")
    #expect(robot.screen.contains("ROC"), "\(robot.screen)")
    robot.press("escape g g enter")
    robot.settle()
    expectGoldens(robot, "automl-model", Array(Self.sizes.prefix(2)))
    robot.press("right")
    expectGoldens(robot, "automl-confusion", Array(Self.sizes.prefix(2)))
    // The card of the ensemble.
    robot.press("e enter")
    robot.settle()
    let card = try String(contentsOfFile: robot.folder.path + "/model-card-ensemble.md", encoding: .utf8)
    #expect(card.contains("# Model card of Ensemble"))
    #expect(card.contains("| accuracy"))
    #expect(card.contains("What it is made of") && card.contains("## Files"))
    #expect(robot.state.log.last?.command.word == "model.export")
  }

  @Test func theModelBecomesAStepThatPredictsEveryRow() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    try train(robot)
    robot.press("+")
    robot.settle()
    let names = robot.state.schema.map(\.name)
    #expect(names.suffix(2) == ["predicted_buys", "score_buys"], "\(names) \(robot.screen)")
    #expect(robot.state.table.current?.exactRows == 240)
    // And so does a file of them.
    robot.press("4 P enter")
    robot.settle()
    let text = try String(contentsOfFile: robot.folder.path + "/predictions.csv", encoding: .utf8)
    #expect(text.split(separator: "\n").count == 241)
    #expect(robot.state.log.last?.command.word == "model.predict")
  }

  @Test func aReopenedFlowShowsTheLeaderboardWithoutComputing() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    try train(robot)
    try robot.state.flow.write(to: robot.folder.path + "/kept.flow")
    let screen = robot.screen
    robot.open(robot.folder.path + "/kept.flow")
    robot.wait("the flow") { $0.flowPath?.hasSuffix("kept.flow") == true }
    robot.press("4")
    robot.settle()
    #expect(
      robot.state.jobs.rows.allSatisfy { if case .analyze(_, .automl) = $0.spec { $0.state == .done } else { true } })
    #expect(robot.screen.contains("Ensemble"), "\(robot.screen)")
    #expect(
      screen.split(separator: "\n").dropFirst(2).prefix(5) == robot.screen.split(separator: "\n").dropFirst(2).prefix(5)
    )
    robot.press("enter")
    robot.settle()
    #expect(robot.screen.contains("accuracy"), "\(robot.screen)")
  }

  @Test func aRunIsPausedAndEndedWithTheBestSoFar() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    try trial(robot, candidates: 500)
    robot.press("ctrl-r")
    robot.wait("a candidate", seconds: 240) { state in (state.automl.runs.first?.value.trials.count ?? 0) > 0 }
    robot.press("p")
    #expect(robot.state.automl.runs.first?.value.phase == .paused)
    #expect(robot.screen.contains("paused"), "\(robot.screen)")
    robot.press("p x")
    robot.wait("the report", seconds: 240) { state in
      if case .automl(let result)? = state.flow.analyses.last?.result { result.report != nil } else { false }
    }
    let report = try #require(found(robot))
    #expect(report.leaderboard.count > 1 && report.seconds < 60)
    #expect(robot.state.automl.runs.isEmpty)
  }

  @Test func aRunThatWasCutShortShowsItsCandidatesAndGoesOn() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    try trial(robot, candidates: 4)
    robot.press("ctrl-r")
    robot.wait("a candidate", seconds: 240) { state in (state.automl.runs.first?.value.trials.count ?? 0) > 0 }
    robot.press("6 x")
    robot.settle()
    robot.press("4")
    #expect(robot.screen.contains("cut short"), "\(robot.screen)")
    // As after a crash: nothing is known but the flow and the folder.
    let flow = robot.state.flow
    let other = try Robot(Size(width: 80, height: 24), home: robot.folder)
    defer { other.close() }
    try flow.write(to: robot.folder.path + "/cut.flow")
    other.open(robot.folder.path + "/cut.flow")
    other.wait("the flow") { $0.screen == .workbench }
    other.press("4")
    other.settle()
    #expect(other.screen.contains("cut short"), "\(other.screen)")
    let kept = try #require(other.state.automl.runs.first?.value.trials.count)
    #expect(kept >= 1)
    other.press("r")
    other.wait("the report", seconds: 120) { state in
      if case .automl(let result)? = state.flow.analyses.last?.result { result.report != nil } else { false }
    }
    #expect(found(other)?.leaderboard.count == 5)
    #expect(found(other)?.notes.contains { $0.contains("earlier run") } == true)
  }

  @Test(arguments: [(40, 10), (60, 14), (100, 30), (300, 100)])
  func aLeaderboardFitsEverySize(size: (Int, Int)) throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    try train(robot)
    robot.resize(Size(width: size.0, height: size.1))
    robot.settle()
    #expect(robot.screen.contains("Ensemble"), "\(robot.screen)")
    robot.press("enter")
    robot.settle()
    for _ in 0..<9 {
      robot.press("right")
      _ = robot.screen
    }
  }

  @Test func foldsThatDifferByChanceAreATieAndOthersAreNot() throws {
    let one = [0.80, 0.82, 0.79, 0.81, 0.80]
    let near = try #require(FoldComparison(one, [0.81, 0.80, 0.80, 0.80, 0.81]))
    #expect(near.isTie)
    let far = try #require(FoldComparison(one, one.map { $0 - 0.05 - ($0 - 0.8) / 10 }))
    #expect(!far.isTie && far.difference < 0)
    #expect(FoldComparison(one, [0.8, 0.8]) == nil)
  }
}
