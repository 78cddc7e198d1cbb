import Frame

extension Compiler {
  /// The rows of a step as one SELECT of a cluster, with all the steps that they depend on, and its columns.
  /// - Parameter tables: what each source is called there, quoted.
  /// - Throws: `FlowError` with the first step that the cluster cannot say.
  public func clusterRelation(of node: StepID, tables: [StepID: String]) throws -> Relation {
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
          sql = try clusterSQL(stage, schemas)
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

  /// One step as a SELECT over the names of the steps before.
  /// - Throws: `FlowError.cannot` with the reason.
  func clusterSQL(_ stage: Stage, _ schemas: [StepID: Schema]) throws -> String {
    let step = try graph.step(stage.id)
    let writer = DialectWriter(dialect: .spark, graph: graph, schemas: schemas)
    switch step.operation {
    case .filter, .derive, .cast: return try translated(stage, schemas)
    case .transform(let spec):
      if spec.transform?.rows != nil {
        throw FlowError.cannot(Self.writing, step: stage.id, because: "assay computes its rows itself")
      }
      do {
        return try writer.select(step, outlet: outlet)
      } catch FlowError.cannot {
        return try translated(stage, schemas)
      }
    default: return try writer.select(step, outlet: outlet)
    }
  }

  private static var writing: String { "write in the SQL of \(SQLDialect.spark.title)" }

  private func translated(_ stage: Stage, _ schemas: [StepID: Schema]) throws -> String {
    var tables: [String: Schema] = [:]
    for input in stage.inputs { tables[input.rawValue] = schemas[input] }
    do {
      let made = try SparkStatement(tables: tables).select(SQLPieces.of(stage.sql))
      guard made.columns.map(\.name) == stage.schema.map(\.name) else {
        throw Untranslatable("its columns would have other names")
      }
      return made.sql
    } catch let reason as Untranslatable {
      throw FlowError.cannot(Self.writing, step: stage.id, because: "\(reason)")
    }
  }
}
