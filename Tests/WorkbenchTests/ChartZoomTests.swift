import Engine
import Foundation
import Frame
import Grid
import Plot
import Testing

@testable import Workbench

/// Looking closer at charts, and taking their marks to the table.
@MainActor
struct ChartZoomTests {
  /// A histogram of age, the pane as large as the screen.
  private func histogram(_ size: Size = Size(width: 120, height: 40)) throws -> Robot {
    let robot = try Robot(size)
    robot.open(Robot.census)
    robot.press(".")
    robot.settle()
    return robot
  }

  /// Draws a column of the table.
  private func chart(_ column: String, _ robot: Robot) {
    robot.press("3 g c")
    robot.type(column)
    robot.press("enter .")
    robot.settle()
    #expect(robot.state.focus == .chart, "\(robot.screen)")
  }

  private func correlate(_ robot: Robot) {
    robot.press("a")
    robot.type("correlation")
    robot.press("enter ctrl-r")
    robot.settle()
  }

  private func counted(_ readout: String) -> Int? {
    readout.components(separatedBy: "n=").last?.split(separator: " ").first.flatMap { Int($0.filter { $0 != "," }) }
  }

  private func readout(_ robot: Robot) -> String {
    let marks = drawnMarks(robot.state)
    return marks.indices.contains(robot.state.chart.cursor) ? marks[robot.state.chart.cursor].readout : ""
  }

  @Test func plusLooksCloserAroundTheMarkAndZeroShowsAllOfIt() throws {
    let robot = try histogram()
    defer { robot.close() }
    let all = drawnMarks(robot.state).count
    robot.press("right right right right right right")
    let before = readout(robot)
    robot.press("+")
    #expect(drawnMarks(robot.state).count < all)
    #expect(readout(robot) == before)
    #expect(robot.screen.contains("zoomed: age"))
    #expect(robot.screen.contains("n=5,000"))
    robot.settle()
    robot.press("0")
    #expect(!robot.state.chart.view.isZoomed)
    #expect(drawnMarks(robot.state).count == all)
    #expect(readout(robot) == before)
  }

  @Test func aWindowMovesNoFurtherThanThereIsSomethingToSee() throws {
    let robot = try histogram()
    defer { robot.close() }
    #expect(robot.state.registry["chart.panRight"]?.availability(robot.state).isEnabled == false)
    robot.press("+ >")
    let first = robot.state.chart.view.x
    robot.press("> > > > > > > > > > > > > > > > > >")
    let last = robot.state.chart.view.x
    robot.press(">")
    #expect(robot.state.chart.view.x == last)
    #expect((first?.lowerBound ?? 0) < (last?.lowerBound ?? 0))
    robot.press("<")
    #expect((robot.state.chart.view.x?.lowerBound ?? 0) < (last?.lowerBound ?? 0))
    robot.press("escape")
    #expect(!robot.state.chart.view.isZoomed)
    robot.settle()
  }

  @Test func enterInAZoomedHistogramOpensAsManyRowsAsTheBinCounted() throws {
    let robot = try histogram()
    defer { robot.close() }
    robot.press("right right right right + right")
    robot.settle()
    let wanted = counted(readout(robot))
    robot.press("enter")
    robot.settle()
    #expect(wanted != nil && robot.state.table.current?.exactRows == wanted)
  }

  @Test func fewBinsInSightAreCountedAgainAndKeepTheCountsOfTheWhole() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    let lines = (0..<4000).map { "\(Double($0 * $0 % 7919) / 7919)" }
    robot.open(try robot.file("fine.csv", "share\n" + lines.joined(separator: "\n") + "\n"))
    robot.press(".")
    robot.settle()
    func bins() -> [Histogram.Bin] {
      if case .histogram(let chart)? = shownChart(robot.state) { chart.bins } else { [] }
    }
    let width = bins().first.map { $0.upper - $0.lower } ?? 0
    robot.press("+")
    robot.settle()
    robot.press("+")
    robot.settle()
    let finer = bins().first.map { $0.upper - $0.lower } ?? 0
    #expect(finer > 0 && finer < width, "\(robot.screen)")
    #expect(robot.screen.contains("n=4,000"))
    let wanted = counted(readout(robot))
    robot.press("enter")
    robot.settle()
    #expect(wanted != nil && robot.state.table.current?.exactRows == wanted)
    robot.press("4 0")
    #expect(bins().first.map { $0.upper - $0.lower } == width)
  }

  @Test func anotherChartIsShownWhole() throws {
    let robot = try histogram()
    defer { robot.close() }
    robot.press("+")
    robot.settle()
    robot.press("3 right right . ")
    robot.settle()
    #expect(!robot.state.chart.view.isZoomed)
  }

  @Test func barsSayThatTheyHaveNoAxisAndScrollInstead() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    robot.open(Robot.census)
    chart("education", robot)
    robot.press("+")
    #expect(robot.state.message?.text.contains("bars have no axis to zoom") == true)
    let first = drawnMarks(robot.state).first?.selection
    robot.press("}")
    #expect(drawnMarks(robot.state).first?.selection != first, "\(robot.screen)")
    #expect(robot.screen.contains("of 16"))
    robot.press("{ { {")
    #expect(drawnMarks(robot.state).first?.selection == first)
  }

  @Test func aDraggedBoxIsZoomedInto() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    robot.open(Robot.census)
    correlate(robot)
    robot.press("down down down enter")
    robot.settle()
    let inside = paneInterior(.chart, robot.state, robot.state.layout)
    robot.mouse(.press(.left, clicks: 1), inside.x + 20, inside.y + 3)
    robot.mouse(.drag(.left), inside.x + 40, inside.maxY - 3)
    robot.mouse(.release(.left), inside.x + 40, inside.maxY - 3)
    #expect(robot.state.message?.text.contains("zooms in") == true)
    robot.press("+")
    let view = robot.state.chart.view
    #expect(view.x != nil && view.y != nil && robot.state.chart.box == nil)
    #expect(robot.screen.contains("zoomed: "))
    for mark in drawnMarks(robot.state) {
      guard case .box(let x, let y) = mark.selection else { continue }
      #expect(x.upper >= view.x?.lowerBound ?? 0 && x.lower <= view.x?.upperBound ?? 0)
      #expect(y.upper >= view.y?.lowerBound ?? 0 && y.lower <= view.y?.upperBound ?? 0)
    }
    let wanted = counted(readout(robot))
    robot.press("enter")
    robot.settle()
    #expect(wanted != nil && robot.state.table.current?.exactRows == wanted)
  }

  @Test func sMarksTheRowsOfAMarkAndTakesThemBackAgain() throws {
    let robot = try histogram()
    defer { robot.close() }
    robot.press("right right right s")
    robot.settle()
    let first = counted(readout(robot)) ?? -1
    #expect(robot.state.table.markCount == first)
    #expect(robot.state.message?.text.hasPrefix("\(first) row") == true)
    robot.press("right s")
    robot.settle()
    let second = counted(readout(robot)) ?? -1
    #expect(robot.state.table.markCount == first + second)
    robot.press("s")
    robot.settle()
    #expect(robot.state.table.markCount == first)
    robot.press("left s")
    robot.settle()
    #expect(robot.state.table.markCount == 0 && robot.state.table.marks.isEmpty)
  }

  @Test func brushedRowsStandInTheGutterAndAreOpenedLikeOthers() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    robot.open(try robot.file("few.csv", "a,b\n1,x\n2,y\n3,x\n4,y\n5,x\n6,z\n"))
    chart("b", robot)
    robot.press("s")
    robot.settle()
    #expect(robot.state.table.markCount == 3)
    let view = try #require(robot.state.table.current)
    let marked = (0..<6).filter { row in
      robot.state.table.marks.contains(row) { view.satisfies($0, row: row) }
    }
    #expect(marked == [0, 2, 4])
    robot.press("3 \"")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == 3)
  }

  @Test func aBoxMarksAllRowsOfTheMarksThatItTouches() throws {
    let robot = try histogram()
    defer { robot.close() }
    let marks = drawnMarks(robot.state)
    let inside = paneInterior(.chart, robot.state, robot.state.layout)
    let (from, to) = (marks[2].rect, marks[4].rect)
    robot.mouse(.press(.left, clicks: 1), inside.x + from.x, inside.y + from.y + 1)
    robot.mouse(.drag(.left), inside.x + to.x, inside.y + to.y + 3)
    robot.mouse(.release(.left), inside.x + to.x, inside.y + to.y + 3)
    robot.press("s")
    robot.settle()
    let wanted = marks[2...4].compactMap { counted($0.readout) }.reduce(0, +)
    #expect(robot.state.table.markCount == wanted)
    robot.press("enter")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == wanted)
  }

  @Test func aChartOfSomeRowsMarksOnlyThose() throws {
    for condition in ["b != 'z'", "^[xy]$"] {
      let robot = try Robot(Size(width: 120, height: 40))
      defer { robot.close() }
      robot.open(try robot.file("few.csv", "a,b\none,x\ntwo,y\none,z\ntwo,x\none,x\nsix,z\n"))
      robot.press("right &")
      robot.type(condition)
      robot.press("enter")
      robot.settle()
      #expect(robot.state.table.current?.exactRows == 4, "\(condition) \(robot.screen)")
      chart("a", robot)
      robot.press("s")
      robot.settle()
      #expect(robot.state.table.markCount == 2, "\(condition)")
      robot.press("s")
      robot.settle()
      #expect(robot.state.table.markCount ?? 0 == 0, "\(condition)")
    }
  }

  @Test func aZoomedChartIsExportedAsItIsSeenAndItsNumbersWhole() throws {
    let robot = try histogram()
    defer { robot.close() }
    robot.press("+")
    robot.settle()
    robot.press("e")
    #expect(robot.screen.contains("Export chart, zoomed: age"))
    for name in ["part.txt", "part.csv"] {
      robot.press(name == "part.csv" ? "e ctrl-u" : "ctrl-u")
      robot.type(robot.state.workingFolder + "/" + name)
      robot.press("enter")
      robot.settle()
    }
    func file(_ name: String) throws -> String {
      try String(contentsOfFile: robot.state.workingFolder + "/" + name, encoding: .utf8)
    }
    #expect(try file("part.txt").contains("zoomed to"))
    guard case .histogram(let whole)? = wholeChart(robot.state.chart, robot.state) else {
      Issue.record("no histogram")
      return
    }
    #expect(try file("part.csv").split(separator: "\n").count == whole.bins.count + 1)
  }

  @Test func aCorrelationShowsSomeOfItsRowsAndColumns() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    robot.open(Robot.census)
    correlate(robot)
    let all = drawnMarks(robot.state).count
    robot.press("down down +")
    #expect(drawnMarks(robot.state).count < all, "\(robot.screen)")
    robot.press("0")
    #expect(drawnMarks(robot.state).count == all)
  }
}
