import Engine
import Flow
import Foundation
import Grid
import Learn
import TestSupport
import Testing
import Widgets

@testable import Workbench

/// What the form of a training takes, what it refuses, and lists of candidates.
@MainActor
struct AutoMLFormTests {
  /// 240 rows of four visits each; one column says nearly everything of the label.
  static let visits: String = {
    var lines = ["day,weight,age,hours,town,sex,customer,buys"]
    for row in 0..<240 {
      let (age, hours) = (20 + row * 7 % 50, 10 + row * 11 % 40)
      let buys = age + (row * 13 % 17) > 48 ? "yes" : "no"
      let town = ["Bern", "Oslo", "Riga"][row % 3]
      lines.append("\(row),\(1 + row % 3),\(age),\(hours),\(town),\(row * 7 % 5 < 2 ? "F" : "M"),c\(row / 4),\(buys)")
    }
    return lines.joined(separator: "\n") + "\n"
  }()

  static func open(_ robot: Robot, _ text: String = visits) throws {
    robot.open(try robot.file("visits.csv", text))
    robot.press("a")
    robot.type("automl")
    robot.press("enter")
    robot.settle()
    // The last column of words or truth values is what the form guesses.
  }

  /// From the label on: seconds enough that nothing is cut short on a busy machine, the preset quick.
  static func hurry(_ robot: Robot, candidates: Int = 2) {
    robot.press("tab tab tab backspace backspace")
    robot.type("600")
    robot.press("tab right left left tab tab tab tab space tab tab tab")
    robot.type("\(candidates)")
  }

  private func study(_ robot: Robot) -> AutoMLStudy? {
    if case .automl(let study)? = robot.state.flow.analyses.last?.spec { study } else { nil }
  }

  static func result(_ robot: Robot) -> AutoMLResult? {
    if case .automl(let result)? = robot.state.flow.analyses.last?.result { result } else { nil }
  }

  @Test func theFormTakesWeightsGroupsAndModes() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    try Self.open(robot)
    // Seconds, preset, test rows, then the part about rows.
    robot.press("tab tab tab tab tab tab space tab right")
    robot.settle()
    #expect(robot.screen.contains("Group by"), "\(robot.screen)")
    robot.press("tab enter")
    robot.type("customer")
    robot.press("enter enter")
    robot.type("weight")
    robot.press("enter space")
    robot.settle()
    for size in [(80, 24), (120, 40)] {
      robot.resize(Size(width: size.0, height: size.1))
      robot.settle()
      let stable = robot.stableScreen.replacing(#/\[ [^ ]*/state/#) {
        "[ " + String(repeating: "#", count: $0.output.count - 8) + "/state"
      }
      expectGolden(stable, "automl-form-rows-\(size.0)x\(size.1)")
    }
    // Folder, then the advanced part: tuning, and one candidate.
    robot.press("tab tab space tab right right tab tab")
    robot.type("1")
    robot.press("ctrl-r")
    let study = try #require(self.study(robot), "\(robot.screen)")
    #expect(study.options.groupColumn == "customer" && study.options.weightColumn == "weight")
    #expect(study.options.hasBalancedClasses && study.options.timeColumn == nil)
    #expect(study.options.mode == .tuning && study.options.candidateLimit == 1)
    robot.wait("the report", seconds: 120) { _ in Self.result(robot)?.report != nil }
    #expect(Self.result(robot)?.report?.notes.contains { $0.contains("never part rows") } == true)
  }

  @Test func rowsOfAFileThatJudgeNeedTheLabel() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    _ = try robot.file("poor.csv", "age,hours\n1,2\n")
    _ = try robot.file("good.csv", Self.visits)
    try Self.open(robot)
    robot.press("tab tab tab tab tab tab space tab right right right tab enter")
    robot.type("file")
    robot.press("enter")
    robot.type("poor.csv")
    robot.settle()
    #expect(robot.screen.contains("it has no column buys"), "\(robot.screen)")
    robot.press("ctrl-r")
    #expect(study(robot) == nil)
    robot.press("backspace backspace backspace backspace backspace backspace backspace backspace")
    robot.type("good.csv")
    robot.settle()
    #expect(robot.screen.contains("8 columns, buys among them"), "\(robot.screen)")
    robot.press("ctrl-r")
    #expect(study(robot)?.validation != nil)
  }

  @Test func aColumnThatCannotWeighIsRefusedBeforeAnythingIsTrained() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    try Self.open(
      robot, "weight,age,buys\n" + (0..<60).map { "\($0 - 30),\($0),\($0 % 2 == 0 ? "yes" : "no")\n" }.joined())
    robot.press("tab tab tab tab tab tab space tab tab enter")
    robot.type("weight")
    robot.press("enter")
    robot.settle()
    robot.press("ctrl-r")
    #expect(robot.screen.contains("numbers from 0 on"), "\(robot.screen)")
    #expect(study(robot) == nil)
  }

  @Test(arguments: [
    ("age,buys\n" + (0..<20).map { "\($0),yes\n" }.joined(), "in every row"),
    ("age,buys\n" + (0..<20).map { "\($0),\n" }.joined(), "missing in all 20 rows"),
    ("age,buys\n1,yes\n2,no\n3,yes\n", "Only 3 rows have"),
  ])
  func whatCannotBePredictedIsSaid(text: String, word: String) throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    try Self.open(robot, text)
    robot.press("enter")
    robot.type("buys")
    robot.press("enter")
    robot.settle()
    // No time at all is refused at its field, whatever the label.
    robot.press("tab tab backspace backspace")
    robot.type("0")
    robot.press("ctrl-r")
    robot.settle()
    #expect(robot.screen.contains("must be from 1"), "\(robot.screen)")
    // Sentences are broken over the lines of a form.
    let words = robot.screen.split { $0.isWhitespace || $0 == "┃" }.joined(separator: " ")
    #expect(words.contains(word), "\(robot.screen)")
    #expect(study(robot) == nil)
  }

  @Test func candidatesAreListedChangedAndTrained() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    try Self.open(robot)
    Self.hurry(robot, candidates: 9)
    // To the buttons: threads, workers, encoder, name, then the second one.
    robot.press("tab tab tab tab tab right enter")
    robot.wait("the list", seconds: 240) { _ in Self.result(robot)?.plan != nil }
    #expect(robot.state.context == .candidates)
    #expect(robot.screen.contains("none trained"), "\(robot.screen)")
    #expect(robot.state.automl.runs.isEmpty)
    robot.press("g g")
    expectGolden(robot.screen, "automl-candidates-80x24")
    let listed = try #require(Self.result(robot)?.plan?.candidates)
    // The first is changed in a number, then it and the second are trained.
    robot.press("n")
    robot.settle()
    let fields = robot.screen
    #expect(fields.contains("Change"), "\(fields)")
    robot.press("escape space space")
    #expect(robot.screen.contains("the 2 marked"), "\(robot.screen)")
    robot.press("enter")
    robot.wait("the report", seconds: 120) { _ in Self.result(robot)?.report != nil }
    #expect(robot.state.context == .leaderboard)
    let trained = try #require(Self.result(robot)?.report)
    #expect(trained.leaderboard.count == 3)
    #expect(Set(trained.leaderboard.compactMap(\.candidate)) == [1, 2])
    #expect(trained.leaderboard.contains { $0.model == listed[0].model })
  }

  @Test func rowsAreExploredBeforeATrainingAndTheReportStaysWithIt() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    try Self.open(robot)
    Self.hurry(robot)
    robot.press("tab tab tab tab tab right right enter")
    robot.wait("the exploration", seconds: 240) { $0.automl.explored != nil }
    #expect(robot.screen.contains("Exploration of the rows") && robot.screen.contains("240 rows"), "\(robot.screen)")
    robot.press("right")
    #expect(robot.screen.contains("Label"), "\(robot.screen)")
    robot.press("escape ctrl-r")
    robot.wait("the report", seconds: 120) { _ in Self.result(robot)?.report != nil }
    let folder = try #require(study(robot)?.folder)
    #expect(DataExploration(folder: folder)?.rows == 240)
    robot.press("E")
    robot.settle()
    #expect(robot.screen.contains("Exploration of the rows") && robot.screen.contains("240 rows"), "\(robot.screen)")
  }
}
