import Flow
import Foundation
import Frame
import Jobs
import Synchronization

// Steps that learn each ask the rows that reach them. Where those come straight from files, the columns that are asked for
// are read once: which ones these are shows when the steps learn from the first rows.

extension NodeStore {
  /// Gives `body` relations for the sources of a graph to learn from: `given`, with copies instead of files that would be
  /// read several times.
  /// - Parameter files: the sources that no table holds.
  func learning<Result>(
    _ graph: FlowGraph, upTo node: StepID, from given: [StepID: Relation], files: [StepID],
    _ context: any JobContext, _ body: ([StepID: Relation]) throws -> Result
  ) throws -> Result {
    guard !keepsTables, !files.isEmpty, try needsFit(graph, upTo: node, given) else { return try body(given) }
    guard let asked = try asked(graph, upTo: node, given, files, context) else {
      return try copies(files.map { ($0, nil) }[...], given, context, body)
    }
    guard asked.queries > 1 else { return try body(given) }
    let sources = files.compactMap { id in asked.columns[id].map { (id, Optional($0)) } }
    return try copies(sources[...], given, context, body)
  }

  private func copies<Result>(
    _ sources: ArraySlice<(StepID, [String]?)>, _ given: [StepID: Relation], _ context: any JobContext,
    _ body: ([StepID: Relation]) throws -> Result
  ) throws -> Result {
    guard let (id, columns) = sources.first, let relation = given[id] else { return try body(given) }
    let part = PartContext(of: context, 0...0.25)
    return try copying(relation.sql, relation.schema, columns, part) { copy in
      var given = given
      given[id] = Relation(sql: copy.sql, schema: copy.schema)
      return try copies(sources.dropFirst(), given, context, body)
    }
  }

  private func needsFit(_ graph: FlowGraph, upTo node: StepID, _ given: [StepID: Relation]) throws -> Bool {
    try graph.path(to: node).contains { id in
      guard given[id] == nil, let step = graph[id], step.isEnabled else { return false }
      return step.needsFit || step.isComputed
    }
  }

  /// The first rows that show what steps ask for.
  private static let probeRows = 2000

  /// How many queries the steps make to learn, and the columns of each file that these read; nil where the first rows do
  /// not tell.
  private func asked(
    _ graph: FlowGraph, upTo node: StepID, _ given: [StepID: Relation], _ files: [StepID], _ context: any JobContext
  ) throws -> (queries: Int, columns: [StepID: [String]])? {
    for id in try graph.path(to: node) where given[id] == nil || files.contains(id) {
      guard let step = graph[id] else { return nil }
      // A step of which SQL says nothing reads everything; a sample is drawn from all rows.
      if step.isComputed { return nil }
      if case .source(let source) = step.operation, source.rows != .all { return nil }
    }
    var (relations, tables) = (given, [String: StepID]())
    defer { for table in tables.keys { try? database.execute("DROP TABLE IF EXISTS \(table)") } }
    let log = QueryLog()
    do {
      for id in files {
        guard let relation = given[id] else { return nil }
        let table = "probe_\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
        tables[table] = id
        let head = "SELECT * FROM \(SQL.subquery(relation.sql)) LIMIT \(Self.probeRows)"
        try database.execute("CREATE TABLE \(table) AS \(head)", context: context, note: "reading the first rows")
        // Past a limit no filter goes down into the scan, so that the scan names all columns.
        relations[id] = Relation(sql: "SELECT * FROM \(table) LIMIT \(Self.probeRows)", schema: relation.schema)
      }
      _ = try Fitter(database, observe: { log.note($0) }).fitted(graph, upTo: node, relations: relations)
      var columns: [StepID: [String]] = [:]
      for query in log.queries {
        try context.checkCancelled()
        let explained = try database.query("EXPLAIN (FORMAT json) \(query)")
        let plan = try JSONDecoder().decode([QueryPlan].self, from: Data((explained.text(0, 1) ?? "").utf8))
        for scan in plan.flatMap(\.scans) {
          guard let table = tables.keys.first(where: { scan.table.hasSuffix($0) }), let id = tables[table] else {
            continue
          }
          columns[id, default: []] += scan.columns
        }
      }
      return (log.queries.count, columns)
    } catch is FrameError {
      return nil
    } catch is FlowError {
      return nil
    } catch is DecodingError {
      return nil
    }
  }
}

/// The queries that steps make to learn.
private final class QueryLog: Sendable {
  private let kept = Mutex<[String]>([])
  var queries: [String] { kept.withLock { $0 } }
  func note(_ sql: String) { kept.withLock { $0.append(sql) } }
}

/// What DuckDB's EXPLAIN says of a query, as far as it names tables and the columns that are read.
private struct QueryPlan: Decodable {
  struct Facts: Decodable {
    var table: String?
    var projections: Names?

    private enum CodingKeys: String, CodingKey {
      case table = "Table"
      case projections = "Projections"
    }
  }

  /// One name stands alone, several in a list, none as an empty text.
  enum Names: Decodable {
    case one(String), several([String])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let name = try? container.decode(String.self) {
        self = .one(name)
      } else {
        self = .several(try container.decode([String].self))
      }
    }

    var all: [String] {
      switch self {
      case .one(let name): name.isEmpty ? [] : [name]
      case .several(let names): names
      }
    }
  }

  var children: [QueryPlan]
  var facts: Facts

  private enum CodingKeys: String, CodingKey {
    case children
    case facts = "extra_info"
  }

  var scans: [(table: String, columns: [String])] {
    let own = facts.table.map { [($0, facts.projections?.all ?? [])] } ?? []
    return own + children.flatMap(\.scans)
  }
}
