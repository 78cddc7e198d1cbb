import Foundation
import ProgramDriver
import TestSupport
import Testing

/// The main road by keys alone: new data flow, select data, import, the plus sign, Quick Model, run, save, reopen.
@Suite(.serialized) struct RoadTests {
  @Test(arguments: [(80, 24), (120, 40), (200, 60)])
  func aQuickModelIsBuiltSavedAndFoundAgain(width: Int, height: Int) throws {
    let size = "\(width)x\(height)"
    let workbench = try Workbench(width: width, height: height)
    defer { workbench.remove() }
    let terminal = workbench.terminal

    try terminal.wait(for: "New data flow")

    try workbench.press("Enter")
    try terminal.wait(for: "Amazon S3")
    try workbench.press("Enter")
    try terminal.wait(for: "which file?")
    try terminal.type("people")
    try workbench.press("Enter")
    try terminal.wait(for: "Import ]")
    try terminal.wait(for: "15 columns")
    try workbench.press("BTab", "Enter")
    try terminal.wait(for: "5,000 rows")
    try workbench.expectScreen("table-\(size)")

    try workbench.press("2", "+")
    try terminal.wait(for: "Add analysis")
    try terminal.type("quick")
    try workbench.press("Enter")
    try terminal.wait(for: "Label")
    try workbench.press("BTab", "Enter")
    try terminal.wait(for: "finished in", upTo: .seconds(120))
    try workbench.expectScreen("quick-model-\(size)")

    try workbench.press("C-s")
    try terminal.wait(for: "Save flow")
    try workbench.press("Enter")
    try terminal.waitUntilGone("Save flow")
    try terminal.wait(for: "Saved")
    try workbench.press("q")
    #expect(try terminal.waitForExit() == .exited(0))
    terminal.end()

    let again = try Workbench(["people.flow"], width: width, height: height, in: workbench.folder)
    defer { again.terminal.end() }
    try again.terminal.wait(for: "5,000")
    try again.press("5")
    try again.terminal.wait(for: "Quick Model: income")
    try again.expectScreen("reopened-\(size)")
  }

  @Test func theEndIsReachedAndKeptWhileTheRowsAreStillCounted() throws {
    let folder = try TemporaryFolder()
    let rows = (1...300_000).map { "\($0),row \($0) of many,\($0 * 7)" }.joined(separator: "\n")
    try folder.write("number,words,product\n\(rows)\n", to: "work/long.csv")
    let workbench = try Workbench(["long.csv"], width: 120, height: 40, in: folder)
    defer { workbench.remove() }
    try workbench.terminal.wait(for: "row 1 of many")
    try workbench.terminal.press("G")
    try workbench.terminal.wait(for: "row 300000 of")
    try workbench.terminal.wait(for: "row 300,000/300,000")
  }
}
