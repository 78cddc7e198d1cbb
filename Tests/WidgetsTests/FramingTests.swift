import Grid
import Testing
import Widgets

@Suite struct FramingTests {
  @Test func aPaneShowsTitleNoteAndBottom() {
    let pane = PaneFrame("2 Flow", note: "6 steps", bottom: "row 5")
    #expect(
      lines(28, 3) { pane.draw(in: $0, on: &$1, rich) } == [
        "╭─ 2 Flow ─────── 6 steps ─╮",
        "│                          │",
        "╰────────────────── row 5 ─╯",
      ])
  }

  @Test func theFocusedPaneIsHeavyAndItsTitleReversed() {
    let pane = PaneFrame("3 Table", isFocused: true)
    let grid = drawn(20, 3) { pane.draw(in: $0, on: &$1, rich) }
    #expect(grid.lines[0] == "┏━ 3 Table ━━━━━━━━┓")
    #expect(grid[3, 0].style.attributes.contains(.reverse))
    #expect(!grid[0, 0].style.attributes.contains(.reverse))
  }

  @Test func inASCIITheFocusedPaneHasDoubleLines() {
    #expect(lines(14, 3) { PaneFrame("Flow", isFocused: true).draw(in: $0, on: &$1, plain) }[0] == "+= Flow =====+")
    #expect(lines(14, 3) { PaneFrame("Flow").draw(in: $0, on: &$1, plain) }[0] == "+- Flow -----+")
  }

  @Test func theNoteGoesBeforeTheTitleIsCut() {
    let pane = PaneFrame("6 Jobs and leaderboard", note: "best AUC 0.9274")
    #expect(lines(30, 2) { pane.draw(in: $0, on: &$1, rich) }[0] == "╭─ 6 Jobs and leaderboard ───╮")
    #expect(lines(16, 2) { pane.draw(in: $0, on: &$1, rich) }[0] == "╭─ 6 Jobs an… ─╮")
  }

  @Test func aDialogNamesItsStepAndItsKeys() {
    let frame = DialogFrame("Add analysis", step: "step 2 of 3", note: "Impute")
    let rect = DialogFrame.rect(for: Size(width: 46, height: 1), in: Rect(x: 0, y: 0, width: 60, height: 5))
    #expect(rect == Rect(x: 5, y: 1, width: 50, height: 3))
    #expect(DialogFrame.inner(rect) == Rect(x: 7, y: 2, width: 46, height: 1))
    #expect(
      lines(50, 3) { _ = frame.draw(in: $0, on: &$1, rich) } == [
        "┏━ Add analysis  step 2 of 3 ━━━━━━━━━━━ Impute ━┓",
        "┃                                                ┃",
        "┗━━━━━━━━━━━━━━━━━━━━━ Enter: next  Esc: cancel ━┛",
      ])
  }

  @Test func aDialogIsNeverLargerThanTheScreen() {
    let rect = DialogFrame.rect(for: Size(width: 300, height: 90), in: Rect(x: 0, y: 0, width: 40, height: 10))
    #expect(rect == Rect(x: 0, y: 0, width: 40, height: 10))
  }

  @Test func theThumbShowsHowFarAndHowMuch() {
    func bar(_ top: Int) -> [String] { lines(1, 5) { ScrollBar(count: 50, top: top).draw(in: $0, on: &$1, plain) } }
    #expect(bar(0) == ["#", "", "", "", ""])
    #expect(bar(45) == ["", "", "", "", "#"])
    #expect(lines(1, 5) { ScrollBar(count: 5, top: 0).draw(in: $0, on: &$1, plain) } == ["", "", "", "", ""])
  }

  @Test func theTopMovesOnlyAsFarAsTheCursorNeeds() {
    #expect(visibleTop(count: 100, height: 10, cursor: 5, top: 0) == 0)
    #expect(visibleTop(count: 100, height: 10, cursor: 10, top: 0) == 1)
    #expect(visibleTop(count: 100, height: 10, cursor: 3, top: 20) == 3)
    #expect(visibleTop(count: 100, height: 10, cursor: 99, top: 0) == 90)
    #expect(visibleTop(count: 5, height: 10, cursor: 4, top: 3) == 0)
    #expect(visibleTop(count: 5, height: 0, cursor: 4, top: 3) == 0)
  }
}
