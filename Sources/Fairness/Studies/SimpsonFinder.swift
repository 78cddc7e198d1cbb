// Looks for group variables that turn the sign of a gap.

import Foundation
import Frame
import Jobs

/// Tries group variables: in which does the sign of DPL turn?
///
/// Rows count as in a report; a stratum's weight is its rows. Each variable is one grouped query for all facets.
/// - Parameters:
///   - variables: columns to try; nil takes all that have 2 to 200 values and that the spec does not use.
///   - weight: a column of whole numbers, not in the schema, that says how many rows each row stands for; nil is one each.
/// - Returns: for each facet value and variable a finding; turned signs first, then by how much of the gap goes.
/// - Throws: `BiasError`, `FrameError` or `JobCancelled`.
public func simpsonReport(
  _ spec: BiasSpec, variables: [String]? = nil, relation: String, schema: Schema, weight: String? = nil,
  in database: Database, context: any JobContext = SilentContext()
) throws -> SimpsonReport {
  try SimpsonFinder(
    spec: spec, relation: SQL.subquery(relation), schema: schema, weight: weight, database: database, context: context
  ).find(variables)
}

struct SimpsonFinder {
  let spec: BiasSpec
  let relation: String
  let schema: Schema
  var weight: String?
  let database: Database
  let context: any JobContext

  static let mostValues = 200
  static let shownStrata = 50

  func find(_ variables: [String]?) throws -> SimpsonReport {
    for name in variables ?? [] { _ = try schema.column(required: name) }
    let used = Set(
      spec.facets.map(\.column) + [spec.label.column] + (spec.prediction?.columns ?? []))
    var report = SimpsonReport(findings: [], leftOut: [:], rowsUsed: 0)
    let candidates = schema.filter { variables?.contains($0.name) ?? !used.contains($0.name) }
    for (place, column) in candidates.enumerated() {
      context.report(Double(place) / Double(max(1, candidates.count)), "trying \(column.name)")
      try context.checkCancelled()
      if used.contains(column.name) {
        report.leftOut[column.name] = "the report uses it"
        continue
      }
      guard column.kind != .other else {
        report.leftOut[column.name] = "nested values"
        continue
      }
      let distinct = try distinctValues(column)
      guard distinct > 1 else {
        report.leftOut[column.name] = "one value only"
        continue
      }
      guard distinct <= Self.mostValues else {
        report.leftOut[column.name] = "more than \(Self.mostValues) values"
        continue
      }
      report.findings += try findings(column, &report.rowsUsed)
    }
    report.findings = report.findings.enumerated().sorted { left, right in
      let (a, b) = (Self.rank(left.element), Self.rank(right.element))
      return a == b ? left.offset < right.offset : a > b
    }.map(\.element)
    return report
  }

  private func distinctValues(_ column: Column) throws -> Int {
    let table = try database.query(
      "SELECT count(*) FROM (SELECT DISTINCT \(column.category) AS v FROM \(relation) LIMIT \(Self.mostValues + 2)) "
        + "WHERE v IS NOT NULL", context: context, note: "counting \(column.name)")
    return Int(table.value(0, 0).number ?? 0)
  }

  private func findings(_ column: Column, _ rowsUsed: inout Int) throws -> [SimpsonFinding] {
    var asked = spec
    asked.group = column.name
    asked.segments = []
    asked.intersections = []
    let reporter = BiasReporter(
      spec: asked, relation: relation, schema: schema, weight: weight, database: database, context: context)
    let (plan, heads) = try reporter.plan()
    let counted = try RowCounter(
      plan: plan, relation: relation, weight: weight, database: database, context: context
    ).count(schema: schema)[0]
    guard counted.used > 0 else { return [] }
    rowsUsed = max(rowsUsed, counted.used)
    return counted.views.flatMap { view in
      GroupPair.pairs(of: view, plan, counted, heads: heads).map { finding(view, $0, column, counted) }
    }
  }

  private func finding(
    _ view: CountedView, _ pair: GroupPair, _ column: Column, _ counted: CountedRows
  ) -> SimpsonFinding {
    var cells = [CellPair](
      repeating: CellPair(a: Cells(), d: Cells()), count: counted.strata.count)
    var all = CellPair(a: Cells(), d: Cells())
    for cell in view.cells where cell.stratum >= 0 {
      let rows = Double(cell.rows)
      let isPositive = counted.outcomes[cell.outcome].isPositive
      let part = Cells(fn: isPositive ? rows : 0, tn: isPositive ? 0 : rows)
      if pair.isMember[cell.value] {
        cells[cell.stratum].d = cells[cell.stratum].d + part
        all.d = all.d + part
      } else {
        cells[cell.stratum].a = cells[cell.stratum].a + part
        all.a = all.a + part
      }
    }
    func dpl(_ pair: CellPair) -> Double? {
      let value = pair.figure(of: .dpl, .correct, smoothing: 0)
      return value.isNaN ? nil : value
    }
    let strata = cells.enumerated().map { place, cells in
      SimpsonFinding.Stratum(
        value: counted.strata[place].isNull ? BiasPlan.missing : counted.strata[place].description,
        counts: BiasCounts(a: cells.a.group(hasPredictions: false), d: cells.d.group(hasPredictions: false)),
        dpl: dpl(cells))
    }
    let compared = strata.filter { $0.dpl != nil }
    let weight = compared.reduce(0) { $0 + $1.counts.a.rows + $1.counts.d.rows }
    let within =
      weight > 0
      ? compared.reduce(0) { $0 + ($1.dpl ?? 0) * Double($1.counts.a.rows + $1.counts.d.rows) / Double(weight) } : nil
    var tally = PairTally(view, counted)
    tally.fill(view.cells.map { Double($0.rows) }, withStrata: true, withOutcomes: false)
    let cddl = tally.disparity(pair.isMember.indices.filter { pair.isMember[$0] }, ofPredictions: false)
    let sorted = strata.sorted { ($0.counts.a.rows + $0.counts.d.rows) > ($1.counts.a.rows + $1.counts.d.rows) }
    return SimpsonFinding(
      facet: pair.facet, value: pair.value, groupD: pair.nameD, groupA: pair.nameA, variable: column.name,
      rows: Int((all.a + all.d).rows), dpl: dpl(all), dplWithin: within, cddl: cddl.isNaN ? nil : cddl,
      effect: Self.effect(dpl(all), within),
      strata: Array(sorted.prefix(Self.shownStrata)), strataCount: strata.count, comparedRows: weight)
  }

  static func effect(_ whole: Double?, _ within: Double?) -> SimpsonFinding.Effect {
    guard let whole, let within, abs(whole) > 1e-12 else { return .none }
    if within * whole < 0 { return .turned }
    return abs(within) < abs(whole) / 2 ? .explained : .kept
  }

  /// Turned signs first, the strongest first; then by the part of the gap that goes.
  private static func rank(_ finding: SimpsonFinding) -> Double {
    guard let whole = finding.dpl, let within = finding.dplWithin, finding.effect != .none else { return -.infinity }
    return finding.effect == .turned ? 10 + min(abs(whole), abs(within)) : (abs(whole) - abs(within)) / abs(whole)
  }
}
