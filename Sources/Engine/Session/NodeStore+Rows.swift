import Flow
import Foundation
import Frame
import Jobs
import Plot

extension NodeStore {
  /// Makes a step browsable. A source shows its first rows at once, its count as soon as its lines are counted, and
  /// ends when its rows stand in a table; any other step ends when it is computed.
  func open(_ request: NodeRequest, _ context: any JobContext) throws -> OpenedNode {
    let key = try Fingerprint.of(request)
    if let found = entry(key) { return OpenedNode(found) }
    let step = try request.graph.step(request.node)
    if case .source(let source) = step.operation, request.look.isPlain {
      try showHead(of: source, key, context)
      if let head = head(key), let cluster = head.opened.cluster, let rows = head.rows, rows > cluster.rowLimit {
        return OpenedNode(
          schema: head.preview.schema, count: .exact(rows),
          notes: head.opened.notes
            + ["More than \(cluster.rowLimit.grouped) rows do not come here unasked."], isComplete: true,
          cluster: cluster.place)
      }
    }
    if let distant = try openDistant(request, key, context) { return distant }
    return OpenedNode(try materialise(request, context))
  }

  /// First rows, then the exact count, long before everything is read.
  private func showHead(of source: Source, _ key: String, _ context: any JobContext) throws {
    guard head(key) == nil else { return }
    noteVersion(of: source)
    let opened = try database.open(source, context: context)
    let preview = try database.preview(opened, rows: Self.firstRows, context: context)
    var head = Head(opened: opened, preview: preview)
    setHead(head, key)
    var node = OpenedNode(
      schema: preview.schema,
      count: preview.complete ? .exact(preview.table.rowCount) : .atLeast(preview.table.rowCount),
      notes: opened.notes, isComplete: false)
    context.emit(JobOutput.opened(node))
    if opened.cluster != nil {
      let rows = try database.rowCount(opened, context: context)
      head.rows = rows
      setHead(head, key)
      node.count = source.rows == .all ? .exact(rows) : node.count
      return context.emit(JobOutput.opened(node))
    }
    guard !preview.complete, source.rows == .all, let index = try LineIndex(opened, in: database) else { return }
    head.index = index
    setHead(head, key)
    try index.build(PartContext(of: context, 0...0.1))
    node.count = index.count
    context.emit(JobOutput.opened(node))
  }

  /// Rows of a source that are shown before any are counted.
  static let firstRows = 256

  /// Rows `range` of a step, fewer at its end.
  func rows(_ request: NodeRequest, _ range: Range<Int>, _ context: any JobContext) throws -> RowPage {
    let key = try Fingerprint.of(request)
    if let entry = entry(key) { return try page(of: entry, range, .exact(entry.rows), context) }
    if let part = part(key) {
      do {
        return try page(of: part, range, .atLeast(part.rows), context)
      } catch {
        // The whole has taken the place of its first rows meanwhile.
        guard let entry = entry(key) else { throw error }
        return try page(of: entry, range, .exact(entry.rows), context)
      }
    }
    if let distant = distant(key) { return try page(of: distant, range, context) }
    guard let head = head(key) else { throw unreadyReason(request) }
    if let rows = head.rows, range.upperBound > head.preview.table.rowCount, !head.preview.complete {
      let window = try database.window(head.opened, range.clamped(to: 0..<rows), context)
      return RowPage(first: range.lowerBound, rows: window, count: .exact(rows))
    }
    if range.upperBound <= head.preview.table.rowCount || head.preview.complete || head.index == nil {
      let table = head.preview.table
      let bounded = range.clamped(to: 0..<table.rowCount)
      let count = head.rows.map { RowCount.exact($0) } ?? .atLeast(table.rowCount)
      return RowPage(first: bounded.lowerBound, rows: table.slice(bounded), count: count)
    }
    let rows = try head.index?.window(range, context: context) ?? head.preview.table.slice(0..<0)
    return RowPage(first: range.lowerBound, rows: rows, count: head.index?.count ?? .atLeast(rows.rowCount))
  }

  /// The last rows of a step; of a file they are read from its end, before anything is counted.
  func tail(_ request: NodeRequest, _ count: Int, _ context: any JobContext) throws -> RowPage {
    let key = try Fingerprint.of(request)
    if let entry = entry(key) {
      let first = max(0, entry.rows - count)
      return try rows(request, first..<max(first, entry.rows), context)
    }
    if let distant = distant(key) {
      return try page(of: distant, max(0, distant.rows - count)..<distant.rows, context)
    }
    if let head = head(key), let all = head.rows {
      let window = try database.window(head.opened, max(0, all - count)..<all, context)
      return RowPage(first: max(0, all - count), rows: window, count: .exact(all))
    }
    guard let index = head(key)?.index else { throw unreadyReason(request) }
    let rows = try index.tail(count, context: context)
    return RowPage(first: nil, rows: rows, count: index.count)
  }

  /// Row ids are dense and in order: what a table holds was written once, from the first row to the last.
  private func page(
    of entry: Entry, _ range: Range<Int>, _ count: RowCount, _ context: any JobContext
  ) throws -> RowPage {
    guard entry.holdsIDs else {
      let rows = try database.query(try entry.sql(range), context: context)
      return RowPage(first: range.lowerBound, rows: rows, count: count)
    }
    let table = try database.query(try entry.sql(range, withIDs: true), context: context)
    var ids: [Int] = []
    if case .integers(let numbers)? = table.columns.last?.data { ids = numbers.map { Int($0) } }
    let rows = DataTable(columns: Array(table.columns.dropLast()), rowCount: table.rowCount)
    return RowPage(first: range.lowerBound, rows: rows, count: count, ids: ids)
  }

  // MARK: Steps

  /// What a step does to rows, columns and missing cells; of a large input, to its first rows.
  func effect(_ request: NodeRequest, _ context: any JobContext) throws -> StepEffect {
    if let effect = try clusterEffect(request, context) ?? embeddingEffect(request, context) { return effect }
    return try prepared(request.graph, upTo: request.node, context) { graph, relations in
      try Compiler(graph, relations: relations)
        .effect(of: request.node, in: database, head: 100_000, context: context)
    }
  }

  /// Rows of a cluster that show what a step does.
  private static let clusterRows = 10_000

  /// The effect of a step on the first rows that a cluster sends; nil where its input is no query of a cluster.
  private func clusterEffect(_ request: NodeRequest, _ context: any JobContext) throws -> StepEffect? {
    let step = try request.graph.step(request.node)
    guard step.isEnabled, step.inputs.count == 1, let parent = step.inputs.first,
      let there = try clusterRelationIfSaid(NodeRequest(graph: request.graph, node: parent), context)
    else { return nil }
    return try readingHead(there, Self.clusterRows, context) { head in
      var relations = [parent: Relation(sql: head.sql, schema: head.schema)]
      let table = "effect_\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
      defer { try? database.execute("DROP TABLE IF EXISTS \(table)") }
      let fitter = Fitter(database, scorer: ModelScorer(threads: threads, texts: texts))
      // Only this step learns from these rows: those above it are done.
      var fitted = request.graph
      if step.needsFit, let learned = try fitter.learn(step.id, in: fitted, relations: relations, context: context) {
        try fitted.setLearned(step.id, learned)
      }
      if step.needsFit, let statistics = try fitter.fit(step.id, in: fitted, relations: relations, context: context) {
        try fitted.setFitted(step.id, statistics)
      }
      relations[request.node] = try fitter.computed(
        request.node, in: fitted, relations: relations, into: table, context: context)
      var effect = try Compiler(fitted, relations: relations)
        .effect(of: request.node, in: database, context: context)
      if (head.rows ?? 0) >= Self.clusterRows { effect.examined = Self.clusterRows }
      return effect
    }
  }

  /// Rows that show what embedding texts does: an encoder takes its time for all.
  private static let embeddedRows = 200

  /// The effect of a step that embeds texts, on its first rows; nil for any other step.
  private func embeddingEffect(_ request: NodeRequest, _ context: any JobContext) throws -> StepEffect? {
    let step = try request.graph.step(request.node)
    guard step.isEnabled, step.operation.kind.rawValue == EmbedText.info.id, let parent = step.inputs.first else {
      return nil
    }
    return try prepared(request.graph, upTo: parent, context) { graph, relations in
      var relations = relations
      var input = try Compiler(graph, relations: relations).relation(of: parent)
      let counted = try database.query(
        "SELECT count(*) FROM (SELECT 1 FROM \(SQL.subquery(input.sql)) LIMIT \(Self.embeddedRows + 1))",
        context: context)
      let isCut = (counted.value(0, 0).number ?? 0) > Double(Self.embeddedRows)
      let table = "effect_\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
      defer { for name in [table, table + "_made"] { try? database.execute("DROP TABLE IF EXISTS \(name)") } }
      try database.execute(
        "CREATE TABLE \(table) AS SELECT * FROM \(SQL.subquery(input.sql)) LIMIT \(Self.embeddedRows)",
        context: context, note: "reading the first rows")
      input = Relation.table(table, schema: input.schema)
      relations[parent] = input
      let fitter = Fitter(database, scorer: ModelScorer(threads: threads, texts: texts))
      let fitted = try fitter.fitted(graph, upTo: request.node, relations: relations, context: context)
      relations[request.node] = try fitter.computed(
        request.node, in: fitted, relations: relations, into: table + "_made", context: context)
      var effect = try Compiler(fitted, relations: relations)
        .effect(of: request.node, in: database, context: context)
      if isCut { effect.examined = Self.embeddedRows }
      return effect
    }
  }

  /// What a step learns from its input.
  func fit(_ request: NodeRequest, _ context: any JobContext) throws -> JobOutput {
    var graph = request.graph
    try graph.setFitted(request.node, nil)
    try graph.setLearned(request.node, nil)
    if let there = try fitThere(NodeRequest(graph: graph, node: request.node), context) { return there }
    // What stands above and has not learnt yet comes first.
    return try prepared(graph, upTo: request.node, context) { graph, relations in
      let step = try graph.step(request.node)
      let fitting = Fitting(rows: try inputRows(of: step, graph, relations, context), at: Date())
      return step.learned.map { .learned($0, fitting) } ?? .fitted(step.fitted ?? [:], fitting)
    }
  }

  private func inputRows(
    of step: Step, _ graph: FlowGraph, _ relations: [StepID: Relation], _ context: any JobContext
  ) throws -> Int {
    guard let input = step.inputs.first else { return 0 }
    let relation = try Compiler(graph, relations: relations).relation(of: input)
    let counted = try database.query(
      "SELECT count(*) FROM \(SQL.subquery(relation.sql))", context: context, note: "counting rows")
    if case .integer(let rows) = counted.value(0, 0) { return Int(rows) }
    return 0
  }

  /// How a column of a step came to be.
  func lineage(of column: String, _ request: NodeRequest, _ context: any JobContext) throws -> Lineage {
    try prepared(request.graph, upTo: request.node, context) { graph, relations in
      // The way goes on above steps whose rows stand in tables.
      let sources = relations.filter { graph[$0.key]?.operation.kind == .source }
      return try Compiler(graph, relations: sources).lineage(of: column, at: request.node, in: database)
    }
  }

  // MARK: Headless

  /// Writes the rows of a step.
  /// - Returns: how many they are, and which cluster computed them; nil for what ran here.
  func write(
    _ request: NodeRequest, to path: String, format: SourceFormat?, _ context: any JobContext
  ) throws -> (rows: Int, engine: String?) {
    // What a cluster computes passes by, however much it is.
    if request.look.isPlain, entry(try Fingerprint.of(request)) == nil,
      let there = try clusterRelationIfSaid(request, context)
    {
      let rows = try bring(there, of: count(there, context), nil, to: path, format: format, context)
      let engine = "Spark at \(there.cluster.place)"
      context.emit(JobOutput.notes(["\(engine) computed all \(Numbers.grouped(rows)) rows."]))
      return (rows, engine)
    }
    return try reading(request, context) { relation in
      (try database.write(relation.sql, to: path, format: format, context: context), nil)
    }
  }

  /// Runs SQL over a source that is called `data`.
  func query(_ source: Source, _ sql: String, _ context: any JobContext) throws -> DataTable {
    try readingView(of: source, context) { try database.query(sql, context: context) }
  }
}

extension OpenedNode {
  init(_ entry: NodeStore.Entry) {
    self.init(schema: entry.schema, count: .exact(entry.rows), notes: entry.notes, isComplete: true)
  }
}
