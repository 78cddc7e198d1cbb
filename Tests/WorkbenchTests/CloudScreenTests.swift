import Engine
import Foundation
import Frame
import Grid
import ProgramDriver
import TestSupport
import Testing
import Widgets

@testable import Workbench

/// S3 and the Glue catalogue in the datasets pane, by keys alone, on real servers.
@MainActor
@Suite(.serialized, .enabled(if: LocalServer.areInstalled, "\(LocalServer.missing)")) struct CloudScreenTests {
  private static let people = "name,age\nAnn,31\nBob,45\nCy,27\n"

  private func stable(_ robot: Robot) -> String {
    robot.stableScreen.replacing(/127\.0\.0\.1:[0-9]+/, with: "127.0.0.1:#####")
      .replacing(/[0-9]{4}-[0-9]{2}-[0-9]{2}/, with: "####-##-##")
  }

  /// Moves the cursor of the datasets pane to a line.
  private func go(_ robot: Robot, to title: String, sourceLocation: SourceLocation = #_sourceLocation) {
    robot.press("1 home")
    for _ in 0..<datasetLines(robot.state).count {
      let line = datasetLines(robot.state)[robot.state.datasets.cursor]
      if line.title.hasSuffix(title) { return }
      robot.press("down")
    }
    Issue.record("no line \(title)\n\(robot.screen)", sourceLocation: sourceLocation)
  }

  private func open(_ robot: Robot, _ titles: String...) {
    for title in titles {
      go(robot, to: title)
      robot.press("right")
      robot.settle()
    }
  }

  private func robot(
    _ cloud: CloudFixture, _ size: Size = Size(width: 120, height: 40), _ more: [String: String] = [:]
  ) throws -> Robot {
    try Robot(size, aws: cloud.environment.merging(more) { $1 })
  }

  @Test func theTreeOpensBranchByBranchAndAnObjectBecomesTheSource() throws {
    let cloud = try CloudFixture(bucket: "screen")
    let base = UUID().uuidString.prefix(8).lowercased()
    try cloud.put(Self.people, "\(base)/raw/people.csv")
    try cloud.put(Self.people, "\(base)/raw/more.csv")
    try cloud.put("x", "\(base)/notes.txt")
    let robot = try robot(cloud)
    defer { robot.close() }
    robot.press("O")
    robot.settle()
    #expect(robot.state.focus == .datasets)
    #expect(robot.screen.contains("▾ Amazon S3"), "\(robot.screen)")
    open(robot, "screen", "\(base)/", "raw/")
    #expect(robot.screen.contains("people.csv"), "\(robot.screen)")
    go(robot, to: "people.csv")
    #expect(robot.screen.contains("s3://screen/\(base)/raw/people.csv  29 B  changed "), "\(robot.screen)")
    robot.press("enter")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == 3, "\(robot.screen)")
    #expect(robot.screen.contains("Ann"))
    #expect(datasetLines(robot.state)[robot.state.datasets.cursor].title == "people.csv")
    // All below a prefix is one dataset.
    go(robot, to: "raw/")
    robot.press("o")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == 6, "\(robot.screen)")
    // Closing takes the lines away, and left goes to the branch that a line hangs on.
    go(robot, to: "more.csv")
    robot.press("left")
    #expect(datasetLines(robot.state)[robot.state.datasets.cursor].title == "▾ raw/")
    robot.press("left")
    #expect(!robot.screen.contains("more.csv"), "\(robot.screen)")
  }

  @Test func anObjectJoinsTheSourcesOfTheFlow() throws {
    let cloud = try CloudFixture(bucket: "screen")
    let base = UUID().uuidString.prefix(8).lowercased()
    try cloud.put(Self.people, "\(base)/people.csv")
    let robot = try robot(cloud)
    defer { robot.close() }
    robot.open(Robot.census)
    robot.press("O")
    robot.settle()
    open(robot, "screen", "\(base)/")
    go(robot, to: "people.csv")
    robot.press("a")
    robot.settle()
    #expect(robot.state.flow.graph.sources.count == 2, "\(robot.screen)")
    #expect(robot.state.table.current?.exactRows == 3)
  }

  @Test func aLongListingComesPartByPartAsTheCursorReachesItsEnd() throws {
    let cloud = try CloudFixture(bucket: "screen")
    let base = UUID().uuidString.prefix(8).lowercased()
    DispatchQueue.concurrentPerform(iterations: 1003) { number in
      try? cloud.put("x", "\(base)/\(10_000 + number).txt")
    }
    let robot = try robot(cloud)
    defer { robot.close() }
    robot.press("O")
    robot.settle()
    open(robot, "screen", "\(base)/")
    let place = CloudPlace.objects(bucket: "screen", prefix: "\(base)/")
    #expect(robot.state.datasets.cloud.branches[place]?.count == "1,000+", "\(robot.screen)")
    #expect(datasetLines(robot.state).contains { $0.cloud == .more(place) && $0.detail == "1,000 shown" })
    while case .some(let line) = currentCloudLine(robot.state), line != .more(place),
      robot.state.datasets.cloud.branches[place]?.next != nil
    {
      robot.press("pagedown")
      if robot.state.datasets.cursor == datasetLines(robot.state).count - 1 {
        let more = datasetLines(robot.state).firstIndex { $0.cloud == .more(place) } ?? 0
        for _ in more..<robot.state.datasets.cursor { robot.press("up") }
      }
    }
    robot.settle()
    #expect(robot.state.datasets.cloud.branches[place]?.count == "1,003", "\(robot.screen)")
    #expect(!datasetLines(robot.state).contains { $0.cloud == .more(place) })
  }

  @Test func deletingCountsAsksAndIsSeenInTheTree() throws {
    let cloud = try CloudFixture(bucket: "screen")
    let base = UUID().uuidString.prefix(8).lowercased()
    for number in 0..<3 { try cloud.put("four", "\(base)/old/\(number).txt") }
    try cloud.put("kept", "\(base)/kept.txt")
    let robot = try robot(cloud)
    defer { robot.close() }
    robot.press("O")
    robot.settle()
    open(robot, "screen", "\(base)/", "old/")
    go(robot, to: "old/")
    robot.press("d")
    robot.settle()
    #expect(robot.screen.contains("Delete 3 objects"), "\(robot.screen)")
    #expect(robot.screen.contains("3 objects, 12 B"), "\(robot.screen)")
    // What would be called is listed, and nothing is called.
    robot.press("l")
    robot.settle()
    #expect(robot.screen.contains("POST s3://screen/?delete of 3 objects"), "\(robot.screen)")
    robot.press("escape")
    #expect(try cloud.exists("\(base)/old/0.txt"))
    // What comes while the person thinks is not deleted with the rest.
    robot.press("d")
    robot.settle()
    try cloud.put("late", "\(base)/old/late.txt")
    robot.press("y")
    robot.settle()
    #expect(robot.state.message?.text.contains("4 objects are here now, 3 were counted") == true, "\(robot.screen)")
    #expect(try cloud.exists("\(base)/old/0.txt"))
    robot.press("d")
    robot.settle()
    robot.press("y")
    robot.settle()
    #expect(robot.state.message?.text == "Deleted 4 objects, 16 B", "\(robot.screen)")
    #expect(try !cloud.exists("\(base)/old/0.txt"))
    #expect(try cloud.exists("\(base)/kept.txt"))
    #expect(!robot.screen.contains("0.txt"), "\(robot.screen)")
    #expect(robot.screen.contains("kept.txt"), "\(robot.screen)")
  }

  @Test func enterOnTheQuestionKeepsEverything() throws {
    let cloud = try CloudFixture(bucket: "screen")
    let base = UUID().uuidString.prefix(8).lowercased()
    try cloud.put("x", "\(base)/one.txt")
    let robot = try robot(cloud)
    defer { robot.close() }
    robot.press("O")
    robot.settle()
    open(robot, "screen", "\(base)/")
    go(robot, to: "one.txt")
    robot.press("d")
    robot.settle()
    robot.press("enter")
    robot.settle()
    #expect(try cloud.exists("\(base)/one.txt"))
  }

  @Test func theKeyThatAsksDoesNotAnswer() throws {
    let cloud = try CloudFixture(bucket: "screen")
    let base = UUID().uuidString.prefix(8).lowercased()
    for number in 0..<3 { try cloud.put("four", "\(base)/old/\(number).txt") }
    let robot = try robot(cloud)
    defer { robot.close() }
    robot.press("O")
    robot.settle()
    open(robot, "screen", "\(base)/")
    go(robot, to: "old/")
    // Twice before the answer is there, and again when it is.
    robot.press("d d")
    robot.settle()
    #expect(robot.state.overlays.count == 1, "\(robot.screen)")
    robot.press("d")
    robot.settle()
    #expect(robot.screen.contains("y: delete all"), "\(robot.screen)")
    for number in 0..<3 { #expect(try cloud.exists("\(base)/old/\(number).txt")) }
  }

  @Test func theTreeIsFilteredAsOneTypes() throws {
    let cloud = try CloudFixture(bucket: "screen")
    let base = UUID().uuidString.prefix(8).lowercased()
    for name in ["orders.csv", "people.csv", "old/doors.csv"] { try cloud.put(Self.people, "\(base)/\(name)") }
    let robot = try robot(cloud)
    defer { robot.close() }
    robot.press("O")
    robot.settle()
    open(robot, "screen", "\(base)/", "old/")
    func titles() -> [String] { datasetLines(robot.state).compactMap { $0.depth > 2 ? $0.title : nil } }
    #expect(titles() == ["▾ old/", "doors.csv", "orders.csv", "people.csv"], "\(robot.screen)")
    robot.press("/")
    // Letters are letters now: none of them deletes or opens.
    robot.type("do")
    robot.settle()
    #expect(titles() == ["▾ old/", "doors.csv"], "\(robot.screen)")
    #expect(datasetLines(robot.state)[robot.state.datasets.cursor].title == "doors.csv")
    #expect(robot.screen.contains("/do"), "\(robot.screen)")
    robot.press("backspace backspace")
    robot.type("ord")
    #expect(titles() == ["orders.csv"], "\(robot.screen)")
    robot.press("enter enter")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == 3, "\(robot.screen)")
    robot.press("1 escape")
    #expect(titles() == ["▾ old/", "doors.csv", "orders.csv", "people.csv"], "\(robot.screen)")
    #expect(datasetLines(robot.state)[robot.state.datasets.cursor].title == "orders.csv")
    robot.press("/")
    robot.type("nothing like it")
    #expect(robot.screen.contains("No line fits."), "\(robot.screen)")
    robot.press("escape")
    #expect(titles().count == 4)
  }

  @Test func filesGoUpAndComeDown() throws {
    let cloud = try CloudFixture(bucket: "screen")
    let base = UUID().uuidString.prefix(8).lowercased()
    try cloud.put(Self.people, "\(base)/deep/er/people.csv")
    let robot = try robot(cloud)
    defer { robot.close() }
    let file = try robot.file("new.csv", "a\n1\n")
    robot.press("O")
    robot.settle()
    open(robot, "screen", "\(base)/")
    go(robot, to: "\(base)/")
    robot.press("u")
    robot.type("nothing.csv")
    robot.press("enter")
    #expect(robot.screen.contains("There is no file"), "\(robot.screen)")
    robot.press("ctrl-u")
    robot.type("new.csv")
    robot.press("enter")
    robot.settle()
    #expect(robot.state.message?.text == "Uploaded 1 object, 4 B", "\(robot.screen)")
    #expect(robot.screen.contains("new.csv"))
    #expect(try cloud.text("\(base)/new.csv") == "a\n1\n")
    // A second time asks, and replaces.
    try Data("b\n2\n3\n".utf8).write(to: URL(fileURLWithPath: file))
    robot.press("u")
    robot.type("new.csv")
    robot.press("enter")
    #expect(robot.screen.contains("is there already"), "\(robot.screen)")
    robot.press("enter")
    robot.settle()
    #expect(try cloud.text("\(base)/new.csv") == "b\n2\n3\n")
    // All below a prefix comes as a folder.
    go(robot, to: "\(base)/")
    robot.press("e ctrl-u")
    robot.type("down")
    robot.press("enter")
    robot.settle()
    let down = robot.folder.path + "/down/"
    #expect(try String(contentsOfFile: down + "deep/er/people.csv", encoding: .utf8) == Self.people)
    #expect(try String(contentsOfFile: down + "new.csv", encoding: .utf8) == "b\n2\n3\n")
    #expect(robot.state.message?.text.hasPrefix("Downloaded 2 objects") == true, "\(robot.screen)")
  }

  @Test func aRefusalStandsInTheTreeAndSaysWhatToDo() throws {
    let cloud = try CloudFixture(bucket: "screen")
    let port = try LocalServer.freePorts(1)[0]
    let cases: [(more: [String: String], text: String)] = [
      (["AWS_SECRET_ACCESS_KEY": "guess-of-a-secret"], "does not fit its access key"),
      (["AWS_ENDPOINT_URL_S3": "http://127.0.0.1:\(port)", "AWS_MAX_ATTEMPTS": "1"], "127.0.0.1:\(port)"),
      (["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""], "credentials"),
    ]
    for (more, text) in cases {
      let robot = try robot(cloud, Size(width: 200, height: 60), more)
      defer { robot.close() }
      robot.press("O")
      robot.settle()
      robot.press("down")
      guard case .refusal(.buckets, let refusal)? = currentCloudLine(robot.state) else {
        Issue.record("no refusal\n\(robot.screen)")
        continue
      }
      #expect(refusal.text.contains(text), "\(refusal.text)")
      #expect(!refusal.advice.isEmpty, "\(refusal.text)")
      #expect(robot.screen.contains(String(refusal.text.prefix(60))), "\(robot.screen)")
      #expect(!robot.screen.contains("guess-of-a-secret"))
      // Enter tries again.
      robot.press("enter")
      robot.settle()
      #expect(currentCloudLine(robot.state) == .refusal(.buckets, refusal))
    }
    // Who may read one bucket alone is refused in the other.
    let reader = ["AWS_ACCESS_KEY_ID": LocalServer.readerKey, "AWS_SECRET_ACCESS_KEY": LocalServer.readerSecret]
    let robot = try robot(cloud, Size(width: 120, height: 40), reader)
    defer { robot.close() }
    robot.press("O")
    robot.settle()
    let branch = CloudPlace.objects(bucket: "screen", prefix: "")
    if datasetLines(robot.state).contains(where: { $0.title.hasSuffix("screen") }) {
      open(robot, "screen")
      #expect(robot.state.datasets.cloud.branches[branch]?.refusal?.what.contains("may not do this") == true)
    }
  }

  @Test func tablesOfTheCatalogueShowTheirColumnsAndOpen() throws {
    let cloud = try CloudFixture(bucket: "screen")
    let base = UUID().uuidString.prefix(8).lowercased()
    try cloud.put("0031,Ann\n0045,Bob\n", "\(base)/people/1.csv")
    try cloud.table(
      "db\(base)", "people", prefix: "\(base)/people/", columns: [("code", "string"), ("name", "string")],
      hasHeader: false)
    try cloud.put("0031,7\n", "\(base)/parts/day=1/1.csv")
    try cloud.put("0045,8\n0046,9\n", "\(base)/parts/day=2/1.csv")
    try cloud.table(
      "db\(base)", "parts", prefix: "\(base)/parts/", columns: [("code", "string"), ("n", "bigint")],
      keys: [("day", "int")], hasHeader: false)
    try cloud.table(
      "db\(base)", "odd", prefix: "\(base)/odd/", format: .other, columns: [("a", "string")], keys: [("year", "int")])
    let robot = try robot(cloud, Size(width: 80, height: 24))
    defer { robot.close() }
    robot.choose("AWS Glue catalogue")
    robot.settle()
    open(robot, "db\(base)", "people")
    #expect(robot.screen.contains("code") && robot.screen.contains("string"), "\(robot.screen)")
    go(robot, to: "people")
    #expect(robot.screen.contains("glue://db\(base)/people"), "\(robot.screen)")
    robot.press("enter")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == 2, "\(robot.screen)")
    #expect(robot.state.table.current?.schema.map(\.name) == ["code", "name"])
    #expect(robot.state.table.current?.text(row: 0, column: 0) == "0031")
    go(robot, to: "parts")
    robot.press("enter")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == 3, "\(robot.screen)")
    #expect(robot.state.table.current?.schema.map(\.name) == ["code", "n", "day"])
    #expect(robot.state.table.current?.text(row: 0, column: 0) == "0031")
    open(robot, "odd")
    #expect(robot.screen.contains("year") && robot.screen.contains("int, partitions"), "\(robot.screen)")
    open(robot, "partitions")
    #expect(robot.screen.contains("nothing here"), "\(robot.screen)")
  }

  @Test func theRowsOfAStepBecomeATableOfTheCatalogue() throws {
    let cloud = try CloudFixture(bucket: "screen")
    let base = UUID().uuidString.prefix(8).lowercased()
    let robot = try robot(cloud)
    defer { robot.close() }
    robot.open(try robot.file("people.csv", "name,age,city\nAnn,31,Rome\nBob,45,Oslo\nCy,27,Rome\n"))
    robot.choose("Write as a Glue table")
    #expect(robot.screen.contains("Table in the Glue catalogue"), "\(robot.screen)")
    robot.press("ctrl-r")
    #expect(robot.screen.contains("Small letters"), "\(robot.screen)")
    robot.type("db\(base)")
    robot.press("tab tab")
    robot.type("s3://screen/\(base)/people/")
    robot.press("tab tab")
    robot.type("city")
    robot.press("space ctrl-r")
    robot.settle()
    let said = "Wrote 3 rows in 2 objects: db\(base).people is in the catalogue"
    #expect(robot.state.message?.text == said, "\(robot.screen)")
    let table = try cloud.glue.table("db\(base)", "people")
    #expect(table.PartitionKeys?.map(\.Name) == ["city"])
    #expect(table.StorageDescriptor?.Columns?.map(\.Type) == ["string", "bigint"])
    let partitions = try cloud.glue.partitionPage("db\(base)", "people").items
    #expect(partitions.compactMap(\.Values).flatMap { $0 }.sorted() == ["Oslo", "Rome"])
    robot.open("glue://db\(base)/people")
    #expect(robot.state.table.current?.exactRows == 3, "\(robot.screen)")
    // Once more is refused, since the objects are in the way.
    robot.choose("Write as a Glue table")
    robot.type("db\(base)")
    robot.press("tab tab")
    robot.type("s3://screen/\(base)/people/")
    robot.press("ctrl-r")
    robot.settle()
    #expect(robot.state.message?.text.contains("objects are there already") == true, "\(robot.screen)")
  }

  @Test func whereNothingMayBeChangedTheCommandSaysWhy() throws {
    let cloud = try CloudFixture(bucket: "screen")
    let base = UUID().uuidString.prefix(8).lowercased()
    try cloud.put("x", "\(base)/one.txt")
    let robot = try robot(cloud, Size(width: 120, height: 40), ["ASSAY_S3_READ_ONLY": "1"])
    defer { robot.close() }
    robot.press("O")
    robot.settle()
    open(robot, "screen", "\(base)/")
    go(robot, to: "one.txt")
    robot.press("d")
    #expect(robot.screen.contains("s3_read_only is on"), "\(robot.screen)")
    #expect(robot.state.registry["datasets.download"]?.availability(robot.state) == .enabled)
  }

  @Test func theTreeIsNotThereWhereNobodyNamesCredentials() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    robot.open(Robot.census)
    #expect(!robot.screen.contains("Amazon S3"))
  }

  @Test func theTreeAtEverySize() throws {
    let cloud = try CloudFixture(bucket: "lake", isDrawn: true, region: "ap-south-1")
    for key in ["sales/2024.csv", "sales/2025.csv", "sales/raw/a.json", "models/m.bin"] {
      try cloud.put(Self.people, key)
    }
    try? cloud.table("shop", "orders", prefix: "sales/", columns: [("name", "string"), ("age", "bigint")])
    for size in [Size(width: 80, height: 24), Size(width: 120, height: 40), Size(width: 200, height: 60)] {
      let robot = try robot(cloud, size)
      defer { robot.close() }
      robot.press("O")
      robot.settle()
      open(robot, "lake", "sales/", "AWS Glue", "shop", "orders")
      go(robot, to: "2025.csv")
      expectGolden(stable(robot), "cloud-tree-\(size.width)x\(size.height)")
    }
    let tiny = try robot(cloud, Size(width: 40, height: 10))
    defer { tiny.close() }
    tiny.press("O")
    tiny.settle()
    #expect(tiny.screen.contains("Amazon S3"), "\(tiny.screen)")
  }
}
