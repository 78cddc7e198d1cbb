import ArgumentParser
import Engine
import Explain
import Foundation
import Frame
import Grid
import Plot

extension ExplainSpec.Method: ExpressibleByArgument {}
extension ShapAggregate: ExpressibleByArgument {}
extension ExplainedOutput: ExpressibleByArgument {}

/// `assay explain`.
struct ExplainCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tell what moves a model's predictions: exact SHAP values, global and for each row.",
    discussion: """
      assay explain model.json customers.csv
      assay explain model.txt customers.parquet -o values.parquet     (.csv, .json: a row of values for each row)
      assay explain model.ubj customers.csv --background 100 --output probability
      assay explain model.json customers.csv --interactions --json
      assay explain model.json customers.csv -o customers.svg --chart swarm     (.png, .pdf, .txt)

      MODEL is an XGBoost model saved as JSON or UBJ, or a LightGBM model saved as text. Columns are matched by name; \
      where the model knows no names, by position. Without a background, hidden features follow the training rows \
      through each tree; with one they take its rows' values. The values of a row and the base value add up to the \
      prediction; how far they miss it at worst is always told.
      """)

  enum ChartKind: String, ExpressibleByArgument, CaseIterable {
    case bars, swarm
  }

  @Argument(help: "The model: XGBoost JSON or UBJ, or LightGBM text.")
  var model: String

  @OptionGroup var source: SourceOptions

  @Option(help: "tree, or exact: by every subset of up to 16 features, slow.")
  var method: ExplainSpec.Method = .tree

  @Option(
    help: ArgumentHelp(
      "Rows whose values hidden features take: a file, or how many rows of SOURCE to draw.", valueName: "file|n"))
  var background: String?

  @Option(help: ArgumentHelp("Explain this many rows, drawn at random. Default: all.", valueName: "n"))
  var rows: Int?

  @Flag(help: "Also tell which pairs of features work together.")
  var interactions = false

  @Option(help: "How the rows' values become one of a feature: mean_abs, mean_sq or median.")
  var aggregate: ShapAggregate = .meanAbsolute

  @Option(help: "What is explained: margin, probability or log-loss; the last two need a background.")
  var output: ExplainedOutput = .margin

  @Option(help: ArgumentHelp("The column of labels for --output log-loss.", valueName: "column"))
  var label: String?

  @Option(help: ArgumentHelp("Seeds the rows drawn.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(
    name: [.customShort("o"), .customLong("file")],
    help: ArgumentHelp(
      "Write to this file: the values of each row (.parquet, .csv, .json), or a chart (.svg, .png, .pdf, .txt).",
      valueName: "file"))
  var file: String?

  @Option(help: "The chart: bars, or swarm: a dot for each row.")
  var chart: ChartKind?

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var drawing: DrawingOptions

  private enum Target {
    case values(String)
    case picture(String, ChartFileFormat)
  }

  func validate() throws {
    if let rows, rows < 1 { throw ValidationError("--rows takes a whole number from 1, not \(rows)") }
    if let background, let number = Int(background), number < 1 {
      throw ValidationError("--background takes a file or a whole number from 1, not \(number)")
    }
    if output != .margin, background == nil {
      throw ValidationError("--output \(output.rawValue) needs --background FILE or --background N")
    }
    if (output == .logLoss) != (label != nil) {
      throw ValidationError(
        output == .logLoss ? "--output log-loss needs --label COLUMN" : "--label belongs to --output log-loss")
    }
    if output != .margin, interactions { throw ValidationError("--interactions are those of --output margin") }
    if output != .margin, method != .tree { throw ValidationError("--output \(output.rawValue) needs --method tree") }
    let target = try target()
    if case .values = target, chart != nil {
      throw ValidationError("--chart belongs to a picture, such as -o FILE.svg")
    }
  }

  private func target() throws -> Target? {
    guard let file else { return nil }
    let ending = URL(fileURLWithPath: file).pathExtension.lowercased()
    if let format = ChartFileFormat(rawValue: ending), format != .csv, format != .json { return .picture(file, format) }
    guard SourceFormat(path: file) != nil else {
      throw ValidationError(
        "\(file): end its name in .parquet, .csv or .json for values, or in .svg, .png, .pdf or .txt for a chart")
    }
    return .values(file)
  }

  private var spec: ExplainSpec {
    ExplainSpec(
      model: model, method: method,
      background: background.map { text in Int(text).map { .sample($0) } ?? .source(Source(location: text)) },
      rows: rows, hasInteractions: interactions, aggregate: aggregate, output: output, label: label, seed: seed)
  }

  func run(_ headless: Headless) throws {
    let engine = headless.engine(source.resources)
    let target = try target()
    var spec = spec
    if case .values(let path) = target { spec.localPath = path }
    let result = try engine.run(.explain(NodeRequest(source: source.value), spec), context: headless.context)
    guard case .explained(let found) = result else { return }
    try headless.tellSkipped(source.value, engine)
    switch target {
    case .values(let path):
      headless.console.tell("wrote the values of \(counted(found.explanation.rows, "row")) to \(path)")
    case .picture(let path, let format):
      try write(chart == .swarm ? found.swarm : found.bars, to: path, format, headless, engine)
      headless.console.tell("wrote \(path)")
    case nil: break
    }
    if json { return try headless.writeJSON(found.explanation) }
    if target != nil { return }
    if chart != nil {
      return try headless.console.write(drawing.draw(chart == .swarm ? found.swarm : found.bars, headless.console))
    }
    let context = drawing.context(headless.console)
    let lines = explanationLines(found.explanation, width: headless.console.textWidth, context: context)
    try headless.console.write(lines.joined(separator: "\n") + "\n")
  }

  private func write(
    _ chart: Chart, to path: String, _ format: ChartFileFormat, _ headless: Headless, _ engine: Engine
  ) throws {
    switch format {
    case .txt, .ansi:
      let depth: ColorDepth = format == .txt ? .mono : .indexed256
      let text = drawing.draw(chart, headless.console, toFile: true, depth: drawing.color?.depth ?? depth)
      try CommandLineTool.write(text, to: path)
    case .svg, .png, .pdf, .csv, .json:
      let options = ChartFileOptions(columns: drawing.width, rows: drawing.height)
      _ = try engine.run(.exportChart(chart, path: path, options: options), context: headless.context)
    }
  }
}
