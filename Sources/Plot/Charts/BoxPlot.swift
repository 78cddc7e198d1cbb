// Box plots: quartiles, whiskers and outliers of a column, one box a group.

import Grid

/// The spread of one column, whole or by the values of another.
public struct BoxPlot: GroupedChart {
  public static let kind = "box"
  public static let title = "Box plot"

  /// The figures of one group. Whiskers end at the outermost values within 1.5 interquartile ranges of the box (Tukey
  /// 1977, Exploratory Data Analysis, 2C).
  public struct Group: Codable, Sendable, Equatable {
    /// The group's value; nil where it is missing.
    public var label: String?
    /// Rows with a finite value; the figures are zeros where there are none.
    public var count: Int
    public var lowerWhisker, q1, median, q3, upperWhisker: Double
    /// Values beyond the whiskers, as many as are worth drawing.
    public var outliers: [Double]
    /// Rows beyond the whiskers, drawn or not.
    public var outlierCount: Int

    public init(
      label: String?, count: Int, lowerWhisker: Double, q1: Double, median: Double, q3: Double, upperWhisker: Double,
      outliers: [Double] = [], outlierCount: Int? = nil
    ) {
      (self.label, self.count, self.lowerWhisker, self.q1) = (label, count, lowerWhisker, q1)
      (self.median, self.q3, self.upperWhisker) = (median, q3, upperWhisker)
      (self.outliers, self.outlierCount) = (outliers, outlierCount ?? outliers.count)
    }

    var figures: [Double] { [lowerWhisker, q1, median, q3, upperWhisker] }
    var isDrawable: Bool { count > 0 && figures.allSatisfy(\.isFinite) }
  }

  public var column: String
  /// The column that makes the groups; nil for one box of all rows.
  public var by: String?
  public var groups: [Group]
  /// Groups of the table that have no box here.
  public var otherGroups: Int
  /// Examined rows without a value.
  public var missing: Int
  /// Rows in the table.
  public var total: Int
  /// Rows examined, when fewer than all.
  public var sampled: Int?
  public var valueKind: AxisKind
  /// Logarithmic where only positive values are drawn; nil is plain.
  public var valueForm: AxisForm?

  public init(
    column: String, by: String? = nil, groups: [Group], otherGroups: Int = 0, missing: Int, total: Int,
    sampled: Int? = nil, valueKind: AxisKind = .number, valueForm: AxisForm? = nil
  ) {
    (self.column, self.by, self.groups, self.otherGroups) = (column, by, groups, otherGroups)
    (self.missing, self.total, self.sampled, self.valueKind) = (missing, total, sampled, valueKind)
    self.valueForm = valueForm
  }

  public func preferredRows(width: Int) -> Int { groupedRows(groups.count) }

  var groupLabels: [String?] { groups.map(\.label) }

  public func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    let drawable = groups.filter(\.isDrawable)
    if drawable.isEmpty { return (emptyList(size: size, context: context, view: view), []) }
    let frame = frame(
      values: drawable.flatMap { $0.figures + $0.outliers }, rows: 3,
      figures: ["box: quartiles", "whiskers: within 1.5 IQR"], size: size, context: context, view: view)
    frame.draw(on: &plotter)
    for index in frame.groups { draw(groups[index], in: frame.rect(ofGroup: index), frame, &plotter) }
    return (plotter.list, marks(frame, size, plotter.glyphs))
  }

  // MARK: - Drawing

  private func draw(_ group: Group, in rect: Rect, _ frame: PlotFrame, _ plotter: inout Plotter) {
    let isTall = rect.height >= 3
    let middle = Double(rect.y + (isTall ? 1 : 0)) + 0.5
    let cells = group.isDrawable ? group.figures.compactMap { frame.column($0) } : []
    guard cells.count == 5 else {
      plotter.text("no values", .init(Double(rect.x) + 1, middle), role: .muted, width: max(0, rect.width - 1))
      return
    }
    let (low, q1, median, q3, high) = (cells[0], cells[1], cells[2], cells[3], cells[4])
    func spot(_ cell: Int, _ row: Double) -> DisplayList.Spot { .init(Double(cell) + 0.5, row) }
    let role = Role.series(1)
    if isTall {
      plotter.outline(Rect(x: q1, y: rect.y, width: q3 - q1 + 1, height: 3), role)
      if median != q1, median != q3 {
        plotter.rule(spot(median, Double(rect.y) + 0.5), spot(median, Double(rect.y) + 2.5), role)
      }
      if low < q1 { plotter.rule(spot(low, middle), spot(q1, middle), role, capsStart: true) }
      if high > q3 { plotter.rule(spot(q3, middle), spot(high, middle), role, capsEnd: true) }
    } else {
      // The box covers the middle of one line between the whiskers.
      plotter.rule(spot(low, middle), spot(high, middle), role, capsStart: true, capsEnd: true, layer: .grid)
      let box = DisplayList.Box(x: Double(q1), y: Double(rect.y), width: Double(q3 - q1 + 1), height: 1)
      plotter.fill(box, role, .medium)
      plotter.rule(spot(median, Double(rect.y)), spot(median, Double(rect.y) + 1), role)
    }
    plotter.markers(group.outliers.map { .init(frame.x($0), middle) }, role, .bullet)
  }

  // MARK: - Cursor

  private func marks(_ frame: PlotFrame, _ size: Size, _ glyphs: Glyphs) -> [ChartMark] {
    if by == nil, let group = groups.first { return wholeMarks(group, frame, glyphs) }
    return groups.enumerated().map { index, group in
      ChartMark(
        rect: frame.rect(ofGroup: index).intersection(Rect(size)), place: Point(x: 0, y: index),
        readout: readout(group, glyphs), selection: by.map { .equals(column: $0, value: group.label) } ?? .none)
    }
  }

  private func readout(_ group: Group, _ glyphs: Glyphs) -> String {
    var text = by == nil ? "" : (group.label ?? "(missing)") + "  "
    text += "n=\(Numbers.grouped(group.count))"
    guard group.isDrawable else { return text }
    text += "  med \(Numbers.text(group.median, valueKind))"
    text += "  IQR \(Numbers.text(group.q1, group.q3, valueKind, glyphs))"
    text += "  whiskers \(Numbers.text(group.lowerWhisker, group.upperWhisker, valueKind, glyphs))"
    text += "  outliers \(Numbers.grouped(group.outlierCount))"
    if group.outliers.count < group.outlierCount { text += " (\(Numbers.grouped(group.outliers.count)) drawn)" }
    return text
  }

  /// The parts of a single box: the quarters of the rows between whiskers and box, and the box.
  private func wholeMarks(_ group: Group, _ frame: PlotFrame, _ glyphs: Glyphs) -> [ChartMark] {
    guard group.isDrawable else { return [] }
    let parts: [(name: String, low: Double, high: Double, hasUpper: Bool)] = [
      ("lower whisker", group.lowerWhisker, group.q1, false), ("box", group.q1, group.q3, true),
      ("upper whisker", group.q3, group.upperWhisker, true),
    ]
    let rect = frame.rect(ofGroup: 0)
    return parts.enumerated().compactMap { index, part in
      var cells = Rect.zero
      if let left = frame.column(part.low), let right = frame.column(part.high) {
        cells = Rect(x: left, y: rect.y, width: right - left + 1, height: rect.height).intersection(rect)
      }
      if cells.isEmpty, frame.isZoomed { return nil }
      let range = Numbers.text(part.low, part.high, valueKind, glyphs)
      return ChartMark(
        rect: cells, place: Point(x: index, y: 0), readout: "\(part.name) \(range)  \(readout(group, glyphs))",
        selection: .range(
          column: column, lower: part.low, upper: part.high, includesUpper: part.hasUpper, kind: valueKind))
    }
  }
}
