import Engine
import Grid
import Settings
import Testing
import Widgets

@testable import Workbench

/// What people bring from other tools: searching from where one is, marking by a pattern, a row in the middle, and the
/// key maps that give them their own keys for it.
@MainActor
struct HabitTests {
  private func robot(keys: String? = nil) throws -> Robot {
    let robot = try Robot(
      Size(width: 80, height: 24), config: keys.map { "[keys]\npreset = \"\($0)\"\n" })
    robot.open(try robot.file("t.csv", "name,age,note\nfile10,3,Ab\nfile2,1,ab\nFILE1,,x\nfile2,9,ba\nz+,7,\n"))
    return robot
  }

  private func enter(_ robot: Robot, _ key: String, _ text: String) {
    robot.press(key)
    robot.type(text)
    robot.press("enter")
    robot.settle()
  }

  private func press(_ robot: Robot, _ keys: String) {
    robot.press(keys)
    robot.settle()
  }

  private func row(_ robot: Robot) -> Int? { robot.state.table.current?.row }

  private func marked(_ robot: Robot) -> Int? { robot.state.table.markCount }

  @Test func aStarFindsTheTextOfTheCellAgainAndNGoesOn() throws {
    let robot = try robot()
    defer { robot.close() }
    press(robot, "down *")
    #expect(row(robot) == 3)
    #expect(robot.screen.contains("2 of 2"))
    press(robot, "n")
    #expect(row(robot) == 1)
    // Signs that mean something in a pattern are taken as they are.
    press(robot, "G *")
    #expect(row(robot) == 4 && robot.state.table.current?.search?.found?.total == 1)
  }

  @Test func aMissingCellHoldsNoTextToFind() throws {
    let robot = try robot()
    defer { robot.close() }
    press(robot, "down down right *")
    #expect(robot.screen.contains("This cell holds no text"))
    #expect(robot.state.table.current?.search == nil)
  }

  @Test func aSearchBackwardsGoesOnBackwardsWithN() throws {
    let robot = try robot(keys: "vim")
    defer { robot.close() }
    press(robot, "G")
    enter(robot, "?", "file")
    #expect(row(robot) == 3)
    press(robot, "n")
    #expect(row(robot) == 2)
    press(robot, "N")
    #expect(row(robot) == 3)
    press(robot, "#")
    #expect(row(robot) == 1)
  }

  @Test func aPatternOrAnExpressionMarksRowsThatTheScreenShows() throws {
    let robot = try robot()
    defer { robot.close() }
    enter(robot, "|", "file")
    #expect(marked(robot) == 4)
    #expect(robot.screen.split(separator: "\n").count { $0.hasPrefix("*") } == 4)
    press(robot, "g space")
    enter(robot, "|", "age > 5")
    #expect(marked(robot) == 2)
    press(robot, "\"")
    #expect(robot.state.table.current?.exactRows == 2)
    press(robot, "q g space")
    enter(robot, "g |", "^ab$")
    #expect(marked(robot) == 2)
    enter(robot, "|", "nothing of the kind")
    #expect(robot.screen.contains("No row matches.") && marked(robot) == 2)
    enter(robot, "|", "(")
    #expect(robot.screen.contains("is no regular expression"))
  }

  @Test func aRowGoesToTheMiddleTheTopAndTheBottomOfTheScreen() throws {
    let robot = try Robot(Size(width: 80, height: 24), config: "[keys]\npreset = \"vim\"\n")
    defer { robot.close() }
    robot.open(Robot.census)
    press(robot, "ctrl-f ctrl-f down")
    let here = try #require(row(robot))
    let height = robot.state.table.visibleRows
    press(robot, "z t")
    #expect(robot.state.table.current?.top == here)
    press(robot, "z z")
    #expect(robot.state.table.current?.top == here - height / 2)
    press(robot, "z b")
    #expect(robot.state.table.current?.top == here - height + 1)
    #expect(row(robot) == here)
    press(robot, "g g z z")
    #expect(robot.state.table.current?.top == 0)
  }

  @Test func inTheMapOfVisiDataSTUMarkToggleAndUnmark() throws {
    let robot = try robot(keys: "visidata")
    defer { robot.close() }
    press(robot, "s")
    #expect(marked(robot) == 1 && row(robot) == 1)
    press(robot, "up s")
    #expect(marked(robot) == 1)
    press(robot, "up u")
    #expect(marked(robot) == 0)
    press(robot, "up t t")
    #expect(marked(robot) == 2)
    enter(robot, "|", "z")
    #expect(marked(robot) == 3)
    press(robot, "\"")
    #expect(robot.state.table.current?.exactRows == 3)
    press(robot, "q g u")
    #expect(robot.state.table.marks.isEmpty)
  }

  @Test func inTheMapOfVisiDataZBeforeABracketAddsAKey() throws {
    let robot = try robot(keys: "visidata")
    defer { robot.close() }
    press(robot, "[ right z ]")
    let sort = robot.state.table.current?.request.look.sort.map { ($0.column, $0.descending) } ?? []
    #expect(sort.map(\.0) == ["name", "age"] && sort.map(\.1) == [false, true])
    press(robot, "c")
    #expect(robot.state.overlays.last is PaletteOverlay)
  }

  @Test func theFooterAndUnknownKeysNameTheHelpKeyOfTheMap() throws {
    let robot = try robot(keys: "vim")
    defer { robot.close() }
    #expect(robot.screen.contains("F1:help"))
    robot.press("g x")
    #expect(robot.screen.contains("g x is not a key here. F1 shows the keys."))
  }

  // MARK: What stands in a key map

  /// The keys that people of another tool press without thinking, and what they shall do.
  @Test(arguments: [
    (
      KeyPreset.visidata,
      "| g_| , \" s t u F g_F I C [ ] z_[ z_] - _ ! ^ ~ # % $ @ = / g_/ n N c z_r ctrl-r . V g_v enter"
    ),
    (.vim, "/ ? n N * # g_g G ctrl-d ctrl-u ctrl-f ctrl-b z_z z_t z_b 0 ^ $ : u ctrl-r h j k l v"),
  ])
  func theirOwnKeysMeanSomethingInTheTable(preset: KeyPreset, keys: String) throws {
    let registry = CommandRegistry.standard.bound(by: KeyMap(preset)).registry
    for key in keys.split(separator: " ") {
      let sequence = try #require(KeyEvent.sequence(String(key == "_" ? "_" : key.replacing("_", with: " "))), "\(key)")
      guard case .command = registry.match(sequence, in: .pane(.table)) else {
        Issue.record("\(preset): \(key) does nothing")
        continue
      }
    }
  }

  @Test func whatTheirKeysDoIsWhatTheyMeanThere() throws {
    let expected: [(KeyPreset, String, CommandID)] = [
      (.visidata, "|", "table.markMatching"), (.visidata, ",", "table.markEqual"),
      (.visidata, "\"", "table.openMarked"),
      (.visidata, "s", "table.markOnly"), (.visidata, "t", "table.mark"), (.visidata, "u", "table.unmarkRow"),
      (.visidata, "g u", "table.unmark"), (.visidata, "F", "table.frequency"), (.visidata, "g F", "table.keyFrequency"),
      (.visidata, "I", "table.describe"), (.visidata, "z [", "table.sortAlsoAscending"),
      (.visidata, "-", "table.hide"), (.visidata, "_", "table.fitWidth"), (.visidata, "!", "table.pin"),
      (.visidata, "ctrl-r", "file.reload"), (.visidata, "D", "log.changes"), (.visidata, "z r", "table.goToRow"),
      (.visidata, "K", "table.keep"), (.visidata, "g q", "quit"), (.visidata, "S", "focus.datasets"),
      (.vim, "?", "table.findBackward"), (.vim, "*", "table.findSame"), (.vim, "#", "table.findSameBackward"),
      (.vim, "z z", "table.rowToMiddle"), (.vim, "g g", "table.first"), (.vim, ":", "palette"),
      (.vim, "^", "table.firstColumn"), (.vim, "c w", "table.renameColumn"), (.vim, "ctrl-r", "edit.redo"),
      (.vim, "g t", "focus.next"),
    ]
    for (preset, keys, command) in expected {
      let registry = CommandRegistry.standard.bound(by: KeyMap(preset)).registry
      let sequence = try #require(KeyEvent.sequence(keys))
      #expect(registry.match(sequence, in: .pane(.table)) == .command(command), "\(preset): \(keys)")
    }
  }

  /// A preset may take a key away, never the only way to a command that has keys in assay's own map. Jumping and the
  /// like, which a map has no room for, stay in the palette and are named here.
  @Test(arguments: [KeyPreset.visidata, .vim]) func whatLosesItsKeyHasAnother(preset: KeyPreset) {
    let bound = CommandRegistry.standard.bound(by: KeyMap(preset)).registry
    for command in CommandRegistry.standard.commands where !command.keys.isEmpty {
      #expect(bound[command.id]?.keys.isEmpty == false, "\(preset): \(command.id)")
    }
  }

  @Test func literalPatternsMatchThemselvesOnly() throws {
    for text in ["a.b", "x+y", "[1]", "50 %", "naïve 😀", "back\\slash", "two\nlines", "$5^2", "under_score"] {
      let regex = try Regex("^" + literalPattern(text) + "$")
      #expect(text.wholeMatch(of: regex) != nil, "\(text)")
    }
    #expect(try "axb".wholeMatch(of: Regex(literalPattern("a.b"))) == nil)
  }
}
