import ArgumentParser
import Engine
import Foundation
import Frame
import Grid
import Plot

/// `assay chart`.
struct ChartCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "chart",
    abstract: "Draw a histogram, bars, a scatter plot, boxes, a density or correlation heatmap as text.",
    discussion: """
      assay chart census.csv --kind histogram --x age
      assay chart census.csv --kind scatter --x age --y hours_per_week --color-by income
      assay chart census.csv --kind box --x age --by education
      assay chart census.csv --kind density --x age --y hours_per_week
      assay chart census.csv --kind heatmap            (all numeric columns; --x names some, again and again)
      """)

  enum Kind: String, ExpressibleByArgument, CaseIterable { case histogram, bar, scatter, box, density, heatmap }

  @OptionGroup var source: SourceOptions

  @Option(help: "histogram, bar, scatter, box, density or heatmap.")
  var kind: Kind

  @Option(
    help: ArgumentHelp("The column to draw, or the horizontal one; several times for a heatmap.", valueName: "column"))
  var x: [String] = []

  @Option(help: ArgumentHelp("The vertical column of a scatter plot or a density heatmap.", valueName: "column"))
  var y: [String] = []

  @Option(help: ArgumentHelp("Colour the points of a scatter plot by this column.", valueName: "column"))
  var colorBy: String?

  @Option(help: ArgumentHelp("A box for each value of this column.", valueName: "column"))
  var by: String?

  @Option(help: ArgumentHelp("Bins of a histogram. Default: Freedman and Diaconis' rule.", valueName: "n"))
  var bins: Int?

  @Option(help: ArgumentHelp("Bars of a bar chart; the other values are added up.", valueName: "n"))
  var top = 20

  @OptionGroup var drawing: DrawingOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write to this file instead: .txt (text), .ansi (with colours) or .json.", valueName: "file"))
  var output: String?

  @Flag(help: "Print the numbers behind the chart as JSON.")
  var json = false

  func validate() throws {
    switch kind {
    case .histogram, .bar, .box:
      if x.count != 1 { throw ValidationError("A \(kind.rawValue) chart needs one column: --x COLUMN") }
      if !y.isEmpty { throw ValidationError("--y is for scatter plots and density heatmaps") }
    case .scatter:
      if x.count != 1 || y.count != 1 {
        throw ValidationError("A scatter plot needs two columns: --x COLUMN --y COLUMN")
      }
    case .density:
      if x.count != 1 || y.count != 1 {
        throw ValidationError("A density heatmap needs two columns: --x COLUMN --y COLUMN")
      }
    case .heatmap: break
    }
    if colorBy != nil, kind != .scatter { throw ValidationError("--color-by is for scatter plots") }
    if by != nil, kind != .box { throw ValidationError("--by is for box plots") }
    if bins != nil, kind != .histogram { throw ValidationError("--bins is for histograms") }
    if let bins, !(1...10_000).contains(bins) {
      throw ValidationError("--bins takes a number from 1 to 10000, not \(bins)")
    }
    if !(1...10_000).contains(top) { throw ValidationError("--top takes a number from 1 to 10000, not \(top)") }
    if let output, !["txt", "ansi", "json"].contains(ending(output)) {
      throw ValidationError("\(output): a chart is written as .txt, .ansi or .json")
    }
  }

  private var spec: AnalysisSpec {
    switch kind {
    case .histogram: .histogram(column: x[0], bins: bins)
    case .bar: .bars(column: x[0], limit: top)
    case .scatter: .scatter(x: x[0], y: y[0], colorBy: colorBy)
    case .box: .box(column: x[0], by: by)
    case .density: .density(x: x[0], y: y[0])
    case .heatmap: .correlation(columns: x + y)
    }
  }

  func run(_ headless: Headless) throws {
    let engine = headless.engine(source.resources)
    let result = try engine.run(.analyze(NodeRequest(source: source.value), spec), context: headless.context)
    guard case .analysis(.chart(let chart), _) = result else { return }
    try headless.tellSkipped(source.value, engine)
    guard let output else {
      return json ? try headless.writeJSON(chart) : try headless.console.write(drawing.draw(chart, headless.console))
    }
    let text: String
    switch ending(output) {
    case "json": text = try CommandLineTool.json(chart) + "\n"
    case "ansi": text = drawing.draw(chart, headless.console, toFile: true, depth: drawing.color.depth ?? .indexed256)
    default: text = drawing.draw(chart, headless.console, toFile: true, depth: drawing.color.depth ?? .mono)
    }
    try write(text, to: output)
  }

  private func ending(_ path: String) -> String { URL(fileURLWithPath: path).pathExtension.lowercased() }
}

/// Writes a file beside `path` and renames it, so that no half of it is ever there.
/// - Throws: `OutputError`.
func write(_ text: String, to path: String) throws {
  do {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
  } catch {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    let code = underlying?.domain == NSPOSIXErrorDomain ? underlying?.code : nil
    throw OutputError(location: path, code: Int32(code ?? Int(errno)))
  }
}
