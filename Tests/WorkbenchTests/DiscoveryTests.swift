import Engine
import Foundation
import Grid
import Testing
import Widgets

@testable import Workbench

/// Ways to find out what can be done: palette, menus, jump mode, glossary, logs.
@MainActor
struct DiscoveryTests {
  @Test func thePaletteFindsColumnsTermsAndFiles() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(Robot.census)
    robot.press("ctrl-p")
    robot.type("occupation")
    #expect(robot.screen.contains("Go to column occupation"))
    robot.press("enter")
    #expect(currentColumn(robot.state)?.name == "occupation")
    robot.press("ctrl-p")
    robot.type("DPL")
    robot.press("enter")
    #expect(robot.screen.contains("DPL = q_a - q_d"))
    robot.press("escape ctrl-p")
    robot.type("reviews.csv")
    #expect(robot.screen.contains("Open reviews.csv"))
  }

  @Test func aDigitRunsALineAndAfterABlankItIsText() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(Robot.census)
    robot.press("ctrl-p")
    robot.type("zoom pane")
    robot.type("1")
    #expect(robot.state.overlays.isEmpty)
    #expect(robot.state.zoom == .half)
    robot.press("ctrl-p")
    robot.type("a 1")
    #expect(!robot.state.overlays.isEmpty)
  }

  @Test func whatWasChosenLatelyComesFirstAlsoTheNextTime() throws {
    let robot = try Robot()
    robot.open(Robot.census)
    robot.press("ctrl-p")
    robot.type("next theme")
    robot.press("enter")
    #expect(robot.state.commandUse.recent.first == "command:view.theme")
    let file = robot.folder.appendingPathComponent("state/assay/commands.json").path
    robot.wait("the file") { _ in FileManager.default.fileExists(atPath: file) }
    let next = try Robot(home: robot.folder)
    defer { next.close() }
    #expect(next.state.commandUse.rank("command:view.theme") > next.state.commandUse.rank("command:view.glyphs"))
  }

  @Test func namesWithoutLettersAndWithEmojiAreHarmless() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(try robot.file("odd.csv", "😀,\"\",\"a\"\"b\"\n1,2,3\n"))
    robot.press("ctrl-p")
    robot.type("😀")
    #expect(robot.screen.contains("Go to column 😀"))
    robot.press("enter ctrl-p")
    robot.type("   ")
    _ = robot.screen
    robot.press("escape")
  }

  @Test(arguments: [Size(width: 40, height: 10), Size(width: 80, height: 24), Size(width: 200, height: 60)])
  func everyCommandOfAMenuCanBeReached(size: Size) throws {
    let robot = try Robot(size)
    defer { robot.close() }
    robot.open(Robot.census)
    for menu in MenuTitle.allCases {
      let commands = robot.state.registry.items(of: menu)
      var seen = ""
      robot.press("escape escape f10")
      robot.press("escape alt-\(menu.mnemonic) home")
      let lines = MenuOverlay.lines(of: commands, rows: size.height - 5)
      for line in lines {
        if case .group(_, let members) = line {
          robot.press("enter home")
          for _ in members {
            seen += robot.screen
            robot.press("down")
          }
          robot.press("left")
        }
        seen += robot.screen
        robot.press("down")
      }
      for command in commands {
        #expect(seen.contains(command.title.prefix(12)), "\(menu) at \(size): \(command.title)")
      }
      robot.press("escape escape")
    }
  }

  @Test func theUnderlinedLetterOfAnItemChoosesIt() throws {
    let robot = try Robot(Size(width: 120, height: 50))
    defer { robot.close() }
    robot.press("alt-h")
    robot.press("k")
    let items = robot.state.registry.items(of: .help).map { MenuItem($0.title) }
    let explain = try #require(items.firstIndex { $0.title.hasPrefix("Explain") })
    let position = try #require(Dropdown(items).mnemonics[explain])
    robot.type(String(Array(items[explain].title.lowercased())[position]))
    #expect(robot.screen.contains("Explain a term"))
    #expect(robot.screen.contains("terms"))
  }

  @Test func altAndTheUnderlinedLetterOpensTheMenu() throws {
    let robot = try Robot()
    defer { robot.close() }
    for (index, menu) in MenuTitle.allCases.enumerated() {
      robot.press("alt-\(menu.mnemonic)")
      #expect((robot.state.overlays.last as? MenuOverlay)?.menu == index)
      robot.press("escape")
    }
  }

  @Test func jumpModeClicksByLetters() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(Robot.census)
    let labels = JumpOverlay.targets(robot.state)
    #expect(labels.count > 40)
    for label in labels {
      #expect(!labels.contains { $0.label != label.label && $0.label.hasPrefix(label.label) })
    }
    let hits = draw(robot.state).hits
    let tab = try #require(labels.first { hits.target(at: $0.place) == .pane("flow") })
    robot.press("ctrl-t")
    robot.type(tab.label)
    #expect(robot.state.focus == .flow)
    #expect(robot.state.overlays.isEmpty)
    robot.press("ctrl-t escape")
    #expect(robot.state.overlays.isEmpty)
  }

  @Test func theCommandLogGoesBackAndForward() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(Robot.census)
    robot.press("t l t l t D")
    #expect(LogOverlay.history(robot.state).done.count == 3)
    #expect(robot.screen.contains("Target: age"))
    robot.press("up up enter")
    #expect(robot.state.undo.count == 1 && robot.state.redo.count == 2)
    robot.press("D")
    #expect(robot.screen.contains("undone"))
    robot.press("down down enter")
    #expect(robot.state.redo.isEmpty)
  }

  @Test func errorsAreKeptAsAListAndCanBeReadInFull() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(robot.folder.path + "/absent.csv")
    robot.press("ctrl-o ctrl-u")
    robot.press("escape escape")
    robot.press("ctrl-e")
    #expect(robot.screen.contains("Last errors"))
    robot.press("enter")
    #expect(robot.screen.contains("Error 1 of"))
  }

  @Test func helpFindsByKeyAndRunsWhatIsChosen() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(Robot.census)
    robot.press("?")
    robot.type(":w")
    robot.press("enter")
    #expect(robot.state.zoom == .half)
  }
}
