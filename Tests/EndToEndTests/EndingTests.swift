import Foundation
import ProgramDriver
import Testing

/// However the program ends, the terminal is given back and nothing is lost.
@Suite struct EndingTests {
  @Test func afterKillTheNextStartOffersToRestoreAndEnterRestores() throws {
    let desk = try Desk()
    defer { desk.remove() }
    let first = try desk.start("census.csv")
    defer { first.end() }
    try addHistogram(first)
    try waitForAutosave(desk)
    try first.signal(SIGKILL)
    _ = try first.waitForExit()

    let second = try desk.start()
    defer { second.end() }
    try second.wait(for: "▶ Restore census.csv")
    try second.press("Enter")
    try second.wait(for: "Restored census.csv. It is not saved yet")
    try second.wait(for: "✓ Histogram: age")
    try second.press("4")
    try second.wait(for: "count per bin")
    try second.press("q")
    try second.wait(for: "The flow has changes that are not saved.")
    try second.press("q")
    #expect(try second.waitForExit() == .exited(0))

    let third = try desk.start()
    defer { third.end() }
    try third.wait(for: "▶ New data flow…")
    #expect(try !third.prose().contains("Restore"))
    try third.quit()
  }

  @Test func aTerminatedProgramGivesTheTerminalBackAndKeepsUnsavedWork() throws {
    let desk = try Desk()
    defer { desk.remove() }
    let terminal = try desk.shell(
      "sh -c 'echo $$ > pid; exec \"$ASSAY\" census.csv'; echo \"ended with $?\"; stty -a; exec sleep 60")
    defer { terminal.end() }
    try addHistogram(terminal)
    #expect(try terminal.format("#{alternate_on} #{mouse_any_flag}") == "1 1")
    let text = try String(contentsOfFile: desk.work + "/pid", encoding: .utf8)
    kill(try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines))), SIGTERM)

    try terminal.wait(for: "ended with 143")
    try terminal.wait(for: "icanon")
    let prose = try terminal.prose()
    #expect(prose.contains(" icanon") && prose.contains(" echo ") && prose.contains(" icrnl"))
    #expect(try terminal.format("#{alternate_on} #{mouse_any_flag} #{cursor_flag}") == "0 0 1")
    #expect(try autosaves(desk).count == 1)

    let next = try desk.start()
    defer { next.end() }
    try next.wait(for: "▶ Restore census.csv")
    try next.quit()
  }

  @Test func controlCCancelsARunningModel() throws {
    let desk = try Desk()
    defer { desk.remove() }
    let census = try String(contentsOfFile: desk.work + "/census.csv", encoding: .utf8)
    let rows = census.drop { $0 != "\n" }.dropFirst()
    try desk.write(census + String(repeating: String(rows), count: 29), to: "big.csv")
    let terminal = try desk.start("big.csv")
    defer { terminal.end() }
    try terminal.wait(for: "150,000 rows", upTo: .seconds(60))
    try terminal.press("+")
    try terminal.wait(for: "Add analysis")
    try terminal.type("quick")
    try terminal.wait(for: "▶ Quick Model")
    try terminal.press("Enter")
    try terminal.wait(for: "Label ")
    try terminal.keys("BTab Enter")
    try terminal.wait(for: "Running")
    try terminal.press("C-c")
    try terminal.wait(for: "Quick Model: income was cancelled.", upTo: .seconds(5))
    try terminal.press("q")
    try terminal.wait(for: "q: quit without saving")
    try terminal.press("q")
    #expect(try terminal.waitForExit() == .exited(0))
  }

  @Test func controlCWithNothingRunningSaysHowToQuit() throws {
    let desk = try Desk()
    defer { desk.remove() }
    let terminal = try desk.start("census.csv")
    defer { terminal.end() }
    try terminal.waitForCensus()
    try terminal.waitUntilStable()
    try terminal.press("C-c")
    try terminal.wait(for: "^Q quits from anywhere")
    #expect(try terminal.exitStatus() == nil)
    try terminal.press("C-q")
    #expect(try terminal.waitForExit() == .exited(0))
  }

  @Test func controlZHandsTheTerminalToTheShellAndFgComesBack() throws {
    let desk = try Desk()
    defer { desk.remove() }
    let terminal = try desk.session(
      ["sh", "-i"], size: sizes[0], environment: ["ASSAY": try Program.built("assay"), "PS1": "shell> "])
    defer { terminal.end() }
    try terminal.wait(for: "shell>")
    try terminal.type("\"$ASSAY\" census.csv")
    try terminal.press("Enter")
    try terminal.waitForCensus()
    try terminal.keys("Down Down")
    try terminal.wait(for: "row 3/5,000")
    try terminal.press("C-z")
    try terminal.wait(for: "Stopped")
    #expect(try terminal.format("#{alternate_on} #{mouse_any_flag} #{cursor_flag}") == "0 0 1")
    try terminal.type("echo the answer is $((6 * 7))")
    try terminal.press("Enter")
    try terminal.wait(for: "the answer is 42")
    try terminal.type("fg")
    try terminal.press("Enter")
    try terminal.wait(for: "row 3/5,000")
    try terminal.press("Down")
    try terminal.wait(for: "row 4/5,000")
    try terminal.press("q")
    try terminal.waitUntilGone("row 4/5,000")
    #expect(try terminal.exitStatus() == nil)
  }

  /// Nobody tells a stopped program of a new size: it has to look for itself when it goes on.
  @Test(arguments: [(120, 40), (50, 12)])
  func aWindowResizedWhileSuspendedIsDrawnAtItsNewSize(width: Int, height: Int) throws {
    let desk = try Desk()
    defer { desk.remove() }
    let terminal = try desk.session(
      ["sh", "-i"], size: sizes[0], environment: ["ASSAY": try Program.built("assay"), "PS1": "shell> "])
    defer { terminal.end() }
    try terminal.wait(for: "shell>")
    try terminal.type("\"$ASSAY\" census.csv")
    try terminal.press("Enter")
    try terminal.waitForCensus()
    try terminal.keys("Down Down")
    try terminal.wait(for: "row 3/5,000")
    try terminal.press("C-z")
    try terminal.wait(for: "Stopped")
    try terminal.resize(width: width, height: height)
    try terminal.wait(for: "\(height) rows") { $0.count == height }
    try terminal.type("fg")
    try terminal.press("Enter")
    let rows = try terminal.wait(for: "the screen at \(width)x\(height)") { rows in
      guard rows.count == height, rows[height - 2].contains("row 3/5,000") else { return false }
      return rows[height - 1].hasSuffix("?:help  ^P:palette")
    }
    #expect(rows.contains { $0.contains("3 Table · census.csv") } == (width >= 100))
    #expect(!rows.contains { $0.contains("shell>") || $0.contains("Stopped") })
    try terminal.press("Down")
    try terminal.wait(for: "row 4/5,000")
    try terminal.press("q")
    try terminal.waitUntilGone("row 4/5,000")
  }

  // MARK: Steps

  private func addHistogram(_ terminal: TmuxSession) throws {
    try terminal.waitForCensus()
    try terminal.press(".")
    try terminal.wait(for: "count per bin")
    try terminal.press("a")
    try terminal.wait(for: "●")
  }

  private func autosaves(_ desk: Desk) throws -> [String] {
    let folder = desk.folder.path("state/assay/autosave")
    return (try? FileManager.default.contentsOfDirectory(atPath: folder))?.filter { $0.hasSuffix(".json") } ?? []
  }

  private func waitForAutosave(_ desk: Desk) throws {
    let deadline = ContinuousClock.now + .seconds(5)
    while try autosaves(desk).isEmpty {
      guard ContinuousClock.now < deadline else { throw ProgramError("no autosave was written") }
      usleep(10_000)
    }
  }
}
