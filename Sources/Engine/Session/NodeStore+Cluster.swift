import Flow
import Foundation
import Frame
import Jobs
import Plot

/// The rows of a step as a query of a cluster.
struct ClusterRelation: Sendable {
  let cluster: Cluster
  var sql: String
  var schema: Schema

  func subquery(_ columns: String, _ rest: String = "") -> String { "SELECT \(columns) FROM (\(sql))\(rest)" }
}

extension NodeStore {
  /// The rows of a step as a query of the cluster that has its sources; nil where it reads anything else, or what is
  /// here already.
  /// - Throws: `FlowError.cannot` with the first step that the cluster cannot say.
  func clusterRelation(
    _ graph: FlowGraph, upTo node: StepID, _ context: any JobContext
  ) throws -> ClusterRelation? {
    guard let cluster, let sources = try clusterSources(graph, upTo: node, context) else { return nil }
    let fitted = try fittedThere(graph, upTo: node, sources, cluster, context)
    let relation = try Compiler(fitted, relations: sources.relations).clusterRelation(of: node, tables: sources.tables)
    return ClusterRelation(cluster: cluster, sql: relation.sql, schema: relation.schema)
  }

  /// The sources of steps as tables of a cluster: their columns, and what they are called there.
  typealias ClusterSources = (relations: [StepID: Relation], tables: [StepID: String])

  /// Nil where a step reads anything else than tables of the cluster, or what is here already.
  private func clusterSources(
    _ graph: FlowGraph, upTo node: StepID, _ context: any JobContext
  ) throws -> ClusterSources? {
    var sources: ClusterSources = ([:], [:])
    for id in try graph.path(to: node) {
      guard case .source(let source) = try graph.step(id).operation else { continue }
      guard TableAddress.isMeant(by: source.location), source.rows == .all else { return nil }
      let key = try Fingerprint.of(NodeRequest(graph: graph, node: id))
      if entry(key) != nil { return nil }
      sources.relations[id] = Relation(try clusterHead(source, key, context))
      sources.tables[id] = try TableAddress(source.location).sql
    }
    return sources.tables.isEmpty ? nil : sources
  }

  /// The graph with every step up to `node` fitted that learns and has not yet: the cluster computes what they learn, once
  /// for each step as it is now. It also looks whether the orders that steps go by tell the rows apart.
  /// - Parameter draws: whether steps that take rows at random may take others than here.
  /// - Throws: `FlowError.cannot` with the first step whose statistics the cluster cannot say, or with rows that tie.
  func fittedThere(
    _ graph: FlowGraph, upTo node: StepID, _ sources: ClusterSources, _ cluster: Cluster, draws: Bool = false,
    _ context: any JobContext
  ) throws -> FlowGraph {
    var fitted = graph
    let place = FitCluster(tables: sources.tables, draws: draws) { [database] sql, note in
      context.report(nil, "\(note) on \(cluster.place)")
      return try database.ask(cluster, sql, QuietContext(context))
    }
    for id in try graph.path(to: node) {
      let step = try fitted.step(id)
      guard step.isEnabled, step.operation.kind != .source else { continue }
      let key = try Fingerprint.of(NodeRequest(graph: fitted, node: id)) + cluster.place + (draws ? " drawn" : "")
      if step.needsFit {
        if let known = learnedThere(key) {
          try fitted.setFitted(id, known.fitted)
          try fitted.setLearned(id, known.learned)
        } else {
          fitted = try Fitter(database, cluster: place)
            .fitted(fitted, upTo: id, relations: sources.relations, context: context)
          if let step = fitted[id] { keepLearned(step, key) }
        }
      }
      try checkOrder(of: id, in: fitted, key, sources, place)
    }
    return fitted
  }

  /// - Throws: `FlowError.cannot` where rows that differ tie in an order that the step goes by.
  private func checkOrder(
    of id: StepID, in graph: FlowGraph, _ key: String, _ sources: ClusterSources, _ place: FitCluster
  ) throws {
    if let known = orderThere(key) {
      if let fault = known { throw fault }
      return
    }
    do {
      try place.checkOrders(of: id, in: graph, relations: sources.relations)
      keepOrder(nil, key)
    } catch let fault as FlowError {
      keepOrder(fault, key)
      throw fault
    }
  }

  /// What a step learns from rows of the cluster, learnt there; nil where it has to be learnt here.
  func fitThere(_ request: NodeRequest, _ context: any JobContext) throws -> JobOutput? {
    guard let parent = request.graph.parent(of: request.node), let cluster,
      let sources = try clusterSources(request.graph, upTo: request.node, context)
    else { return nil }
    do {
      forgetLearned()
      let graph = try fittedThere(request.graph, upTo: request.node, sources, cluster, context)
      let step = try graph.step(request.node)
      let input = try Compiler(graph, relations: sources.relations)
        .clusterRelation(of: parent, tables: sources.tables)
      let rows = try count(ClusterRelation(cluster: cluster, sql: input.sql, schema: input.schema), context)
      let fitting = Fitting(rows: rows, at: Date())
      return step.learned.map { .learned($0, fitting) } ?? .fitted(step.fitted ?? [:], fitting)
    } catch FlowError.cannot {
      return nil
    }
  }

  private func clusterHead(_ source: Source, _ key: String, _ context: any JobContext) throws -> OpenedSource {
    if let known = head(key) { return known.opened }
    let opened = try database.open(source, context: context)
    setHead(Head(opened: opened, preview: try database.preview(opened, rows: Self.firstRows)), key)
    return opened
  }

  /// The same, or nil where a step has to run here.
  func clusterRelationIfSaid(
    _ request: NodeRequest, _ context: any JobContext
  ) throws -> ClusterRelation? {
    do {
      return try clusterRelation(request.graph, upTo: request.node, context)
    } catch FlowError.cannot {
      return nil
    } catch FlowError.notFitted {
      return nil
    }
  }

  /// How many rows the cluster counts.
  func count(_ relation: ClusterRelation, _ context: any JobContext) throws -> Int {
    let counted = try database.ask(relation.cluster, relation.subquery("count(*) AS n"), context)
    return Int(counted.value(0, 0).number ?? 0)
  }

  /// Gives `body` the first rows of a step, which the cluster sends.
  func readingHead<Result>(
    _ relation: ClusterRelation, _ rows: Int, _ context: any JobContext, _ body: (NodeRelation) throws -> Result
  ) throws -> Result {
    let table = "head_\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
    defer { try? database.execute("DROP TABLE IF EXISTS \(table)") }
    try database.bring(relation.cluster, relation.subquery("*", " LIMIT \(rows)"), into: table, context)
    return try body(try here(table, relation.schema))
  }

  /// A table that the cluster's rows were brought into, its columns of the types that the step announces.
  func here(_ table: String, _ schema: Schema) throws -> NodeRelation {
    let found = try database.describe("SELECT * FROM \(SQL.identifier(table))")
    let items = schema.map { column in
      let name = SQL.identifier(column.name)
      let isSame = found.column(named: column.name)?.type == column.type
      return isSame || column.kind == .other ? name : "CAST(\(name) AS \(column.type)) AS \(name)"
    }
    return NodeRelation(
      sql: "SELECT \(items.joined(separator: ", ")) FROM \(SQL.identifier(table))", schema: schema,
      rows: try count(table))
  }

  /// Brings the rows of a step here from the cluster that computes it.
  /// - Returns: nil where the step has to run here.
  /// - Throws: `ClusterError.tooManyRows`.
  func broughtFromCluster(_ request: NodeRequest, _ key: String, _ context: any JobContext) throws -> Entry? {
    guard request.look.isPlain, try request.graph.step(request.node).operation.kind != .source,
      let relation = try clusterRelationIfSaid(request, context)
    else { return nil }
    let rows = try count(relation, context)
    guard rows <= relation.cluster.rowLimit else {
      throw ClusterError.tooManyRows(request.title, rows: rows, limit: relation.cluster.rowLimit)
    }
    let (raw, table) = ("raw_\(String(UInt64.random(in: 0...UInt64.max), radix: 36))", "step_" + key)
    defer { try? database.execute("DROP TABLE IF EXISTS \(SQL.identifier(raw))") }
    context.report(nil, "bringing \(rows.grouped) rows from \(relation.cluster.place)")
    try database.bring(relation.cluster, relation.sql, into: raw, context)
    let typed = try here(raw, relation.schema)
    try database.execute("CREATE OR REPLACE TABLE \(SQL.identifier(table)) AS \(typed.sql)", context: context)
    let note = "Computed by Spark at \(relation.cluster.place)."
    let entry = Entry(
      table: table, base: nil, schema: relation.schema, rows: try count(table), notes: [note], lastUse: 0)
    try keep(entry, key)
    return entry
  }

  // MARK: - Counted rows

  /// Gives `body` the rows of a step, of which the cluster counts how often each combination of some columns occurs: what
  /// comes here are the combinations, and every figure over these columns is that of all rows.
  /// - Parameters:
  ///   - columns: what is read; every other column says so where it is read after all.
  ///   - weighs: true gives each combination once, with how many rows it stands for; false as often as it occurs.
  /// - Returns: nil where there are too many combinations, or the step has to run here.
  func readingCounted<Result>(
    _ request: NodeRequest, _ columns: [String], weighs: Bool, _ context: any JobContext,
    _ body: (NodeRelation) throws -> Result
  ) throws -> (result: Result, place: String)? {
    guard request.look.isPlain, !columns.isEmpty, let relation = try clusterRelationIfSaid(request, context) else {
      return nil
    }
    let needed = Set(columns)
    let kept = relation.schema.filter { needed.contains($0.name) }
    guard !kept.isEmpty, kept.allSatisfy({ $0.kind != .other }) else { return nil }
    let table = "counted_\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
    defer { try? database.execute("DROP TABLE IF EXISTS \(table)") }
    let names = SQLDialect.spark.list(kept.map(\.name))
    let limit = relation.cluster.rowLimit
    let number = "assay_rows"
    let sql = relation.subquery("\(names), count(*) AS \(number)", " GROUP BY \(names) LIMIT \(limit + 1)")
    context.report(nil, "counting on \(relation.cluster.place)")
    try database.bring(relation.cluster, sql, into: table, context)
    if try count(table) > limit { return nil }
    let total = try database.query("SELECT CAST(coalesce(sum(\(number)), 0) AS BIGINT) FROM \(table)")
    let items = relation.schema.map { column in
      let name = SQL.identifier(column.name)
      return needed.contains(column.name)
        ? "CAST(\(name) AS \(column.type)) AS \(name)"
        : "CAST(error(\(SQL.text(PassTable.absence))) AS \(column.type)) AS \(name)"
    }
    let list = items.joined(separator: ", ")
    let rows = NodeRelation(
      sql: weighs ? "SELECT \(list), \(number) FROM \(table)" : "SELECT \(list) FROM \(table), range(\(number))",
      schema: relation.schema, rows: Int(total.value(0, 0).number ?? 0), weight: weighs ? number : nil)
    do {
      return (try body(rows), relation.cluster.place)
    } catch let error as FrameError where error.what.contains(PassTable.absence) {
      return nil
    }
  }
}
