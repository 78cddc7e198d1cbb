import ArgumentParser
import Engine
import Foundation
import Frame
import Learn

extension Objective: ExpressibleByArgument {}
extension AutoMLPreset: ExpressibleByArgument {}
extension AutoMLMode: ExpressibleByArgument {}
extension TextTreatment: ExpressibleByArgument {}

/// `assay automl`.
struct AutoMLCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "automl",
    abstract: "Train the best ensemble of models for a label within a time limit.",
    discussion: """
      assay automl census.csv --target income --metric auc --time-limit 60 -o model
      assay automl train.csv --target price --test test.csv -o model --json
      assay automl train.csv --target price --definitions-only --json > candidates.json
      assay automl train.csv --target price --candidates candidates.json -o model
      assay automl reviews.csv --target stars --encoder ~/models/minilm -o model
      assay automl sales.parquet --target returned --workers 10.0.0.5:4400,10.0.0.6:4400 -o model

      Boosted trees, forests, neural networks, linear models, neighbors and naive Bayes are trained over folds, each on rows and features \
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
  var maxCandidates: Int?

  @Option(help: "What is made: ensembling, tuning (the best single candidate of a search), or auto.")
  var mode: AutoMLMode = .auto

  @Option(help: ArgumentHelp("Rows with the label to judge candidates on, instead of folds.", valueName: "file"))
  var validation: String?

  @Option(
    help: ArgumentHelp("A column that says how much each row counts while learning.", valueName: "column"))
  var weight: String?

  @Flag(help: "Let each class count as much as any other while learning.")
  var balanced = false

  @Option(
    help: ArgumentHelp("A column whose rows of one value are never parted by folds.", valueName: "column"))
  var group: String?

  @Option(
    help: ArgumentHelp(
      "A column to order rows by: candidates are judged on rows that come after those that they learn from.",
      valueName: "column"))
  var time: String?

  @Option(
    help: ArgumentHelp(
      "A folder of an encoder of texts (BERT, sentence-transformers, GPT-2, ELMo, model2vec), or word vectors, that "
        + "candidates may read free text with. The model refers to it by path and digest.", valueName: "folder"))
  var encoder: String?

  @Option(
    help: ArgumentHelp(
      "How all candidates read free text: terms (TF-IDF), vectors (the mean of word vectors that are trained on the rows "
        + "learnt from) or encoder. Default: a part of them in each way.", valueName: "way"))
  var texts: TextTreatment?

  @Option(
    help: ArgumentHelp(
      "Who grows the trees of LightGBM together: a number of processes of this machine, or workers that assay worker "
        + "--listen waits with on others, HOST:PORT by commas. Each million of rows needs one; with several, more than a "
        + "million are learnt from.", valueName: "workers"))
  var workers: String?

  @Flag(help: "Print the candidates that would be trained first, and train nothing.")
  var definitionsOnly = false

  @Flag(
    help: ArgumentHelp(
      "Print what the rows are, column by column, and what to look at first; train nothing. With --output the report is "
        + "also written there, as exploration.md and exploration.json."))
  var exploreOnly = false

  @Option(
    help: ArgumentHelp(
      "Train these candidates and no others: what --definitions-only --json prints, edited.", valueName: "file"))
  var candidates: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder for the model.", valueName: "folder"))
  var output: String?

  @Flag(help: "Print JSON.")
  var json = false

  private static func pool(_ text: String) throws -> WorkerPool {
    do { return try WorkerPool(text) } catch let error as LearnError { throw ValidationError(error.description) }
  }

  func validate() throws {
    if let workers { _ = try Self.pool(workers) }
    if !(timeLimit >= 1) { throw ValidationError("--time-limit takes 1 second or more") }
    if let maxCandidates, maxCandidates < 1 { throw ValidationError("--max-candidates takes a number from 1") }
    if output == nil, !definitionsOnly, !exploreOnly {
      throw ValidationError("Missing expected argument '--output <folder>'")
    }
    if definitionsOnly, exploreOnly {
      throw ValidationError("--definitions-only and --explore-only exclude one another: ask for one after the other")
    }
    if texts == .encoder, encoder == nil {
      throw ValidationError("--texts encoder needs --encoder FOLDER: the encoder to read texts with")
    }
    if [validation, group, time].compactMap({ $0 }).count > 1 {
      throw ValidationError("--validation, --group and --time exclude one another: candidates are judged in one way")
    }
  }

  func run(_ headless: Headless) throws {
    let engine = headless.engine(source.resources)
    var options = AutoMLOptions(
      target: target, timeLimit: timeLimit, metric: metric, preset: preset, problem: problem, seed: seed,
      threads: source.resources.threads, candidateLimit: maxCandidates)
    options.mode = mode
    (options.weightColumn, options.hasBalancedClasses) = (weight, balanced)
    (options.groupColumn, options.timeColumn) = (group, time)
    (options.encoder, options.texts) = (encoder, texts)
    options.candidates = try candidates.map(Self.candidates)
    options.workers = try workers.map(Self.pool)
    let request = NodeRequest(source: source.value)
    func rows(_ file: String?) -> NodeRequest? {
      file.map { file in
        var source = source.value
        (source.location, source.also) = (file, [])
        return NodeRequest(source: source)
      }
    }
    if exploreOnly {
      let asked = ExplorationRequest(options, validation: rows(validation), test: rows(test), folder: output)
      guard case .explored(let found) = try engine.run(.explore(request, asked), context: headless.context) else {
        return
      }
      if json { return try headless.writeJSON(found) }
      return try headless.console.write(found.lines.joined(separator: "\n") + "\n")
    }
    if definitionsOnly {
      let job = JobSpec.planTraining(request, options, validation: rows(validation))
      guard case .planned(let plan) = try engine.run(job, context: headless.context) else { return }
      headless.notes.tell(plan.notes)
      if json { return try headless.writeJSON(plan.candidates.map(\.spec)) }
      return try headless.console.write(planLines(plan).joined(separator: "\n") + "\n")
    }
    let result = try engine.run(
      .automl(
        request, options, validation: rows(validation), test: rows(test), folder: output ?? ""),
      context: headless.context)
    guard case .trained(let report) = result else { return }
    headless.notes.tell(report.notes)
    if json { return try headless.writeJSON(report) }
    let lines = autoMLLines(
      report, width: headless.console.textWidth, ascii: headless.console.environment.glyphs == .ascii)
    try headless.console.write(lines.joined(separator: "\n") + "\n")
  }

  /// Candidates out of a file, as `--definitions-only --json` prints them.
  private static func candidates(_ file: String) throws -> [CandidateSpec] {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw ValidationError("\(file): cannot be read. --candidates takes a file of JSON.")
    }
    do {
      return try JSONDecoder().decode([CandidateSpec].self, from: data)
    } catch let error as DecodingError {
      throw ValidationError("\(file): \(Self.text(error)) See assay automl --definitions-only --json for the format.")
    }
  }

  private static func text(_ error: DecodingError) -> String {
    let (context, missing): (DecodingError.Context, String?) =
      switch error {
      case .keyNotFound(let key, let context): (context, key.stringValue)
      case .dataCorrupted(let context), .typeMismatch(_, let context), .valueNotFound(_, let context): (context, nil)
      @unknown default: (DecodingError.Context(codingPath: [], debugDescription: "it cannot be read"), nil)
      }
    let path = context.codingPath.map { key in
      key.intValue.map { "candidate \($0 + 1)" } ?? key.stringValue
    }.joined(separator: ", ")
    let place = path.isEmpty ? "" : path + ": "
    return place + (missing.map { "\($0) is missing." } ?? context.debugDescription)
  }
}
