import Explain
import Numerics
import Plot

extension ExplainedTable {
  /// Steps that are drawn at most.
  private static let shownSteps = 60

  /// What each step does to predictions, in the order in which steps become known; nil unless asked for. Of several
  /// outputs the first.
  public var steps: Chart? {
    guard let time else { return nil }
    let order = time.sequence(of: explanation.features)
    let groups = order.prefix(Self.shownSteps).map { feature in
      BoxPlot.Group(label: explanation.features[feature], kept.map { $0.values[feature] })
    }
    let output = explanation.outputs.map { ", class \($0[0].name)" } ?? ""
    return .content(
      BoxPlot(
        column: "SHAP (\(explanation.unit)\(output))", by: "step in time", groups: groups,
        otherGroups: order.count - groups.count, missing: 0, total: explanation.totalRows,
        sampled: kept.count < explanation.totalRows ? kept.count : nil))
  }
}

extension RowExplanation {
  /// Steps that a way through time names at most.
  private static let shownSteps = 30

  /// The way from the base value to the prediction as steps become known, one after another.
  public func timeline(output: Int, _ time: ExplainSpec.TimeSteps, title: String? = nil) -> Chart {
    let found = outputs[output]
    let order = time.sequence(of: features)
    let rest = order.dropFirst(Self.shownSteps)
    return .content(
      ShapWaterfall(
        title: title, base: found.baseValue, items: order.prefix(Self.shownSteps).map { item($0, output: output) },
        others: rest.isEmpty ? nil : .init(count: rest.count, shap: rest.reduce(0) { $0 + found.values[$1] }),
        unit: unit, isLogOdds: unit == "log-odds"))
  }
}

extension BoxPlot.Group {
  /// The box of some values, by Tukey's rule.
  init(label: String?, _ values: [Double]) {
    let sorted = values.filter(\.isFinite).sorted()
    func quantile(_ share: Double) -> Double { Statistics.quantile(sorted: sorted, share) }
    let (q1, q3) = (quantile(0.25), quantile(0.75))
    let reach = 1.5 * (q3 - q1)
    let inner = sorted.filter { $0 >= q1 - reach && $0 <= q3 + reach }
    self.init(
      label: label, count: sorted.count, lowerWhisker: inner.first ?? q1, q1: q1, median: quantile(0.5), q3: q3,
      upperWhisker: inner.last ?? q3, outliers: sorted.filter { $0 < q1 - reach || $0 > q3 + reach })
  }
}
