import Flow
import Foundation
import Frame
import Jobs
import Synchronization

/// The rows of a step as a relation, with the number of rows where it is known.
struct NodeRelation: Sendable {
  var sql: String
  var schema: Schema
  var rows: Int?
  /// A column of `sql` that says how many rows each of its rows stands for; nil where each is one. `rows` counts them all.
  var weight: String?
}

/// Where the rows of steps are: in tables of the session's database once they have been read, in their files before.
///
/// Tables are kept by fingerprint, so that a step which has not changed is never computed again; the oldest go when
/// there are too many.
final class NodeStore: Sendable {
  /// A step whose rows stand in a table. With a `base` the table holds row ids of the base in the looked-at order.
  struct Entry: Sendable {
    var table: String
    var base: String?
    var schema: Schema
    var rows: Int
    var notes: [String]
    var lastUse: Int
    /// What a look does to the columns of its base, and the columns that those have before it.
    var columns: [ColumnChange] = []
    var baseSchema: Schema = []
  }

  /// A source whose first rows are known and whose lines are being counted.
  struct Head: Sendable {
    var opened: OpenedSource
    var preview: Preview
    var index: LineIndex?
    /// How many rows a table of a cluster has.
    var rows: Int?
  }

  private struct State {
    var entries: [String: Entry] = [:]
    var heads: [String: Head] = [:]
    /// Looks of which the first rows can be shown.
    var parts: [String: Entry] = [:]
    /// What steps have learnt on a cluster.
    var learned: [String: Step] = [:]
    /// Whether the orders that steps go by tell rows of a cluster apart: nil inside where they do.
    var orders: [String: FlowError?] = [:]
    /// Steps whose rows a cluster computes and keeps, for there are too many.
    var distant: [String: DistantRows] = [:]
    var uses = 0
    /// Size and time of change of each file when it was read last, by its path.
    var versions: [String: String] = [:]
  }

  static let tablesKept = 24

  let database: Database
  let cluster: Cluster?
  /// Models that explained rows.
  let subjects = SubjectCache()
  /// Models that made vectors of texts.
  let texts = TextModels()
  /// Vectors of columns that outlast the process.
  let lasting: VectorStore
  /// Vectors of columns that cannot be known again in another process; nil where nothing is kept.
  let passing: VectorStore?
  private let folder: SessionFolder?
  private let locations: Locations
  /// Of a session without tables, once it may spill.
  private let spillFolder = Mutex<SessionFolder?>(nil)
  let keepsTables: Bool
  let patience: Double
  let threads: Int?
  /// Bytes that the database keeps, and the pairs of a training.
  let memoryLimit: Int
  private let state = Mutex(State())
  /// One reader at a time: two lanes that want the same step must not both compute it.
  private let reading = NSLock()

  init(_ configuration: Engine.Configuration) throws {
    keepsTables = configuration.keepsTables
    patience = configuration.patience
    locations = configuration.locations
    threads = configuration.threads
    memoryLimit = configuration.memoryLimit
    cluster = configuration.cluster.map { Cluster($0) }
    lasting = VectorStore(configuration.locations.vectors, limit: configuration.vectorLimit)
    var options = DatabaseOptions(threads: configuration.threads, memoryLimit: configuration.memoryLimit)
    if keepsTables {
      let folder = try SessionFolder(locations: configuration.locations)
      self.folder = folder
      passing = VectorStore(folder.path + "/vectors", limit: configuration.vectorLimit)
      options.temporaryDirectory = folder.path + "/spill"
      database = try Database(
        path: folder.path + "/session.duckdb", options: options, environment: configuration.environment,
        cluster: cluster)
    } else {
      (folder, passing) = (nil, nil)
      database = try Database(options: options, environment: configuration.environment, cluster: cluster)
    }
  }

  func remove() {
    folder?.remove()
    spillFolder.withLock { $0 = nil }
  }

  /// From here on what memory does not hold goes into a folder that the next process removes, should this one be killed.
  func spillsIntoSessionFolder() {
    guard folder == nil else { return }
    spillFolder.withLock { spill in
      guard spill == nil, let new = try? SessionFolder(locations: locations) else { return }
      // DuckDB refuses once it has spilled elsewhere; it goes on there then.
      try? database.execute("SET temp_directory = \(SQL.text(new.path + "/spill"))")
      spill = new
    }
  }

  // MARK: Lookup

  func entry(_ key: String) -> Entry? {
    state.withLock { state in
      state.uses += 1
      state.entries[key]?.lastUse = state.uses
      return state.entries[key]
    }
  }

  func distant(_ key: String) -> DistantRows? { state.withLock { $0.distant[key] } }
  func setDistant(_ rows: DistantRows, _ key: String) { state.withLock { $0.distant[key] = rows } }
  func learnedThere(_ key: String) -> Step? { state.withLock { $0.learned[key] } }
  func keepLearned(_ step: Step, _ key: String) { state.withLock { $0.learned[key] = step } }
  /// Rows of a cluster may have changed: what is learnt next is learnt from them as they are.
  func forgetLearned() {
    state.withLock { state in
      state.learned = [:]
      state.orders = [:]
    }
  }
  func orderThere(_ key: String) -> FlowError?? { state.withLock { $0.orders[key] } }
  func keepOrder(_ fault: FlowError?, _ key: String) { state.withLock { $0.orders[key] = .some(fault) } }
  func part(_ key: String) -> Entry? { state.withLock { $0.parts[key] } }
  func setPart(_ part: Entry?, _ key: String) { state.withLock { $0.parts[key] = part } }
  func head(_ key: String) -> Head? { state.withLock { $0.heads[key] } }
  func setHead(_ head: Head, _ key: String) { state.withLock { $0.heads[key] = head } }

  /// Keeps an entry, and drops the tables that were not used for longest.
  func keep(_ entry: Entry, _ key: String) throws {
    let dropped: [Entry] = state.withLock { state in
      state.uses += 1
      var entry = entry
      entry.lastUse = state.uses
      state.entries[key] = entry
      var dropped: [Entry] = []
      while state.entries.count > Self.tablesKept {
        let bases = Set(state.entries.values.compactMap(\.base))
        let candidates = state.entries.filter { !bases.contains($0.value.table) && $0.key != key }
        guard let oldest = candidates.min(by: { $0.value.lastUse < $1.value.lastUse }) else { break }
        dropped.append(oldest.value)
        state.entries[oldest.key] = nil
      }
      return dropped
    }
    for entry in dropped where entry.base != entry.table {
      try database.execute("DROP TABLE IF EXISTS \(SQL.identifier(entry.table))")
    }
  }

  /// Notes what a file was like when it was read.
  func noteVersion(of source: Source) {
    for location in source.locations {
      let version = Fingerprint.version(of: location)
      state.withLock { $0.versions[location] = version }
    }
  }

  /// Why a step that was read has no rows any more: a file above it changed.
  func unreadyReason(_ request: NodeRequest) -> EngineError {
    for id in (try? request.graph.path(to: request.node)) ?? [] {
      guard case .source(let source)? = request.graph[id]?.operation else { continue }
      for location in source.locations {
        guard let known = state.withLock({ $0.versions[location] }) else { continue }
        if known != Fingerprint.version(of: location) { return .fileChanged(location) }
      }
    }
    return .notReady
  }

  func withReadingLock<Result>(_ context: any JobContext, _ body: () throws -> Result) throws -> Result {
    while !reading.lock(before: Date(timeIntervalSinceNow: 0.05)) { try context.checkCancelled() }
    defer { reading.unlock() }
    return try body()
  }

  // MARK: Relations

  /// Gives `body` the rows of a step: from a table where there is one, else compiled down to the tables or files above
  /// it. Where a file turns out to hold other types than its beginning suggested, `body` runs again on the corrected
  /// reading; what a person should know about the reading is emitted as `.notes`.
  /// - Parameter head: how many rows `body` reads at most; nil where it may read all.
  func reading<Result>(
    _ request: NodeRequest, head: Int? = nil, _ context: any JobContext, _ body: (NodeRelation) throws -> Result
  ) throws -> Result {
    if let found = entry(try Fingerprint.of(request)) { return try body(relation(of: found, head: head)) }
    // A look needs row ids, and so a table.
    if !request.look.isPlain, keepsTables { return try body(relation(of: materialise(request, context), head: head)) }
    if request.look.isPlain, let there = try clusterRelationIfSaid(request, context) {
      if let head { return try readingHead(there, head, context, body) }
      if let brought = try broughtFromCluster(request, try Fingerprint.of(request), context) {
        return try body(relation(of: brought))
      }
    }
    if let summary = request.look.summary {
      return try summarised(summary, of: request, copies: true, context) { summary in
        guard !request.look.isSummaryTable else { return try body(summary) }
        return try body(unkept(request.look, over: summary.sql, summary.schema))
      }
    }
    return try prepared(request.graph, upTo: request.node, context) { graph, relations in
      let compiled = try Compiler(graph, relations: relations).relation(of: request.node)
      guard !request.look.isPlain else { return try body(NodeRelation(sql: compiled.sql, schema: compiled.schema)) }
      return try body(unkept(request.look, over: compiled.sql, compiled.schema))
    }
  }

  /// Gives `body` a relation for every step above `node` that has a table, and for every source that has none, its file.
  func reading<Result>(
    _ graph: FlowGraph, upTo node: StepID, _ context: any JobContext, _ body: ([StepID: Relation]) throws -> Result
  ) throws -> Result {
    var relations: [StepID: Relation] = [:]
    var files: [(StepID, OpenedSource)] = []
    for id in try graph.path(to: node) {
      let step = try graph.step(id)
      let key = try Fingerprint.of(NodeRequest(graph: graph, node: id))
      if let entry = entry(key), entry.base == nil {
        relations[id] = Relation.table(entry.table, schema: entry.schema)
      } else if case .source(let source) = step.operation {
        files.append((id, try head(key)?.opened ?? database.open(source, context: context)))
      }
    }
    return try reading(files[...], relations, context, body)
  }

  /// Gives `body` the graph with every step up to `node` fitted, and relations that it compiles from: tables, files, and
  /// the rows of steps that SQL cannot say.
  func prepared<Result>(
    _ graph: FlowGraph, upTo node: StepID, _ context: any JobContext,
    _ body: (FlowGraph, [StepID: Relation]) throws -> Result
  ) throws -> Result {
    try reading(graph, upTo: node, context) { given in
      let files = try graph.path(to: node).filter { id in
        guard given[id] != nil, case .source? = graph[id]?.operation else { return false }
        return entry(try Fingerprint.of(NodeRequest(graph: graph, node: id))) == nil
      }
      let (fitted, computed) = try learning(graph, upTo: node, from: given, files: files, context) { sources in
        try learned(graph, upTo: node, from: sources, context)
      }
      // What comes next goes over the rows once, and needs other columns than those that were learnt from.
      return try body(fitted, given.merging(computed) { $1 })
    }
  }

  /// - Returns: the graph with every step up to `node` fitted, and the rows of steps that SQL cannot say.
  private func learned(
    _ graph: FlowGraph, upTo node: StepID, from sources: [StepID: Relation], _ context: any JobContext
  ) throws -> (FlowGraph, [StepID: Relation]) {
    let fitter = Fitter(database, scorer: ModelScorer(threads: threads, texts: texts))
    var (fitted, relations, computed) = (graph, sources, [StepID: Relation]())
    for id in try graph.path(to: node) where relations[id] == nil {
      guard try graph.step(id).isComputed else { continue }
      fitted = try fitter.fitted(fitted, upTo: id, relations: relations, context: context)
      let key = try Fingerprint.of(NodeRequest(graph: graph, node: id))
      let table = "computed_" + key
      computed[id] = try fitter.computed(id, in: fitted, relations: relations, into: table, context: context)
      guard let relation = computed[id] else { continue }
      relations[id] = relation
      let rows = try count(table)
      try keep(Entry(table: table, base: nil, schema: relation.schema, rows: rows, notes: [], lastUse: 0), key)
    }
    return (try fitter.fitted(fitted, upTo: node, relations: relations, context: context), computed)
  }

  private func reading<Result>(
    _ files: ArraySlice<(StepID, OpenedSource)>, _ relations: [StepID: Relation], _ context: any JobContext,
    _ body: ([StepID: Relation]) throws -> Result
  ) throws -> Result {
    guard let (id, opened) = files.first else { return try body(relations) }
    let (result, source) = try database.reading(opened, context: context) { opened in
      var relations = relations
      relations[id] = Relation(opened)
      return try reading(files.dropFirst(), relations, context, body)
    }
    if !source.notes.isEmpty { context.emit(JobOutput.notes(source.notes)) }
    return result
  }

  func relation(of entry: Entry, head: Int? = nil) throws -> NodeRelation {
    let range = head.flatMap { $0 < entry.rows && entry.base != nil ? 0..<$0 : nil }
    return NodeRelation(sql: try entry.sql(range), schema: entry.schema, rows: entry.rows)
  }

  /// A look over rows that stand in no table: they are numbered where the look asks for their order or their ids.
  private func unkept(_ look: Look, over sql: String, _ schema: Schema) throws -> NodeRelation {
    try check(look.filters)
    let id = LookPlan.idName(schema)
    let number = look.sort.isEmpty ? "0" : "row_number() OVER () - 1"
    let plan = try LookPlan(
      look, schema: schema, id: id, rows: "SELECT *, \(number) AS \(id) FROM \(SQL.subquery(sql))")
    var rows = "SELECT \(plan.columns) FROM \(plan.from)\(try plan.clause())"
    if !look.sort.isEmpty { rows += " ORDER BY \(try plan.order())" }
    return NodeRelation(sql: rows, schema: plan.schema)
  }

  // MARK: Tables

  /// Computes a step into a table of the session.
  func materialise(_ request: NodeRequest, _ context: any JobContext) throws -> Entry {
    try withReadingLock(context) { try materialiseLocked(request, context) }
  }

  func materialiseLocked(_ request: NodeRequest, _ context: any JobContext) throws -> Entry {
    let key = try Fingerprint.of(request)
    if let found = entry(key) { return found }
    if let summary = request.look.summary, request.look.isSummaryTable {
      return try materialiseSummary(summary, request, key, context)
    }
    if !request.look.isPlain { return try materialiseLook(request, key, context) }
    let step = try request.graph.step(request.node)
    if case .source(let source) = step.operation { return try load(source, key, context) }
    if let brought = try broughtFromCluster(request, key, context) { return brought }
    for id in try request.graph.path(to: request.node) {
      guard case .source = try request.graph.step(id).operation else { continue }
      _ = try materialiseLocked(NodeRequest(graph: request.graph, node: id), context)
    }
    let table = "step_" + key
    let schema = try reading(request, context) { relation in
      let sql = "CREATE OR REPLACE TABLE \(SQL.identifier(table)) AS \(relation.sql)"
      try database.execute(sql, context: context, note: "computing \(step.title)")
      return relation.schema
    }
    let entry = Entry(table: table, base: nil, schema: schema, rows: try count(table), notes: [], lastUse: 0)
    try keep(entry, key)
    return entry
  }

  private func load(_ source: Source, _ key: String, _ context: any JobContext) throws -> Entry {
    noteVersion(of: source)
    let opened = try head(key)?.opened ?? database.open(source, context: context)
    let table = "source_" + key
    let loaded = try database.load(opened, into: table, context: context)
    let entry = Entry(
      table: table, base: nil, schema: loaded.schema, rows: loaded.rowCount, notes: loaded.notes, lastUse: 0)
    try keep(entry, key)
    state.withLock { $0.heads[key] = nil }
    return entry
  }

  func count(_ table: String) throws -> Int {
    let counted = try database.query("SELECT count(*) FROM \(SQL.identifier(table))")
    if case .integer(let rows) = counted.value(0, 0) { return Int(rows) }
    return 0
  }
}
