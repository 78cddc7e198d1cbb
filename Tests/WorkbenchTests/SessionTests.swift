import Engine
import Flow
import Foundation
import Frame
import Grid
import Testing
import Widgets

@testable import Workbench

/// The record of a session, done again without a screen: the same flow, the same results.
@MainActor @Suite struct SessionTests {
  /// The flow without what differs from run to run: when and how long.
  private func timeless(_ flow: FlowFile) -> FlowFile {
    var flow = flow
    flow.reading = nil
    for index in flow.analyses.indices {
      flow.analyses[index].provenance = nil
    }
    for step in flow.graph.steps where step.fitting != nil {
      try? flow.graph.setFitting(step.id, Fitting(rows: step.fitting?.rows ?? 0, at: .distantPast))
    }
    return flow
  }

  /// Waits for the record to be written, and does it again.
  private func replay(_ robot: Robot, _ options: Replay.Options = .init()) throws -> Replay {
    let path = try #require(robot.state.logPath)
    let written = { (try? SessionScript(contentsOf: path))?.entries.count ?? 0 }
    robot.wait("the record") { state in written() == state.log.count }
    let script = try SessionScript(contentsOf: path)
    // The mark of a file is found when the line is written.
    #expect(script.entries.map(\.line.command.word) == robot.state.log.map(\.command.word))
    var replay = Replay(script, path: path, options: options)
    try replay.check()
    let engine = Engine(
      configuration: .init(locations: Locations(environment: ["HOME": robot.folder.path]), threads: 1))
    defer { engine.close() }
    try replay.run(Replay.Work(engine) { _ in })
    return replay
  }

  private func form(_ robot: Robot, _ title: String, _ text: String) {
    robot.press("+")
    robot.type(title)
    robot.press("enter")
    robot.settle()
    robot.type(text)
    robot.settle()
    robot.press("ctrl-r")
    robot.settle()
  }

  @Test func aSessionDoneAgainGivesTheSameFlowAndResults() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(Robot.census)
    form(robot, "Filter", "age > 30")
    #expect(robot.state.flow.graph.steps.count == 2)
    // A step that learns, one that is turned off and on, one that is moved, and one that goes.
    robot.press("2")
    form(robot, "Custom SQL", "SELECT *, age * 2 AS twice FROM data")
    robot.press("space space")
    robot.settle()
    robot.press("c")
    robot.settle()
    robot.press("r")
    robot.type(" again")
    robot.press("enter")
    robot.settle()
    robot.press("K")
    robot.settle()
    robot.press("d z Z z")
    robot.settle()
    // A target, a chart that is kept, and a look that becomes steps.
    robot.press("3 t . ")
    robot.settle()
    robot.press("4 a")
    robot.settle()
    robot.press("3 &")
    robot.type("age < 60")
    robot.press("enter")
    robot.settle()
    robot.press("] g k")
    robot.settle()
    let flow = robot.state.flow
    #expect(flow.graph.steps.count > 4 && flow.analyses.count == 1 && flow.target != nil)
    #expect(!robot.state.log.contains { if case .edit(.replace) = $0.command { true } else { false } })
    let replay = try replay(robot)
    #expect(timeless(replay.flow).graph == timeless(flow).graph)
    #expect(timeless(replay.flow) == timeless(flow))
    // Saved, they are the same file but for the time.
    let (mine, other) = (robot.folder.path + "/mine.flow", robot.folder.path + "/other.flow")
    try timeless(flow).write(to: mine)
    try timeless(replay.flow).write(to: other)
    #expect(try Data(contentsOf: URL(fileURLWithPath: mine)) == Data(contentsOf: URL(fileURLWithPath: other)))
  }

  @Test func lookingLeavesNoRecordAndNoFile() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(Robot.census)
    let count = robot.state.log.count
    #expect(count == 1)
    robot.press("j j G [ / e x enter n N F q I q i escape ? escape . q w W")
    robot.settle()
    #expect(robot.state.log.count == count)
  }

  @Test func whatIsWrittenIsRecordedAndWrittenAgainElsewhere() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(try robot.file("people.csv", "name,age\nAda,36\nBob,70\n"))
    robot.press("3 ] e ctrl-u")
    robot.type(robot.folder.path + "/rows.csv")
    robot.press("enter")
    robot.settle()
    robot.press("g c")
    robot.type("age")
    robot.press("enter .")
    robot.settle()
    robot.press("4 e ctrl-u")
    robot.type(robot.folder.path + "/age.json")
    robot.press("enter")
    robot.settle()
    robot.press("2 E ctrl-u")
    robot.type(robot.folder.path + "/people.assay")
    robot.press("enter")
    robot.settle()
    robot.press("ctrl-s ctrl-u")
    robot.type(robot.folder.path + "/people.flow")
    robot.press("enter")
    robot.wait("the flow") { $0.flowPath != nil }
    #expect(
      robot.state.log.map(\.command.word) == ["data.open", "rows.write", "chart.export", "flow.export", "flow.save"])
    var options = Replay.Options()
    options.outputs = .folder(robot.folder.path + "/again")
    let replay = try replay(robot, options)
    #expect(replay.written.count == 4)
    for name in ["rows.csv", "age.json", "people.assay"] {
      let first = try Data(contentsOf: URL(fileURLWithPath: robot.folder.path + "/" + name))
      #expect(try Data(contentsOf: URL(fileURLWithPath: robot.folder.path + "/again/" + name)) == first, "\(name)")
    }
    // The script that was written makes the flow too.
    #expect(try Replay.flow(of: robot.folder.path + "/people.assay").graph.steps == robot.state.flow.graph.steps)
  }

  @Test func theLogShowsWhatIsRecordedAndGoesBack() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    robot.open(Robot.census)
    form(robot, "Filter", "age > 30")
    robot.press("D")
    #expect(robot.screen.contains("Command log") && robot.screen.contains("2 recorded"))
    #expect(robot.screen.contains("1  Opened census.csv") && robot.screen.contains("Recorded in"))
    #expect(robot.screen.contains("Added Filter: age > 30"))
    robot.press("up enter")
    #expect(robot.screen.contains("no change that undo can go to"))
    robot.press("s ctrl-u")
    robot.type(robot.folder.path + "/mine")
    robot.press("enter")
    robot.wait("the copy") { $0.message?.text.contains("Saved the session to") == true }
    #expect(try SessionScript(contentsOf: robot.folder.path + "/mine.assay").entries.count == 2)
  }

  @Test func aSessionOpensAsItsFlow() throws {
    let robot = try Robot()
    defer { robot.close() }
    let path = robot.folder.path + "/census.assay"
    var file = FlowFile(name: "census")
    file.graph.addSource(Source(location: Robot.census))
    try file.graph.add(.filter("age > 30"), after: "s1")
    try file.script().write(toFile: path, atomically: true, encoding: .utf8)
    robot.app.open(path)
    robot.wait("the flow") { $0.flow.graph.steps.count == 2 }
    robot.settle()
    #expect(robot.state.flowPath == nil, "saving never writes over the script")
    #expect(try replay(robot).flow.graph.steps == robot.state.flow.graph.steps)
    let broken = try robot.file("broken.assay", "{\"v\":1}\n{\"do\":\"flow.delete\",\"step\":\"s1\"}\n")
    robot.app.open(broken)
    robot.wait("the error") { $0.message?.text.contains("broken.assay: line 2: the flow has no step s1") == true }
  }

  // MARK: - Parameters

  @Test func aParameterIsAskedForSetAndUsed() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    robot.open(Robot.census)
    form(robot, "Filter", "age > {{limit}}")
    #expect(robot.state.flow.graph.steps.count == 2)
    #expect(robot.state.table.current?.error?.contains("{{limit}} has no value") == true)
    robot.press("2 p")
    #expect(robot.screen.contains("limit = (no value)") && robot.screen.contains("in s2"))
    robot.press("enter")
    #expect(robot.screen.contains("{{limit}}"))
    robot.type("many")
    robot.press("ctrl-r")
    #expect(robot.screen.contains("is a number"))
    robot.press("ctrl-u")
    robot.type("80")
    robot.press("ctrl-r")
    robot.settle()
    #expect(robot.screen.contains("limit = 80"))
    let few = robot.state.table.current?.exactRows ?? 0
    #expect(few > 0 && few < 100)
    robot.press("enter ctrl-u")
    robot.type("30")
    robot.press("ctrl-r escape")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == 3370)
    robot.press("z")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == few)
    #expect(try replay(robot).flow.graph == robot.state.flow.graph)
  }

  @Test func aParameterCanBeAddedRenamedByNobodyAndDeleted() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(Robot.census)
    robot.choose("Parameters…")
    robot.press("end enter")
    robot.type("1st")
    robot.press("ctrl-r")
    #expect(robot.screen.contains("is no name"))
    robot.press("ctrl-u")
    robot.type("who")
    robot.press("ctrl-r")
    robot.settle()
    #expect(robot.state.flow.graph.parameter("who")?.value == nil)
    robot.press("end enter")
    robot.type("who")
    robot.press("ctrl-r")
    #expect(robot.screen.contains("a parameter of this name already"))
    robot.press("escape home enter down down right enter")
    robot.settle()
    #expect(robot.state.flow.graph.parameters.isEmpty, "\(robot.screen)")
  }

  @Test func aNumberFieldTakesAParameter() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.open(Robot.census)
    try #require(robot.state.flow.graph.parameters.isEmpty)
    var file = robot.state.flow
    try file.graph.setParameter(FlowParameter("n", .number, "3"))
    robot.press("+")
    robot.type("Bin")
    robot.press("enter")
    robot.settle()
    robot.press("tab tab")
    let before = robot.screen
    robot.press("ctrl-u")
    robot.type("{{n}}")
    #expect(robot.screen.contains("{{n}}"), "\(before)\n\(robot.screen)")
    #expect(!robot.screen.contains("is not a number"))
  }
}
