import Foundation
import Grid
import Testing

@testable import Workbench

/// Every screen at every size, and what stands on it.
@MainActor
struct ScreenTests {
  @Test func noSizeIsTooSmallForAnyScreen() throws {
    let robot = try Robot()
    defer { robot.close() }
    let sizes = [
      (1, 1), (2, 2), (5, 3), (12, 4), (39, 9), (40, 10), (41, 11), (60, 15), (99, 29), (100, 30), (300, 100),
    ]
    let screens = ["", "?", "ctrl-p", "f10", "2 +", "2 o", "a", "ctrl-n", "ctrl-o", "4", "5", "6", "1", "w", "w w"]
    robot.open(Robot.census)
    robot.press(".")
    robot.settle()
    for keys in screens {
      robot.resize(Size(width: 120, height: 40))
      robot.press("escape escape escape W 3")
      robot.press(keys)
      for (width, height) in sizes {
        robot.resize(Size(width: width, height: height))
        #expect(robot.screen.split(separator: "\n", omittingEmptySubsequences: false).count == height)
      }
    }
    robot.settle()
  }

  @Test func belowTheFloorOneLineSaysSoAndQStillQuits() throws {
    let robot = try Robot(Size(width: 38, height: 9))
    defer { robot.close() }
    #expect(robot.screen.hasPrefix("assay needs 40×10 (now 38×9)"))
    robot.press("q")
    #expect(robot.app.isFinished)
  }

  @Test func asciiGlyphsUseNothingElse() throws {
    let robot = try Robot(Size(width: 120, height: 40), glyphs: .ascii)
    defer { robot.close() }
    robot.open(Robot.census)
    robot.press(".")
    robot.settle()
    for keys in ["", "?", "ctrl-p", "f10", "2 +", "a"] {
      robot.press("escape escape")
      robot.press(keys)
      let odd = Set(robot.screen.unicodeScalars.filter { !$0.isASCII })
      #expect(odd.isEmpty, "\(keys): \(odd.map(String.init))")
    }
  }

  @Test func everyHintInTheFooterIsAKeyThatWorks() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(Robot.census)
    for pane in PaneID.allCases {
      robot.press("\(pane.rawValue)")
      let drawn = draw(robot.state)
      let commands = drawn.hits.entries.compactMap { entry -> CommandID? in
        guard case .command(let name) = entry.target, entry.rect.y == robot.state.size.height - 1 else { return nil }
        return CommandID(name)
      }
      #expect(commands.count >= 3, "\(pane)")
      for id in commands {
        #expect(robot.state.registry[id]?.availability(robot.state).isEnabled ?? false, "\(pane): \(id)")
      }
    }
  }

  @Test func savingStandsInTheFooterOfAHistogramAt80Columns() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    robot.open(Robot.census)
    robot.press(".")
    robot.settle()
    let footer = robot.screen.split(separator: "\n").last ?? ""
    #expect(footer.contains("bB:bins") && footer.contains("e:export") && footer.contains("^S:save"), "\(footer)")
  }

  @Test func aDisabledCommandSaysWhy() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.press("ctrl-s")
    #expect(robot.screen.contains("there is no flow yet"))
  }

  @Test func whatCannotBeReadIsSaidInThePaneAndNothingIsLost() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(robot.folder.path + "/absent.csv")
    #expect(robot.screen.contains("absent.csv"))
    #expect(robot.state.message?.level == .error)
    robot.press("ctrl-e")
    #expect(robot.screen.contains("Last error"))
  }
}
