import Engine
import Foundation
import Grid
import Plot
import Testing

@testable import Workbench

/// Walks between charts and the rows behind them, and what may be written where.
@MainActor
struct ChartRowsTests {
  private func robot(_ path: String = Robot.census, _ size: Size = Size(width: 120, height: 40)) throws -> Robot {
    let robot = try Robot(size)
    robot.open(path)
    return robot
  }

  /// Adds the correlation of all numeric columns, and waits for it.
  private func correlate(_ robot: Robot) {
    robot.press("a")
    robot.type("correlation")
    robot.press("enter ctrl-r")
    robot.settle()
  }

  @Test func rowsOfAnotherMarkAreNotTakenFromThoseOfTheFirst() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press(".")
    robot.settle()
    robot.press("enter")
    robot.settle()
    let first = robot.state.table.current?.exactRows
    robot.press("4 right right enter")
    robot.settle()
    #expect(robot.state.table.views.count == 2)
    #expect(robot.state.table.current?.exactRows ?? 0 > 0)
    #expect(robot.state.table.current?.exactRows != first)
    robot.press("q")
    #expect(robot.state.focus == .chart)
    #expect(robot.state.table.views.count == 1)
  }

  @Test func aChartOfAPartOfTheRowsIsNotSavedAsOneOfAll() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press(".")
    robot.settle()
    robot.press("enter")
    robot.settle()
    robot.press("right .")
    robot.settle()
    robot.press("a")
    #expect(robot.state.flow.analyses.isEmpty)
    #expect(robot.state.message?.text.contains("a part of the rows only") == true)
  }

  @Test func arrowsMoveThroughACorrelationInTwoDirectionsAndEnterShowsTheScatterPlot() throws {
    let robot = try robot()
    defer { robot.close() }
    correlate(robot)
    #expect(robot.state.focus == .chart)
    robot.press("down down down")
    guard case .pair(row: "capital_gain", column: "age")? = mark(robot) else {
      Issue.record("not on capital_gain and age: \(robot.screen)")
      return
    }
    robot.press("right")
    #expect(mark(robot) == .pair(row: "capital_gain", column: "fnlwgt"))
    robot.press("enter")
    robot.settle()
    #expect(robot.state.chart.shown == .look(.scatter(x: "fnlwgt", y: "capital_gain", colorBy: nil)))
    #expect(robot.screen.contains("fnlwgt × capital_gain"))
  }

  @Test func enterOnABinOfADensityHeatmapShowsAsManyRowsAsItCounted() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("a")
    robot.type("density")
    robot.press("enter ctrl-r")
    robot.settle()
    let marks = drawnMarks(robot.state)
    let cursor = robot.state.chart.cursor
    try #require(marks.indices.contains(cursor), "\(robot.screen)")
    guard case .box = marks[cursor].selection else {
      Issue.record("\(marks[cursor].selection)")
      return
    }
    let counted = marks[cursor].readout.components(separatedBy: "n=").last?.split(separator: " ").first
    robot.press("enter")
    robot.settle()
    let rows = robot.state.table.current?.exactRows
    #expect(rows.map { String($0) } == counted.map { $0.filter { $0 != "," } })
  }

  @Test func enterOnABoxShowsItsRows() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("a")
    robot.type("box plot")
    robot.press("enter ctrl-r")
    robot.settle()
    #expect(drawnMarks(robot.state).count == 3, "\(robot.screen)")
    #expect(robot.screen.contains("box: quartiles"))
    robot.press("right enter")
    robot.settle()
    // From the lower quartile to the upper one, both included.
    #expect(robot.state.table.current?.exactRows ?? 0 >= 2500, "\(robot.screen)")
  }

  private func mark(_ robot: Robot) -> ChartSelection? {
    let marks = drawnMarks(robot.state)
    let cursor = robot.state.chart.cursor
    return marks.indices.contains(cursor) ? marks[cursor].selection : nil
  }

  @Test func theFileThatAFlowReadsIsNeverWrittenOver() throws {
    let robot = try Robot()
    defer { robot.close() }
    let path = try robot.file("mine.csv", "a,b\n1,2\n3,4\n")
    robot.open(path)
    robot.press("e ctrl-u")
    robot.type(path)
    robot.press("enter enter")
    robot.settle()
    #expect(robot.screen.contains("This flow reads that file"))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "a,b\n1,2\n3,4\n")
  }

  @Test func anExistingFileIsReplacedOnlyAfterAskingOnce() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(try robot.file("mine.csv", "a,b\n1,2\n"))
    let other = try robot.file("other.csv", "precious\n")
    robot.press("e ctrl-u")
    robot.type(other)
    robot.press("enter")
    #expect(robot.screen.contains("other.csv exists. Enter again replaces it"))
    #expect(try String(contentsOfFile: other, encoding: .utf8) == "precious\n")
    robot.press("enter")
    robot.settle()
    #expect(try String(contentsOfFile: other, encoding: .utf8) == "a,b\n1,2\n")
  }

  @Test func sReadsAFileWithoutItsBadRows() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(try robot.file("bad.csv", "a,b\n1,2\n3,4,5\n6,7\n"))
    #expect(robot.state.table.current?.error != nil)
    robot.press("s")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == 2)
    #expect(robot.state.message?.text.contains("1 row was left out") == true)
  }

  @Test func aKeyIsNotProposedAsTheLabel() throws {
    let robot = try robot(Robot.checkout + "/sample-data/reviews.csv")
    defer { robot.close() }
    robot.press("a")
    robot.type("quick model")
    robot.press("enter")
    robot.settle()
    #expect(!robot.screen.contains("Label     [ id "))
  }
}
