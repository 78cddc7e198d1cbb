import Foundation
import Frame
import Grid
import Settings
import TestSupport
import Testing

@testable import Workbench

/// Settings, themes and key maps on the screen.
@MainActor
struct PreferencesTests {
  @Test func whatTheFileSaysHoldsFromTheStart() throws {
    let robot = try Robot(config: "theme = \"paper\"\n[keys]\npreset = \"vim\"\n\"table.chart\" = \"f4\"\n")
    defer { robot.close() }
    #expect(robot.state.drawing.theme == .paper)
    robot.open(Robot.census)
    robot.press("f4")
    robot.settle()
    #expect(robot.screen.contains("count per bin"))
    robot.press("?")
    #expect(robot.screen.contains("u") && !robot.screen.contains(" z U "))
  }

  @Test func mistakesInTheFileAreOnTheStatusLine() throws {
    let robot = try Robot(config: "them = \"paper\"\n[keys]\n\"table.chrt\" = \"F\"\n")
    defer { robot.close() }
    #expect(
      robot.screen.contains(
        "config.toml:1: there is no setting them; did you mean theme? (and 1 more: assay config check)")
    )
  }

  @Test func aChangedFileIsTakenUpWhileOneWorks() throws {
    let robot = try Robot(config: "theme = \"okabe\"\n")
    defer { robot.close() }
    robot.open(Robot.census)
    let path = robot.folder.path + "/config/assay/config.toml"
    try "theme = \"paper\"\nthreads = 3\n[keys]\n\"table.target\" = \"T\"\n".write(
      toFile: path, atomically: true, encoding: .utf8)
    robot.wait("the theme") { $0.drawing.theme == .paper }
    #expect(robot.screen.contains("Settings read again: theme, threads, keys (threads: at the next start)."))
    robot.press("T")
    #expect(robot.state.flow.target != nil)
    try "theme = \"papr\"\n".write(toFile: path, atomically: false, encoding: .utf8)
    robot.wait("the warning") { $0.message?.text.contains("did you mean paper?") ?? false }
  }

  @Test func aThemeFileOfOnesOwnIsReadWhenItIsSaved() throws {
    let robot = try Robot(config: "theme = \"mine\"\n")
    defer { robot.close() }
    #expect(robot.state.message?.text.contains("There is no theme mine") == true)
    // The folder does not exist yet either.
    let folder = robot.folder.path + "/config/assay/themes"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try "base = \"paper\"\n[ui]\nmark = \"1\"\n".write(toFile: folder + "/mine.toml", atomically: true, encoding: .utf8)
    robot.wait("the theme to be known") { state in state.themes.contains { $0.name == "mine" } }
    robot.wait("the theme to be shown") { $0.drawing.theme.name == "mine" }
    try "base = \"paper\"\n[ui]\nmark = \"2\"\n".write(
      toFile: folder + "/mine.toml", atomically: false, encoding: .utf8)
    robot.wait("the theme's change") { $0.drawing.theme.ui.mark == .ansi(2) }
  }

  @Test func goingThroughTheThemesShowsThemAndEscGoesBack() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(Robot.census)
    robot.choose("Theme…")
    robot.press("down")
    #expect(robot.state.drawing.theme == .light)
    robot.press("down")
    #expect(robot.state.drawing.theme == .okabe)
    #expect(robot.screen.contains("▶ okabe"))
    #expect(robot.screen.contains("5,000 rows") && robot.screen.contains("▶     1    39 Private"))
    robot.press("escape")
    #expect(robot.state.drawing.theme == .dark && robot.state.overlays.isEmpty)
    robot.choose("Theme…")
    robot.type("trit")
    robot.press("enter")
    #expect(robot.state.drawing.theme == .tritanopia)
    #expect(robot.screen.contains("Theme: tritanopia"))
  }

  @Test func theKeyMapCanBeChosenOnTheScreen() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(Robot.census)
    robot.choose("Key map…")
    robot.type("arrows")
    robot.press("enter")
    #expect(robot.state.keyMap.preset == .arrows)
    #expect(robot.screen.contains("F1:help  F9:palette"))
    robot.press("f4")
    robot.settle()
    #expect(robot.state.focus == .chart)
  }

  @Test func aLookIsKeptInTheFile() throws {
    let robot = try Robot(config: "# mine\nbell = true\n")
    defer { robot.close() }
    robot.choose("Next theme")
    robot.choose("Keep this look")
    let path = robot.folder.path + "/config/assay/config.toml"
    robot.wait("the file") { _ in
      (try? String(contentsOfFile: path, encoding: .utf8))
        == "# mine\nbell = true\nglyphs = \"braille\"\ntheme = \"assay-light\"\n"
    }
  }

  /// The table in few colours and in none: the text, then a letter a style.
  @Test(arguments: [("ansi16", ColorDepth.ansi16), ("assay-dark", .ansi16), ("mono", .mono), ("paper", .mono)])
  func theScreenIsDrawnInFewColoursAsItsGolden(name: String, depth: ColorDepth) throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    robot.open(Robot.census)
    var state = robot.state
    state.drawing.theme = try #require(Theme.builtIn.first { $0.name == name })
    state.drawing.colors = depth
    expectGolden(styledText(of: draw(state).grid, depth), "styles-\(name)-\(depth)-80x24")
  }

  @Test func theBellRingsForLongWorkAlone() throws {
    var state = WorkbenchState(size: Size(width: 80, height: 24))
    func ended(after seconds: Double) -> [Effect] {
      let (id, _) = state.ask(.query(Source(location: "x.csv"), sql: ""), for: .report)
      _ = reduce(&state, .job(id, .started))
      state.clock += seconds
      return reduce(&state, .job(id, .done(.written(path: "x.csv", rows: 1))))
    }
    #expect(!ended(after: 60).contains(.bell))
    state.preferences.settings = Settings(flags: ["bell": "true"], environment: [:], file: nil)
    #expect(!ended(after: 2).contains(.bell))
    #expect(ended(after: 12).contains(.bell))
  }
}
