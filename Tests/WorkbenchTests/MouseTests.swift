import Engine
import Grid
import Testing
import Widgets

@testable import Workbench

extension Robot {
  func mouse(_ kind: MouseEvent.Kind, _ x: Int, _ y: Int) {
    app.handle([.mouse(MouseEvent(kind, at: Point(x: x, y: y)))])
  }

  func click(_ place: Point, clicks: Int = 1) {
    mouse(.press(.left, clicks: clicks), place.x, place.y)
    mouse(.release(.left), place.x, place.y)
  }

  /// Where a text first stands on screen.
  func place(of text: String) -> Point? {
    for (y, line) in draw(state).grid.lines.enumerated() {
      guard let range = line.firstRange(of: text) else { continue }
      return Point(x: TextWidth.of(String(line[..<range.lowerBound])), y: y)
    }
    return nil
  }
}

/// The pointer.
@MainActor
struct MouseTests {
  private func open() throws -> Robot {
    let robot = try Robot()
    robot.open(Robot.census)
    robot.press(".")
    robot.settle()
    robot.press("3")
    return robot
  }

  @Test func aClickOnAHeadingSorts() throws {
    let robot = try open()
    defer { robot.close() }
    robot.click(try #require(draw(robot.state).hits.rect(of: .item("table.column", 2))).origin)
    robot.settle()
    #expect(robot.state.table.current?.request.look.sort.first?.column == robot.state.table.current?.schema[2].name)
  }

  @Test func aClickOnACellTakesRowAndColumnAndTwoOpenTheRow() throws {
    let robot = try open()
    defer { robot.close() }
    let hits = draw(robot.state).hits
    let row = try #require(hits.rect(of: .item("table.row", 3)))
    let column = try #require(hits.rect(of: .item("table.column", 2)))
    robot.click(Point(x: column.x, y: row.y))
    #expect(robot.state.table.current?.row == 3 && robot.state.table.current?.column == 2)
    robot.click(Point(x: column.x, y: row.y), clicks: 2)
    #expect(robot.screen.contains("Row 4"))
  }

  @Test func hintsOfDialogsPressTheirKeys() throws {
    let robot = try open()
    defer { robot.close() }
    robot.press("?")
    let close = try #require(robot.place(of: "Esc: close"))
    robot.click(close)
    #expect(robot.state.overlays.isEmpty)
    robot.press("ctrl-p")
    let footer = try #require(draw(robot.state).hits.rect(of: .keys("escape")))
    robot.click(footer.origin)
    #expect(robot.state.overlays.isEmpty)
  }

  @Test func footerHintsRunTheirCommands() throws {
    let robot = try open()
    defer { robot.close() }
    robot.click(try #require(draw(robot.state).hits.rect(of: .command("palette"))).origin)
    #expect(robot.state.overlays.last is PaletteOverlay)
  }

  @Test func bordersAreDraggedWithinTheScreen() throws {
    let robot = try open()
    defer { robot.close() }
    let before = robot.state.layout
    let border = try #require(before.separators.first { $0.id == .rail })
    robot.mouse(.press(.left, clicks: 1), border.rect.x, 5)
    robot.mouse(.drag(.left), border.rect.x + 9, 5)
    robot.mouse(.release(.left), border.rect.x + 9, 5)
    let table = try #require(robot.state.layout.panes[.table])
    #expect(table.x == (before.panes[.table]?.x ?? 0) + 9)
    #expect(robot.state.drag == nil)
    robot.mouse(.press(.left, clicks: 1), table.x, 5)
    robot.mouse(.drag(.left), 5000, 5)
    robot.mouse(.release(.left), -5000, 5)
    for (pane, rect) in robot.state.layout.panes { #expect(rect.width >= 10 && rect.height >= 3, "\(pane)") }
    robot.resize(Size(width: 100, height: 30))
    for (pane, rect) in robot.state.layout.panes { #expect(rect.width >= 10 && rect.height >= 3, "\(pane)") }
    _ = robot.screen
  }

  @Test func aDragOverTheChartIsABoxInItsCells() throws {
    let robot = try open()
    defer { robot.close() }
    let inside = paneInterior(.chart, robot.state, robot.state.layout)
    robot.mouse(.press(.left, clicks: 1), inside.x + 20, inside.y + 2)
    robot.mouse(.drag(.left), inside.x + 30, inside.y + 5)
    #expect(robot.state.drag != nil)
    robot.mouse(.release(.left), inside.x + 30, inside.y + 5)
    #expect(robot.state.chart.box == ChartBox(first: Point(x: 20, y: 2), last: Point(x: 30, y: 5)))
    #expect(robot.state.focus == .chart)
  }

  @Test func theWheelScrollsThePaneUnderThePointer() throws {
    let robot = try open()
    defer { robot.close() }
    robot.press("2")
    let table = try #require(robot.state.layout.panes[.table])
    robot.mouse(.scroll(.down), table.x + 10, table.y + 6)
    #expect(robot.state.table.current?.row == 3)
    #expect(robot.state.focus == .flow)
  }

  @Test func everyClickableCellOfEveryPaneIsHarmless() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    robot.open(Robot.census)
    for y in 0..<24 {
      for x in stride(from: 0, to: 80, by: 3) {
        robot.click(Point(x: x, y: y), clicks: 2)
        robot.press("escape escape")
        #expect(!robot.app.isFinished, "\(x), \(y)")
      }
    }
    robot.settle()
  }
}
