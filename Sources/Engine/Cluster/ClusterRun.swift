import Flow
import Foundation
import Frame
import Jobs

/// A flow that runs on a cluster, and where its rows go.
public struct ClusterRun: Codable, Sendable, Equatable {
  public enum Goal: Codable, Sendable, Equatable {
    /// Into a file of this machine; nil means the format that the name says.
    case here(path: String, format: SourceFormat?)
    /// Into a table (`spark:DATABASE.TABLE`), or as Parquet into a folder of the cluster; nothing comes here.
    case there(String)
    /// The first rows come here, all are counted there.
    case first(Int)
    /// Nothing comes here, and nothing is written: the rows are counted.
    case count
  }

  public var request: NodeRequest
  /// The cluster; nil for the one that the settings name.
  public var place: ClusterPlace?
  public var goal: Goal
  /// Which rows come here where they go into a file: some at random, drawn there; nil for all.
  public var sample: ClusterSample?
  /// How many rows the step has, where that was counted already; nil has the cluster count them.
  public var total: Int?

  /// More rows than a person brings here without having been told how many they are.
  public static let manyRows = 5_000_000

  public init(
    _ request: NodeRequest, on place: ClusterPlace?, goal: Goal, sample: ClusterSample? = nil, total: Int? = nil
  ) {
    (self.request, self.place, self.goal, self.sample, self.total) = (request, place, goal, sample, total)
  }
}

/// What a run on a cluster gave.
public struct ClusterOutcome: Sendable {
  /// Which engine ran, such as `Spark at sc://localhost:15002`.
  public var engine: String
  /// Rows that were written, or that the step has.
  public var rows: Int
  /// Rows that the step has, of which a sample was written; nil where all were meant.
  public var total: Int?
  /// The first rows, where they were asked for.
  public var first: DataTable?
  /// What a person has to know of the rows: steps that drew others than here.
  public var notes: [String] = []
}

/// Runs flows on a cluster: tables are read by their names, Parquet and CSV files by their paths, which have to be the
/// same there.
struct ClusterFlow {
  let nodes: NodeStore
  let cluster: Cluster
  let context: any JobContext

  func run(_ run: ClusterRun) throws -> ClusterOutcome {
    let (relation, notes) = try self.relation(run.request)
    var outcome = try self.run(run, relation)
    outcome.notes = notes
    return outcome
  }

  private func run(_ run: ClusterRun, _ relation: ClusterRelation) throws -> ClusterOutcome {
    let engine = "Spark at \(cluster.place)"
    switch run.goal {
    case .here(let path, let format):
      let total = try run.total ?? nodes.count(relation, context)
      let rows = try nodes.bring(relation, of: total, run.sample, to: path, format: format, context)
      return ClusterOutcome(engine: engine, rows: rows, total: run.sample == nil ? nil : total)
    case .count: return ClusterOutcome(engine: engine, rows: try nodes.count(relation, context))
    case .there(let place): return ClusterOutcome(engine: engine, rows: try write(relation, place))
    case .first(let count):
      let first = try nodes.database.ask(cluster, "SELECT * FROM (\(relation.sql)) LIMIT \(count)", context)
      let rows = first.rowCount < count ? first.rowCount : try nodes.count(relation, context)
      return ClusterOutcome(engine: engine, rows: rows, first: first)
    }
  }

  /// - Returns: how many rows the table or the folder has afterwards.
  private func write(_ relation: ClusterRelation, _ place: String) throws -> Int {
    let written: String
    if TableAddress.isMeant(by: place) {
      written = try TableAddress(place).sql
      try drain("CREATE TABLE \(written) USING parquet AS \(relation.sql)")
    } else {
      written = "parquet.\(SQLDialect.spark.identifier(Self.path(place)))"
      try refuseFull(Self.path(place), place)
      try drain("INSERT OVERWRITE DIRECTORY \(SQLDialect.spark.text(Self.path(place))) USING parquet \(relation.sql)")
    }
    let counted = try nodes.database.ask(cluster, "SELECT count(*) AS n FROM \(written)", context)
    return Int(counted.value(0, 0).number ?? 0)
  }

  /// Spark would put the rows in place of whatever is in the folder.
  private func refuseFull(_ path: String, _ place: String) throws {
    let look = "SELECT 1 FROM parquet.\(SQLDialect.spark.identifier(path)) LIMIT 1"
    // A folder of this machine is often the cluster's too.
    let isFull = (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty == false
    // Where nothing is, Spark says so and Sail gives no row.
    let rows = (try? nodes.database.ask(cluster, look, context))?.rowCount ?? 0
    try context.checkCancelled()
    if isFull || rows > 0 { throw EngineError.folderInUse(place) }
  }

  private func drain(_ sql: String) throws {
    let answer = try cluster.rows(of: sql, context: context)
    while try answer.next() != nil {}
  }

  /// A path of this machine or of S3, as the cluster writes it.
  private static func path(_ location: String) -> String {
    if location.lowercased().hasPrefix("s3://") { return "s3a" + location.dropFirst(2) }
    if location.contains("://") { return location }
    return URL(fileURLWithPath: (location as NSString).expandingTildeInPath).path
  }

  // MARK: - Sources

  private func relation(_ request: NodeRequest) throws -> (relation: ClusterRelation, notes: [String]) {
    var (relations, tables): ([StepID: Relation], [StepID: String]) = ([:], [:])
    for id in try request.graph.path(to: request.node) {
      guard case .source(let source) = try request.graph.step(id).operation else { continue }
      let opened = try nodes.database.open(source, context: context)
      relations[id] = Relation(opened)
      tables[id] = try table(source, opened, id)
    }
    let graph = try nodes.fittedThere(
      request.graph, upTo: request.node, (relations, tables), cluster, draws: true, context)
    let compiler = Compiler(graph, relations: relations)
    let relation = try compiler.clusterRelation(of: request.node, tables: tables, draws: true)
    return (
      ClusterRelation(cluster: cluster, sql: relation.sql, schema: relation.schema),
      try compiler.clusterDraws(upTo: request.node)
    )
  }

  private func table(_ source: Source, _ opened: OpenedSource, _ id: StepID) throws -> String {
    func refuse(_ reason: String) -> FlowError { .cannot("read on the cluster", step: id, because: reason) }
    guard source.rows == .all else {
      throw refuse("it takes some rows of its source, in the order that they have here")
    }
    if TableAddress.isMeant(by: source.location) { return try TableAddress(source.location).sql }
    guard source.location != "-", !source.location.lowercased().hasPrefix("glue:") else {
      throw refuse("\(source.name) is not in a place that the cluster can read")
    }
    guard !source.also.isEmpty else { return try table(source, opened.format, opened.schema, id) }
    // Each place has columns of its own; those that it lacks are missing there.
    let parts = try source.locations.map { location in
      var part = source
      (part.location, part.also, part.options.types) = (location, [], [:])
      let own = try nodes.database.open(part, context: context)
      let schema = own.schema.map { column in
        opened.schema.first { $0.name.lowercased() == column.name.lowercased() } ?? column
      }
      let table = try table(part, own.format, schema, id)
      let columns = opened.schema.map { column in
        let name = SQLDialect.spark.identifier(column.name)
        return schema.contains(column) ? name : "NULL AS \(name)"
      }
      return "SELECT \(columns.joined(separator: ", ")) FROM \(table)"
    }
    let name = Self.viewName(id)
    try drain("CREATE OR REPLACE TEMPORARY VIEW \(name) AS \(parts.joined(separator: " UNION ALL "))")
    return name
  }

  private static func viewName(_ id: StepID) -> String {
    "assay_\(id.rawValue)_\(String(UInt32.random(in: 0...UInt32.max), radix: 36))"
  }

  /// One file as the cluster reads it.
  private func table(_ source: Source, _ format: SourceFormat, _ schema: Schema, _ id: StepID) throws -> String {
    func refuse(_ reason: String) -> FlowError { .cannot("read on the cluster", step: id, because: reason) }
    let path = Self.path(source.location)
    switch format {
    case .parquet: return "parquet.\(SQLDialect.spark.identifier(path))"
    case .csv, .tsv:
      // The columns are those that assay has read, so that both read the same values.
      let name = Self.viewName(id)
      let columns = try schema.map { column in
        guard column.kind != .other, column.kind != .time else { throw refuse("\(column.name) holds \(column.type)") }
        return "\(SQLDialect.spark.identifier(column.name)) \(Self.type(column))"
      }
      let delimiter = source.options.delimiter ?? (format == .tsv ? "\t" : ",")
      let options = [
        "path": path, "header": source.options.hasHeader == false ? "false" : "true", "sep": delimiter,
        "escape": source.options.escape ?? "\"", "multiLine": "true", "enforceSchema": "true", "mode": "FAILFAST",
      ]
      let list = options.sorted { $0.key < $1.key }
        .map { "\($0.key) \(SQLDialect.spark.text($0.value))" }.joined(separator: ", ")
      try drain(
        "CREATE OR REPLACE TEMPORARY VIEW \(name) (\(columns.joined(separator: ", "))) USING csv OPTIONS (\(list))")
      return name
    case .xlsx, .fwf:
      let what = format == .xlsx ? "workbooks" : "fixed-width text"
      throw refuse("the cluster reads no \(what): write it as Parquet first")
    case .json, .jsonl: throw refuse("JSON is read in another way there: write it as Parquet first")
    }
  }

  private static func type(_ column: Column) -> String {
    switch column.kind {
    case .text, .other, .time: "STRING"
    case .integer: column.type == "HUGEINT" ? "DECIMAL(38,0)" : "BIGINT"
    case .real: "DOUBLE"
    default: column.kind.typeName
    }
  }
}
