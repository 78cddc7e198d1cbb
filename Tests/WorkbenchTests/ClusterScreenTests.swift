import Engine
import Flow
import Foundation
import Frame
import Grid
import ProgramDriver
import TestSupport
import Testing
import Widgets

@testable import Workbench

/// Tables of a cluster on the screen, by keys alone, on a real server.
@MainActor
@Suite(.serialized, .enabled(if: LocalServer.areInstalled, "\(LocalServer.missing)")) struct ClusterScreenTests {
  private static let rows = 3000

  /// A robot that looks at a table of the cluster, of which ten rows come unasked.
  private func robot(_ size: Size = Size(width: 120, height: 40)) throws -> Robot {
    let place = ClusterPlace(remote: "sc://127.0.0.1:\(try LocalServer.spark.get().port)", rowLimit: 10)
    let robot = try Robot(size, cluster: place)
    let table = robot.folder.path + "/orders.parquet"
    _ = try Database().write(
      """
      SELECT i AS id, 'c' || (i % 7) AS city, CASE WHEN i % 9 <> 0 THEN i / 8.0 END AS price, i % 3 = 0 AS gift
      FROM range(\(Self.rows)) t(i)
      """, to: table)
    robot.press("ctrl-o")
    robot.type("spark:parquet.`\(table)`")
    robot.press("enter")
    robot.settle()
    return robot
  }

  @Test(arguments: [Size(width: 80, height: 24), Size(width: 120, height: 40)])
  func theFormTellsHowManyRowsThereAre(_ size: Size) throws {
    let robot = try robot(size)
    defer { robot.close() }
    robot.press("g b")
    robot.settle()
    #expect(robot.screen.contains("3,000 rows"), "\(robot.screen)")
    #expect(robot.screen.contains("orders.parquet"), "\(robot.screen)")
    #expect(robot.screen.contains("read it in this flow"), "\(robot.screen)")
    robot.press("escape")
    #expect(robot.state.overlays.isEmpty)
  }

  @Test func rowsThatWereBroughtTakeThePlaceOfTheTableAndTheStepsBelowStay() throws {
    let robot = try robot()
    defer { robot.close() }
    let source = try #require(robot.state.selected)
    robot.choose("Bring rows here")
    robot.settle()
    // The table itself is a file of this machine, which is not written over.
    robot.press("ctrl-r")
    #expect(robot.state.overlays.count == 1)
    #expect(robot.screen.contains("exists"), "\(robot.screen)")
    robot.press("end")
    for _ in 0..<60 { robot.press("backspace") }
    robot.type("here.parquet")
    robot.press("ctrl-r")
    robot.settle()
    #expect(robot.state.overlays.isEmpty, "\(robot.screen)")
    guard case .source(let read)? = robot.state.flow.graph[source]?.operation else {
      Issue.record("no source")
      return
    }
    #expect(read.location == robot.folder.path + "/here.parquet")
    #expect(robot.state.table.current?.exactRows == Self.rows, "\(robot.screen)")
    #expect(robot.state.message?.text.contains("3,000 rows from Spark at sc://127.0.0.1:") == true, "\(robot.screen)")
    robot.press("z")
    robot.settle()
    guard case .source(let old)? = robot.state.flow.graph[source]?.operation else { return }
    #expect(old.location.hasPrefix("spark:"))
  }

  @Test func aSampleBeginsANewFlow() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.choose("Bring rows here")
    robot.settle()
    robot.press("right tab")
    #expect(robot.screen.contains("How many"), "\(robot.screen)")
    for _ in 0..<12 { robot.press("backspace") }
    robot.type("250")
    robot.press("tab tab")
    robot.press("end")
    for _ in 0..<60 { robot.press("backspace") }
    robot.type("part.parquet")
    robot.press("tab right")
    #expect(robot.screen.contains("(•) open it as a new flow"), "\(robot.screen)")
    robot.press("ctrl-r")
    robot.settle()
    #expect(robot.state.overlays.isEmpty, "\(robot.screen)")
    #expect(robot.state.table.current?.exactRows == 250, "\(robot.screen)")
    #expect(robot.state.message?.text.hasPrefix("Brought 250 of 3,000 rows") == true, "\(robot.screen)")
    #expect(robot.state.flow.graph.steps.count == 1)
  }

  @Test func whatIsHereAlreadyIsNotBrought() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(Robot.census)
    let command = try #require(robot.state.registry["cluster.bring"])
    #expect(command.availability(robot.state) == .disabled("the rows of this step are here already"))
  }
}
