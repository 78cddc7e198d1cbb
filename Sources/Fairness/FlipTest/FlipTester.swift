// Reads the rows that the flip test compares.

import Frame
import Jobs

/// Runs the flip test for the pairs of a facet.
struct FlipTester {
  let plan: BiasPlan
  let schema: Schema
  let relation: String
  let segment: (key: SegmentKey, place: Int)?
  let database: Database
  let context: any JobContext
  /// Rows are read once for all facets that are compared by the same columns.
  private var rowsRead: (columns: [Column], table: DataTable)?

  init(
    plan: BiasPlan, schema: Schema, relation: String, segment: (key: SegmentKey, place: Int)?, database: Database,
    context: any JobContext
  ) {
    (self.plan, self.schema, self.relation, self.segment) = (plan, schema, relation, segment)
    (self.database, self.context) = (database, context)
  }

  /// Rows that are compared at most; of more, so many at random.
  static let mostRows = 10_000

  private var isLibrary: Bool { plan.spec.mode == .smclarify }

  /// One a pair.
  mutating func run(_ view: CountedView, _ pairs: [GroupPair], rows: Int) throws -> [FlipTest?] {
    guard plan.hasPredictions, plan.predictionFailure == nil, plan.spec.wanted.contains(.ft) else {
      return pairs.map { _ in nil }
    }
    let facets = view.facets.map { plan.facets[$0] }
    let (columns, failure) = features(facets.map(\.column.name))
    if let failure { return pairs.map { _ in FlipTest(features: columns.map(\.name), failure: failure) } }
    let table = try read(columns, sampled: rows > Self.mostRows)
    let numbers = columns.indices.map { table.columns[plan.facets.count + 1 + $0].numbers ?? [] }
    let complete = (0..<table.rowCount).filter { row in numbers.allSatisfy { $0[row].isFinite } }
    let incomplete = table.rowCount - complete.count
    if isLibrary, incomplete > 0 {
      return pairs.map { _ in
        FlipTest(features: columns.map(\.name), incomplete: incomplete, failure: "Input X contains NaN or infinity.")
      }
    }
    var places: [[Value]: Int] = [:]
    for (place, keys) in view.values.enumerated() { places[keys] = place }
    let values = complete.map { row in places[view.facets.map { table.value(row, $0) }] }
    let isPredicted = complete.map { table.value($0, plan.facets.count) == .bool(true) }
    var features: [Double] = []
    features.reserveCapacity(complete.count * columns.count)
    for row in complete {
      for column in numbers { features.append(column[row]) }
    }
    return try pairs.enumerated().map { place, pair in
      context.report(nil, "flip test of \(pair.nameD), \(place + 1) of \(pairs.count)")
      let isMember = values.map { $0.map { pair.isMember[$0] } ?? false }
      var result = try FlipTest.run(
        features: features, width: columns.count, isMember: isMember, isPredicted: isPredicted, mode: plan.spec.mode,
        checking: context.checkCancelled)
      result.features = columns.map(\.name)
      result.sample = rows > table.rowCount ? table.rowCount : nil
      result.incomplete = incomplete
      if result.rows == 0 { result.failure = "no row of \(pair.nameD) has all features" }
      if result.rows == isMember.count, result.rows > 0 { result.failure = "no row of \(pair.nameA) has all features" }
      return result
    }
  }

  /// The columns that rows are compared by, or why there are none.
  private func features(_ facets: [String]) -> (columns: [Column], failure: String?) {
    var used = Set([plan.label.name] + plan.predictions.map(\.name))
    used.formUnion(facets)
    if !isLibrary {
      // The library takes other facets, and the group variable, for features.
      used.formUnion(plan.facets.map(\.column.name))
      used.formUnion(plan.spec.segments.map(\.column))
      if let group = plan.spec.group { used.insert(group) }
    }
    func isNumber(_ column: Column) -> Bool { column.kind.isNumeric || column.kind == .boolean }
    let named = plan.spec.features.map { names in schema.filter { names.contains($0.name) } }
    let candidates = named ?? schema.filter { !used.contains($0.name) && (isLibrary || isNumber($0)) }
    if let other = candidates.first(where: { !isNumber($0) }) {
      return (
        [],
        isLibrary
          ? "FlipTest does not support non-numeric columns"
          : "feature \"\(other.name)\" holds \(other.kind.rawValue) values, and distances need numbers"
      )
    }
    guard candidates.isEmpty else { return (candidates, nil) }
    return (
      [],
      isLibrary
        ? "Found array with 0 feature(s) while a minimum of 1 is required by KNeighborsClassifier."
        : "no numeric column is left to compare rows by: name features"
    )
  }

  private mutating func read(_ columns: [Column], sampled: Bool) throws -> DataTable {
    if let rowsRead, rowsRead.columns == columns { return rowsRead.table }
    let table = try database.query(
      sql(columns, sampled: sampled), context: context, note: "reading rows for the flip test")
    rowsRead = (columns, table)
    return table
  }

  /// The keys of all facets, the prediction, and the features.
  private func sql(_ columns: [Column], sampled: Bool) -> String {
    var keys = plan.facets.enumerated().map { (name: "f\($0.offset)", sql: $0.element.sql) }
    keys.append(("y", plan.labelSQL))
    keys.append(("p", plan.predictionSQL ?? "FALSE"))
    if let group = plan.group { keys.append(("g", group.category)) }
    let conditions: [String] =
      switch plan.spec.missing {
      case .drop: keys.map { "\($0.name) IS NOT NULL" }
      case .ownValue: ["y IS NOT NULL", "p IS NOT NULL"]
      case .asLibrary: []
      }
    var filters = conditions
    if let segment {
      keys.append(("s", segment.key.sql))
      filters.append("s = \(segment.place)")
    }
    let features = columns.enumerated().map { (name: "x\($0.offset)", sql: $0.element.measure) }
    let projected = (keys + features).map { "\($0.sql) AS \($0.name)" }.joined(separator: ", ")
    let shown = (plan.facets.indices.map { "f\($0)" } + ["p"] + features.map(\.name)).joined(separator: ", ")
    let filter = filters.isEmpty ? "" : " WHERE " + filters.joined(separator: " AND ")
    let rows = "SELECT \(shown) FROM (SELECT \(projected) FROM \(relation))\(filter)"
    guard sampled else { return rows }
    // By a hash of the row's place: the same rows whatever the number of threads.
    return """
      SELECT * EXCLUDE (place) FROM (SELECT *, row_number() OVER () AS place FROM (\(rows)))
      ORDER BY hash(place + \(plan.spec.seed % 1_000_000_007) * 1000003), place LIMIT \(Self.mostRows)
      """
  }
}
