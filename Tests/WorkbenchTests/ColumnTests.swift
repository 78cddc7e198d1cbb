import Engine
import Foundation
import Grid
import Testing

@testable import Workbench

/// Columns as one looks at them, and cells in full.
@MainActor
struct ColumnTests {
  private func robot() throws -> Robot {
    let robot = try Robot()
    robot.open(Robot.census)
    return robot
  }

  private func shown(_ robot: Robot) -> [String] {
    guard let view = robot.state.table.current else { return [] }
    return view.shownColumns.map { view.schema[$0].name }
  }

  @Test func aPinnedColumnStaysAtTheLeft() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("end !")
    #expect(shown(robot).first == "income")
    #expect(robot.screen.split(separator: "\n")[2].contains("income"))
    robot.press("end")
    #expect(robot.screen.split(separator: "\n")[2].contains("income"))
    robot.press("home !")
    #expect(shown(robot).last == "income")
    #expect(robot.state.flow.graph.steps.count == 1)
  }

  @Test func hiddenColumnsAreOutOfSightUntilTheyAreBroughtBack() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("right -")
    #expect(!shown(robot).contains("workclass") && robot.state.table.current?.column == 2)
    #expect(robot.screen.contains("col 2/14, 1 hidden") || robot.state.message != nil)
    robot.press("left right g v")
    #expect(shown(robot).count == 15)
  }

  @Test func theLastColumnCannotBeHidden() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(try robot.file("one.csv", "a\n1\n"))
    robot.press("-")
    #expect(shown(robot) == ["a"])
    #expect(robot.state.message?.text.contains("only column") == true)
  }

  @Test func columnsSlideAndKeepTheCursor() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("L")
    #expect(shown(robot).prefix(2) == ["workclass", "age"] && robot.state.table.current?.column == 0)
    robot.press("H H")
    #expect(shown(robot).first == "age")
  }

  @Test func widthsChangeByHandAndFitTheContent() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("right")
    let before = robot.state.table.current?.widths[1] ?? 0
    robot.press("> >")
    #expect(robot.state.table.current?.arrangement.widths["workclass"] == before + 4)
    robot.press("<")
    #expect(robot.state.table.current?.arrangement.widths["workclass"] == before + 2)
    robot.press("_ _")
    #expect(robot.state.table.current?.arrangement.widths["workclass"] == nil)
  }

  @Test func whatOneLooksAtSurvivesAnotherOrderOfTheRows() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("right - home ! [")
    robot.settle()
    #expect(robot.state.table.current?.arrangement.keys == ["age"])
    #expect(!shown(robot).contains("workclass"))
  }

  @Test func columnsAndRowsAreReachedByNameAndNumber() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("g c")
    robot.type("hourswk")
    robot.press("enter")
    #expect(robot.state.table.current.map { $0.schema[$0.column].name } == "hours_per_week")
    robot.press("g r")
    #expect(robot.screen.contains("1 to 5,000"))
    robot.type("5001")
    robot.press("enter")
    #expect(robot.screen.contains("A whole number from 1 to 5,000"))
    robot.press("ctrl-u")
    robot.type("4,321")
    robot.press("enter")
    #expect(robot.state.table.current?.row == 4320)
  }

  @Test func namesAndOrderAreKeptAsSteps() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("^ ctrl-u")
    robot.type("Years")
    robot.press("enter right -")
    #expect(robot.screen.contains("Years"))
    _ = reduceCommand("table.keepColumns", robot)
    robot.settle()
    #expect(robot.state.flow.graph.steps.map(\.operation.kind) == [.source, .select, .rename])
    #expect(robot.state.table.current?.schema.first?.name == "Years")
    #expect(robot.state.table.current?.schema.count == 14)
  }

  private func reduceCommand(_ id: String, _ robot: Robot) -> Bool {
    robot.press("ctrl-p")
    robot.type("keep the columns")
    robot.press("enter")
    return true
  }

  @Test func theRowCardGoesToTheRowsBesideIt() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("enter right right")
    #expect(robot.screen.contains("Row 3"))
    robot.press("left escape")
    #expect(robot.state.table.current?.row == 1)
  }

  @Test func aCellIsShownInFullWithWhatCannotBeSeen() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(try robot.file("c.csv", "t,j\n\"tab\there\u{200B}\",\"{\"\"b\"\":1,\"\"a\"\":[true,{}]}\"\n"))
    robot.press("V")
    #expect(robot.screen.contains("tab→") && robot.screen.contains("here<U+200B>"))
    #expect(CellText("\u{1}\u{1B}", isPlain: false).text == "␁␛")
    #expect(CellText("\u{1}\t", isPlain: true).text == "<U+0001>\\t")
    robot.press("escape right V")
    #expect(robot.screen.contains("JSON") && robot.screen.contains("\"b\": 1,"))
  }

  @Test func jsonIsSetOutWithoutChangingIt() {
    #expect(
      CellText.indentedJSON(#"{"b":1.50,"a":["x, {y}",{}, []]}"#)
        == "{\n  \"b\": 1.50,\n  \"a\": [\n    \"x, {y}\",\n    {},\n    []\n  ]\n}")
    for text in ["{", "[1", "{]", "plain", "", "[1] 2", "{a}}"] { #expect(CellText.indentedJSON(text) == nil) }
  }

  @Test func tenMegabytesInOneCellAreQuick() {
    let text = String(repeating: "abcdefghij", count: 1_000_000)
    let start = Date()
    let rows = CellText(text, isPlain: false).rows(width: 100)
    #expect(rows.count == 100_000)
    #expect(Date().timeIntervalSince(start) < 20)
  }
}
