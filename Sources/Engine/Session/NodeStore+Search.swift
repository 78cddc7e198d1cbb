import Flow
import Frame
import Jobs

extension NodeStore {
  /// Rows of a look in which a pattern is found: numbers of rows in a table of their own, made once a search.
  func find(_ request: NodeRequest, _ search: Search, _ context: any JobContext) throws -> Found {
    let view = try materialise(request, context)
    try check(search.match)
    var asked = request
    asked.look.filters.append(.matches(search.match))
    let key = "find" + (try Fingerprint.of(asked))
    if let known = entry(key) { return try answer(search, in: known, view, isWhole: true, context) }
    let base = try table(below: request, context)
    let plan = try plan(Look(columns: request.look.columns), over: base)
    let tests = try search.match.tests(plan.schema)
    let test = tests.isEmpty ? "FALSE" : tests.joined(separator: " OR ")
    if !view.holdsIDs, !search.isBackward, view.rows > 2 * Self.firstPart,
      let row = try firstRow(plan, test, from: search.start, of: view.rows, context)
    {
      context.emit(JobOutput.found(Found(row: row, column: try column(search.match, row, view, context))))
    }
    var found = Entry(
      table: "find_" + key, base: view.table, schema: [], rows: 0, notes: [], lastUse: 0, columns: [], baseSchema: [])
    let name = SQL.identifier(found.table)
    let hits = "SELECT \(plan.id) AS p FROM \(plan.from) WHERE \(test)"
    let places =
      view.holdsIDs
      ? "SELECT i.rowid AS p FROM \(SQL.identifier(view.table)) i JOIN (\(hits)) m ON i.r = m.p ORDER BY p" : hits
    do {
      try database.execute("CREATE OR REPLACE TABLE \(name) AS \(places)", context: context, note: "counting matches")
    } catch {
      try? database.execute("DROP TABLE IF EXISTS \(name)")
      throw error
    }
    found.rows = try count(found.table)
    try keep(found, key)
    return try answer(search, in: found, view, isWhole: true, context)
  }

  /// The first match from a row on, looked for in parts that grow; nil when there is none behind it.
  private func firstRow(
    _ plan: LookPlan, _ test: String, from start: Int, of rows: Int, _ context: any JobContext
  ) throws -> Int? {
    var (start, size) = (start, Self.firstPart / 4)
    while start < rows {
      let end = min(rows, start + size)
      let sql = """
        SELECT min(\(plan.id)) FROM \(plan.from) WHERE \(plan.id) BETWEEN \(start) AND \(end - 1) AND (\(test))
        """
      if let row = try database.query(sql, context: context).value(0, 0).number { return Int(row) }
      (start, size) = (end, size * 4)
    }
    return nil
  }

  private func answer(
    _ search: Search, in found: Entry, _ view: Entry, isWhole: Bool, _ context: any JobContext
  ) throws -> Found {
    let name = SQL.identifier(found.table)
    // Numbers ascend with their own row ids, so that the least of one belongs to the least of the other.
    func nearest(_ condition: String) throws -> (row: Int, ordinal: Int)? {
      let which = search.isBackward ? "max" : "min"
      let table = try database.query(
        "SELECT \(which)(p), \(which)(rowid) FROM \(name) WHERE \(condition)", context: context)
      guard let row = table.value(0, 0).number, let ordinal = table.value(0, 1).number else { return nil }
      return (Int(row), Int(ordinal) + 1)
    }
    let ahead = try nearest("p \(search.isBackward ? "<=" : ">=") \(search.start)")
    guard let hit = try ahead ?? nearest("TRUE") else { return Found(row: nil, total: found.rows) }
    return Found(
      row: hit.row, column: try column(search.match, hit.row, view, context), ordinal: hit.ordinal, total: found.rows,
      isWrapped: ahead == nil)
  }

  /// The first column of a row in which a pattern is found.
  private func column(_ match: TextMatch, _ row: Int, _ view: Entry, _ context: any JobContext) throws -> String? {
    let tests = try match.tests(view.schema)
    let names = match.columns ?? view.schema.map(\.name)
    guard names.count > 1 else { return names.first }
    let rows = SQL.subquery(try view.sql(row..<(row + 1)))
    let table = try database.query("SELECT \(tests.joined(separator: ", ")) FROM \(rows)", context: context)
    guard table.rowCount > 0 else { return nil }
    return names.indices.first { table.value(0, $0) == .bool(true) }.map { names[$0] }
  }

  // MARK: Rows and their ids

  /// The number of a row in a look, by its id in the table below. Of a filtered look that leaves it out, the number of
  /// the next row that is shown.
  func locate(_ request: NodeRequest, row: Int, _ context: any JobContext) throws -> Int? {
    let view = try materialise(request, context)
    guard view.holdsIDs else { return row < view.rows ? row : nil }
    let name = SQL.identifier(view.table)
    let exact = try database.query("SELECT min(rowid) FROM \(name) WHERE r = \(row)", context: context)
    if let place = exact.value(0, 0).number { return Int(place) }
    guard request.look.sort.isEmpty, view.rows > 0 else { return nil }
    let before = try database.query("SELECT count(*) FROM \(name) WHERE r < \(row)", context: context)
    return min(view.rows - 1, Int(before.value(0, 0).number ?? 0))
  }

  /// Rows that can be marked one by one.
  static let markedAtMost = 50_000

  func rowIDs(_ request: NodeRequest, _ range: Range<Int>, _ context: any JobContext) throws -> [ClosedRange<Int>] {
    let view = try materialise(request, context)
    let range = range.clamped(to: 0..<view.rows)
    guard !range.isEmpty else { return [] }
    guard view.holdsIDs else { return [range.lowerBound...(range.upperBound - 1)] }
    if range.count > Self.markedAtMost { throw EngineError.tooManyRows(range.count, Self.markedAtMost) }
    let condition = "rowid BETWEEN \(range.lowerBound) AND \(range.upperBound - 1)"
    let ids = try database.query(
      "SELECT r FROM \(SQL.identifier(view.table)) WHERE \(condition)", context: context)
    return MarkedRows.union(
      (0..<ids.rowCount).compactMap { ids.value($0, 0).number.map { Int($0)...Int($0) } })
  }

  /// How many rows a look shows.
  func shownRows(_ request: NodeRequest, _ context: any JobContext) throws -> Int {
    if let known = entry(try Fingerprint.of(request)) { return known.rows }
    try check(request.look.filters)
    let plan = try plan(request.look, over: table(below: request, context))
    let sql = "SELECT count(*) FROM \(plan.from)\(try plan.clause())"
    return Int(try database.query(sql, context: context, note: "counting").value(0, 0).number ?? 0)
  }

  /// Cells that become missing when columns are read as other types, by column.
  func losses(_ request: NodeRequest, _ context: any JobContext) throws -> [String: Int] {
    let base = try table(below: request, context)
    var losses: [String: Int] = [:]
    for (index, change) in request.look.columns.enumerated() {
      guard case .type(let name, _) = change else { continue }
      func present(_ changes: ArraySlice<ColumnChange>) throws -> Int {
        let plan = try plan(Look(columns: Array(changes)), over: base)
        let sql = "SELECT count(\(SQL.identifier(try plan.column(name).name))) FROM \(plan.from)"
        return Int(try database.query(sql, context: context, note: "counting").value(0, 0).number ?? 0)
      }
      let lost = try present(request.look.columns[..<index]) - present(request.look.columns[...index])
      if lost > 0 { losses[name] = lost }
    }
    return losses
  }
}
