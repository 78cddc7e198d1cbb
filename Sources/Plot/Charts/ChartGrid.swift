// Charts of different columns side by side, each on axes of its own: a table at a glance. Where room is scarce the page
// with the cursor is shown.

import Grid

/// Charts beside each other.
public struct ChartGrid: ChartContent {
  public static let kind = "grid"
  public static let title = "Charts side by side"

  /// Charts that one grid has at most.
  public static let most = 24
  /// The smallest chart in which something can be seen, in cells.
  static let smallest = Size(width: 28, height: 8)

  /// What they are of, such as `6 numeric columns`.
  public var name: String
  public var charts: [Chart]
  /// Columns that have no chart, for want of room or of values.
  public var others: Int
  /// Rows in the table.
  public var total: Int

  public init(name: String, charts: [Chart], others: Int = 0, total: Int) {
    (self.name, self.charts, self.others, self.total) = (name, charts, others, total)
  }

  public func preferredRows(width: Int) -> Int {
    let across = max(1, width / Self.smallest.width)
    return max(12, min(60, 1 + 10 * ((charts.count + across - 1) / across)))
  }

  public func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    guard !charts.isEmpty else {
      TitleLine(name: name).draw(on: &plotter)
      plotter.sentence("No column to draw.", in: Rect(x: 0, y: 1, width: size.width, height: size.height - 1))
      return (plotter.list, [])
    }
    let sizes = layout(Rect(x: 0, y: 1, width: size.width, height: size.height - 1))
    let marksOf = charts.map { Plot.render($0, size: sizes.cell, context: context).marks }
    // The cursor counts through the charts one after the other.
    var here = (chart: 0, cursor: Int?.none)
    var rest = view.cursor ?? -1
    for (index, marks) in marksOf.enumerated() where rest >= 0 {
      if rest < marks.count { here = (index, rest) }
      rest -= marks.count
    }
    let perPage = max(1, sizes.across * sizes.down)
    let page = here.chart / perPage * perPage..<min(charts.count, (here.chart / perPage + 1) * perPage)
    heading(page).draw(on: &plotter)
    var marks: [ChartMark] = []
    for (index, chart) in charts.enumerated() {
      let place = Point(x: index % sizes.across, y: index / sizes.across)
      let corner = Point(
        x: place.x * (sizes.cell.width + sizes.gap),
        y: 1 + (place.y - page.lowerBound / sizes.across) * sizes.cell.height)
      if page.contains(index) {
        let cursor = index == here.chart ? here.cursor : nil
        let drawn = Plot.render(chart, size: sizes.cell, context: context, cursor: cursor)
        plotter.add(.picture(drawn.grid, .init(Double(corner.x), Double(corner.y))), .fills)
      }
      for mark in marksOf[index] {
        var mark = mark
        mark.rect = page.contains(index) ? mark.rect.offset(dx: corner.x, dy: corner.y) : .zero
        // Far enough apart that an arrow goes through one chart before it goes on to the next.
        mark.place = Point(x: place.x * 10_000 + mark.place.x, y: place.y * 10_000 + mark.place.y)
        mark.emphasis = ChartMark.Emphasis.none
        marks.append(mark)
      }
    }
    return (plotter.list, marks)
  }

  private func heading(_ page: Range<Int>) -> TitleLine {
    var notes = ["\(Numbers.grouped(total)) rows"]
    if page.count < charts.count { notes.append("\(page.lowerBound + 1)–\(page.upperBound) of \(charts.count)") }
    if others > 0 { notes.append("\(others) more without a chart") }
    return TitleLine(name: name, notes: notes)
  }

  /// Charts across and down on one page, and the cells of each.
  private func layout(_ rect: Rect) -> (across: Int, down: Int, cell: Size, gap: Int) {
    let gap = 2
    let most = min(charts.count, max(1, (rect.width + gap) / (Self.smallest.width + gap)))
    let lines = (charts.count + most - 1) / most
    // As many in each line as in the others, as far as that goes.
    let across = (charts.count + lines - 1) / lines
    let down = min(lines, max(1, rect.height / Self.smallest.height))
    let width = (rect.width - gap * (across - 1)) / across
    return (across, down, Size(width: width, height: rect.height / down), gap)
  }

  public var table: ChartTable? {
    let tables = charts.compactMap { try? $0.table() }
    guard let first = tables.first, tables.count == charts.count,
      tables.allSatisfy({ $0.columns.dropFirst() == first.columns.dropFirst() })
    else { return nil }
    let rows = zip(charts, tables).flatMap { chart, table in table.rows.map { [Self.name(of: chart)] + $0 } }
    return ChartTable(columns: ["column"] + first.columns, rows: rows)
  }

  private static func name(of chart: Chart) -> String {
    if case .histogram(let histogram) = chart { histogram.column } else { "" }
  }
}
