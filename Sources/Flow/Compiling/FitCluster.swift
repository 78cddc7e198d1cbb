import Frame

/// A cluster that has the rows from which steps learn: it computes their statistics, and no row travels.
public struct FitCluster: Sendable {
  /// What each source is called there, quoted.
  let tables: [StepID: String]
  /// Whether steps that take rows at random may take others than here.
  let draws: Bool
  let ask: @Sendable (_ sql: String, _ note: String) throws -> DataTable

  /// - Parameters:
  ///   - tables: what each source is called there, quoted.
  ///   - draws: whether steps that take rows at random may take others than here.
  ///   - ask: answers a query in Spark's SQL, and says meanwhile what it is for.
  public init(
    tables: [StepID: String], draws: Bool = false,
    ask: @escaping @Sendable (_ sql: String, _ note: String) throws -> DataTable
  ) {
    (self.tables, self.draws, self.ask) = (tables, draws, ask)
  }

  func refusal(_ step: Step, _ reason: String) -> FlowError {
    .cannot(
      "learn on the cluster", step: step.id,
      because: "\(step.operation.title.lowercased()): \(reason); bring the rows here before it")
  }

  /// Has the cluster look whether rows that reach a step are equal in an order that it goes by, and differ.
  /// - Throws: `FlowError.cannot` with their number; and with the first step that the cluster cannot say.
  public func checkOrders(of id: StepID, in graph: FlowGraph, relations: [StepID: Relation]) throws {
    let title = (graph[id]?.title ?? "").lowercased()
    for check in try Compiler(graph, relations: relations).clusterChecks(of: id, tables: tables, draws: draws) {
      func count(_ sql: String) throws -> Int {
        Int(try ask(sql, "looking for ties in the order of \(title)").value(0, 0).number ?? 0)
      }
      var ties = try count(check.ties)
      if ties > 0, let differing = check.differing { ties = try count(differing) }
      guard ties > 0 else { continue }
      let many = ties == 1 ? "one set of rows ties" : "\(ties) sets of rows tie"
      throw FlowError.cannot(
        "run on the cluster", step: id,
        because:
          "\(title): \(many) in its order (\(check.columns.joined(separator: ", "))), and rows of a cluster have no "
          + "other: add a column to the order that tells them apart, or bring the rows here before it")
    }
  }

  /// The rows that reach a step, under names that its queries can use.
  /// - Throws: `FlowError` with the first step that the cluster cannot say.
  func inputs(
    of step: Step, in graph: FlowGraph, relations: [StepID: Relation]
  ) throws -> (tables: [TransformInput], answers: ClusterInputs) {
    let compiler = Compiler(graph, relations: relations)
    var (inputs, found) = ([TransformInput](), [ClusterInputs.Table]())
    for (place, id) in step.inputs.enumerated() {
      let relation = try compiler.clusterRelation(of: id, tables: tables, draws: draws)
      let name = "assay_input_\(place)"
      found.append(.init(name: name, sql: relation.sql, schema: relation.schema))
      inputs.append(
        TransformInput(table: SQL.identifier(name), schema: relation.schema, title: graph[id]?.title ?? ""))
    }
    return (inputs, ClusterInputs(cluster: self, step: step, tables: found))
  }
}

/// Answers what a step asks of the rows that reach it on a cluster.
struct ClusterInputs: Sendable {
  struct Table: Sendable {
    let name: String
    /// In Spark's words.
    let sql: String
    let schema: Schema
  }

  let cluster: FitCluster
  let step: Step
  let tables: [Table]

  /// - Parameter sql: in DuckDB's words, over the names of the tables.
  /// - Throws: `FlowError.cannot` for what Spark cannot say.
  func answer(_ sql: String, _ note: String) throws -> DataTable {
    do {
      return try cluster.ask(try SparkStatement.question(sql, over: tables.map { ($0.name, $0.sql, $0.schema) }), note)
    } catch let reason as Untranslatable {
      throw cluster.refusal(step, "\(reason)")
    }
  }
}
