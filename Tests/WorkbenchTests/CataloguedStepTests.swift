import Flow
import Foundation
import Grid
import Testing
import Widgets

@testable import Workbench

/// Steps whose forms follow from the catalogue, by keys alone and with a real engine.
@MainActor
struct CataloguedStepTests {
  private func robot(_ csv: String, _ size: Size = Size(width: 100, height: 34)) throws -> (Robot, String) {
    let robot = try Robot(size)
    let path = robot.folder.appendingPathComponent("orders.csv").path
    try Data(csv.utf8).write(to: URL(fileURLWithPath: path))
    robot.open(path)
    return (robot, path)
  }

  private let orders = "id,customer,price\n1,a,1.5\n2,b,2\n3,,3\n4,c,5.5\n"

  @Test func aScalerIsFittedWhenItIsAddedAndItsEffectIsShownBefore() throws {
    let (robot, _) = try robot(orders)
    defer { robot.close() }
    robot.press("+")
    robot.type("scale")
    robot.press("enter")
    robot.settle()
    #expect(robot.screen.contains("Scaler"), "\(robot.screen)")
    robot.type("price")
    robot.press("space")
    robot.settle()
    #expect(robot.screen.contains("4 rows"), "\(robot.screen)")
    robot.press("shift-tab enter")
    robot.settle()
    let step = try #require(robot.state.flow.graph.steps.last)
    #expect(step.operation.kind.rawValue == "scale")
    #expect(step.learned?["price"]?.record?["center"]?.number == 3)
    #expect(robot.state.table.current?.exactRows == 4)
    robot.press("z")
    robot.settle()
    #expect(robot.state.flow.graph.steps.count == 1)
  }

  @Test func aGroupByCountsUntilAnotherStatisticIsAsked() throws {
    let (robot, _) = try robot(orders)
    defer { robot.close() }
    robot.press("+")
    robot.type("group by")
    robot.press("enter")
    robot.settle()
    #expect(!robot.screen.contains("two columns would be called"), "\(robot.screen)")
    #expect(robot.screen.contains("(none)"))
    robot.type("customer")
    robot.press("space ctrl-r")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == 4, "\(robot.screen)")
    #expect(robot.state.table.current?.schema.map(\.name) == ["customer", "count"])
  }

  @Test func aSecondDatasetIsAddedAndJoinedByKeysAlone() throws {
    let (robot, path) = try robot(orders)
    defer { robot.close() }
    let other = (path as NSString).deletingLastPathComponent + "/customers.csv"
    try Data("customer,city\na,Rome\nb,Oslo\nd,Lima\n".utf8).write(to: URL(fileURLWithPath: other))
    let source = try #require(robot.state.selected)
    robot.choose("add dataset")
    robot.press("enter")
    robot.settle()
    robot.type(other)
    robot.press("enter")
    robot.settle()
    robot.press("shift-tab enter")
    robot.settle()
    #expect(robot.state.flow.graph.sources.count == 2, "\(robot.screen)")
    // Back to the first, which is to be the left side.
    robot.press("2 up")
    robot.settle()
    #expect(robot.state.selected == source)
    robot.press("+")
    robot.type("join")
    robot.press("enter")
    robot.settle()
    robot.type("customers")
    robot.press("enter tab")
    robot.settle()
    robot.type("customer")
    robot.press("enter")
    robot.type("customer")
    robot.press("enter")
    robot.settle()
    #expect(robot.screen.contains("4 → 2 rows"), "\(robot.screen)")
    robot.press("tab tab enter")
    robot.settle()
    let join = try #require(robot.state.flow.graph.steps.last)
    #expect(join.inputs.count == 2 && join.operation.kind.rawValue == "join", "\(robot.screen)")
    #expect(robot.state.table.current?.exactRows == 2)
    #expect(robot.state.table.current?.schema.map(\.name) == ["id", "customer", "price", "city"])
  }
}
