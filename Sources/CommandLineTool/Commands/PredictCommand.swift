import ArgumentParser
import Engine
import Frame

/// `assay predict`.
struct PredictCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Predict the rows of a source with a trained model.",
    discussion: """
      assay predict model new.csv -o predictions.csv
      assay predict model new.csv --proba --keep-columns -o scored.parquet

      Every file of the model is checked against its manifest before it is read; nothing in the folder is run as code.
      """)

  @Argument(help: "The folder of a model, as assay automl writes it.")
  var model: String

  @OptionGroup var source: SourceOptions

  @Flag(help: "A column for the probability of each class, too.")
  var proba = false

  @Flag(help: "The columns of the source, too.")
  var keepColumns = false

  @OptionGroup var output: RowOutputOptions

  @Flag(help: "The same as --format json.")
  var json = false

  func validate() throws {
    if json, let format = output.format, format != .json {
      throw ValidationError("--json and --format \(format.rawValue) contradict each other")
    }
  }

  func run(_ headless: Headless) throws {
    let engine = headless.engine(source.resources)
    var request = PredictionRequest(bundle: model, withProbabilities: proba, keepsColumns: keepColumns)
    let target = try output.target(headless.console, isJSON: json)
    if case .file(let path, let format) = target { (request.path, request.format) = (path, format) }
    let result = try engine.run(.predict(NodeRequest(source: source.value), request), context: headless.context)
    switch (result, target) {
    case (.written(let path, let rows, _), _): headless.console.tell("wrote \(counted(rows, "row")) to \(path)")
    case (.table(let table), .stream(let format)):
      var writer = format.writer(headless.console)
      try writer.begin(table.schema)
      try writer.append(table)
      try writer.end()
    default: break
    }
    try headless.tellSkipped(source.value, engine)
  }
}
