import Engine
import Flow
import Frame

private let hasStep: @Sendable (WorkbenchState) -> Availability = { state in
  state.selectedStep == nil ? .disabled("there is no step yet: open a dataset") : .enabled
}

private let hasTransform: @Sendable (WorkbenchState) -> Availability = { state in
  if state.focus == .flow, case .analysis? = currentFlowLine(state) {
    return .disabled("the cursor stands on an analysis: this is for steps")
  }
  guard let step = state.selectedStep else { return .disabled("there is no step yet: open a dataset") }
  return step.operation.kind == .source ? .disabled("the source itself cannot be changed this way") : .enabled
}

private let hasStepLine: @Sendable (WorkbenchState) -> Availability = { state in
  if state.focus == .flow, case .analysis? = currentFlowLine(state) {
    return .disabled("the cursor stands on an analysis: this is for steps")
  }
  return hasStep(state)
}

/// The flow: its tree, and adding, changing and removing steps.
let flowCommands: [Command] = [
  Command(
    "flow.down", "Next line", "Moves to the next step or analysis.", keys: ["down", "j"], in: [.pane(.flow)],
    group: .move
  ) { state in selectFlowLine(state.flowPane.cursor + 1, &state) },
  Command(
    "flow.up", "Line before", "Moves to the step or analysis before.", keys: ["up", "k"], in: [.pane(.flow)],
    group: .move
  ) { state in selectFlowLine(state.flowPane.cursor - 1, &state) },
  Command(
    "flow.plus", "Add to this step…", "The plus sign: add a transform or an analysis to the selected step.",
    keys: ["+"], in: [.pane(.flow), .pane(.table)], group: .change, menu: .flow, priority: 9, hint: "add",
    availability: hasStep
  ) { state in
    state.overlays.append(AddOverlay(state))
    return []
  },
  Command(
    "flow.addTransform", "Add transform…", "Adds a step that reads the selected one.", keys: ["o"],
    in: [.pane(.flow)], group: .change, menu: .flow, priority: 7, hint: "transform", availability: hasStep
  ) { state in
    state.overlays.append(TransformOverlay(state, insert: false))
    return []
  },
  Command(
    "flow.insert", "Insert a step after…", "Adds a step between the selected one and those that read it.",
    keys: ["i"], in: [.pane(.flow)], group: .change, menu: .flow, hint: "insert", availability: hasStep
  ) { state in
    state.overlays.append(TransformOverlay(state, insert: true))
    return []
  },
  Command(
    "flow.addSource", "Add dataset…", "Adds another dataset to the flow, to be joined or concatenated with its steps.",
    keys: ["n"], in: [.pane(.flow)], group: .change, menu: .flow,
    availability: { $0.screen == .start ? .disabled("there is no flow yet: open a dataset first") : .enabled }
  ) { state in
    state.overlays.append(SourceOverlay(state, adds: true))
    return [.list(folder: state.workingFolder)]
  },
  Command(
    "flow.edit", "Edit step…", "Opens the form of the step under the cursor; on an analysis, its result.",
    keys: ["enter"], in: [.pane(.flow)], group: .change, menu: .flow, priority: 6, hint: "edit", availability: hasStep
  ) { state in
    if case .analysis(let id, _)? = currentFlowLine(state) { return showAnalysis(id, focus: true, &state) }
    guard let step = state.selectedStep else { return [] }
    if case .source(let source) = step.operation {
      // A file elsewhere cannot be looked at: another one takes its place.
      if Source.isElsewhere(source.location), source.also.isEmpty {
        state.overlays.append(FileOverlay(state, purpose: .replace(step.id)))
        return [.list(folder: state.workingFolder)]
      }
      return showImport(source, replacing: step.id, &state)
    }
    state.overlays.append(StepOverlay.editing(step, state))
    return []
  },
  Command(
    "flow.delete", "Delete", "Removes the step, or the analysis; the steps after it stay.", keys: ["d", "delete"],
    in: [.pane(.flow)], group: .change, menu: .flow, priority: 5, hint: "delete", availability: hasStep
  ) { state in deleteCurrentLine(&state) },
  Command(
    "flow.toggle", "Turn step on or off", "A step that is off hands its rows on unchanged.", keys: ["space"],
    in: [.pane(.flow)], group: .change, menu: .flow, priority: 4, hint: "on/off", availability: hasTransform
  ) { state in change(&state) { try $0.toggle($1) } },
  Command(
    "flow.rename", "Rename…", "Gives the step or the analysis a name of your own.", keys: ["r"], in: [.pane(.flow)],
    group: .change,
    menu: .flow, availability: hasStep
  ) { state in
    if case .analysis(let id, _)? = currentFlowLine(state), let analysis = state.flow[analysis: id] {
      state.overlays.append(TextPrompt.rename(analysis: id, name: analysis.name))
      return []
    }
    guard let step = state.selectedStep else { return [] }
    state.overlays.append(TextPrompt.rename(step: step.id, name: step.title))
    return []
  },
  Command(
    "flow.note", "Note…", "Writes a note to the step, which stands below the flow and in its file.", keys: ["N"],
    in: [.pane(.flow)], group: .change, menu: .flow, availability: hasStepLine
  ) { state in
    guard let step = state.selectedStep else { return [] }
    state.overlays.append(TextPrompt.note(step: step))
    return []
  },
  Command(
    "flow.duplicate", "Duplicate step", "Adds the same step once more after it.", keys: ["c"], in: [.pane(.flow)],
    group: .change, menu: .flow, availability: hasTransform
  ) { state in change(&state) { _ = try $0.duplicate($1) } },
  Command(
    "flow.moveDown", "Move step down", "Exchanges the step with the one after it.", keys: ["J"], in: [.pane(.flow)],
    group: .change, menu: .flow, availability: hasTransform
  ) { state in change(&state) { try $0.moveDown($1) } },
  Command(
    "flow.moveUp", "Move step up", "Exchanges the step with the one before it.", keys: ["K"], in: [.pane(.flow)],
    group: .change, menu: .flow, availability: hasTransform
  ) { state in change(&state) { try $0.moveUp($1) } },
  Command(
    "flow.parameters", "Parameters…", "Shows the values that stand for {{name}} in the steps, and sets them.",
    keys: ["p"], in: [.pane(.flow)], group: .change, menu: .flow, hint: "parameters",
    availability: { $0.screen == .start ? .disabled("there is no flow yet: open a dataset first") : .enabled }
  ) { state in
    state.overlays.append(ParametersOverlay(state))
    return []
  },
  Command(
    "flow.export", "Export flow…",
    "Writes the flow as a commented script for assay run, or the rows of the step as SQL; the ending chooses.",
    keys: ["E"], in: [.pane(.flow)], group: .file, menu: .file, hint: "export", availability: hasStep
  ) { state in
    let stem = fileName(state.flow.name).split(separator: ".").first.map(String.init) ?? "flow"
    state.overlays.append(TextPrompt.exportFlow(step: state.selectedStep?.id, suggestion: stem + ".assay"))
    return []
  },
  Command(
    "flow.refit", "Refit step", "Learns the step's statistics again from the rows that reach it now.", keys: ["f"],
    in: [.pane(.flow)], group: .change, menu: .flow,
    availability: { state in
      state.selectedStep?.operation.learns == true ? .enabled : .disabled("this step learns nothing from the data")
    }
  ) { state in state.selectedStep.map { fit($0.id, &state) } ?? [] },
  Command(
    "flow.fitted", "What the step has learnt…",
    "Shows the categories, means, edges or terms that the step has learnt, and from which rows.", keys: ["F"],
    in: [.pane(.flow)], group: .look, menu: .flow,
    availability: { state in
      guard let step = state.selectedStep, step.operation.learns else {
        return .disabled("this step learns nothing from the data")
      }
      if state.requests.values.contains(.fit(step.id)) { return .disabled("the step is being fitted") }
      return FittedState(step) == nil
        ? .disabled("the step has not learnt yet: \(state.keyLabel("flow.refit")) fits it") : .enabled
    }
  ) { state in
    guard let step = state.selectedStep, let fitted = FittedState(step) else { return [] }
    state.overlays.append(FittedOverlay(fitted))
    return []
  },
]

// MARK: Lines

/// The lines of the flow pane: each step, below it its analyses, then the steps that read it.
func flowLines(_ state: WorkbenchState) -> [FlowPaneState.Line] {
  state.flow.graph.outline.flatMap { step -> [FlowPaneState.Line] in
    [.step(step.id, depth: step.depth)]
      + state.flow.analyses(of: step.id).map { .analysis($0.id, depth: step.depth + 1) }
  }
}

func currentFlowLine(_ state: WorkbenchState) -> FlowPaneState.Line? {
  let lines = flowLines(state)
  return lines.indices.contains(state.flowPane.cursor) ? lines[state.flowPane.cursor] : nil
}

/// Moves to a line; the table shows the rows of the step that the line belongs to.
func selectFlowLine(_ index: Int, _ state: inout WorkbenchState) -> [Effect] {
  let lines = flowLines(state)
  guard !lines.isEmpty else { return [] }
  state.flowPane.cursor = min(max(0, index), lines.count - 1)
  switch lines[state.flowPane.cursor] {
  case .step(let id, _): return id == state.selected ? [] : open(id, &state)
  case .analysis(let id, _):
    let effects = showAnalysis(id, focus: false, &state)
    guard let node = state.flow[analysis: id]?.node, node != state.selected else { return effects }
    return effects + open(node, &state)
  }
}

/// Puts the flow pane's cursor on the selected step.
func alignFlowCursor(_ state: inout WorkbenchState) {
  let lines = flowLines(state)
  if let selected = state.selected,
    let index = lines.firstIndex(where: { if case .step(selected, _) = $0 { true } else { false } })
  {
    state.flowPane.cursor = index
  }
}

// MARK: Changes

/// Adds a step after `node`, learns what it needs to learn, and shows its rows.
func addStep(
  _ operation: Operation, after node: StepID, and others: [StepID] = [], insert: Bool = false,
  _ state: inout WorkbenchState
) -> [Effect] {
  do {
    var added: StepID?
    if case .transform(let spec) = operation, !operation.splitParts.isEmpty {
      return try addSplit(spec.parameters, after: node, insert: insert, &state)
    }
    var effects = try state.edit { flow in
      added =
        insert && others.isEmpty
        ? try flow.graph.insert(operation, after: node) : try flow.graph.add(operation, after: node, and: others)
    }
    guard let added else { return effects }
    state.say("Added \(operation.title): \(operation.summary). \(state.keyLabel("edit.undo")) undoes.", .success)
    state.selected = added
    alignFlowCursor(&state)
    effects += operation.learns ? fit(added, &state) : open(added, &state)
    return effects
  } catch {
    state.say("\(error)", .error)
    return []
  }
}

/// Adds a step for each part of a split as one change; the rows of the first are shown.
private func addSplit(
  _ parameters: Parameters, after node: StepID, insert: Bool, _ state: inout WorkbenchState
) throws -> [Effect] {
  var parts: [StepID] = []
  var effects = try state.edit { flow in
    parts = try flow.graph.addSplit(parameters, after: node, inserts: insert)
  }
  let names = parts.compactMap { state.flow.graph[$0]?.title }
  state.say("Split into \(names.joined(separator: ", ")). \(state.keyLabel("edit.undo")) undoes.", .success)
  state.selected = parts.first
  alignFlowCursor(&state)
  let learning = parts.filter { state.flow.graph[$0]?.operation.learns == true }
  effects += learning.isEmpty ? openSelected(&state) : learning.flatMap { fit($0, &state) }
  return effects
}

/// Changes the parameters of a step; those of a split in all of its parts.
func replaceStep(
  _ id: StepID, with operation: Operation, and others: [StepID]? = nil, _ state: inout WorkbenchState
) -> [Effect] {
  do {
    let effects = try state.edit { flow in
      try flow.graph.replace(id, with: operation)
      if let others { try flow.graph.setOthers(id, others) }
    }
    state.selected = id
    alignFlowCursor(&state)
    guard operation.learns else { return effects + openSelected(&state) }
    let parts = state.flow.graph.splitSteps(of: id)
    return effects + (parts.isEmpty ? [id] : parts).flatMap { fit($0, &state) }
  } catch {
    state.say("\(error)", .error)
    return []
  }
}

/// Learns a step's statistics in the background.
func fit(_ id: StepID, _ state: inout WorkbenchState) -> [Effect] {
  let request = NodeRequest(graph: state.flow.graph, node: id)
  return [state.ask(.fit(request), for: .fit(id)).1]
}

private func change(_ state: inout WorkbenchState, _ body: (inout FlowGraph, StepID) throws -> Void) -> [Effect] {
  guard let id = state.selectedStep?.id else { return [] }
  do {
    let effects = try state.edit { try body(&$0.graph, id) }
    alignFlowCursor(&state)
    return effects + openSelected(&state)
  } catch {
    state.say("\(error)", .warning)
    return []
  }
}

private func deleteCurrentLine(_ state: inout WorkbenchState) -> [Effect] {
  if case .analysis(let id, _)? = currentFlowLine(state) { return deleteAnalysis(id, &state) }
  guard let step = state.selectedStep else { return [] }
  let parent = state.flow.graph.parent(of: step.id)
  do {
    let effects = try state.edit { flow in
      let gone = Set(try flow.graph.delete(step.id))
      flow.analyses.removeAll { gone.contains($0.node) }
    }
    state.selected = parent ?? state.flow.graph.outline.first?.id
    alignFlowCursor(&state)
    state.say("Deleted \(step.title). \(state.keyLabel("edit.undo")) brings it back.")
    return effects + openSelected(&state)
  } catch {
    state.say("\(error)", .error)
    return []
  }
}
