// The frame of a chart with two axes: title, legend, names and axes around the plot area, a line of figures under it.
// What has no room goes: figures, then names, then the axes themselves; the title line keeps the counts longest.
//
//     title — detail  (n=…, missing …)                legend
//      y name
//          1┤
//           │        plot
//          0┤
//           └┬──────────┬
//            0          1
//     figures                                          x name

import Grid

/// Where everything stands in a chart, and how values become positions.
struct PlotFrame {
  /// The cells between the axes.
  let plot: Rect
  /// Rows between the plot and the horizontal axis, for a strip of counts or a rug; empty unless asked for.
  let strip: Rect
  let xAxis: Axis
  /// Nil where groups stand along the left.
  let yAxis: Axis?
  let hasAxes: Bool
  /// Which of the axes are drawn: a chart among others may leave them to its neighbours.
  private let hasLeft, hasBottomAxis: Bool
  /// The groups that have room, and the rows of each.
  let groups: Range<Int>
  let groupRows: Int
  /// Whether a part of the axes is shown.
  let isZoomed: Bool

  private let title: TitleLine
  private let legend: [TitleLine.Key]
  private let hasLegendRow: Bool
  private let top: Int
  private let size: Size
  private let xName: String
  private let yName: String
  private let nameRow: Int?
  private let bottomRow: Int?
  private let figures: [String]
  private let names: [String]
  private let isRuled: Bool
  private let gutter: Int
  private let specs: (x: AxisSpec, y: AxisSpec?)

  /// - Parameters:
  ///   - figures: parts of the line under the plot, as many as fit.
  ///   - strip: rows between plot and axis; none where the plot would have fewer than four.
  ///   - aspect: columns of the plot a row, at most; 2 makes it about square.
  init(
    size: Size, context: DrawContext, title: TitleLine, legend: [TitleLine.Key] = [], x: AxisSpec, y: VerticalSpec,
    figures: [String] = [], strip stripRows: Int = 0, aspect: Double? = nil, view: ChartView = .whole
  ) {
    self.size = size
    let place = view.place
    isZoomed = view.isZoomed && place == nil
    var title = title
    var ySpec: AxisSpec?
    if case .scale(let spec) = y { ySpec = spec }
    specs = (x, ySpec)
    if isZoomed {
      let parts = [(x.name, view.x, x.kind), (ySpec?.name ?? "", ySpec == nil ? nil : view.y, ySpec?.kind ?? .number)]
      let window = ChartAxes.summary(parts, Glyphs(context.glyphs))
      if !window.isEmpty { title.notes.append("zoomed: " + window) }
    }
    hasLeft = size.width >= 14 && size.height >= 6 && place?.gutter != 0 || (place?.gutter ?? 0) > 0
    hasBottomAxis = place?.hasBottom ?? (size.width >= 14 && size.height >= 6)
    hasAxes = hasLeft || hasBottomAxis
    let hasNames = hasAxes && size.height >= 16 && place == nil
    top = place == nil ? min(title.lines(in: size), size.height) : min(1, size.height)
    var titled = title
    var legend = legend
    if let place {
      (titled.name, titled.detail, legend) = (place.title, "", [])
    }
    titled.legend = legend
    var scratch = Plotter(size: size, context: context)
    let isInTitle = legend.isEmpty || titled.draw(on: &scratch, lines: top)
    hasLegendRow = !isInTitle && hasAxes && size.height >= 9
    if !isInTitle { titled.legend = [] }
    self.title = titled
    self.legend = hasLegendRow ? legend : []
    self.figures = figures

    xName = hasNames ? x.name : ""
    var above = top + (hasLegendRow ? 1 : 0)
    switch y {
    case .scale(let spec): yName = hasNames ? spec.name : ""
    case .groups: yName = ""
    }
    nameRow = yName.isEmpty ? nil : above
    if nameRow != nil { above += 1 }
    let hasBottom =
      hasAxes && place == nil && (!xName.isEmpty || (!figures.isEmpty && size.height >= 10 && size.width >= 30))
    bottomRow = hasBottom ? size.height - 1 : nil
    var rows = max(0, size.height - above - (hasBottomAxis ? 2 : 0) - (hasBottom ? 1 : 0))
    let stripHeight = stripRows > 0 && rows - stripRows >= 4 ? stripRows : 0
    rows -= stripHeight

    let side = PlotFrame.side(y, rows: rows, size: size, hasAxes: hasLeft, glyphs: context.glyphs, view: view)
    (yAxis, groups, groupRows) = (side.axis, side.groups, side.groupRows)
    gutter = place?.gutter ?? side.gutter
    if case .groups(let labels, _, _, let ruled) = y {
      (names, isRuled) = (labels, ruled)
    } else {
      (names, isRuled) = ([], true)
    }
    let left = min(hasLeft ? gutter + 1 : 0, size.width)
    var columns = size.width - left
    if yAxis == nil { rows = min(rows, groups.count * groupRows) }
    if let aspect, aspect > 0 { columns = min(columns, max(1, Int((Double(rows) * aspect).rounded()))) }
    plot = Rect(x: left, y: above, width: columns, height: rows)
    strip = Rect(x: left, y: above + rows, width: columns, height: stripHeight)

    let (across, _) = DotCanvas.dots(context.glyphs)
    let shown = x.shown(view.x)
    let mapping: AxisScale.Mapping = x.placing == .bars ? .edges : .dots(across)
    xAxis =
      hasBottomAxis && (x.range != nil || shown.isWindow)
      ? Axis.horizontal(
        shown.range, kind: x.kind, cells: columns, overhang: left, mapping: mapping,
        extends: x.extends && !shown.isWindow, form: x.form)
      : Axis.bare(shown.range, cells: columns, mapping: mapping, form: x.form)
  }

  private typealias Side = (axis: Axis?, gutter: Int, groups: Range<Int>, groupRows: Int)

  private static func side(
    _ y: VerticalSpec, rows: Int, size: Size, hasAxes: Bool, glyphs: GlyphSet, view: ChartView
  ) -> Side {
    switch y {
    case .scale(let spec):
      let shown = spec.shown(view.y)
      let mapping: AxisScale.Mapping = spec.placing == .bars ? .tops : .dots(DotCanvas.dots(glyphs).down)
      guard hasAxes, spec.range != nil || shown.isWindow else {
        return (Axis.bare(shown.range, cells: rows, mapping: mapping, form: spec.form), hasAxes ? 7 : 0, 0..<0, 0)
      }
      let most = size.width >= 44 ? 9 : 6
      let axis = Axis.vertical(
        shown.range, kind: spec.kind, cells: rows, labelWidth: most, mapping: mapping,
        extends: spec.extends && !shown.isWindow, form: spec.form)
      let widest = axis.ticks.map { TextWidth.of($0.label) }.max() ?? 0
      return (axis, max(widest, size.width >= 44 ? 7 : 0), 0..<0, 0)
    case .groups(let labels, let wanted, let around, _):
      let each = max(1, min(wanted, labels.isEmpty ? wanted : max(1, rows / labels.count)))
      let fit = rows / each
      var first = 0
      if labels.count > fit { first = min(max(0, (around ?? 0) - fit / 2), labels.count - fit) }
      let groups = first..<min(labels.count, first + fit)
      let widest = labels.map { TextWidth.of($0) }.max() ?? 0
      let gutter = hasAxes ? min(widest + 1, max(4, size.width * 35 / 100)) : 0
      return (nil, gutter, groups, each)
    }
  }

  // MARK: - Positions

  /// The column of a value, continuous.
  func x(_ value: Double) -> Double { Double(plot.x) + xAxis.scale.position(value) }

  /// The row of a value, continuous; not a number where groups stand along the left.
  func y(_ value: Double) -> Double {
    yAxis.map { Double(plot.maxY) - $0.scale.position(value) } ?? .nan
  }

  func spot(_ x: Double, _ y: Double) -> DisplayList.Spot { .init(self.x(x), self.y(y)) }

  /// Whether a point is in the window.
  func shows(_ x: Double, _ y: Double) -> Bool {
    let (column, row) = (self.x(x), self.y(y))
    return column >= Double(plot.x) && column <= Double(plot.maxX) && row >= Double(plot.y) && row <= Double(plot.maxY)
  }

  var box: DisplayList.Box { .init(plot) }

  /// The rows of a group in the plot; empty where it has no room.
  func rect(ofGroup index: Int) -> Rect {
    guard groups.contains(index) else { return .zero }
    return Rect(
      x: plot.x, y: plot.y + (index - groups.lowerBound) * groupRows, width: plot.width, height: groupRows)
  }

  /// `3 of 12 groups`, where some have no room.
  func groupNote(_ noun: String) -> String? {
    groups.count < names.count ? "\(groups.count) of \(names.count) \(noun)" : nil
  }

  /// Where the values stand.
  private var axes: ChartAxes {
    func isPlaced(_ spec: AxisSpec) -> Bool { spec.range.map { $0.lowerBound < $0.upperBound } ?? false }
    var axes = ChartAxes()
    if plot.isEmpty { return axes }
    if isPlaced(specs.x) {
      axes.x = ChartAxis(
        specs.x.name, kind: specs.x.kind, whole: specs.x.range, scale: xAxis.scale, from: plot.x)
    }
    if let yAxis, let spec = specs.y, isPlaced(spec) {
      axes.y = ChartAxis(spec.name, kind: spec.kind, whole: spec.range, scale: yAxis.scale, upFrom: plot.maxY)
    }
    return axes
  }

  // MARK: - Drawing

  /// Draws the frame, clips what comes after it to the plot, and tells the cursor where the axes are.
  func draw(on plotter: inout Plotter) {
    plotter.clip = nil
    plotter.setAxes(axes)
    title.draw(on: &plotter, lines: top)
    if hasLegendRow { TitleLine.draw(legend, on: &plotter, x: plot.x, y: top) }
    defer { plotter.clip = box }
    guard hasAxes, !plot.isEmpty else { return }
    if hasLeft, let yAxis {
      plotter.axis(
        .init(
          isVertical: true, column: plot.x - 1, row: plot.y, length: plot.height, ticks: PlotFrame.ticks(yAxis)))
    } else if hasLeft {
      drawGroups(on: &plotter)
    }
    let axisRow = strip.maxY
    if hasBottomAxis {
      plotter.axis(
        .init(
          isVertical: false, column: plot.x, row: axisRow, length: plot.width, ticks: PlotFrame.ticks(xAxis),
          hasOrigin: isRuled && hasLeft))
    }
    plotter.setPointers(row: hasBottomAxis ? axisRow : nil, column: hasLeft ? plot.x - 1 : nil)
    if let nameRow {
      let name = plotter.glyphs.cut(yName, size.width)
      let at = max(0, plot.x - 1 - TextWidth.of(name))
      plotter.text(name, .init(Double(at), Double(nameRow)), role: .muted)
    }
    drawBottom(on: &plotter)
  }

  private static func ticks(_ axis: Axis) -> [DisplayList.AxisLine.Tick] {
    axis.ticks.map { .init(position: axis.scale.position($0.value), cell: $0.cell, label: $0.label) }
  }

  private func drawGroups(on plotter: inout Plotter) {
    let ticks = groups.map { index -> DisplayList.AxisLine.Tick in
      let middle = (index - groups.lowerBound) * groupRows + (groupRows - 1) / 2
      let cell = plot.height - 1 - middle
      return .init(
        position: Double(cell) + 0.5, cell: cell, label: plotter.glyphs.cut(names[index], max(0, plot.x - 1)))
    }
    if isRuled {
      plotter.axis(.init(isVertical: true, column: plot.x - 1, row: plot.y, length: plot.height, ticks: ticks))
      return
    }
    for tick in ticks {
      let row = Double(plot.maxY - 1 - tick.cell)
      plotter.text(tick.label, .init(Double(plot.x - 1), row), .right, role: .label)
    }
  }

  private func drawBottom(on plotter: inout Plotter) {
    guard let bottomRow else { return }
    let row = Double(bottomRow)
    let name = plotter.glyphs.cut(xName, size.width)
    let nameWidth = TextWidth.of(name)
    plotter.text(name, .init(Double(size.width), row), .right, role: .muted)
    var line = ""
    for part in figures {
      let next = line.isEmpty ? part : line + "  " + part
      if TextWidth.of(next) > size.width - 2 - (nameWidth > 0 ? nameWidth + 2 : 0) { break }
      line = next
    }
    plotter.text(line, .init(1, row), role: .muted)
  }
}
