import Engine
import Foundation
import Frame
import Grid
import Jobs
import ProgramDriver
import TestSupport
import Testing
import Widgets

@testable import Cloud
@testable import Workbench

/// The editor for Athena, by keys alone, on a catalogue and an Athena that answer as those of AWS do.
@MainActor
@Suite(.serialized, .enabled(if: LocalServer.areInstalled, "\(LocalServer.missing)")) struct AthenaScreenTests {
  /// Results are queued by region: that of these tests is theirs alone.
  private static let region = "eu-west-3"

  private func stable(_ robot: Robot) -> String {
    robot.stableScreen.replacing(/127\.0\.0\.1:[0-9]+/, with: "127.0.0.1:#####")
      .replacing(/[0-9]{4}-[0-9]{2}-[0-9]{2}/, with: "####-##-##")
  }

  /// What the next query returns.
  private func queue(_ names: [(String, String)], _ rows: [[String?]]) throws {
    func row(_ cells: [String?]) -> [String: Any] {
      ["Data": cells.map { $0.map { ["VarCharValue": $0] } ?? [:] }]
    }
    let body: [String: Any] = [
      "region": Self.region,
      "results": [
        [
          "rows": [row(names.map { $0.0 })] + rows.map(row),
          "column_info": names.map { ["Name": $0.0, "Type": $0.1] },
        ]
      ],
    ]
    let server = try LocalServer.catalog.get()
    let text = String(decoding: try JSONSerialization.data(withJSONObject: body), as: UTF8.self)
    let http = try HTTPClient(port: server.port)
    let answer = try http.ask(
      "POST", "/moto-api/static/athena/query-results", type: "application/json", body: text)
    #expect(answer.status == 201)
  }

  private func cloud() throws -> CloudFixture {
    let cloud = try CloudFixture(bucket: "screen", region: Self.region)
    try cloud.put("region,amount\nnorth,12.5\nsouth,7\n", "shop/orders/1.csv")
    if try !cloud.glue.databases().contains(where: { $0.Name == "shop" }) {
      try cloud.table(
        "shop", "orders", prefix: "shop/orders/", columns: [("region", "string"), ("amount", "double")])
    }
    return cloud
  }

  private func robot(_ cloud: CloudFixture, _ size: Size = Size(width: 120, height: 40)) throws -> Robot {
    try Robot(size, aws: cloud.environment)
  }

  @Test func aQueryIsWrittenWithCompletionItsCostCountedAndItsRowsOpened() throws {
    let cloud = try cloud()
    let robot = try robot(cloud)
    defer { robot.close() }
    robot.press("Q")
    robot.settle()
    #expect(robot.screen.contains("database shop"), "\(robot.screen)")
    robot.type("sel")
    #expect(robot.screen.contains("SELECT"), "\(robot.screen)")
    robot.press("tab")
    robot.type(" region, amount FROM sho")
    robot.press("tab")
    robot.type(".or")
    robot.press("tab")
    #expect(robot.state.athena.editor.text == "SELECT region, amount FROM shop.orders", "\(robot.screen)")
    robot.type(" WHERE am")
    #expect(robot.screen.contains("amount") && robot.screen.contains("double"), "\(robot.screen)")
    robot.press("tab")
    robot.type(" > 1")
    robot.press("f4")
    robot.settle()
    #expect(robot.screen.contains("reads at most 33 B, $0.00005 at $5 per TB"), "\(robot.screen)")
    try queue([("region", "varchar"), ("amount", "double")], [["north", "12.5"], [nil, "7"], ["", nil]])
    robot.press("ctrl-r")
    robot.settle()
    #expect(robot.screen.contains("3 rows × 2 columns"), "\(robot.screen)")
    #expect(robot.screen.contains("north"), "\(robot.screen)")
    robot.press("ctrl-o")
    robot.settle()
    let table = try #require(robot.state.table.current)
    #expect(table.exactRows == 3, "\(robot.screen)")
    #expect(table.schema.map(\.kind) == [.text, .real], "\(table.schema)")
    #expect(table.text(row: 1, column: 0) == nil && table.text(row: 2, column: 0) == "")
    // What was asked is remembered, with its database.
    robot.press("Q")
    robot.settle()
    #expect(robot.screen.contains("Queries before"), "\(robot.screen)")
    robot.press("ctrl-u f8 enter")
    #expect(robot.state.athena.editor.text.hasPrefix("SELECT region, amount"), "\(robot.screen)")
    let again = try Robot(Size(width: 120, height: 40), home: robot.folder, aws: cloud.environment)
    again.press("Q")
    again.settle()
    #expect(again.screen.contains("SELECT region, amount"), "\(again.screen)")
  }

  @Test func oneMissingValueIsARow() throws {
    let cloud = try cloud()
    let robot = try robot(cloud)
    defer { robot.close() }
    robot.press("Q")
    robot.settle()
    robot.type("SELECT max(region) AS top FROM orders")
    try queue([("top", "varchar")], [[nil]])
    robot.press("ctrl-r")
    robot.settle()
    #expect(robot.screen.contains("1 row × 1 column"), "\(robot.screen)")
  }

  // MARK: Long queries

  /// How often a query is looked at before it goes on; nil lets it go on at once, as it does unasked.
  private func hold(_ looks: Int?) throws {
    let how = looks.map { #"{"progression":"manual","times":\#($0)}"# } ?? #"{"progression":"immediate"}"#
    let http = try HTTPClient(port: LocalServer.catalog.get().port)
    let answer = try http.ask(
      "POST", "/moto-api/state-manager/set-transition", type: "application/json",
      body: #"{"model_name":"athena::execution","transition":\#(how)}"#)
    #expect(answer.status == 201)
  }

  private struct Executions: Decodable { var QueryExecutionIds: [String] }
  private struct Execution: Decodable {
    struct Inner: Decodable {
      struct Status: Decodable { var State: String }
      var Query: String
      var Status: Status
    }
    var QueryExecution: Inner
  }

  /// What Athena says of the one query that has `mark` in it.
  private func execution(_ cloud: CloudFixture, with mark: String) throws -> Execution.Inner {
    let session = CloudSession(CloudSettings(environment: cloud.environment))
    let service = JSONService(
      session: session, service: .athena, target: "AmazonAthena", canceller: CallCanceller(SilentContext()))
    let all: Executions = try service.ask("ListQueryExecutions", [String: String](), location: "athena")
    let found = try all.QueryExecutionIds.map { id -> Execution.Inner in
      let one: Execution = try service.ask("GetQueryExecution", ["QueryExecutionId": id], location: "athena")
      return one.QueryExecution
    }
    return try #require(found.first { $0.Query.contains(mark) })
  }

  @Test func aQueryThatRunsIsStoppedAtAthenaToo() throws {
    let cloud = try cloud()
    let robot = try robot(cloud)
    defer { robot.close() }
    try hold(10_000)
    defer { try? hold(nil) }
    robot.press("Q")
    robot.settle()
    robot.type("SELECT 'stop me' AS word")
    robot.press("ctrl-r")
    robot.wait("the queue") { $0.athena.progress?.state == "QUEUED" }
    #expect(robot.screen.contains("queued") && robot.screen.contains("^C stops it"), "\(robot.screen)")
    // Meanwhile a second one is refused.
    robot.press("ctrl-r")
    #expect(robot.screen.contains("A query is running"), "\(robot.screen)")
    robot.press("ctrl-c")
    robot.wait("the end") { $0.athena.phase == .cancelled }
    #expect(robot.screen.contains("stopped, at Athena too"), "\(robot.screen)")
    #expect(try execution(cloud, with: "stop me").Status.State == "CANCELLED")
    robot.settle()
    #expect(robot.state.athena.history?.first?.state == "CANCELLED")
  }

  @Test func aLongResultIsUnloadedAsParquetAndReadFromThere() throws {
    let cloud = try cloud()
    let robot = try robot(cloud)
    defer { robot.close() }
    try hold(10_000)
    defer { try? hold(nil) }
    robot.press("Q")
    robot.settle()
    robot.press("f6 tab tab tab")
    robot.type("no place")
    robot.press("ctrl-r")
    #expect(robot.screen.contains("Write it as s3://bucket/prefix/."), "\(robot.screen)")
    robot.press("ctrl-u")
    robot.type("s3://screen/long")
    robot.press("ctrl-r")
    #expect(robot.screen.contains("Parquet to s3://screen/long"), "\(robot.screen)")
    robot.type("SELECT 'unload me' AS word, 1 AS n -- all;")
    robot.press("ctrl-r")
    robot.wait("the queue") { $0.athena.progress?.state == "QUEUED" }
    let query = try execution(cloud, with: "unload me").Query
    let lines = query.split(separator: "\n").map(String.init)
    try #require(lines.count == 4, "\(query)")
    #expect(lines[0] == "UNLOAD (SELECT 'unload me' AS word, 1 AS n -- all" && lines[1] == ")", "\(query)")
    #expect(lines[3] == "WITH (format = 'PARQUET', compression = 'SNAPPY')", "\(query)")
    let key = try #require(lines[2].wholeMatch(of: /TO 's3:\/\/screen\/(long\/athena-[0-9a-f]{8}\/)'/), "\(query)")
      .output.1
    // What Athena would write: files without an ending.
    let file = robot.folder.path + "/part.parquet"
    _ = try Database().write("SELECT 'unload me' AS word, range AS n FROM range(2500)", to: file, format: .parquet)
    try cloud.store.put(
      Data(contentsOf: URL(fileURLWithPath: file)),
      to: S3Location(bucket: "screen", key: key + "20261127_0_part"))
    try hold(nil)
    robot.settle()
    #expect(robot.screen.contains("2,500 rows × 2 columns"), "\(robot.screen)")
    robot.press("ctrl-o")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == 2500, "\(robot.screen)")
    // The rows are found again in the history.
    robot.press("Q")
    robot.settle()
    #expect(robot.state.athena.history?.first?.path == "s3://screen/" + key)
    robot.press("f8 o")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == 2500, "\(robot.screen)")
  }

  @Test func nothingIsUnloadedBecauseAnEarlierQueryWas() throws {
    let cloud = try cloud()
    let robot = try robot(cloud)
    defer { robot.close() }
    func line(_ state: String, _ place: String, _ workgroup: String) -> String {
      """
      {"query":{"sql":"SELECT 1","output":"s3://screen/\(place)/","unload":"s3://screen/\(place)/rows/",\
      "workgroup":"\(workgroup)"},"startedAt":"2026-11-26T14:00:00Z","state":"\(state)"}

      """
    }
    let folder = robot.folder.path + "/state/assay/athena"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data((line("SUCCEEDED", "good", "primary") + line("FAILED", "bad", "none")).utf8)
      .write(to: URL(fileURLWithPath: folder + "/history.jsonl"))
    robot.press("Q")
    robot.settle()
    #expect(robot.state.athena.history?.count == 2, "\(robot.screen)")
    #expect(robot.state.athena.unload.isEmpty)
    #expect(robot.state.athena.output == "s3://screen/good/" && robot.state.athena.workgroup == "primary")
    #expect(!robot.screen.contains("Parquet to"), "\(robot.screen)")
  }

  @Test func whatIsNotKnownIsNotPriced() throws {
    let cloud = try cloud()
    let robot = try robot(cloud)
    defer { robot.close() }
    robot.press("Q")
    robot.settle()
    robot.type("SELECT * FROM orders JOIN nothing ON TRUE")
    robot.press("f4")
    robot.settle()
    #expect(robot.screen.contains("without shop.nothing, whose size nobody knows"), "\(robot.screen)")
    robot.type(" x")
    #expect(robot.screen.contains("The query has changed"), "\(robot.screen)")
  }

  @Test func whatRunsIsNotLostWithTheWindowAndFailuresStand() throws {
    let port = try LocalServer.freePorts(1)[0]
    let robot = try Robot(
      Size(width: 120, height: 40),
      aws: [
        "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_MAX_ATTEMPTS": "1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:\(port)",
      ])
    defer { robot.close() }
    robot.press("Q")
    robot.settle()
    robot.type("SELECT 1")
    robot.press("escape escape")
    #expect(robot.state.overlays.isEmpty, "\(robot.screen)")
    robot.press("Q ctrl-r")
    robot.settle()
    guard case .failed(let text) = robot.state.athena.phase else {
      Issue.record("it did not fail\n\(robot.screen)")
      return
    }
    #expect(text.contains("127.0.0.1:\(port)"), "\(text)")
    #expect(robot.state.athena.history?.first?.state == "FAILED")
    #expect(robot.state.athena.editor.text == "SELECT 1")
  }

  @Test func theFlowIsPutIntoTheSQLOfAthena() throws {
    let cloud = try cloud()
    let robot = try robot(cloud)
    defer { robot.close() }
    robot.open("glue://shop/orders")
    robot.press("Q")
    robot.settle()
    robot.press("f7")
    robot.settle()
    let sql = robot.state.athena.editor.text
    #expect(sql.contains("\"region\"") && sql.contains("FROM \"shop\".\"orders\""), "\(sql)\n\(robot.screen)")
  }

  @Test func theEditorAtEverySize() throws {
    let cloud = try cloud()
    for size in [Size(width: 80, height: 24), Size(width: 120, height: 40), Size(width: 200, height: 60)] {
      let robot = try robot(cloud, size)
      defer { robot.close() }
      robot.press("Q")
      robot.settle()
      robot.type("SELECT region, sum(amount) AS total")
      robot.press("enter")
      robot.type("FROM shop.orders")
      robot.press("enter")
      robot.type("GROUP BY reg")
      expectGolden(stable(robot), "athena-complete-\(size.width)x\(size.height)")
      robot.press("tab f4")
      robot.settle()
      try queue([("region", "varchar"), ("total", "double")], [["north", "12.5"], ["south", "7"]])
      robot.press("ctrl-r")
      robot.settle()
      expectGolden(stable(robot), "athena-rows-\(size.width)x\(size.height)")
    }
    for size in [Size(width: 40, height: 10), Size(width: 20, height: 5), Size(width: 1, height: 1)] {
      let robot = try robot(cloud, size)
      defer { robot.close() }
      robot.press("Q")
      robot.settle()
      robot.type("SELECT reg")
      _ = robot.screen
      if size.width == 40 { #expect(robot.screen.contains("SELECT reg"), "\(robot.screen)") }
    }
  }
}
