import Engine
import Flow
import Foundation
import Grid
import Testing
import Widgets

@testable import Workbench

/// Reports by keys alone, with a real engine.
@MainActor
struct InsightScreenTests {
  @Test func aQualityReportSuggestsStepsAndAKeyAddsThem() throws {
    let robot = try Robot(Size(width: 100, height: 34))
    defer { robot.close() }
    robot.open(Robot.census)
    robot.press("a")
    robot.type("quality")
    robot.press("enter")
    robot.settle()
    #expect(robot.screen.contains("Label"), "\(robot.screen)")
    robot.press("ctrl-r")
    robot.settle()
    #expect(robot.screen.contains("! capital_loss: Outliers"), "\(robot.screen)")
    guard case .insight(let result)? = robot.state.flow.analyses.first?.result else {
      Issue.record("no report: \(robot.screen)")
      return
    }
    for warning in result.warnings { #expect((warning.step == nil) == (warning.step?.flowOperation == nil)) }
    robot.press("s")
    #expect(robot.screen.contains("Suggested steps"), "\(robot.screen)")
    robot.press("enter")
    robot.settle()
    let one = robot.state.flow.graph.steps.count
    #expect(one == 2, "\(robot.screen)")
    robot.press("s down enter")
    robot.settle()
    // The second stands below the first.
    let ids = robot.state.flow.graph.steps.map(\.id)
    try #require(ids.count == 3, "\(robot.screen)")
    let inputs = robot.state.flow.graph.steps[2].inputs
    #expect(inputs == [ids[1]])
    robot.press("z z")
    robot.settle()
    let none = robot.state.flow.graph.steps.count
    #expect(none == 1, "\(robot.screen)")
  }

  @Test func aReportWithSeveralPicturesIsLeafedThroughAndSaved() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    robot.open(Robot.census)
    robot.press("a")
    robot.type("missing values")
    robot.press("enter")
    robot.settle()
    robot.press("ctrl-r")
    robot.settle()
    guard case .insight(let result)? = robot.state.flow.analyses.first?.result else {
      Issue.record("no report: \(robot.screen)")
      return
    }
    #expect(result.charts.count > 1)
    let first = shownChart(robot.state)
    robot.press("4 ]")
    #expect(shownChart(robot.state) != first, "\(robot.screen)")
    robot.press("[")
    #expect(shownChart(robot.state) == first)
    // What is saved is found again without computing.
    let path = robot.folder.appendingPathComponent("missing.flow").path
    try robot.state.flow.write(to: path)
    #expect(try FlowFile(contentsOf: path).analyses.first?.result == robot.state.flow.analyses.first?.result)
  }

  @Test func aComparisonNeedsAnotherStepAndSaysSo() throws {
    let robot = try Robot(Size(width: 100, height: 34))
    defer { robot.close() }
    robot.open(Robot.census)
    robot.press("a")
    robot.type("drift")
    robot.press("enter")
    robot.settle()
    robot.press("ctrl-r")
    #expect(robot.screen.contains("there is no other step"), "\(robot.screen)")
    #expect(robot.state.flow.analyses.isEmpty)
  }
}
