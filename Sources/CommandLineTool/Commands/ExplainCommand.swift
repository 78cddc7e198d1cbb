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
extension CoalitionLink: ExpressibleByArgument {}

/// `assay explain`.
struct ExplainCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tell what moves a model's predictions: SHAP values, global and for each row.",
    discussion: """
      assay explain model.json customers.csv
      assay explain model.txt customers.parquet -o values.parquet     (.csv, .json: a row of values for each row)
      assay explain model.ubj customers.csv --background 100 --scale probability
      assay explain model/ customers.csv --rows 50       (a folder that assay automl wrote)
      assay explain model.json customers.csv --interactions --json
      assay explain model.json customers.csv -o customers.svg --chart swarm     (.png, .pdf, .txt)
      assay explain model/ customers.csv --group sex=Female --effects 5 --shuffle 5 --json
      assay explain model/ customers.csv --flip 12     (what would have to change)
      assay explain model.json customers.csv --row 12 --chart force     (waterfall, decision; --against 40 compares rows)
      assay explain model/ reviews.csv --text body --granularity sentence
      assay explain model/ weeks.csv --steps "sales_{t},price_{t}" --background zero
      assay explain model.json customers.csv -o out/analysis.json      (as Clarify writes it, with its out.csv)

      MODEL is an XGBoost model saved as JSON or UBJ, a LightGBM model saved as text, or the folder of an ensemble that \
      assay automl trained. Columns are matched by name; where a file knows no names, by position. Trees are explained \
      exactly. Without a background, hidden features follow the training rows through each tree; with one they take \
      its rows' values. An ensemble is asked for predictions instead (--method kernel): 100 rows unless --rows says \
      otherwise, against 10 centres of clusters unless there is a background; its values are probabilities of a class, \
      and where they are estimates their standard errors are told. Where trees alone answer, --method tree explains \
      them exactly and all rows: numbers, or the log-odds of the classes of one candidate (model/candidates/0007). The \
      values of a row and the base value add up to the prediction; how far they miss it at worst is always told.
      """)

  enum ChartKind: String, ExpressibleByArgument, CaseIterable {
    case bars, swarm, heatmap, force, decision, waterfall, interactions, shuffle, group, effects

    /// Whether it is a picture of single rows, which --row chooses.
    var isOfRows: Bool { [.force, .decision, .waterfall].contains(self) }
  }

  @Argument(help: "The model: XGBoost JSON or UBJ, LightGBM text, or a folder of assay automl.")
  var model: String

  @OptionGroup var source: SourceOptions

  @Option(
    help: ArgumentHelp(
      "tree (of tree models, also in folders), kernel, permutation, sampling, linear (each feature alone) or exact "
        + "(every subset of up to 16 features). Default: tree of files, kernel of folders.", valueName: "method"))
  var method: ExplainSpec.Method?

  @Option(
    help: ArgumentHelp(
      "Rows whose values hidden features take: a file, how many rows of SOURCE to draw, or one row of zeros (zero) or "
        + "of SOURCE's means (mean; of whole numbers rounded, where a folder is explained).",
      valueName: "file|n|zero|mean"))
  var background: String?

  @Option(
    help: ArgumentHelp("The background is this many centres of clusters of SOURCE's rows (k-means).", valueName: "n"))
  var clusters: Int?

  @Option(help: ArgumentHelp("Subsets of features to ask for, for each row at most.", valueName: "n"))
  var samples: Int?

  @Option(help: "identity, or logit: log-odds of an ensemble's probabilities.")
  var link: CoalitionLink = .identity

  @Option(
    help: ArgumentHelp(
      "Explain this many rows, drawn at random. Default: all by --method tree, 100 otherwise.", valueName: "n"))
  var rows: Int?

  @Flag(help: "Also tell which pairs of features work together.")
  var interactions = false

  @Option(help: "How the rows' values become one of a feature: mean_abs, mean_sq or median.")
  var aggregate: ShapAggregate = .meanAbsolute

  @Option(help: "What is explained of a tree model: margin, probability or log-loss; the last two need a background.")
  var scale: ExplainedOutput = .margin

  @Option(help: ArgumentHelp("The column of labels, for --scale log-loss or --shuffle.", valueName: "column"))
  var label: String?

  @Option(
    help: ArgumentHelp(
      "Also set this many of the most important features to one value after another: partial dependence (PDP), single "
        + "curves (ICE) and accumulated local effects (ALE), in --json, or as pictures of -o FILE.svg --chart effects.",
      valueName: "n"))
  var effects: Int?

  @Option(
    help: ArgumentHelp(
      "Also tell which features make predictions of these rows differ from all others', such as sex=Female.",
      valueName: "column=value"))
  var group: String?

  @Option(
    help: ArgumentHelp(
      "Also shuffle each feature this often, and tell how much the loss rises; a file needs --label.", valueName: "n"))
  var shuffle: Int?

  @Option(
    help: ArgumentHelp(
      "Instead find the smallest change of this row, counted from 1, that flips what the model decides of it.",
      valueName: "row"))
  var flip: Int?

  @Option(
    help: ArgumentHelp(
      "Explain this column's texts by their parts, while all other columns keep their values.", valueName: "column"))
  var text: String?

  @Option(
    help: ArgumentHelp(
      "Parts of --text: token (default), sentence or paragraph. Of --steps: timewise (default), or fine_grained for a "
        + "value of each column.", valueName: "granularity"))
  var granularity: String?

  @Option(
    help: ArgumentHelp(
      "What stands in place of a part of --text that is not there, such as [MASK]. Default: it is left out.",
      valueName: "text"))
  var replacement: String?

  @Option(
    help: ArgumentHelp(
      "Columns that become known in the order of time, for asymmetric Shapley values: a pattern such as "
        + "\"sales_{t},price_{t}\" ({lag} where larger numbers are older), or steps from the oldest on, \"a1,b1;a2,b2\".",
      valueName: "steps"))
  var steps: String?

  @Option(help: "The direction of --steps: chronological, anti_chronological or bidirectional.")
  var direction: FeatureOrder.Direction?

  @Option(
    help: ArgumentHelp(
      "Instead explain this row, counted from 1: what each feature adds to its prediction.", valueName: "row"))
  var row: Int?

  @Option(
    help: ArgumentHelp("Compare --row with this row: which features make the difference.", valueName: "row"))
  var against: Int?

  @Option(help: ArgumentHelp("Seeds the rows drawn.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write to this file: the values of each row (.parquet, .csv, .json), a chart (.svg, .png, .pdf, .txt), or "
        + "analysis.json.", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "The chart: bars; swarm: a dot for each row; heatmap; force and decision of several rows, or with waterfall of "
        + "--row; interactions, shuffle, group and effects where these were asked for.", valueName: "chart"))
  var chart: ChartKind?

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var drawing: DrawingOptions

  private enum Target {
    case values(String)
    /// Clarify's `analysis.json`, with `explanations_shap/out.csv` beside it.
    case clarify(String, values: String)
    case picture(String, ChartFileFormat)

    var isPicture: Bool { if case .picture = self { true } else { false } }
  }

  func validate() throws {
    if let rows, rows < 1 { throw ValidationError("--rows takes a whole number from 1, not \(rows)") }
    if let background, let number = Int(background), number < 1 {
      throw ValidationError("--background takes a file or a whole number from 1, not \(number)")
    }
    if let clusters, clusters < 1 { throw ValidationError("--clusters takes a whole number from 1, not \(clusters)") }
    if let samples, samples < 1 { throw ValidationError("--samples takes a whole number from 1, not \(samples)") }
    if clusters != nil, background != nil { throw ValidationError("--clusters and --background exclude each other") }
    if clusters != nil, method == .tree {
      throw ValidationError("--clusters is for methods that ask for predictions, such as --method kernel")
    }
    try validateScale()
    try validateParts()
    for (name, value) in [
      ("effects", effects), ("shuffle", shuffle), ("flip", flip), ("row", row), ("against", against),
    ] {
      if let value, value < 1 { throw ValidationError("--\(name) takes a whole number from 1, not \(value)") }
    }
    if scale != .margin, effects != nil || shuffle != nil || flip != nil {
      throw ValidationError("--effects, --shuffle and --flip are of --scale margin")
    }
    if group != nil, namedGroup == nil { throw ValidationError("--group takes COLUMN=VALUE, such as sex=Female") }
    if chart == .effects, effects == nil { throw ValidationError("--chart effects needs --effects N") }
    try validateRows()
    if interactions, let method, ![.tree, .exact, .kernel].contains(method) {
      throw ValidationError("--interactions needs --method tree, kernel or exact")
    }
    let target = try target()
    if chart != nil, let target, !target.isPicture {
      throw ValidationError("--chart belongs to a picture, such as -o FILE.svg")
    }
  }

  private func validateRows() throws {
    for (kind, isAsked, option) in [
      (ChartKind.interactions, interactions, "--interactions"), (.shuffle, shuffle != nil, "--shuffle N"),
      (.group, group != nil, "--group COLUMN=VALUE"), (.waterfall, row != nil, "--row N"),
    ] where chart == kind && !isAsked {
      throw ValidationError("--chart \(kind.rawValue) needs \(option)")
    }
    if against != nil, row == nil { throw ValidationError("--against needs --row N, the row to compare with") }
    guard row != nil else { return }
    if flip != nil { throw ValidationError("--row and --flip exclude each other") }
    if effects != nil || shuffle != nil || group != nil || interactions {
      throw ValidationError("--effects, --shuffle, --group and --interactions are of all rows, not of --row")
    }
    if scale == .logLoss { throw ValidationError("--row is of --scale margin or probability") }
    if let chart, !chart.isOfRows { throw ValidationError("--row has the charts waterfall, force and decision") }
    if against != nil, let chart, chart != .waterfall { throw ValidationError("--against has the chart waterfall") }
    if let output, try target()?.isPicture != true {
      throw ValidationError("\(output): end its name in .svg, .png, .pdf or .txt for a chart; --json prints the values")
    }
  }

  private func validateScale() throws {
    if scale != .margin, background == nil {
      throw ValidationError("--scale \(scale.rawValue) needs --background FILE or --background N")
    }
    if scale == .logLoss ? label == nil : (label != nil && shuffle == nil) {
      throw ValidationError(
        scale == .logLoss ? "--scale log-loss needs --label COLUMN" : "--label belongs to --scale log-loss or --shuffle"
      )
    }
    if scale != .margin, interactions { throw ValidationError("--interactions are those of --scale margin") }
    if scale != .margin, let method, method != .tree {
      throw ValidationError("--scale \(scale.rawValue) needs --method tree")
    }
  }

  private func target() throws -> Target? {
    guard let file = output, text == nil else { return nil }
    if file.split(separator: "/").last == "analysis.json" {
      return .clarify(file, values: String(file.dropLast("analysis.json".count)) + "explanations_shap/out.csv")
    }
    let ending = URL(fileURLWithPath: file).pathExtension.lowercased()
    if let format = ChartFileFormat(rawValue: ending), format != .csv, format != .json { return .picture(file, format) }
    guard SourceFormat(path: file)?.isWritten == true else {
      throw ValidationError(
        "\(file): end its name in .parquet, .csv or .json for values, or in .svg, .png, .pdf or .txt for a chart")
    }
    return .values(file)
  }

  /// - Throws: `UsageError` where `--steps` names no columns.
  private func spec(_ columns: () throws -> [String]) throws -> ExplainSpec {
    let drawn = background.map { text -> ExplainSpec.Background in
      switch text {
      case "zero": .zeros
      case "mean": .means
      default: Int(text).map { .sample($0) } ?? .source(Source(location: text))
      }
    }
    var spec = ExplainSpec(
      model: .path(model), method: method, background: drawn ?? clusters.map { .clusters($0) }, rows: rows,
      hasInteractions: interactions, aggregate: aggregate, output: scale, link: link, samples: samples, label: label,
      seed: seed)
    (spec.effects, spec.shuffles, spec.group) = (effects, shuffle, namedGroup)
    if let steps { spec.time = try timeSteps(steps, columns()) }
    return spec
  }

  private var namedGroup: ExplainSpec.Group? {
    guard let group, let sign = group.firstIndex(of: "="), sign != group.startIndex else { return nil }
    return .init(column: String(group[..<sign]), value: String(group[group.index(after: sign)...]))
  }

  /// The cells of a row of the source.
  private func cells(ofRow number: Int, _ option: String, _ engine: Engine, _ headless: Headless) throws -> [RowCell] {
    var request = NodeRequest(source: source.value)
    request.node = try request.graph.add(.sample(.first(number)), after: request.node)
    var cells: [RowCell] = []
    var read = 0
    try engine.stream(
      request, context: headless.context, begin: { _ in },
      rows: { chunk in
        read += chunk.rowCount
        cells = chunk.columns.map { RowCell(column: $0.column.name, text: $0.text(chunk.rowCount - 1)) }
      })
    guard read == number else {
      throw UsageError("--\(option) \(number): there \(read == 1 ? "is" : "are") \(counted(read, "row"))")
    }
    return cells
  }

  private func flipRow(_ number: Int, _ spec: ExplainSpec, _ engine: Engine, _ headless: Headless) throws {
    let cells = try cells(ofRow: number, "flip", engine, headless)
    let result = try engine.run(.flipRow(NodeRequest(source: source.value), spec, cells), context: headless.context)
    guard case .flippedRow(let found) = result else { return }
    if json { return try headless.writeJSON(found) }
    try headless.console.write(counterfactualLines(found).joined(separator: "\n") + "\n")
  }

  private func picture(_ found: ExplainedTable) -> Chart {
    switch chart {
    case .swarm: found.swarm
    case .heatmap: found.heatmap
    case .force: found.forces
    case .decision: found.decisions
    case .interactions: found.interactions ?? found.bars
    case .shuffle: found.shuffled ?? found.bars
    case .group: found.gap ?? found.bars
    case .effects: found.explanation.effects?.first?.chart(unit: found.explanation.unit) ?? found.bars
    case .bars, .waterfall, nil: found.bars
    }
  }

  private func explainRow(_ number: Int, _ spec: ExplainSpec, _ engine: Engine, _ headless: Headless) throws {
    func explained(_ number: Int, _ option: String) throws -> RowExplanation? {
      let cells = try cells(ofRow: number, option, engine, headless)
      let request = NodeRequest(source: source.value)
      let result = try engine.run(.explainRow(request, spec, cells), context: headless.context)
      if case .explainedRow(let found) = result { return found }
      return nil
    }
    guard let found = try explained(number, "row") else { return }
    let name = "row \(grouped(number))"
    var chart = rowChart(found, name)
    var comparison: RowComparison?
    if let against, let other = try explained(against, "against") {
      comparison = RowComparison(other, called: "row \(grouped(against))", found, called: name)
      if let comparison { chart = comparison.waterfall(output: 0) }
    }
    try headless.tellSkipped(source.value, engine)
    if case .picture(let path, let format)? = try target() {
      try write(chart, to: path, format, headless, engine)
      headless.console.tell("wrote \(path)")
      if !json { return }
    }
    if json {
      if let comparison { return try headless.writeJSON(comparison) }
      return try headless.writeJSON(RowReport(found, row: number))
    }
    if self.chart != nil { return try headless.console.write(drawing.draw(chart, headless.console)) }
    let rule = rule(headless)
    let lines =
      comparison.map { comparisonLines($0, width: headless.console.textWidth, rule: rule) }
      ?? rowLines(found, name, width: headless.console.textWidth, rule: rule)
    try headless.console.write(lines.joined(separator: "\n") + "\n")
  }

  private func rowChart(_ found: RowExplanation, _ name: String) -> Chart {
    let title = "\(name): \(found.model)" + (found.outputs.count > 1 ? ", \(found.outputs[0].name)" : "")
    switch chart {
    case .force: return found.force(output: 0, title: title)
    case .decision: return found.decision(output: 0, title: title)
    default: return found.waterfall(output: 0, title: title)
    }
  }

  func run(_ headless: Headless) throws {
    let engine = headless.engine(source.resources)
    let target = try target()
    var spec = try self.spec { try columns(engine, headless) }
    if let flip { return try flipRow(flip, spec, engine, headless) }
    if let row { return try explainRow(row, spec, engine, headless) }
    if let text { return try explainTexts(text, spec, engine, headless) }
    switch target {
    case .values(let path): spec.local = .init(path)
    case .clarify(_, let values):
      let folder = URL(fileURLWithPath: values).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      spec.local = .init(values, isClarify: true)
    case .picture, nil: break
    }
    let result = try engine.run(.explain(NodeRequest(source: source.value), spec), context: headless.context)
    guard case .explained(let found) = result else { return }
    try headless.tellSkipped(source.value, engine)
    switch target {
    case .values(let path):
      headless.console.tell("wrote the values of \(counted(found.explanation.rows, "row")) to \(path)")
    case .clarify(let path, let values):
      try CommandLineTool.write(CommandLineTool.json(ClarifyExplanations(found.explanation)) + "\n", to: path)
      headless.console.tell("wrote \(path) and \(values)")
    case .picture(let path, let format):
      try write(picture(found), to: path, format, headless, engine)
      headless.console.tell("wrote \(path)")
    case nil: break
    }
    if json { return try headless.writeJSON(found.explanation) }
    if target != nil { return }
    if chart != nil {
      return try headless.console.write(drawing.draw(picture(found), headless.console))
    }
    let context = drawing.context(headless.console)
    let lines = explanationLines(found.explanation, width: headless.console.textWidth, context: context)
    try headless.console.write(lines.joined(separator: "\n") + "\n")
  }

  private func write(
    _ chart: Chart, to path: String, _ format: ChartFileFormat, _ headless: Headless, _ engine: Engine
  ) throws {
    _ = try headless.delivering(to: path) { path in
      switch format {
      case .txt, .ansi:
        let depth: ColorDepth = format == .txt ? .mono : .indexed256
        let text = drawing.draw(chart, headless.console, toFile: true, depth: drawing.color?.depth ?? depth)
        try CommandLineTool.write(text, to: path)
      case .svg, .png, .pdf, .csv, .json:
        let options = ChartFileOptions(columns: drawing.width, rows: drawing.height)
        _ = try engine.run(.exportChart(chart, path: path, options: options), context: headless.context)
      }
      return [path]
    }
  }
}
