import Flow
import Foundation
import Frame
import Insight
import Jobs
import Learn
import Plot

/// Computes an analysis over a step: charts and profiles as SQL aggregates, models from typed columns.
struct AnalysisRunner {
  /// Points that a scatter plot reads; more are sampled.
  static let scatterPoints = 20_000

  let nodes: NodeStore
  let threads: Int?
  let context: any JobContext
  /// Where those who steer a training find it.
  var trainings = RunningTrainings()

  /// - Returns: the result, and the number of rows that the step has.
  func run(_ spec: AnalysisSpec, on request: NodeRequest, _ relation: NodeRelation) throws -> (AnalysisResult, Int) {
    switch spec {
    case .chart(let chart):
      let (result, total) = try draw(chart, relation)
      return (.chart(chart.hidesCurve ? result.withoutCurve : result), total)
    case .summary:
      let summary = try profile(relation.sql, schema: relation.schema, in: nodes.database, context: context)
      return (.summary(summary), summary.rows)
    case .quickModel(let options): return try quickModel(options, request, relation)
    case .insight(let spec):
      let (found, rows) = try insight(spec, on: request, relation)
      return (.insight(found), rows)
    case .explanation(let spec):
      let cores = ProcessInfo.processInfo.activeProcessorCount
      let runner = ExplanationRunner(nodes: nodes, threads: threads ?? cores, context: context)
      let found = try runner.run(spec, relation, of: request)
      return (.explanation(found.thinned), found.explanation.totalRows)
    case .bias(let study):
      let (found, rows) = try bias(study, on: request, relation)
      return (.bias(found), rows)
    case .automl(let study):
      let runner = ModelRunner(nodes: nodes, threads: threads, context: context)
      let result = try trainings.during(study.folder) { control in
        for spec in study.next ?? [] { control.ask(.add(spec)) }
        return try runner.train(study, on: request, control: control)
      }
      return (.automl(result), try relation.rows ?? count(relation.sql))
    }
  }

  func quickModel(_ options: QuickModelOptions, _ request: NodeRequest, _ relation: NodeRelation) throws
    -> (AnalysisResult, Int)
  {
    context.report(nil, "reading rows")
    let total = try relation.rows ?? count(relation.sql)
    var sql = relation.sql
    if total > options.rowLimit {
      var graph = FlowGraph()
      let whole = graph.addSource(Source(location: "rows"))
      let sample = try graph.add(.sample(.random(options.rowLimit, seed: options.seed)), after: whole)
      let rows = Relation(sql: relation.sql, schema: relation.schema)
      sql = try Compiler(graph, relations: [whole: rows]).sql(for: sample)
    }
    let table = try nodes.database.query(sql, context: PartContext(of: context, 0...0.2))
    var options = options
    if options.threads == nil { options.threads = threads }
    var report = try Learn.quickModel(table, options: options, context: PartContext(of: context, 0.2...1))
    if total > options.rowLimit {
      report.notes.append(
        "trained on a random sample of \(options.rowLimit.grouped) of \(total.grouped) rows, seed \(options.seed)")
    }
    return (.quickModel(report), total)
  }

  func count(_ sql: String) throws -> Int {
    let table = try nodes.database.query("SELECT count(*) FROM \(SQL.subquery(sql))", context: context)
    if case .integer(let rows) = table.value(0, 0) { return Int(rows) }
    return 0
  }
}

extension Chart {
  /// A histogram without its density curve.
  var withoutCurve: Chart {
    guard case .histogram(var histogram) = self else { return self }
    histogram.density = nil
    return .histogram(histogram)
  }
}
