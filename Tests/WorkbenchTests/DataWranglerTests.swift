import Engine
import Flow
import Foundation
import TestSupport
import Testing

@testable import Workbench

@MainActor struct DataWranglerTests {
  private static func flow(_ name: String) -> String { Robot.checkout + "/Tests/FlowTests/DataWrangler/\(name).flow" }

  @Test func aFlowOfDataWranglerOpensAndSaysWhatIsNotRun() throws {
    let robot = try Robot()
    defer { robot.close() }
    robot.app.open(Self.flow("join"))
    robot.wait("the flow") { $0.screen == .workbench }
    robot.settle()
    #expect(robot.screen.contains("Read from Data Wrangler: 1 part is not run"))
    #expect(robot.state.focus == .flow)
    // Nothing is written over the file.
    #expect(robot.state.flowPath == nil)
    #expect(!robot.state.isDirty)
    #expect(robot.state.errors.contains { $0.text.contains("is not run: rows pass unchanged") })
    let step = robot.state.flow.graph.steps.first { $0.operation.kind.rawValue == "foreign" }
    #expect(step?.note?.contains("Python (PySpark) code, which assay does not run") == true)
    // Told once: the flow that is saved does not tell it again.
    #expect(robot.state.flow.reading == nil)
  }

  @Test func aSourceElsewhereIsGivenAFileOfThisMachine() throws {
    let robot = try Robot()
    defer { robot.close() }
    let path = try robot.file(
      "tracks.csv",
      "trackId,length,energy,acousticness,valence,speechiness,instrumentalness,liveness,tempo,genre\nt1,1,1,1,1,1,1,1,1,Rap\n"
    )
    robot.app.open(Self.flow("join"))
    robot.wait("the flow") { $0.screen == .workbench }
    robot.press("enter")
    #expect(robot.screen.contains("which file is read?"))
    robot.type(path)
    robot.press("enter")
    robot.settle()
    robot.press("shift-tab enter")
    robot.settle()
    let first = robot.state.flow.graph.sources.first
    #expect(first?.operation.summary == path)
    #expect(robot.state.isDirty)
  }

  @Test func aStepThatIsNotRunKeepsItsParametersWhenItsFormIsClosed() throws {
    let flow = try FlowFile(contentsOf: Self.flow("claims"))
    let step = try #require(flow.graph.steps.first { $0.operation.kind.rawValue == "foreign" })
    guard case .transform(let spec) = step.operation else { throw FlowError.noSuchStep(step.id) }
    #expect(spec.parameters["parameters"]?.record?["code"] != nil)
    #expect(!Catalogues.transforms(groups: false).contains { $0.id == "foreign" })
  }
}
