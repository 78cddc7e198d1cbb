import Foundation
import ProgramDriver
import Testing

/// What the workbench does when the world is unkind.
@Suite struct SurvivalTests {
  @Test func afterAKillTheNextStartOffersToRestore() throws {
    let workbench = try Workbench(["people.csv"])
    defer { workbench.remove() }
    try workbench.terminal.wait(for: "5,000 rows")
    try workbench.press("a")
    try workbench.terminal.type("quick")
    try workbench.press("Enter", "BTab", "Enter")
    try workbench.terminal.wait(for: "finished in", upTo: .seconds(120))
    // Autosaves are written beside the screen's thread: a moment after the step, not with it.
    let autosaves = workbench.folder.path("state/assay/autosave")
    try workbench.terminal.wait(for: "an autosave with the model") { _ in
      let names = (try? FileManager.default.contentsOfDirectory(atPath: autosaves)) ?? []
      return names.contains { name in
        (try? String(contentsOfFile: "\(autosaves)/\(name)", encoding: .utf8))?.contains("importance") == true
      }
    }
    try workbench.terminal.signal(SIGKILL)
    _ = try workbench.terminal.waitForExit()
    workbench.terminal.end()

    let again = try Workbench(in: workbench.folder)
    defer { again.terminal.end() }
    try again.terminal.wait(for: "an offer to restore") { rows in rows.contains { $0.lowercased().contains("restore") }
    }
    try again.press("Enter")
    try again.terminal.wait(for: "5,000")
    try again.press("5")
    try again.terminal.wait(for: "Quick Model: income")
  }

  @Test func aTerminalOfOneCellIsSurvived() throws {
    let workbench = try Workbench(["people.csv"])
    defer { workbench.remove() }
    try workbench.terminal.wait(for: "5,000 rows")
    try workbench.terminal.resize(width: 1, height: 1)
    try workbench.press("Down", "PageDown", "?", "Escape")
    try workbench.terminal.resize(width: 30, height: 6)
    try workbench.terminal.waitUntilStable()
    try workbench.terminal.resize(width: 80, height: 24)
    try workbench.terminal.wait(for: "5,000 rows")
    #expect(try workbench.terminal.exitStatus() == nil)
  }

  @Test func aRequestToEndIsFollowedAtOnce() throws {
    let workbench = try Workbench(["people.csv"])
    defer { workbench.remove() }
    try workbench.terminal.wait(for: "5,000 rows")
    try workbench.terminal.signal(SIGTERM)
    let status = try workbench.terminal.waitForExit(upTo: .seconds(5))
    #expect(status != .exited(0))
    // The terminal is as before: the last screen of the program is gone.
    #expect(try !workbench.terminal.screen().contains { $0.contains("5,000 rows") })
  }

  @Test func aBadFileIsToldAndTheProgramGoesOn() throws {
    let folder = try TemporaryFolder()
    try folder.write("a,b,c\n1,2,3\n1,2\n", to: "work/ragged.csv")
    let workbench = try Workbench(["ragged.csv"], width: 120, height: 40, in: folder)
    defer { workbench.remove() }
    try workbench.terminal.wait(for: "the bad line") { rows in
      rows.contains { $0.contains("line 3") && $0.contains("2 fields") }
    }
    #expect(try workbench.terminal.exitStatus() == nil)
  }

  @Test func withoutColourNoColourIsSent() throws {
    let workbench = try Workbench(["people.csv"], environment: ["NO_COLOR": "1"])
    defer { workbench.remove() }
    try workbench.terminal.wait(for: "5,000 rows")
    let screen = try workbench.terminal.colouredScreen()
    #expect(!screen.contains("[38;") && !screen.contains("[48;") && !screen.contains(/\[3[0-7]m/))
  }

  @Test func inAPlainLocaleOnlyASCIIIsDrawn() throws {
    let workbench = try Workbench(["people.csv"], environment: ["LC_ALL": "C"])
    defer { workbench.remove() }
    let rows = try workbench.terminal.wait(for: "5,000 rows")
    #expect(rows.allSatisfy { $0.allSatisfy(\.isASCII) })
  }
}
