import Engine
import Fairness
import Flow
import Foundation
import Grid
import Plot
import TestSupport
import Testing
import Widgets

@testable import Workbench

/// Bias reports and the studies that follow from them, by keys alone, with a real engine.
@MainActor
struct BiasScreenTests {
  private static let sizes = [(80, 24), (120, 40), (200, 60)].map { Size(width: $0.0, height: $0.1) }

  private func name(_ stem: String, _ size: Size) -> String { "\(stem)-\(size.width)x\(size.height)" }

  /// Compares the screen at every size.
  private func expectGoldens(_ robot: Robot, _ stem: String) {
    for size in Self.sizes {
      robot.resize(size)
      robot.settle()
      expectGolden(robot.stableScreen, name(stem, size))
    }
    robot.resize(Self.sizes[0])
    robot.settle()
  }

  /// Chooses an option of the choice under the focus by typing a part of its name.
  private func pick(_ robot: Robot, _ text: String) {
    robot.press("enter")
    robot.type(text)
    robot.press("enter")
    robot.settle()
  }

  /// Opens the form of a bias report of census: who earns more than 50K, by sex.
  private func form(_ robot: Robot, _ kind: String = "bias report") {
    robot.open(Robot.census)
    robot.press("a")
    robot.type(kind)
    robot.press("enter")
    robot.settle()
    // The label is guessed from the columns; its good outcome is ticked.
    robot.press("tab")
    robot.type(">50")
    robot.press("space tab")
    pick(robot, "sex")
    robot.type("fem")
    robot.press("space")
  }

  /// A report of labels alone, by sex.
  private func report(_ robot: Robot) {
    form(robot)
    robot.press("ctrl-r")
    robot.wait("the report") { state in BiasView.inFront(state) != nil }
    robot.settle()
  }

  @Test func theWholeReportOfAModelByKeysAlone() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    form(robot)
    robot.press("tab")
    pick(robot, "race")
    // No value of race ticked: each in turn. Then the next facet, which stays empty, and the predictions.
    robot.press("tab tab")
    pick(robot, "boosted")
    expectGoldens(robot, "bias-form")
    robot.press("ctrl-r")
    robot.wait("the report", seconds: 300) { state in BiasView.inFront(state) != nil }
    robot.settle()
    let view = try #require(BiasView.inFront(robot.state), "\(robot.screen)")
    #expect(view.pairs.map(\.facet) == ["sex", "race", "race", "race", "race", "race"])
    // All but the two that need a group variable have a value or a reason.
    let names = Set(view.cockpit.metrics)
    #expect(names.count == 21, "\(names)")
    for pair in view.pairs {
      for value in pair.metrics {
        #expect((value.value == nil) == (value.error != nil), "\(pair.groupD) \(value.name)")
      }
    }
    expectGoldens(robot, "bias-cockpit")
    robot.press("down down right enter")
    #expect(robot.screen.contains("group 2 of 6"), "\(robot.screen)")
    expectGoldens(robot, "bias-panel")
    robot.press("enter")
    expectGoldens(robot, "bias-counts")
    // From a number to its rows: as many as the number says, and q comes back.
    robot.press("down down down down down enter")
    robot.settle()
    let counts = try #require(view.pairs[1].counts.d.truePositives)
    #expect(robot.state.overlays.isEmpty, "\(robot.screen)")
    #expect(robot.state.table.current?.exactRows == counts, "\(robot.screen)")
    robot.press("q")
    #expect(robot.state.focus == .chart)
    // What if each group had its own threshold.
    robot.press("t")
    robot.wait("the front", seconds: 300) { state in
      if case .bias(.thresholds)? = state.flow.analyses.last?.result { true } else { false }
    }
    robot.settle()
    robot.press("enter right right")
    #expect(robot.screen.contains("what if"), "\(robot.screen)")
    expectGoldens(robot, "bias-thresholds")
  }

  @Test func everyCountOpensAsManyRowsAsItSays() throws {
    let robot = try Robot(Size(width: 100, height: 34))
    defer { robot.close() }
    report(robot)
    let counts = try #require(BiasView.inFront(robot.state)?.pairs.first?.counts)
    let wanted = [
      (counts.d.rows, counts.a.rows), (counts.d.positives, counts.a.positives),
      (counts.d.negatives, counts.a.negatives),
    ]
    for (line, pair) in wanted.enumerated() {
      for (rows, side) in [(pair.0, ""), (pair.1, "right")] {
        robot.press("4 enter enter")
        robot.press((Array(repeating: "down", count: line) + [side]).joined(separator: " "))
        robot.press("enter")
        robot.settle()
        #expect(robot.state.table.current?.exactRows == rows, "line \(line)\n\(robot.screen)")
        robot.press("q")
      }
    }
  }

  @Test func mendingAddsAStepAndTheSameReportAfterIt() throws {
    let robot = try Robot(Size(width: 100, height: 34))
    defer { robot.close() }
    report(robot)
    robot.press("m")
    robot.settle()
    #expect(robot.screen.contains("Resample to equal cells"), "\(robot.screen)")
    expectGoldens(robot, "bias-mend")
    robot.press("down enter")
    robot.wait("the second report") { state in
      state.flow.analyses.count == 2 && state.flow.analyses[1].result != nil
    }
    robot.settle()
    let view = try #require(robot.state.flow.analyses.last.flatMap { BiasView($0) })
    let gap = try #require(view.pairs[0][.dpl]?.value)
    #expect(abs(gap) < 0.001, "\(robot.screen)")
    robot.press("4 enter")
    #expect(robot.screen.contains("before"), "\(robot.screen)")
    // The step is one of the flow: undo takes report and step away again.
    robot.press("escape z z")
    robot.settle()
    let steps = robot.state.flow.graph.steps.count
    #expect(steps == 1)
  }

  @Test func reweighingAddsAColumnOfWeights() throws {
    let robot = try Robot(Size(width: 100, height: 34))
    defer { robot.close() }
    report(robot)
    robot.press("m enter")
    robot.settle()
    let schema = robot.state.schema.map(\.name)
    #expect(schema.last == "weight", "\(robot.screen)")
    #expect(robot.state.flow.analyses.count == 1)
  }

  @Test func simpsonLooksForColumnsThatExplainTheGap() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    // Berkeley: each department is fair or kind to women, who apply where few are taken.
    var lines = ["dept,sex,admitted"]
    for (dept, sex, yes, no) in [("A", "M", 80, 20), ("A", "F", 9, 1), ("B", "M", 2, 8), ("B", "F", 25, 75)] {
      lines += Array(repeating: "\(dept),\(sex),yes", count: yes) + Array(repeating: "\(dept),\(sex),no", count: no)
    }
    robot.open(try robot.file("berkeley.csv", lines.joined(separator: "\n") + "\n"))
    robot.press("a")
    robot.type("simpson finder")
    robot.press("enter")
    robot.settle()
    robot.press("tab")
    robot.type("true")
    robot.press("space tab")
    pick(robot, "sex")
    robot.press("space ctrl-r")
    robot.wait("the finder") { state in state.flow.analyses.first?.result != nil }
    robot.settle()
    robot.press("5 enter")
    #expect(robot.screen.contains("! turned"), "\(robot.screen)")
    expectGoldens(robot, "bias-simpson")
    robot.press("enter enter")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == 110, "\(robot.screen)")
  }

  @Test func combinedGroupsAreRankedByTheirWorstGap() throws {
    let robot = try Robot(Size(width: 100, height: 34))
    defer { robot.close() }
    form(robot)
    robot.press("tab")
    pick(robot, "race")
    robot.press("ctrl-r")
    robot.wait("the report") { state in BiasView.inFront(state) != nil }
    robot.settle()
    robot.press("4 I")
    robot.wait("the combined groups") { state in state.flow.analyses.count == 2 && state.flow.analyses[1].result != nil
    }
    robot.settle()
    let view = try #require(BiasView.inFront(robot.state), "\(robot.screen)")
    #expect(view.pairs.count > 5)
    robot.press("enter enter enter")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == view.pairs[0].counts.d.rows, "\(robot.screen)")
  }

  @Test func segmentsAndLimitsAreFieldsOfTheFormAndPagesOfTheReport() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    form(robot)
    // Past the next facet, predictions and the group variable to the segments.
    robot.press("tab tab tab tab")
    pick(robot, "workclass")
    robot.type("private")
    robot.press("space tab")
    robot.type("DPX=0.3")
    robot.press("ctrl-r")
    #expect(robot.screen.contains("Did you mean DPL?"), "\(robot.screen)")
    robot.press("ctrl-u")
    robot.type("DPL=0.3")
    expectGoldens(robot, "bias-form-segments")
    robot.press("ctrl-r")
    robot.wait("the report") { state in BiasView.inFront(state) != nil }
    robot.settle()
    let report = try #require(BiasView.inFront(robot.state), "\(robot.screen)").report
    #expect(report.facets[0][.dpl]?.limits == .init(low: -0.3, high: 0.3))
    #expect(report.facets[0][.dpl]?.verdict == .within)
    #expect(report.segments.map(\.name) == ["Private", "__default__"])
    #expect(report.segments.reduce(0) { $0 + $1.rowsUsed } == report.rowsUsed)
    // The pages behind the facet's: those who work in private companies.
    robot.press("4 ] ]")
    robot.settle()
    #expect(robot.screen.contains("workclass = Private"), "\(robot.screen)")
    robot.press("down enter")
    #expect(robot.screen.contains("of the rows with workclass = Private"), "\(robot.screen)")
    robot.press("enter enter")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == report.segments[0].facets[0].counts.d.rows, "\(robot.screen)")
    robot.press("q ]")
    #expect(robot.screen.contains("workclass in no part"), "\(robot.screen)")
  }

  @Test func theHighestOfSeveralScoresIsChosenInTheForm() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    var lines = ["who,y,p_bad,p_good"]
    for row in 0..<80 {
      lines.append("\(row % 2 == 0 ? "a" : "d"),\(row % 3 == 0 ? "good" : "bad"),0.\(row % 7),0.\(row % 5)")
    }
    robot.open(try robot.file("scores.csv", lines.joined(separator: "\n") + "\n"))
    robot.press("a")
    robot.type("bias report")
    robot.press("enter")
    robot.settle()
    robot.press("tab")
    robot.type("good")
    robot.press("space tab")
    pick(robot, "who")
    robot.press("tab tab")
    pick(robot, "highest")
    robot.press("ctrl-r")
    #expect(robot.screen.contains("tick the column of each class"), "\(robot.screen)")
    robot.press("ctrl-a ctrl-r")
    robot.wait("the report") { state in BiasView.inFront(state) != nil }
    robot.settle()
    let report = try #require(BiasView.inFront(robot.state), "\(robot.screen)").report
    #expect(report.spec.prediction == .highest(columns: ["p_bad", "p_good"], labels: ["bad", "good"]))
    let hits = try #require(report.facets[0].counts.d.truePositives)
    robot.press("4 enter enter down down down down down enter")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == hits, "\(robot.screen)")
  }

  @Test func distancesAreToldOverAllClassesToo() throws {
    let robot = try Robot(Size(width: 100, height: 34))
    defer { robot.close() }
    var lines = ["f,y"]
    for row in 0..<60 { lines.append("\(row % 2 == 0 ? "a" : "d"),\(["low", "mid", "top"][row % 5 % 3])") }
    robot.open(try robot.file("three.csv", lines.joined(separator: "\n") + "\n"))
    robot.press("a")
    robot.type("bias report")
    robot.press("enter")
    robot.settle()
    robot.press("tab")
    robot.type("top")
    robot.press("space tab")
    pick(robot, "f")
    robot.press("ctrl-r")
    robot.wait("the report") { state in BiasView.inFront(state) != nil }
    robot.settle()
    robot.press("4 enter down down")
    #expect(robot.screen.contains("Over all classes of y: KL"), "\(robot.screen)")
    robot.press("up")
    #expect(!robot.screen.contains("Over all classes"), "\(robot.screen)")
  }

  /// Whole numbers of few rows are numbers to the library: none is above the largest, and so all are negative.
  @Test func aReportAsTheLibraryMakesItOpensTheRowsThatItCounts() throws {
    let robot = try Robot(Size(width: 100, height: 34))
    defer { robot.close() }
    var lines = ["f,y"]
    for row in 0..<30 { lines.append("\(row % 3 == 0 ? "d" : "a"),\(row % 2 + 1)") }
    robot.open(try robot.file("few.csv", lines.joined(separator: "\n") + "\n"))
    robot.press("a")
    robot.type("bias report")
    robot.press("enter")
    robot.settle()
    pick(robot, "y")
    robot.type("2")
    robot.press("space tab")
    pick(robot, "f")
    robot.type("d")
    robot.press("space tab tab tab tab tab tab tab space tab right ctrl-r")
    robot.wait("the report") { state in BiasView.inFront(state) != nil }
    robot.settle()
    let report = try #require(BiasView.inFront(robot.state), "\(robot.screen)").report
    #expect(report.spec.mode == .smclarify, "\(robot.screen)")
    let counts = report.facets[0].counts
    #expect(counts.d.rows == 10 && counts.d.positives == 0)
    for (line, rows) in [counts.d.rows, counts.d.positives, counts.d.negatives].enumerated() {
      robot.press("4 enter enter")
      robot.press(Array(repeating: "down", count: line).joined(separator: " "))
      robot.press("enter")
      robot.settle()
      #expect(robot.state.table.current?.exactRows == rows, "line \(line)\n\(robot.screen)")
      robot.press("q")
    }
  }

  @Test func mendingTellsWhatBecomesOfTheGapWithinStrata() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    form(robot)
    robot.press("tab tab tab")
    pick(robot, "workclass")
    robot.press("ctrl-r")
    robot.wait("the report") { state in BiasView.inFront(state) != nil }
    robot.settle()
    robot.press("4 m")
    robot.settle()
    #expect(robot.screen.contains("CDDL"), "\(robot.screen)")
    expectGoldens(robot, "bias-mend-strata")
  }

  @Test func driftOfAModelSaysThatItIsOne() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    func people(_ rows: Range<Int>) -> String {
      "sex,age,pay\n"
        + rows.map { "\($0 % 3 == 0 ? "F" : "M"),\(20 + $0 * 7 % 41),\($0 * 7 % 41 > 20 ? "high" : "low")\n" }.joined()
    }
    robot.open(try robot.file("old.csv", people(0..<300)))
    let new = try robot.file("new.csv", people(300..<700))
    robot.choose("add dataset")
    robot.press("enter")
    robot.settle()
    robot.type(new)
    robot.press("enter")
    robot.settle()
    robot.press("shift-tab enter")
    robot.settle()
    robot.press("a")
    robot.type("bias drift")
    robot.press("enter")
    robot.settle()
    robot.press("tab")
    robot.type("high")
    robot.press("space tab")
    pick(robot, "sex")
    robot.type("F")
    robot.press("space tab tab tab")
    pick(robot, "random forest")
    robot.press("ctrl-r")
    robot.wait("the drift", seconds: 120) { state in state.flow.analyses.first?.result != nil }
    robot.settle()
    robot.press("5 enter")
    #expect(robot.screen.contains("One random forest, trained on 240 rows"), "\(robot.screen)")
    #expect(robot.screen.contains("NDCG"), "\(robot.screen)")
  }

  @Test func driftComparesWithAnotherStep() throws {
    let robot = try Robot(Size(width: 100, height: 34))
    defer { robot.close() }
    report(robot)
    robot.press("m down enter")
    robot.wait("the second report") { state in
      state.flow.analyses.count == 2 && state.flow.analyses[1].result != nil
    }
    robot.settle()
    robot.press("3 a")
    robot.type("bias drift")
    robot.press("enter")
    robot.settle()
    robot.press("tab")
    robot.type(">50")
    robot.press("space tab")
    pick(robot, "sex")
    robot.type("fem")
    robot.press("space ctrl-r")
    robot.wait("the drift") { state in state.flow.analyses.count == 3 && state.flow.analyses[2].result != nil }
    robot.settle()
    robot.press("5 enter")
    #expect(robot.screen.contains("distance rule"), "\(robot.screen)")
    #expect(robot.screen.contains("rows before"), "\(robot.screen)")
  }

  @Test func aReportIsSavedWithTheFlowAndReadAgainWithoutComputing() throws {
    let robot = try Robot(Size(width: 100, height: 34))
    defer { robot.close() }
    report(robot)
    let path = robot.folder.appendingPathComponent("bias.flow").path
    try robot.state.flow.write(to: path)
    let read = try FlowFile(contentsOf: path)
    #expect(read.analyses.first?.result == robot.state.flow.analyses.first?.result)
    robot.press("5 e")
    robot.press("ctrl-u")
    robot.type(robot.folder.appendingPathComponent("bias.md").path)
    robot.press("enter")
    robot.settle()
    let text = try String(contentsOfFile: robot.folder.appendingPathComponent("bias.md").path, encoding: .utf8)
    #expect(text.contains("DPL") && text.contains("sex = Female"), "\(text)")
  }

  @Test func whatIsMissingIsSaidAtItsField() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    robot.open(Robot.census)
    robot.press("a")
    robot.type("bias report")
    robot.press("enter")
    robot.settle()
    robot.press("ctrl-r")
    #expect(robot.screen.contains("tick the values that are the good outcome"), "\(robot.screen)")
    robot.press("ctrl-a ctrl-r")
    #expect(robot.screen.contains("then no outcome"), "\(robot.screen)")
    robot.press("ctrl-a")
    robot.type(">50")
    robot.press("space ctrl-r")
    #expect(robot.screen.contains("choose a column whose groups are compared"), "\(robot.screen)")
    pick(robot, "income")
    robot.press("ctrl-r")
    #expect(robot.screen.contains("income is the label already"), "\(robot.screen)")
    pick(robot, "age")
    robot.press("ctrl-r")
    #expect(robot.screen.contains("rows above it are group d"), "\(robot.screen)")
    robot.type("forty")
    robot.press("ctrl-r")
    #expect(robot.screen.contains("numbers with commas between"), "\(robot.screen)")
    #expect(robot.state.flow.analyses.isEmpty)
  }

  @Test func infinitiesAndQuotesAreShownAsTheyAre() throws {
    let robot = try Robot(Size(width: 80, height: 24))
    defer { robot.close() }
    // No row of group d is predicted positive, and names that a condition has to quote.
    var lines = ["who's,\"out\"\"come\",pred"]
    for (who, label, prediction) in [("d'd 😀", "1", "0"), ("a", "1", "1")] {
      lines +=
        Array(repeating: "\(who),\(label),\(prediction)", count: 3)
        + Array(repeating: "\(who),0,\(prediction)", count: 2)
    }
    robot.open(try robot.file("odd.csv", lines.joined(separator: "\n") + "\n"))
    robot.press("a")
    robot.type("bias report")
    robot.press("enter")
    robot.settle()
    pick(robot, "out")
    robot.type("1")
    robot.press("space tab")
    pick(robot, "who")
    robot.type("d'd")
    robot.press("space tab tab")
    pick(robot, "pred")
    robot.press("ctrl-r")
    robot.wait("the report") { state in BiasView.inFront(state) != nil }
    robot.settle()
    #expect(robot.screen.contains("∞"), "\(robot.screen)")
    robot.press("end home enter")
    #expect(robot.screen.contains("only"), "\(robot.screen)")
    robot.press("enter enter")
    robot.settle()
    #expect(robot.state.table.current?.exactRows == 5, "\(robot.screen)")
  }
}

extension BiasView {
  /// The report under the cursor of the analyses pane.
  @MainActor fileprivate static func inFront(_ state: WorkbenchState) -> BiasView? {
    currentAnalysis(state).flatMap { BiasView($0) }
  }
}
