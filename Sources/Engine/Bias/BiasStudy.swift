import Fairness
import Flow
import Frame
import Learn

/// A study of bias over a step: the report itself, what becomes of a gap within groups, thresholds for each group, what
/// would mend it, or the drift since another step. A part that a kind has no use for is nil and ignored.
public struct BiasStudy: Codable, Sendable, Equatable {
  /// The kinds, in the order in which menus show them.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    case report, intersections, simpson, thresholds, mending, drift
  }

  public var kind: Kind
  public var spec: BiasSpec
  /// The step that drift compares with.
  public var baseline: StepID?
  /// The group variables that the Simpson finder tries; all that suit when empty.
  public var variables: [String]
  /// The pair of groups that thresholds and mending are for, as a report names it; the first where it is nil.
  public var facet: String?
  public var value: String?
  /// What thresholds trade against accuracy.
  public var metric: BiasMetric?
  /// Predictions where the step has none: a model that is trained on the step itself, or for drift on the baseline.
  public var model: BiasModel?

  public init(
    _ kind: Kind = .report, _ spec: BiasSpec, baseline: StepID? = nil, variables: [String] = [], facet: String? = nil,
    value: String? = nil, metric: BiasMetric? = nil, model: BiasModel? = nil
  ) {
    (self.kind, self.spec, self.baseline, self.variables) = (kind, spec, baseline, variables)
    (self.facet, self.value, self.metric, self.model) = (facet, value, metric, model)
  }

  /// The columns of the step that it reads.
  public var reads: [String] {
    var names = [spec.label.column] + spec.facets.map(\.column) + spec.segments.map(\.column) + variables
    names += [spec.group].compactMap(\.self) + (model == nil ? spec.prediction?.columns ?? [] : [])
    names += (spec.features ?? []) + (model?.without ?? [])
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }

  /// `Bias: sex → income`.
  public var defaultName: String {
    let facets = spec.facets.map(\.column)
    let names = facets.count > 3 ? facets.prefix(2).joined(separator: ", ") + "…" : facets.joined(separator: ", ")
    return "\(kind.shortTitle): \(names) → \(spec.label.column)"
  }
}

/// A model that is trained on the rows of a step, so that each of them is predicted by a model that has not seen it.
public struct BiasModel: Codable, Sendable, Equatable {
  public var learner: FoldLearner
  /// Parts of the rows; each is predicted by a model of all others.
  public var folds: Int
  public var seed: UInt64
  /// Scores above are positive; nil takes the most probable class.
  public var threshold: Double?
  /// Columns that it must not use.
  public var without: [String]

  public init(
    _ learner: FoldLearner = .forest, folds: Int = 5, seed: UInt64 = 42, threshold: Double? = nil,
    without: [String] = []
  ) {
    (self.learner, self.folds, self.seed) = (learner, folds, seed)
    (self.threshold, self.without) = (threshold, without)
  }
}

extension BiasStudy.Kind {
  public var title: String {
    switch self {
    case .report: "Bias report"
    case .intersections: "Bias of combined groups"
    case .simpson: "Simpson finder"
    case .thresholds: "Thresholds by group"
    case .mending: "Mending, before and after"
    case .drift: "Bias drift"
    }
  }

  public var summary: String {
    switch self {
    case .report:
      "How labels, and predictions, differ between groups of people: all metrics, with intervals and verdicts"
    case .intersections: "Groups of several facets at once, the worst gap first"
    case .simpson: "Which column explains a gap between groups away, or turns it"
    case .thresholds: "What if each group had its own threshold: bias against accuracy"
    case .mending: "What reweighing and resampling would do to each metric of two groups"
    case .drift: "Whether bias has moved since another step or file"
    }
  }

  fileprivate var shortTitle: String {
    switch self {
    case .report: "Bias"
    case .intersections: "Combined bias"
    case .simpson: "Simpson"
    case .thresholds: "Thresholds"
    case .mending: "Mending"
    case .drift: "Bias drift"
    }
  }
}

/// The columns that a model's predictions stand in, and what a report then asks for.
struct PredictedColumns {
  var prediction: String
  /// Nil for a label of numbers.
  var score: String?
  /// The values whose probability is the score.
  var positives: [String]
  var spec: BiasSpec
  /// A column of predictions that the report does not use; it would count as a feature of the flip test.
  var surplus: String?
}

extension BiasStudy {
  /// - Parameter schema: the columns of the step, whose names are taken.
  func predicted(_ model: BiasModel, _ schema: Schema) -> PredictedColumns {
    let label = spec.label.column
    let taken = Set(schema.map { $0.name.lowercased() })
    func free(_ name: String) -> String { taken.contains(name.lowercased()) ? free(name + "_") : name }
    let (prediction, score) = (free("predicted_" + label), free("score_" + label))
    var asked = spec
    switch spec.label.positive {
    case .values(let values):
      let usesScore = kind == .thresholds || model.threshold != nil
      asked.prediction =
        usesScore ? .score(column: score, threshold: model.threshold ?? 0.5) : .label(column: prediction)
      return PredictedColumns(
        prediction: prediction, score: score, positives: values, spec: asked, surplus: usesScore ? prediction : score)
    case .above(let threshold):
      asked.prediction =
        kind == .thresholds
        ? .score(column: prediction, threshold: model.threshold ?? threshold) : .label(column: prediction)
      return PredictedColumns(prediction: prediction, positives: [], spec: asked)
    }
  }

  /// The step with predictions, and the report's columns for them: unchanged where no model is asked for. Rows behind a
  /// number of such a report are those of this request.
  /// - Parameter schema: the columns of the step.
  public func scored(_ request: NodeRequest, _ schema: Schema) throws -> (request: NodeRequest, spec: BiasSpec) {
    guard let model else { return (request, spec) }
    let columns = predicted(model, schema)
    var parameters: Parameters = [
      "target": .text(spec.label.column), "model": .text(model.learner.rawValue), "folds": .number(Double(model.folds)),
      "seed": .number(Double(model.seed)), "prediction": .text(columns.prediction),
      "without": .list(model.without.map { .text($0) }),
    ]
    if let score = columns.score {
      parameters["score"] = .text(score)
      parameters["positive"] = .list(columns.positives.map { .text($0) })
    } else {
      parameters["problem"] = "regression"
    }
    var result = request
    result.node = try result.graph.add(.transform(TransformSpec("score", parameters)), after: request.node)
    if let surplus = columns.surplus { result.node = try result.graph.add(.drop([surplus]), after: result.node) }
    return (result, columns.spec)
  }
}
