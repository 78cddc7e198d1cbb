import Insight
import Learn
import Plot

/// What a person who is to use a model should know about it: what it predicts, from what, how well, and where it is.
public struct CandidateCard: Codable, Sendable, Equatable, WrittenReport {
  public var model: CandidateReport
  /// The run that it comes from; nil for one that has not ended.
  public var run: AutoMLReport?
  /// The folder that `assay predict` reads; nil for a candidate that has no bundle of its own.
  public var bundle: String?

  public init(_ model: CandidateReport, run: AutoMLReport?, bundle: String?) {
    (self.model, self.run, self.bundle) = (model, run, bundle)
  }

  public var charts: [(title: String, chart: Chart)] { model.charts }
  public var lines: [String] { WrittenBlocks(blocks: blocks).lines }
  public var markdown: String { WrittenBlocks(blocks: blocks).markdown }

  var blocks: [AnalysisBlock] {
    var blocks: [AnalysisBlock] = [
      .sentence(
        "\(model.label) predicts \(model.target) (\(model.problem.title)). Figures are of "
          + "\(counted(model.rows, "row")) in \(model.folds) folds, each row judged by models that have not seen it."),
      .heading("Figures"),
      .table(
        headings: ["metric", "value", "std over folds"],
        rows: model.figures.map { figure in
          [
            figure.metric.rawValue + (figure.metric == model.metric ? " (optimised)" : ""),
            Numbers.short(figure.value), figure.std.map { Numbers.short($0) } ?? "–",
          ]
        }),
    ]
    if let test = run?.test, model.candidate == nil {
      blocks += [
        .sentence("On \(counted(test.rows, "row")) that no model saw until the end:"),
        .table(
          headings: ["metric", "test"],
          rows: test.metrics.sorted { $0.key < $1.key }.map { [$0.key, Numbers.short($0.value)] }),
      ]
    }
    blocks += decisionBlocks + residualBlocks + recipeBlocks
    if let run { blocks += dataBlocks(run) }
    if let bundle { blocks.append(.sentence("The model is in \(bundle): assay predict reads it.")) }
    return blocks
  }

  private var decisionBlocks: [AnalysisBlock] {
    guard let decisions = model.decisions else { return [] }
    var blocks: [AnalysisBlock] = [.heading("Decisions")]
    if let threshold = model.threshold, let positive = decisions.positive {
      blocks.append(.sentence("\(positive) is predicted from a probability of \(Numbers.short(threshold)) on."))
    }
    if decisions.classes.count <= 15 {
      blocks.append(
        .table(
          headings: ["actual \\ predicted"] + decisions.classes,
          rows: zip(decisions.classes, decisions.confusion).map { [$0] + $1.map { Numbers.grouped($0) } }))
    }
    if let error = decisions.calibrationError, let brier = decisions.brier {
      blocks.append(
        .sentence(
          "Probabilities are off by \(Numbers.short(error)) in the mean (ECE); Brier score \(Numbers.short(brier))."))
    }
    guard !decisions.deciles.isEmpty else { return blocks }
    let all = Double(max(1, decisions.positives))
    blocks.append(
      .table(
        headings: ["best-scored rows", "positives", "gain", "lift"],
        rows: decisions.deciles.map { decile in
          let gain = Double(decile.positives) / all
          let share = Double(decile.rows) / Double(max(1, model.rows))
          return [
            Numbers.grouped(decile.rows), Numbers.grouped(decile.positives), Numbers.short(gain),
            share > 0 ? Numbers.short(gain / share) : "–",
          ]
        }))
    return blocks
  }

  private var residualBlocks: [AnalysisBlock] {
    guard let residuals = model.residuals else { return [] }
    return [
      .heading("Residuals"),
      .sentence(
        "Actual minus predicted has mean \(Numbers.short(residuals.mean)) and standard deviation "
          + "\(Numbers.short(residuals.deviation)); \(counted(residuals.outliers, "row")) "
          + "\(residuals.outliers == 1 ? "is" : "are") more than three standard deviations off."),
    ]
  }

  private var recipeBlocks: [AnalysisBlock] {
    [
      .heading("Recipe"),
      .table(
        headings: ["share", "model", "level", "settings", "columns"],
        rows: model.members.map { member in
          [
            Numbers.short(member.weight), "\(member.name) #\(member.candidate)", "\(member.spec.level)",
            member.settings, member.recipe,
          ]
        }),
    ]
  }

  private func dataBlocks(_ run: AutoMLReport) -> [AnalysisBlock] {
    var blocks: [AnalysisBlock] = [
      .heading("Data"),
      .sentence(
        "Taken as \(run.problem.title): \(run.reason). \(counted(run.leaderboard.count - 1, "candidate")) in "
          + "\(Numbers.short(run.seconds)) s, seed \(run.seed)."),
      .table(headings: ["column", "kind"], rows: run.features.map { [$0.column, $0.kind.rawValue] }),
    ]
    if !run.excluded.isEmpty {
      blocks.append(.table(headings: ["left out", "why"], rows: run.excluded.map { [$0.column, $0.reason] }))
    }
    return blocks + run.notes.map { .sentence($0) }
  }

  private func counted(_ count: Int, _ noun: String) -> String {
    "\(Numbers.grouped(count)) \(noun)\(count == 1 ? "" : "s")"
  }
}
