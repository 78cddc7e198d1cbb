import Engine
import Grid
import Testing
import Widgets

@testable import Workbench

/// What is copied, and what is said about it.
@MainActor
struct ClipboardTests {
  private func copied(_ robot: Robot) -> [String] {
    robot.app.takeRequests().compactMap { if case .copy(let text) = $0 { text } else { nil } }
  }

  @Test func yCopiesTheCell() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(Robot.census)
    robot.press("y")
    #expect(copied(robot) == ["39"])
    robot.app.copied(CopyReport(isCopied: true, "with wl-copy"))
    #expect(robot.screen.contains("Copied the cell of age, 2 B, with wl-copy"))
    robot.press("y")
    robot.app.copied(CopyReport(isCopied: false, "no clipboard tool was found"))
    #expect(robot.screen.contains("Not copied: no clipboard tool was found"))
  }

  @Test func aWholeColumnIsReadByAJob() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(Robot.census)
    robot.press("Y")
    robot.type("column csv")
    robot.press("enter")
    #expect(copied(robot).isEmpty)
    robot.settle()
    let text = try #require(copied(robot).first)
    #expect(text.split(separator: "\n").count == 5001)
    #expect(text.hasPrefix("age\n39\n"))
    robot.app.copied(CopyReport(isCopied: true, "with xclip"))
    #expect(robot.screen.contains("column age as CSV (5,000 rows)"))
  }

  @Test(arguments: [("row json", "[\n  {\"age\": 39,"), ("page mark", "| age |"), ("row tsv", "age\t")])
  func otherPartsInOtherForms(query: String, start: String) throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(Robot.census)
    robot.press("Y")
    robot.type(query)
    robot.press("enter")
    robot.settle()
    #expect(copied(robot).first?.hasPrefix(start) ?? false)
  }

  @Test func theChartIsCopiedAsText() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(Robot.census)
    robot.press(".")
    robot.settle()
    robot.choose("Copy as")
    robot.type("chart")
    robot.press("enter")
    #expect(copied(robot).first?.contains("count per bin") ?? false)
  }

  @Test func onTheStartScreenThereIsNothingToCopy() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.press("y")
    #expect(robot.screen.contains("nothing to copy"))
    #expect(copied(robot).isEmpty)
  }
}
