import Engine
import Plot
import TestSupport
import Testing

@testable import Workbench

/// The quick keys of the chart pane, with a real engine.
@MainActor
struct ChartEditTests {
  /// With a histogram of age in the chart pane.
  private func robot() throws -> Robot {
    let robot = try Robot()
    robot.open(Robot.census)
    robot.press(".")
    robot.settle()
    return robot
  }

  private func spec(_ robot: Robot) throws -> ChartSpec { try #require(shownChartSpec(robot.state)) }

  @Test func dHidesTheCurveOfAHistogram() throws {
    let robot = try robot()
    defer { robot.close() }
    #expect(robot.screen.contains("density"))
    robot.press("d")
    robot.settle()
    guard case .histogram(let histogram)? = shownChart(robot.state) else {
      Issue.record("no histogram")
      return
    }
    #expect(histogram.density == nil)
    robot.press("d")
    robot.settle()
    #expect(try !spec(robot).hidesCurve)
  }

  @Test func xAndYChooseTheAxesAndDMakesADensityOfAScatterPlot() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("C enter")
    robot.type("scatter")
    robot.press("enter")
    robot.settle()
    robot.press("ctrl-r")
    #expect(try spec(robot) == ChartSpec(.scatter, x: "age", y: "fnlwgt"))
    robot.press("Y")
    robot.type("hours")
    robot.press("enter")
    robot.settle()
    #expect(try spec(robot).y == "hours_per_week")
    robot.press("X")
    robot.type("hours")
    robot.press("enter")
    robot.settle()
    #expect(try spec(robot).x == "hours_per_week")
    #expect(try spec(robot).y == "age")
    robot.press("d")
    robot.settle()
    #expect(try spec(robot) == ChartSpec(.density, x: "hours_per_week", y: "age"))
    robot.press("d")
    robot.settle()
    #expect(try spec(robot).kind == .scatter)
  }

  @Test func whatAKindHasNotIsSaid() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("Y")
    #expect(robot.state.message?.text.contains("a histogram has no y") == true)
    robot.press("g y")
    #expect(robot.state.message?.text.contains("a histogram has no logarithmic y axis") == true)
    robot.press("3 l .")
    robot.settle()
    robot.press("d")
    #expect(robot.state.message?.text.contains("only a histogram has a density curve") == true)
  }

  @Test func anAnalysisIsRecoloredAndUndone() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("a")
    robot.settle()
    robot.press("X")
    robot.type("workclass")
    robot.press("enter")
    // A text has no bins.
    #expect(robot.state.message?.text.contains("numbers, dates or times are needed") == true)
    robot.press("escape escape c")
    #expect(robot.screen.contains("none"))
    robot.type("sex")
    robot.press("enter")
    robot.settle()
    #expect(robot.state.flow.analyses.first?.spec == .chart(ChartSpec(.histogram, x: "age", colorBy: "sex")))
    #expect(robot.state.flow.analyses.map(\.name) == ["Histogram: age by sex"])
    robot.press("c enter")
    robot.settle()
    robot.press("z")
    #expect(robot.state.flow.analyses.first?.spec == .histogram(column: "age"))
    #expect(robot.state.flow.analyses.map(\.name) == ["Histogram: age"])
  }

  @Test func aLogarithmicAxisIsForNumbers() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("g x")
    robot.settle()
    #expect(try spec(robot).hasLogX)
    robot.press("g x")
    robot.settle()
    #expect(try !spec(robot).hasLogX)
  }

  @Test func allNumericColumnsStandSideBySideAndXChoosesOne() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("3 g .")
    robot.settle()
    #expect(robot.state.focus == .chart)
    guard case .content(let content)? = shownChart(robot.state), let grid = content as? ChartGrid else {
      Issue.record("no charts: \(robot.screen)")
      return
    }
    #expect(grid.charts.count == 6)
    #expect(grid.total == 5000)
    // The cursor goes on from one chart to the next, and brings the page with its chart.
    robot.press("G")
    #expect(robot.screen.contains("4–6 of 6"))
    let mark = try #require(drawnMarks(robot.state).last)
    guard case .range(column: "hours_per_week", _, _, _, _) = mark.selection else {
      Issue.record("\(mark)")
      return
    }
    robot.press("c")
    #expect(robot.state.message?.text.contains("X chooses one") == true)
    robot.press("X")
    robot.type("hours")
    robot.press("enter")
    robot.settle()
    #expect(try spec(robot) == ChartSpec(.histogram, x: "hours_per_week"))
  }
}
