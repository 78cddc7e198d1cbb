import Foundation
import Grid
import ProgramDriver
import Testing

/// Files that cannot be read as they are: the message stands in the pane, and the program goes on.
@Suite struct UnreadableFileTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let content: [UInt8]?
    let message: String
    var testDescription: String { name }
  }

  static let cases = [
    Case(name: "empty.csv", content: [], message: "the file is empty. Check that it was written completely."),
    Case(name: "folder", content: nil, message: "this is a folder. Open a file in it."),
    Case(
      name: "binary.csv", content: (0..<4000).map { UInt8(truncatingIfNeeded: $0 &* 7919 &+ $0 >> 3) },
      message: "this is binary data, not text. assay reads CSV, TSV, JSON, JSONL, Parquet, Excel "
        + "(.xlsx) and fixed-width text."),
    Case(name: "header.csv", content: Array("a,b\n".utf8), message: "The file has a header and no rows."),
    Case(name: "broken.flow", content: Array("{}".utf8), message: "is not a flow of assay"),
  ]

  @Test(arguments: cases)
  func theMessageStandsInThePaneAndAnotherFileCanBeOpened(_ bad: Case) throws {
    let desk = try Desk()
    defer { desk.remove() }
    if let content = bad.content {
      try desk.folder.write(Data(content), to: "work/" + bad.name)
    } else {
      try FileManager.default.createDirectory(atPath: desk.work + "/" + bad.name, withIntermediateDirectories: true)
    }
    let terminal = try desk.start(bad.name, size: sizes[1])
    defer { terminal.end() }
    try terminal.waitForProse(bad.message)
    try openCensus(terminal)
    try terminal.quit()
  }

  @Test func aMissingFileIsNamedOnTheCommandLine() throws {
    let result = try Program.run(Program.built("assay"), ["no-such-file.csv"])
    #expect(result.status == .exited(1))
    #expect(result.errorText == "assay: no-such-file.csv: there is no such file. Check the path.\n")
  }

  @Test func aPathThatIsTypedWrongIsNamedInThePane() throws {
    let desk = try Desk()
    defer { desk.remove() }
    let terminal = try desk.start(size: sizes[1])
    defer { terminal.end() }
    try terminal.wait(for: "New data flow…")
    try terminal.press("C-o")
    try terminal.wait(for: "a dataset, a .flow or a session")
    try terminal.type("no-such-file.csv")
    try terminal.press("Enter")
    try terminal.waitForProse("no-such-file.csv: there is no such file. Check the path.")
    try openCensus(terminal)
    try terminal.quit()
  }

  @Test func rowsOfTheWrongLengthAreNamedAndLeftOutBySorOnTheCommandLine() throws {
    let desk = try Desk()
    defer { desk.remove() }
    let good = (1...300).map { "\($0),2,3\n" }.joined()
    try desk.write("a,b,c\n" + good + "1,2\n" + good, to: "ragged.csv")
    let terminal = try desk.start("ragged.csv", size: sizes[1])
    defer { terminal.end() }
    try terminal.waitForProse("ragged.csv, line 302: 2 fields found, 3 expected.")
    try terminal.waitForProse("Leave such rows out with --skip-bad-rows (key s), or mend the file.")
    try terminal.press("s")
    try terminal.wait(for: "600 rows")
    try terminal.wait(for: "1 row")
    try terminal.keys("z")
    try terminal.waitForProse("line 302: 2 fields found, 3 expected.")
    #expect(try terminal.exitStatus() == nil)

    let result = try Program.run(
      Program.built("assay"),
      ["query", "ragged.csv", "SELECT count(*) AS n FROM data", "--format", "csv", "--skip-bad-rows"],
      directory: desk.work)
    #expect(result.text == "n\n600\n")
  }

  @Test func aFileThatShrinksWhileItIsOpenIsNamedAndReadAgain() throws {
    let desk = try Desk()
    defer { desk.remove() }
    let terminal = try desk.start("census.csv", size: sizes[1])
    defer { terminal.end() }
    try terminal.waitForCensus()
    let path = desk.work + "/census.csv"
    // Cut after the 100th row.
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let kept = text.split(separator: "\n").prefix(101).joined(separator: "\n") + "\n"
    #expect(truncate(path, off_t(kept.utf8.count)) == 0)
    try terminal.press("G")
    try terminal.waitForProse("census.csv: the file has changed on disk since it was read.")
    try terminal.press("C-r")
    try terminal.wait(for: "100 rows")
    try terminal.press("G")
    try terminal.wait(for: "row 100/100")

    #expect(truncate(path, 0) == 0)
    try terminal.press("C-r")
    try terminal.waitForProse("census.csv: the file is empty.")
    for key in ["Down", "PageDown", "G", "."] { try terminal.press(key) }
    try terminal.waitUntilStable()
    #expect(try terminal.exitStatus() == nil)
    try terminal.quit()
  }

  /// Opens the sample by its name: the program goes on.
  private func openCensus(_ terminal: TmuxSession) throws {
    try terminal.press("C-o")
    try terminal.wait(for: "a dataset, a .flow or a session")
    try terminal.type("census.csv")
    try terminal.wait(for: "540 kB")
    try terminal.press("Enter")
    try terminal.waitForCensus()
  }
}
