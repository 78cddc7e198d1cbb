import Foundation
import Grid
import Testing
import Widgets

@testable import Workbench

/// Every screen and every dialog at every size that a terminal may have: nothing falls over, and no text stands on a
/// border.
@MainActor
struct BorderTests {
  static let sizes = [
    (1, 1), (2, 2), (7, 3), (39, 9), (40, 10), (60, 15), (80, 24), (99, 29), (100, 30), (120, 40), (160, 45),
    (200, 60), (80, 120), (300, 100),
  ].map { Size(width: $0.0, height: $0.1) }

  /// Keys that lead to each of them from the table of an open file. `~` settles, so that what was asked for is there;
  /// `!` opens something that stands over a border on purpose.
  static let screens = [
    "", "1", "2", "4", "5", "6", "i", "w", "w w", "F ~", "I ~", "enter", "V", "/", "&", "|", "=", "g c", "g r", "^",
    "e",
    "?", "ctrl-p", "ctrl-p t a b", "f10", "alt-v", "f2", "f2 d p l", "ctrl-t", "Y", "D", "ctrl-e", "ctrl-s", "ctrl-n",
    "ctrl-n enter", "ctrl-n enter c e n", "ctrl-o", "2 +", "2 o", "2 enter", "2 o f i l t enter", "2 o i m p enter",
    "a", "a h i s t enter", "a q u i c k enter", "a q u i c k enter f2 !", "a q u i c k enter enter !", "4 e", "4 K",
    "4 K 3 right . ~", "q",
  ]

  /// Wide letters, marks that combine, long words and empty cells.
  private static let hard = """
    naïve,数値の列,👩‍👩‍👧 family,x y
    e\u{301}e\u{301},漢字かな交じり文,👩‍👩‍👧👩‍👩‍👧,"a ""quoted"" text, with a comma and more than fits anywhere at all, really"
    ,,,
    -1,12345678901234567890,𝒳,"two
    lines"

    """

  private func check(_ robot: Robot) {
    robot.press("end t home .")
    robot.settle()
    robot.press("a 3")
    for keys in Self.screens {
      robot.resize(Size(width: 120, height: 40))
      robot.press("escape escape escape escape W 4 delete delete 3")
      while robot.state.table.views.count > 1 { robot.press("q") }
      robot.press("home .")
      robot.settle()
      robot.press("3")
      for part in keys.split(separator: "~", omittingEmptySubsequences: false).enumerated() {
        if part.offset > 0 { robot.settle() }
        robot.press(part.element.replacing("!", with: "").trimmingCharacters(in: .whitespaces))
      }
      for size in Self.sizes {
        robot.resize(size)
        let drawn = draw(robot.state)
        #expect(drawn.grid.size == size)
        if !keys.hasSuffix("!") { checkBorders(drawn, robot.state, "\(keys) at \(size.width)x\(size.height)") }
      }
    }
    robot.resize(Size(width: 80, height: 24))
    robot.settle()
  }

  private func checkBorders(_ drawn: Drawn, _ state: WorkbenchState, _ what: String) {
    guard drawn.layout.kind != .floor else { return }
    let dialogs = drawn.hits.entries.filter { if case .background("dialog") = $0.target { true } else { false } }
    if let top = dialogs.last { return checkFrame(top.rect, drawn.grid, what) }
    guard state.overlays.isEmpty, state.screen == .workbench, drawn.layout.tabs.isEmpty else { return }
    let panes =
      drawn.layout.panes.map { ($0.value, "\($0.key)") } + drawn.layout.charts.dropFirst().map { ($0, "chart") }
    for (rect, name) in panes { checkFrame(rect, drawn.grid, "\(what), \(name)") }
  }

  private func checkFrame(_ rect: Rect, _ grid: CellGrid, _ what: String) {
    guard rect.width >= 2, rect.height >= 2 else { return }
    func text(_ x: Int, _ y: Int) -> String { grid[x, y].text }
    let right = rect.maxX - 1
    let corners = text(rect.x, rect.y) + text(right, rect.y) + text(rect.x, rect.maxY - 1) + text(right, rect.maxY - 1)
    #expect(["┏┓┗┛", "╭╮╰╯"].contains(corners), "\(what): \(corners)\n\(grid.lines.joined(separator: "\n"))")
    let bottom = (rect.x...right).map { text($0, rect.maxY - 1) }.joined()
    #expect(bottom.wholeMatch(of: /[┗╰][━─]*( .* )?[━─]*[┛╯]/) != nil, "\(what): \(bottom)")
    for y in (rect.y + 1)..<max(rect.y + 1, rect.maxY - 1) where !"│┃".contains(text(rect.x, y)) {
      Issue.record("\(what): \(text(rect.x, y)) on the left border\n\(grid.lines.joined(separator: "\n"))")
      return
    }
    for y in (rect.y + 1)..<max(rect.y + 1, rect.maxY - 1) where !"│┃█▐▕║".contains(text(right, y)) {
      Issue.record("\(what): \(text(right, y)) on the right border\n\(grid.lines.joined(separator: "\n"))")
      return
    }
  }

  @Test func noScreenWritesOnItsBordersOverTheSampleData() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(Robot.census)
    check(robot)
  }

  @Test func noScreenWritesOnItsBordersOverHardText() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(try robot.file("hard.csv", Self.hard))
    check(robot)
  }
}
