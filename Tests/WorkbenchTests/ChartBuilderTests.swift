import Engine
import Flow
import Foundation
import Grid
import Plot
import TestSupport
import Testing
import Widgets

@testable import Workbench

/// The chart builder, with a real engine.
@MainActor
struct ChartBuilderTests {
  nonisolated static let sizes = [
    Size(width: 80, height: 24), Size(width: 120, height: 40), Size(width: 200, height: 60),
    Size(width: 40, height: 10),
  ]

  private func robot(_ size: Size = Size(width: 120, height: 40)) throws -> Robot {
    let robot = try Robot(size)
    robot.open(Robot.census)
    return robot
  }

  private func builder(_ robot: Robot) throws -> ChartBuilder {
    try #require(robot.state.overlays.last as? ChartBuilder)
  }

  /// Goes to a field by its id.
  private func go(_ robot: Robot, to field: String) throws {
    for _ in 0..<20 where try builder(robot).dialog.form.focused?.id != field { robot.press("tab") }
    #expect(try builder(robot).dialog.form.focused?.id == field)
  }

  /// Chooses an option of a field by typing a part of it.
  private func choose(_ robot: Robot, _ field: String, _ text: String) throws {
    try go(robot, to: field)
    robot.press("enter")
    robot.type(text)
    robot.press("enter")
  }

  @Test(arguments: sizes)
  func theBuilderLooksAsItShould(size: Size) throws {
    let robot = try robot(size)
    defer { robot.close() }
    let name = "\(size.width)x\(size.height)"
    robot.press("C")
    robot.settle()
    expectGolden(robot.stableScreen, "builder-\(name)")
    try choose(robot, "kind", "scatter")
    try choose(robot, "y", "hours")
    robot.settle()
    expectGolden(robot.stableScreen, "builder-scatter-\(name)")
    robot.press("f3")
    expectGolden(robot.stableScreen, "builder-picture-\(name)")
  }

  @Test func changingTheKindKeepsTheColumnsThatFit() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("C")
    try choose(robot, "x", "hours")
    try choose(robot, "facetBy", "sex")
    try choose(robot, "kind", "box")
    #expect(try builder(robot).draft == ChartSpec(.box, x: "hours_per_week", facetBy: "sex"))
    try choose(robot, "by", "workclass")
    try choose(robot, "kind", "scatter")
    let scatter = try builder(robot).draft
    #expect(scatter.x == "hours_per_week")
    #expect(scatter.colorBy == "workclass")
    #expect(scatter.facetBy == "sex")
    #expect(scatter.y != nil)
    robot.press("escape")
  }

  @Test func aColumnThatDoesNotFitIsListedWithTheReasonAndCannotBeChosen() throws {
    let robot = try robot(Size(width: 80, height: 24))
    defer { robot.close() }
    robot.press("C")
    robot.settle()
    try go(robot, to: "x")
    robot.press("enter")
    robot.type("workcl")
    #expect(robot.screen.contains("numbers, dates or times are needed"))
    robot.press("enter")
    #expect(try builder(robot).draft.x == "age")
    robot.press("escape escape")
    #expect(robot.state.overlays.isEmpty)
  }

  @Test func twoAxesExchangeTheirColumnsRatherThanShareOne() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("C")
    try choose(robot, "kind", "scatter")
    try choose(robot, "y", "fnlwgt")
    try choose(robot, "x", "fnlwgt")
    let draft = try builder(robot).draft
    #expect(draft.x == "fnlwgt")
    #expect(draft.y == "age")
  }

  @Test func aMeasureBringsAnAggregate() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("C")
    try choose(robot, "kind", "bar")
    #expect(try builder(robot).draft.aggregate == nil)
    try choose(robot, "y", "hours")
    #expect(try builder(robot).draft.aggregate == .mean)
    try choose(robot, "aggregate", "median")
    #expect(try builder(robot).draft.aggregate == .median)
    try choose(robot, "y", "the number")
    #expect(try builder(robot).draft.aggregate == nil)
    #expect(try builder(robot).draft.y == nil)
  }

  @Test func whatIsNotCompleteIsSaidInThePicturesPlaceAndAtTheField() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("C")
    robot.settle()
    try go(robot, to: "bins")
    robot.type("many")
    #expect(robot.screen.contains("Nothing to draw yet."))
    robot.press("ctrl-r")
    #expect(robot.state.flow.analyses.isEmpty)
    #expect(try builder(robot).dialog.form.focused?.id == "bins")
    robot.press("ctrl-u")
    robot.type("12")
    robot.settle()
    #expect(!robot.screen.contains("Nothing to draw yet."))
    guard case .histogram(let histogram)? = try builder(robot).preview.chart else {
      Issue.record("no histogram")
      return
    }
    #expect((8...14).contains(histogram.bins.count))
  }

  @Test func aNewerChangeCancelsThePictureThatIsBeingCounted() throws {
    var rig = DialogRig(width: 120, height: 40)
    rig.press("C")
    let first = try #require(rig.submitted.last)
    guard case .analyze(_, .chart(let spec)) = first.spec else {
      Issue.record("\(first.spec)")
      return
    }
    #expect(spec.kind == .histogram)
    #expect(rig.screen.contains("Counting…"))
    rig.press("tab", "enter", "hours")
    rig.press("enter")
    #expect(rig.effects.contains(.cancel(first.id)))
    let second = try #require(rig.submitted.last)
    #expect(second.id != first.id)
    // What comes late of the first one is not shown.
    rig.send(.job(first.id, .failed("too late")))
    #expect(!rig.screen.contains("too late"))
    rig.send(.job(second.id, .failed("The disk is full. Free some space.")))
    #expect(rig.screen.contains("Free some space."))
    // Trying out is no work that a person asked for by name.
    #expect(rig.state.jobs.rows.allSatisfy { if case .analyze = $0.spec { false } else { true } })
  }

  @Test func theOldPictureStaysUntilTheNewOneIsThere() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("C")
    robot.settle()
    #expect(robot.screen.contains("n=5,000"))
    try go(robot, to: "x")
    robot.press("right")
    #expect(robot.screen.contains("Counting…"))
    #expect(robot.screen.contains("n=5,000"))
    robot.settle()
    #expect(!robot.screen.contains("Counting…"))
  }

  @Test func addToFlowTakesThePictureThatIsThereAndUndoTakesItAway() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("a")
    robot.type("histo")
    robot.press("enter")
    robot.settle()
    let jobs = robot.state.jobs.rows.count
    robot.press("ctrl-r")
    #expect(robot.state.flow.analyses.map(\.name) == ["Histogram: age"])
    #expect(robot.state.flow.analyses.first?.provenance?.rows == 5000)
    #expect(robot.state.requests.isEmpty)
    #expect(robot.state.jobs.rows.count == jobs)
    #expect(robot.state.focus == .chart)
    #expect(shownChart(robot.state) != nil)
    robot.press("z")
    #expect(robot.state.flow.analyses.isEmpty)
  }

  @Test func justLookLeavesTheFlowAsItIs() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("C")
    robot.settle()
    try go(robot, to: "buttons")
    robot.press("right enter")
    #expect(robot.state.flow.analyses.isEmpty)
    #expect(robot.state.chart.shown == .look(.histogram(column: "age")))
    #expect(shownChart(robot.state) != nil)
    // From the chart the builder opens again with what is shown.
    robot.press("C")
    #expect(try builder(robot).draft == ChartSpec(.histogram, x: "age"))
    #expect(robot.screen.contains("[ Draw ]"))
  }

  @Test func aChartOfAPartOfTheRowsIsOnlyToLookAt() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("&")
    robot.type("age > 50")
    robot.press("enter")
    robot.settle()
    robot.press("C")
    robot.settle()
    #expect(!robot.screen.contains("Add to flow"))
    #expect(robot.screen.contains("rows in view, only to look"))
    robot.press("ctrl-r")
    robot.settle()
    guard case .histogram(let histogram)? = shownChart(robot.state) else {
      Issue.record("no histogram")
      return
    }
    #expect(histogram.total == robot.state.table.current?.exactRows)
    #expect(robot.state.flow.analyses.isEmpty)
  }

  @Test func anAnalysisIsChangedAndTheChangeUndone() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("a")
    robot.type("histo")
    robot.press("enter ctrl-r")
    robot.settle()
    robot.press("4 C")
    #expect(robot.screen.contains("Change chart"))
    try choose(robot, "x", "hours")
    try choose(robot, "kind", "box")
    robot.settle()
    robot.press("ctrl-r")
    #expect(robot.state.flow.analyses.map(\.name) == ["Box: hours_per_week"])
    #expect(robot.state.flow.analyses.first?.spec == .box(column: "hours_per_week"))
    guard case .content? = shownChart(robot.state) else {
      Issue.record("no box")
      return
    }
    robot.press("z")
    #expect(robot.state.flow.analyses.map(\.name) == ["Histogram: age"])
    guard case .histogram? = shownChart(robot.state) else {
      Issue.record("no histogram")
      return
    }
  }

  @Test func aNameOfOnesOwnStaysWhenTheChartChanges() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("a")
    robot.type("histo")
    robot.press("enter")
    try go(robot, to: "name")
    robot.type("Ages")
    robot.settle()
    robot.press("ctrl-r 5 C")
    try choose(robot, "x", "hours")
    robot.settle()
    robot.press("ctrl-r")
    robot.settle()
    #expect(robot.state.flow.analyses.map(\.name) == ["Ages"])
    #expect(robot.state.flow.analyses.first?.spec == .histogram(column: "hours_per_week"))
  }

  @Test(arguments: [Size(width: 0, height: 0), Size(width: 7, height: 3), Size(width: 71, height: 12)])
  func theLayoutStaysOnScreen(size: Size) {
    for showsForm in [true, false] {
      let layout = ChartBuilderLayout(size, showsForm: showsForm)
      for part in [layout.frame, layout.form, layout.preview, layout.line] where !part.isEmpty {
        #expect(part.intersection(Rect(size)) == part)
      }
      #expect(layout.form.intersection(layout.preview).isEmpty)
    }
  }
}
