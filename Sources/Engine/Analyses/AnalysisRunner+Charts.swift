import Frame
import Insight
import Plot

extension AnalysisRunner {
  /// - Returns: the chart, and the number of rows that the step has.
  /// - Throws: `EngineError` where a column is wanting or unfit; `InsightError`, `FrameError` or `JobCancelled`.
  func draw(_ spec: ChartSpec, _ relation: NodeRelation) throws -> (Chart, Int) {
    let rows = ChartRows(
      relation: relation.sql, schema: relation.schema, database: nodes.database, context: context)
    return try draw(spec, schema: relation.schema, rows)
  }

  /// The same of rows that a cluster may have.
  func draw(_ spec: ChartSpec, schema: Schema, _ rows: ChartRows) throws -> (Chart, Int) {
    if let columns = spec.sideBySide {
      let grid = try histograms(of: columns, rows)
      return (.content(grid), grid.total)
    }
    if let fault = spec.fault(schema: schema) { throw EngineError.chart(fault) }
    if spec.facetBy != nil, spec.kind.use(of: .facetBy) != nil {
      let chart = try facets(spec, rows)
      return (.content(chart), chart.total)
    }
    switch spec.kind {
    case .histogram: return try histogramChart(spec, rows)
    case .bars: return try barChart(spec, rows)
    case .scatter:
      let chart = try scatter(
        x: column(spec, .x), y: column(spec, .y), colorBy: spec.colorBy, options: spec.scatterOptions, in: rows)
      return (.scatter(chart), chart.total)
    case .box:
      let chart = try boxPlot(
        of: column(spec, .x), by: spec.by, isLogarithmic: spec.hasLogX, in: rows)
      return (.content(chart), chart.total)
    case .violin:
      let chart = try violinPlot(of: column(spec, .x), by: spec.by, isLogarithmic: spec.hasLogX, in: rows)
      return (.content(chart), chart.total)
    case .line:
      let chart = try lineChart(
        x: column(spec, .x), y: spec.y, colorBy: spec.colorBy, options: spec.lineOptions, of: rows)
      return (.content(chart), chart.total ?? 0)
    case .density:
      let chart = try densityHeatmap(
        x: column(spec, .x), y: column(spec, .y), options: spec.densityOptions, in: rows)
      return (.content(chart), chart.total)
    case .correlation:
      let chart = try correlation(of: spec.columns.isEmpty ? nil : spec.columns, in: rows)
      return (.heatmap(chart), chart.total ?? 0)
    }
  }

  private func column(_ spec: ChartSpec, _ role: ChartSpec.Role) throws -> String {
    guard let name = spec.columns(in: role).first, !name.isEmpty else {
      throw EngineError.noColumn(role: role.rawValue, chart: spec.kind.title)
    }
    return name
  }

  private func histogramChart(_ spec: ChartSpec, _ rows: ChartRows) throws -> (Chart, Int) {
    let name = try column(spec, .x)
    if let by = spec.colorBy {
      let chart = try groupedHistogram(of: name, by: by, bins: spec.bins, isLogarithmic: spec.hasLogX, in: rows)
      return (.content(chart), chart.total)
    }
    let chart = try histogram(of: name, bins: spec.bins, isLogarithmic: spec.hasLogX, in: rows)
    return (.histogram(chart), chart.total)
  }

  private func barChart(_ spec: ChartSpec, _ rows: ChartRows) throws -> (Chart, Int) {
    let name = try column(spec, .x)
    let top = spec.limit ?? ChartSpec.defaultLimit
    if let colorBy = spec.colorBy {
      let chart = try groupedBars(
        of: name, y: spec.y, aggregate: spec.aggregate, colorBy: colorBy, top: top, in: rows)
      return (.content(chart), chart.total)
    }
    let chart =
      if let y = spec.y, spec.aggregate != .count {
        try bars(of: name, y: y, aggregate: spec.aggregate ?? .mean, top: top, in: rows)
      } else {
        try bars(of: name, top: top, in: rows)
      }
    return (.bars(chart), chart.total)
  }

  /// A small chart for each value of a column.
  private func facets(_ spec: ChartSpec, _ rows: ChartRows) throws -> Facets {
    let x = try column(spec, .x)
    let charts = try FacetedCharts(by: try column(spec, .facetBy), of: rows)
    switch spec.kind {
    case .histogram:
      return try charts.histogram(of: x, by: spec.colorBy, bins: spec.bins, isLogarithmic: spec.hasLogX)
    case .bars:
      return try charts.bars(
        of: x, y: spec.y, aggregate: spec.aggregate, colorBy: spec.colorBy, top: spec.limit ?? ChartSpec.defaultLimit)
    case .box, .correlation: return try charts.box(of: x, by: spec.by, isLogarithmic: spec.hasLogX)
    case .violin: return try charts.violin(of: x, by: spec.by, isLogarithmic: spec.hasLogX)
    case .scatter:
      return try charts.scatter(x: x, y: column(spec, .y), colorBy: spec.colorBy, options: spec.scatterOptions)
    case .line: return try charts.line(x: x, y: spec.y, colorBy: spec.colorBy, options: spec.lineOptions)
    case .density: return try charts.density(x: x, y: column(spec, .y), options: spec.densityOptions)
    }
  }
}

extension ChartSpec {
  fileprivate var scatterOptions: ScatterOptions {
    ScatterOptions(
      limit: sample ?? AnalysisRunner.scatterPoints, isLogX: hasLogX, isLogY: hasLogY, trend: trend)
  }

  fileprivate var lineOptions: LineOptions {
    LineOptions(aggregate: aggregate, bins: bins, isLogarithmic: hasLogY)
  }

  fileprivate var densityOptions: DensityOptions {
    DensityOptions(bins: bins.map { ($0, $0) } ?? (120, 80), isLogX: hasLogX, isLogY: hasLogY)
  }
}
