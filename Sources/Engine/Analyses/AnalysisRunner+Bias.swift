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
    // The Simpson finder looks at labels alone; drift trains on its baseline.
    guard study.model != nil, study.kind != .simpson, study.kind != .drift else {
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
    let (sql, schema, weight, database) = (relation.sql, relation.schema, relation.weight, nodes.database)
    var spec = asked
    switch study.kind {
    case .report:
      return .report(
        try biasReport(spec, relation: sql, schema: schema, weight: weight, in: database, context: context))
    case .intersections:
      if spec.intersections.isEmpty { spec.intersections = BiasStudy.pairs(of: spec.facets) }
      spec.segments = []
      // The flip test is not run on combined facets, and each facet alone is another study.
      spec.metrics = spec.wanted.filter { $0 != .ft }
      return .intersections(
        try biasReport(spec, relation: sql, schema: schema, weight: weight, in: database, context: context))
    case .simpson:
      let variables = study.variables.isEmpty ? nil : study.variables
      return .simpson(
        try simpsonReport(
          spec, variables: variables, relation: sql, schema: schema, weight: weight, in: database, context: context))
    case .thresholds:
      return .thresholds(
        try thresholdStudy(
          spec, facet: study.facet, value: study.value, metric: study.metric ?? .dppl, relation: sql, schema: schema,
          in: database, context: context))
    case .mending:
      return .mending(
        try mendingStudy(
          spec, facet: study.facet, value: study.value, relation: sql, schema: schema, in: database, context: context))
    case .drift: return .drift(try drift(study, spec, on: request, relation))
    }
  }

  private func drift(
    _ study: BiasStudy, _ spec: BiasSpec, on request: NodeRequest, _ relation: NodeRelation
  ) throws -> BiasDriftResult {
    if let model = study.model { return try modelDrift(study, of: model, on: request, relation) }
    return try nodes.reading(try baseline(of: study, request), context) { before in
      try check(study, before)
      return BiasDriftResult(
        drift: try biasDrift(
          spec, baseline: before.sql, before.schema, current: relation.sql, relation.schema, in: nodes.database,
          context: context))
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
    case .drift, .simpson, .thresholds, .mending: nil
    }
  }
}
