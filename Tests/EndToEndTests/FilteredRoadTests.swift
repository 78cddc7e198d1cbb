import Foundation
import Grid
import ProgramDriver
import Testing

/// The main road in a real terminal, by keys alone: a file, a step, a Quick Model, saved and found again.
@Suite struct FilteredRoadTests {
  @Test(arguments: sizes)
  func aQuickModelOnFilteredRowsIsSavedAndFoundAgain(size: Size) throws {
    let desk = try Desk()
    defer { desk.remove() }
    let name = "\(size.width)x\(size.height)"
    try build(on: desk, size, name)
    try findAgain(on: desk, size, name)
  }

  /// From the start screen to a saved result.
  private func build(on desk: Desk, _ size: Size, _ name: String) throws {
    let terminal = try desk.start(size: size)
    defer { terminal.end() }
    try terminal.wait(for: "New data flow…")
    try desk.expectScreen(terminal, "start-\(name)")

    try terminal.press("Enter")
    try terminal.wait(for: "where is the data?")
    try terminal.press("Enter")
    try terminal.wait(for: "which file?")
    try terminal.type(desk.work + "/cen")
    try terminal.wait(for: "CSV  540 kB")
    try terminal.press("Enter")
    try terminal.wait(for: "first 200 rows")
    try desk.expectScreen(terminal, "import-\(name)")

    try terminal.keys("BTab Enter")
    try terminal.waitForCensus()
    try desk.expectScreen(terminal, "table-\(name)")

    try terminal.press("+")
    try terminal.wait(for: "Add transform")
    try terminal.type("filter")
    try terminal.wait(for: "▶ Filter")
    try terminal.press("Enter")
    try terminal.wait(for: "Keep where")
    try terminal.type("age > 30")
    try terminal.wait(for: "5,000 → 3,370 rows")
    try terminal.keys("BTab Enter")
    try terminal.wait(for: "Added Filter: age > 30")

    try terminal.press("+")
    try terminal.wait(for: "Add analysis")
    try terminal.type("quick")
    try terminal.wait(for: "▶ Quick Model")
    try terminal.press("Enter")
    try terminal.wait(for: "income (text)")
    try desk.expectScreen(terminal, "quickmodel-form-\(name)")
    try terminal.keys("BTab Enter")
    try terminal.wait(for: "Quick Model: income finished", upTo: .seconds(60))
    try desk.expectScreen(terminal, "quickmodel-\(name)")

    try terminal.press("C-s")
    try terminal.wait(for: "census.flow")
    try terminal.press("Enter")
    try terminal.wait(for: "Saved ")
    try terminal.quit()
  }

  /// From the start screen to the saved result, which nothing computes again.
  private func findAgain(on desk: Desk, _ size: Size, _ name: String) throws {
    let terminal = try desk.start("census.flow", size: size)
    defer { terminal.end() }
    try terminal.wait(for: "3,370×15", upTo: .seconds(60))
    // The start screen may name the same size among the recent files.
    try terminal.wait(for: "6 Jobs")
    try terminal.keys("5 w")
    try terminal.wait(for: "trained on 2,359 rows")
    try desk.expectScreen(terminal, "reopened-\(name)")
    try terminal.keys("W 6 w w")
    try terminal.wait(for: "✓ read Filter")
    // Where panes stand beside each other, the jobs have to be alone before their rows can be told from others.
    let rows = try terminal.waitUntilStable()
    #expect(!rows.contains { $0.contains("Quick Model") && $0.contains(" s") && $0.contains("✓") }, "\(rows)")
    try terminal.press("C-q")
    #expect(try terminal.waitForExit() == .exited(0))
  }

  @Test func aFlowFindsItsDataFromAnotherFolder() throws {
    let desk = try Desk()
    defer { desk.remove() }
    let first = try desk.start("census.csv")
    defer { first.end() }
    try first.waitForCensus()
    try first.press("C-s")
    try first.wait(for: "census.flow")
    try first.press("Enter")
    try first.wait(for: "Saved ")
    try first.quit()

    let second = try desk.shell("cd / && exec \"$ASSAY\"")
    defer { second.end() }
    try second.wait(for: "census.flow")
    try second.keys("Down Down Enter")
    try second.waitForCensus()
    try second.quit()
  }

  @Test func standardInputIsReadWhileKeysComeFromTheTerminal() throws {
    let desk = try Desk()
    defer { desk.remove() }
    let terminal = try desk.shell("cat census.csv | \"$ASSAY\" -")
    defer { terminal.end() }
    try terminal.waitForCensus()
    try terminal.wait(for: "standard input")
    try terminal.press("G")
    try terminal.wait(for: "row 5,000/5,000")
    try terminal.quit()
  }
}
