import Frame
import Insight
import Plot

extension AnalysisRunner {
  /// - Returns: the chart, and the number of rows that the step has.
  /// - Throws: `EngineError` where a column is wanting; `InsightError`, `FrameError` or `JobCancelled`.
  func draw(_ spec: ChartSpec, _ relation: NodeRelation) throws -> (Chart, Int) {
    let (sql, schema, database) = (relation.sql, relation.schema, nodes.database)
    func column(_ name: String?, _ role: String) throws -> String {
      guard let name, !name.isEmpty else { throw EngineError.noColumn(role: role, chart: spec.kind.title) }
      return name
    }
    switch spec.kind {
    case .histogram:
      let chart = try histogram(
        of: column(spec.x, "x"), bins: spec.bins, relation: sql, schema: schema, in: database, context: context)
      return (.histogram(chart), chart.total)
    case .bars:
      let chart = try bars(
        of: column(spec.x, "x"), top: spec.limit ?? ChartSpec.defaultLimit, relation: sql, schema: schema,
        in: database, context: context)
      return (.bars(chart), chart.total)
    case .scatter:
      let chart = try scatter(
        x: column(spec.x, "x"), y: column(spec.y, "y"), colorBy: spec.colorBy,
        limit: spec.sample ?? Self.scatterPoints, relation: sql, schema: schema, in: database, context: context)
      return (.scatter(chart), chart.total)
    case .box, .violin, .line:
      let chart = try boxPlot(
        of: column(spec.x, "x"), by: spec.by, relation: sql, schema: schema, in: database, context: context)
      return (.content(chart), chart.total)
    case .density:
      let chart = try densityHeatmap(
        x: column(spec.x, "x"), y: column(spec.y, "y"), relation: sql, schema: schema, in: database,
        context: context)
      return (.content(chart), chart.total)
    case .correlation:
      let chart = try correlation(
        of: spec.columns.isEmpty ? nil : spec.columns, relation: sql, schema: schema, in: database, context: context)
      return (.heatmap(chart), try count(sql))
    }
  }
}
