import Engine
import Explain
import Flow
import Foundation
import Grid
import Plot
import TestSupport
import Testing
import Widgets

@testable import Workbench

/// Explanations by keys alone, with a real engine: from a form to columns, rows, and what if.
@MainActor
struct ExplainScreenTests {
  private static let sizes = [(80, 24), (120, 40), (200, 60)].map { Size(width: $0.0, height: $0.1) }

  /// Compares the screen at every size.
  private func expectGoldens(_ robot: Robot, _ stem: String) {
    for size in Self.sizes {
      robot.resize(size)
      robot.settle()
      expectGolden(robot.stableScreen, "\(stem)-\(size.width)x\(size.height)")
    }
    robot.resize(Self.sizes[1])
    robot.settle()
  }

  /// Opens the form over census.
  private func form(_ robot: Robot) {
    robot.open(Robot.census)
    robot.press("a")
    robot.type("explain model")
    robot.press("enter")
    robot.settle()
  }

  /// Trees that predict income are explained.
  private func explained(_ robot: Robot) throws -> ExplainView {
    form(robot)
    return try run(robot)
  }

  /// Runs the form that is open.
  private func run(_ robot: Robot) throws -> ExplainView {
    robot.press("tab enter")
    robot.type("income")
    robot.press("enter ctrl-r")
    robot.wait("the explanation", seconds: 240) { state in currentExplanation(state) != nil }
    robot.settle()
    return try #require(currentExplanation(robot.state), "\(robot.screen)")
  }

  private func compared(_ robot: Robot) -> RowComparison? {
    (robot.state.overlays.last as? CompareRowsOverlay)?.comparison
  }

  @Test func fromAFormToColumnsAndRowsByKeysAlone() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    form(robot)
    expectGoldens(robot, "explain-form")
    let view = try run(robot)
    #expect(view.found.explanation.rows == robot.state.table.views.first?.exactRows)
    #expect(view.found.explanation.additivityError < 1e-4)
    #expect(robot.state.flow.target == "income")
    #expect(robot.state.focus == .chart)
    // A key takes away what the job said, which would go by itself after a while.
    robot.press("down up")
    expectGoldens(robot, "explain-bars")
    // A bar is a column: Enter shows what it does at each of its values.
    robot.press("enter")
    let most = view.found.explanation.global[0].feature
    let page = try #require(view.found.pages.firstIndex(of: .dependence(most)))
    #expect(robot.state.chart.page == page)
    expectGoldens(robot, "explain-dependence")
    // Dots are rows.
    while robot.state.chart.page > 1 { robot.press("[") }
    robot.press("right enter")
    #expect(robot.state.overlays.last is RowExplanationOverlay, "\(robot.screen)")
    expectGoldens(robot, "explain-row")
    robot.press("escape")
    robot.press("]")
    expectGoldens(robot, "explain-heatmap")
  }

  @Test func aRowOfTheTableIsExplainedAndACellChanged() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    let view = try explained(robot)
    robot.press("3")
    robot.press("down down S")
    robot.settle()
    #expect(robot.screen.contains("Row 3"), "\(robot.screen)")
    // The same values as in the explanation of all rows.
    let kept = try #require(view.found.kept.first { $0.row == 2 } ?? view.found.kept.first)
    if kept.row == 2 { #expect(robot.screen.contains("f(x) \(Number.short(kept.predictions[0]))"), "\(robot.screen)") }
    expectGoldens(robot, "explain-table-row")
    // The column under the cursor gets another value; the prediction moves, and comes back.
    let before = robot.screen
    let overlay = try #require(robot.state.overlays.last as? RowExplanationOverlay)
    robot.press(Array(repeating: "down", count: overlay.line(of: "age")).joined(separator: " "))
    robot.press("enter")
    #expect(robot.screen.contains("What if"), "\(robot.screen)")
    robot.press("ctrl-u")
    robot.type("52")
    robot.press("enter")
    robot.settle()
    let moved = try #require(robot.state.overlays.last as? RowExplanationOverlay)
    #expect(robot.screen.contains(", was "), "\(robot.screen)")
    #expect(moved.prediction != overlay.prediction)
    expectGoldens(robot, "explain-what-if")
    robot.press("u home")
    #expect(robot.screen == before)
    // The smallest change that flips what the trees decide.
    robot.press("f")
    robot.settle()
    let flipped = try #require(robot.state.overlays.last as? RowExplanationOverlay)
    #expect(((flipped.prediction ?? 0) > 0) != ((overlay.prediction ?? 0) > 0), "\(robot.screen)")
    #expect(robot.screen.contains("by the smallest change"), "\(robot.screen)")
    expectGoldens(robot, "explain-flip")
  }

  @Test func aCellThatIsNoValueOfItsColumnIsRefused() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    _ = try explained(robot)
    robot.press("3 S")
    robot.settle()
    let overlay = try #require(robot.state.overlays.last as? RowExplanationOverlay)
    // Goes to the line of age.
    robot.press(Array(repeating: "down", count: overlay.line(of: "age")).joined(separator: " "))
    robot.press("enter ctrl-u")
    robot.type("young")
    robot.press("enter")
    robot.settle()
    #expect(robot.screen.contains("\"young\" is no value of the column \"age\""), "\(robot.screen)")
  }

  @Test func effectsAndAGroupAreAskedForInTheForm() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    form(robot)
    // Label, rows, importance, then what else is wanted.
    robot.press("tab tab tab tab space")
    #expect(robot.screen.contains("Effects of"), "\(robot.screen)")
    robot.press("tab")
    robot.type("2")
    robot.press("tab enter")
    robot.type("sex")
    robot.press("enter ctrl-r")
    #expect(robot.screen.contains("name the value of the group"), "\(robot.screen)")
    robot.type("Female")
    robot.press("ctrl-r")
    robot.wait("the explanation", seconds: 240) { state in currentExplanation(state) != nil }
    robot.settle()
    let view = try #require(currentExplanation(robot.state), "\(robot.screen)")
    let titles = view.found.pages.map(\.title)
    #expect(titles.contains { $0.hasPrefix("PDP: ") }, "\(titles)")
    #expect(titles.contains { $0.hasPrefix("ALE: ") } || titles.contains { $0.hasPrefix("PDP: ") })
    let groups = try #require(view.found.explanation.groups)
    #expect(groups.value == "Female" && (groups.dppl ?? 0) > 0)
    #expect(view.found.lines.contains { $0.hasPrefix("sex = Female against everybody else") })
  }

  @Test func forcesAndDecisionsAreAKeyAway() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    let view = try explained(robot)
    robot.press("g f")
    #expect(shownChart(robot.state) == view.found.forces)
    expectGoldens(robot, "explain-force")
    // A line is a row: Enter explains it.
    robot.press("down enter")
    #expect(robot.state.overlays.last is RowExplanationOverlay, "\(robot.screen)")
    robot.press("p")
    expectGoldens(robot, "explain-row-force")
    robot.press("p")
    expectGoldens(robot, "explain-row-decision")
    robot.press("escape g d")
    #expect(shownChart(robot.state) == view.found.decisions)
    robot.press("right")
    expectGoldens(robot, "explain-decision")
    // The list of pictures tells what was not asked for.
    robot.press("P")
    #expect(robot.screen.contains("Also, Pairs"), "\(robot.screen)")
    expectGoldens(robot, "explain-pages")
    robot.type("beeswarm")
    robot.press("enter")
    #expect(shownChart(robot.state) == view.found.swarm)
  }

  @Test func everyPictureSaysHowItsValuesWereFound() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    let view = try explained(robot)
    for (width, height) in [(120, 40), (80, 24), (40, 12)] {
      robot.resize(Size(width: width, height: height))
      for page in view.found.pages.indices {
        #expect(robot.screen.contains("tree, "), "\(width) page \(page)\n\(robot.screen)")
        #expect(robot.screen.contains("miss"), "\(width) page \(page)\n\(robot.screen)")
        robot.press("]")
      }
    }
  }

  @Test func twoMarkedRowsAreComparedWithOneKey() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    _ = try explained(robot)
    robot.press("3 down space down down space g S")
    robot.settle()
    let found = try #require(compared(robot), "\(robot.screen)")
    #expect(found.first == "Row 2" && found.second == "Row 5")
    let output = found.outputs[0]
    #expect(output.error < 1e-4)
    let sizes = output.features.map { abs($0.difference) }
    #expect(sizes == sizes.sorted(by: >))
    expectGoldens(robot, "explain-compare")
    robot.press("s")
    let swapped = try #require(compared(robot), "\(robot.screen)")
    #expect(swapped.outputs[0].difference == -output.difference)
  }

  @Test func aRowIsKeptAndComparedWithAnother() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    _ = try explained(robot)
    robot.press("3 g S")
    #expect(robot.screen.contains("Row 1 is kept"), "\(robot.screen)")
    robot.press("down S")
    robot.settle()
    robot.press("c")
    robot.settle()
    let found = try #require(compared(robot), "\(robot.screen)")
    #expect(found.first == "Row 1" && found.second == "Row 2", "\(robot.screen)")
    for (width, height) in [(0, 0), (1, 1), (20, 6), (40, 10), (80, 24)] {
      robot.resize(Size(width: width, height: height))
      _ = robot.screen
    }
  }

  @Test func shuffledColumnsAndTheGapHavePictures() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    form(robot)
    // Few rows, so that it is quick.
    robot.press("tab tab")
    robot.type("200")
    robot.press("tab tab space tab tab enter")
    robot.type("sex")
    robot.press("enter")
    robot.type("Female")
    robot.press("tab")
    robot.type("2")
    robot.press("ctrl-r")
    robot.wait("the explanation", seconds: 240) { state in currentExplanation(state) != nil }
    robot.settle()
    let found = currentExplanation(robot.state)
    let view = try #require(found, "\(robot.screen)")
    for (page, name) in [
      (ExplainedTable.Page.shuffled, "explain-shuffled"), (.gap, "explain-gap"),
    ] {
      robot.press("P")
      robot.type(page.title)
      robot.press("enter")
      let at = try #require(view.found.pages.firstIndex(of: page), "\(view.found.pages.map(\.title))")
      #expect(robot.state.chart.page == at)
      expectGoldens(robot, name)
    }
    // The parts of the gap add up to it.
    let groups = try #require(view.found.explanation.groups)
    #expect(abs(groups.features.reduce(0) { $0 + $1.value } - groups.difference) < 1e-4)
  }

  @Test func withoutAnExplanationTheKeySaysWhatIsWanting() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    robot.open(Robot.census)
    robot.press("S")
    #expect(robot.screen.contains("no model explains these rows yet"), "\(robot.screen)")
  }

  @Test func aPathIsNeededForAModelThatThereIs() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    form(robot)
    robot.press("right ctrl-r")
    #expect(robot.screen.contains("name the model's file or folder"), "\(robot.screen)")
    robot.type("/nowhere/model.json")
    robot.press("ctrl-r")
    robot.settle()
    #expect(robot.state.jobs.rows.contains { $0.error?.contains("there is no such file") == true }, "\(robot.screen)")
  }

  @Test func theRowHasRoomOnEveryScreen() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    _ = try explained(robot)
    robot.press("3 S")
    robot.settle()
    for (width, height) in [(0, 0), (1, 1), (20, 6), (40, 10), (80, 24)] {
      robot.resize(Size(width: width, height: height))
      _ = robot.screen
    }
  }
}
