import Foundation
import ProgramDriver
import Testing

/// Settings, themes and keys in the real program.
@Suite struct PreferencesTests {
  @Test func aSavedConfigAndASavedThemeShowAtOnce() throws {
    let desk = try Desk()
    defer { desk.remove() }
    let terminal = try desk.start("census.csv", environment: ["NO_COLOR": "", "TERM": "tmux-256color"])
    defer { terminal.end() }
    try terminal.waitForCensus()
    try desk.folder.write("theme = \"mine\"\n[keys]\n\"table.target\" = \"T\"\n", to: "config/assay/config.toml")
    try terminal.wait(for: "There is no theme mine")
    try desk.folder.write("base = \"paper\"\n", to: "config/assay/themes/mine.toml")
    try terminal.wait(for: "Settings read again: theme mine.")
    try terminal.wait(for: "white paper") { _ in (try? terminal.colouredScreen())?.contains("48;5;231") ?? false }
    try terminal.press("T")
    try terminal.wait(for: "Target: ")
    try terminal.press("q")
    try terminal.wait(for: "without saving")
    try terminal.press("q")
    #expect(try terminal.waitForExit() == .exited(0))
  }

  @Test func listeningShowsBytesKeyAndMeaningAndGivesTheTerminalBack() throws {
    let desk = try Desk()
    defer { desk.remove() }
    let terminal = try desk.shell(
      "\"$ASSAY\" keys --listen; echo \"ended with $?\"; stty -a; exec sleep 60", size: sizes[1])
    defer { terminal.end() }
    try terminal.wait(for: "Press keys")
    try terminal.press("Up")
    try terminal.wait(for: "1b 4f 41")
    try terminal.press("F5")
    try terminal.wait(for: "f5")
    try terminal.press("C-p")
    try terminal.wait(for: "Everywhere: Command palette")
    try terminal.type("é")
    try terminal.wait(for: "c3 a9")
    try terminal.press("q")
    let rows = try terminal.wait(for: "ended with 0")
    #expect(rows.contains { $0.contains("1b 4f 41") && $0.contains("^[OA") && $0.contains(" up ") })
    #expect(rows.contains { $0.contains("10 ") && $0.contains("^P") && $0.contains("ctrl-p") })
    try terminal.wait(for: "icanon")
    let prose = try terminal.prose()
    #expect(prose.contains(" icanon") && prose.contains(" echo ") && prose.contains(" icrnl"))
  }

  @Test func listeningEndsWithControlCAndWithASignal() throws {
    let desk = try Desk()
    defer { desk.remove() }
    let terminal = try PseudoTerminal([try Program.built("assay"), "keys", "--listen"], width: 100, height: 24)
    #expect(terminal.read(until: .now + .seconds(10), quiet: .seconds(10), contains: "what it does").contains("bytes"))
    try terminal.write("\u{3}")
    #expect(try terminal.waitForExit(upTo: .seconds(5)).0 == .exited(0))
    let other = try PseudoTerminal([try Program.built("assay"), "keys", "--listen"], width: 100, height: 24)
    _ = other.read(until: .now + .seconds(10), quiet: .seconds(10), contains: "what it does")
    kill(other.process, SIGTERM)
    let rest = other.read(until: .now + .seconds(5), quiet: .seconds(1), contains: "\u{1B}[?2004l")
    #expect(rest.contains("\u{1B}[?2004l"))
    #expect(try other.waitForExit(upTo: .seconds(5)).0 == .exited(143))
  }
}
