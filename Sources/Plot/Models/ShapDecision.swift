// Decision chart: for each row a line from the base value at the bottom through what each feature adds, the most
// important at the top, to the output. Rows that end below the base value are dashed, the others solid; the row under the
// cursor has a disc at every feature and its values in numbers.

import Foundation
import Grid

/// Paths of predictions through the features.
public struct ShapDecision: ChartContent {
  public static let kind = "shap-decision"
  public static let title = "SHAP decision"

  /// A prediction.
  public struct Row: Codable, Sendable, Equatable {
    /// Such as `row 17`.
    public var name: String
    /// The row's number, from zero; nil where it is no row of a table.
    public var row: Int?
    /// The mean output, E[f(x)].
    public var base: Double
    /// By feature of the chart.
    public var shap: [Double]
    /// What the features without a line add.
    public var others: Double
    /// The values of the features in words; empty where they are not known.
    public var cells: [String]

    public init(
      name: String, row: Int? = nil, base: Double, shap: [Double], others: Double = 0, cells: [String] = []
    ) {
      (self.name, self.row, self.base, self.shap) = (name, row, base, shap)
      (self.others, self.cells) = (others, cells)
    }

    /// The output for this row.
    public var output: Double { shap.reduce(base + others, +) }
  }

  /// Instead of `SHAP decisions`.
  public var title: String?
  /// Most important first.
  public var features: [String]
  /// Features without a line.
  public var others: Int
  /// By their output.
  public var rows: [Row]
  /// The row that matters while no cursor stands on one.
  public var highlighted: Int?
  public var unit: String
  /// Whether outputs are log-odds, and have a probability.
  public var isLogOdds: Bool
  /// Rows in the table; nil when unknown.
  public var total: Int?
  /// Rows drawn, when fewer than all.
  public var sampled: Int?

  public init(
    title: String? = nil, features: [String], others: Int = 0, rows: [Row], highlighted: Int? = nil,
    unit: String = "log-odds", isLogOdds: Bool = true, total: Int? = nil, sampled: Int? = nil
  ) {
    (self.title, self.features, self.others, self.rows) = (title, features, others, rows)
    (self.highlighted, self.unit, self.isLogOdds) = (highlighted, unit, isLogOdds)
    (self.total, self.sampled) = (total, sampled)
  }

  public func preferredRows(width: Int) -> Int { min(40, (features.count + 1) * 2 + 4) }

  /// What a row adds by group of the chart, from the bottom: first what has no line, then the least important.
  private func steps(_ row: Row, _ most: Int) -> [Double] {
    let known = features.indices.map { row.shap.indices.contains($0) ? row.shap[$0] : 0 }
    let rest = known.dropFirst(most).reduce(row.others, +)
    return (hasRest(most) ? [rest] : []) + known.prefix(most).reversed()
  }

  private func hasRest(_ most: Int) -> Bool { others + features.count - min(most, features.count) > 0 }

  private func labels(_ most: Int) -> [String] {
    let rest = others + features.count - min(most, features.count)
    let kept = Array(features.prefix(most))
    return rest > 0 ? kept + ["\(Numbers.grouped(rest)) other\(rest == 1 ? "" : "s")"] : kept
  }

  public func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    var line = TitleLine(name: title ?? "SHAP decisions", counts: RowCounts(total: total, sampled: sampled, missing: 0))
    if total == nil, rows.count > 1 { line.notes = ["\(Numbers.grouped(rows.count)) rows"] }
    let finite = rows.indices.filter { rows[$0].output.isFinite && rows[$0].base.isFinite }
    if finite.isEmpty {
      line.draw(on: &plotter)
      plotter.sentence(
        rows.isEmpty ? "No rows." : "No finite values.", in: Rect(size).splitTop(min(1, size.height)).1)
      return (plotter.list, [])
    }
    var most = features.count
    var frame = frame(most, finite, line, size, context, view)
    while frame.groups.count < labels(most).count, most > 0 {
      most = min(most - 1, max(0, frame.groups.count - 1))
      frame = self.frame(most, finite, line, size, context, view)
    }
    frame.draw(on: &plotter)
    let front = view.cursor.flatMap { rows.indices.contains($0) ? $0 : nil } ?? highlighted
    let base = frame.x(rows[finite[0]].base)
    plotter.rule(
      .init(base, Double(frame.plot.y)), .init(base, Double(frame.plot.maxY)), .reference, .dotted, layer: .reference)
    for i in finite where i != front { draw(rows[i], most, frame, on: &plotter) }
    if let front, finite.contains(front) { drawFront(rows[front], most, frame, on: &plotter) }
    let marks = rows.indices.map { i -> ChartMark in
      let x = frame.x(rows[i].output)
      return ChartMark(
        rect: frame.cell(.init(x, Double(frame.plot.y))).intersection(Rect(size)), place: Point(x: i, y: 0),
        readout: readout(rows[i]), selection: .none, emphasis: .none)
    }
    return (plotter.list, marks)
  }

  private func frame(
    _ most: Int, _ finite: [Int], _ line: TitleLine, _ size: Size, _ context: DrawContext, _ view: ChartView
  ) -> PlotFrame {
    let values = finite.flatMap { i -> [Double] in
      var at = rows[i].base
      return [at]
        + steps(rows[i], most).map { step in
          at += step
          return at
        }
    }
    var legend: [TitleLine.Key] = [
      .init(.line(.solid), role: .positive, label: "ends above E[f(x)]"),
      .init(.line(.dashed), role: .negative, label: "below"),
    ]
    if rows.count == 1 { legend = [] }
    return PlotFrame(
      size: size, context: context, title: line, legend: legend, x: AxisSpec(unit, values: values),
      y: .groups(labels(most), rows: 3, around: nil, isRuled: true), figures: ["upwards from E[f(x)] to f(x)"],
      view: view)
  }

  /// The path of a row, from the lower edge of the lowest group to the upper edge of the highest.
  private func path(_ row: Row, _ most: Int, _ frame: PlotFrame) -> [DisplayList.Spot] {
    var at = row.base
    var y = Double(frame.plot.maxY)
    var spots = [DisplayList.Spot(frame.x(at), y)]
    for step in steps(row, most) {
      at += step
      y -= Double(frame.groupRows)
      spots.append(.init(frame.x(at), max(y, Double(frame.plot.y))))
    }
    return spots
  }

  private func draw(_ row: Row, _ most: Int, _ frame: PlotFrame, on plotter: inout Plotter) {
    let isAbove = row.output >= row.base
    plotter.line(path(row, most, frame), isAbove ? .positive : .negative, isAbove ? .solid : .dashed)
  }

  /// The row that matters: a disc at every feature, and the values.
  private func drawFront(_ row: Row, _ most: Int, _ frame: PlotFrame, on plotter: inout Plotter) {
    let spots = path(row, most, frame)
    plotter.line(spots, .cursor, layer: .overlay)
    let values = steps(row, most)
    for (step, value) in values.enumerated() where spots.indices.contains(step + 1) {
      let (from, to) = (spots[step], spots[step + 1])
      guard from.isFinite, to.isFinite else { continue }
      let line = Rasterizer.whole((from.y + to.y) / 2 - 1e-9) ?? -1
      guard line >= frame.plot.y, line < frame.plot.maxY else { continue }
      plotter.label([Numbers.signed(value)], beside: min(from.x, to.x)...max(from.x, to.x), row: line, in: frame.plot)
    }
    // Inside the group that they belong to.
    plotter.markers(spots.dropFirst().map { .init($0.x, $0.y + 0.4) }, .cursor, .disc, layer: .cursor)
  }

  private func readout(_ row: Row) -> String {
    let odds = isLogOdds && row.output.isFinite ? "  p \(Numbers.score(1 / (1 + exp(-row.output))))" : ""
    let order = features.indices.filter { row.shap.indices.contains($0) && row.shap[$0].isFinite && row.shap[$0] != 0 }
      .sorted { abs(row.shap[$0]) > abs(row.shap[$1]) }
    let parts = order.prefix(3).map { feature -> String in
      let cell = row.cells.indices.contains(feature) ? " = \(row.cells[feature])" : ""
      return "\(features[feature])\(cell) \(Numbers.signed(row.shap[feature]))"
    }
    return (["\(row.name)  f(x) \(Numbers.short(row.output, digits: 3))\(odds)"] + parts).joined(separator: "  ")
  }

  /// One row a feature of a row.
  public var table: ChartTable? {
    let lines = rows.flatMap { row -> [[String]] in
      var lines = [[row.name, "E[f(x)]", "", ChartTable.text(row.base)]]
      for (feature, name) in features.enumerated() where row.shap.indices.contains(feature) {
        let cell = row.cells.indices.contains(feature) ? row.cells[feature] : ""
        lines.append([row.name, name, cell, ChartTable.text(row.shap[feature])])
      }
      if others > 0 {
        lines.append([row.name, "(\(others) other\(others == 1 ? "" : "s"))", "", ChartTable.text(row.others)])
      }
      return lines + [[row.name, "f(x)", "", ChartTable.text(row.output)]]
    }
    return ChartTable(columns: ["row", "feature", "value", "shap"], rows: lines)
  }
}
