import Engine
import Foundation
import Grid
import TestSupport
import Testing
import Widgets

@testable import Workbench

/// Training word vectors, and the word lab, by keys alone and with a real engine.
@MainActor
struct WordScreenTests {
  /// Sentences about fruit and about metal, of words that never mix.
  private static let texts: String = {
    let topics = [["apple", "pear", "plum", "sweet", "ripe"], ["iron", "zinc", "steel", "heavy", "rust"]]
    var state: UInt64 = 3
    return "n,text\n"
      + (0..<160).map { row in
        let words = (0..<8).map { _ -> String in
          state = state &* 6_364_136_223_846_793_005 &+ 1
          return topics[row % 2][Int(state >> 33) % 5]
        }
        return "\(row),\(words.joined(separator: " "))\n"
      }.joined()
  }()

  private static let vectors = """
    7 2
    apple 1 0.1
    pear 1 0.2
    plum 1 -0.1
    iron 0.1 1
    zinc -0.1 1
    steel 0.2 1
    rust 0 1

    """

  private func robot(_ size: Size = Size(width: 100, height: 30)) throws -> Robot { try Robot(size) }

  /// Without the folder of this run.
  private func stable(_ robot: Robot) -> String { robot.stableScreen.replacing(/Model in.*/, with: "Model in") }

  private func lab(_ robot: Robot, _ path: String) {
    robot.press("M")
    robot.settle()
    robot.press("o")
    robot.type(path)
    robot.press("enter")
    robot.settle()
  }

  @Test func aTrainingIsAskedForWatchedAndItsModelLookedInto() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.open(try robot.file("texts.csv", Self.texts))
    robot.press("M")
    robot.settle()
    #expect(robot.screen.contains("n trains word vectors"), "\(robot.screen)")
    robot.press("n")
    robot.settle()
    #expect(robot.screen.contains("[ text (text)"), "\(robot.screen)")
    for name in ["vector_dim", "epochs", "min_count", "window_size", "learning_rate"] {
      #expect(robot.screen.contains(name), "\(name)\n\(robot.screen)")
    }
    // Mode, source, column, words, then the numbers.
    robot.press("tab tab tab tab ctrl-u")
    robot.type("8")
    robot.press("tab ctrl-u")
    robot.type("6")
    robot.press("ctrl-r")
    robot.settle()
    let training = try #require(robot.state.words.trainings.first)
    #expect(training.phase == .done, "\(robot.screen)")
    #expect(training.spec.options.vectorDim == 8 && training.spec.options.epochs == 6)
    #expect(training.report?.vocabulary == 10)
    #expect(robot.screen.contains("10 words of 1,280 read have vectors"), "\(robot.screen)")
    #expect(robot.screen.contains("loss by epoch"), "\(robot.screen)")
    robot.press("enter")
    robot.settle()
    robot.type("apple")
    robot.settle()
    #expect(robot.screen.contains("nearest to apple"), "\(robot.screen)")
    robot.press("esc M")
    robot.settle()
    #expect(robot.screen.contains("words-1") && robot.screen.contains("8 numbers, 10 words"), "\(robot.screen)")
    // The model becomes a step of the flow.
    robot.press("s")
    robot.settle()
    #expect(robot.screen.contains("Embed text"), "\(robot.screen)")
    robot.press("ctrl-r")
    robot.settle()
    #expect(robot.state.table.current?.schema.count == 10, "\(robot.screen)")
    #expect(robot.state.flow.graph.steps.last?.learned?.integer("dimensions") == 8)
    robot.press("z")
    robot.settle()
    #expect(robot.state.flow.graph.steps.count == 1)
  }

  @Test func aTrainingIsPausedAndStoppedAndLeavesAModel() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.open(try robot.file("texts.csv", Self.texts))
    robot.choose("Train word vectors")
    robot.settle()
    robot.press("tab tab tab tab tab ctrl-u")
    robot.type("10000")
    robot.press("ctrl-r")
    robot.wait("learning") { ($0.words.trainings.first?.now?.fraction ?? 0) > 0 }
    robot.press("p")
    robot.wait("the pause") { state in !state.requests.values.contains(.steering) }
    #expect(robot.screen.contains("paused"), "\(robot.screen)")
    // What was under way when the pause began is told; then nothing moves.
    Thread.sleep(forTimeInterval: 0.3)
    robot.app.handle([.wake])
    let before = robot.state.words.trainings.first?.now
    Thread.sleep(forTimeInterval: 0.3)
    robot.app.handle([.wake])
    #expect(robot.state.words.trainings.first?.now == before)
    robot.press("p")
    robot.wait("going on") { $0.words.trainings.first?.now != before }
    robot.press("x")
    robot.settle()
    let training = try #require(robot.state.words.trainings.first)
    #expect(training.phase == .stopped(isUsable: true), "\(robot.screen)")
    #expect(FileManager.default.fileExists(atPath: training.folder + "/vectors.txt"))
    robot.press("enter")
    robot.type("iron")
    robot.settle()
    #expect(robot.screen.contains("nearest to iron"), "\(robot.screen)")
  }

  @Test func theLabAnswersAsOneTypes() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.open(try robot.file("texts.csv", Self.texts))
    lab(robot, try robot.file("tiny.txt", Self.vectors))
    robot.type("apple")
    robot.settle()
    let lab = try #require(robot.state.overlays.last as? WordLabOverlay)
    #expect(lab.rows(0).first?.word == "pear" && lab.rows(0).count == 6)
    // Enter goes to a neighbour.
    robot.press("down down enter")
    robot.settle()
    #expect(robot.screen.contains("nearest to steel") || robot.screen.contains("nearest to plum"), "\(robot.screen)")
    robot.press("ctrl-u")
    robot.type("apple, plum, zinc")
    robot.settle()
    #expect(robot.screen.contains("!zinc"), "\(robot.screen)")
    robot.press("ctrl-u")
    robot.type("apple - pear + steel")
    robot.settle()
    #expect(robot.screen.contains("nearest to apple + steel - pear"), "\(robot.screen)")
    robot.press("ctrl-u")
    robot.type("apple pear | plum")
    robot.settle()
    #expect(robot.screen.contains("cosine of two texts") && robot.screen.contains(".9"), "\(robot.screen)")
    robot.press("ctrl-u")
    robot.type("apple, pear; zinc, steel; plum, apple; steel, zinc")
    robot.settle()
    #expect(robot.screen.contains("effect size 1.") && robot.screen.contains("!pear"), "\(robot.screen)")
    robot.press("ctrl-u")
    robot.type("aple")
    robot.settle()
    #expect(robot.screen.contains("Did you mean \"apple\"?"), "\(robot.screen)")
  }

  @Test func theMapFindsAWordAndEnterListsItsNeighbours() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.open(try robot.file("texts.csv", Self.texts))
    lab(robot, try robot.file("tiny.txt", Self.vectors))
    robot.press("tab")
    robot.settle()
    #expect(robot.screen.contains("PCA-2"), "\(robot.screen)")
    robot.press("ctrl-n")
    robot.settle()
    #expect(robot.screen.contains("t-SNE"), "\(robot.screen)")
    robot.press("ctrl-n")
    robot.settle()
    robot.type("/zi")
    #expect(robot.screen.contains("1 found") && robot.screen.contains("zinc  Enter"), "\(robot.screen)")
    robot.press("enter")
    robot.settle()
    #expect(robot.screen.contains("nearest to zinc"), "\(robot.screen)")
  }

  @Test func aSearchByMeaningGoesToTheRow() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.open(try robot.file("texts.csv", "n,text\n1,steel and zinc\n2,\n3,an apple or a pear\n4,nothing known\n"))
    lab(robot, try robot.file("tiny.txt", Self.vectors))
    robot.press("shift-tab")
    robot.type("plum")
    robot.press("enter")
    robot.settle()
    #expect(robot.screen.contains("nearest 2 of 4 rows, 2 without a known word, exact"), "\(robot.screen)")
    #expect(!robot.screen.contains("kept vectors"))
    robot.press("ctrl-u")
    robot.type("pear")
    robot.press("enter")
    robot.settle()
    #expect(robot.screen.contains("a known word, exact, kept vectors"), "\(robot.screen)")
    // One may ask for every text to be compared; what was found goes.
    robot.press("ctrl-x")
    #expect(robot.screen.contains("column text  exact") && !robot.screen.contains("nearest"), "\(robot.screen)")
    robot.press("enter")
    robot.settle()
    #expect(robot.screen.contains("nearest 2 of 4 rows"), "\(robot.screen)")
    robot.press("enter")
    #expect(robot.state.overlays.isEmpty && robot.state.table.current?.row == 2, "\(robot.screen)")
  }

  @Test func whatIsMissingOrDamagedIsSaid() throws {
    let robot = try robot()
    defer { robot.close() }
    robot.open(try robot.file("numbers.csv", "a,b\n1,2\n3,4\n"))
    robot.choose("Train word vectors")
    robot.settle()
    #expect(robot.screen.contains("(•) a file"), "\(robot.screen)")
    robot.press("ctrl-r")
    #expect(robot.screen.contains("name a file"), "\(robot.screen)")
    robot.press("esc")
    lab(robot, try robot.file("torn.txt", "2 2\nred 1 0\nblue 0\n"))
    robot.type("red")
    robot.settle()
    #expect(robot.screen.contains("damaged"), "\(robot.screen)")
    robot.press("shift-tab")
    robot.settle()
    #expect(robot.screen.contains("no column of text"), "\(robot.screen)")
  }

  @Test(arguments: [
    Size(width: 80, height: 24), Size(width: 120, height: 40), Size(width: 200, height: 60),
    Size(width: 40, height: 10),
  ])
  func theScreensLookAsTheyDid(_ size: Size) throws {
    let robot = try robot(size)
    defer { robot.close() }
    robot.open(try robot.file("texts.csv", Self.texts))
    let name = "\(size.width)x\(size.height)"
    robot.choose("Train word vectors")
    robot.settle()
    expectGolden(stable(robot), "word-form-\(name)")
    robot.press("esc")
    lab(robot, try robot.file("tiny.txt", Self.vectors))
    robot.type("apple")
    robot.settle()
    expectGolden(stable(robot), "word-lab-\(name)")
    robot.press("tab")
    robot.settle()
    expectGolden(stable(robot), "word-map-\(name)")
    // Whatever the terminal, nothing is drawn outside of it.
    for size in [Size(width: 1, height: 1), Size(width: 3, height: 2), Size(width: 12, height: 4)] {
      robot.resize(size)
      _ = robot.screen
    }
  }
}
