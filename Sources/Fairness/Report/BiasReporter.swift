// Makes a bias report: reads the first rows, counts all, and lets the counts speak.

import Foundation
import Frame
import Jobs
import Numerics
import Plot

/// All bias metrics of a relation, from the counts of one grouped query.
///
/// The first rows are looked at beforehand for the order of values and for columns with too many of them; the flip test
/// reads rows, at most 10,000.
/// - Parameters:
///   - relation: a SELECT.
///   - schema: its columns.
///   - weight: a column of whole numbers, not in the schema, that says how many rows each row stands for; nil is one each.
///     The flip test does not know it.
/// - Throws: `BiasError` where no report can be made, `FrameError` or `JobCancelled`. What stops a metric alone stands in
///   `MetricValue.error`.
public func biasReport(
  _ spec: BiasSpec, relation: String, schema: Schema, weight: String? = nil, in database: Database,
  context: any JobContext = SilentContext()
) throws -> BiasReport {
  try BiasReporter(
    spec: spec, relation: SQL.subquery(relation), schema: schema, weight: weight, database: database, context: context
  ).report()
}

struct BiasReporter {
  let spec: BiasSpec
  let relation: String
  let schema: Schema
  var weight: String?
  let database: Database
  let context: any JobContext

  /// What is known before anything is counted.
  func plan() throws -> (plan: BiasPlan, heads: [String: ColumnHead]) {
    let names =
      spec.facets.map(\.column) + [spec.label.column] + (spec.prediction?.columns ?? [])
      + (spec.group.map { [$0] } ?? [])
    var seen: Set<String> = []
    let columns = try names.filter { seen.insert($0).inserted }.map { try schema.column(required: $0) }
    let heads = try readHeads(columns.filter { $0.kind != .other })
    let library =
      spec.mode == .smclarify
      ? try LibraryReader.read(
        columns, categories: spec.libraryCategories, from: relation, weight: weight, database, context) : nil
    return (try BiasPlan(spec, schema: schema, heads: heads, library: library), heads)
  }

  func report() throws -> BiasReport {
    context.report(0, "reading the first rows")
    let (plan, heads) = try plan()
    context.report(0.1, "counting groups")
    let counter = RowCounter(
      plan: plan, relation: relation, weight: weight, database: database, context: PartContext(of: context, 0.1...0.4))
    let counted = try counter.count(schema: schema)[0]
    try check(counted, plan)
    var report = BiasReport(
      spec: plan.spec, readings: plan.readings, facets: [], intersections: [], segments: [],
      performance: performance(plan, counted), rowsUsed: counted.used, rowsMissing: counted.incomplete,
      missing: counted.missing, comparisons: [:], notes: plan.notes + notes(plan, counted))
    context.report(0.4, "drawing bootstrap samples")
    let whole = try facets(plan, counted, heads, segment: nil)
    report.facets = whole.facets
    report.comparisons = whole.comparisons
    report.intersections = try intersections(plan, counted)
    for (place, segment) in spec.segments.enumerated() {
      let start = 0.6 + 0.4 * Double(place) / Double(spec.segments.count)
      let key = try SegmentKey(segment, schema)
      let counting = RowCounter(
        plan: plan, relation: relation, weight: weight, database: database,
        context: PartContext(of: context, start...start))
      for (part, rows) in try counting.count(segment: segment, schema: schema).enumerated() {
        let done = 0.4 * Double(part) / Double(spec.segments.count * key.count)
        context.report(start + done, "\(segment.column) \(key.names[part]), \(part + 1) of \(key.count)")
        var result = BiasReport.Part(column: segment.column, name: key.names[part], facets: [], rowsUsed: rows.used)
        if rows.used == 0 {
          result.error = "no row is in this segment"
        } else {
          result.facets = try facets(plan, rows, heads, segment: (key, part)).facets
        }
        report.segments.append(result)
      }
    }
    context.report(1, "done")
    return report
  }

  // MARK: - Before

  private func readHeads(_ columns: [Column]) throws -> [String: ColumnHead] {
    guard !columns.isEmpty else { return [:] }
    let keys = columns.enumerated().map { "\($0.element.category) AS c\($0.offset)" }.joined(separator: ", ")
    let names = columns.indices.map { "c\($0)" }
    let table = try database.query(
      """
      SELECT \(names.joined(separator: ", ")), GROUPING(\(names.joined(separator: ", "))) AS part, min(place) AS place
      FROM (SELECT \(keys), row_number() OVER () AS place FROM (SELECT * FROM \(relation) LIMIT \(BiasPlan.headRows)))
      GROUP BY GROUPING SETS (\(names.map { "(\($0))" }.joined(separator: ", "))) ORDER BY place
      """, context: context, note: "reading the first rows")
    var heads: [String: ColumnHead] = [:]
    for column in columns { heads[column.name] = ColumnHead(values: [], count: 0) }
    let all = (1 << columns.count) - 1
    for row in 0..<table.rowCount {
      let part = Int(table.value(row, columns.count).number ?? 0)
      for (place, column) in columns.enumerated() where part == all & ~(1 << (columns.count - 1 - place)) {
        heads[column.name]?.count += 1
        if heads[column.name]?.values.count ?? 0 <= BiasPlan.mostValues {
          heads[column.name]?.values.append(table.value(row, place))
        }
      }
    }
    return heads
  }

  private func check(_ counted: CountedRows, _ plan: BiasPlan) throws {
    guard counted.used > 0 else {
      if let empty = counted.missing.filter({ $0.value == counted.total }).keys.min() {
        throw BiasError.allMissing(column: empty, rows: counted.total)
      }
      throw BiasError.nothingLeft(rows: counted.total)
    }
    for view in counted.views where view.facets.count == 1 && view.values.count > BiasPlan.mostValues {
      let column = plan.facets[view.facets[0]].column.name
      throw BiasError.tooManyValues(column: column, found: view.values.count, most: BiasPlan.mostValues)
    }
    guard spec.mode == .correct, case .values(let values) = plan.positive else { return }
    let cells = counted.views.first?.cells ?? []
    // A word that occurs nowhere is a slip, and would make every gap zero.
    if !counted.hasPositive, !cells.contains(where: \.isPredicted) {
      let shown = counted.outcomes.filter { !$0.value.isNull }.prefix(10).map(\.value.description)
      throw BiasError.positivesNotFound(column: plan.label.name, values: values, found: plan.labelIsRaw ? shown : [])
    }
    if let prediction = plan.predictionName, plan.predictedClassSQL != nil, !cells.contains(where: \.isPredicted) {
      let known = Set(counted.outcomes.map { $0.value.description })
      let found = Set(counted.classes.map { $0.predicted.description }.filter { $0 != "NULL" })
      guard found.isSubset(of: known) else {
        throw BiasError.positivesNotFound(
          column: prediction, values: values, found: Array(found.sorted().prefix(10)))
      }
    }
  }

  private func notes(_ plan: BiasPlan, _ counted: CountedRows) -> [String] {
    var notes: [String] = []
    if counted.incomplete > 0 {
      let rows = "\(Numbers.grouped(counted.incomplete)) of \(Numbers.grouped(counted.total)) rows lack a value"
      switch spec.missing {
      case .drop: notes.append("\(rows) and are left out.")
      case .ownValue: notes.append("\(rows), which is kept as a value of its own; rows without outcome are left out.")
      case .asLibrary: notes.append("\(rows) and count in group a, and as negative.")
      }
    }
    if spec.mode == .smclarify {
      notes.append(
        "The figures are those of smclarify 0.5, its defects included; the columns are read as it guesses them.")
    }
    if !counted.hasPositive { notes.append("No row has the positive outcome.") }
    return notes
  }

  private func performance(_ plan: BiasPlan, _ counted: CountedRows) -> ModelPerformance? {
    guard plan.hasPredictions, plan.predictionFailure == nil, let view = counted.views.first else { return nil }
    var cells = Cells()
    for cell in view.cells {
      let rows = Double(cell.rows)
      switch (counted.outcomes[cell.outcome].isPositive, cell.isPredicted) {
      case (true, true): cells.tp += rows
      case (false, true): cells.fp += rows
      case (true, false): cells.fn += rows
      case (false, false): cells.tn += rows
      }
    }
    return ModelPerformance(cells, classes: counted.classes)
  }

  // MARK: - Facets

  private func facets(
    _ plan: BiasPlan, _ counted: CountedRows, _ heads: [String: ColumnHead], segment: (key: SegmentKey, place: Int)?
  ) throws -> (facets: [FacetReport], comparisons: [BiasMetric: Int]) {
    var tester = FlipTester(
      plan: plan, schema: schema, relation: relation, segment: segment, database: database, context: context)
    var judge = Judge(plan: plan, counted: counted)
    var random = RandomSource(seed: spec.seed)
    if let segment { random = random.split(segment.key.names[segment.place]) }
    for place in plan.facets.indices {
      guard let view = counted.views.first(where: { $0.facets == [place] }) else {
        judge.add(plan.facets[place])
        continue
      }
      let pairs = GroupPair.pairs(of: view, plan, counted, heads: heads)
      let flips = try tester.run(view, pairs, rows: counted.used)
      let evaluator = PairEvaluator(
        plan: plan, counted: counted, view: view, pairs: pairs, flips: flips, draws: spec.draws,
        random: random.split(plan.facets[place].column.name))
      judge.add(try evaluator.evaluate(checking: context.checkCancelled), view: view)
    }
    return judge.reports()
  }

  /// Combined groups, the one with the widest gap first; small groups after all others.
  private func intersections(_ plan: BiasPlan, _ counted: CountedRows) throws -> [FacetReport] {
    var judge = Judge(plan: plan, counted: counted)
    for view in counted.views where view.facets.count > 1 {
      let pairs = GroupPair.combinations(of: view, plan, counted)
      let evaluator = PairEvaluator(
        plan: plan, counted: counted, view: view, pairs: pairs,
        flips: pairs.map { _ in FlipTest(failure: "the flip test is not run on combined facets") }, draws: spec.draws,
        random: RandomSource(seed: spec.seed).split("intersections").split(pairs.first?.facet ?? ""))
      judge.add(try evaluator.evaluate(checking: context.checkCancelled), view: view)
    }
    return judge.reports().facets.enumerated().sorted { left, right in
      let (a, b) = (left.element, right.element)
      if (a.smallGroup == nil) != (b.smallGroup == nil) { return a.smallGroup == nil }
      return a.worstGap == b.worstGap ? left.offset < right.offset : a.worstGap > b.worstGap
    }.map(\.element)
  }
}

extension FacetReport {
  /// The larger of the gaps in positive labels and in positive predictions, 0 ... 1.
  public var worstGap: Double {
    max(abs(self[.dpl]?.value ?? 0), abs(self[.dppl]?.value ?? 0))
  }
}
