// Violins: the density of a column mirrored around a line, one shape a group.

import Grid

/// The shape of one column's distribution, whole or by the values of another.
public struct ViolinPlot: ChartContent {
  public static let kind = "violin"
  public static let title = "Violin plot"

  /// One shape.
  public struct Group: Codable, Sendable, Equatable {
    /// The group's value; nil where it is missing.
    public var label: String?
    /// Rows with a finite value.
    public var count: Int
    public var q1, median, q3: Double
    /// The least and the greatest value: the density reaches from one to the other.
    public var lower, upper: Double
    /// Density at evenly spaced positions, the ends included, in any unit; drawn as a share of its own peak.
    public var density: [Double]

    public init(
      label: String?, count: Int, q1: Double, median: Double, q3: Double, lower: Double, upper: Double,
      density: [Double]
    ) {
      (self.label, self.count, self.q1, self.median, self.q3) = (label, count, q1, median, q3)
      (self.lower, self.upper, self.density) = (lower, upper, density)
    }

    var isDrawable: Bool { count > 0 && [q1, median, q3, lower, upper].allSatisfy(\.isFinite) }
  }

  public var column: String
  /// The column that makes the groups; nil for one shape of all rows.
  public var by: String?
  public var groups: [Group]
  /// Groups of the table that have no shape here.
  public var otherGroups: Int
  /// Examined rows without a value.
  public var missing: Int
  /// Rows in the table.
  public var total: Int
  /// Rows examined, when fewer than all.
  public var sampled: Int?
  public var valueKind: AxisKind

  public init(
    column: String, by: String? = nil, groups: [Group], otherGroups: Int = 0, missing: Int, total: Int,
    sampled: Int? = nil, valueKind: AxisKind = .number
  ) {
    (self.column, self.by, self.groups, self.otherGroups) = (column, by, groups, otherGroups)
    (self.missing, self.total, self.sampled, self.valueKind) = (missing, total, sampled, valueKind)
  }

  public func preferredRows(width: Int) -> Int { max(10, min(24, groups.count * 3 + 5)) }

  public func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    let counts = RowCounts(total: total, sampled: sampled, missing: missing)
    let title = TitleLine(name: by.map { "\(column) by \($0)" } ?? column, counts: counts)
    let drawable = groups.filter(\.isDrawable)
    if drawable.isEmpty {
      title.draw(on: &plotter)
      plotter.sentence(counts.emptySentence, in: Rect(x: 0, y: 1, width: size.width, height: size.height - 1))
      return (plotter.list, [])
    }
    let labels = groups.map { by == nil ? "" : $0.label ?? "(missing)" }
    // A single shape may use the room.
    let rows = groups.count == 1 ? 7 : 3
    let frame = PlotFrame.grouped(total: groups.count + otherGroups) { notes in
      var titled = title
      titled.notes = notes
      return PlotFrame(
        size: size, context: context, title: titled,
        x: AxisSpec(column, values: drawable.flatMap { [$0.lower, $0.upper] }, kind: valueKind),
        y: .groups(labels, rows: rows, around: by == nil ? 0 : view.cursor, isRuled: false),
        figures: ["each as high as its peak", "line: median"], view: view)
    }
    frame.draw(on: &plotter)
    for index in frame.groups { draw(groups[index], in: frame.rect(ofGroup: index), frame, &plotter) }
    let marks = groups.enumerated().map { index, group in
      ChartMark(
        rect: frame.rect(ofGroup: index).intersection(Rect(size)), place: Point(x: 0, y: index),
        readout: readout(group, plotter.glyphs), selection: selection(group))
    }
    return (plotter.list, marks)
  }

  private func draw(_ group: Group, in rect: Rect, _ frame: PlotFrame, _ plotter: inout Plotter) {
    // A shape of an even number of rows leaves the last one free, so that its label stands in its middle.
    let rows = rect.height - (rect.height % 2 == 0 ? 1 : 0)
    let middle = Double(rect.y) + Double(rows) / 2
    guard group.isDrawable, let median = frame.column(group.median) else {
      plotter.text("no values", .init(Double(rect.x) + 1, middle), role: .muted, width: max(0, rect.width - 1))
      return
    }
    let peak = group.density.filter(\.isFinite).max() ?? 0
    if peak > 0, group.density.count > 1, group.upper > group.lower {
      let half = Double(rows) / 2
      let step = (group.upper - group.lower) / Double(group.density.count - 1)
      let edge = group.density.enumerated().map { index, density -> (x: Double, height: Double) in
        let share = density.isFinite ? max(0, density) / peak : 0
        return (frame.x(group.lower + Double(index) * step), share * half)
      }
      let above = edge.map { DisplayList.Spot($0.x, middle - $0.height) }
      let below = edge.reversed().map { DisplayList.Spot($0.x, middle + $0.height) }
      plotter.area(above + below, .series(1))
    }
    let x = Double(median) + 0.5
    let reach = rows >= 3 ? 1 : 0
    plotter.rule(
      .init(x, middle - 0.5 - Double(reach)), .init(x, middle + 0.5 + Double(reach)), .text, layer: .overlay)
  }

  private func selection(_ group: Group) -> ChartSelection {
    if let by { return .equals(column: by, value: group.label) }
    guard group.isDrawable else { return .none }
    return .range(column: column, lower: group.lower, upper: group.upper, includesUpper: true, kind: valueKind)
  }

  private func readout(_ group: Group, _ glyphs: Glyphs) -> String {
    var text = by == nil ? "" : (group.label ?? "(missing)") + "  "
    text += "n=\(Numbers.grouped(group.count))"
    guard group.isDrawable else { return text }
    text += "  med \(Numbers.text(group.median, valueKind))"
    text += "  IQR \(Numbers.text(group.q1, group.q3, valueKind, glyphs))"
    return text + "  range \(Numbers.text(group.lower, group.upper, valueKind, glyphs))"
  }
}
