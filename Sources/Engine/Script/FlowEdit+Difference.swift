import Flow

// Which edits lead from one version of a flow to another. Whoever changes a flow need not say how: what is recorded is what
// has become of it, and it is tried out before it is trusted.

extension FlowFile {
  /// Edits that make this flow the other one but for results and what steps have learnt; a single `.replace` where smaller
  /// ones do not.
  public func edits(to new: FlowFile) -> [FlowEdit] {
    var search = EditSearch(from: self, to: new)
    search.run()
    return search.found
  }

  /// The flow with its analyses as if none had been computed.
  public var withoutResults: FlowFile {
    var flow = self
    for index in flow.analyses.indices {
      flow.analyses[index].result = nil
      flow.analyses[index].provenance = nil
    }
    return flow
  }

  /// The flow without anything that is computed.
  var plain: FlowFile {
    var flow = withoutResults
    flow.reading = nil
    for step in flow.graph.steps
    where step.fitted != nil || step.learned != nil || step.fitting != nil || step.origin != nil {
      try? flow.graph.setFitted(step.id, nil)
      try? flow.graph.setLearned(step.id, nil)
      try? flow.graph.setFitting(step.id, nil)
      try? flow.graph.setOrigin(step.id, nil)
    }
    return flow
  }
}

private struct EditSearch {
  private var work: FlowFile
  private let new: FlowFile
  private(set) var found: [FlowEdit] = []

  init(from old: FlowFile, to new: FlowFile) {
    work = old
    self.new = new
  }

  mutating func run() {
    if work.name != new.name { make(.name(new.name)) }
    setParameters()
    changeOperations()
    deleteSteps()
    moveSteps()
    addSteps()
    adjustSteps()
    deleteParameters()
    changeAnalyses()
    if work.target != new.target { make(.target(new.target)) }
    setParameters()
    let (made, wanted) = (work.plain, new.plain)
    guard
      made.graph.steps == wanted.graph.steps, made.graph.parameters == wanted.graph.parameters,
      made.analyses == wanted.analyses, made.target == wanted.target
    else {
      found = [.replace(new.withoutResults)]
      return
    }
  }

  /// Applies an edit; one that cannot be made is left out, and the comparison at the end tells.
  @discardableResult
  private mutating func make(_ edit: FlowEdit) -> Bool {
    guard (try? work.apply(edit)) != nil else { return false }
    found.append(edit)
    return true
  }

  private mutating func setParameters() {
    for parameter in new.graph.parameters where work.graph.parameter(parameter.name) != parameter {
      make(.setParameter(parameter))
    }
  }

  private mutating func deleteParameters() {
    for parameter in work.graph.parameters where new.graph.parameter(parameter.name) == nil {
      make(.deleteParameter(parameter.name))
    }
  }

  private mutating func changeOperations() {
    for id in work.graph.steps.map(\.id) {
      guard let wanted = new.graph[id], let step = work.graph[id], step.operation != wanted.operation else { continue }
      make(.change(id, wanted.operation))
    }
  }

  private mutating func deleteSteps() {
    for id in work.graph.steps.map(\.id) where new.graph[id] == nil && work.graph[id] != nil { make(.delete(id)) }
  }

  /// Two steps that changed places.
  private mutating func moveSteps() {
    guard work.graph.steps.count == new.graph.steps.count, hasOtherInputs else { return }
    for id in new.graph.steps.map(\.id) {
      var moved = work
      guard (try? moved.apply(.moveUp(id))) != nil, moved.plain.graph.steps == new.plain.graph.steps else { continue }
      make(.moveUp(id))
      return
    }
  }

  private var hasOtherInputs: Bool {
    work.graph.steps.contains { step in new.graph[step.id].map { $0.inputs != step.inputs } ?? false }
  }

  private mutating func addSteps() {
    for step in new.graph.steps where work.graph[step.id] == nil {
      if case .source(let source) = step.operation {
        make(.addSource(source, step: step.id))
      } else if let parent = step.inputs.first {
        add(step, after: parent)
      }
    }
  }

  private mutating func add(_ step: Step, after parent: StepID) {
    // A copy knows already what its original has learnt.
    if step.fitted != nil || step.learned != nil || !step.isEnabled || step.note != nil,
      let original = work.graph.steps.first(where: {
        $0.operation == step.operation && $0.inputs == step.inputs && $0.isEnabled == step.isEnabled
          && $0.note == step.note && $0.name.map { $0 + " copy" } == step.name
      })
    {
      make(.duplicate(original.id, step: step.id))
      return
    }
    let readers = work.graph.children(of: parent)
    let isBetween = !readers.isEmpty && readers.allSatisfy { new.graph[$0]?.inputs.contains(step.id) == true }
    if isBetween, step.inputs.count == 1 {
      make(.insert(step.operation, step: step.id, after: parent, name: step.name))
    } else {
      make(
        .add(
          step.operation, step: step.id, after: parent, with: Array(step.inputs.dropFirst()), name: step.name))
    }
  }

  private mutating func adjustSteps() {
    for wanted in new.graph.steps {
      guard let step = work.graph[wanted.id] else { continue }
      if step.inputs != wanted.inputs { make(.connect(wanted.id, inputs: wanted.inputs)) }
      if step.isEnabled != wanted.isEnabled { make(.enable(wanted.id, wanted.isEnabled)) }
      if step.name != wanted.name { make(.rename(wanted.id, wanted.name)) }
      if step.note != wanted.note { make(.annotate(wanted.id, wanted.note)) }
    }
    let order = new.graph.steps.map(\.id)
    if work.graph.steps.map(\.id) != order { make(.order(order)) }
  }

  private mutating func changeAnalyses() {
    for analysis in work.analyses where new[analysis: analysis.id] == nil { make(.deleteAnalysis(analysis.id)) }
    for wanted in new.analyses {
      guard let analysis = work[analysis: wanted.id] else {
        let name = wanted.name == wanted.spec.defaultName ? nil : wanted.name
        make(.addAnalysis(wanted.id, wanted.spec, on: wanted.node, name: name))
        continue
      }
      if analysis.spec != wanted.spec { make(.changeAnalysis(wanted.id, wanted.spec)) }
      if analysis.name != wanted.name { make(.renameAnalysis(wanted.id, wanted.name)) }
    }
  }
}
