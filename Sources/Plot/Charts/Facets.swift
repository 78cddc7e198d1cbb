// Small multiples: one chart for each value of a column, on the same axes and the same scale of counts. Where room is
// scarce only the outer charts have axes; where it does not do for all, the page with the cursor is shown.

import Grid

/// A chart for each value of a column.
public struct Facets: ChartContent {
  public static let kind = "facets"
  public static let title = "Small multiples"

  /// The chart of one value.
  public struct Facet: Codable, Sendable, Equatable {
    public var category: ChartCategory
    public var chart: Chart

    public init(_ category: ChartCategory, _ chart: Chart) { (self.category, self.chart) = (category, chart) }
  }

  /// Values that have a chart.
  public static let most = 12

  /// What the charts are of, such as `age`.
  public var name: String
  /// The column that makes the charts.
  public var column: String
  /// Charts of one kind.
  public var facets: [Facet]
  /// Values that have no chart.
  public var otherValues: Int
  /// Rows in the table.
  public var total: Int
  /// What all charts show; nil where each decides.
  public var x, y: ClosedRange<Double>?
  /// What the horizontal axis says.
  public var xName: String

  public init(
    name: String, column: String, facets: [Facet], otherValues: Int = 0, total: Int, x: ClosedRange<Double>? = nil,
    y: ClosedRange<Double>? = nil, xName: String = ""
  ) {
    (self.name, self.column, self.facets, self.otherValues) = (name, column, facets, otherValues)
    (self.total, self.x, self.y, self.xName) = (total, x, y, xName)
  }

  public func preferredRows(width: Int) -> Int { max(12, min(48, 4 + 10 * ((facets.count + 2) / 3))) }

  public func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    if facets.isEmpty {
      var plotter = Plotter(size: size, context: context)
      heading(facets.count, width: size.width).draw(on: &plotter)
      let sentence = total > 0 ? "No values of \(column)." : "No rows."
      plotter.sentence(sentence, in: Rect(x: 0, y: 1, width: size.width, height: size.height - 1))
      return (plotter.list, [])
    }
    let layout = FacetLayout(self, size: size, context: context, view: view)
    return layout.draw()
  }

  func heading(_ shown: Int, width: Int) -> TitleLine {
    let values = facets.count + otherValues
    var notes: [String] = []
    if shown < facets.count { notes.append("\(shown) of \(Numbers.grouped(values)) values") }
    if shown >= facets.count, otherValues > 0 {
      notes.append("\(Numbers.grouped(otherValues)) more value\(otherValues == 1 ? "" : "s")")
    }
    let counts = total > 0 ? ["\(Numbers.grouped(total)) rows"] : []
    let all = TitleLine(name: "\(name) for each \(column)", notes: counts + notes)
    // Rather the charts that are not there than the rows.
    let needed = TextWidth.of(all.name) + all.notes.reduce(0) { $0 + TextWidth.of($1) + 2 } + 4
    return needed <= width ? all : TitleLine(name: all.name, notes: notes)
  }

  var legend: [TitleLine.Key] {
    for facet in facets {
      let keys: [TitleLine.Key] =
        switch facet.chart {
        case .content(let chart as GroupedBars): chart.keys
        case .content(let chart as GroupedHistogram): chart.legend
        case .content(let chart as LineChart): chart.legend
        case .scatter(let chart): chart.panelLegend
        default: []
        }
      if !keys.isEmpty { return keys }
    }
    return []
  }

  public var table: ChartTable? {
    var columns: [String] = []
    var rows: [[String]] = []
    for facet in facets {
      guard let table = try? facet.chart.table() else { return nil }
      for name in table.columns where !columns.contains(name) { columns.append(name) }
      rows += table.rows.map { row in
        let cells = Dictionary(zip(table.columns, row)) { first, _ in first }
        return [facet.category.label] + columns.map { cells[$0] ?? "" }
      }
    }
    // A later chart may have had more columns.
    rows = rows.map { $0 + [String](repeating: "", count: max(0, columns.count + 1 - $0.count)) }
    return ChartTable(columns: [column] + columns, rows: rows)
  }
}

/// How small charts are laid out.
private struct FacetLayout {
  let chart: Facets
  let size: Size
  let context: DrawContext
  let view: ChartView
  /// Lines above the charts, and whether one of them is the legend.
  let top: Int
  let hasLegend: Bool
  /// Whether the last line is for the name of the axis, or the scale of counts.
  let hasFoot: Bool
  let columns, rows: Int
  let isWideEnough, isHighEnough: Bool
  /// The charts of the page, as indices.
  let page: Range<Int>
  /// Columns of a plot, and rows of a chart without its horizontal axis.
  let width, height: Int
  let gutter: Int
  /// How a chart out of sight is laid out.
  let bare: ChartView
  let scale: DensityHeatmap.CountScale?

  private static let least = Size(width: 18, height: 6)

  init(_ chart: Facets, size: Size, context: DrawContext, view: ChartView) {
    (self.chart, self.size, self.context, self.view) = (chart, size, context, view)
    let heading = min(chart.heading(chart.facets.count, width: size.width).lines(in: size), size.height)
    hasLegend = !chart.legend.isEmpty && size.height >= 12
    hasFoot = size.height >= 14 && size.width >= 30
    top = heading + (hasLegend ? 1 : 0)
    let room = Size(width: size.width, height: max(0, size.height - top - (hasFoot ? 1 : 0)))
    let count = chart.facets.count
    let most = Size(
      width: max(1, room.width / FacetLayout.least.width), height: max(1, room.height / FacetLayout.least.height))
    // The arrangement whose charts are nearest to two and a half times as wide as high, among those that show most.
    var best: (columns: Int, rows: Int, shown: Int, cost: Double)?
    for columns in 1...min(count, most.width) {
      let rows = min((count + columns - 1) / columns, most.height)
      let shown = min(count, columns * rows)
      let shape = Double(room.width / columns) / Double(max(1, room.height / rows))
      let cost = abs(shape / 2.5 - 1) + (shape < 2.5 ? 1 : 0) * abs(2.5 / max(shape, 0.1) - 1)
      if let best, (best.shown, -best.cost) >= (shown, -cost) { continue }
      best = (columns, rows, shown, cost)
    }
    columns = best?.columns ?? 1
    rows = best?.rows ?? 1
    isWideEnough = room.width / columns >= 44
    isHighEnough = room.height / rows >= 12

    // A first look at how wide the labels are.
    let cell = Size(width: room.width / columns, height: room.height / rows)
    let probe = ChartView(x: view.x ?? chart.x, y: view.y ?? chart.y, place: ChartPlace(title: ""))
    gutter = chart.facets.reduce(0) { widest, facet in
      max(widest, FacetLayout.list(facet.chart, cell, context, probe).list.pointerColumn ?? 0)
    }
    let axes = isWideEnough ? columns : 1
    width = max(1, (room.width - axes * (gutter + 1) - (columns - 1)) / columns)
    height = max(1, (room.height - (isHighEnough ? rows : 1) * 2) / rows)
    let plot = Size(width: width, height: height)
    bare = ChartView(x: probe.x, y: probe.y, place: ChartPlace(title: "", gutter: 0, hasBottom: false))
    let each = columns * rows
    var first = 0
    if var left = view.cursor, each < count {
      // Marks depend on the size of a plot, which is the same for all.
      for (index, facet) in chart.facets.enumerated() {
        let marks = FacetLayout.list(facet.chart, plot, context, bare).marks.count
        if left < marks {
          first = index / each * each
          break
        }
        left -= marks
      }
    }
    page = first..<min(count, first + each)
    let densities = chart.facets.compactMap { facet -> DensityHeatmap? in
      guard case .content(let content) = facet.chart else { return nil }
      return content as? DensityHeatmap
    }
    scale =
      densities.isEmpty ? nil : DensityHeatmap.scale(of: densities, size: plot, context: context, view: bare)
  }

  private static func list(
    _ chart: Chart, _ size: Size, _ context: DrawContext, _ view: ChartView
  ) -> (list: DisplayList, marks: [ChartMark]) {
    if case .scatter(let scatter) = chart { return scatter.panel(size: size, context: context, view: view) }
    if case .bars(let bars) = chart { return GroupedBars(bars).list(size: size, context: context, view: view) }
    return chart.list(size: size, context: context, view: view)
  }

  private func view(_ index: Int, cursor: Int?) -> ChartView {
    let place = index - page.lowerBound
    let isLowest = place + columns >= page.count
    let category = chart.facets[index].category
    return ChartView(
      x: view.x ?? chart.x, y: view.y ?? chart.y, cursor: cursor,
      place: ChartPlace(
        title: category.name, gutter: isWideEnough || place % columns == 0 ? gutter : 0,
        hasBottom: isHighEnough || isLowest, mostCount: scale?.most, isLogarithmic: scale?.isLogarithmic ?? false))
  }

  /// Where a chart of the page stands.
  private func rect(_ index: Int) -> Rect {
    let place = index - page.lowerBound
    let (column, row) = (place % columns, place / columns)
    let hasAxis = isWideEnough || column == 0
    let isLowest = place + columns >= page.count
    let axes = isWideEnough ? column : min(column, 1)
    let x = column * (width + 1) + axes * (gutter + 1)
    let y = top + row * (height + (isHighEnough ? 2 : 0))
    return Rect(
      x: x, y: y, width: width + (hasAxis ? gutter + 1 : 0), height: height + (isHighEnough || isLowest ? 2 : 0))
  }

  func draw() -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    chart.heading(page.count, width: size.width).draw(on: &plotter, lines: top - (hasLegend ? 1 : 0))
    if hasLegend { TitleLine.draw(chart.legend, on: &plotter, x: gutter + 1, y: top - 1) }
    if hasFoot { drawFoot(on: &plotter) }
    var list = plotter.list
    var marks: [ChartMark] = []
    for (index, facet) in chart.facets.enumerated() {
      let isShown = page.contains(index)
      let rect = isShown ? rect(index) : Rect(x: 0, y: 0, width: width, height: height)
      // Which of its marks the cursor is on is known only once they are counted.
      var drawn = FacetLayout.list(facet.chart, rect.size, context, isShown ? view(index, cursor: nil) : bare)
      let cursor = self.view.cursor.map { $0 - marks.count }
      if isShown, let cursor, drawn.marks.indices.contains(cursor) {
        drawn = FacetLayout.list(facet.chart, rect.size, context, self.view(index, cursor: cursor))
        list.pointerRow = drawn.list.pointerRow.map { $0 + rect.y }
        list.pointerColumn = drawn.list.pointerColumn.map { $0 + rect.x }
      }
      if isShown { list.append(drawn.list, at: Point(x: rect.x, y: rect.y)) }
      marks += drawn.marks.map { place($0, of: index, isShown ? rect : nil) }
    }
    return (list, marks)
  }

  /// A mark of one chart among those of all.
  private func place(_ mark: ChartMark, of index: Int, _ rect: Rect?) -> ChartMark {
    var mark = mark
    let category = chart.facets[index].category
    let categories = chart.facets.map(\.category)
    mark.rect =
      rect.map {
        mark.rect.isEmpty
          ? .zero
          : Rect(x: mark.rect.x + $0.x, y: mark.rect.y + $0.y, width: mark.rect.width, height: mark.rect.height)
            .intersection($0).intersection(Rect(size))
      } ?? .zero
    // Far enough apart for the arrows to go on into the next chart.
    mark.place = Point(
      x: index % columns * FacetLayout.stride + mark.place.x, y: index / columns * FacetLayout.stride + mark.place.y)
    mark.readout = "\(category.name)  \(mark.readout)"
    mark.selection = ChartCategory.selection(index, of: categories, column: chart.column).and(mark.selection)
    if case .content = chart.facets[index].chart { return mark }
    if case .scatter = chart.facets[index].chart { return mark }
    // It has drawn its cursor itself.
    mark.emphasis = .none
    return mark
  }

  /// More than any chart has marks in a row.
  private static let stride = 100_000

  private func drawFoot(on plotter: inout Plotter) {
    if let scale { DensityHeatmap.drawBar(scale, &plotter) }
    let room = scale == nil ? size.width : size.width / 3
    let name = plotter.glyphs.cut(chart.xName, room)
    plotter.yieldingText(name, .init(Double(size.width), Double(size.height - 1)), .right, role: .muted)
  }
}
