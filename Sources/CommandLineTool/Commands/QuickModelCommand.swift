import ArgumentParser
import Engine
import Learn

/// `assay quickmodel`.
struct QuickModelCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "quickmodel",
    abstract: "Train a random forest, to see how well a label can be predicted and by which columns.",
    discussion: """
      70 % of the rows are learnt from and 30 % judged. A label with more than 100 distinct values is predicted as a \
      number, any other as a class. The same seed gives the same report.
      """)

  @OptionGroup var source: SourceOptions

  @Option(help: ArgumentHelp("The column to predict.", valueName: "column"))
  var target: String

  @Option(help: ArgumentHelp("Seeds the split and the forest.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(help: "What to take the label for: automatic, classification or regression.")
  var problem: ProblemChoice = .automatic

  @Option(help: ArgumentHelp("Trees in the forest. Default: 60.", valueName: "n"))
  var trees: Int?

  @Option(help: ArgumentHelp("Levels of splits in a tree. Default: 16.", valueName: "n"))
  var depth: Int?

  @Flag(help: "Print JSON.")
  var json = false

  func run(_ headless: Headless) throws {
    let engine = headless.engine(source.resources)
    var options = QuickModelOptions(target: target, seed: seed, problem: problem)
    if let trees { options.trees = trees }
    if let depth { options.depth = depth }
    options.threads = source.resources.threads
    let result = try engine.run(
      .analyze(NodeRequest(source: source.value), .quickModel(options)), context: headless.context)
    guard case .analysis(.quickModel(let report), _) = result else { return }
    try headless.tellSkipped(source.value, engine)
    headless.notes.tell(report.notes)
    if json { return try headless.writeJSON(report) }
    let context = DrawingOptions.standard(headless.console)
    let lines = quickModelLines(report, width: headless.console.textWidth, context: context)
    try headless.console.write(lines.joined(separator: "\n") + "\n")
  }
}

extension ProblemChoice: ExpressibleByArgument {}
