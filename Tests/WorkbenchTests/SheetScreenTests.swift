import Engine
import Flow
import Foundation
import Frame
import Grid
import Testing

@testable import Workbench

/// Workbooks and fixed-width text in the import dialog, with a real engine.
@MainActor
@Suite struct SheetScreenTests {
  private static let sales =
    Robot.checkout + "/Tests/FrameTests/Workbooks/sales.xlsx"

  private func source(_ robot: Robot) throws -> Source {
    guard case .source(let source)? = robot.state.flow.graph.steps.first?.operation else {
      throw FrameError(.query, what: "no source was imported: \(robot.screen)")
    }
    return source
  }

  /// Opens the import dialog on a file in the robot's folder, through New data flow.
  private func dialog(_ robot: Robot, _ name: String) {
    robot.press("ctrl-n enter")
    robot.settle()
    robot.type(robot.folder.path + "/" + name)
    robot.press("enter")
    robot.settle()
  }

  @Test func aSheetIsChosenAmongThoseOfTheWorkbook() throws {
    let robot = try Robot()
    defer { robot.close() }
    try FileManager.default.copyItem(atPath: Self.sales, toPath: robot.folder.path + "/sales.xlsx")
    dialog(robot, "sales.xlsx")
    #expect(robot.screen.contains("6 columns: 1 integer"), "\(robot.screen)")
    #expect(robot.screen.contains("all that are filled"))
    robot.press("tab enter")
    #expect(robot.screen.contains("Notes & more"), "\(robot.screen)")
    robot.type("notes")
    robot.press("enter")
    robot.settle()
    #expect(robot.screen.contains("2 columns: 1 integer, 1 text"), "\(robot.screen)")
    robot.press("ctrl-r")
    robot.settle()
    #expect(try source(robot).options.sheet == "Notes & more")
    #expect(robot.state.table.current?.schema.map(\.name) == ["k", "v"])
  }

  @Test func anEmptySheetIsToldAndAnotherCanBeChosen() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    try FileManager.default.copyItem(atPath: Self.sales, toPath: robot.folder.path + "/sales.xlsx")
    dialog(robot, "sales.xlsx")
    robot.press("tab enter")
    robot.type("empty")
    robot.press("enter")
    robot.settle()
    #expect(robot.screen.contains("the sheet Empty is empty"), "\(robot.screen)")
    robot.press("shift-tab enter")
    robot.type("sales")
    // Choosing goes on to the next field.
    robot.press("enter")
    robot.type("A1:B3")
    robot.settle()
    #expect(robot.screen.contains("2 columns: 1 integer, 1 text"), "\(robot.screen)")
    robot.press("ctrl-r")
    robot.settle()
    #expect(try source(robot).options.range == "A1:B3")
  }

  @Test func columnsOfFixedWidthTextAreFoundAndGiven() throws {
    let robot = try Robot()
    defer { robot.close() }
    let text = "1  Herfelingen 27.5\n2    Lambusart  4.0\n3 Spormaggiore  15\n"
    try Data(text.utf8).write(to: robot.folder.appendingPathComponent("towns.txt"))
    dialog(robot, "towns.txt")
    #expect(robot.screen.contains("found from what is blank"), "\(robot.screen)")
    #expect(robot.screen.contains("3 columns: 1 integer, 1 real, 1 text"), "\(robot.screen)")
    robot.press("tab tab")
    robot.type("1,14,x")
    robot.settle()
    robot.press("ctrl-r")
    #expect(robot.screen.contains("write widths as 3,12,9"), "\(robot.screen)")
    robot.press("backspace")
    robot.type("5")
    robot.press("tab")
    robot.type("id,name,size")
    robot.settle()
    robot.press("ctrl-r")
    robot.settle()
    let source = try source(robot)
    #expect(source.options.widths == [1, 14, 5])
    #expect(robot.state.table.current?.schema.map(\.name) == ["id", "name", "size"])
    // The flow keeps how its source is read.
    let saved = try JSONDecoder().decode(Source.self, from: JSONEncoder().encode(source))
    #expect(saved == source)
  }

  @Test func theRowsOfAStepGoIntoAWorkbook() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(Self.sales)
    let place = robot.folder.path + "/out.xlsx"
    robot.choose("Write rows")
    robot.press("ctrl-u")
    robot.type(place)
    robot.press("enter")
    robot.settle()
    let written = try Database().open(Source(location: place))
    #expect(written.schema.map(\.name) == ["id", "name", "amount", "day", "when", "ok"])
  }
}
