// A place to work for sessions of the real program: the sample data, a folder of its own, a home that outlives a session.

import Foundation
import Grid
import ProgramDriver
import TestSupport
import Testing

/// The screens that assay has to look right on.
let sizes = [Size(width: 80, height: 24), Size(width: 120, height: 40), Size(width: 200, height: 60)]

/// Where a person sits down: files to work on, and the program's home, which sessions one after another share.
final class Desk {
  let folder: TemporaryFolder
  /// Where the program starts; holds `census.csv`.
  let work: String

  static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  init() throws {
    folder = try TemporaryFolder()
    work = folder.path("work")
    for name in ["sample-data", "themes"] {
      let install = folder.path("install")
      try FileManager.default.createDirectory(atPath: install, withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: Self.checkout + "/" + name, toPath: install + "/" + name)
    }
    try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: Self.checkout + "/sample-data/census.csv", toPath: work + "/census.csv")
  }

  func remove() { folder.remove() }

  var environment: [String: String] { ["ASSAY_HOME": folder.path("install")] }

  /// Starts the program in the work folder.
  func start(
    _ arguments: String..., size: Size = sizes[0], environment: [String: String] = [:]
  ) throws -> TmuxSession {
    try session([try Program.built("assay")] + arguments, size: size, environment: environment)
  }

  /// Starts a shell command line in the work folder; `$ASSAY` is the program.
  func shell(_ line: String, size: Size = sizes[0], environment: [String: String] = [:]) throws -> TmuxSession {
    let environment = environment.merging(["ASSAY": try Program.built("assay")]) { $1 }
    return try session(["sh", "-c", line], size: size, environment: environment)
  }

  func session(_ command: [String], size: Size, environment: [String: String] = [:]) throws -> TmuxSession {
    try TmuxSession(
      command, width: size.width, height: size.height, environment: self.environment.merging(environment) { $1 },
      directory: work, home: folder)
  }

  /// Writes a file into the work folder and returns its path.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String { try folder.write(text, to: "work/" + name) }

  /// The screen's rows as one text, with what differs from run to run replaced: times, and the folder's path with the
  /// blanks around it.
  func stable(_ rows: [String]) -> String {
    var rows = rows
    // The line above the keys shows a message for a few seconds, and then where the cursor stands.
    if rows.count > 2 { rows[rows.count - 2] = " (status)" }
    let path = try? Regex(" *" + NSRegularExpression.escapedPattern(for: folder.url.path) + "([^ ]*) *")
    // Ten seconds and more, of a busy machine, are written as 00:12.
    let text = rows.joined(separator: "\n").replacing(/(?:[0-9]+\.[0-9] s|\b00:[0-9]{2}) +([│┃|])/) { "#.# s \($0.1)" }
      .replacing(/[0-9]+\.[0-9] s|\b[0-9]{2}:[0-9]{2}\b/, with: "#.# s")
    guard let path else { return text }
    return text.replacing(path) { " HOME\($0[1].substring ?? "") " }
  }

  /// Compares the screen with a golden, which has ten seconds to appear: a screen at rest may still be waiting for a
  /// job of a busy machine.
  func expectScreen(
    _ terminal: TmuxSession, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let golden = "road-" + name
    let deadline = ContinuousClock.now + .seconds(10)
    var text = stable(try terminal.waitUntilStable())
    while !matchesGolden(text, golden, testFile: #filePath), ContinuousClock.now < deadline {
      text = stable(try terminal.waitUntilStable())
    }
    expectGolden(text, golden, testFile: #filePath, sourceLocation: sourceLocation)
  }
}

extension TmuxSession {
  /// Presses keys one after another, each a name of tmux or a character.
  func keys(_ names: String) throws {
    for name in names.split(separator: " ") { try press(String(name)) }
  }

  /// The screen as running text: frames and line breaks are blanks, and blanks are single.
  func prose() throws -> String { Self.prose(try screen()) }

  static func prose(_ rows: [String]) -> String {
    rows.joined(separator: " ").split { " │┃".contains($0) }.joined(separator: " ")
  }

  /// Waits until the running text of the screen contains `text`.
  func waitForProse(_ text: String) throws {
    try wait(for: "\"\(text)\" in the text") { Self.prose($0).contains(text) }
  }

  /// Waits for the table of the sample: its first row, the exact count, and the profile under the header.
  func waitForCensus() throws {
    try wait(upTo: .seconds(60), for: "the table") { rows in
      let text = rows.joined(separator: " ")
      return text.contains("Private") && text.contains("5,000 rows") && text.contains("8 lv")
    }
  }

  /// Leaves the program with `q` and expects that it ended well.
  func quit(sourceLocation: SourceLocation = #_sourceLocation) throws {
    try press("q")
    let status = try waitForExit()
    #expect(status == .exited(0), sourceLocation: sourceLocation)
  }
}
