import Engine
import Flow
import Foundation
import Grid
import TestSupport
import Testing

@testable import Workbench

/// Finding, filtering, ordering and marking rows, as a person does.
@MainActor
struct RowsTests {
  private func robot(_ size: Size = Size(width: 120, height: 40), _ path: String = Robot.census) throws -> Robot {
    let robot = try Robot(size)
    robot.open(path)
    return robot
  }

  private func small() throws -> Robot {
    let robot = try Robot(Size(width: 80, height: 24))
    robot.open(try robot.file("t.csv", "name,age,note\nfile10,3,Ab\nfile2,1,ab\nFILE1,,x\nfile2,9,ba\nz,7,\n"))
    return robot
  }

  private func enter(_ robot: Robot, _ key: String, _ text: String) {
    robot.press(key)
    robot.type(text)
    robot.press("enter")
    robot.settle()
  }

  @Test func theTableScrollsByOneRowWhereItHasTheLinesToItselfAndByAFewBesideOtherPanes() throws {
    for (size, step) in [(Size(width: 80, height: 24), 1), (Size(width: 120, height: 40), 5)] {
      let robot = try robot(size)
      defer { robot.close() }
      let rows = robot.state.table.visibleRows
      for _ in 1..<rows { robot.press("j") }
      #expect(robot.state.table.current?.top == 0)
      robot.press("j")
      #expect(robot.state.table.current?.row == rows)
      #expect(robot.state.table.current?.top == step)
      for _ in 0...(rows - step) { robot.press("k") }
      #expect(robot.state.table.current?.row == step - 1)
      #expect(robot.state.table.current?.top == 0)
      // What goes farther is seen where it stands.
      robot.press("ctrl-d")
      robot.press("ctrl-d")
      robot.press("ctrl-d")
      let view = try #require(robot.state.table.current)
      #expect(view.row == step - 1 + 3 * (rows / 2) && (view.top...(view.top + rows - 1)).contains(view.row))
    }
  }

  @Test func aSlashFindsAndCountsAndNGoesRound() throws {
    let robot = try small()
    defer { robot.close() }
    enter(robot, "/", "file")
    #expect(robot.screen.contains("1 of 4"))
    robot.press("n")
    robot.settle()
    #expect(robot.state.table.current?.row == 1)
    #expect(robot.screen.contains("2 of 4"))
    robot.press("N")
    robot.settle()
    robot.press("N")
    robot.settle()
    #expect(robot.state.table.current?.row == 3)
    robot.press("escape")
    #expect(robot.state.table.current?.search == nil)
    robot.press("n")
    #expect(robot.screen.contains("nothing is searched for"))
  }

  @Test func aSearchInAllColumnsGoesToTheColumn() throws {
    let robot = try small()
    defer { robot.close() }
    enter(robot, "g /", "^ba$")
    #expect(robot.state.table.current?.row == 3)
    #expect(robot.state.table.current?.column == 2)
  }

  @Test func whatIsFoundNowhereAndABadPatternAreSaid() throws {
    let robot = try small()
    defer { robot.close() }
    enter(robot, "/", "quite absent")
    #expect(robot.screen.contains("is found nowhere in name"))
    enter(robot, "/", "(")
    #expect(robot.screen.contains("is no regular expression"))
    enter(robot, "&", "(")
    #expect(robot.screen.contains("is no regular expression"))
    #expect(robot.state.table.views.count == 1)
    #expect(robot.state.table.current?.exactRows == 5)
  }

  @Test func aFilterIsAnExpressionOrAPatternAndSaysWhich() throws {
    let robot = try small()
    defer { robot.close() }
    robot.press("&")
    robot.type("age > 2")
    #expect(robot.screen.contains("expression: rows for which it holds"))
    robot.press("enter")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == 3)
    robot.press("q")
    robot.press("&")
    robot.type("File")
    #expect(robot.screen.contains("pattern in name, capitals count"))
    robot.press("ctrl-u")
    robot.type("!file")
    #expect(robot.screen.contains("all but: pattern in name"))
    robot.press("enter")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == 1)
    robot.press("escape &")
    robot.type("agee > 2")
    robot.press("enter")
    #expect(robot.screen.contains("did you mean age"))
    robot.press("escape")
  }

  @Test func clearingAFilterKeepsTheCursorOnTheSameRow() throws {
    let robot = try robot()
    defer { robot.close() }
    enter(robot, "&", "age > 70")
    robot.press("down down down down")
    let age = robot.state.table.current?.rowID(4)
    robot.press("escape")
    robot.settle()
    #expect(robot.state.table.views.count == 1)
    #expect(robot.state.table.current?.row == age)
  }

  @Test func qGoesBackToWhereOneWas() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("down down down")
    enter(robot, "&", "age > 70")
    robot.press("down down q")
    #expect(robot.state.table.current?.row == 3)
  }

  @Test func theOtherRowsOfAFilterAreTheRest() throws {
    let robot = try small()
    defer { robot.close() }
    robot.press("down g ,")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == 2)
    _ = robot.app.state
    robot.press("ctrl-p")
    robot.type("keep the other")
    robot.press("enter")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == 3)
  }

  @Test func severalKeysOrderNaturallyAndTheHeadingsNumberThem() throws {
    let robot = try small()
    defer { robot.close() }
    robot.press("[")
    robot.settle()
    robot.press("right g ]")
    robot.settle()
    #expect(
      (0..<5).map { robot.state.table.current?.text(row: $0, column: 0) ?? "" }
        == ["FILE1", "file2", "file2", "file10", "z"])
    #expect(robot.state.table.current?.text(row: 1, column: 1) == "9")
    #expect(robot.screen.contains("1▲") && robot.screen.contains("2▼"))
    robot.press("g o")
    robot.settle()
    #expect(robot.state.table.current?.text(row: 0, column: 0) == "file10")
  }

  @Test func sortingKeepsTheCursorOnItsRow() throws {
    let robot = try small()
    defer { robot.close() }
    robot.press("down down down [")
    robot.settle()
    #expect(robot.state.table.current?.text(row: robot.state.table.current?.row ?? -1, column: 2) == "ba")
  }

  @Test func marksAreSetOneByOneInRangesAndByValue() throws {
    let robot = try small()
    defer { robot.close() }
    robot.press("space")
    robot.settle()
    #expect(robot.screen.contains("1 marked"))
    robot.press(",")
    robot.settle()
    #expect(robot.screen.contains("3 marked"))
    robot.press("v down down v")
    robot.settle()
    #expect(robot.screen.contains("4 marked"))
    robot.press("\"")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == 4)
    robot.press("space")
    robot.settle()
    robot.press("q")
    robot.settle()
    #expect(robot.screen.contains("3 marked"))
    robot.press("g space")
    #expect(!robot.screen.contains("marked"))
  }

  @Test func aTypeChangeTellsWhatWasLost() throws {
    let robot = try small()
    defer { robot.close() }
    robot.press("#")
    robot.settle()
    #expect(robot.screen.contains("5 cells of name are missing now"))
    robot.press("g o right ~")
    robot.settle()
    #expect(robot.screen.contains("age is read as text: no cell was lost"))
    #expect(robot.state.flow.graph.steps.count == 1)
  }

  @Test func aNewColumnComesFromAnExpression() throws {
    let robot = try small()
    defer { robot.close() }
    robot.press("=")
    robot.type("twice = ag")
    robot.press("tab")
    robot.type(" * 2")
    robot.press("enter")
    robot.settle()
    #expect(robot.state.table.current?.schema.last?.name == "twice")
    #expect(robot.state.table.current?.text(row: 3, column: 3) == "18")
    #expect(robot.screen.contains("twice="), "the cursor shows where it is")
    enter(robot, "=", "nope + 1")
    #expect(robot.screen.contains("no column \"nope\""))
    robot.press("escape")
  }

  @Test func keepingTurnsTheLookIntoStepsWithTheSameRows() throws {
    let robot = try small()
    defer { robot.close() }
    enter(robot, "&", "file")
    robot.press("]")
    robot.settle()
    enter(robot, "=", "twice = age * 2")
    let looked = (0..<4).map { robot.state.table.current?.text(row: $0, column: 3) }
    #expect(robot.state.flow.graph.steps.count == 1)
    robot.press("g k")
    robot.settle()
    #expect(robot.state.flow.graph.steps.map(\.operation.kind) == [.source, .derive, .filter, .sort])
    #expect(robot.state.table.current?.request.look.isPlain == true)
    #expect((0..<4).map { robot.state.table.current?.text(row: $0, column: 3) } == looked)
    robot.press("z")
    robot.settle()
    #expect(robot.state.flow.graph.steps.count == 1)
  }

  @Test(arguments: [Size(width: 80, height: 24), Size(width: 120, height: 40)])
  func screens(size: Size) throws {
    let robot = try robot(size)
    defer { robot.close() }
    let name = "\(size.width)x\(size.height)"
    robot.press("right")
    enter(robot, "/", "self")
    expectGolden(robot.stableScreen, "rows-find-\(name)")
    robot.press("escape")
    robot.press("&")
    robot.type("age > 60 & sex = \"Female\"")
    expectGolden(robot.stableScreen, "rows-prompt-\(name)")
    robot.press("enter")
    robot.settle()
    robot.press("space down ,")
    robot.settle()
    expectGolden(robot.stableScreen, "rows-marks-\(name)")
    robot.press("[")
    robot.settle()
    robot.press("left g ]")
    robot.settle()
    expectGolden(robot.stableScreen, "rows-sorted-\(name)")
  }
}
