// Computes what thresholds for each group would do, from one histogram of scores by group and label.

import Foundation
import Frame
import Jobs

/// Thresholds for each group against a metric and accuracy, from a histogram of scores.
///
/// Thresholds lie between 200 bins of equal width from the lowest to the highest score, and at the threshold of the spec;
/// every pair of them is tried.
/// - Parameters:
///   - spec: its prediction is a score; its first facet gives the groups where `facet` and `value` are nil.
///   - facet, value: those of a `FacetReport`.
///   - metric: one that counts of predictions give: all post-training ones but CDDPL and FT.
/// - Throws: `BiasError`, `FrameError` or `JobCancelled`.
public func thresholdStudy(
  _ spec: BiasSpec, facet: String? = nil, value: String? = nil, metric: BiasMetric = .dppl, relation: String,
  schema: Schema, in database: Database, context: any JobContext = SilentContext()
) throws -> ThresholdStudy {
  try ThresholdStudier(
    spec: spec, facet: facet, value: value, metric: metric, relation: SQL.subquery(relation), schema: schema,
    database: database, context: context
  ).study()
}

struct ThresholdStudier {
  let spec: BiasSpec
  let facet: String?
  let value: String?
  let metric: BiasMetric
  let relation: String
  let schema: Schema
  let database: Database
  let context: any JobContext

  static let bins = 200

  /// Rows of one group by bin of the score.
  private struct Histogram {
    var positives: [Int]
    var negatives: [Int]

    init(bins: Int) {
      positives = Array(repeating: 0, count: bins)
      negatives = positives
    }

    /// The cells for each number of bins that are below the threshold, 0 … bins.
    var cells: [Cells] {
      var (tp, fp) = (Double(positives.reduce(0, +)), Double(negatives.reduce(0, +)))
      var cells = [Cells(tp: tp, fp: fp)]
      let (allPositive, allNegative) = (tp, fp)
      for bin in positives.indices {
        tp -= Double(positives[bin])
        fp -= Double(negatives[bin])
        cells.append(Cells(tp: tp, fp: fp, fn: allPositive - tp, tn: allNegative - fp))
      }
      return cells
    }
  }

  func study() throws -> ThresholdStudy {
    guard case .score(let column, let threshold) = spec.prediction else {
      throw BiasError.badSetting("thresholds need a score: choose a column of scores as the prediction")
    }
    guard metric.stage == .postTraining, metric != .cddpl, metric != .ft else {
      throw BiasError.badSetting("\(metric.name) is no metric of predictions that counts give: choose DPPL, DI, RD …")
    }
    let score = try schema.column(required: column)
    var asked = spec
    if let facet { asked.facets = spec.facets.filter { $0.column == facet } }
    asked.group = nil
    asked.segments = []
    asked.intersections = []
    asked.mode = .correct
    let reporter = BiasReporter(spec: asked, relation: relation, schema: schema, database: database, context: context)
    let (plan, heads) = try reporter.plan()
    let counted = try RowCounter(plan: plan, relation: relation, database: database, context: context)
      .count(schema: schema)[0]
    guard counted.used > 0 else { throw BiasError.nothingLeft(rows: counted.total) }
    let found = counted.views.lazy.flatMap { view in
      GroupPair.pairs(of: view, plan, counted, heads: heads).map { (view, $0) }
    }.first { value == nil || $0.1.value == value }
    guard let (view, pair) = found else {
      throw BiasError.badSetting("no group is called \"\(value ?? "")\": choose one of the report")
    }
    let edges = try edges(score, threshold)
    let (a, d) = try histograms(plan, view, pair, score, edges, threshold)
    return result(pair, edges.all, a.cells, d.cells, threshold)
  }

  /// The thresholds that are tried, and the grid that scores are counted by.
  private struct Edges {
    /// In rising order: below all scores, 0 … 200 steps of the grid, and the one in use.
    var all: [Double]
    /// [201], in steps of equal width.
    var grid: [Double]
    var step: Double { grid[1] - grid[0] }

    /// The first edge that is not below the scores of a cell of the grid.
    func place(cell: Int, isAbove: Bool, _ threshold: Double) -> Int {
      let upper = grid[min(max(cell, 0), grid.count - 1)]
      // The threshold in use may part a cell.
      let isParted = cell > 0 && threshold > grid[cell - 1] && threshold < upper
      let edge = isParted && !isAbove ? threshold : upper
      return all.firstIndex { $0 >= edge } ?? all.count - 1
    }
  }

  private func edges(_ score: Column, _ threshold: Double) throws -> Edges {
    let table = try database.query(
      "SELECT min(x), max(x) FROM (SELECT \(score.measure) AS x FROM \(relation)) WHERE isfinite(x)", context: context,
      note: "reading scores")
    guard let low = table.value(0, 0).number, let high = table.value(0, 1).number else {
      throw BiasError.badSetting("column \"\(score.name)\" has no finite score")
    }
    // Scores between 0 and 1 are cut at round numbers.
    let (start, end) = low >= 0 && high <= 1 ? (0.0, 1.0) : (low, max(high, low.nextUp))
    let grid = (0...Self.bins).map { step in
      step == Self.bins ? end : start + (end - start) * Double(step) / Double(Self.bins)
    }
    return Edges(all: Array(Set(grid + [threshold, min(low, start).nextDown])).sorted(), grid: grid)
  }

  private func histograms(
    _ plan: BiasPlan, _ view: CountedView, _ pair: GroupPair, _ score: Column, _ edges: Edges, _ threshold: Double
  ) throws -> (a: Histogram, d: Histogram) {
    let facet = plan.facets[view.facets[0]]
    let list = edges.grid.map { SQL.literal(.real($0)) }.joined(separator: ", ")
    let first = SQL.literal(.real(edges.grid[0]))
    let step = SQL.literal(.real(edges.step))
    let known = spec.missing == .asLibrary ? "" : "WHERE y IS NOT NULL AND x IS NOT NULL"
    let complete = spec.missing == .drop ? known + " AND f IS NOT NULL" : known
    // The division may be off by one cell where a score is an edge.
    let table = try database.query(
      """
      WITH s AS (SELECT \(facet.sql) AS f, \(plan.labelSQL) AS y, \(score.measure) AS x FROM \(relation)),
      k AS (SELECT f, y, x, [\(list)] AS g, CASE WHEN isfinite(x)
      THEN CAST(greatest(0, least(\(Self.bins), ceil((x - \(first)) / \(step)))) AS BIGINT)
      WHEN x > 0 THEN \(Self.bins) ELSE 0 END AS k FROM s \(complete))
      SELECT f, y, CASE WHEN k < \(Self.bins) AND x > g[k + 1] THEN k + 1 WHEN k > 0 AND x <= g[k] THEN k - 1 ELSE k END AS b,
      coalesce(x > \(SQL.literal(.real(threshold))), FALSE) AS t, count(*) AS n FROM k GROUP BY ALL
      """, context: context, note: "counting scores")
    var places: [Value: Int] = [:]
    for (place, keys) in view.values.enumerated() { places[keys[0]] = place }
    var (a, d) = (Histogram(bins: edges.all.count), Histogram(bins: edges.all.count))
    for row in 0..<table.rowCount {
      let isMember = places[table.value(row, 0)].map { pair.isMember[$0] } ?? false
      let cell = Int(table.value(row, 2).number ?? 0)
      let bin = edges.place(cell: cell, isAbove: table.value(row, 3) == .bool(true), threshold)
      let rows = Int(table.value(row, 4).number ?? 0)
      switch (isMember, plan.isPositive(table.value(row, 1))) {
      case (true, true): d.positives[bin] += rows
      case (true, false): d.negatives[bin] += rows
      case (false, true): a.positives[bin] += rows
      case (false, false): a.negatives[bin] += rows
      }
    }
    return (a, d)
  }

  /// `a[i]` and `d[i]` are the cells where `edges[i - 1]` is the threshold, 0 standing for one below all.
  private func result(
    _ pair: GroupPair, _ edges: [Double], _ a: [Cells], _ d: [Cells], _ threshold: Double
  ) -> ThresholdStudy {
    let rows = a[0].rows + d[0].rows
    func point(_ i: Int, _ j: Int) -> ThresholdStudy.Point {
      let right = a[i].tp + a[i].tn + d[j].tp + d[j].tn
      return ThresholdStudy.Point(
        thresholdA: edges[i - 1], thresholdD: edges[j - 1], accuracy: rows > 0 ? right / rows : 0,
        counts: BiasCounts(a: a[i].group(hasPredictions: true), d: d[j].group(hasPredictions: true)))
    }
    /// Of DI the logarithm, so that half and twice are as far.
    func gap(_ value: Double) -> Double { metric == .di ? abs(log(value)) : abs(value - metric.ideal) }
    var candidates: [(right: Double, gap: Double, i: Int, j: Int)] = []
    candidates.reserveCapacity(edges.count * edges.count)
    for i in 1...edges.count {
      for j in 1...edges.count {
        let value = CellPair(a: a[i], d: d[j]).figure(of: metric, .correct, smoothing: 0)
        guard !value.isNaN else { continue }
        candidates.append((a[i].tp + a[i].tn + d[j].tp + d[j].tn, gap(value), i, j))
      }
    }
    candidates.sort { left, right in
      if left.right != right.right { return left.right > right.right }
      if left.gap != right.gap { return left.gap < right.gap }
      // Of thresholds that do the same, those closest to each other.
      return abs(left.i - left.j) < abs(right.i - right.j)
    }
    var pareto: [ThresholdStudy.Point] = []
    var best = Double.infinity
    for candidate in candidates where candidate.gap < best {
      best = candidate.gap
      pareto.append(point(candidate.i, candidate.j))
    }
    let current = 1 + (edges.firstIndex { $0 >= threshold } ?? edges.count - 1)
    return ThresholdStudy(
      metric: metric, facet: pair.facet, value: pair.value, groupD: pair.nameD, groupA: pair.nameA,
      current: point(current, current), pareto: pareto, shared: (1...edges.count).map { point($0, $0) },
      rows: Int(rows), bins: edges.count)
  }
}
