import Foundation
import Grid
import ProgramDriver
import Testing

/// Terminals that show less, change their size, or are left alone; `TerminalMatrixTests` has all kinds.
@Suite struct TerminalKindTests {
  @Test func withoutColourAndUnicodeOnlyASCIIIsDrawn() throws {
    let desk = try Desk()
    defer { desk.remove() }
    let terminal = try desk.start("census.csv", size: sizes[1], environment: ["NO_COLOR": "1", "LC_ALL": "C"])
    defer { terminal.end() }
    try terminal.wait(for: "5,000x15")
    try terminal.press(".")
    try terminal.wait(for: "count per bin")
    let rows = try terminal.waitUntilStable()
    #expect(rows.contains { $0.contains("+- 2 Flow") })
    let foreign = Set(rows.joined().unicodeScalars.filter { !$0.isASCII })
    #expect(foreign.isEmpty, "\(foreign)")
    // 39 and 49 give the terminal's own colours back.
    let colours = try terminal.colouredScreen().matches(of: /\u{1B}\[([0-9;:]*)m/)
      .flatMap { $0.1.split { ";:".contains($0) } }.compactMap { Int($0) }
      .filter { (30...38).contains($0) || (40...48).contains($0) || (90...107).contains($0) }
    #expect(colours.isEmpty)
    try desk.expectScreen(terminal, "ascii-120x40")
  }

  @Test func anySizeIsSurvivedWithTheSameState() throws {
    let desk = try Desk()
    defer { desk.remove() }
    let terminal = try desk.start("census.csv", size: sizes[1])
    defer { terminal.end() }
    try terminal.waitForCensus()
    try terminal.keys("Down Down Right . 3")
    try terminal.wait(for: "row 3/5,000")
    let before = try terminal.waitUntilStable()
    for size in [(60, 12), (30, 8), (5, 3), (1, 1), (200, 2), (2, 60)] {
      try terminal.resize(width: size.0, height: size.1)
      try terminal.wait(for: "\(size.1) rows") { $0.count == size.1 }
      if size == (30, 8) { try terminal.wait(for: "assay needs 40×10") }
      #expect(try terminal.exitStatus() == nil)
    }
    try terminal.resize(width: 120, height: 40)
    try terminal.wait(for: "the screen as it was") { $0 == before }
    try terminal.quit()
  }

  @Test func nothingIsComputedWhileNothingHappens() throws {
    let desk = try Desk()
    defer { desk.remove() }
    let terminal = try desk.start("census.csv", size: sizes[1])
    defer { terminal.end() }
    try terminal.waitForCensus()
    try terminal.press(".")
    try terminal.wait(for: "count per bin")
    try terminal.waitUntilStable(for: .seconds(1))
    // What is still being tidied up may take a tick or two: three seconds in which nothing is used have to come.
    let process = try terminal.processID()
    var used: [Int] = [try ticks(of: process)]
    repeat {
      usleep(3_000_000)
      used.append(try ticks(of: process))
    } while used.count < 4 && used[used.count - 1] != used[used.count - 2]
    #expect(used[used.count - 1] == used[used.count - 2], "ticks used after each 3 s: \(used)")
  }

  /// Hundredths of a second of CPU time that a process has used.
  private func ticks(of process: Int32) throws -> Int {
    let text = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
    // The name, in brackets, may hold blanks; user and system time are the 12th and 13th field after it.
    let fields = try #require(text.split(separator: ")").last).split(separator: " ")
    return try #require(Int(fields[11])) + #require(Int(fields[12]))
  }
}
