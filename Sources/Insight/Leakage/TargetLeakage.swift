// What each feature alone says of the target: too much is suspicious, nothing is useless.

import Plot

/// A score of each feature, from a model of that feature alone, by cross-validation.
public struct TargetLeakage: AnalysisReport {
  public enum Verdict: String, Codable, Sendable, CaseIterable {
    /// The score is .99 or more: the feature is all but the target.
    case leak
    /// .95 or more.
    case warning
    case safe
    /// The feature alone predicts next to nothing: ROC-AUC .55 or less, or R² .01 or less.
    case redundant
    /// There was nothing to score.
    case none
  }

  public struct Score: Codable, Sendable, Equatable {
    public var feature: String
    /// ROC-AUC (of more than two classes the mean of each against the rest), or R²: the mean over the folds; nil where no
    /// fold has one.
    public var score: Double?
    /// Of the folds.
    public var low, high: Double?
    public var verdict: Verdict
    /// max(0, 2 · ROC-AUC − 1), or max(0, R²).
    public var power: Double?
    /// Rows where the feature has no value: they are predicted as a group of their own.
    public var missing: Int
  }

  public var label: String
  public var problem: LassoAnalysis.Problem
  public var classes: [String]
  /// The greatest score first; features without one last.
  public var scores: [Score]
  public var folds: Int
  /// Rows that were used.
  public var rows: Int
  /// Rows without a label.
  public var missing: Int
  /// Rows of the relation.
  public var total: Int
  /// Rows with a label that were drawn, where there were too many; nil when all were used.
  public var sampled: Int?
  /// Of the folds, and of the draw.
  public var seed: UInt64
  public var leftOut: [LeftOutColumn]

  public var metric: String { problem == .regression ? "R²" : classes.count > 2 ? "mean ROC-AUC" : "ROC-AUC" }

  /// How a score is made, in words.
  public static let method = """
    Each score is that of a model of one feature, the mean over the folds: a tree of up to 16 leaves with 20 rows or more \
    on up to 256 bins of a number; for a text the target's mean by value, mixed with ten rows of the mean of all.
    """

  public var blocks: [AnalysisBlock] {
    var facts = "\(AnalysisBlock.counted(rows, "row")) with a label in \(folds) folds, seed \(seed)"
    if sampled != nil { facts += "; drawn at random from \(Numbers.grouped(total - missing))" }
    if missing > 0 { facts += "; \(AnalysisBlock.counted(missing, "row")) without a label left out" }
    let table = scores.map { score in
      [
        score.feature, score.score.map { Numbers.fixed($0, 4) } ?? "-", score.low.map { Numbers.fixed($0, 4) } ?? "-",
        score.high.map { Numbers.fixed($0, 4) } ?? "-", score.power.map { Numbers.fixed($0, 4) } ?? "-",
        score.verdict.rawValue, Numbers.grouped(score.missing),
      ]
    }
    return [
      .heading("Target leakage: \(label)"), .sentence(facts + "."), .sentence(Self.method),
      .table(
        headings: ["feature", metric, "lowest fold", "highest fold", "prediction power", "verdict", "missing"],
        rows: table),
    ] + AnalysisBlock.leftOut(leftOut)
  }

  public var charts: [(title: String, chart: Chart)] {
    let limits = problem == .regression ? 0.01...0.95 : 0.55...0.95
    let metrics = scores.filter { $0.score != nil }.map {
      BiasPanel.Metric(name: "\($0.feature)  \($0.verdict.rawValue)", values: [$0.score], allowed: limits)
    }
    let panel = BiasPanel(
      title: "What each feature alone says of \(label), \(AnalysisBlock.counted(rows, "row"))", column: "feature",
      groups: [metric], metrics: metrics)
    return [("Target leakage", .content(panel))]
  }
}
