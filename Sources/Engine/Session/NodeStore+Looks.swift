import Flow
import Frame
import Jobs

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
  static let firstPart = 250_000
  /// Rows from which on it is worth counting values before texts are ordered.
  static let manyRows = 200_000

  /// The plan of a look over the table that it looks at.
  func plan(_ look: Look, over base: Entry) throws -> LookPlan {
    let id = LookPlan.idName(base.schema)
    return try LookPlan(
      look, schema: base.schema, id: id, rows: "SELECT *, rowid AS \(id) FROM \(SQL.identifier(base.table))")
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
        try choose(plan, &entry, of: base.rows, key, context)
      } else {
        let ids = try orderedIDs(plan, rows: base.rows, context)
        try database.execute(
          "CREATE OR REPLACE TABLE \(SQL.identifier(entry.table)) AS \(ids)", context: context, note: "ordering rows")
        entry.rows = try count(entry.table)
      }
    } catch {
      setPart(nil, key)
      try? database.execute("DROP TABLE IF EXISTS \(SQL.identifier(entry.table))")
      throw error
    }
    try keep(entry, key)
    setPart(nil, key)
    return entry
  }

  /// Looks at all rows at once where that is quick, else at the first rows, then at more and more.
  private func choose(
    _ plan: LookPlan, _ entry: inout Entry, of rows: Int, _ key: String, _ context: any JobContext
  ) throws {
    let name = SQL.identifier(entry.table)
    var (start, size) = (0, Self.firstPart)
    if try isQuick(plan, rows: rows, context) { size = rows }
    repeat {
      // What is left goes in one piece when it is small beside the piece before.
      let end = rows - start < 2 * size ? rows : start + size
      let place = "\(plan.id) BETWEEN \(start) AND \(end - 1)"
      let isWhole = start == 0 && end == rows
      let ids = "SELECT \(plan.id) AS r FROM \(plan.from)\(try plan.clause(isWhole ? [] : [place]))"
      let sql = start == 0 ? "CREATE OR REPLACE TABLE \(name) AS \(ids)" : "INSERT INTO \(name) \(ids)"
      let total = Double(max(1, rows))
      let part = PartContext(of: context, Double(start) / total...Double(end) / total)
      try database.execute(sql, context: part, note: "filtering rows")
      entry.rows = try count(entry.table)
      (start, size) = (end, size * 4)
      if start < rows, entry.rows > 0 {
        setPart(entry, key)
        context.emit(
          JobOutput.opened(
            OpenedNode(schema: entry.schema, count: .atLeast(entry.rows), notes: [], isComplete: false)))
      }
    } while start < rows
  }

  /// Whether one look at all rows is over before anybody waits for the first of them: each part has a price of its own,
  /// since every row's number is looked at and every piece is written.
  private func isQuick(_ plan: LookPlan, rows: Int, _ context: any JobContext) throws -> Bool {
    guard rows >= 2 * Self.firstPart else { return true }
    let sql = "SELECT count(*) FROM \(plan.from)\(try plan.clause(["\(plan.id) < \(Self.firstPart)"]))"
    // What is slow the first time may only have come from disk.
    for _ in 0..<2 {
      let begin = ContinuousClock.now
      _ = try database.query(sql, context: context)
      let seconds = begin.duration(to: .now) / .seconds(1)
      if seconds * Double(rows) / Double(Self.firstPart) < patience { return true }
    }
    return false
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
