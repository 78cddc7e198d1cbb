import Flow
import Frame
import Jobs
import Plot

/// A step of which a cluster has more rows than come here unasked: what is looked at comes, page by page.
struct DistantRows: Sendable {
  let relation: ClusterRelation
  let rows: Int
  /// The first of them.
  let first: DataTable
}

extension NodeStore {
  /// Makes a step browsable whose rows stay on a cluster.
  /// - Returns: nil where they are few enough to come, or the step has to run here.
  func openDistant(_ request: NodeRequest, _ key: String, _ context: any JobContext) throws -> OpenedNode? {
    guard request.look.isPlain, try request.graph.step(request.node).operation.kind != .source,
      let relation = try clusterRelationIfSaid(request, context)
    else { return nil }
    let place = relation.cluster.place
    context.report(nil, "counting on \(place)")
    let rows = try count(relation, context)
    guard rows > relation.cluster.rowLimit else { return nil }
    let first = try window(relation, 0..<Self.firstRows, context)
    setDistant(DistantRows(relation: relation, rows: rows, first: first), key)
    let note =
      "Computed by Spark at \(place), where the rows stay: more than \(Numbers.grouped(relation.cluster.rowLimit)) do not "
      + "come here unasked."
    return OpenedNode(schema: relation.schema, count: .exact(rows), notes: [note], isComplete: true, cluster: place)
  }

  /// Rows `range` of a step that stays there, in the order in which the cluster gives them.
  func page(of distant: DistantRows, _ range: Range<Int>, _ context: any JobContext) throws -> RowPage {
    let range = range.clamped(to: 0..<distant.rows)
    let rows =
      range.upperBound <= distant.first.rowCount
      ? distant.first.slice(range) : try window(distant.relation, range, context)
    return RowPage(first: range.lowerBound, rows: rows, count: .exact(distant.rows))
  }

  private func window(_ relation: ClusterRelation, _ range: Range<Int>, _ context: any JobContext) throws -> DataTable {
    let offset = range.lowerBound > 0 ? " OFFSET \(range.lowerBound)" : ""
    let table = "page_\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
    defer { try? database.execute("DROP TABLE IF EXISTS \(table)") }
    var sql = relation.subquery("*", " LIMIT \(range.count)\(offset)")
    if range.lowerBound > Database.collectedRows { sql = Database.skippingThere(sql) }
    try database.bring(relation.cluster, sql, into: table, QuietContext(context))
    return try database.query(here(table, relation.schema).sql, context: context)
  }
}
