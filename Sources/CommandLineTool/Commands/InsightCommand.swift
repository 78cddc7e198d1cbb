import ArgumentParser
import Engine
import Flow
import Foundation
import Frame
import Grid
import Plot

extension InsightSpec.Kind: ExpressibleByArgument {}

/// `assay insight`.
struct InsightCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "insight",
    abstract: "Tell what is in a table: quality, leakage, associations, outliers, drift and more.",
    discussion: """
      assay insight quality census.csv --target income
      assay insight leakage census.csv --target income
      assay insight associations census.csv --method non-linear
      assay insight drift new.csv --baseline old.csv
      assay insight series sales.csv --column amount --time day --period 7
      assay insight quality census.csv --target income -o report.md      (.json, .txt; .svg, .png, .pdf: its charts)
      """)

  @Argument(
    help: ArgumentHelp(
      "quality, leakage, associations, collinearity, lasso, duplicates, missingness, outliers, anomalies, patterns, "
        + "drift, comparison or series.", valueName: "kind"))
  var kind: InsightSpec.Kind

  @OptionGroup var source: SourceOptions

  @Option(help: ArgumentHelp("The label of quality, leakage and lasso.", valueName: "column"))
  var target: String?

  @Option(help: ArgumentHelp("A column to look at, again and again; default: all that suit.", valueName: "column"))
  var columns: [String] = []

  @Option(help: ArgumentHelp("The texts of patterns, or the values of a series.", valueName: "column"))
  var column: String?

  @Option(help: ArgumentHelp("The dates or times of a series.", valueName: "column"))
  var time: String?

  @Option(help: ArgumentHelp("The file that drift and comparison compare with.", valueName: "file"))
  var baseline: String?

  @Option(
    help: ArgumentHelp(
      "associations: linear or non-linear; outliers: robust-deviation, standard-deviation or quartile-range; of a "
        + "label: classification or regression.", valueName: "word"))
  var method: String?

  @Option(
    help: ArgumentHelp(
      "Deviations beyond which a value is an outlier or a moment stands out, or the penalty of lasso.", valueName: "x"))
  var threshold: Double?

  @Option(help: ArgumentHelp("Values in a season of a series. Default: found from the series.", valueName: "n"))
  var period: Int?

  @Option(help: ArgumentHelp("Seeds samples and forests.", valueName: "n"))
  var seed: UInt64?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write to this file instead; its ending chooses the format.", valueName: "file"))
  var output: String?

  @Flag(help: "Draw the charts below the text.")
  var charts = false

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var drawing: DrawingOptions

  func validate() throws {
    if let method, !kind.methods.contains(method) {
      throw ValidationError(
        kind.methods.isEmpty
          ? "\(kind.rawValue) has no --method"
          : "--method of \(kind.rawValue) is \(kind.methods.joined(separator: ", "))")
    }
    let given: [InsightSpec.Role: Bool] = [
      .target: target != nil, .columns: !columns.isEmpty, .column: column != nil, .time: time != nil,
      .baseline: baseline != nil,
    ]
    let roles = kind.roles
    for (role, isRequired) in roles where isRequired && given[role] != true {
      throw ValidationError("\(kind.rawValue) needs --\(role.rawValue)")
    }
    for role in InsightSpec.Role.allCases where given[role] == true && !roles.contains(where: { $0.role == role }) {
      throw ValidationError("\(kind.rawValue) takes no --\(role.rawValue)")
    }
    if let threshold, !(threshold > 0) { throw ValidationError("--threshold takes a number above 0") }
    if let period, period < 2 { throw ValidationError("--period takes a whole number from 2") }
  }

  func run(_ headless: Headless) throws {
    let engine = headless.engine(source.resources)
    var graph = FlowGraph()
    let node = graph.addSource(source.value)
    let before = baseline.map { graph.addSource(Source(location: $0)) }
    let spec = InsightSpec(
      kind, target: target, columns: columns, column: column, time: time, baseline: before,
      method: method == kind.methods.first ? nil : method, threshold: threshold, period: period, seed: seed)
    let result = try engine.run(
      .analyze(NodeRequest(graph: graph, node: node), .insight(spec)), context: headless.context)
    guard case .analysis(.insight(let found), _) = result else { return }
    try headless.tellSkipped(source.value, engine)
    if let output {
      let title = "\(kind.title) of \(source.value.name)"
      let paths = try headless.delivering(to: output) { try found.write(to: $0, title: title) }
      headless.console.tell(paths.isEmpty ? "there are no charts to write" : "wrote \(paths.joined(separator: ", "))")
      return
    }
    if json { return try headless.writeJSON(found) }
    try headless.console.write(found.lines.joined(separator: "\n") + "\n")
    guard charts else { return }
    for picture in found.charts {
      try headless.console.write("\n" + drawing.draw(picture.chart, headless.console))
    }
  }
}
