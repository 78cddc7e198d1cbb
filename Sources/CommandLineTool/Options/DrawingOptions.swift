import ArgumentParser
import Grid
import Plot

/// How charts are drawn as text.
struct DrawingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Width in columns. Default: the terminal's, else 80.", valueName: "columns"))
  var width: Int?

  @Option(help: ArgumentHelp("Height in rows. Default: 20, more for many bars.", valueName: "rows"))
  var height: Int?

  @Option(help: "Characters to draw with: auto, braille, block or ascii.")
  var glyphs: GlyphChoice?

  @Option(help: "Colours: auto (on a terminal), never, 16, 256 or direct.")
  var color: ColorChoice?

  @Option(help: ArgumentHelp("A theme that ships, or one of your own.", valueName: "name"), completion: themeNames)
  var theme: String?

  func validate() throws {
    for (name, value) in [("width", width), ("height", height)] {
      if let value, !(1...1000).contains(value) {
        throw ValidationError("--\(name) takes a number from 1 to 1000, not \(value)")
      }
    }
  }

  /// The glyphs and colours for what is printed to the output; colours only on a terminal, or where they were asked for.
  func context(_ console: Console) -> DrawContext {
    let variables = console.environment.variables
    let isForced = variables["FORCE_COLOR"] != nil || variables["CLICOLOR_FORCE"] != nil
    // What a file asks for holds on a terminal: escape sequences in a pipe have to be asked for here.
    let wanted = color == nil ? console.settings.color : nil
    let depth =
      color?.depth
      ?? (console.outputIsTerminal || isForced ? console.environment.colorDepth(option: wanted) : .mono)
    let set = (glyphs.map(\.set) ?? console.settings.glyphs) ?? console.environment.glyphs
    return DrawContext(theme: depth == .mono ? .mono : console.theme(theme), glyphs: set, colors: depth)
  }

  /// The chart as text, lines ended by line feeds.
  /// - Parameter depth: colours of a file; nil takes those of the output.
  func draw(
    _ chart: Chart, _ console: Console, toFile: Bool = false, depth: ColorDepth? = nil, view: ChartView = .whole
  ) -> String {
    var context = context(console)
    if let depth {
      context.colors = depth
      context.theme = depth == .mono ? .mono : console.theme(theme)
    }
    let terminal = toFile ? nil : console.size
    let size = Size(
      width: width ?? min(terminal?.width ?? console.textWidth ?? 80, 1000), height: height ?? rows(for: chart))
    var text = render(chart, size: size, context: context, view: view).grid.text(depth: context.colors)
    // A height of our own choosing is the most that is needed.
    while height == nil, text.hasSuffix("\n\n") { text.removeLast() }
    return text
  }

  private func rows(for chart: Chart) -> Int {
    switch chart {
    case .histogram, .scatter: 20
    case .bars(let bars): bars.items.count + 5
    case .heatmap(let heatmap): min(max(heatmap.rows.count + 6, 12), 60)
    case .importance(let bars): bars.items.count * 2 + 4
    case .content(let content): content.preferredRows(width: width ?? 80)
    }
  }
}

extension DrawingOptions {
  /// Glyphs and colours where no option chooses them.
  static func standard(_ console: Console) -> DrawContext {
    var options = DrawingOptions()
    (options.width, options.height, options.glyphs, options.color, options.theme) = (nil, nil, nil, nil, nil)
    return options.context(console)
  }
}
