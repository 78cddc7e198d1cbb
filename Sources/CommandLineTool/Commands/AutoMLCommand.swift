import ArgumentParser
import Engine
import Frame
import Learn

extension Objective: ExpressibleByArgument {}
extension AutoMLPreset: ExpressibleByArgument {}

/// `assay automl`.
struct AutoMLCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "automl",
    abstract: "Train the best ensemble of models for a label within a time limit.",
    discussion: """
      assay automl census.csv --target income --metric auc --time-limit 60 -o model
      assay automl train.csv --target price --test test.csv -o model --json

      Boosted trees, forests, linear models, neighbors and naive Bayes are trained over folds, each on rows and features \
      prepared without the rows that it is judged on; then their settings are searched until the time is out. Rows of \
      the leaderboard appear on standard error as candidates end. The best ensemble so far is in the folder from the \
      first candidate on; the same command into the same folder goes on where an earlier run was cut short.
      """)

  @OptionGroup var source: SourceOptions

  @Option(help: ArgumentHelp("The column to predict.", valueName: "column"))
  var target: String

  @Option(help: ArgumentHelp("Rows with the label to judge the ensemble on in the end.", valueName: "file"))
  var test: String?

  @Option(help: ArgumentHelp("Seconds for everything, from reading to judging.", valueName: "seconds"))
  var timeLimit: Double = 60

  @Option(
    help: ArgumentHelp(
      "What to make best: f1, accuracy, auc, balanced_accuracy, precision, recall, log_loss, f1_macro, "
        + "precision_macro, recall_macro, mse, rmse, mae or r2. Default: f1 of two classes, accuracy of more, mse of "
        + "numbers.", valueName: "metric"))
  var metric: Objective?

  @Option(help: "How much to try: quick (no search), balanced, or best (more folds).")
  var preset: AutoMLPreset = .balanced

  @Option(help: "What to take the label for: automatic, classification or regression.")
  var problem: ProblemChoice = .automatic

  @Option(help: ArgumentHelp("Seeds folds, learners and the search.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("Candidates at most. Default: as many as the time allows.", valueName: "n"))
  var candidates: Int?

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder for the model.", valueName: "folder"))
  var output: String

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if !(timeLimit >= 1) { throw ValidationError("--time-limit takes 1 second or more") }
    if let candidates, candidates < 1 { throw ValidationError("--candidates takes a number from 1") }
  }

  func run(_ headless: Headless) throws {
    let engine = headless.engine(source.resources)
    let options = AutoMLOptions(
      target: target, timeLimit: timeLimit, metric: metric, preset: preset, problem: problem, seed: seed,
      threads: source.resources.threads, candidateLimit: candidates)
    var judged = source.value
    if let test { judged.location = test }
    let result = try engine.run(
      .automl(
        NodeRequest(source: source.value), options, test: test == nil ? nil : NodeRequest(source: judged),
        folder: output), context: headless.context)
    guard case .trained(let report) = result else { return }
    headless.notes.tell(report.notes)
    if json { return try headless.writeJSON(report) }
    let lines = autoMLLines(
      report, width: headless.console.textWidth, ascii: headless.console.environment.glyphs == .ascii)
    try headless.console.write(lines.joined(separator: "\n") + "\n")
  }
}
