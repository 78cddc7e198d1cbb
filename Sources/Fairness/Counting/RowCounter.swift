// Counts a relation in one grouped query: a grouping set for each facet and for each combination of facets.

import Frame
import Jobs

/// Counts the rows of a relation by what a plan looks at.
struct RowCounter {
  let plan: BiasPlan
  let relation: String
  /// A column that says how many rows each row stands for.
  var weight: String?
  let database: Database
  let context: any JobContext

  /// Counts everything, or each segment.
  /// - Returns: one, or as many as segments, the last of them being all other rows.
  func count(segment: BiasSpec.Segment? = nil, schema: Schema) throws -> [CountedRows] {
    let segments = try segment.map { try SegmentKey($0, schema) }
    let table = try database.query(
      sql(segments), context: context, note: segment.map { "counting by \($0.column)" } ?? "counting groups")
    return try decode(table, segments: segments?.count)
  }

  // MARK: - The query

  /// The facets of each view: every facet, then combinations.
  private var views: [[Int]] {
    let places = Dictionary(
      plan.facets.enumerated().map { ($0.element.column.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
    var views = countable.map { [$0] }
    for names in plan.spec.intersections {
      let combined = Array(Set(names.compactMap { places[$0] })).sorted()
      guard combined.count > 1, combined.allSatisfy(countable.contains), !views.contains(combined)
      else { continue }
      views.append(combined)
    }
    return views
  }

  private var countable: [Int] { plan.facets.indices.filter { plan.facets[$0].failure == nil } }

  private var continuous: [Column] {
    var columns: [Column] = []
    if case .above = plan.positive {
      columns.append(plan.label)
      if case .label = plan.spec.prediction { columns += plan.predictions }
    }
    for facet in plan.facets where !facet.thresholds.isEmpty && !columns.contains(facet.column) {
      columns.append(facet.column)
    }
    return columns
  }

  private func sql(_ segments: SegmentKey?) -> String {
    var keys = plan.facets.enumerated().map { (name: "f\($0.offset)", sql: $0.element.sql) }
    keys.append(("y", plan.labelSQL))
    if let prediction = plan.predictionSQL { keys.append(("p", prediction)) }
    if let group = plan.group { keys.append(("g", group.category)) }
    let complete = keys.map { "\($0.name) IS NOT NULL" }.joined(separator: " AND ")
    if let classes = plan.predictedClassSQL { keys.append(("c", classes)) }
    if let segments { keys.append(("s", segments.sql)) }
    for (place, column) in continuous.enumerated() { keys.append(("x\(place)", column.measure)) }
    if let weight { keys.append(("w", SQL.identifier(weight))) }
    let projected = keys.map { "\($0.sql) AS \($0.name)" }.joined(separator: ", ")
    let always =
      (segments == nil ? [] : ["s"]) + ["y"] + (plan.hasPredictions ? ["p"] : []) + (plan.group == nil ? [] : ["g"])
      + ["ok"]
    var sets = views.map { "(" + ($0.map { "f\($0)" } + always).joined(separator: ", ") + ")" }
    if plan.predictedClassSQL != nil {
      sets.append("(" + (["c"] + always.filter { $0 != "g" }).joined(separator: ", ") + ")")
    }
    // Without a facet that can be counted, the rows still are.
    if views.isEmpty { sets.append("(" + always.joined(separator: ", ") + ")") }
    let facetNames = countable.map { "f\($0)" } + (plan.predictedClassSQL == nil ? [] : ["c"])
    let grouped = facetNames + always
    let part = facetNames.isEmpty ? "0" : "GROUPING(\(facetNames.joined(separator: ", ")))"
    let maxima = continuous.indices.map { ", max(x\($0)) AS x\($0)" }.joined()
    return """
      SELECT \(grouped.joined(separator: ", ")), \(part) AS part,
      \(weight == nil ? "count(*)" : "CAST(coalesce(sum(w), 0) AS BIGINT)") AS n\(maxima)
      FROM (SELECT *, (\(complete)) AS ok FROM (SELECT \(projected) FROM \(relation)))
      GROUP BY GROUPING SETS (\(sets.joined(separator: ", ")))
      """
  }

  // MARK: - The result

  private func decode(_ table: DataTable, segments: Int?) throws -> [CountedRows] {
    let parts = segments ?? 1
    var builders = (0..<parts).map { _ in Builder(views: views) }
    var places: [String: Int] = [:]
    for (place, column) in table.columns.enumerated() { places[column.column.name] = place }
    func value(_ row: Int, _ name: String) -> Value? { places[name].map { table.value(row, $0) } }
    // GROUPING has a bit for each key, 0 where a row is grouped by it, the first key's the highest.
    let keys = countable
    let keyCount = keys.count + (plan.predictedClassSQL == nil ? 0 : 1)
    var viewOfPart: [Int: Int] = [:]
    for (place, view) in views.enumerated() {
      let bits = view.compactMap { facet in keys.firstIndex(of: facet) }
      viewOfPart[bits.reduce((1 << keyCount) - 1) { $0 & ~(1 << (keyCount - 1 - $1)) }] = place
    }
    let classPart = (1 << keyCount) - 2
    let maxima = Array(continuous.enumerated())
    for row in 0..<table.rowCount {
      if row % 4096 == 0 { try context.checkCancelled() }
      let segment = segments == nil ? 0 : Int(value(row, "s")?.number ?? 0)
      let part = Int(value(row, "part")?.number ?? 0)
      let rows = Int(value(row, "n")?.number ?? 0)
      let label = value(row, "y") ?? .null
      let prediction = value(row, "p")
      let isComplete = value(row, "ok") == .bool(true)
      if plan.predictedClassSQL != nil, part == classPart {
        guard keeps(label: label, prediction: prediction, isComplete: isComplete) else { continue }
        builders[segment].counted.classes.append((label, value(row, "c") ?? .null, rows))
        continue
      }
      let view = viewOfPart[part]
      let found = view.map { views[$0].map { value(row, "f\($0)") ?? .null } } ?? []
      builders[segment].note(
        view: view, keys: found, label: label, prediction: prediction, group: value(row, "g"), isComplete: isComplete,
        rows: rows, plan: plan)
      guard keeps(label: label, prediction: prediction, isComplete: isComplete) else { continue }
      for (place, column) in maxima {
        guard let largest = value(row, "x\(place)")?.number, !largest.isNaN else { continue }
        builders[segment].counted.maxima[column.name] = max(
          largest, builders[segment].counted.maxima[column.name] ?? -.infinity)
      }
      builders[segment].add(
        view: view, keys: found, label: label, isPredicted: prediction == .bool(true), group: value(row, "g"),
        rows: rows, plan: plan)
    }
    return builders.map { $0.finish(plan) }
  }

  private func keeps(label: Value, prediction: Value?, isComplete: Bool) -> Bool {
    switch plan.spec.missing {
    case .drop: isComplete
    case .ownValue: !label.isNull && !(prediction?.isNull ?? false)
    case .asLibrary: true
    }
  }
}

/// Gathers the rows of a query's result.
private struct Builder {
  var counted = CountedRows()
  private var valueOf: [[[Value]: Int]]
  private var outcomeOf: [Value: Int] = [:]
  private var stratumOf: [Value: Int] = [:]

  init(views: [[Int]]) {
    counted.views = views.map { CountedView(facets: $0, values: [], cells: []) }
    valueOf = views.map { _ in [:] }
  }

  /// Missing values; rows in all are those of the first view.
  mutating func note(
    view: Int?, keys: [Value], label: Value, prediction: Value?, group: Value?, isComplete: Bool, rows: Int,
    plan: BiasPlan
  ) {
    if let view, counted.views[view].facets.count == 1, let key = keys.first, key.isNull {
      counted.missing[plan.facets[counted.views[view].facets[0]].column.name, default: 0] += rows
    }
    guard view ?? 0 == 0 else { return }
    counted.total += rows
    if !isComplete { counted.incomplete += rows }
    if label.isNull { counted.missing[plan.label.name, default: 0] += rows }
    if let prediction, prediction.isNull, let name = plan.predictionName {
      counted.missing[name, default: 0] += rows
    }
    if let group, group.isNull, let column = plan.group { counted.missing[column.name, default: 0] += rows }
  }

  mutating func add(
    view: Int?, keys: [Value], label: Value, isPredicted: Bool, group: Value?, rows: Int, plan: BiasPlan
  ) {
    if view ?? 0 == 0 { counted.used += rows }
    guard let view else { return }
    let value: Int
    if let known = valueOf[view][keys] {
      value = known
    } else {
      value = counted.views[view].values.count
      valueOf[view][keys] = value
      counted.views[view].values.append(keys)
    }
    let outcome: Int
    if let known = outcomeOf[label] {
      outcome = known
    } else {
      outcome = counted.outcomes.count
      outcomeOf[label] = outcome
      counted.outcomes.append(CountedOutcome(value: label, isPositive: plan.isPositive(label)))
    }
    var stratum = 0
    if let group {
      if group.isNull, plan.spec.missing == .asLibrary {
        stratum = -1
      } else if let known = stratumOf[group] {
        stratum = known
      } else {
        stratum = counted.strata.count
        stratumOf[group] = stratum
        counted.strata.append(group)
      }
    }
    counted.views[view].cells.append(
      CountedCell(value: value, outcome: outcome, isPredicted: isPredicted, stratum: stratum, rows: rows))
  }

  /// With values, classes and strata in an order of their own, whatever the order of rows.
  func finish(_ plan: BiasPlan) -> CountedRows {
    var result = counted
    func order(_ values: [Value]) -> (sorted: [Value], place: [Int]) {
      let order = values.indices.sorted { Value.isBefore(values[$0], values[$1]) }
      var place = [Int](repeating: 0, count: values.count)
      for (new, old) in order.enumerated() { place[old] = new }
      return (order.map { values[$0] }, place)
    }
    let (_, outcomePlace) = order(counted.outcomes.map(\.value))
    for (old, outcome) in counted.outcomes.enumerated() { result.outcomes[outcomePlace[old]] = outcome }
    let (strata, stratumPlace) = order(counted.strata)
    result.strata = strata
    for view in result.views.indices {
      let values = counted.views[view].values
      let sorted = values.indices.sorted { left, right in
        for (a, b) in zip(values[left], values[right]) where a != b { return Value.isBefore(a, b) }
        return false
      }
      var place = [Int](repeating: 0, count: values.count)
      for (new, old) in sorted.enumerated() { place[old] = new }
      result.views[view].values = sorted.map { values[$0] }
      // Several rows of the result may be one cell, as complete and incomplete ones.
      var merged: [CountedCell] = []
      let cells = counted.views[view].cells.map { cell in
        CountedCell(
          value: place[cell.value], outcome: outcomePlace[cell.outcome], isPredicted: cell.isPredicted,
          stratum: cell.stratum < 0 || plan.group == nil ? cell.stratum : stratumPlace[cell.stratum], rows: cell.rows)
      }
      for cell in cells.sorted(by: Self.isBefore) {
        if let last = merged.last, !Self.isBefore(last, cell) {
          merged[merged.count - 1].rows += cell.rows
        } else {
          merged.append(cell)
        }
      }
      result.views[view].cells = merged
    }
    return result
  }

  private static func isBefore(_ left: CountedCell, _ right: CountedCell) -> Bool {
    if left.value != right.value { return left.value < right.value }
    if left.stratum != right.stratum { return left.stratum < right.stratum }
    if left.outcome != right.outcome { return left.outcome < right.outcome }
    return !left.isPredicted && right.isPredicted
  }
}

extension BiasPlan {
  /// Whether a label's key is positive. Missing ones are not.
  func isPositive(_ key: Value) -> Bool {
    if labelIsRaw, case .values(let values) = positive { return ValueMatcher(label, values).matches(key) }
    return key == .bool(true)
  }
}

/// The segments of a column as a key: 0, 1, … and then all other rows.
struct SegmentKey {
  let sql: String
  let names: [String]
  var count: Int { names.count }

  static let others = "__default__"

  /// - Throws: `BiasError`.
  init(_ segment: BiasSpec.Segment, _ schema: Schema) throws {
    let column = try schema.column(required: segment.column)
    guard column.kind != .other else { throw BiasError.nested(column: column.name) }
    guard !segment.lists.isEmpty, segment.lists.allSatisfy({ !$0.isEmpty }) else {
      throw BiasError.badSetting("the segments of \"\(column.name)\" need lists of values or intervals")
    }
    var cases: [String] = []
    for (place, list) in segment.lists.enumerated() {
      let condition: String
      if column.kind.isNumeric, list.contains(where: { $0.contains(",") }) {
        condition = try list.map { try Self.interval($0, column) }.joined(separator: " OR ")
      } else {
        condition = ValueMatcher(column, list).sql
      }
      cases.append("WHEN \(condition) THEN \(place)")
    }
    sql = "CASE \(cases.joined(separator: " ")) ELSE \(segment.lists.count) END"
    names = segment.lists.map { $0.joined(separator: ", ") } + [Self.others]
  }

  private static func interval(_ text: String, _ column: Column) throws -> String {
    let trimmed = text.trimmingWhitespace()
    let bounds = trimmed.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
    guard let first = trimmed.first, let last = trimmed.last, "[(".contains(first), "])".contains(last),
      bounds.count == 2, let low = Double(String(bounds[0]).trimmingWhitespace()),
      let high = Double(String(bounds[1]).trimmingWhitespace()), low <= high
    else { throw BiasError.badInterval(text) }
    let number = column.measure
    return "(\(number) \(first == "[" ? ">=" : ">") \(SQL.literal(.real(low))) AND "
      + "\(number) \(last == "]" ? "<=" : "<") \(SQL.literal(.real(high))))"
  }
}
