// Which features a model keeps when each coefficient has a price.

import Foundation
import Frame
import Jobs
import Numerics
import Plot

/// A linear or logistic model with an L1 penalty on standardised features, and its path from the penalty that keeps nothing.
///
/// It minimises  loss + penalty · Σ |coefficient|, where the loss is half the mean squared error, or the mean negative
/// log-likelihood (Tibshirani 1996, doi:10.1111/j.2517-6161.1996.tb02080.x).
public struct LassoAnalysis: AnalysisReport {
  public enum Problem: String, Codable, Sendable, CaseIterable { case classification, regression }

  public struct Coefficient: Codable, Sendable, Equatable {
    public var feature: String
    /// The change of the label, or of the log-odds, for one standard deviation of the feature.
    public var value: Double
  }

  /// The fit for one penalty.
  public struct Step: Codable, Sendable, Equatable {
    public var penalty: Double
    /// [features], in the order of `features`.
    public var coefficients: [Double]
    /// On the held-out rows: ROC-AUC or R²; nil where it cannot be computed there.
    public var score: Double?
  }

  public var label: String
  public var problem: Problem
  /// Of a classification: the class that the log-odds are of.
  public var positive: String?
  public var features: [String]
  /// The chosen penalty; nil, as `score` is and the lists are empty, where there was nothing to fit.
  public var penalty: Double?
  /// At the chosen penalty, the greatest size first.
  public var coefficients: [Coefficient]
  /// Falling penalties.
  public var path: [Step]
  /// At the chosen penalty, on the held-out rows.
  public var score: Double?
  public var trainRows: Int
  public var testRows: Int
  /// Rows without the label or one of the features.
  public var missing: Int
  /// Rows of the relation.
  public var total: Int
  /// Complete rows that were drawn, where there were too many; nil when all were used.
  public var sampled: Int?
  /// Of the split, and of the draw.
  public var seed: UInt64
  public var leftOut: [LeftOutColumn]

  public var metric: String { problem == .classification ? "ROC-AUC" : "R²" }

  public var blocks: [AnalysisBlock] {
    let kind = problem == .classification ? "Logistic" : "Linear"
    var facts = "\(AnalysisBlock.counted(trainRows, "row")) to learn from, \(Numbers.grouped(testRows)) held out"
    if let sampled { facts += "; \(Numbers.grouped(sampled)) complete rows drawn at random" }
    if missing > 0 { facts += "; \(AnalysisBlock.counted(missing, "row")) without the label or a feature left out" }
    var blocks: [AnalysisBlock] = [
      .heading("\(kind) model of \(label) with an L1 penalty"), .sentence(facts + "; seed \(seed)."),
    ]
    if let penalty {
      let of = positive.map { " of \($0)" } ?? ""
      let result = score.map { "; \(metric) on the rows held out \(Numbers.fixed($0, 4))" } ?? ""
      blocks.append(
        .sentence("Penalty \(Numbers.short(penalty))\(result). Coefficients\(of) are for one standard deviation."))
    }
    blocks.append(
      .table(
        headings: ["feature", "coefficient"], rows: coefficients.map { [$0.feature, Numbers.short($0.value)] }))
    return blocks + AnalysisBlock.leftOut(leftOut)
  }

  public var charts: [(title: String, chart: Chart)] {
    let unit = problem == .classification ? "log-odds per standard deviation" : "\(label) per standard deviation"
    // The share of a standardised feature in a linear predictor rises, or falls, with its value throughout.
    let bars = coefficients.map { coefficient in
      ShapBars.Item(
        feature: coefficient.feature, size: abs(coefficient.value),
        correlation: coefficient.value == 0 ? nil : coefficient.value > 0 ? 1 : -1)
    }
    let sizes = ShapBars(
      title: "|Coefficient| for \(label), \(AnalysisBlock.counted(trainRows, "row"))", items: bars, unit: unit)
    let shown = coefficients.prefix(6).compactMap { features.firstIndex(of: $0.feature) }
    let steps = path.filter { $0.penalty > 0 }.reversed()
    let lines = LineChart(
      heading: "Coefficients by penalty", x: "log10 of the penalty", y: "coefficient",
      positions: steps.map { log10($0.penalty) },
      series: shown.map { place in .init(name: features[place], values: steps.map { $0.coefficients[place] }) },
      best: penalty.flatMap { $0 > 0 ? log10($0) : nil }, total: nil)
    return [("Coefficients", .content(sizes)), ("Lasso path", .content(lines))]
  }
}

/// What a lasso is to do.
public struct LassoOptions: Codable, Sendable, Equatable {
  /// Nil takes more than a hundred different numbers, or numbers of which hardly two are alike, for a regression.
  public var problem: LassoAnalysis.Problem?
  /// The penalty; nil takes a hundredth of the smallest one that keeps no feature.
  public var penalty: Double?
  /// The share of rows to learn from.
  public var trainShare: Double
  public var seed: UInt64
  /// Numbers to hold in memory; more rows are drawn from at random.
  public var mostCells: Int

  public init(
    problem: LassoAnalysis.Problem? = nil, penalty: Double? = nil, trainShare: Double = 0.7, seed: UInt64 = 42,
    mostCells: Int = 20_000_000
  ) {
    (self.problem, self.penalty, self.trainShare, self.seed) = (problem, penalty, trainShare, seed)
    self.mostCells = mostCells
  }
}

/// Fits a lasso of a label on columns of numbers; truth values are 0 and 1.
///
/// Rows need the label and every feature. A classification has two classes. Standardised by mean and standard deviation
/// (population) of the rows to learn from. The path has fifty penalties, evenly spaced in their logarithm, down to a
/// thousandth of the smallest one that keeps no feature.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func lasso(
  of label: String, features: [String]? = nil, options: LassoOptions = LassoOptions(), relation: String,
  schema: Schema, in database: Database, context: any JobContext = SilentContext()
) throws -> LassoAnalysis {
  let target = try schema.required(label)
  let asked = try features.map { try $0.map(schema.required) } ?? schema
  var choice = NumericFeatures(asked.filter { $0.name != label }, most: 200)
  let rows = SQL.subquery(relation)
  let kind = try LabelColumn.find(target, problem: options.problem, in: rows, database, context)
  if kind.problem == .classification, kind.classes.count > 2 {
    throw InsightError.tooManyClasses(column: label, found: kind.classes.count, most: 2)
  }
  let counts = choice.columns.map { "count(\($0.measure ?? "NULL"))" }
  let sizes = try database.query(
    "SELECT \((["count(*)"] + counts).joined(separator: ", ")) FROM \(rows)", context: context, note: "counting values")
  let total = sizes.value(0, 0).whole
  choice.drop("no value that can be used") { total > 0 && sizes.value(0, $0 + 1).whole == 0 }
  let items = choice.columns.enumerated().map { "\($0.element.measure ?? "NULL") AS c\($0.offset)" }
  let present = ["y IS NOT NULL"] + choice.columns.indices.map { "c\($0) IS NOT NULL" }
  let complete = """
    SELECT * FROM (SELECT \((["\(kind.sql) AS y"] + items).joined(separator: ", ")) FROM \(rows))
    WHERE \(present.joined(separator: " AND "))
    """
  let most = max(1000, options.mostCells / (choice.columns.count + 1))
  let table = try RowSample.read(complete, most: most, seed: options.seed, in: database, context)
  var fitter = LassoFitter(choice: choice, kind: kind, options: options, table: table.rows, context: context)
  var analysis = try fitter.run(label)
  (analysis.total, analysis.missing) = (total, total - table.complete)
  analysis.sampled = table.rows.rowCount < table.complete ? table.rows.rowCount : nil
  return analysis
}

/// Fits the rows in memory: the label first, then the features.
private struct LassoFitter {
  var choice: NumericFeatures
  let kind: LabelColumn
  let options: LassoOptions
  let table: DataTable
  let context: any JobContext

  mutating func run(_ label: String) throws -> LassoAnalysis {
    let labels = table.columns[0].numbers ?? []
    let split: TrainTestSplit =
      kind.problem == .classification
      ? .stratified(labels: labels.map { Int($0) }, fraction: options.trainShare, seed: options.seed)
      : .random(rows: labels.count, fraction: options.trainShare, seed: options.seed)
    let learnt = split.train.map { labels[$0] }
    var train: [[Double]] = []
    var test: [[Double]] = []
    var constant: Set<Int> = []
    for place in choice.columns.indices {
      let values = table.columns[place + 1].numbers ?? []
      let part = split.train.map { values[$0] }
      let (mean, deviation) = (Statistics.mean(part), Statistics.standardDeviation(part, correction: 0))
      guard let low = part.min(), let high = part.max(), low < high, deviation > 0 else {
        constant.insert(place)
        continue
      }
      train.append(part.map { ($0 - mean) / deviation })
      test.append(split.test.map { (values[$0] - mean) / deviation })
    }
    let isEmpty = learnt.isEmpty
    choice.drop(isEmpty ? "no row has the label and all features" : "one value in the rows used") {
      constant.contains($0)
    }
    var analysis = LassoAnalysis(
      label: label, problem: kind.problem, positive: kind.positive, features: choice.columns.map(\.name),
      coefficients: [], path: [], trainRows: split.train.count, testRows: split.test.count, missing: 0, total: 0,
      seed: options.seed, leftOut: choice.leftOut)
    guard !isEmpty, !train.isEmpty, learnt.min() != learnt.max() else { return analysis }
    let model = Lasso(features: train, labels: learnt, loss: kind.problem == .classification ? .logistic : .squared)
    let largest = model.largestPenalty
    let chosen = options.penalty.map { max(0, $0) } ?? largest / 100
    var penalties = (0..<50).map { largest * pow(1000, -Double($0) / 49) }
    if !penalties.contains(chosen) { penalties.append(chosen) }
    penalties.sort(by: >)
    let truth = split.test.map { labels[$0] }
    let fits = try model.path(penalties) { [context] in try context.checkCancelled() }
    analysis.path = fits.map { fit in
      .init(penalty: fit.penalty, coefficients: fit.coefficients, score: score(fit, test, truth))
    }
    analysis.penalty = chosen
    guard let step = analysis.path.first(where: { $0.penalty == chosen }) else { return analysis }
    analysis.score = step.score
    analysis.coefficients = zip(analysis.features, step.coefficients).map { .init(feature: $0, value: $1) }
      .sorted { abs($0.value) > abs($1.value) }
    return analysis
  }

  private func score(_ fit: LassoFit, _ features: [[Double]], _ truth: [Double]) -> Double? {
    guard !truth.isEmpty else { return nil }
    let predicted = fit.predict(features, rows: truth.count)
    switch kind.problem {
    case .classification:
      return ClassificationMetrics.areaUnderROC(isPositive: truth.map { $0 == 1 }, scores: predicted)
    case .regression: return RegressionMetrics.rSquared(actual: truth, predicted: predicted)
    }
  }
}
