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
    abstract: "Draw a histogram, bars, a scatter plot, boxes, or a heatmap of density or correlation.",
    discussion: """
      assay chart census.csv --kind histogram --x age
      assay chart census.csv --kind scatter --x age --y hours_per_week --color-by income
      assay chart census.csv --kind box --x age --by education
      assay chart census.csv --kind density --x age --y hours_per_week
      assay chart census.csv --kind heatmap            (all numeric columns; --x names some, again and again)
      assay chart census.csv --kind bar --x education -o education.svg
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

  @Option(
    help: ArgumentHelp(
      "Show this part of the horizontal axis only: two numbers or dates, such as 20:40 or 2024-01-01:2024-06-30.",
      valueName: "A:B"))
  var xRange: AxisRange?

  @Option(help: ArgumentHelp("Show this part of the vertical axis only.", valueName: "A:B"))
  var yRange: AxisRange?

  @OptionGroup var drawing: DrawingOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write to this file instead; its ending chooses the format: .svg, .png, .pdf, .txt (text), .ansi (with colours), "
        + ".json or .csv (the numbers behind the chart).", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp("Size of a picture in pixels, such as 1200x800, in place of columns and rows.", valueName: "WxH")
  )
  var pixels: PixelSize?

  @Option(help: "Background of a picture: light or dark.")
  var paper: ChartFileOptions.Paper = .light

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
    do {
      let format = try output.map { try ChartFileFormat(path: $0) }
      if pixels != nil, format?.isPicture != true {
        throw ValidationError("--pixels is for pictures: name a file with -o that ends in .svg, .png or .pdf")
      }
    } catch let error as ChartFileError {
      throw ValidationError("\(error)")
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
    try AxisRange.check(view, of: chart)
    guard let output else {
      if json { return try headless.writeJSON(chart) }
      return try headless.console.write(drawing.draw(chart, headless.console, view: view))
    }
    switch try ChartFileFormat(path: output) {
    case .json: try write(CommandLineTool.json(chart) + "\n", to: output)
    case .ansi: try write(text(chart, headless, .indexed256), to: output)
    case .txt: try write(text(chart, headless, .mono), to: output)
    case .svg, .png, .pdf, .csv:
      let options = ChartFileOptions(
        columns: drawing.width, rows: drawing.height, pixels: pixels?.size, paper: paper, view: view)
      _ = try engine.run(.exportChart(chart, path: output, options: options), context: headless.context)
    }
  }

  private func text(_ chart: Chart, _ headless: Headless, _ depth: ColorDepth) -> String {
    drawing.draw(chart, headless.console, toFile: true, depth: drawing.color?.depth ?? depth, view: view)
  }

  private var view: ChartView { ChartView(x: xRange?.range, y: yRange?.range) }
}

extension ChartFileOptions.Paper: ExpressibleByArgument {}

/// `1200x800`.
struct PixelSize: ExpressibleByArgument {
  let size: Size

  init?(argument: String) {
    let parts = argument.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let width = parts[0], let height = parts[1], (1...16_384).contains(width),
      (1...16_384).contains(height)
    else { return nil }
    size = Size(width: width, height: height)
  }
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
