import Foundation
import ProgramDriver
import TestSupport
import Testing

/// The real binary in a terminal, over a folder that holds `people.csv`, a copy of the sample census.
struct Workbench {
  let terminal: TmuxSession
  let folder: TemporaryFolder

  static let samples =
    URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path + "/sample-data"

  init(
    _ arguments: [String] = [], width: Int = 80, height: Int = 24, environment: [String: String] = [:],
    in folder: TemporaryFolder? = nil
  ) throws {
    let home: TemporaryFolder
    if let folder {
      home = folder
    } else {
      home = try TemporaryFolder()
      let census = try String(contentsOfFile: Self.samples + "/census.csv", encoding: .utf8)
      try home.write(census, to: "work/people.csv")
    }
    self.folder = home
    terminal = try TmuxSession(
      [try Program.built("assay")] + arguments, width: width, height: height, environment: environment,
      directory: home.path("work"), home: home)
  }

  /// Ends the program and removes its files.
  func remove() {
    terminal.end()
    folder.remove()
  }

  /// Presses keys one after the other, waiting for the screen to come to rest after each.
  func press(_ keys: String...) throws {
    for key in keys {
      try terminal.press(key)
      try terminal.waitUntilStable(for: .milliseconds(120))
    }
  }

  /// Compares the screen with its golden; times taken and file sizes are blanked, since they differ from run to run.
  ///
  /// A screen at rest may still be waiting for a job of a busy machine, so the golden has ten seconds to appear.
  func expectScreen(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let deadline = ContinuousClock.now + .seconds(10)
    var text = try screenAtRest()
    while !matchesGolden(text, name, testFile: #filePath), ContinuousClock.now < deadline { text = try screenAtRest() }
    expectGolden(text, name, testFile: #filePath, sourceLocation: sourceLocation)
  }

  private func screenAtRest() throws -> String {
    var rows = try terminal.waitUntilStable()
    // The line above the keys shows a message for a few seconds, and then where the cursor stands.
    if rows.count > 2 { rows[rows.count - 2] = " (status)" }
    return rows.map { row in
      // With the blanks around it, so that a longer time moves nothing.
      let blanked = row.replacing(#/\ *\b(?:[0-9]+(?:\.[0-9]+)?\ (?:m?s|kB)|[0-9]{2}:[0-9]{2})\b\ */#) { match in
        " ~  " + String(repeating: " ", count: max(0, match.output.count - 4))
      }
      return String(blanked.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }
}
