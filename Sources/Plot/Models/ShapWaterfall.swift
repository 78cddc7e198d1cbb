// Waterfall: how the features of one row lead from the mean output to this one. Contributions that have no line are
// added up in the last one, so that the bars always reach f(x).

import Foundation
import Grid

/// One prediction, explained.
public struct ShapWaterfall: ChartContent {
  public static let kind = "shap-waterfall"
  public static let title = "SHAP waterfall"

  /// What a feature adds, in the unit of the output; `value` is the feature's value in this row.
  public struct Item: Codable, Sendable, Equatable {
    public var feature: String
    public var value: String?
    public var shap: Double

    public init(feature: String, value: String? = nil, shap: Double) {
      (self.feature, self.value, self.shap) = (feature, value, shap)
    }

    var label: String { value.map { "\(feature) = \($0)" } ?? feature }
  }

  /// Features without an item, together.
  public struct Others: Codable, Sendable, Equatable {
    public var count: Int
    public var shap: Double

    public init(count: Int, shap: Double) { (self.count, self.shap) = (count, shap) }
  }

  /// Instead of `SHAP values of one row`.
  public var title: String?
  /// The mean output, E[f(x)].
  public var base: Double
  /// Largest first.
  public var items: [Item]
  public var others: Others?
  public var unit: String
  /// Whether the output is in log-odds, and has a probability.
  public var isLogOdds: Bool
  /// What it leads from and to, instead of `E[f(x)]` and `f(x)`.
  public var from, to: String?

  public init(
    title: String? = nil, base: Double, items: [Item], others: Others? = nil, unit: String = "log-odds",
    isLogOdds: Bool = true, from: String? = nil, to: String? = nil
  ) {
    (self.title, self.base, self.items, self.others) = (title, base, items, others)
    (self.unit, self.isLogOdds, self.from, self.to) = (unit, isLogOdds, from, to)
  }

  var beginning: String { from ?? "E[f(x)]" }
  var end: String { to ?? "f(x)" }

  /// The output for this row.
  public var output: Double { items.reduce(base + (others?.shap ?? 0)) { $0 + $1.shap } }

  public func preferredRows(width: Int) -> Int { items.count + 7 }

  /// A line of the chart: a step from one output to another, or a level where both are the same.
  private struct Step {
    var label: String
    var text: String
    var from, to: Double
    var feature: String?
    var isLevel = false
  }

  private func level(_ label: String, _ value: Double) -> Step {
    let odds = isLogOdds && value.isFinite ? "  p \(Numbers.score(1 / (1 + exp(-value))))" : ""
    return Step(label: label, text: Numbers.short(value, digits: 3) + odds, from: value, to: value, isLevel: true)
  }

  /// The steps with at most `most` items.
  private func steps(_ most: Int) -> [Step] {
    var steps = [level(beginning, base)]
    var at = base
    func add(_ label: String, _ shap: Double, _ feature: String?) {
      steps.append(Step(label: label, text: Numbers.signed(shap), from: at, to: at + shap, feature: feature))
      at += shap
    }
    for item in items.prefix(most) { add(item.label, item.shap, item.feature) }
    let rest = items.dropFirst(most)
    let count = rest.count + (others?.count ?? 0)
    if count > 0 || others != nil {
      let sum = rest.reduce(others?.shap ?? 0) { $0 + $1.shap }
      add("\(Numbers.grouped(count)) other\(count == 1 ? "" : "s")", sum, nil)
    }
    return steps + [level(end, output)]
  }

  public func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    let line = TitleLine(name: title ?? "SHAP values of one row")
    var steps = steps(items.count)
    var frame = frame(steps, line, size, context, view)
    if frame.groups.count < steps.count {
      steps = self.steps(max(0, frame.groups.count - 3))
      frame = self.frame(steps, line, size, context, view)
    }
    frame.draw(on: &plotter)
    for i in frame.groups { draw(steps[i], frame.rect(ofGroup: i), frame, on: &plotter) }
    let marks = steps.enumerated().map { i, step in
      let reached = step.isLevel ? "" : "  to \(Numbers.short(step.to, digits: 3))"
      return ChartMark(
        rect: frame.rect(ofGroup: i).intersection(Rect(size)), place: Point(x: 0, y: i),
        readout: "\(step.label)  \(step.text)\(reached) \(unit)",
        selection: step.feature.map { .feature($0) } ?? .none)
    }
    return (plotter.list, marks)
  }

  private func frame(
    _ steps: [Step], _ line: TitleLine, _ size: Size, _ context: DrawContext, _ view: ChartView
  ) -> PlotFrame {
    let values = steps.flatMap { [$0.from, $0.to] }.filter(\.isFinite)
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    let range = values.isEmpty ? nil : low...(low + ShapBars.padded(high - low, size.width))
    return PlotFrame(
      size: size, context: context, title: line, x: AxisSpec(unit, range, placing: .bars),
      y: .groups(steps.map(\.label), rows: 1, around: view.cursor, isRuled: false), view: view)
  }

  private func draw(_ step: Step, _ rect: Rect, _ frame: PlotFrame, on plotter: inout Plotter) {
    let (from, to) = (frame.x(step.from), frame.x(step.to))
    guard from.isFinite, to.isFinite, !rect.isEmpty else { return }
    let row = Double(rect.y)
    if step.isLevel {
      plotter.rule(.init(from, row), .init(from, row + 1), .text, isHeavy: true)
      let cell = from.rounded(.down)
      let texts = [step.text, Numbers.short(step.to, digits: 3)]
      plotter.label(texts, beside: cell...(cell + 1), row: rect.y, in: frame.plot, role: .text)
      return
    }
    let box = DisplayList.Box(x: min(from, to), y: row, width: abs(to - from), height: 1)
    let rises = to >= from
    plotter.fill(box, rises ? .positive : .negative, rises ? .solid : .medium, growth: rises ? .right : .left)
    plotter.label([step.text], beside: min(from, to)...max(from, to), row: rect.y, in: frame.plot)
  }
}
