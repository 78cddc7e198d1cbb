import Engine
import Flow
import Foundation
import Frame
import Grid
import ProgramDriver
import Testing

@testable import Workbench

/// Several files, or objects on S3, as one dataset: marked in the datasets pane, or typed in the import dialog.
@MainActor
@Suite(.serialized) struct ListScreenTests {
  private static let months = [
    "jan.csv": "day,sales\n1,10\n2,11\n", "feb.csv": "day,sales\n1,20\n", "mar.csv": "day,sales,staff\n1,30,4\n",
  ]

  private func robot(_ size: Size = Size(width: 120, height: 40), first: String = "jan.csv") throws -> Robot {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("assay-list-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, text) in Self.months { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
    let robot = try Robot(size, home: folder)
    robot.open(robot.folder.path + "/" + first)
    return robot
  }

  private func go(_ robot: Robot, to title: String, sourceLocation: SourceLocation = #_sourceLocation) {
    robot.press("1 home")
    for _ in 0..<datasetLines(robot.state).count {
      let line = datasetLines(robot.state)[robot.state.datasets.cursor]
      if line.title.hasSuffix(title) { return }
      robot.press("down")
    }
    Issue.record("no line \(title)\n\(robot.screen)", sourceLocation: sourceLocation)
  }

  private func source(_ robot: Robot) -> Source? {
    guard case .source(let source)? = robot.state.flow.graph.steps.last?.operation else { return nil }
    return source
  }

  @Test func markedFilesOpenAsOneInTheOrderOfTheirMarks() throws {
    let robot = try robot()
    defer { robot.close() }
    go(robot, to: "mar.csv")
    robot.press("space")
    #expect(robot.screen.contains("1 marked: mar.csv · mark another to open both as one"), "\(robot.screen)")
    go(robot, to: "feb.csv")
    robot.press("space")
    #expect(robot.screen.contains("2 marked: mar.csv, feb.csv · o opens them as one, in this order"), "\(robot.screen)")
    #expect(robot.screen.contains("mark 1") && robot.screen.contains("mark 2"))
    robot.press("o")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == 2, "\(robot.screen)")
    #expect(robot.state.table.current?.schema.map(\.name) == ["day", "sales", "staff"])
    #expect(source(robot)?.locations.map(Source.name(of:)) == ["mar.csv", "feb.csv"])
    #expect(robot.state.datasets.marks.isEmpty)
    #expect(robot.screen.contains("mar.csv + 1 more"), "\(robot.screen)")
    // Its files can be opened alone, and joined to the flow as a list.
    go(robot, to: "feb.csv")
    robot.press("space")
    go(robot, to: "jan.csv")
    robot.press("space a")
    robot.settle()
    #expect(robot.state.flow.graph.sources.count == 2)
    #expect(robot.state.table.current?.exactRows == 3, "\(robot.screen)")
  }

  @Test func severalFilesOfTheCommandLineOpenAsOne() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.app.open([robot.folder.path + "/mar.csv"], also: ["jan.csv"])
    robot.settle()
    #expect(robot.state.table.current?.exactRows == 3, "\(robot.screen)")
    #expect(source(robot)?.locations == ["mar.csv", "jan.csv"].map { robot.folder.path + "/" + $0 })
  }

  @Test func marksAreTakenAwayAndWhatIsNoFileIsNotMarked() throws {
    let robot = try robot()
    defer { robot.close() }
    go(robot, to: "feb.csv")
    robot.press("space")
    #expect(robot.state.datasets.marks.count == 1)
    go(robot, to: "feb.csv")
    robot.press("space")
    #expect(robot.state.datasets.marks.isEmpty)
    go(robot, to: "mar.csv")
    robot.press("space g space")
    #expect(robot.state.datasets.marks.isEmpty)
    // The open file is marked as any other; several that are open as one are not.
    robot.press("1 home space")
    go(robot, to: "feb.csv")
    robot.press("space o")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == 3, "\(robot.screen)")
    robot.press("1 home space")
    #expect(robot.screen.contains("these are several already"), "\(robot.screen)")
  }

  @Test(arguments: [Size(width: 80, height: 24), Size(width: 120, height: 40)])
  func theImportDialogListsTheOthers(size: Size) throws {
    let robot = try robot(size)
    defer { robot.close() }
    robot.press("ctrl-n enter")
    robot.settle()
    robot.type(robot.folder.path + "/jan.csv")
    robot.press("enter")
    robot.settle()
    #expect(robot.screen.contains("this one alone"), "\(robot.screen)")
    robot.press("shift-tab shift-tab")
    robot.type("feb.csv, mar.csv")
    robot.press("tab")
    robot.settle()
    #expect(robot.screen.contains("3 columns: 3 integer"), "\(robot.screen)")
    #expect(robot.screen.contains("all 4 rows"))
    robot.press("ctrl-r")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == 4, "\(robot.screen)")
    // The source shows them again, and one that is not there is named.
    robot.press("2 home enter")
    robot.settle()
    #expect(robot.screen.contains("feb.csv, mar.csv"), "\(robot.screen)")
    robot.press("shift-tab shift-tab end")
    robot.type(", apr.csv")
    robot.press("tab")
    robot.settle()
    #expect(robot.screen.contains("/apr.csv: there"), "\(robot.screen)")
  }

  @Test func namesAreRelativeToTheFolderAndMayHoldCommas() {
    let source = Source(location: "/d/a.csv", also: ["/d/b, c.csv", "/e/f.csv", "s3://lake/g.csv"])
    let text = PlaceList.text(source)
    #expect(text == "\"b, c.csv\", /e/f.csv, s3://lake/g.csv")
    #expect(PlaceList.places(text, beside: "/d/a.csv") == source.also)
    #expect(
      PlaceList.places("2.csv, , \"say \"\"x\"\".csv\"", beside: "s3://lake/raw/1.csv") == [
        "s3://lake/raw/2.csv", "s3://lake/raw/say \"x\".csv",
      ])
    #expect(PlaceList.isMeant(for: Source(location: "s3://lake/a.csv")))
    for place in ["-", "s3://lake/raw/", "s3://lake/*.csv", "spark:sales.orders", "glue://d/t"] {
      #expect(!PlaceList.isMeant(for: Source(location: place)))
    }
  }

  @Test(.enabled(if: LocalServer.areInstalled, "\(LocalServer.missing)")) func markedObjectsOpenAsOne() throws {
    let cloud = try CloudFixture(bucket: "screen")
    let base = UUID().uuidString.prefix(8).lowercased()
    for (name, text) in Self.months { try cloud.put(text, "\(base)/\(name)") }
    let robot = try Robot(Size(width: 120, height: 40), aws: cloud.environment)
    defer { robot.close() }
    robot.press("O")
    robot.settle()
    for title in ["screen", "\(base)/"] {
      go(robot, to: title)
      robot.press("right")
      robot.settle()
    }
    // A prefix is opened whole, and is no part of a list.
    go(robot, to: "\(base)/")
    robot.press("space")
    #expect(robot.screen.contains("this is no single object"), "\(robot.screen)")
    for name in ["mar.csv", "jan.csv"] {
      go(robot, to: name)
      robot.press("space")
    }
    robot.press("o")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == 3, "\(robot.screen)")
    #expect(source(robot)?.locations == ["s3://screen/\(base)/mar.csv", "s3://screen/\(base)/jan.csv"])
  }
}
