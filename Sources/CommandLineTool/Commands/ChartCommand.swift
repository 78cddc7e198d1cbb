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
    abstract: "Draw a histogram, bars, boxes, violins, a scatter plot, lines, or a heatmap of density or correlation.",
    discussion: """
      assay chart census.csv --kind histogram --x age --color-by sex
      assay chart census.csv --kind bar --x education --y hours_per_week --aggregate median
      assay chart census.csv --kind scatter --x age --y hours_per_week --color-by income --trend linear
      assay chart census.csv --kind box --x age --by education --facet-by sex
      assay chart sales.csv --kind line --x day --y price --aggregate sum --color-by country
      assay chart census.csv --kind density --x age --y hours_per_week
      assay chart census.csv --kind heatmap            (all numeric columns; --x names some, again and again)
      assay chart census.csv --kind bar --x education -o education.svg
      """)

  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case histogram, bar, box, violin, scatter, line, density, heatmap

    var chart: ChartSpec.Kind {
      switch self {
      case .histogram: .histogram
      case .bar: .bars
      case .box: .box
      case .violin: .violin
      case .scatter: .scatter
      case .line: .line
      case .density: .density
      case .heatmap: .correlation
      }
    }
  }

  @OptionGroup var source: SourceOptions

  @Option(help: "histogram, bar, box, violin, scatter, line, density or heatmap.")
  var kind: Kind

  @Option(
    help: ArgumentHelp("The column to draw, or the horizontal one; several times for a heatmap.", valueName: "column"))
  var x: [String] = []

  @Option(
    help: ArgumentHelp(
      "The vertical column of a scatter plot or a density heatmap; what bars and lines take a figure of.",
      valueName: "column"))
  var y: [String] = []

  @Option(help: ArgumentHelp("A box or a violin for each value of this column.", valueName: "column"))
  var by: String?

  @Option(
    help: ArgumentHelp("Tell the points, lines, bars or outlines of this column's values apart.", valueName: "column"))
  var colorBy: String?

  @Option(
    help: ArgumentHelp(
      "A small chart for each of the 12 most frequent values of this column, on the same axes.", valueName: "column"))
  var facetBy: String?

  @Option(help: "The figure of --y that bars and lines show: count, sum, mean, median, min or max. Default: mean.")
  var aggregate: ChartSpec.Aggregate?

  @Option(
    help: ArgumentHelp(
      "Bins of a histogram, of a density heatmap each way, or points of a line at most. Default: by the values.",
      valueName: "n"))
  var bins: Int?

  @Option(help: ArgumentHelp("Bars of a bar chart; the other values are added up. Default: 20.", valueName: "n"))
  var top: Int?

  @Flag(help: "A logarithmic horizontal axis; values that are not positive count as missing.")
  var logX = false

  @Flag(help: "A logarithmic vertical axis; values that are not positive count as missing.")
  var logY = false

  @Option(help: ArgumentHelp("Points of a scatter plot at most, drawn at random. Default: 20000.", valueName: "n"))
  var sample: Int?

  @Option(help: "A curve through the points of a scatter plot: linear or loess.")
  var trend: ChartSpec.Trend?

  @Option(
    help: ArgumentHelp(
      "Show this part of the horizontal axis only: two numbers or dates, such as 20:40 or 2024-01-01:2024-06-30.",
      valueName: "A:B"),
    transform: AxisRange.init)
  var xRange: AxisRange?

  @Option(
    help: ArgumentHelp("Show this part of the vertical axis only.", valueName: "A:B"), transform: AxisRange.init)
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
    let uses = kind.chart.roles
    let title = kind.chart.title.lowercased()
    for (role, names) in [(ChartSpec.Role.x, x), (.y, y)] where kind != .heatmap && names.count > 1 {
      throw ValidationError("A \(title) takes one column for \(role.option), not \(names.count).")
    }
    let needed = uses.filter(\.isRequired).map(\.role)
    if needed.contains(where: { spec.columns(in: $0).isEmpty }) {
      let options = needed.map { "\($0.option) COLUMN" }.joined(separator: " ")
      throw ValidationError("A \(title) needs \(needed.count == 1 ? "a column" : "two columns"): \(options)")
    }
    if let fault = spec.surplus ?? spec.optionFault { throw ValidationError(fault) }
    do {
      let format = try output.map { try ChartFileFormat(path: $0) }
      if pixels != nil, format?.isPicture != true {
        throw ValidationError("--pixels is for pictures: name a file with -o that ends in .svg, .png or .pdf")
      }
    } catch let error as ChartFileError {
      throw ValidationError("\(error)")
    }
  }

  private var spec: ChartSpec {
    ChartSpec(
      kind.chart, x: kind == .heatmap ? nil : x.first, y: kind == .heatmap ? nil : y.first,
      columns: kind == .heatmap ? x + y : [], by: by, colorBy: colorBy, facetBy: facetBy, aggregate: aggregate,
      bins: bins, limit: top, hasLogX: logX, hasLogY: logY, sample: sample, trend: trend)
  }

  func run(_ headless: Headless) throws {
    let engine = headless.engine(source.resources)
    let result = try engine.run(.analyze(NodeRequest(source: source.value), .chart(spec)), context: headless.context)
    guard case .analysis(.chart(let chart), _) = result else { return }
    try headless.tellSkipped(source.value, engine)
    try AxisRange.check(view, of: chart)
    guard let output else {
      if json { return try headless.writeJSON(chart) }
      return try headless.console.write(drawing.draw(chart, headless.console, view: view))
    }
    _ = try headless.delivering(to: output) { path in
      switch try ChartFileFormat(path: path) {
      case .json: try write(CommandLineTool.json(chart) + "\n", to: path)
      case .ansi: try write(text(chart, headless, .indexed256), to: path)
      case .txt: try write(text(chart, headless, .mono), to: path)
      case .svg, .png, .pdf, .csv:
        let options = ChartFileOptions(
          columns: drawing.width, rows: drawing.height, pixels: pixels?.size, paper: paper, view: view)
        _ = try engine.run(.exportChart(chart, path: path, options: options), context: headless.context)
      }
      return [path]
    }
  }

  private func text(_ chart: Chart, _ headless: Headless, _ depth: ColorDepth) -> String {
    drawing.draw(chart, headless.console, toFile: true, depth: drawing.color?.depth ?? depth, view: view)
  }

  private var view: ChartView { ChartView(x: xRange?.range, y: yRange?.range) }
}

extension ChartFileOptions.Paper: ExpressibleByArgument {}
extension ChartSpec.Aggregate: ExpressibleByArgument {}
extension ChartSpec.Trend: ExpressibleByArgument {}

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
