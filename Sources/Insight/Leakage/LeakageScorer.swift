// Scores features one by one: rows into memory, folds, a model of one feature for each.

import Frame
import Jobs
import Numerics

/// What the search for leakage is to do.
public struct LeakageOptions: Codable, Sendable, Equatable {
  /// Nil takes more than a hundred different numbers, or numbers of which hardly two are alike, for a regression.
  public var problem: LassoAnalysis.Problem?
  /// Rows with a label to use at most; more are drawn from at random, and the result says so.
  public var mostRows: Int
  public var folds: Int
  public var seed: UInt64

  public init(problem: LassoAnalysis.Problem? = nil, mostRows: Int = 100_000, folds: Int = 5, seed: UInt64 = 42) {
    (self.problem, self.mostRows, self.folds, self.seed) = (problem, mostRows, folds, seed)
  }
}

/// Scores what each feature alone says of a label.
///
/// Dates count as seconds, truth values as 0 and 1, values that are not finite as missing. Nested values are left out.
/// - Parameter features: nil takes all columns but the label.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func targetLeakage(
  of label: String, features: [String]? = nil, options: LeakageOptions = LeakageOptions(), relation: String,
  schema: Schema, in database: Database, context: any JobContext = SilentContext()
) throws -> TargetLeakage {
  let target = try schema.required(label)
  let asked = (try features.map { try $0.map(schema.required) } ?? schema).filter { $0.name != label }
  let source = SQL.subquery(relation)
  let kind = try LabelColumn.find(target, problem: options.problem, in: source, database, context)
  let fitting = asked.filter { $0.kind != .other }
  var result = TargetLeakage(
    label: label, problem: kind.problem, classes: kind.classes, scores: [], folds: max(2, options.folds), rows: 0,
    missing: 0, total: 0, seed: options.seed,
    leftOut: asked.filter { $0.kind == .other }.map { .init(column: $0.name, reason: "nested values") })
  let counts = try database.query(
    "SELECT count(*), count(y) FROM (SELECT \(kind.sql) AS y FROM \(source))", context: context, note: "counting rows")
  result.total = counts.value(0, 0).whole
  result.missing = result.total - counts.value(0, 1).whole
  let items = fitting.enumerated().map { "\(leakageValue($0.element)) AS c\($0.offset)" }
  let select = """
    SELECT * FROM (SELECT \((["\(kind.sql) AS y"] + items).joined(separator: ", ")) FROM \(source)) WHERE y IS NOT NULL
    """
  // A few columns at a time, of the same rows each time.
  try withCopy("SELECT * FROM (\(select)) WHERE false", in: database, context: context, note: "reading rows") { copy in
    try fill(
      copy, select, most: max(2, options.mostRows), result.total - result.missing, options.seed, database, context)
    let labels = try database.query("SELECT y FROM \(copy)", context: context, note: "reading labels")
    let scorer = LeakageScorer(
      labels: labels.columns[0].numbers ?? [], classes: kind.classes.count, folds: result.folds, seed: options.seed)
    result.rows = labels.rowCount
    if labels.rowCount < result.total - result.missing { result.sampled = labels.rowCount }
    for (place, column) in fitting.enumerated() {
      try context.checkCancelled()
      context.report(Double(place) / Double(fitting.count), "scoring \(column.name)")
      let values = try database.query("SELECT c\(place) FROM \(copy)", context: context, note: "scoring \(column.name)")
      result.scores.append(scorer.score(column.name, CodedFeature(values.columns[0])))
    }
  }
  result.scores = result.scores.enumerated().sorted { left, right in
    let (a, b) = (left.element.score ?? -.infinity, right.element.score ?? -.infinity)
    return a == b ? left.offset < right.offset : a > b
  }.map(\.element)
  return result
}

private func leakageValue(_ column: Column) -> String {
  if let measure = column.measure { return measure }
  if let axis = try? AxisColumn(column, advice: "") { return "CASE WHEN isfinite(\(axis.sql)) THEN \(axis.sql) END" }
  return "CAST(\(SQL.identifier(column.name)) AS VARCHAR)"
}

private func fill(
  _ copy: String, _ select: String, most: Int, _ complete: Int, _ seed: UInt64, _ database: Database,
  _ context: any JobContext
) throws {
  var sql = select
  if complete > most { sql = RowSample.sql(select, most: most, seed: seed) }
  try database.execute("INSERT INTO \(copy) \(sql)", context: context, note: "reading rows")
}

/// Scores features of rows whose labels are known.
struct LeakageScorer {
  /// [rows]: numbers, or places of classes.
  let labels: [Double]
  /// 0 for a regression.
  let classes: Int
  /// [folds]: rows to judge on.
  let folds: [[Int]]
  /// [targets][rows]
  private let targets: [[Double]]

  /// Folds of nearly as many rows, each class spread evenly over them.
  init(labels: [Double], classes: Int, folds: Int, seed: UInt64) {
    var random = RandomSource(seed: seed)
    var tests = [[Int]](repeating: [], count: folds)
    let groups = classes > 0 ? Dictionary(grouping: labels.indices) { Int(labels[$0]) } : [0: Array(labels.indices)]
    var next = 0
    for group in groups.keys.sorted() {
      for row in random.shuffled(groups[group] ?? []) {
        tests[next % folds].append(row)
        next += 1
      }
    }
    self.init(labels: labels, classes: classes, folds: tests.map { $0.sorted() })
  }

  init(labels: [Double], classes: Int, folds: [[Int]]) {
    (self.labels, self.classes, self.folds) = (labels, classes, folds)
    switch classes {
    case 0: targets = [labels]
    case 2: targets = [labels]
    default: targets = (0..<classes).map { place in labels.map { $0 == Double(place) ? 1 : 0 } }
    }
  }

  func score(_ name: String, _ feature: CodedFeature) -> TargetLeakage.Score {
    var scores: [Double] = []
    for fold in folds where !fold.isEmpty {
      var isTest = [Bool](repeating: false, count: labels.count)
      for row in fold { isTest[row] = true }
      let train = labels.indices.filter { !isTest[$0] }
      guard !train.isEmpty else { continue }
      let predicted = feature.predictions(learningFrom: train, targets: targets)
      let codes = fold.map { feature.codes[$0] ?? feature.count }
      if let score = judge(predicted, codes, fold.map { labels[$0] }) { scores.append(score) }
    }
    guard let low = scores.min(), let high = scores.max() else {
      return .init(feature: name, verdict: .none, missing: feature.missing)
    }
    let mean = Statistics.mean(scores)
    return .init(
      feature: name, score: mean, low: low, high: high, verdict: verdict(mean),
      power: classes == 0 ? max(0, mean) : max(0, 2 * mean - 1), missing: feature.missing)
  }

  /// - Parameters:
  ///   - predicted: [bins or categories][targets].
  ///   - codes: [rows]: bin or category of each row to judge on.
  ///   - truth: [rows]: labels.
  private func judge(_ predicted: [[Double]], _ codes: [Int], _ truth: [Double]) -> Double? {
    if classes == 0 { return RegressionMetrics.rSquared(actual: truth, predicted: codes.map { predicted[$0][0] }) }
    var totals = [Double](repeating: 0, count: predicted.count)
    for code in codes { totals[code] += 1 }
    let seen = totals.indices.filter { totals[$0] > 0 }
    let rows = Dictionary(grouping: codes.indices) { Int(truth[$0]) }
    let areas = targets.indices.compactMap { target -> Double? in
      var positives = [Double](repeating: 0, count: predicted.count)
      for row in rows[classes == 2 ? 1 : target] ?? [] { positives[codes[row]] += 1 }
      let order = seen.sorted { predicted[$0][target] < predicted[$1][target] }
      return Self.area(order.map { (predicted[$0][target], positives[$0], totals[$0] - positives[$0]) })
    }
    return areas.isEmpty ? nil : Statistics.mean(areas)
  }

  /// The area under the receiver operating characteristic, from rows of both kinds by rising score; nil unless both occur.
  private static func area(_ groups: [(score: Double, positives: Double, negatives: Double)]) -> Double? {
    var (wins, below, all) = (0.0, 0.0, 0.0)
    var start = 0
    while start < groups.count {
      var end = start
      var (positives, negatives) = (0.0, 0.0)
      while end < groups.count, groups[end].score == groups[start].score {
        positives += groups[end].positives
        negatives += groups[end].negatives
        end += 1
      }
      wins += positives * (below + negatives / 2)
      below += negatives
      all += positives
      start = end
    }
    return all > 0 && below > 0 ? wins / all / below : nil
  }

  private func verdict(_ score: Double) -> TargetLeakage.Verdict {
    if score >= 0.99 { return .leak }
    if score >= 0.95 { return .warning }
    return score <= (classes == 0 ? 0.01 : 0.55) ? .redundant : .safe
  }
}
