import Fairness
import Flow
import Frame
import Jobs
import Learn

extension AnalysisRunner {
  /// - Returns: what was found, and the number of rows that the step has.
  /// - Throws: `EngineError` where a column or a step is wanting; `BiasError`, `LearnError`, `FrameError` or
  ///   `JobCancelled`.
  func bias(_ study: BiasStudy, on request: NodeRequest, _ relation: NodeRelation) throws -> (BiasResult, Int) {
    // The Simpson finder looks at labels alone.
    guard study.model != nil, study.kind != .simpson else {
      let result = try result(of: study, study.spec, on: request, relation)
      return (result, try relation.rows ?? result.rows(study.spec) ?? count(relation.sql))
    }
    let (scored, spec) = try study.scored(request, relation.schema)
    let scoring = PartContext(of: context, 0...0.8)
    return try nodes.reading(scored, scoring) { relation in
      let runner = AnalysisRunner(nodes: nodes, threads: threads, context: PartContext(of: context, 0.8...1))
      let result = try runner.result(of: study, spec, on: request, relation)
      return (result, try relation.rows ?? result.rows(spec) ?? count(relation.sql))
    }
  }

  private func result(
    of study: BiasStudy, _ asked: BiasSpec, on request: NodeRequest, _ relation: NodeRelation
  ) throws -> BiasResult {
    let (sql, schema, database) = (relation.sql, relation.schema, nodes.database)
    var spec = asked
    switch study.kind {
    case .report:
      return .report(try biasReport(spec, relation: sql, schema: schema, in: database, context: context))
    case .intersections:
      if spec.intersections.isEmpty { spec.intersections = BiasStudy.pairs(of: spec.facets) }
      spec.segments = []
      return .intersections(try biasReport(spec, relation: sql, schema: schema, in: database, context: context))
    case .simpson:
      let variables = study.variables.isEmpty ? nil : study.variables
      return .simpson(
        try simpsonReport(
          spec, variables: variables, relation: sql, schema: schema, in: database, context: context))
    case .thresholds:
      return .thresholds(
        try thresholdStudy(
          spec, facet: study.facet, value: study.value, metric: study.metric ?? .dppl, relation: sql, schema: schema,
          in: database, context: context))
    case .drift: return .drift(try drift(study, spec, on: request, relation))
    }
  }

  private func drift(
    _ study: BiasStudy, _ spec: BiasSpec, on request: NodeRequest, _ relation: NodeRelation
  ) throws -> BiasDriftResult {
    guard let baseline = study.baseline else { throw EngineError.noBaseline(study.kind.title) }
    guard request.graph[baseline] != nil else { throw FlowError.noSuchStep(baseline) }
    var before = NodeRequest(graph: request.graph, node: baseline)
    if study.model != nil {
      let schema = try nodes.reading(before, context) { $0.schema }
      before = try study.scored(before, schema).request
    }
    let found = try nodes.reading(before, context) { before in
      for name in study.reads where before.schema.column(named: name) == nil {
        throw EngineError.noSuchColumn(name, before.schema.map(\.name))
      }
      return try biasDrift(
        spec, baseline: before.sql, before.schema, current: relation.sql, relation.schema, in: nodes.database,
        context: context)
    }
    guard let model = study.model else { return BiasDriftResult(drift: found) }
    let attribution = AttributionDrift(
      baseline: try attributions(model, spec.label, of: NodeRequest(graph: request.graph, node: baseline)),
      current: try attributions(model, spec.label, of: request))
    return BiasDriftResult(drift: found, attribution: attribution)
  }

  /// How far each column moves the predictions of a Quick Model of the rows.
  private func attributions(
    _ model: BiasModel, _ label: BiasSpec.Label, of request: NodeRequest
  ) throws -> [String: Double] {
    try nodes.reading(request, context) { relation in
      let kept = relation.schema.filter { !model.without.contains($0.name) }
      let rows = NodeRelation(
        sql: "SELECT \(SQL.identifiers(kept.map(\.name))) FROM \(SQL.subquery(relation.sql))", schema: kept,
        rows: relation.rows)
      var options = QuickModelOptions(target: label.column, seed: model.seed)
      if case .above = label.positive { options.problem = .regression }
      guard case .quickModel(let report) = try quickModel(options, request, rows).0 else { return [:] }
      return Dictionary(report.importance.map { ($0.feature, $0.shap) }, uniquingKeysWith: { first, _ in first })
    }
  }
}

extension BiasStudy {
  /// Every two facets.
  public static func pairs(of facets: [BiasSpec.Facet]) -> [[String]] {
    var columns: [String] = []
    for facet in facets where !columns.contains(facet.column) { columns.append(facet.column) }
    return columns.indices.flatMap { first in columns[(first + 1)...].map { [columns[first], $0] } }
  }
}

extension BiasResult {
  /// All rows that were read, where the result tells.
  fileprivate func rows(_ spec: BiasSpec) -> Int? {
    switch self {
    case .report(let report), .intersections(let report):
      switch spec.missing {
      case .drop: report.rowsUsed + report.rowsMissing
      case .asLibrary: report.rowsUsed
      case .ownValue: report.rowsMissing == 0 ? report.rowsUsed : nil
      }
    case .drift, .simpson, .thresholds: nil
    }
  }
}
