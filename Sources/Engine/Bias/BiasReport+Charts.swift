import Fairness
import Plot

extension BiasMetric.Limits {
  /// As a range; nil where an end is open.
  public var closed: ClosedRange<Double>? {
    guard let low, let high, low <= high else { return nil }
    return low...high
  }
}

extension BiasReport {
  /// Every metric by every facet value, then a panel for each facet.
  var charts: [(title: String, chart: Chart)] {
    guard !facets.isEmpty else { return [] }
    var charts: [(title: String, chart: Chart)] = [("All metrics by group", .content(cockpit))]
    var columns: [String] = []
    for facet in facets where !columns.contains(facet.facet) { columns.append(facet.facet) }
    for column in columns {
      let entries = facets.filter { $0.facet == column }
      charts.append(("Bias by \(column)", .content(Self.panel(entries, column, rowsUsed))))
    }
    for part in segments.indices where !segments[part].facets.isEmpty {
      charts.append((segmentTitle(part), .content(cockpit(ofSegment: part))))
    }
    return charts
  }

  /// The segment that a chart of the report is of; nil for one of all rows.
  /// - Parameter page: counted on from either end.
  public func segment(ofChart page: Int) -> Int? {
    let shown = segments.indices.filter { !segments[$0].facets.isEmpty }
    let first = 1 + Set(facets.map(\.facet)).count
    let count = first + shown.count
    let place = ((page % count) + count) % count
    return place >= first ? shown[place - first] : nil
  }

  /// The combined groups alone.
  var intersectionCharts: [(title: String, chart: Chart)] {
    intersections.isEmpty ? [] : [("All metrics by combined group", .content(combinedCockpit))]
  }

  private static func panel(_ entries: [FacetReport], _ column: String, _ rows: Int) -> BiasPanel {
    let metrics = BiasMetric.allCases.filter { metric in entries.contains { $0[metric]?.value != nil } }
    return BiasPanel(
      column: column, groups: entries.map(\.value),
      metrics: metrics.map { metric in
        let values = entries.map { $0[metric] }
        return BiasPanel.Metric(
          name: metric.name, values: values.map { $0?.value }, allowed: values.compactMap { $0?.limits }.first?.closed)
      }, total: rows)
  }
}
