// Learns the statistics of steps from the rows that reach them. The result is stored in `Step.fitted` by the caller.

import Frame
import Jobs

/// Fits steps through a database.
public struct Fitter: Sendable {
  public let database: Database
  private let scorer: (any RowScorer)?
  private let observe: (@Sendable (String) -> Void)?
  private let cluster: FitCluster?

  /// - Parameters:
  ///   - scorer: trains models, for steps that need some.
  ///   - observe: gets the SQL of every query that steps make to learn.
  ///   - cluster: has the rows of the sources; nil where the database reads them.
  public init(
    _ database: Database, scorer: (any RowScorer)? = nil, observe: (@Sendable (String) -> Void)? = nil,
    cluster: FitCluster? = nil
  ) {
    (self.database, self.scorer, self.observe) = (database, scorer, observe)
    self.cluster = cluster
  }

  /// What a catalogued transform learns from the rows that reach it; nil for a step that learns nothing.
  /// - Throws: `FlowError`, `FrameError` or `JobCancelled`.
  public func learn(
    _ id: StepID, in graph: FlowGraph, relations: [StepID: Relation], context: any JobContext = SilentContext()
  ) throws -> Parameters? {
    let graph = graph.filled
    let step = try graph.filledStep(id)
    guard case .transform(let spec) = step.operation, let transform = spec.transform,
      transform.learns(spec.parameters)
    else { return nil }
    if let reason = step.operation.parameterFault { throw FlowError.invalidParameter(step: id, reason: reason) }
    if let cluster {
      if transform.rows != nil { throw cluster.refusal(step, "assay computes its rows itself") }
      let (inputs, asked) = try cluster.inputs(of: step, in: graph, relations: relations)
      let call = TransformCall(step: id, parameters: spec.parameters, inputs: inputs, learned: step.learned)
      return try transform.fit(call, FitReader(database, context: context, observe: observe, inputs: asked))
    }
    let call = try call(of: id, spec, in: graph, relations: relations)
    return try transform.fit(call, FitReader(database, context: context, scorer: scorer, observe: observe))
  }

  /// A step with the rows that reach it, each input as a SELECT in parentheses.
  public func call(
    of id: StepID, _ spec: TransformSpec, in graph: FlowGraph, relations: [StepID: Relation]
  ) throws -> TransformCall {
    let compiler = Compiler(graph, relations: relations)
    let step = try graph.step(id)
    let inputs = try step.inputs.map { input in
      let relation = try compiler.relation(of: input)
      return TransformInput(
        table: SQL.subquery(relation.sql), schema: relation.schema, title: try graph.step(input).title)
    }
    return TransformCall(step: id, parameters: spec.parameters, inputs: inputs, learned: step.learned)
  }

  /// The rows of a step that SQL cannot say, computed into a table of the session; nil for a step that SQL says.
  /// - Parameter table: the table's name; by default one of the step's own.
  /// - Throws: `FlowError`, `FrameError` or `JobCancelled`.
  public func computed(
    _ id: StepID, in graph: FlowGraph, relations: [StepID: Relation], into table: String? = nil,
    context: any JobContext = SilentContext()
  ) throws -> Relation? {
    let graph = graph.filled
    let step = try graph.filledStep(id)
    guard step.isEnabled, case .transform(let spec) = step.operation, let rows = spec.transform?.rows else {
      return nil
    }
    if let reason = step.operation.parameterFault { throw FlowError.invalidParameter(step: id, reason: reason) }
    let name = table ?? "computed_\(id.rawValue)"
    let call = try call(of: id, spec, in: graph, relations: relations)
    let schema = try rows(call, FitReader(database, context: context, scorer: scorer, observe: observe), name)
    return Relation.table(name, schema: schema)
  }

  /// The statistics of one step, keyed by column; `.null` for a column without a value, nil for a step that learns nothing.
  /// - Throws: `FlowError`, `FrameError` or `JobCancelled`.
  public func fit(
    _ id: StepID, in graph: FlowGraph, relations: [StepID: Relation], context: any JobContext = SilentContext()
  ) throws -> [String: Value]? {
    let graph = graph.filled
    let step = try graph.filledStep(id)
    guard case .impute(let rules) = step.operation, let parent = graph.parent(of: id) else { return nil }
    let compiler = Compiler(graph, relations: relations)
    if let fault = compiler.fault(of: .impute(rules), after: parent) { throw fault }
    let asked = try cluster?.inputs(of: step, in: graph, relations: relations)
    let input =
      try asked?.tables.first.map { Relation(sql: "SELECT * FROM \($0.table)", schema: $0.schema) }
      ?? compiler.relation(of: parent)
    var fitted: [String: Value] = [:]
    for rule in rules {
      guard let column = input.schema.first(where: { $0.name.lowercased() == rule.column.lowercased() }),
        let sql = rule.strategy.statistic(of: column, in: input.sql)
      else { continue }
      let reader = FitReader(database, context: context, observe: observe, inputs: asked?.answers)
      let value = try reader.query(sql, note: "fitting \(column.name)")
      let statistic = value.rowCount == 0 ? Value.null : value.value(0, 0)
      fitted[rule.column] = statistic.rounded(for: column.kind)
    }
    return fitted.isEmpty ? nil : fitted
  }

  /// The graph with every enabled step up to `node` fitted that learns and has not yet, or all of them with `refit`.
  public func fitted(
    _ graph: FlowGraph, upTo node: StepID, relations: [StepID: Relation], refit: Bool = false,
    context: any JobContext = SilentContext()
  ) throws -> FlowGraph {
    var graph = graph
    for id in try graph.path(to: node) {
      let step = try graph.step(id)
      guard step.isEnabled, refit || step.needsFit else { continue }
      if let learned = try learn(id, in: graph, relations: relations, context: context) {
        try graph.setLearned(id, learned)
      }
      guard let statistics = try fit(id, in: graph, relations: relations, context: context) else { continue }
      try graph.setFitted(id, statistics)
    }
    return graph
  }
}

extension Step {
  /// Whether its rows are computed into a table instead of said in SQL.
  public var isComputed: Bool {
    guard isEnabled, case .transform(let spec) = operation else { return false }
    return spec.transform?.rows != nil
  }

  /// Whether the step learns from data and has not learnt for all of its columns.
  public var needsFit: Bool {
    if case .transform = operation { return learned == nil && operation.learns }
    guard case .impute(let rules) = operation else { return false }
    return rules.contains { rule in
      if case .constant = rule.strategy { return false }
      return fitted?[rule.column] == nil
    }
  }
}

extension ImputeStrategy {
  /// A query for the value that fills `column`; nil for a constant.
  func statistic(of column: Column, in input: String) -> String? {
    let name = SQL.identifier(column.name)
    let table = SQL.subquery(input)
    let present = column.kind == .real ? "\(name) IS NOT NULL AND isfinite(\(name))" : "\(name) IS NOT NULL"
    switch self {
    case .mean: return "SELECT avg(\(name)) FROM \(table) WHERE \(present)"
    case .median where column.kind.isCalendar:
      return "SELECT quantile_disc(\(name), 0.5) FROM \(table) WHERE \(present)"
    case .median: return "SELECT CAST(quantile_cont(\(name), 0.5) AS DOUBLE) FROM \(table) WHERE \(present)"
    case .mode:
      return "SELECT \(name), count(*) FROM \(table) WHERE \(present) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"
    case .constant: return nil
    }
  }
}

extension Value {
  /// A statistic as a value that the column can hold.
  fileprivate func rounded(for kind: ColumnKind) -> Value {
    guard kind == .integer, case .real(let number) = self else { return self }
    return Int64(exactly: number.rounded()).map(Value.integer) ?? .null
  }
}
