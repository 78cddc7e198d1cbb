// The numbers behind small multiples: a chart for each of the most frequent values of a column, on shared axes. What is
// counted in bins comes from one query for all charts; quartiles from one for each.

import Frame
import Jobs
import Plot

/// Draws a chart for each value of a column.
public struct FacetedCharts {
  private let rows: ChartRows
  private let categories: Categories
  private let total: Int

  /// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
  public init(by column: String, of rows: ChartRows) throws {
    self.rows = rows
    categories = try Categories(of: column, most: Facets.most, hasOthers: false, in: rows)
    total = try rows.query("SELECT count(*) FROM \(rows.from)", "counting rows").value(0, 0).whole
  }

  private func facets(
    _ name: String, _ charts: [Chart], xName: String, x: ClosedRange<Double>? = nil, y: ClosedRange<Double>? = nil
  ) -> Facets {
    Facets(
      name: name, column: categories.column, facets: zip(categories.list, charts).map { Facets.Facet($0, $1) },
      otherValues: categories.others, total: total, x: x, y: y, xName: xName)
  }

  /// From the least to the greatest of some numbers; nil without any.
  private static func range(_ numbers: some Sequence<Double>) -> ClosedRange<Double>? {
    var (low, high) = (Double.infinity, -Double.infinity)
    for number in numbers where number.isFinite { (low, high) = (min(low, number), max(high, number)) }
    return low <= high ? low...high : nil
  }

  /// With some air above, for axes that do not grow.
  private static func counts(_ most: Double?) -> ClosedRange<Double>? {
    most.flatMap { $0 > 0 ? 0...($0 * 1.05) : nil }
  }

  public func histogram(
    of column: String, by: String?, bins: Int?, isLogarithmic: Bool
  ) throws -> Facets {
    let charts = try groupedHistograms(
      of: column, by: by, bins: bins, isLogarithmic: isLogarithmic, facets: categories, in: rows)
    let most = charts.flatMap { $0.series.flatMap(\.counts) }.max()
    let edges = charts.first?.edges ?? []
    return facets(
      by.map { "\(column) by \($0)" } ?? column, charts.map { .content($0) }, xName: column, x: Self.range(edges),
      y: Self.counts(most.map(Double.init)))
  }

  public func bars(
    of column: String, y: String?, aggregate: ChartAggregate?, colorBy: String?, top: Int
  ) throws -> Facets {
    let charts = try groupedBars(
      of: column, y: y, aggregate: aggregate, colorBy: colorBy, top: top, facets: categories, in: rows)
    let isWhole = charts.first.map { $0.measure == nil && $0.series.count <= 4 || $0.series.isEmpty } ?? true
    let lengths = charts.flatMap { chart in
      chart.items.flatMap { item in
        (isWhole ? [item.whole] : item.parts).compactMap { part in
          chart.measure == nil ? Double(part.count) : part.value
        }
      }
    }
    let range = Self.range(lengths + [0])
    // Room for the number after the longest bar.
    let shown = range.map { $0.lowerBound...($0.upperBound + ($0.upperBound - $0.lowerBound) * 0.6) }
    let measure = charts.first?.measure
    let name = measure.map { "\($0) by \(column)" } ?? column
    return facets(
      name + (colorBy.map { " by \($0)" } ?? ""), charts.map { .content($0) }, xName: measure ?? "rows",
      x: shown.flatMap { $0.upperBound > $0.lowerBound ? $0 : nil })
  }

  public func scatter(x: String, y: String, colorBy: String?, options: ScatterOptions) throws -> Facets {
    let charts = try scatters(x: x, y: y, colorBy: colorBy, options: options, facets: categories, in: rows)
    return facets(
      "\(y) by \(x)", charts.map { .scatter($0) }, xName: x, x: Self.range(charts.lazy.flatMap { $0.points.map(\.x) }),
      y: Self.range(charts.lazy.flatMap { $0.points.map(\.y) }))
  }

  public func density(x: String, y: String, options: DensityOptions) throws -> Facets {
    let charts = try densityHeatmaps(x: x, y: y, options: options, facets: categories, in: rows)
    let first = charts.first { !$0.counts.isEmpty }
    return facets(
      "\(y) by \(x)", charts.map { .content($0) }, xName: x, x: first?.xRange, y: first?.yRange)
  }

  public func line(x: String, y: String?, colorBy: String?, options: LineOptions) throws -> Facets {
    let charts = try lineCharts(x: x, y: y, colorBy: colorBy, options: options, facets: categories, of: rows)
    var drawn = charts
    for index in drawn.indices { drawn[index].heading = nil }
    let values = charts.flatMap { $0.series.flatMap { $0.values.compactMap(\.self) } }
      .filter { !options.isLogarithmic || $0 > 0 }
    let name = charts.first?.heading ?? "rows over \(x)"
    return facets(
      name, drawn.map { .content($0) }, xName: x, x: Self.range(charts.first?.positions ?? []), y: Self.range(values))
  }

  public func box(of column: String, by: String?, isLogarithmic: Bool) throws -> Facets {
    let labels = try groupLabels(by)
    let charts = try categories.list.indices.map { index in
      let rows = part(index)
      return try boxPlot(
        of: column, by: by, labels: labels, isLogarithmic: isLogarithmic, in: rows)
    }
    let values = charts.flatMap { chart in
      chart.groups.filter { $0.count > 0 }.flatMap { [$0.lowerWhisker, $0.upperWhisker] + $0.outliers }
    }
    return facets(
      by.map { "\(column) by \($0)" } ?? column, charts.map { .content($0) }, xName: column, x: Self.range(values))
  }

  public func violin(of column: String, by: String?, isLogarithmic: Bool) throws -> Facets {
    let labels = try groupLabels(by)
    let charts = try categories.list.indices.map { index in
      try violinPlot(of: column, by: by, labels: labels, isLogarithmic: isLogarithmic, in: part(index))
    }
    let values = charts.flatMap { chart in chart.groups.filter { $0.count > 0 }.flatMap { [$0.lower, $0.upper] } }
    return facets(
      by.map { "\(column) by \($0)" } ?? column, charts.map { .content($0) }, xName: column, x: Self.range(values))
  }

  /// The same groups in every chart.
  private func groupLabels(_ by: String?) throws -> [String?]? {
    guard let by else { return nil }
    let groups = try Categories(of: by, most: 12, hasOthers: false, in: rows)
    return groups.list.map { $0.part == .missing ? nil : $0.label }
  }

  /// The rows of one value.
  private func part(_ index: Int) -> ChartRows {
    let name = "CAST(\(SQL.identifier(categories.column)) AS VARCHAR)"
    let category = categories.list[index]
    let label = category.part == .missing ? "NULL" : SQL.text(category.label)
    return ChartRows(
      relation: "SELECT * FROM \(rows.from) WHERE \(name) IS NOT DISTINCT FROM \(label)", schema: rows.schema,
      database: rows.database, context: rows.context, cluster: rows.cluster)
  }
}
