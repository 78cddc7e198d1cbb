import Frame
import Jobs
import Plot
import Synchronization

extension NodeStore {
  /// Writes rows of a cluster to a file while they come: what is held is what the writer holds. The file appears when it
  /// is complete, and nothing is left of one that is not.
  /// - Parameters:
  ///   - total: how many rows there are there.
  ///   - sample: draws so many of them there; nil brings all.
  ///   - format: nil means the format that the name says.
  /// - Returns: how many were written.
  func bring(
    _ relation: ClusterRelation, of total: Int, _ sample: ClusterSample?, to path: String, format: SourceFormat?,
    _ context: any JobContext
  ) throws -> Int {
    let wanted = min(total, sample?.rows ?? total)
    let sql = sample?.sql(of: relation.sql, relation.schema.map(\.name), total: total) ?? relation.sql
    context.report(0, "bringing \(Numbers.grouped(wanted)) rows from \(relation.cluster.place)")
    let journey = Journey(context, rows: wanted)
    let rows = CountedRows(try relation.cluster.rows(of: sql, context: journey), journey)
    return try database.withArrow(rows) { stream in
      let items: [String]
      if let stream {
        items = try database.describe(stream).map { Self.item($0, relation.schema.column(named: $0.name)) }
      } else {
        items = relation.schema.map { "CAST(NULL AS \($0.type)) AS \(SQL.identifier($0.name))" }
      }
      let from = stream.map { " FROM \(SQL.subquery($0))" } ?? " WHERE false"
      return try database.write(
        "SELECT \(items.joined(separator: ", "))\(from)", to: path, format: format, hasBloomFilters: false,
        context: QuietContext(context))
    }
  }

  /// A column as it comes, in the type that the step announces. Sums of whole numbers stay decimals, for no file holds
  /// integers of that width.
  private static func item(_ found: Column, _ announced: Column?) -> String {
    let name = SQL.identifier(found.name)
    let value = found.type == "TIMESTAMP WITH TIME ZONE" ? "timezone('UTC', \(name))" : name
    guard let announced, announced.type != found.type, announced.kind != .other, announced.type != "HUGEINT" else {
      return value == name ? name : "\(value) AS \(name)"
    }
    return "CAST(\(value) AS \(announced.type)) AS \(name)"
  }
}

/// How far rows are on their way: first what the cluster says of its stages, then the rows that have come.
private final class Journey: JobContext {
  private let whole: any JobContext
  private let rows: Int
  private let seen = Mutex(0)

  init(_ whole: any JobContext, rows: Int) { (self.whole, self.rows) = (whole, rows) }

  func checkCancelled() throws { try whole.checkCancelled() }
  func emit(_ partial: any Sendable) { whole.emit(partial) }
  func onCancel(_ action: @escaping @Sendable () -> Void) { whole.onCancel(action) }

  func report(_ fraction: Double?, _ note: String) {
    if seen.withLock({ $0 == 0 }) { whole.report(nil, note) }
  }

  func came(_ more: Int) {
    let now = seen.withLock { seen in
      seen += more
      return seen
    }
    let share = rows > 0 ? min(1, Double(now) / Double(rows)) : nil
    whole.report(share, "\(Numbers.grouped(now)) of \(Numbers.grouped(rows)) rows")
  }
}

/// Rows that say how many of them have come.
private final class CountedRows: ArrowSource {
  private let source: any ArrowSource
  private let journey: Journey

  init(_ source: any ArrowSource, _ journey: Journey) { (self.source, self.journey) = (source, journey) }

  func next() throws -> [UInt8]? { try source.next() }
  func came(rows: Int) { journey.came(rows) }
}
