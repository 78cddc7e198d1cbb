import Engine
import Flow
import Foundation
import Grid
import TestSupport
import Testing

@testable import Workbench

/// The main road: a file, a look at it, a step, a Quick Model, saved and found again; by keys alone.
@MainActor
struct RoadTests {
  nonisolated static let sizes = [
    Size(width: 80, height: 24), Size(width: 120, height: 40), Size(width: 200, height: 60),
  ]

  @Test(arguments: sizes)
  func theScreensOfTheRoadLookAsTheyShould(size: Size) throws {
    let robot = try Robot(size)
    defer { robot.close() }
    let name = "\(size.width)x\(size.height)"
    expectGolden(robot.stableScreen, "start-\(name)")
    robot.open(Robot.census)
    expectGolden(robot.stableScreen, "table-\(name)")
    robot.press(".")
    robot.settle()
    expectGolden(robot.stableScreen, "chart-\(name)")
    robot.press("2 +")
    expectGolden(robot.stableScreen, "plus-\(name)")
    robot.type("quick")
    robot.press("enter")
    expectGolden(robot.stableScreen, "quickmodel-form-\(name)")
    robot.press("tab tab tab tab enter")
    robot.settle()
    expectGolden(robot.stableScreen, "quickmodel-\(name)")
    robot.press("5")
    expectGolden(robot.stableScreen, "analyses-\(name)")
  }

  @Test func aQuickModelIsSavedAndFoundAgainWithoutComputing() throws {
    let robot = try Robot()
    robot.open(Robot.census)
    robot.press("2 +")
    robot.type("quick")
    robot.press("enter tab tab tab tab enter")
    robot.settle()
    let report = robot.state.flow.analyses.first?.result
    #expect(report != nil)
    robot.press("ctrl-s ctrl-a ctrl-k")
    for _ in 0..<60 { robot.press("backspace") }
    robot.type(robot.folder.path + "/mine.flow")
    robot.press("enter")
    robot.wait("the file") { $0.flowPath != nil }
    #expect(!robot.state.isDirty)

    let other = try Robot(home: robot.folder)
    defer { other.close() }
    other.app.open(robot.folder.path + "/mine.flow")
    other.wait("the flow") { $0.screen == .workbench }
    #expect(other.state.flow.analyses.first?.result == report)
    #expect(!other.state.jobs.rows.contains { $0.spec.title.contains("Quick Model") })
    other.settle()
    #expect(other.screen.contains("Quick Model: income"))
  }

  @Test func afterACrashTheNextStartOffersToRestore() throws {
    let robot = try Robot()
    robot.open(Robot.census)
    robot.press("3 .")
    robot.settle()
    robot.press("a")
    robot.settle()
    // The process dies here: nothing is saved in order, but the autosave has been written.
    let record = robot.folder.appendingPathComponent("state/assay/autosave")
    // Written beside and renamed: only the finished file ends in .json.
    func finished() -> [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: record.path)) ?? []).filter { $0.hasSuffix(".json") }
    }
    let deadline = Date(timeIntervalSinceNow: 20)
    while finished().isEmpty, Date() < deadline { Thread.sleep(forTimeInterval: 0.01) }
    let saved = finished()
    // As another process would have left it.
    try FileManager.default.moveItem(
      at: record.appendingPathComponent(try #require(saved.first)),
      to: record.appendingPathComponent("2147483646.json"))

    let next = try Robot(home: robot.folder)
    defer { next.close() }
    #expect(next.screen.contains("Restore census.csv"))
    next.press("enter")
    next.settle()
    #expect(next.state.flow.analyses.map(\.name) == ["Histogram: age"])
    #expect(next.state.isDirty)
  }

  @Test func enterOnABinShowsItsRowsAndQComesBack() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(Robot.census)
    robot.press(".")
    robot.settle()
    guard case .histogram(let histogram)? = shownChart(robot.state) else {
      Issue.record("no histogram")
      return
    }
    robot.press("l l enter")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == histogram.bins[2].count)
    robot.press("q")
    #expect(robot.state.table.current?.exactRows == 5000)
    #expect(robot.state.flow.graph.steps.count == 1)
  }

  @Test func aStepIsAddedUndoneAndDoneAgain() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(Robot.census)
    var effects = [Effect]()
    var state = robot.state
    let source = try #require(state.flow.graph.steps.first?.id)
    effects = addStep(.filter("age > 60"), after: source, &state)
    #expect(!effects.isEmpty && state.flow.graph.steps.count == 2)
    _ = reduce(&state, .command("edit.undo"))
    #expect(state.flow.graph.steps.count == 1)
    _ = reduce(&state, .command("edit.redo"))
    #expect(state.flow.graph.steps.map(\.operation.summary).last == "age > 60")
  }

  @Test func sortingLooksAndNeverChangesTheFlow() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(Robot.census)
    let before = robot.state.flow
    robot.press("]")
    robot.settle()
    let view = try #require(robot.state.table.current)
    #expect(view.text(row: 0, column: 0) == "90")
    #expect(robot.state.flow == before)
    robot.press("escape")
    robot.settle()
    #expect(robot.state.table.current?.text(row: 0, column: 0) == "39")
  }

  @Test func theCountIsNotShownAsExactBeforeItIs() throws {
    let robot = try Robot()
    defer { robot.close() }
    var text = "a,b\n"
    for row in 0..<200_000 { text += "\(row),\(row % 7)\n" }
    let path = try robot.file("long.csv", text)
    robot.app.open(path)
    var sawInexact = false
    robot.wait("all rows") { state in
      if case .atLeast(let rows)? = state.table.current?.opened?.count, rows < 200_000 { sawInexact = true }
      return state.table.current?.opened?.isComplete ?? false
    }
    #expect(sawInexact)
    #expect(robot.state.table.current?.exactRows == 200_000)
    robot.press("G")
    robot.settle()
    #expect(robot.state.table.current?.text(row: 199_999, column: 0) == "199999")
    #expect(robot.state.table.current.map { $0.pages.count <= TableView.pagesKept } ?? false)
  }
}
