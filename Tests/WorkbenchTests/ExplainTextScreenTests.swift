import Engine
import Explain
import Flow
import Foundation
import Grid
import Learn
import Plot
import TestSupport
import Testing
import Widgets

@testable import Workbench

/// Texts by their words, steps in time, and rows behind marks, by keys alone and with a real engine.
@MainActor @Suite(.serialized) struct ExplainTextScreenTests {
  private static let sizes = [(80, 24), (120, 40), (200, 60)].map { Size(width: $0.0, height: $0.1) }

  private func expectGoldens(_ robot: Robot, _ stem: String) {
    for size in Self.sizes {
      robot.resize(size)
      robot.settle()
      expectGolden(robot.stableScreen, "\(stem)-\(size.width)x\(size.height)")
    }
    robot.resize(Self.sizes[1])
    robot.settle()
  }

  /// Weeks of a shop, each with what was sold in three of them and a note, and a model of who pays well.
  /// - Returns: the path of the rows and of the model's folder.
  private func weeks(_ robot: Robot) throws -> (file: String, model: String) {
    let words = [["bad", "poor", "awful"], ["good", "great", "splendid"]]
    let ends = ["We come again!", "The queue was long.", "Nobody asked for paper bags."]
    var text = "sales_1,sales_2,sales_3,note,pay\n"
    for row in 0..<160 {
      let isGood = row * 7 % 10 > 4
      let sales = [row * 13 % 17, row * 5 % 11, row * 3 % 23]
      text += sales.map(String.init).joined(separator: ",")
      text += ",\"Shop \(row) had a \(words[isGood ? 1 : 0][row % 3]) week. \(ends[row / 3 % 3])\","
      text += (isGood ? sales[2] > 3 : sales[2] > 18) ? "high\n" : "low\n"
    }
    let file = try robot.file("weeks.csv", text)
    let model = robot.folder.path + "/model"
    let options = AutoMLOptions(target: "pay", timeLimit: 120, preset: .quick, threads: 2, candidateLimit: 1)
    _ = try Engine(configuration: Engine.Configuration(threads: 1, keepsTables: false)).run(
      .automl(NodeRequest(source: .init(location: file)), options, test: nil, folder: model))
    return (file, model)
  }

  /// Opens the form of an explanation with the path of a model.
  private func form(_ robot: Robot, model: String) {
    robot.press("a")
    robot.type("explain model")
    robot.press("enter")
    robot.settle()
    robot.press("right tab")
    robot.type(model)
  }

  private func explained(_ robot: Robot) throws -> ExplainView {
    robot.press("ctrl-r")
    robot.wait("the explanation", seconds: 120) { state in currentExplanation(state) != nil }
    robot.settle()
    return try #require(currentExplanation(robot.state), "\(robot.screen)")
  }

  private func sheet(_ robot: Robot) -> TextExplanationOverlay? {
    robot.state.overlays.last as? TextExplanationOverlay
  }

  /// The parts of each text and the base value add up to the prediction.
  private func expectSums(_ found: TextExplanation, sourceLocation: SourceLocation = #_sourceLocation) {
    for row in found.rows {
      let sum = row.parts.reduce(row.baseValues[0]) { $0 + $1.values[0] }
      #expect(abs(sum - row.predictions[0]) < 1e-9, sourceLocation: sourceLocation)
    }
  }

  @Test func textsAreExplainedByTheirWordsFromARowAndFromTheExplanation() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    let (file, model) = try weeks(robot)
    robot.open(file)
    form(robot, model: model)
    // Few rows, so that it is quick.
    robot.press("tab")
    robot.type("3")
    let view = try explained(robot)
    #expect(textColumns(view.found) == ["note"])

    // From a row of the table.
    robot.press((["3"] + Array(repeating: "down", count: 26) + ["S"]).joined(separator: " "))
    robot.settle()
    #expect(robot.state.overlays.last is RowExplanationOverlay, "\(robot.screen)")
    robot.press("t")
    robot.settle()
    let one = try #require(sheet(robot)?.found, "\(robot.screen)")
    expectSums(one)
    #expect(one.rows.count == 1 && one.rows[0].text.hasPrefix("Shop 26 had a awful week."))
    #expect(robot.screen.contains("sums miss f(x) by at most"), "\(robot.screen)")
    #expect(robot.screen.contains("without any word"), "\(robot.screen)")
    expectGoldens(robot, "explain-words")
    // The word under the cursor is the same in the text and in the list.
    let most = try #require(sheet(robot)?.part)
    let sizes = one.rows[0].parts.map { abs($0.values[0]) }
    #expect(sizes[most] == sizes.max() && one.rows[0].parts[most].text == "awful", "\(robot.screen)")
    robot.press("left")
    let moved = try #require(sheet(robot))
    #expect(moved.part == most - 1)
    #expect(moved.table.lines[moved.table.cursor].cells[0] == one.rows[0].parts[most - 1].text)
    robot.press("home")
    #expect(sheet(robot)?.part == most)
    // Sentences, and something in their place.
    robot.press("g")
    robot.settle()
    #expect(sheet(robot)?.found?.rows[0].parts.first?.text == "Shop 26 had a awful week.", "\(robot.screen)")
    robot.press("r")
    robot.type("Nothing.")
    robot.press("enter")
    robot.settle()
    #expect(sheet(robot)?.found?.replacement == "Nothing.")
    #expect(robot.screen.contains("with Nothing. for every sentence"), "\(robot.screen)")
    robot.press("escape escape")

    // From the explanation: one text after another, and the words of all.
    robot.press("4 t")
    robot.wait("the texts", seconds: 120) { state in
      (state.overlays.last as? TextExplanationOverlay)?.found?.rows.count == 3 && state.requests.isEmpty
    }
    let all = try #require(sheet(robot)?.found, "\(robot.screen)")
    #expect(all.rows.count == 3 && all.totalRows == 160)
    expectSums(all)
    #expect(robot.screen.contains("3 texts, drawn from 160 rows"), "\(robot.screen)")
    robot.press("] ]")
    #expect(robot.screen.contains("text 3 of 3"), "\(robot.screen)")
    robot.press("tab")
    #expect(robot.screen.contains("adds in the mean"), "\(robot.screen)")
    expectGoldens(robot, "explain-words-all")
    // Values of all parts, and the picture of one text.
    for (name, start) in [
      ("texts.csv", "text,part,start,token,output,value,base_value,prediction"), ("texts.jsonl", "{\"explanations\":"),
      ("text.svg", "<?xml"),
    ] {
      let path = robot.folder.path + "/" + name
      robot.press("e ctrl-u")
      robot.type(path)
      robot.press("enter")
      robot.settle()
      #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix(start), "\(name)\n\(robot.screen)")
    }
    robot.press("tab")
    for (width, height) in [(0, 0), (1, 1), (20, 6), (40, 10)] {
      robot.resize(Size(width: width, height: height))
      _ = robot.screen
    }
  }

  @Test func stepsInTimeAreAskedForInTheFormAndDrawnInTheirOrder() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    let (file, model) = try weeks(robot)
    robot.open(file)
    form(robot, model: model)
    robot.press("tab")
    robot.type("6")
    // Importance, Also, then In time.
    robot.press("tab tab tab space")
    #expect(robot.screen.contains("oldest first"), "\(robot.screen)")
    robot.press("ctrl-r")
    #expect(robot.screen.contains("name the columns of each step"), "\(robot.screen)")
    robot.type("weeks_{t}")
    robot.press("ctrl-r")
    #expect(robot.screen.contains("no column fits weeks_{t}"), "\(robot.screen)")
    robot.press("ctrl-u")
    robot.type("sales_{t}")
    let view = try explained(robot)
    #expect(view.found.explanation.method == "asymmetric, chronological")
    #expect(view.found.pages.contains(.steps))
    robot.press("g t")
    #expect(shownChart(robot.state) == view.found.steps)
    guard case .content(let content)? = view.found.steps, let boxes = content as? BoxPlot else {
      Issue.record("no boxes")
      return
    }
    #expect(boxes.groups.map(\.label) == ["other columns", "t 1", "t 2", "t 3"])
    expectGoldens(robot, "explain-steps")
    // A row's way through time.
    robot.press("3 S")
    robot.settle()
    robot.press("p p p")
    let timeline = try #require(robot.screen.range(of: "other columns"))
    #expect(robot.screen[timeline.upperBound...].contains("t 1"), "\(robot.screen)")
    expectGoldens(robot, "explain-row-steps")
    // A step is no column that could hold something else.
    robot.press("enter")
    #expect(robot.screen.contains("steps of several columns"), "\(robot.screen)")
  }

  // MARK: Marks

  /// Trees that predict income are explained.
  private func census(_ robot: Robot) throws {
    robot.open(Robot.census)
    robot.press("a")
    robot.type("explain model")
    robot.press("enter")
    robot.settle()
    robot.press("tab enter")
    robot.type("income")
    robot.press("enter")
    _ = try explained(robot)
  }

  @Test func theRowsBehindAMarkAreExplainedWithOneKey() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    try census(robot)
    // A bar of a column is no row.
    robot.press("S")
    #expect(robot.screen.contains("no single rows behind this mark"), "\(robot.screen)")
    // A dot of the beeswarm is a row that was kept.
    robot.press("] right S")
    #expect(robot.state.overlays.last is RowExplanationOverlay, "\(robot.screen)")
    robot.press("escape")
    // A bin of a histogram is many rows, of which one is chosen.
    robot.press("3 .")
    robot.settle()
    robot.press("right right S")
    robot.settle()
    #expect(robot.state.overlays.last is MarkRowsOverlay, "\(robot.screen)")
    expectGoldens(robot, "explain-mark")
    robot.press("down enter")
    robot.settle()
    #expect(robot.state.overlays.last is RowExplanationOverlay, "\(robot.screen)")
    #expect(robot.screen.contains("sums miss f(x)"), "\(robot.screen)")
    robot.press("escape")
    #expect(robot.state.overlays.last is MarkRowsOverlay)
  }

  @Test func aMarkOfOneRowOpensItsExplanationAtOnce() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    let rows = (0..<60).map { "p\($0),\($0 * 7 % 13),\($0 * 7 % 13 > 5 ? "high" : "low")\n" }
    robot.open(try robot.file("few.csv", "name,y,pay\n" + rows.joined()))
    robot.press("a")
    robot.type("explain model")
    robot.press("enter")
    robot.settle()
    robot.press("tab enter")
    robot.type("pay")
    robot.press("enter")
    _ = try explained(robot)
    // Every name occurs once.
    robot.press("3 .")
    robot.settle()
    robot.press("S")
    robot.settle()
    #expect(robot.state.overlays.last is RowExplanationOverlay, "\(robot.screen)")
    #expect(robot.screen.contains("sums miss f(x)"), "\(robot.screen)")
  }

  @Test func withoutAModelTheKeyOnAMarkSaysWhatIsWanting() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    robot.open(Robot.census)
    robot.press(".")
    robot.settle()
    robot.press("S")
    #expect(robot.screen.contains("no model explains these rows yet"), "\(robot.screen)")
  }

  @Test func theValuesOfEveryRowAreWrittenFromTheReport() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    try census(robot)
    let path = robot.folder.path + "/values.csv"
    robot.press("5 e ctrl-u")
    robot.type(path)
    robot.press("enter")
    robot.settle()
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 5_001 && lines[0].hasSuffix("base_value,prediction"), "\(robot.screen)")
    #expect(robot.screen.contains("Wrote the values of 5,000 rows"), "\(robot.screen)")
  }
}
