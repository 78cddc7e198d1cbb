import Frame

extension Compiler {
  /// The rows of a step as one SELECT of a cluster, with all the steps that they depend on, and its columns.
  /// They are the rows that it has here where `FitCluster.checkOrders` finds nothing in any of the steps.
  /// - Parameters:
  ///   - tables: what each source is called there, quoted.
  ///   - draws: whether steps that take rows at random may take others than here: `clusterDraws` names them.
  /// - Throws: `FlowError` with the first step that the cluster cannot say.
  public func clusterRelation(
    of node: StepID, tables: [StepID: String], draws: Bool = false
  ) throws -> Relation {
    let origins = relations.filter { graph[$0.key]?.operation.kind == .source }
    let stages = try Compiler(graph, relations: origins).stages(to: node)
    guard let last = stages.last else { throw FlowError.noSuchStep(node) }
    var schemas: [StepID: Schema] = [:]
    var bodies: [String] = []
    for stage in stages {
      schemas[stage.id] = stage.schema
      let sql: String
      if let table = tables[stage.id] {
        sql = "SELECT \(SQLDialect.spark.list(stage.schema.map(\.name))) FROM \(table)"
      } else {
        do {
          sql = try clusterStatement(stage, schemas, draws: draws).sql
        } catch FlowError.cannot(_, let step, let reason) {
          let title = (graph[step]?.title ?? "").lowercased()
          throw FlowError.cannot(
            "run on the cluster", step: step, because: "\(title): \(reason); bring the rows here before it")
        }
      }
      bodies.append(sql)
    }
    let named = zip(stages, bodies).dropLast().map { stage, sql in
      "\(SQLDialect.spark.identifier(stage.id.rawValue)) AS (\n\(sql)\n)"
    }
    let head = named.isEmpty ? "" : "WITH " + named.joined(separator: ",\n") + "\n"
    return Relation(sql: head + (bodies.last ?? ""), schema: last.schema)
  }

  /// What has to hold of the rows that reach a step for its rows to be those that it has here: that no two which differ
  /// are equal in an order that it goes by.
  /// - Throws: `FlowError` with the first step that the cluster cannot say.
  func clusterChecks(of node: StepID, tables: [StepID: String], draws: Bool) throws -> [OrderCheck] {
    guard graph[node]?.isEnabled == true, graph[node]?.operation.kind != .source else { return [] }
    let origins = relations.filter { graph[$0.key]?.operation.kind == .source }
    let compiler = Compiler(graph, relations: origins)
    let stages = try compiler.stages(to: node)
    guard let last = stages.last else { return [] }
    let schemas = Dictionary(stages.map { ($0.id, $0.schema) }, uniquingKeysWith: { first, _ in first })
    let checks: [OrderCheck]
    do {
      checks = try compiler.clusterStatement(last, schemas, draws: draws).checks
    } catch FlowError.cannot {
      // Which the step's rows say, where anybody asks for them.
      return []
    }
    guard !checks.isEmpty else { return [] }
    let named = try last.inputs.map { input in
      let rows = try clusterRelation(of: input, tables: tables, draws: draws)
      return "\(SQLDialect.spark.identifier(input.rawValue)) AS (\n\(rows.sql)\n)"
    }
    let head = "WITH \(named.joined(separator: ",\n"))\n"
    return checks.map { check in
      OrderCheck(columns: check.columns, ties: head + check.ties, differing: check.differing.map { head + $0 })
    }
  }

  /// Whether a step takes rows at random, by their place here.
  private func isDrawn(_ stage: Stage) -> Bool {
    switch graph[stage.id]?.operation {
    case .sample(let sampling)?: sampling.seed != nil
    case .transform(let spec)?:
      // The order that rows are shuffled into is forgotten there.
      ![CustomSQL.info.id, Shuffle.info.id].contains(spec.id) && stage.sql.contains("hash(")
    default: false
    }
  }

  /// What a user has to know of steps up to `node` that take rows at random: a cluster draws others than are drawn here,
  /// the same ones each time.
  public func clusterDraws(upTo node: StepID) throws -> [String] {
    try stages(to: node).filter(isDrawn).map { stage in
      let step = try graph.step(stage.id)
      var seed: UInt64?
      if case .sample(let sampling) = step.operation { seed = sampling.seed }
      if case .transform(let spec) = step.operation { seed = spec.parameters.integer("seed").map { UInt64($0) } }
      return "\(step.title): drawn on the cluster, seed \(seed ?? 0). The same seed draws other rows here."
    }
  }

  /// One step as a SELECT over the names of the steps before, and the orders that it hangs on.
  /// - Throws: `FlowError.cannot` with the reason.
  func clusterStatement(
    _ stage: Stage, _ schemas: [StepID: Schema], draws: Bool = false
  ) throws -> (sql: String, checks: [OrderCheck]) {
    let step = try graph.step(stage.id)
    let writer = DialectWriter(dialect: .spark, graph: graph, schemas: schemas)
    switch step.operation {
    case .filter, .derive, .cast: return try translated(stage, schemas)
    case .sample(let sampling) where draws && sampling.seed != nil: return try translated(stage, schemas, draws: true)
    case .transform(let spec):
      if spec.transform?.rows != nil {
        throw FlowError.cannot(Self.writing, step: stage.id, because: "assay computes its rows itself")
      }
      do {
        return (try writer.select(step, outlet: outlet), [])
      } catch FlowError.cannot {
        return try translated(stage, schemas, draws: draws && isDrawn(stage))
      }
    default: return (try writer.select(step, outlet: outlet), [])
    }
  }

  private static var writing: String { "write in the SQL of \(SQLDialect.spark.title)" }

  private func translated(
    _ stage: Stage, _ schemas: [StepID: Schema], draws: Bool = false
  ) throws -> (sql: String, checks: [OrderCheck]) {
    var tables: [String: Schema] = [:]
    for input in stage.inputs { tables[input.rawValue] = schemas[input] }
    do {
      var isForeign = false
      if case .transform(let spec)? = graph[stage.id]?.operation { isForeign = spec.id == CustomSQL.info.id }
      let statement = SparkStatement(tables: tables, isForeign: isForeign, draws: draws)
      let made = try statement.select(SQLPieces.of(stage.sql))
      guard made.columns.map(\.name) == stage.schema.map(\.name) else {
        throw Untranslatable("its columns would have other names")
      }
      return (made.sql, statement.orders.checks)
    } catch let reason as Untranslatable {
      throw FlowError.cannot(Self.writing, step: stage.id, because: "\(reason)")
    }
  }
}
