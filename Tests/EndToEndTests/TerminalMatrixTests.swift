import Foundation
import Grid
import ProgramDriver
import TestSupport
import Testing

/// The real program in each kind of terminal at each size: it opens the sample, shows rows, moves, helps, and leaves
/// the terminal as it was.
@Suite struct TerminalMatrixTests {
  /// A terminal by its variables.
  struct Kind: Sendable, CustomTestStringConvertible {
    var term = "xterm-256color"
    var variables: [String: String] = [:]

    var testDescription: String {
      ([term] + variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }).joined(separator: " ")
    }
  }

  static let kinds =
    ["xterm-256color", "xterm", "screen-256color", "tmux-256color", "linux", "vt100", "dumb"].map { Kind(term: $0) }
    + [Kind(variables: ["LC_ALL": "C"]), Kind(variables: ["NO_COLOR": "1"])]

  static let matrix = [(40, 10), (80, 24), (100, 30), (120, 40), (200, 60), (300, 100)].map {
    Size(width: $0.0, height: $0.1)
  }

  /// A session that notes what the terminal is like before and after the program, and how the program ended.
  private struct Sitting {
    let terminal: TmuxSession
    let size: Size
    let name: String
  }

  /// All sizes at once, so that the waits for one are the work of the others.
  @Test(arguments: kinds) func everySizeOpensMovesHelpsAndGivesTheTerminalBack(kind: Kind) throws {
    let desk = try Desk()
    defer { desk.remove() }
    let sittings = try Self.matrix.map { try sit(at: desk, kind, $0) }
    defer { sittings.forEach { $0.terminal.end() } }
    for sitting in sittings {
      try sitting.terminal.wait(upTo: .seconds(60), for: "rows at \(sitting.name)") { rows in
        rows.count == sitting.size.height && rows.contains { $0.contains("Private") }
          && rows.contains { $0.contains("row 1/5,000") }
      }
      try sitting.terminal.press("Down")
    }
    for sitting in sittings {
      let rows = try sitting.terminal.wait(for: "row 2/5,000")
      #expect(rows.contains { $0.contains("39 Private") }, "\(sitting.name)")
      try checkCharacters(sitting, rows, kind)
      try sitting.terminal.press("?")
    }
    for sitting in sittings {
      let rows = try sitting.terminal.wait(for: "Help: Table")
      try checkCharacters(sitting, rows, kind)
      try sitting.terminal.press("Escape")
    }
    for sitting in sittings {
      try sitting.terminal.waitUntilGone("Help: Table")
      try sitting.terminal.press("q")
    }
    for sitting in sittings { try expectRestored(sitting, desk) }
  }

  @Test(arguments: [(1, 1), (10, 3), (30, 6), (39, 10), (40, 9)])
  func underTheFloorOneLineStillTakesQ(width: Int, height: Int) throws {
    let desk = try Desk()
    defer { desk.remove() }
    let sitting = try sit(at: desk, Kind(), Size(width: width, height: height))
    defer { sitting.terminal.end() }
    try sitting.terminal.wait(for: "the line") { rows in
      rows.count == height && (rows.first?.contains("q") ?? false) && rows.dropFirst().allSatisfy(\.isEmpty)
    }
    try sitting.terminal.press("q")
    try expectRestored(sitting, desk)
  }

  private func sit(at desk: Desk, _ kind: Kind, _ size: Size) throws -> Sitting {
    let name = "\(size.width)x\(size.height)"
    let line =
      "stty -g > before-\(name); \"$ASSAY\" census.csv; echo $? > status-\(name); stty -g > after-\(name); "
      + "echo over; exec sleep 60"
    let terminal = try desk.shell(
      line, size: size, environment: kind.variables.merging(["TERM": kind.term]) { $1 })
    return Sitting(terminal: terminal, size: size, name: name)
  }

  private func expectRestored(_ sitting: Sitting, _ desk: Desk) throws {
    func said(_ what: String) -> String? {
      (try? String(contentsOfFile: desk.work + "/\(what)-\(sitting.name)", encoding: .utf8))?
        .trimmingCharacters(in: .whitespacesAndNewlines)
    }
    try sitting.terminal.wait(for: "the end at \(sitting.name)") { _ in !(said("after") ?? "").isEmpty }
    #expect(said("status") == "0", "\(sitting.name)")
    #expect(said("before") == said("after"), "\(sitting.name)")
    let flags = try sitting.terminal.format("#{alternate_on} #{mouse_any_flag} #{cursor_flag} #{keypad_flag}")
    #expect(flags == "0 0 1 0", "\(sitting.name)")
  }

  /// A terminal that shows only ASCII is sent nothing else, and one that knows no colours is sent none.
  private func checkCharacters(_ sitting: Sitting, _ rows: [String], _ kind: Kind) throws {
    if kind.variables["LC_ALL"] == "C" || ["dumb", "vt100"].contains(kind.term) {
      let foreign = Set(rows.joined().unicodeScalars.filter { !$0.isASCII })
      #expect(foreign.isEmpty, "\(sitting.name): \(foreign)")
    }
    if kind.variables["NO_COLOR"] != nil || ["dumb", "vt100"].contains(kind.term) {
      let sent = try sitting.terminal.colouredScreen()
      #expect(!sent.contains(/\u{1B}\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8])[;m]/), "\(sitting.name)")
    }
  }
}
