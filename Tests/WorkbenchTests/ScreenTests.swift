import Foundation
import Grid
import Testing

@testable import Workbench

/// What stands on a screen; `BorderTests` has every screen at every size.
@MainActor
struct ScreenTests {
  @Test func belowTheFloorOneLineSaysSoAndQStillQuits() throws {
    let robot = try Robot(Size(width: 38, height: 9))
    defer { robot.close() }
    #expect(robot.screen.hasPrefix("assay needs 40×10 (now 38×9)"))
    let narrower = [30: "q quits, assay needs 40×10", 25: "q quits, needs 40×10", 10: "q quits", 3: "q", 1: "q"]
    for (width, text) in narrower {
      robot.resize(Size(width: width, height: 4))
      #expect(robot.screen.split(separator: "\n").first.map(String.init) == text)
    }
    robot.press("q")
    #expect(robot.app.isFinished)
  }

  @Test func belowTheFloorQQuitsWhateverIsOpenAndAsksWhereWorkWouldBeLost() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    robot.open(Robot.census)
    robot.press("end t ctrl-p")
    robot.resize(Size(width: 60, height: 4))
    robot.press("q")
    #expect(!robot.app.isFinished)
    #expect(robot.screen.hasPrefix("Quit? s:save first q:quit without saving Esc:stay"))
    robot.resize(Size(width: 12, height: 4))
    #expect(robot.screen.hasPrefix("s q Esc"))
    robot.press("escape")
    #expect(robot.screen.hasPrefix("q quits"))
    robot.press("q q")
    #expect(robot.app.isFinished)
  }

  @Test func whoLeavesWhileRowsAreReadIsNotAsked() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.app.open(Robot.census)
    #expect(!robot.state.jobs.active.isEmpty)
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
    robot.press("a")
    #expect(robot.screen.split(separator: "\n").last?.contains("bB:bins") ?? false)
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
