import Grid
import TestSupport
import Testing

@testable import Widgets

/// Text of several lines.
struct TextAreaTests {
  private func press(_ area: inout TextAreaState, _ keys: String) {
    for key in KeyEvent.sequence(keys) ?? [] { _ = area.handle(key) }
  }

  @Test func linesArePartedAndJoined() {
    var area = TextAreaState("ab\ncd")
    #expect(area.row == 1 && area.column == 2)
    press(&area, "home backspace")
    #expect(area.text == "abcd")
    press(&area, "enter")
    #expect(area.text == "ab\ncd")
    press(&area, "up end delete")
    #expect(area.text == "abcd")
  }

  @Test func aNewLineBeginsWhereTheOneAboveDoes() {
    var area = TextAreaState("  a")
    press(&area, "enter b")
    #expect(area.text == "  a\n  b")
  }

  @Test func upAndDownKeepTheColumnOverShortLines() {
    var area = TextAreaState("abcdef\nx\nuvwxyz")
    press(&area, "left up")
    #expect(area.row == 1 && area.column == 1)
    press(&area, "up")
    #expect(area.row == 0 && area.column == 5)
    press(&area, "up pagedown")
    #expect(area.row == 2 && area.column == 5)
  }

  @Test func whatWasTypedInOneGoIsUndoneInOneGo() {
    var area = TextAreaState()
    press(&area, "a b c")
    press(&area, "enter d")
    #expect(area.text == "abc\nd")
    press(&area, "ctrl-g")
    press(&area, "ctrl-g")
    #expect(area.text == "abc")
    press(&area, "ctrl-g")
    #expect(area.text == "")
    let isUndone = area.undo()
    #expect(!isUndone)
  }

  @Test func aWordIsReplacedAndPastedLinesAreTaken() {
    var area = TextAreaState("SELECT re")
    area.replace(last: 2, with: "region")
    #expect(area.text == "SELECT region")
    area.insert("\nFROM t\n")
    #expect(area.lines.count == 3 && area.row == 2 && area.column == 0)
    area.undo()
    area.undo()
    #expect(area.text == "SELECT re")
  }

  @Test func movesOverTheEndsGoToTheNextLine() {
    var area = TextAreaState("a\nb")
    press(&area, "ctrl-home left right right")
    #expect(area.row == 1 && area.column == 0)
    press(&area, "left")
    #expect(area.row == 0 && area.column == 1)
    area.move(toRow: 9, column: 9)
    #expect(area.row == 1 && area.column == 1)
  }

  @Test func itDrawsWithNumbersAndTheCursorInSightAtEverySize() {
    let long = (1...30).map { "line \($0) " + String(repeating: "x", count: 40) }.joined(separator: "\n")
    for size in [
      Size(width: 0, height: 0), Size(width: 1, height: 1), Size(width: 9, height: 2), Size(width: 30, height: 5),
    ] {
      var grid = CellGrid(size: size)
      let area = TextAreaState(long + "wide 漢字 🙂")
      let rect = Rect(size)
      TextAreaView(area).draw(in: rect, on: &grid, DrawContext())
      if !rect.isEmpty { #expect(rect.contains(TextAreaView(area).cursor(in: rect))) }
    }
    var grid = CellGrid(size: Size(width: 30, height: 3))
    TextAreaView(TextAreaState("one\ntwo")).draw(in: Rect(grid.size), on: &grid, DrawContext())
    #expect(text(of: grid).contains("1  one") && text(of: grid).contains("2  two"))
  }

  @Test func aClickFindsThePlaceInTheText() {
    let view = TextAreaView(TextAreaState("one\n漢字 two"))
    let rect = Rect(x: 5, y: 2, width: 40, height: 4)
    #expect(view.place(at: Point(x: 5 + 4 + 4, y: 3), in: rect) == (1, 2))
    #expect(view.place(at: Point(x: 44, y: 5), in: rect) == (1, 6))
    #expect(view.place(at: Point(x: 5, y: 2), in: rect) == (0, 0))
  }
}
