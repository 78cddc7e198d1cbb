import Fairness
import Insight
import Learn
import Plot

/// What a study of bias found. In JSON `study` names the kind, the fields of what was found stand beside it.
public enum BiasResult: Sendable, Equatable {
  case report(BiasReport)
  /// The same report, told by its combined groups.
  case intersections(BiasReport)
  case simpson(SimpsonReport)
  case thresholds(ThresholdStudy)
  case mending(MendingStudy)
  case drift(BiasDriftResult)

  public var kind: BiasStudy.Kind {
    switch self {
    case .report: .report
    case .intersections: .intersections
    case .simpson: .simpson
    case .thresholds: .thresholds
    case .mending: .mending
    case .drift: .drift
    }
  }

  /// What was found, without the name of the study.
  public var content: any Encodable {
    switch self {
    case .report(let report), .intersections(let report): report
    case .simpson(let report): report
    case .thresholds(let study): study
    case .mending(let study): study
    case .drift(let drift): drift
    }
  }
}

/// The drift of metrics, and of what the model goes by where there is one.
public struct BiasDriftResult: Codable, Sendable, Equatable {
  public var drift: BiasDrift
  /// Nil without a model.
  public var attribution: AttributionDrift?
  /// The one model whose predictions, and whose attributions, are compared.
  public var model: Model?

  /// A model that was trained on a part of the baseline.
  public struct Model: Codable, Sendable, Equatable {
    public var learner: FoldLearner
    /// Rows of the baseline that it was trained on, and those that it was kept from: the
    /// baseline's metrics of predictions are of these.
    public var trainedRows: Int
    public var heldOutRows: Int

    enum CodingKeys: String, CodingKey {
      case learner
      case trainedRows = "trained_rows"
      case heldOutRows = "held_out_rows"
    }

    /// `One random forest, trained on 4,000 rows of the baseline, predicts its other 1,000 rows and the newer ones.`
    public var words: String {
      let name = learner == .forest ? "random forest" : "ensemble of boosted trees"
      return "One \(name), trained on \(BiasText.rows(trainedRows)) of the baseline, predicts its other "
        + "\(BiasText.rows(heldOutRows)), which the figures of predictions before are of, and the newer ones."
    }
  }

  public init(drift: BiasDrift, attribution: AttributionDrift? = nil, model: Model? = nil) {
    (self.drift, self.attribution, self.model) = (drift, attribution, model)
  }

  private enum Keys: String, CodingKey { case attribution, model }

  public init(from decoder: any Decoder) throws {
    drift = try BiasDrift(from: decoder)
    let container = try decoder.container(keyedBy: Keys.self)
    attribution = try container.decodeIfPresent(AttributionDrift.self, forKey: .attribution)
    model = try container.decodeIfPresent(Model.self, forKey: .model)
  }

  public func encode(to encoder: any Encoder) throws {
    try drift.encode(to: encoder)
    var container = encoder.container(keyedBy: Keys.self)
    try container.encodeIfPresent(attribution, forKey: .attribution)
    try container.encodeIfPresent(model, forKey: .model)
  }
}

extension BiasResult: Codable {
  private enum Keys: String, CodingKey { case study }

  public init(from decoder: any Decoder) throws {
    switch try decoder.container(keyedBy: Keys.self).decode(BiasStudy.Kind.self, forKey: .study) {
    case .report: self = .report(try BiasReport(from: decoder))
    case .intersections: self = .intersections(try BiasReport(from: decoder))
    case .simpson: self = .simpson(try SimpsonReport(from: decoder))
    case .thresholds: self = .thresholds(try ThresholdStudy(from: decoder))
    case .mending: self = .mending(try MendingStudy(from: decoder))
    case .drift: self = .drift(try BiasDriftResult(from: decoder))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(kind, forKey: .study)
    try content.encode(to: encoder)
  }
}

extension BiasResult: AnalysisReport {
  public var blocks: [AnalysisBlock] {
    switch self {
    // Distances repeat what the differences say.
    case .report(let report): report.blocks(explains: { $0.verdict == .outside && !$0.metric.isDistribution })
    case .intersections(let report): report.intersectionBlocks
    case .simpson(let report): report.blocks
    case .thresholds(let study): study.blocks
    case .mending(let study): study.blocks
    case .drift(let result): result.blocks
    }
  }

  public var charts: [(title: String, chart: Chart)] {
    switch self {
    case .report(let report): report.charts
    case .intersections(let report): report.intersectionCharts
    case .simpson(let report): report.charts
    case .thresholds(let study): study.charts
    case .mending(let study): study.charts
    case .drift(let result): result.charts
    }
  }

  /// Every block as Markdown, with what each metric means for the groups.
  public var markdown: String {
    guard case .report(let report) = self else { return WrittenBlocks(blocks: blocks).markdown }
    return WrittenBlocks(blocks: report.blocks(explains: { $0.value != nil })).markdown
  }
}

/// Blocks alone, to be set by the rules of reports.
struct WrittenBlocks: AnalysisReport {
  var blocks: [AnalysisBlock]
  var charts: [(title: String, chart: Chart)] { [] }

  init(blocks: [AnalysisBlock]) { self.blocks = blocks }
  init(from decoder: any Decoder) throws { blocks = [] }
  func encode(to encoder: any Encoder) throws {}
}
