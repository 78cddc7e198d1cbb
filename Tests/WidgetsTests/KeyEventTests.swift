import Foundation
import Grid
import Testing
import Widgets

@Suite struct KeyEventTests {
  @Test(arguments: [
    ("g", KeyEvent.character("g")), ("G", .character("G")), ("space", .space), ("ctrl-p", .control("p")),
    ("alt-f", .alt("f")), ("f10", KeyEvent(.function(10))), ("shift-tab", .backTab), ("pagedown", .pageDown),
    ("ctrl-right", KeyEvent(.right, .control)), ("-", .character("-")), ("ctrl--", .control("-")),
    ("ctrl-alt-x", KeyEvent(.character("x"), [.control, .alt])), ("[", .character("[")), ("é", .character("é")),
  ]) func textAndKeyAreInverse(_ text: String, _ key: KeyEvent) throws {
    #expect(KeyEvent(text) == key)
    #expect(key.description == text)
    let data = try JSONEncoder().encode([key])
    #expect(try JSONDecoder().decode([KeyEvent].self, from: data) == [key])
  }

  @Test(arguments: ["", "nokey", "ctrl-", "f99", "hyper-x"]) func otherTextIsNoKey(_ text: String) {
    #expect(KeyEvent(text) == nil || text.count == 1)
  }

  @Test func aliasesAndCaseAreUnderstood() {
    #expect(KeyEvent("Esc") == .escape)
    #expect(KeyEvent("PgDn") == .pageDown)
    #expect(KeyEvent("C-x") == .control("x"))
    #expect(KeyEvent("ctrl-P") == .control("p"))
    #expect(KeyEvent("shift-tab") == KeyEvent("backtab"))
  }

  @Test func shiftBelongsToTheCharacter() {
    #expect(KeyEvent(.character("G"), .shift) == .character("G"))
    #expect(KeyEvent(.up, .shift) != .up)
  }

  @Test func labelsAreShort() {
    #expect(KeyEvent.control("p").label == "^P")
    #expect(KeyEvent.alt("f").label == "Alt+f")
    #expect(KeyEvent.space.label == "Space")
    #expect(KeyEvent(.function(10)).label == "F10")
    #expect(KeyEvent.backTab.label == "S-Tab")
  }

  @Test func sequencesArePartedByBlanks() {
    #expect(KeyEvent.sequence("g g") == [.character("g"), .character("g")])
    #expect(KeyEvent.sequence("g ctrl-x") == [.character("g"), .control("x")])
    #expect(KeyEvent.sequence("g nokey") == nil)
    #expect(KeyEvent.sequence("") == nil)
  }
}

@Suite struct HitMapTests {
  @Test func whatWasAddedLastLiesOnTop() {
    var hits = HitMap()
    hits.add(Rect(x: 0, y: 0, width: 10, height: 5), .pane("table"))
    hits.add(Rect(x: 2, y: 1, width: 3, height: 1), .command("table.sort"))
    hits.add(.zero, .command("never"))
    #expect(hits.target(at: Point(x: 3, y: 1)) == .command("table.sort"))
    #expect(hits.target(at: Point(x: 5, y: 1)) == .pane("table"))
    #expect(hits.target(at: Point(x: 10, y: 1)) == nil)
    #expect(hits.entries.count == 2)
  }
}
