// Computes what reweighing and resampling do to the metrics, from two grouped queries: the cells of group and outcome that
// the steps count, and the cells of the report, which know predictions and strata too.

import Foundation
import Frame
import Jobs
import Numerics

/// The metrics of a pair of groups before and after each step that mends their gap.
///
/// A step gives the rows of a cell of group and outcome one weight, or one share of copies (Kamiran and Calders 2012,
/// doi:10.1007/s10115-011-0463-8); every metric but FT is of weighted cells. Predictions stay what they are.
/// - Parameter facet, value: those of a `FacetReport`; the first of the spec where they are nil.
/// - Throws: `BiasError`, `FrameError` or `JobCancelled`.
public func mendingStudy(
  _ spec: BiasSpec, facet: String? = nil, value: String? = nil, relation: String, schema: Schema,
  in database: Database, context: any JobContext = SilentContext()
) throws -> MendingStudy {
  try Mender(
    spec: spec, facet: facet, value: value, relation: SQL.subquery(relation), schema: schema, database: database,
    context: context
  ).study()
}

private struct Mender {
  let spec: BiasSpec
  let facet: String?
  let value: String?
  let relation: String
  let schema: Schema
  let database: Database
  let context: any JobContext

  /// A group of the step and whether the outcome is positive.
  private struct Cell: Hashable {
    var group: Value
    var isPositive: Bool
  }

  /// Metrics that the cells of group and outcome alone give.
  private static let exact: Set<BiasMetric> = [.ci, .dpl, .kl, .js, .lp, .tvd, .ks]

  func study() throws -> MendingStudy {
    guard spec.mode == .correct else {
      throw BiasError.badSetting(
        "steps take groups as they are documented, not as smclarify guesses them: compute as documented")
    }
    var asked = spec
    asked.facets = Array(spec.facets.filter { facet == nil || $0.column == facet }.prefix(1))
    if case .above(let thresholds)? = asked.facets.first?.groups, thresholds.count > 1 {
      throw BiasError.badSetting("a step mends groups on both sides of one threshold: give one, or name values")
    }
    asked.segments = []
    asked.intersections = []
    var bare = asked
    (bare.prediction, bare.group, bare.missing, bare.metrics) = (nil, nil, .drop, nil)
    let (step, barePlan) = try count(bare)
    guard let steps = step.views.first else { throw BiasError.nothingLeft(rows: step.total) }
    let cells = tally(steps, step, barePlan)
    let (counted, plan) = try count(asked)
    guard counted.used > 0, let view = counted.views.first else { throw BiasError.nothingLeft(rows: counted.total) }
    let pairs = GroupPair.pairs(of: view, plan, counted, heads: [:])
    guard let pair = pairs.first(where: { value == nil || $0.value == value }) else {
      throw BiasError.badSetting("no group is called \"\(value ?? "")\": choose one of the report")
    }
    let isWhole = tally(view, counted, plan) == cells
    let ways = [nil] + MendingStudy.Way.allCases
    let outcomes = try ways.map { way in
      try context.checkCancelled()
      return outcome(way, cells, step.total, pair, view, counted, plan, isWhole)
    }
    return MendingStudy(
      facet: pair.facet, value: pair.value, groupD: pair.nameD, groupA: pair.nameA, rowsUsed: counted.used,
      outcomes: outcomes)
  }

  private func count(_ asked: BiasSpec) throws -> (CountedRows, BiasPlan) {
    let reporter = BiasReporter(spec: asked, relation: relation, schema: schema, database: database, context: context)
    let plan = try reporter.plan().plan
    let counter = RowCounter(plan: plan, relation: relation, database: database, context: context)
    return (try counter.count(schema: schema)[0], plan)
  }

  /// The cell of the step that a counted one lies in; nil for rows of none.
  private func cell(_ counted: CountedCell, _ view: CountedView, _ rows: CountedRows, _ plan: BiasPlan) -> Cell? {
    let key = view.values[counted.value][0]
    let outcome = rows.outcomes[counted.outcome]
    guard !key.isNull, !outcome.value.isNull else { return nil }
    let facet = plan.facets[view.facets[0]]
    switch facet.groups {
    case .values(let values):
      let isMember = facet.isRaw ? ValueMatcher(facet.column, values).matches(key) : key == .bool(true)
      return Cell(group: .bool(isMember), isPositive: outcome.isPositive)
    case .eachValue, .above: return Cell(group: key, isPositive: outcome.isPositive)
    }
  }

  private func tally(_ view: CountedView, _ rows: CountedRows, _ plan: BiasPlan) -> [Cell: Int] {
    var found: [Cell: Int] = [:]
    for counted in view.cells {
      if let cell = cell(counted, view, rows, plan) { found[cell, default: 0] += counted.rows }
    }
    return found
  }

  /// How many rows of the step's result each row of a cell stands for, and the rows that the table then has.
  private func weights(
    _ way: MendingStudy.Way?, _ cells: [Cell: Int], _ total: Int
  ) -> (weight: [Cell: Double], rows: Int) {
    let rows = Double(cells.values.reduce(0, +))
    var (groups, outcomes): ([Value: Double], [Bool: Double]) = ([:], [:])
    for (cell, count) in cells {
      groups[cell.group, default: 0] += Double(count)
      outcomes[cell.isPositive, default: 0] += Double(count)
    }
    func expected(_ cell: Cell) -> Double { (groups[cell.group] ?? 0) * (outcomes[cell.isPositive] ?? 0) / rows }
    var wanted: [Cell: Double] = [:]
    for (cell, count) in cells {
      switch way {
      case nil: wanted[cell] = Double(count)
      case .reweigh: wanted[cell] = expected(cell)
      case .resample: wanted[cell] = expected(cell).rounded()
      case .resampleToEqualCells: wanted[cell] = (rows / Double(cells.count)).rounded()
      }
    }
    let weight = wanted.reduce(into: [Cell: Double]()) { $0[$1.key] = $1.value / Double(cells[$1.key] ?? 1) }
    guard way == .resample || way == .resampleToEqualCells else { return (weight, total) }
    return (weight, total - Int(rows) + Int(wanted.values.reduce(0, +)))
  }

  private func outcome(
    _ way: MendingStudy.Way?, _ cells: [Cell: Int], _ total: Int, _ pair: GroupPair, _ view: CountedView,
    _ counted: CountedRows, _ plan: BiasPlan, _ isWhole: Bool
  ) -> MendingStudy.Outcome {
    let (weight, rows) = weights(way, cells, total)
    // Rows of no cell stay as they are.
    let weighted = view.cells.map { Double($0.rows) * (cell($0, view, counted, plan).flatMap { weight[$0] } ?? 1) }
    var tally = PairTally(view, counted)
    tally.fill(weighted, withStrata: plan.group != nil, withOutcomes: false)
    let evaluator = PairEvaluator(
      plan: plan, counted: counted, view: view, pairs: [pair], flips: [], draws: 0, random: RandomSource(seed: 0))
    let isDrawn = way == .resample || way == .resampleToEqualCells
    let metrics = spec.wanted.filter { $0 != .ft }.map { metric in
      let raw = evaluator.value(of: metric, tally, pair)
      return MendingStudy.Value(
        metric: metric, value: raw.value, isExpected: isDrawn && !(isWhole && Self.exact.contains(metric)),
        error: raw.error)
    }
    return MendingStudy.Outcome(way: way, rows: rows, metrics: metrics)
  }
}
