import Engine
import Flow
import Learn

/// A model of a run: a candidate by its number, 0 for the ensemble.
struct ModelKey: Hashable, Sendable {
  var folder: String
  var number: Int

  var candidate: Int? { number > 0 ? number : nil }

  /// The folder that its predictions come from.
  var path: String { candidate.map { ModelBundle.folder(ofCandidate: $0, in: folder) } ?? folder }
}

/// What has been computed of a model, so that its page is there at once the next time.
struct ModelFindings: Sendable {
  var importance: LossImportance?
  var shap: ModelShap?
  /// What the person wants compared; nil before it was said.
  var question: ModelBiasQuestion?
  var bias: ModelBias?
}

/// An exploration of the rows of a training, and what it was asked.
struct AskedExploration: Sendable {
  var rows: NodeRequest
  var request: ExplorationRequest
  var found: DataExploration
}

extension AutoMLState {
  /// Forgets what was computed of an ensemble that another takes the place of. Candidates stay what they are.
  mutating func forgetEnsemble(_ folder: String) { findings[ModelKey(folder: folder, number: 0)] = nil }
}

/// Opens the whole explanation of a model: the analysis that there is, or a new one.
func explainModel(
  _ analysis: Analysis, _ study: AutoMLStudy, _ number: Int, name: String, _ state: inout WorkbenchState
) -> [Effect] {
  let key = ModelKey(folder: study.folder, number: number)
  let spec = AnalysisSpec.explanation(ExplainSpec(model: .path(key.path), seed: study.options.seed))
  // Test rows tell more, since no model has seen them.
  var node = analysis.node
  if case .step(let test)? = study.test, state.flow.graph[test] != nil { node = test }
  if let known = state.flow.analyses.first(where: { $0.node == node && $0.spec == spec }) {
    let effects = showAnalysis(known.id, focus: true, &state)
    state.focus = .chart
    if known.result == nil, !state.requests.values.contains(.analysis(known.id)) {
      return effects + runAnalysis(known.id, &state)
    }
    return effects
  }
  let label = number > 0 ? "\(name) #\(number)" : name
  return addAnalysis(spec, name: "Explain \(label) of \(study.options.target)", on: node, &state)
}
