// The numbers behind the charts of distributions, as rows.

extension BoxPlot {
  public var table: ChartTable? {
    func text(_ value: Double, _ group: Group) -> String { group.count > 0 ? ChartTable.text(value, valueKind) : "" }
    let rows = groups.map { group in
      (by == nil ? [] : [group.label ?? ""]) + [String(group.count)] + group.figures.map { text($0, group) }
        + [String(group.outlierCount)]
    }
    let figures = ["lower_whisker", "q1", "median", "q3", "upper_whisker"]
    return ChartTable(columns: (by.map { [$0] } ?? []) + ["count"] + figures + ["outliers"], rows: rows)
  }
}

extension ViolinPlot {
  /// One row a position of a density; densities are shares of their peak.
  public var table: ChartTable? {
    var rows: [[String]] = []
    for group in groups {
      let peak = group.density.max() ?? 0
      let figures =
        group.count > 0 ? [group.q1, group.median, group.q3].map { ChartTable.text($0, valueKind) } : ["", "", ""]
      let head = (by == nil ? [] : [group.label ?? ""]) + [String(group.count)] + figures
      for (index, density) in group.density.enumerated() {
        let value = ChartTable.text(position(index, group), valueKind)
        rows.append(head + [value, ChartTable.text(peak > 0 ? density / peak : nil)])
      }
      if group.density.isEmpty { rows.append(head + ["", ""]) }
    }
    return ChartTable(
      columns: (by.map { [$0] } ?? []) + ["count", "q1", "median", "q3", "value", "density"], rows: rows)
  }
}

extension LineChart {
  /// One row a position, one column a series.
  public var table: ChartTable? {
    let rows = positions.indices.map { place in
      [ChartTable.text(positions[place], xKind)]
        + series.map { ChartTable.text(place < $0.values.count ? $0.values[place] : nil) }
    }
    return ChartTable(columns: [x] + series.map(\.name), rows: rows)
  }
}

extension DensityHeatmap {
  /// One row a bin that has rows.
  public var table: ChartTable? {
    var rows: [[String]] = []
    let across = counts.map(\.count).max() ?? 0
    for (line, bins) in counts.enumerated() {
      for (column, count) in bins.enumerated() where count > 0 {
        let ends = [
          DensityHeatmap.edge(column, of: across, xRange, xForm),
          DensityHeatmap.edge(column + 1, of: across, xRange, xForm),
          DensityHeatmap.edge(line, of: counts.count, yRange, yForm),
          DensityHeatmap.edge(line + 1, of: counts.count, yRange, yForm),
        ]
        rows.append(
          ends.enumerated().map { ChartTable.text($1, $0 < 2 ? xKind : yKind) } + [String(count)])
      }
    }
    return ChartTable(columns: ["\(x)_lower", "\(x)_upper", "\(y)_lower", "\(y)_upper", "count"], rows: rows)
  }
}
