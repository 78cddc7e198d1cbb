import Foundation
import Grid
import Testing

@testable import Workbench

/// `e` in the chart pane.
@MainActor
struct ChartExportTests {
  private func robotWithAChart() throws -> Robot {
    let robot = try Robot(Size(width: 120, height: 40))
    robot.open(Robot.census)
    robot.press(".")
    robot.settle()
    return robot
  }

  private func export(to path: String, _ robot: Robot) {
    robot.press("e ctrl-u")
    robot.type(path)
    robot.press("enter")
    robot.settle()
  }

  @Test func theEndingChoosesTheFormatAndTheToastHasThePath() throws {
    let robot = try robotWithAChart()
    defer { robot.close() }
    robot.press("e")
    #expect(robot.screen.contains("Export chart"))
    #expect(robot.screen.contains("census-"))
    robot.press("esc")
    for (name, beginning) in [("age.svg", "<?xml"), ("age.pdf", "%PDF-"), ("age.csv", "lower,upper,count\n")] {
      let path = robot.state.workingFolder + "/" + name
      export(to: path, robot)
      #expect(robot.state.message?.text == "Wrote the chart to \(path)")
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)).starts(with: Data(beginning.utf8)))
    }
  }

  @Test func aFileThatExistsIsOnlyReplacedWhenThePersonSaysSo() throws {
    let robot = try robotWithAChart()
    defer { robot.close() }
    let path = try robot.file("mine.svg", "mine")
    export(to: path, robot)
    #expect(robot.screen.contains("mine.svg exists."))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
    robot.press("enter")
    robot.settle()
    #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix("<?xml"))
  }

  @Test func anUnknownEndingAndAMissingFolderAreSaid() throws {
    let robot = try robotWithAChart()
    defer { robot.close() }
    export(to: "chart.bmp", robot)
    #expect(robot.screen.contains(".svg, .png, .pdf"))
    #expect(!robot.state.overlays.isEmpty)
    robot.press("esc")
    export(to: "/no/such/folder/chart.png", robot)
    #expect(robot.state.message?.text.contains("/no/such/folder: there is no such folder") == true)
  }
}
