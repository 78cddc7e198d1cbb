import Flow
import Frame
import Insight
import Jobs
import Learn

extension AnalysisRunner {
  /// - Returns: the report, and the number of rows that the step has.
  /// - Throws: `EngineError` where a column or a step is wanting; `InsightError`, `FrameError` or `JobCancelled`.
  func insight(_ spec: InsightSpec, on request: NodeRequest, _ relation: NodeRelation) throws -> (InsightResult, Int) {
    let report = try report(spec, on: request, relation)
    return (InsightResult(spec.kind, report), try relation.rows ?? count(relation.sql))
  }

  private func report(_ spec: InsightSpec, on request: NodeRequest, _ relation: NodeRelation) throws
    -> any AnalysisReport
  {
    let (sql, schema, database) = (relation.sql, relation.schema, nodes.database)
    func needed(_ name: String?, _ role: String) throws -> String {
      guard let name, !name.isEmpty else { throw EngineError.noColumn(role: role, chart: spec.kind.title) }
      return name
    }
    let columns = spec.columns.isEmpty ? nil : spec.columns
    switch spec.kind {
    case .quality:
      let report = try qualityReport(
        qualityOptions(spec), relation: sql, schema: schema, in: database, context: PartContext(of: context, 0...0.6))
      return try judged(report, request, relation)
    case .leakage:
      let options = LeakageOptions(problem: spec.method.flatMap { .init(rawValue: $0) }, seed: spec.seed ?? 42)
      return try targetLeakage(
        of: needed(spec.target, "the label"), options: options, relation: sql, schema: schema, in: database,
        context: context)
    case .associations:
      let kind: FeatureCorrelation.Kind = spec.method == "non-linear" ? .nonLinear : .linear
      return try featureCorrelation(
        kind, of: columns, relation: sql, schema: schema, in: database, context: context)
    case .collinearity:
      return try multicollinearity(of: columns, relation: sql, schema: schema, in: database, context: context)
    case .lasso:
      let options = LassoOptions(
        problem: spec.method.flatMap { .init(rawValue: $0) }, penalty: spec.threshold, seed: spec.seed ?? 42)
      return try lasso(
        of: needed(spec.target, "the label"), options: options, relation: sql, schema: schema, in: database,
        context: context)
    case .duplicates:
      return try duplicateRows(by: columns, relation: sql, schema: schema, in: database, context: context)
    case .missingness:
      return try missingness(of: columns, relation: sql, schema: schema, in: database, context: context)
    case .outliers:
      let rule = OutlierRule(spec.method.flatMap { .init(rawValue: $0) } ?? .robustDeviation, times: spec.threshold)
      return try columnOutliers(rule, of: columns, relation: sql, schema: schema, in: database, context: context)
    case .anomalies:
      return try anomalousRows(
        by: columns, options: IsolationOptions(seed: spec.seed ?? 42), relation: sql, schema: schema, in: database,
        context: context)
    case .patterns:
      return try textPatterns(
        of: needed(spec.column, "the texts"), relation: sql, schema: schema, in: database, context: context)
    case .drift, .comparison: return try compare(spec, on: request, relation)
    case .series:
      return try seriesDecomposition(
        of: needed(spec.column, "the values"), along: needed(spec.time, "time"),
        options: SeriesOptions(period: spec.period, deviations: spec.threshold ?? 3), relation: sql, schema: schema,
        in: database, context: context)
    }
  }

  private func compare(_ spec: InsightSpec, on request: NodeRequest, _ relation: NodeRelation) throws
    -> any AnalysisReport
  {
    guard let baseline = spec.baseline else { throw EngineError.noBaseline(spec.kind.title) }
    guard request.graph[baseline] != nil else { throw FlowError.noSuchStep(baseline) }
    let request = NodeRequest(graph: request.graph, node: baseline)
    return try nodes.reading(request, context, passes: { _ in .several(columns: nil) }) {
      before, context -> any AnalysisReport in
      if spec.kind == .comparison {
        return try comparison(
          of: before.sql, before.schema, with: relation.sql, relation.schema, in: nodes.database, context: context)
      }
      return try drift(
        from: before.sql, before.schema, to: relation.sql, relation.schema, in: nodes.database, context: context)
    }
  }

  func qualityOptions(_ spec: InsightSpec) -> QualityReportOptions {
    QualityReportOptions(target: spec.target, problem: spec.method.flatMap { .init(rawValue: $0) })
  }

  /// The quality report with what models say: a Quick Model of the target, and each column's prediction power.
  func judged(_ report: QualityReport, _ request: NodeRequest, _ relation: NodeRelation) throws -> QualityReport {
    var report = report
    guard let target = report.target, report.summary.rows - target.missing >= 10 else { return report }
    let leakage = LeakageOptions(problem: .init(rawValue: target.problem.rawValue), mostRows: 20_000)
    do {
      let scores = try targetLeakage(
        of: target.column, options: leakage, relation: relation.sql, schema: relation.schema, in: nodes.database,
        context: PartContext(of: context, 0.6...0.8))
      let powers = scores.scores.compactMap { score in score.power.map { (score.feature, $0) } }
      report.add(predictionPower: Dictionary(powers, uniquingKeysWith: { first, _ in first }))
      var model = QuickModelOptions(target: target.column)
      model.trainFraction = 0.8
      let runner = AnalysisRunner(nodes: nodes, threads: threads, context: PartContext(of: context, 0.8...1))
      if case .quickModel(let trained) = try runner.quickModel(model, request, relation).0 {
        report.add(quickModel: QualityReport.QuickModel(trained))
      }
    } catch is LearnError {
      // A target of one class or of nearly as many classes as rows: the warnings say so already.
    } catch is InsightError {
    }
    return report
  }
}

extension QualityReport.QuickModel {
  init(_ report: QuickModelReport) {
    let others = report.metrics.filter { $0.key != report.metric }.sorted { $0.key < $1.key }
    self.init(
      method: "A random forest of all columns, \(report.problem.title), seed \(report.seed).",
      trainingRows: report.trainRows, testRows: report.testRows,
      metrics: [.init(name: report.metric, value: report.score)] + others.map { .init(name: $0.key, value: $0.value) })
  }
}

extension SuggestedStep {
  /// The step as an operation of the flow; nil where this version knows none of that name.
  public var flowOperation: Flow.Operation? {
    switch (operation, columns.isEmpty) {
    case ("drop", false): return .drop(columns)
    case ("impute", false):
      let strategy: ImputeStrategy =
        parameters["strategy"] == "mode" ? .mode : parameters["strategy"] == "mean" ? .mean : .median
      return .impute(columns.map { ImputeRule($0, strategy) })
    case ("filter", _): return parameters["where"].map { .filter($0) }
    default: break
    }
    guard let transform = TransformCatalogue.transform(operation) else { return nil }
    var values = Parameters()
    if !columns.isEmpty {
      let isOne = transform.info.parameters.contains { $0.id == "column" }
      values[isOne ? "column" : "columns"] = isOne ? .text(columns[0]) : .list(columns.map { .text($0) })
    }
    for (name, text) in parameters {
      guard let info = transform.info.parameters.first(where: { $0.id == name }) else { continue }
      switch info.form {
      case .integer, .number: values[name] = Double(text).map { .number($0) }
      case .toggle: values[name] = .flag(text == "true")
      default: values[name] = .text(text)
      }
    }
    return .transform(TransformSpec(operation, values))
  }
}
