// Bias cockpit: every metric by every group of people. The colour of a cell says how far its value is from the ideal and
// on whose side, the sign beside the value what the verdict is.

import Grid

/// Metrics down, groups across.
public struct BiasGrid: ChartContent {
  public static let kind = "bias-grid"
  public static let title = "Bias cockpit"

  /// A group of people.
  public struct Group: Codable, Sendable, Equatable {
    public var facet: String
    public var value: String
    public var rows: Int
    /// Too few rows to trust.
    public var isSmall: Bool

    public init(facet: String, value: String, rows: Int, isSmall: Bool = false) {
      (self.facet, self.value, self.rows, self.isSmall) = (facet, value, rows, isSmall)
    }
  }

  /// What a metric's value means by its limits.
  public enum Verdict: String, Codable, Sendable, CaseIterable {
    case within, outside, open, none

    /// The sign that says it without colour.
    func sign(_ glyphs: Glyphs) -> String {
      switch self {
      case .within: glyphs.kind == .ascii ? "." : "✓"
      case .outside: "!"
      case .open: "?"
      case .none: " "
      }
    }

    var words: String {
      switch self {
      case .within: "within the limits"
      case .outside: "! outside the limits"
      case .open: "? not conclusive"
      case .none: "no limit"
      }
    }
  }

  /// A metric of a group.
  public struct Cell: Codable, Sendable, Equatable {
    /// As it is shown: `+0.314`, `∞`; empty without a value.
    public var text: String
    /// From -1 (the group is better off) over 0 (the ideal value) to 1 (worse off); nil without a value.
    public var lean: Double?
    public var verdict: Verdict
    /// What follows the names in the status line.
    public var readout: String

    public init(text: String, lean: Double?, verdict: Verdict, readout: String = "") {
      (self.text, self.lean, self.verdict, self.readout) = (text, lean, verdict, readout)
    }
  }

  /// Instead of `Bias cockpit`.
  public var title: String?
  public var metrics: [String]
  public var groups: [Group]
  /// [metric × group].
  public var cells: [[Cell]]
  /// Rows judged, and rows left out; nil when unknown.
  public var total: Int?
  public var missing: Int

  public init(
    title: String? = nil, metrics: [String], groups: [Group], cells: [[Cell]], total: Int? = nil, missing: Int = 0
  ) {
    (self.title, self.metrics, self.groups, self.cells) = (title, metrics, groups, cells)
    (self.total, self.missing) = (total, missing)
  }

  /// The cell of a metric and a group; an empty one where there is none.
  public func cell(_ metric: Int, _ group: Int) -> Cell {
    cells.indices.contains(metric) && cells[metric].indices.contains(group)
      ? cells[metric][group] : Cell(text: "", lean: nil, verdict: .none)
  }

  public func preferredRows(width: Int) -> Int { metrics.count + 5 }

  public var table: ChartTable? {
    let rows = metrics.indices.flatMap { row in
      groups.indices.map { column -> [String] in
        let (group, cell) = (groups[column], cell(row, column))
        return [metrics[row], group.facet, group.value, String(group.rows), cell.text, cell.verdict.rawValue]
      }
    }
    return ChartTable(columns: ["metric", "facet", "value", "rows", "result", "verdict"], rows: rows)
  }

  /// The metric and the group that the cursor's mark stands for.
  public func place(ofMark index: Int) -> (metric: Int, group: Int)? {
    guard !groups.isEmpty, index >= 0, index < metrics.count * groups.count else { return nil }
    return (index / groups.count, index % groups.count)
  }

  func readout(_ row: Int, _ column: Int) -> String {
    let (group, cell) = (groups[column], cell(row, column))
    var parts = ["\(metrics[row])  \(group.facet) = \(group.value)"]
    parts.append(cell.text.isEmpty ? "no value" : cell.text.trimmed)
    if !cell.readout.isEmpty { parts.append(cell.readout) }
    if !cell.text.isEmpty { parts.append(cell.verdict.words) }
    if group.isSmall { parts.append("* small group") }
    return parts.joined(separator: "  ")
  }

  public func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    let counts = RowCounts(total: total.map { $0 + missing }, sampled: nil, missing: missing)
    let outside = cells.joined().count { $0.verdict == .outside }
    let known = cells.joined().count { $0.verdict != .none }
    let line = TitleLine(
      name: title ?? BiasGrid.title, counts: counts, notes: known > 0 ? ["! \(outside) of \(known) outside"] : [])
    if metrics.isEmpty || groups.isEmpty {
      line.draw(on: &plotter)
      plotter.sentence("No metrics.", in: Rect(size).splitTop(min(1, size.height)).1)
      return (plotter.list, [])
    }
    let layout = BiasGridLayout(self, size: size, title: line, cursor: view.cursor)
    layout.draw(on: &plotter)
    return (plotter.list, layout.marks)
  }
}

extension String {
  fileprivate var trimmed: String { String(drop { $0 == " " }) }
}

/// The geometry of a cockpit: a window of metrics and groups around the cursor.
private struct BiasGridLayout {
  let chart: BiasGrid
  let size: Size
  let title: TitleLine
  let top, gutter, cellWidth: Int
  let rows, columns: Range<Int>
  let hasFacets, hasCounts, hasKey: Bool

  init(_ chart: BiasGrid, size: Size, title: TitleLine, cursor: Int?) {
    (self.chart, self.size) = (chart, size)
    let here = cursor.flatMap { chart.place(ofMark: $0) }
    gutter = min((chart.metrics.map { TextWidth.of($0) }.max() ?? 0) + 2, max(4, size.width / 4))
    let room = max(0, size.width - gutter)
    let widest = chart.groups.map { max(TextWidth.of($0.value) + 1, TextWidth.of($0.facet)) }.max() ?? 0
    // Wide enough for a value and its sign, wider where names ask for it and there is room.
    let least = 10
    cellWidth = min(max(least, min(widest + 1, 15)), max(least, room / max(1, chart.groups.count)))
    let fit = max(1, room / cellWidth)
    columns = Self.window(chart.groups.count, fit, around: here?.group)
    var noted = title
    if columns.count < chart.groups.count { noted.notes.append("\(columns.count) of \(chart.groups.count) groups") }
    top = min(noted.lines(in: size), size.height)
    let free = size.height - top
    hasFacets = free >= 6
    hasCounts = free >= chart.metrics.count + 5 || free >= 16
    hasKey = free >= 9 && size.width >= 40
    let lines = free - 1 - (hasFacets ? 1 : 0) - (hasCounts ? 1 : 0) - (hasKey ? 1 : 0)
    rows = Self.window(chart.metrics.count, max(0, lines), around: here?.metric)
    if rows.count < chart.metrics.count { noted.notes.append("\(rows.count) of \(chart.metrics.count) metrics") }
    self.title = noted
  }

  private static func window(_ count: Int, _ fit: Int, around: Int?) -> Range<Int> {
    guard count > fit else { return 0..<count }
    let first = min(max(0, (around ?? 0) - fit / 2), count - fit)
    return first..<(first + fit)
  }

  private var y: Int { top + 1 + (hasFacets ? 1 : 0) + (hasCounts ? 1 : 0) }

  private func rect(_ row: Int, _ column: Int) -> Rect {
    guard rows.contains(row), columns.contains(column) else { return .zero }
    return Rect(
      x: gutter + (column - columns.lowerBound) * cellWidth, y: y + row - rows.lowerBound, width: cellWidth - 1,
      height: 1
    ).intersection(Rect(size))
  }

  func draw(on plotter: inout Plotter) {
    title.draw(on: &plotter, lines: top)
    drawHeads(on: &plotter)
    for row in rows {
      let line = Double(y + row - rows.lowerBound)
      plotter.text(chart.metrics[row], .init(Double(gutter - 1), line), .right, width: gutter - 1)
      for column in columns { draw(row, column, on: &plotter) }
    }
    drawKey(on: &plotter)
  }

  private func drawHeads(on plotter: inout Plotter) {
    var facet: String?
    for column in columns {
      let group = chart.groups[column]
      let left = Double(gutter + (column - columns.lowerBound) * cellWidth)
      if hasFacets, group.facet != facet {
        let others = columns.drop { $0 < column }.prefix { chart.groups[$0].facet == group.facet }.count
        plotter.text(group.facet, .init(left, Double(top)), role: .title, width: others * cellWidth - 1)
        facet = group.facet
      }
      let line = Double(top + (hasFacets ? 1 : 0))
      let name =
        fitted(group.value, cellWidth - 1 - (group.isSmall ? 1 : 0), plotter.glyphs) + (group.isSmall ? "*" : "")
      plotter.text(name, .init(left + Double(cellWidth - 1), line), .right, width: cellWidth - 1)
      guard hasCounts else { continue }
      plotter.text(
        Numbers.grouped(group.rows), .init(left + Double(cellWidth - 1), line + 1), .right, role: .muted,
        width: cellWidth - 1)
    }
    if hasCounts {
      let line = Double(top + 1 + (hasFacets ? 1 : 0))
      plotter.text("n", .init(Double(gutter - 1), line), .right, role: .muted)
    }
  }

  /// A name that fits; of combined groups each part keeps as much as there is room for.
  private func fitted(_ name: String, _ width: Int, _ glyphs: Glyphs) -> String {
    let parts = name.split(separator: " × ").map(String.init)
    guard TextWidth.of(name) > width, parts.count > 1, width >= parts.count * 4 - 1 else {
      return glyphs.cut(name, width)
    }
    var room = width - (parts.count - 1)
    var widths = [Int](repeating: 0, count: parts.count)
    // The shortest first: what they leave over is for the longer ones.
    let order = parts.indices.sorted { TextWidth.of(parts[$0]) < TextWidth.of(parts[$1]) }
    for (rank, place) in order.enumerated() {
      widths[place] = min(TextWidth.of(parts[place]), room / (order.count - rank))
      room -= widths[place]
    }
    return zip(parts, widths).map { glyphs.cut($0, $1) }.joined(separator: glyphs.kind == .ascii ? "x" : "×")
  }

  private func draw(_ row: Int, _ column: Int, on plotter: inout Plotter) {
    let (rect, cell) = (rect(row, column), chart.cell(row, column))
    if rect.isEmpty { return }
    let share = cell.lean.map { 0.5 + 0.5 * min(1, max(-1, $0)) }
    if let share { plotter.colors(.init(rect), [[share]], isDiverging: true) }
    var text = cell.text.isEmpty ? plotter.glyphs.range : cell.text
    if plotter.glyphs.kind == .ascii { text = text.replacing("∞", with: "inf") }
    let words = " " + text + " " + cell.verdict.sign(plotter.glyphs)
    plotter.text(
      words, .init(Double(rect.maxX), Double(rect.y)), .right, role: cell.text.isEmpty ? .muted : .text,
      isBold: cell.verdict == .outside, paper: share.map { .diverging($0) }, width: rect.width)
  }

  private func drawKey(on plotter: inout Plotter) {
    guard hasKey else { return }
    let line = Double(min(size.height - 1, y + rows.count))
    let signs: [BiasGrid.Verdict] = [.outside, .open, .within]
    let words = ["outside", "open", "within"]
    var parts = zip(signs, words).map { "\($0.sign(plotter.glyphs)) \($1)" }
    if chart.groups.contains(where: \.isSmall) { parts.append("* small group") }
    let text = parts.joined(separator: "  ")
    plotter.text(text, .init(Double(min(gutter, 2)), line), role: .muted)
    let left = min(gutter, 2) + TextWidth.of(text) + 3
    guard left + 34 <= size.width else { return }
    plotter.text("better off", .init(Double(left), line), role: .muted)
    plotter.add(
      .sample(.init(.scale(isDiverging: true, columns: 11), at: .init(Double(left + 11), line), role: .label)), .labels)
    plotter.text("worse off", .init(Double(left + 23), line), role: .muted)
  }

  var marks: [ChartMark] {
    chart.metrics.indices.flatMap { row in
      chart.groups.indices.map { column in
        ChartMark(
          rect: rect(row, column), place: Point(x: column, y: row), readout: chart.readout(row, column),
          selection: .none, emphasis: .reverse)
      }
    }
  }
}
