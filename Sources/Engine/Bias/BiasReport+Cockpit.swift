import Fairness
import Foundation
import Plot

extension BiasReport {
  /// Every metric by every group, as a heatmap.
  public var cockpit: BiasGrid { grid(of: facets, "Bias of \(spec.label.column)") }

  /// The same of a part of the rows.
  public func cockpit(ofSegment part: Int) -> BiasGrid {
    guard segments.indices.contains(part) else { return cockpit }
    var grid = grid(of: segments[part].facets, segmentTitle(part))
    (grid.total, grid.missing) = (segments[part].rowsUsed, 0)
    return grid
  }

  /// `workclass = Private`, `age in [17, 30]`, `workclass in no part`.
  public func segmentTitle(_ part: Int) -> String {
    let (column, name) = (segments[part].column, segments[part].name)
    if name == "__default__" { return "\(column) in no part" }
    return column + (name.hasPrefix("[") || name.hasPrefix("(") ? " in " : " = ") + name
  }

  /// The same of combined groups, the worst gap first.
  public var combinedCockpit: BiasGrid { grid(of: intersections, "Combined groups, \(spec.label.column)") }

  private func grid(of pairs: [FacetReport], _ title: String) -> BiasGrid {
    let metrics = BiasMetric.allCases.filter { metric in pairs.contains { $0[metric] != nil } }
    let groups = pairs.map { pair in
      BiasGrid.Group(
        facet: pair.facet, value: pair.value, rows: pair.counts.d.rows, isSmall: pair.smallGroup != nil)
    }
    let cells = metrics.map { metric in pairs.map { pair in pair[metric].map { cell(of: $0, in: spec.mode) } ?? .empty }
    }
    return BiasGrid(
      title: title, metrics: metrics.map(\.name), groups: groups, cells: cells, total: rowsUsed, missing: rowsMissing)
  }

  /// smclarify's FT has the other sign, and leans the other way.
  private func cell(of value: MetricValue, in mode: BiasSpec.Mode) -> BiasGrid.Cell {
    var cell = BiasGrid.Cell(value)
    if value.metric == .ft, mode == .smclarify { cell.lean = cell.lean.map { -$0 } }
    return cell
  }
}

extension BiasGrid.Cell {
  static let empty = BiasGrid.Cell(text: "", lean: nil, verdict: .none)

  /// A metric's value as the cockpit shows it.
  init(_ value: MetricValue) {
    let verdict: BiasGrid.Verdict =
      switch value.verdict {
      case .within: .within
      case .outside: .outside
      case .notConclusive: .open
      case .none: .none
      }
    self.init(text: value.shown, lean: value.lean, verdict: verdict, readout: value.readout)
  }
}

extension MetricValue {
  /// The value with three decimals, and its sign where the metric has one: `+0.314`, `∞`; empty without a value.
  public var shown: String { value.map { metric.shown($0) } ?? "" }

  /// The interval: `+0.29 … +0.34`; empty where there is none.
  public var interval: String {
    guard let low, let high else { return "" }
    return "\(metric.shown(low)) … \(metric.shown(high))"
  }

  /// From -1 (group d is better off) over 0 (ideal) to 1 (worse off): half way at the limits. Distances, which have no
  /// direction, lean to the worse.
  var lean: Double? {
    guard let value, let gap, !value.isNaN else { return nil }
    let limit = metric == .di ? log(1.25) : limits?.high ?? limits?.low.map(abs) ?? metric.halfWay
    let size = gap.isFinite && limit > 0 ? min(1, gap / (2 * limit)) : gap > 0 ? 1 : 0
    let isBetter = metric == .di ? value > 1 : metric.isWorseAbove && value < metric.ideal
    return isBetter ? -size : size
  }

  fileprivate var readout: String {
    if let error { return error }
    var parts: [String] = []
    if !interval.isEmpty { parts.append("[\(interval.replacing(" … ", with: ", "))]") }
    parts.append("ideal \(metric == .di ? "1" : "0")")
    if let limits { parts.append("limits \(limits.shown)") }
    return parts.joined(separator: "  ")
  }
}

extension BiasMetric {
  /// A value with three decimals, and a sign where the metric has one.
  public func shown(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-∞" : "∞" }
    let text = abs(value) >= 1000 ? Numbers.short(value) : Numbers.fixed(value, 3)
    return (isSigned || self == .ft) && value > 0 && text != "0.000" ? "+" + text : text
  }

  /// Half way between the ideal and the end of the colours, where there are no limits.
  fileprivate var halfWay: Double { [.dca, .dcr, .te].contains(self) ? 0.5 : 0.1 }
}

extension BiasMetric.Limits {
  /// `-0.1 to 0.1`, `at most 0.1`.
  public var shown: String {
    switch (low, high) {
    case (let low?, let high?): "\(Numbers.short(low, digits: 3)) to \(Numbers.short(high, digits: 3))"
    case (nil, let high?): "at most \(Numbers.short(high, digits: 3))"
    case (let low?, nil): "at least \(Numbers.short(low, digits: 3))"
    case (nil, nil): "none"
    }
  }
}

extension ThresholdStudy {
  /// The front of pairs of thresholds against accuracy.
  public var trade: ThresholdTrade {
    func point(_ point: Point) -> ThresholdTrade.Point {
      let gap = point.value(metric).map { metric == .di ? abs(log($0)) : abs($0 - metric.ideal) }
      return .init(
        thresholdA: point.thresholdA, thresholdD: point.thresholdD, gap: gap.flatMap { $0.isFinite ? $0 : nil },
        accuracy: point.accuracy)
    }
    return ThresholdTrade(
      title: "\(metric.name) of \(groupD) against accuracy", metric: metric.name, groupA: groupA, groupD: groupD,
      front: pareto.map(point), shared: shared.map(point), current: point(current), total: rows)
  }
}
