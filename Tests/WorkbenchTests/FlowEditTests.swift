import Flow
import Foundation
import Frame
import Grid
import Testing
import Widgets

@testable import Workbench

/// Splits, notes, what steps have learnt, and the way of a column, by keys alone and with a real engine.
@MainActor
struct FlowEditTests {
  private func robot(
    _ csv: String = "id,group,price\n1,a,1.5\n2,b,2\n3,a,3\n4,c,5.5\n5,b,1\n6,a,2\n7,c,4\n8,a,2.5\n9,b,7\n10,a,1\n",
    _ size: Size = Size(width: 100, height: 34), glyphs: GlyphSet = .braille
  ) throws -> Robot {
    let robot = try Robot(size, glyphs: glyphs)
    let path = robot.folder.appendingPathComponent("orders.csv").path
    try Data(csv.utf8).write(to: URL(fileURLWithPath: path))
    robot.open(path)
    return robot
  }

  private func add(_ title: String, _ robot: Robot) {
    robot.press("+")
    robot.type(title)
    robot.press("enter")
    robot.settle()
  }

  // MARK: Splits

  @Test func aSplitMakesAStepForEachPartAndOneUndoTakesAllBack() throws {
    let robot = try robot()
    defer { robot.close() }
    add("split", robot)
    #expect(robot.screen.contains("Train") && robot.screen.contains("Test"), "\(robot.screen)")
    #expect(robot.screen.contains("Train: 10 → 8 rows"), "\(robot.screen)")
    robot.press("ctrl-r")
    robot.settle()
    let graph = robot.state.flow.graph
    #expect(graph.steps.map(\.title) == ["Source", "Train", "Test"], "\(robot.screen)")
    #expect(robot.state.selected == graph.steps[1].id)
    #expect(robot.state.table.current?.exactRows == 8)
    robot.press("2 down")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == 2)
    robot.press("z")
    robot.settle()
    #expect(robot.state.flow.graph.steps.count == 1)
    robot.press("Z")
    robot.settle()
    #expect(robot.state.flow.graph.steps.count == 3)
  }

  @Test func thePartsOfASplitStandAsBranches() throws {
    let robot = try robot()
    defer { robot.close() }
    add("split", robot)
    robot.press("ctrl-r")
    robot.settle()
    let screen = robot.screen
    #expect(screen.contains("├● Train") && screen.contains("└● Test"), "\(screen)")
  }

  @Test func editingOnePartEditsAllOfThemAndKeepsWhatFollows() throws {
    let robot = try robot()
    defer { robot.close() }
    add("split", robot)
    robot.press("ctrl-r")
    robot.settle()
    robot.press("2")
    add("filter", robot)
    robot.type("price > 1")
    robot.press("ctrl-r")
    robot.settle()
    let filter = try #require(robot.state.flow.graph.steps.first { $0.operation.kind == .filter })
    robot.press("2 up enter")
    robot.settle()
    // Method, then the first part's name and share.
    robot.press("tab tab")
    for _ in 0..<5 { robot.press("backspace") }
    robot.type("0.5")
    robot.press("tab tab")
    for _ in 0..<5 { robot.press("backspace") }
    robot.type("0.5")
    robot.press("ctrl-r")
    robot.settle()
    let parts = robot.state.flow.graph.steps.filter { !$0.operation.splitParts.isEmpty }
    #expect(parts.map(\.operation.summary) == ["Train of 50/50, random", "Test of 50/50, random"], "\(robot.screen)")
    #expect(robot.state.flow.graph.parent(of: filter.id) == parts.first?.id)
    #expect(robot.state.undo.count == 3)
  }

  @Test func aSplitThatIsInsertedGivesItsFirstPartToWhatFollowed() throws {
    var graph = FlowGraph()
    let source = graph.addSource(Source(location: "a.csv"))
    let filter = try graph.add(.filter("a > 1"), after: source)
    let parts = try graph.addSplit(
      ["method": "random", "parts": [["name": "Train", "share": 0.8], ["name": "Test", "share": 0.2]]], after: source,
      inserts: true)
    #expect(graph.parent(of: filter) == parts[0])
    #expect(graph.children(of: source) == parts)
    #expect(graph.validate().isEmpty)
  }

  // MARK: Notes

  @Test func aNoteStandsBelowTheFlowAndInItsFileAndCanBeUndone() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("2 N")
    robot.type("prices are in euro")
    robot.press("enter")
    robot.settle()
    #expect(robot.state.flow.graph.steps[0].note == "prices are in euro")
    #expect(robot.screen.contains("prices are in euro"), "\(robot.screen)")
    robot.press("z")
    robot.settle()
    #expect(robot.state.flow.graph.steps[0].note == nil)
    #expect(!robot.screen.contains("prices are in euro"))
  }

  @Test func aNoteIsRemovedByLeavingNothing() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("2 N")
    robot.type("x")
    robot.press("enter N backspace enter")
    #expect(robot.state.flow.graph.steps[0].note == nil)
    #expect(robot.state.undo.count == 2)
  }

  @Test func aLongNoteIsCutWithAMarkAndNeverHidesTheFlow() throws {
    for size in [Size(width: 80, height: 24), Size(width: 40, height: 10), Size(width: 120, height: 40)] {
      let robot = try robot(size: size)
      defer { robot.close() }
      robot.press("2 N")
      robot.type(String(repeating: "a word ", count: 60))
      robot.press("enter")
      robot.settle()
      #expect(robot.screen.contains("Source"), "\(robot.screen)")
    }
  }

  private func robot(size: Size) throws -> Robot { try robot("a,b\n1,2\n", size) }

  // MARK: Every edit by key, menu and palette

  @Test(arguments: ["flow.rename", "flow.note", "flow.duplicate", "flow.moveUp", "flow.moveDown", "flow.toggle"])
  func stepsAreEditedByKeyMenuAndPalette(name: String) throws {
    let command = try #require(CommandRegistry.standard[CommandID(name)])
    #expect(!command.keys.isEmpty && command.menu == .flow)
  }

  @Test func duplicateMoveAndDisableAreEachOneUndo() throws {
    let robot = try robot()
    defer { robot.close() }
    for condition in ["price > 1", "id > 1"] {
      robot.press("2")
      add("filter", robot)
      robot.type(condition)
      robot.press("ctrl-r")
      robot.settle()
    }
    robot.press("2 K")
    robot.settle()
    #expect(robot.state.flow.graph.steps.map(\.operation.summary).suffix(2) == ["id > 1", "price > 1"])
    robot.press("z")
    robot.settle()
    #expect(robot.state.flow.graph.steps.map(\.operation.summary).suffix(2) == ["price > 1", "id > 1"])
    robot.press("space")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == 8)
    robot.press("z c")
    robot.settle()
    #expect(robot.state.flow.graph.steps.count == 4)
    robot.press("z")
    robot.settle()
    #expect(robot.state.flow.graph.steps.count == 3)
  }

  // MARK: What a step has learnt

  @Test func aFittedStepShowsWhatItHasLearntAndFromHowManyRows() throws {
    let robot = try robot()
    defer { robot.close() }
    add("encode by freq", robot)
    robot.type("group")
    robot.press("space ctrl-r")
    robot.settle()
    let step = try #require(robot.state.flow.graph.steps.last)
    #expect(step.fitting?.rows == 10, "\(robot.screen)")
    robot.press("2 F")
    let screen = robot.screen
    #expect(screen.contains("Learnt from 10 rows on "), "\(screen)")
    #expect(screen.contains("category") && screen.contains("share"), "\(screen)")
    #expect(screen.contains(/a +5 +0\.5/), "\(screen)")
    robot.press("y esc")
    #expect(robot.state.overlays.isEmpty)
  }

  @Test func aStepThatLearnsNothingSaysSo() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("2 F")
    #expect(robot.state.overlays.isEmpty)
    #expect(robot.screen.contains("learns nothing from the data"), "\(robot.screen)")
  }

  @Test func whatAStepHasLearntFitsEverySize() throws {
    for (size, glyphs) in [
      (Size(width: 80, height: 24), GlyphSet.braille), (Size(width: 40, height: 10), .ascii),
      (Size(width: 200, height: 60), .block),
    ] {
      let robot = try robot("id,price\n1,1.5\n2,2\n3,3\n", size, glyphs: glyphs)
      defer { robot.close() }
      add("principal", robot)
      robot.press("ctrl-a ctrl-r")
      robot.settle()
      robot.press("2 F")
      #expect(robot.screen.contains("Components"), "\(robot.screen)")
      robot.press("G l h g")
      #expect(robot.screen.contains("Components"), "\(robot.screen)")
    }
  }

  // MARK: Lineage

  @Test func theLineageOfAColumnLeadsToTheStepThatMadeIt() throws {
    let robot = try robot()
    defer { robot.close() }
    add("derive", robot)
    robot.type("total")
    robot.press("tab")
    robot.type("price * id")
    robot.press("ctrl-r")
    robot.settle()
    let made = try #require(robot.state.selected)
    robot.press("2")
    add("filter", robot)
    robot.type("id > 2")
    robot.press("ctrl-r")
    robot.settle()
    robot.press("3 end g i")
    robot.settle()
    let screen = robot.screen
    #expect(screen.contains("Lineage of total"), "\(screen)")
    #expect(screen.contains("id, price"), "\(screen)")
    #expect(screen.contains("made from price and id"), "\(screen)")
    #expect(screen.contains("follows from"), "\(screen)")
    robot.press("enter")
    robot.settle()
    #expect(robot.state.selected == made)
    #expect(robot.state.focus == .flow)
  }

  @Test func aColumnThatIsOnlyLookedAtHasNoLineage() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.press("F")
    robot.settle()
    robot.press("g i")
    #expect(robot.state.overlays.isEmpty)
    #expect(robot.screen.contains("figures about the rows"), "\(robot.screen)")
  }

  @Test func aLineageFitsEverySize() throws {
    for size in [Size(width: 40, height: 10), Size(width: 80, height: 24), Size(width: 200, height: 60)] {
      let robot = try robot("a,b\n1,2\n", size)
      defer { robot.close() }
      robot.press("3 g i")
      robot.settle()
      #expect(robot.screen.contains("Lineage of a"), "\(robot.screen)")
      #expect(robot.screen.contains("orders.csv"), "\(robot.screen)")
    }
  }
}
