// Bars that say more than a number of rows: a figure of another column, parts by a third one, or both. Up to four parts
// of a count are stacked, each in a pattern of its own; more parts, and figures that do not add up, are bars under each
// other with their names behind them, so that no part is told by its colour alone.

import Grid

/// A figure for each value of a column, whole or divided by another column.
public struct GroupedBars: ChartContent {
  public static let kind = "grouped-bars"
  public static let title = "Grouped bars"

  /// The rows of one value that are in one series.
  public struct Part: Codable, Sendable, Equatable {
    public var count: Int
    /// The figure of these rows; nil where the bars are counts, and where there are no rows.
    public var value: Double?

    public init(count: Int, value: Double? = nil) { (self.count, self.value) = (count, value) }
  }

  /// A value of the column.
  public struct Item: Codable, Sendable, Equatable {
    public var category: ChartCategory
    /// All of its rows.
    public var whole: Part
    /// One a series; none where bars are not divided.
    public var parts: [Part]

    public init(_ category: ChartCategory, whole: Part, parts: [Part] = []) {
      (self.category, self.whole, self.parts) = (category, whole, parts)
    }
  }

  public var column: String
  /// The column that divides the bars; nil where nothing does.
  public var by: String?
  /// What the bars are the figure of, such as `mean of price`; nil where they are numbers of rows.
  public var measure: String?
  /// The parts of each bar.
  public var series: [ChartCategory]
  /// In the order of the bars.
  public var items: [Item]
  /// The values that have no bar, and their rows.
  public var others: Bars.Others?
  /// Examined rows without a value, or without one to take the figure of.
  public var missing: Int
  /// Rows in the table.
  public var total: Int
  /// Rows examined, when fewer than all.
  public var sampled: Int?

  public init(
    column: String, by: String? = nil, measure: String? = nil, series: [ChartCategory] = [], items: [Item],
    others: Bars.Others? = nil, missing: Int, total: Int, sampled: Int? = nil
  ) {
    (self.column, self.by, self.measure, self.series, self.items) = (column, by, measure, series, items)
    (self.others, self.missing, self.total, self.sampled) = (others, missing, total, sampled)
  }

  /// The bars of a figure.
  init(_ bars: Bars) {
    self.init(
      column: bars.column, measure: bars.measure,
      items: bars.items.map { Item(ChartCategory($0.label), whole: Part(count: $0.count, value: $0.value)) },
      others: bars.others, missing: bars.missing, total: bars.total, sampled: bars.sampled)
  }

  /// More parts than there are patterns are not stacked.
  var isStacked: Bool { series.isEmpty || (measure == nil && series.count <= 4) }

  public func preferredRows(width: Int) -> Int { max(8, min(40, lines.count + 5)) }

  /// A row of the chart: an item whole, or one of its parts.
  private typealias Line = (item: Int, part: Int?)

  private var lines: [Line] {
    items.indices.flatMap { item -> [Line] in
      isStacked ? [(item, nil)] : series.indices.map { (item, $0) }
    }
  }

  /// What a bar is as long as.
  private func length(_ part: Part) -> Double? {
    if measure == nil { return Double(max(0, part.count)) }
    return part.value.flatMap { $0.isFinite ? $0 : nil }
  }

  private func part(_ line: Line) -> Part {
    let item = items[line.item]
    guard let index = line.part else { return item.whole }
    return item.parts.indices.contains(index) ? item.parts[index] : Part(count: 0)
  }

  /// From the shortest bar, or nothing, to the longest.
  var range: ClosedRange<Double>? {
    let lengths = lines.compactMap { length(part($0)) }
    guard let low = lengths.min(), let high = lengths.max() else { return nil }
    return min(0, low)...max(0, high)
  }

  private var legend: [TitleLine.Key] { isStacked ? keys : [] }

  /// What the patterns mean.
  var keys: [TitleLine.Key] {
    if series.count < 2 { return [] }
    return series.enumerated().map { index, category in
      TitleLine.Key(.fill(.of(series: index)), role: .series(index), label: category.name)
    }
  }

  private var name: String {
    // Bars of no column are columns themselves.
    if column.isEmpty { return measure ?? "" }
    guard let measure else { return column + (by.map { " by \($0)" } ?? "") }
    return "\(measure) by \(column)" + (by.map { " and \($0)" } ?? "")
  }

  public func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    let counts = RowCounts(total: total, sampled: sampled, missing: missing)
    let title = TitleLine(name: view.place?.title ?? name, counts: counts)
    let lines = self.lines
    guard !lines.isEmpty, let range = self.range else {
      title.draw(on: &plotter)
      plotter.sentence(counts.emptySentence, in: Rect(x: 0, y: 1, width: size.width, height: size.height - 1))
      return (plotter.list, [])
    }
    let current = view.cursor.flatMap { self.line(ofMark: $0, lines) }
    let labels = lines.map { line -> String in (line.part ?? 0) == 0 ? items[line.item].category.name : "" }
    let shown = padded(range, lines, labels, size)
    let frame = PlotFrame.bars(shownOf) { notes in
      var titled = title
      titled.notes = notes
      return PlotFrame(
        size: size, context: context, title: titled, legend: legend,
        x: AxisSpec(
          measure ?? "rows", shown, kind: measure == nil ? .integer : .number, placing: .bars, extends: false),
        y: .groups(labels, rows: 1, around: current, isRuled: true), view: view)
    }
    frame.draw(on: &plotter)
    if frame.plot.isEmpty { return (plotter.list, marks(lines, frame, size, plotter.glyphs)) }
    for index in frame.groups { draw(lines[index], index, frame, &plotter) }
    // A window that begins amid the parts of a value still names it.
    if let first = frame.groups.first, labels[first].isEmpty, frame.plot.x > 1 {
      let name = items[lines[first].item].category.name
      plotter.text(
        plotter.glyphs.cut(name, frame.plot.x - 1), .init(Double(frame.plot.x - 1), Double(frame.plot.y)), .right)
    }
    return (plotter.list, marks(lines, frame, size, plotter.glyphs))
  }

  /// The range with room for what stands behind the bars: all of it, or what has to be there, or as much as leaves a
  /// third of the room to the bars.
  private func padded(
    _ range: ClosedRange<Double>, _ lines: [Line], _ labels: [String], _ size: Size
  ) -> ClosedRange<Double> {
    let gutter = min((labels.map { TextWidth.of($0) }.max() ?? 0) + 1, max(4, size.width * 35 / 100)) + 1
    let plot = max(1, size.width - gutter)
    let widths = lines.map { line in texts(line, part(line)).map { TextWidth.of($0) + 3 } }
    let wanted = [0, 1].map { variant -> Int in widths.map { $0[min(variant, $0.count - 1)] }.max() ?? 0 }
    let room = wanted.first { plot - $0 >= plot / 2 } ?? min(wanted[1], plot * 2 / 3)
    let length = range.upperBound - range.lowerBound
    let upper = range.lowerBound + length * Double(plot) / Double(max(1, plot - room))
    if upper.isFinite, upper > range.lowerBound { return range.lowerBound...upper }
    return length > 0 ? range : range.lowerBound...(range.lowerBound + 1)
  }

  // MARK: - Drawing

  private func draw(_ line: Line, _ index: Int, _ frame: PlotFrame, _ plotter: inout Plotter) {
    let rect = frame.rect(ofGroup: index)
    let whole = part(line)
    guard let length = length(whole), frame.x(0).isFinite, frame.x(length).isFinite else {
      plotter.text("no values" + ending(line), .init(frame.x(0) + 1, Double(rect.y)), role: .muted)
      return
    }
    let start = frame.x(0)
    let end = frame.x(length)
    func fill(_ from: Double, _ to: Double, _ series: Int, _ pattern: FillPattern) {
      let box = DisplayList.Box(x: min(from, to), y: Double(rect.y), width: abs(to - from), height: 1)
      plotter.fill(box, .series(series), pattern, growth: to >= from ? .right : .left)
    }
    if line.part == nil, series.count > 1 {
      for (part, span) in segments(items[line.item], frame).enumerated() where span.upperBound > span.lowerBound {
        fill(span.lowerBound, span.upperBound, part, .of(series: part))
      }
    } else {
      fill(start, end, line.part ?? 1, line.part.map { .of(series: $0) } ?? .solid)
    }
    plotter.label(
      texts(line, whole), beside: min(start, end)...max(start, end), row: rect.y, in: frame.plot,
      role: items[line.item].category.part == .value ? .label : .muted)
  }

  /// Where the parts of a stacked bar lie: in whole cells but for the last, so that patterns meet.
  private func segments(_ item: Item, _ frame: PlotFrame) -> [ClosedRange<Double>] {
    var sum = 0.0
    let last = item.parts.lastIndex { $0.count > 0 }
    return item.parts.indices.map { index in
      let from = frame.x(sum).rounded()
      sum += Double(max(0, item.parts[index].count))
      let to = index == last ? frame.x(sum) : frame.x(sum).rounded()
      guard from.isFinite, to.isFinite else { return 0...0 }
      return min(from, to)...max(from, to)
    }
  }

  /// How many values have room among how many; those that have a bar together are none.
  private func shownOf(_ groups: Range<Int>) -> (shown: Int, of: Int) {
    let each = isStacked ? 1 : max(1, series.count)
    let values = items.indices.filter { items[$0].category.part == .value }
    let shown = values.count { $0 * each >= groups.lowerBound && ($0 + 1) * each <= groups.upperBound }
    let hasOthers = items.contains { $0.category.part == .others }
    return (shown, values.count + (hasOthers ? 0 : others?.distinct ?? 0))
  }

  private func ending(_ line: Line) -> String {
    line.part.map { series.indices.contains($0) ? "  " + series[$0].name : "" } ?? ""
  }

  private var shownRows: Double { Double(RowCounts(total: total, sampled: sampled, missing: missing).shown ?? 0) }

  private func texts(_ line: Line, _ part: Part) -> [String] {
    let (count, ending) = (Numbers.grouped(part.count), ending(line))
    guard measure != nil, let value = part.value else {
      return ["\(count)  \(Numbers.percent(Double(part.count), of: shownRows))\(ending)", count + ending]
    }
    return ["\(Numbers.short(value))  n=\(count)\(ending)", Numbers.short(value) + ending]
  }

  // MARK: - Cursor

  /// The line that a mark stands in.
  private func line(ofMark mark: Int, _ lines: [Line]) -> Int? {
    guard isStacked, series.count > 1 else { return mark }
    var left = mark
    for item in items.indices {
      let parts = items[item].parts.count { $0.count > 0 }
      if left < parts { return item }
      left -= parts
    }
    return nil
  }

  private func marks(_ lines: [Line], _ frame: PlotFrame, _ size: Size, _ glyphs: Glyphs) -> [ChartMark] {
    let categories = items.map(\.category)
    func selection(_ line: Line) -> ChartSelection {
      if column.isEmpty { return .feature(items[line.item].category.name) }
      let item = ChartCategory.selection(line.item, of: categories, column: column)
      guard let by, let part = line.part else { return item }
      return item.and(ChartCategory.selection(part, of: series, column: by))
    }
    return lines.enumerated().flatMap { index, line -> [ChartMark] in
      let rect = frame.rect(ofGroup: index)
      let row = Rect(x: 0, y: rect.y, width: rect.isEmpty ? 0 : size.width, height: rect.height)
      guard line.part == nil, series.count > 1 else {
        return [
          ChartMark(
            rect: row.intersection(Rect(size)), place: Point(x: 0, y: index), readout: readout(line),
            selection: selection(line))
        ]
      }
      let spans = segments(items[line.item], frame)
      return items[line.item].parts.indices.filter { items[line.item].parts[$0].count > 0 }.map { part in
        let line: Line = (line.item, part)
        var cells = Rect.zero
        if !rect.isEmpty, let left = Rasterizer.whole(spans[part].lowerBound),
          let right = Rasterizer.whole((spans[part].upperBound - 1e-9).rounded(.up))
        {
          cells = Rect(x: left, y: rect.y, width: max(1, right - left), height: 1).intersection(rect)
        }
        return ChartMark(
          rect: cells.intersection(Rect(size)), place: Point(x: part, y: index), readout: readout(line),
          selection: selection(line))
      }
    }
  }

  private func readout(_ line: Line) -> String {
    let item = items[line.item]
    let part = part(line)
    let name = item.category.name + (line.part.map { series.indices.contains($0) ? " \(series[$0].name)" : "" } ?? "")
    let figure = measure.map { "  \($0) \(part.value.map { Numbers.short($0) } ?? "no value")" } ?? ""
    var text = "\(name)\(figure)  n=\(Numbers.grouped(part.count))"
    if line.part != nil {
      text += " \(Numbers.percent(Double(part.count), of: Double(item.whole.count))) of \(item.category.name)"
    } else {
      text += " \(Numbers.percent(Double(part.count), of: shownRows))"
    }
    return text
  }

  // MARK: - Table

  public var table: ChartTable? {
    let figure = measure.map { [$0] } ?? []
    func cells(_ part: Part) -> [String] {
      [String(part.count)] + (measure == nil ? [] : [ChartTable.text(part.value)])
    }
    var rows = items.flatMap { item -> [[String]] in
      guard by != nil else { return [[item.category.label] + cells(item.whole)] }
      return zip(series, item.parts).map { [item.category.label, $0.label] + cells($1) }
    }
    if let others, !items.contains(where: { $0.category.part == .others }) {
      let name = "(\(others.distinct) other\(others.distinct == 1 ? "" : "s"))"
      rows.append([name] + (by == nil ? [] : [""]) + [String(others.count)] + (measure == nil ? [] : [""]))
    }
    if missing > 0 {
      rows.append(["(missing)"] + (by == nil ? [] : [""]) + [String(missing)] + (measure == nil ? [] : [""]))
    }
    return ChartTable(columns: [column] + (by.map { [$0] } ?? []) + ["count"] + figure, rows: rows)
  }
}

extension PlotFrame {
  /// A frame with bars, whose title says how many values have room.
  fileprivate static func bars(
    _ count: (Range<Int>) -> (shown: Int, of: Int), build: ([String]) -> PlotFrame
  ) -> PlotFrame {
    var notes: [String] = []
    var frame = build(notes)
    for _ in 0..<3 {
      let (shown, all) = count(frame.groups)
      let next = shown < all ? ["\(Numbers.grouped(shown)) of \(Numbers.grouped(all)) values"] : []
      if next == notes { break }
      notes = next
      frame = build(notes)
    }
    return frame
  }
}
