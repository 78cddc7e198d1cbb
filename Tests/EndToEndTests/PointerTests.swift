import Foundation
import ProgramDriver
import Testing

/// The pointer and the clipboard of a real terminal.
@Suite struct PointerTests {
  @Test func aClickSortsAndTheWheelScrolls() throws {
    let desk = try Desk()
    defer { desk.remove() }
    let terminal = try desk.start("census.csv")
    defer { terminal.end() }
    try terminal.waitForCensus()
    try terminal.type("\u{1B}[<0;10;3M\u{1B}[<0;10;3m")
    try terminal.wait(for: "age ▲")
    try terminal.type("\u{1B}[<65;20;10M")
    try terminal.wait(for: "row 4/5,000")
    try terminal.quit()
  }

  @Test func withoutTheMouseTheTerminalKeepsIt() throws {
    let desk = try Desk()
    defer { desk.remove() }
    let terminal = try desk.start("--no-mouse", "census.csv")
    defer { terminal.end() }
    try terminal.waitForCensus()
    #expect(try terminal.format("#{mouse_any_flag}") == "0")
    try terminal.quit()
  }

  @Test func whatIsCopiedArrivesInTheTerminalsBuffer() throws {
    let desk = try Desk()
    defer { desk.remove() }
    let terminal = try desk.start("census.csv")
    defer { terminal.end() }
    try terminal.run("set-option", "-g", "set-clipboard", "on")
    try terminal.waitForCensus()
    try terminal.press("y")
    try terminal.wait(for: "sent to the terminal (OSC 52)")
    #expect(try terminal.run("show-buffer") == "39")
    try terminal.press("Y")
    try terminal.type("row csv")
    try terminal.press("Enter")
    try terminal.wait(for: "Copied row 1 as CSV (1 row)")
    #expect(try terminal.run("show-buffer").contains("39,Private"))
    try terminal.quit()
  }
}
