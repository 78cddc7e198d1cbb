import Insight
import Learn
import Plot

/// What a person who is to use a model should know about it: what it predicts, from what, how well, and where it is.
///
/// Of a candidate there is a report and no bundle of its own; of a bundle that was copied away from its run there is no report.
public struct ModelCard: Codable, Sendable, Equatable, WrittenReport {
  public var model: CandidateReport?
  /// The run that it comes from; nil for one that has not ended, and where nobody knows.
  public var run: AutoMLReport?
  /// The folder that `assay predict` reads; nil for a candidate that has no bundle of its own.
  public var folder: String?
  /// Which columns move its predictions, and how these differ between groups, where somebody asked.
  public var shap: ModelShap?
  public var bias: ModelBias?
  /// What the folder says of itself.
  public var bundle: BundleSummary?

  public init(_ model: CandidateReport?, run: AutoMLReport?, folder: String?) {
    (self.model, self.run, self.folder) = (model, run, folder)
  }

  /// The card of the model in a folder, whose files are all checked.
  ///
  /// - Throws: `BundleError`, `LearnError`.
  public init(folder: String) throws {
    self.folder = folder
    bundle = try BundleSummary(folder: folder)
    model = try? CandidateReport(folder: folder, candidate: nil)
    run = AutoMLReport(folder: folder)
  }

  public var title: String { "Model of \(model?.target ?? bundle?.target ?? run?.target ?? "")" }

  /// The card with what its folder says; unchanged where there is none.
  func completed() throws -> ModelCard {
    guard let folder, bundle == nil else { return self }
    var card = self
    card.bundle = try BundleSummary(folder: folder)
    return card
  }

  public var charts: [(title: String, chart: Chart)] { model?.charts ?? [] }
  public var lines: [String] { WrittenBlocks(blocks: blocks).lines }
  public var markdown: String { WrittenBlocks(blocks: blocks).markdown }

  var blocks: [AnalysisBlock] {
    figureBlocks + decisionBlocks + residualBlocks + shapBlocks + biasBlocks + memberBlocks + columnBlocks
      + trainingBlocks + fileBlocks
  }

  private var figureBlocks: [AnalysisBlock] {
    var blocks: [AnalysisBlock] = []
    if let model {
      blocks += [
        .sentence(
          "\(model.label) predicts \(model.target) (\(model.problem.title)). Figures are of "
            + "\(AnalysisBlock.counted(model.rows, "row")) \(model.judging)."),
        .heading("How good it is"),
        .table(
          headings: ["metric", "value", "std over folds"],
          rows: model.figures.map { figure in
            [
              figure.metric.rawValue + (figure.metric == model.metric ? " (optimised)" : ""),
              Numbers.short(figure.value), figure.std.map { Numbers.short($0) } ?? "–",
            ]
          }),
      ]
    } else if let bundle {
      blocks += [
        .sentence(
          "An ensemble of \(AnalysisBlock.counted(bundle.members.count, "model")) predicts \(bundle.target) (\(bundle.problem.title))."
        ),
        .heading("How good it is"),
        .sentence(
          "\(bundle.metric.rawValue) \(Numbers.short(bundle.score)) on rows that the answering models were not fitted to."
        ),
      ]
    }
    if let rows = bundle?.sampleRows {
      blocks.append(
        .sentence("It stands in for a model of all rows: it has learnt from the first \(Numbers.grouped(rows)) alone."))
    }
    if let test = run?.test ?? bundle?.training?.test, model?.candidate == nil {
      blocks += [
        .sentence("On \(AnalysisBlock.counted(test.rows, "row")) that no model saw until the end:"),
        .table(
          headings: ["metric", "test"],
          rows: test.metrics.sorted { $0.key < $1.key }.map { [$0.key, Numbers.short($0.value)] }),
      ]
    }
    return blocks
  }

  private var decisionBlocks: [AnalysisBlock] {
    guard let model, let decisions = model.decisions else { return [] }
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
    guard let residuals = model?.residuals else { return [] }
    return [
      .heading("Residuals"),
      .sentence(
        "Actual minus predicted has mean \(Numbers.short(residuals.mean)) and standard deviation "
          + "\(Numbers.short(residuals.deviation)); \(AnalysisBlock.counted(residuals.outliers, "row")) "
          + "\(residuals.outliers == 1 ? "is" : "are") more than three standard deviations off."),
    ]
  }

  private var shapBlocks: [AnalysisBlock] {
    guard let shap else { return [] }
    let found = shap.found.explanation
    return [
      .heading("What moves its predictions"),
      .sentence(
        "Mean |SHAP| over \(Numbers.grouped(found.rows)) of \(AnalysisBlock.counted(found.totalRows, "row")): \(shap.source). In "
          + "\(found.unit)."),
      .table(
        headings: ["column", "mean |SHAP|"],
        rows: found.global.prefix(20).map { [$0.feature, Numbers.short(abs($0.value))] }),
    ]
  }

  private var biasBlocks: [AnalysisBlock] {
    guard let bias else { return [] }
    return [
      .heading("Bias"), .sentence(bias.source),
      .table(
        headings: ["facet", "group", "metric", "value", "interval", "verdict"],
        rows: bias.report.facets.flatMap { facet in
          facet.metrics.filter { $0.value != nil }.map { metric in
            [facet.facet, facet.value, metric.name, metric.shown, metric.interval, metric.verdict.rawValue]
          }
        }),
    ]
  }

  private var memberBlocks: [AnalysisBlock] {
    var rows: [[String]] = []
    if let model {
      rows = model.members.map {
        [Numbers.short($0.weight), "\($0.name) #\($0.candidate)", "\($0.spec.level)", $0.settings, $0.recipe]
      }
    } else if let bundle {
      rows = bundle.members.map {
        [Numbers.short($0.weight), "\($0.model) #\($0.candidate)", "\($0.level)", $0.settings, $0.recipe]
      }
    }
    return rows.isEmpty
      ? []
      : [
        .heading("What it is made of"),
        .table(headings: ["share", "model", "level", "settings", "columns"], rows: rows),
      ]
  }

  private var columnBlocks: [AnalysisBlock] {
    var blocks: [AnalysisBlock] = []
    if let bundle {
      blocks += [
        .heading("What it needs"), .sentence("Without a header a row gives these columns in this order."),
        .table(
          headings: ["column", "kind", "levels"],
          rows: bundle.features.map { [$0.name, $0.kind.rawValue, $0.levels.map { Numbers.grouped($0) } ?? ""] }),
      ]
    } else if let run {
      blocks += [
        .heading("What it needs"),
        .table(headings: ["column", "kind"], rows: run.features.map { [$0.column, $0.kind.rawValue] }),
      ]
    }
    let excluded = bundle?.excluded ?? run?.excluded ?? []
    if !excluded.isEmpty {
      blocks.append(.table(headings: ["left out", "why"], rows: excluded.map { [$0.column, $0.reason] }))
    }
    return blocks
  }

  private var trainingBlocks: [AnalysisBlock] {
    guard let run else { return [] }
    return [
      .heading("How it was trained"),
      .sentence(
        "Taken as \(run.problem.title): \(run.reason). \(AnalysisBlock.counted(run.rows, "row")), \(AnalysisBlock.counted(run.folds, "fold")), "
          + "\(AnalysisBlock.counted(run.leaderboard.count - 1, "candidate")) in \(Numbers.short(run.seconds)) s, seed \(run.seed)."
      ),
    ] + run.notes.map { .sentence($0) }
  }

  private var fileBlocks: [AnalysisBlock] {
    guard let folder else { return [] }
    var blocks: [AnalysisBlock] = [
      .heading("Files"), .sentence("The model is in \(folder): assay predict reads it."),
    ]
    if let bundle {
      blocks.append(
        .sentence(
          "\(AnalysisBlock.counted(bundle.files, "file")), \(Numbers.grouped(bundle.bytes)) bytes, format \(bundle.version). Digest of "
            + "the manifest (SHA-256): \(bundle.sha256)."))
    }
    return blocks
  }
}

extension CandidateReport {
  /// How the rows of the figures were judged.
  var judging: String {
    folds > 1
      ? "in \(folds) folds, each row judged by models that have not seen it"
      : "that were put aside, which the model has not seen"
  }
}
