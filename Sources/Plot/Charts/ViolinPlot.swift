// Violins: the density of a column mirrored around a line, one shape a group.

import Foundation
import Grid

/// The shape of one column's distribution, whole or by the values of another.
public struct ViolinPlot: GroupedChart {
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
    /// Density at evenly spaced positions of the axis, the ends included, in any unit; drawn as a share of its own peak.
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
    // A single shape may use the room.
    let frame = frame(
      values: drawable.flatMap { [$0.lower, $0.upper] }, rows: groups.count == 1 ? 7 : 3,
      figures: ["each as high as its peak", "line: median"], size: size, context: context, view: view)
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
      let edge = group.density.enumerated().map { index, density -> (x: Double, height: Double) in
        let share = density.isFinite ? max(0, density) / peak : 0
        return (frame.x(position(index, group)), share * half)
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

  /// The value at an index of the density: evenly spaced on the axis that the chart has.
  func position(_ index: Int, _ group: Group) -> Double {
    let share = Double(index) / Double(max(1, group.density.count - 1))
    guard valueForm == .logarithmic, group.lower > 0 else { return group.lower + share * (group.upper - group.lower) }
    return group.lower * pow(group.upper / group.lower, share)
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
