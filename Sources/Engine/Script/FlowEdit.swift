import Flow
import Frame

/// A change of a flow, as a session and a script write it. Steps and analyses are called by their ids, so that a script
/// says the same however it came about.
public enum FlowEdit: Sendable, Equatable {
  case addSource(Source, step: StepID)
  case add(Flow.Operation, step: StepID, after: StepID, with: [StepID] = [], name: String? = nil)
  case insert(Flow.Operation, step: StepID, after: StepID, name: String? = nil)
  case duplicate(StepID, step: StepID)
  case change(StepID, Flow.Operation)
  /// Which steps a step reads, all of them.
  case connect(StepID, inputs: [StepID])
  case delete(StepID)
  case enable(StepID, Bool)
  case rename(StepID, String?)
  case annotate(StepID, String?)
  case moveUp(StepID)
  /// The order of all steps.
  case order([StepID])
  /// What a step has learnt from rows that a script cannot show again.
  case learned(StepID, [String: Value]?, Parameters?)
  case addAnalysis(Int, AnalysisSpec, on: StepID, name: String?)
  case changeAnalysis(Int, AnalysisSpec)
  case renameAnalysis(Int, String)
  case deleteAnalysis(Int)
  case target(String?)
  case setParameter(FlowParameter)
  case deleteParameter(String)
  case name(String)
  /// The whole flow anew, where no smaller change says it.
  case replace(FlowFile)
}

extension FlowFile {
  /// Changes the flow.
  /// - Throws: `FlowError` or `SessionFault`; the flow is then as it was.
  public mutating func apply(_ edit: FlowEdit) throws {
    var changed = self
    try changed.make(edit)
    self = changed
  }

  private mutating func make(_ edit: FlowEdit) throws {
    switch edit {
    case .addSource(let source, let step): try graph.addSource(source, id: step)
    case .add(let operation, let step, let parent, let others, let name):
      try graph.add(operation, after: parent, and: others, name: name, id: step)
    case .insert(let operation, let step, let parent, let name):
      try graph.insert(operation, after: parent, name: name, id: step)
    case .duplicate(let original, let step): try graph.duplicate(original, as: step)
    case .change(let step, let operation): try graph.replace(step, with: operation)
    case .connect(let step, let inputs): try graph.setInputs(step, inputs)
    case .delete(let step):
      let gone = Set(try graph.delete(step))
      analyses.removeAll { gone.contains($0.node) }
    case .enable(let step, let isEnabled): try graph.setEnabled(step, isEnabled)
    case .rename(let step, let name): try graph.rename(step, to: name)
    case .annotate(let step, let note): try graph.annotate(step, note)
    case .moveUp(let step): try graph.moveUp(step)
    case .order(let steps): try graph.reorder(steps)
    case .learned(let step, let fitted, let learned):
      try graph.setFitted(step, fitted)
      try graph.setLearned(step, learned)
    case .addAnalysis(let id, let spec, let step, let name):
      _ = try graph.step(step)
      guard self[analysis: id] == nil else { throw SessionFault("there is an analysis \(id) already") }
      add(spec, name: name, on: step, id: id)
    case .changeAnalysis(let id, let spec):
      let old = try analysis(id)
      self[analysis: id]?.spec = spec
      // A picture of another kind would stand under the new name.
      guard old.spec.kind != spec.kind else { return }
      self[analysis: id]?.result = nil
      self[analysis: id]?.provenance = nil
    case .renameAnalysis(let id, let name):
      _ = try analysis(id)
      self[analysis: id]?.name = name
    case .deleteAnalysis(let id):
      _ = try analysis(id)
      self[analysis: id] = nil
    case .target(let column): target = column
    case .setParameter(let parameter): try graph.setParameter(parameter)
    case .deleteParameter(let name): try graph.deleteParameter(name)
    case .name(let name): self.name = name
    case .replace(let flow): self = flow.keepingResults(of: self)
    }
  }

  /// An analysis that is there.
  /// - Throws: `SessionFault`.
  public func analysis(_ id: Int) throws -> Analysis {
    if let analysis = self[analysis: id] { return analysis }
    let known = analyses.map { "\($0.id) (\($0.name))" }.joined(separator: ", ")
    throw SessionFault("there is no analysis \(id)" + (known.isEmpty ? "" : "; there are \(known)"))
  }

  /// The flow as it was before or after an edit, with the results that have been computed since and still hold.
  public func keepingResults(of current: FlowFile) -> FlowFile {
    var merged = self
    for analysis in current.analyses where merged[analysis: analysis.id]?.spec == analysis.spec {
      if merged[analysis: analysis.id]?.result == nil { merged[analysis: analysis.id] = analysis }
    }
    return merged
  }
}

/// What is wrong with a command of a session, as the rest of a sentence.
public struct SessionFault: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
