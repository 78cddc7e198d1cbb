import Foundation
import ProgramDriver
import Testing

/// What the workbench records outlives it, and can be done again by the same program.
@Suite struct SessionRecordTests {
  @Test func afterAKillTheRecordIsWholeAndRunsAgain() throws {
    let desk = try Desk()
    defer { desk.remove() }
    let terminal = try desk.start("census.csv")
    try terminal.wait(for: "5,000 rows")
    try terminal.press("+")
    try terminal.type("Filter")
    try terminal.press("Enter")
    try terminal.wait(for: "Effect")
    try terminal.type("age > 30")
    try terminal.wait(for: "3,370")
    try terminal.press("C-r")
    try terminal.wait(for: "3,370 rows")
    let sessions = desk.folder.path("state/assay/sessions")
    func record() -> String? {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: sessions)) ?? []
      return names.first.map { sessions + "/" + $0 }
    }
    func text() -> String { record().flatMap { try? String(contentsOfFile: $0, encoding: .utf8) } ?? "" }
    try terminal.wait(for: "the record of the filter") { _ in text().contains("\"where\":\"age > 30\"") }
    try terminal.signal(SIGKILL)
    _ = try terminal.waitForExit()
    terminal.end()
    #expect(text().hasPrefix("#!/usr/bin/env -S assay run\n# recorded"))
    #expect(text().hasSuffix("}\n"))

    let path = try #require(record())
    // As a kill in the middle of a line leaves it.
    try (text() + "{\"do\":\"flow.ad").write(toFile: path, atomically: true, encoding: .utf8)
    let again = try desk.shell("$ASSAY run \(path) -o rows.csv; wc -l < rows.csv; sleep 60")
    defer { again.end() }
    try again.wait(for: "is left out")
    try again.wait(for: "3371")
  }
}
