import Dispatch
import Flow
import Foundation
import Frame
import Jobs
import Synchronization

extension NodeStore.Entry {
  /// The rows in their order, with the columns of the look.
  /// - Parameters:
  ///   - range: numbers of rows; nil for all.
  ///   - withIDs: adds the ids of the rows in the table below the look as a last column.
  func sql(_ range: Range<Int>? = nil, withIDs: Bool = false) throws -> String {
    let name = SQL.identifier(table)
    let condition = range.map { " WHERE rowid BETWEEN \($0.lowerBound) AND \($0.upperBound - 1)" } ?? ""
    if base == nil {
      return range == nil ? "SELECT * FROM \(name)" : "SELECT * FROM \(name)\(condition) ORDER BY rowid"
    }
    let id = LookPlan.idName(baseSchema)
    let place = SQL.identifier("\(id.dropFirst().dropLast())_place")
    // By number of row, never by OFFSET: the page before the last costs what the first does.
    let rows: String
    if let base, holdsIDs {
      rows = """
        SELECT b.*, i.r AS \(id), i.p AS \(place) FROM \(SQL.identifier(base)) b
        JOIN (SELECT r, rowid AS p FROM \(name)\(condition)) i ON b.rowid = i.r
        """
    } else {
      rows = "SELECT *, rowid AS \(id), rowid AS \(place) FROM \(name)\(condition)"
    }
    let plan = try LookPlan(Look(columns: columns), schema: baseSchema, id: id, rows: rows)
    return "SELECT \(plan.columns)\(withIDs ? ", \(id)" : "") FROM \(plan.from) ORDER BY \(place)"
  }

  /// False where a look only changes columns: its rows are the table's own.
  var holdsIDs: Bool { base != nil && base != table }
}

extension NodeStore {
  /// Rows of the table below a look among which the first matches are looked for before all are.
  static let firstPart = 60_000
  /// The table of the first rows of a filter that is not done is called so, and by its key.
  private static let firstPrefix = "first_"
  /// Rows from which on it is worth counting values before texts are ordered.
  static let manyRows = 200_000

  /// The plan of a look over the table that it looks at, or over some of its rows.
  func plan(_ look: Look, over base: Entry, _ rows: Range<Int>? = nil) throws -> LookPlan {
    let id = LookPlan.idName(base.schema)
    // A scan stops at its limit; with a condition on their numbers it looks at the number of every row.
    let part = rows.map { " LIMIT \($0.count) OFFSET \($0.lowerBound)" } ?? ""
    return try LookPlan(
      look, schema: base.schema, id: id, rows: "SELECT *, rowid AS \(id) FROM \(SQL.identifier(base.table))\(part)")
  }

  /// The table that a look looks at.
  func table(below request: NodeRequest, _ context: any JobContext) throws -> Entry {
    var below = request
    below.look = request.look.table
    return try materialise(below, context)
  }

  /// Chooses and orders rows: a table of their ids. What is filtered only can be browsed while the rest is looked at.
  func materialiseLook(_ request: NodeRequest, _ key: String, _ context: any JobContext) throws -> Entry {
    var below = request
    below.look = request.look.table
    let base = try materialiseLocked(below, context)
    let look = request.look
    try check(look.filters)
    let plan = try plan(look, over: base)
    var entry = Entry(
      table: base.table, base: base.table, schema: plan.schema, rows: base.rows, notes: [], lastUse: 0,
      columns: look.columns, baseSchema: base.schema)
    // An expression that cannot be computed is told before rows are shown.
    if !look.columns.isEmpty { _ = try database.query("SELECT * FROM \(plan.from) LIMIT 1", context: context) }
    if look.filters.isEmpty, look.sort.isEmpty {
      try keep(entry, key)
      return entry
    }
    entry.table = "look_" + key
    do {
      if look.sort.isEmpty {
        try choose(look, &entry, of: base, key, context)
      } else {
        let ids = try orderedIDs(plan, rows: base.rows, context)
        try database.execute(
          "CREATE OR REPLACE TABLE \(SQL.identifier(entry.table)) AS \(ids)", context: context, note: "ordering rows")
        entry.rows = try count(entry.table)
      }
    } catch {
      dropPart(key)
      try? database.execute("DROP TABLE IF EXISTS \(SQL.identifier(entry.table))")
      throw error
    }
    try keep(entry, key)
    dropPart(key)
    return entry
  }

  private func dropPart(_ key: String) {
    setPart(nil, key)
    try? database.execute("DROP TABLE IF EXISTS \(SQL.identifier(Self.firstPrefix + key))")
  }

  /// Looks at all rows at once. When that takes longer than anybody likes to wait, the first of them are looked for beside
  /// it.
  private func choose(
    _ look: Look, _ entry: inout Entry, of base: Entry, _ key: String, _ context: any JobContext
  ) throws {
    let plan = try plan(look, over: base)
    let ids = "SELECT \(plan.id) AS r FROM \(plan.from)\(try plan.clause())"
    let all = "CREATE OR REPLACE TABLE \(SQL.identifier(entry.table)) AS \(ids)"
    let part = entry
    try whileRunning(after: patience) { isOver in
      // What goes wrong here goes wrong with all rows, too.
      try? showFirst(look, part, of: base, key, context, until: isOver)
    } _: { [database] in
      try database.execute(all, context: context, note: "filtering rows")
    }
    entry.rows = try count(entry.table)
  }

  /// Shows the rows of a filter among the first of a table, then among more, up to an eighth of them; and on while there
  /// are none.
  private func showFirst(
    _ look: Look, _ part: Entry, of base: Entry, _ key: String, _ context: any JobContext, until isOver: () -> Bool
  ) throws {
    var part = part
    part.table = Self.firstPrefix + key
    let name = SQL.identifier(part.table)
    try database.execute("CREATE OR REPLACE TABLE \(name) (r BIGINT)")
    let quiet = PartContext(of: context, 0...0)
    var (start, size) = (0, Self.firstPart)
    repeat {
      let end = min(base.rows, start + size)
      let plan = try plan(look, over: base, start..<end)
      let ids = "SELECT \(plan.id) AS r FROM \(plan.from)\(try plan.clause())"
      try database.execute("INSERT INTO \(name) \(ids)", context: quiet, note: "filtering rows")
      part.rows = try count(part.table)
      if part.rows > 0 {
        setPart(part, key)
        context.emit(
          JobOutput.opened(
            OpenedNode(schema: part.schema, count: .atLeast(part.rows), notes: [], isComplete: false)))
      }
      (start, size) = (end, size * 4)
    } while start < base.rows && !isOver() && (part.rows == 0 || start + size <= base.rows / 8)
  }

  /// The ids in order: by the rank of each text where texts repeat often, as numbers where the texts are short, by rank
  /// again where they repeat at all, else by the texts.
  private func orderedIDs(_ plan: LookPlan, rows: Int, _ context: any JobContext) throws -> String {
    let texts = try plan.sort.map { try plan.column($0.column) }.filter { $0.kind == .text }.map(\.textSQL)
    guard !texts.isEmpty, rows >= Self.manyRows else { return try plan.sortedIDs() }
    /// The largest of some figures of the rows of `part`.
    func most(_ figures: [String], _ part: String) throws -> Double {
      let sql = "SELECT greatest(\(figures.joined(separator: ", ")), 0) FROM \(plan.from)\(part)"
      return try database.query(sql, context: context).value(0, 0).number ?? 0
    }
    let distinct = texts.map { "approx_count_distinct(\($0))" }
    func share(ofFirst count: Int) throws -> Double {
      try most(distinct, " WHERE \(plan.id) < \(count)") / Double(count)
    }
    let head = Self.manyRows / 2
    if try share(ofFirst: head) < 0.1 { return try plan.rankedIDs() }
    if let key = plan.sort.first, plan.sort.count == 1 {
      let length = ["max(strlen(\(NaturalOrder.key(texts[0]))))"]
      let parts = [" WHERE \(plan.id) < \(head)", ""]
      if try parts.allSatisfy({ try most(length, $0) <= Double(NaturalOrder.placeLength) }) {
        return try plan.placedIDs(key)
      }
    }
    // Where a tenth of the rows has 0.8 distinct texts a row, all of them have 0.22, if texts are as frequent as others.
    return try share(ofFirst: rows / 10) < 0.8 ? plan.rankedIDs() : plan.sortedIDs()
  }

  /// - Throws: `EngineError.pattern` for a regular expression that RE2 cannot read.
  func check(_ filters: [RowFilter]) throws {
    for filter in filters {
      switch filter {
      case .matches(let match): try check(match)
      case .not(let inner): try check([inner])
      case .mark, .expression, .equals, .marked: break
      }
    }
  }

  func check(_ match: TextMatch) throws {
    do {
      _ = try database.query("SELECT regexp_matches('', \(SQL.text(SmartCase.pattern(match.pattern))))")
    } catch let error as FrameError {
      throw EngineError.pattern(match.pattern, error.what)
    }
  }
}

/// Runs `work` on a thread of its own and waits for it. Should it take longer than `seconds`, `meanwhile` runs here beside
/// it; both are over at the end.
/// - Parameter meanwhile: gets what tells whether the work is over.
private func whileRunning(
  after seconds: Double, _ meanwhile: (_ isOver: () -> Bool) -> Void, _ work: @escaping @Sendable () throws -> Void
) throws {
  let outcome = Outcome()
  let thread = Thread { outcome.end(with: Result { try work() }) }
  thread.stackSize = 8 << 20
  thread.start()
  if !outcome.isOver(within: seconds) { meanwhile { outcome.isOver(within: 0) } }
  try outcome.wait()
}

/// What becomes of work on another thread.
private final class Outcome: Sendable {
  private let result = Mutex<Result<Void, any Error>?>(nil)
  private let isDone = DispatchSemaphore(value: 0)

  func end(with result: Result<Void, any Error>) {
    self.result.withLock { $0 = result }
    isDone.signal()
  }

  func isOver(within seconds: Double) -> Bool {
    guard isDone.wait(timeout: .now() + seconds) == .success else { return false }
    isDone.signal()
    return true
  }

  func wait() throws {
    isDone.wait()
    try result.withLock { $0 }?.get()
  }
}
