import Engine
import Flow
import Learn

/// Takes what the job of a training says while it goes on.
/// - Returns: effects, and whether the end was dealt with.
func receiveTraining(
  _ happening: JobHappening, _ analysis: Analysis, _ study: AutoMLStudy, _ state: inout WorkbenchState
) -> (effects: [Effect], isHandled: Bool) {
  let (id, now) = (analysis.id, state.clock)
  var run = state.automl.runs[id] ?? AutoMLRunState()
  run.metric = run.metric ?? study.options.metric
  switch happening {
  case .started:
    if run.phase == .waiting { run.phase = .running }
    run.note(0, at: now)
  case .partial(.history(let history?)):
    run.trials = AutoMLResult(history).trials
    run.metric = history.metric
    run.hasModel = history.hasModel
    run.note(history.elapsed, at: now)
  case .partial(.candidate(let progress)):
    if run.phase == .waiting { run.phase = .running }
    run.take(progress, at: now)
  case .progress, .partial: break
  case .done:
    // The result of the flow takes its place.
    state.automl.runs[id] = nil
    return ([], false)
  case .failed:
    endEarly(run, id, &state)
    return ([], false)
  case .cancelled:
    endEarly(run, id, &state)
    let key = state.keyLabel("automl.goOn")
    state.say(
      run.trials.isEmpty
        ? "Stopped before any candidate was ready: \(key) begins again."
        : "Stopped after \(counted(run.trials.count, "candidate")), which are kept: \(key) goes on.")
    return ([], true)
  }
  state.automl.runs[id] = run
  return ([], false)
}

/// Notes a run that has stopped before its end; what it has finished stays on screen.
private func endEarly(_ run: AutoMLRunState, _ id: Int, _ state: inout WorkbenchState) {
  var run = run
  run.elapsed = run.seconds(at: state.clock)
  run.phase = .cutShort
  run.running = nil
  state.automl.runs[id] = run.trials.isEmpty ? nil : run
}

/// Notes that a training is about to begin, or to go on with what its folder holds of it.
func beginTraining(_ id: Int, _ state: inout WorkbenchState) {
  var run = AutoMLRunState()
  if let before = state.automl.runs[id], before.phase == .cutShort {
    run.trials = before.trials
    run.metric = before.metric
    (run.ensemble, run.hasModel) = (before.ensemble, before.hasModel)
    run.elapsed = before.elapsed
  }
  state.automl.runs[id] = run
  state.automl.asked.insert(id)
  if case .automl(let study)? = state.flow[analysis: id]?.spec { state.automl.forgetEnsemble(study.folder) }
}

/// Asks a training under way for something.
func steer(_ study: AutoMLStudy, _ request: AutoMLControl.Request, _ state: inout WorkbenchState) -> [Effect] {
  [state.ask(.steerTraining(folder: study.folder, request), for: .steering).1]
}

/// Makes the model of the candidates that are there: the same run, which may try no more than it has.
func keepBest(_ analysis: Analysis, _ study: AutoMLStudy, _ state: inout WorkbenchState) -> [Effect] {
  guard let run = state.automl.runs[analysis.id] else { return [] }
  var last = study
  last.options.candidateLimit = max(1, run.trials.count)
  // Judging the test rows takes time too, of which none need be left.
  last.options.timeLimit = max(study.options.timeLimit, run.elapsed + 10)
  state.automl.forgetEnsemble(study.folder)
  var going = run
  going.phase = .finishing
  going.clock = state.clock
  state.automl.runs[analysis.id] = going
  let request = NodeRequest(graph: state.flow.graph, node: analysis.node)
  return [state.ask(.analyze(request, .automl(last)), for: .analysis(analysis.id)).1]
}

// MARK: - Folders

/// Asks the folder of a training in front that has no result, once: after a crash its candidates are all there.
func fetchPastRun(_ state: inout WorkbenchState) -> [Effect] {
  guard let (analysis, study) = shownTraining(state), analysis.result == nil, state.automl.runs[analysis.id] == nil,
    !state.automl.asked.contains(analysis.id), !state.requests.values.contains(.analysis(analysis.id))
  else { return [] }
  state.automl.asked.insert(analysis.id)
  return [state.ask(.history(folder: study.folder), for: .pastRun(analysis.id)).1]
}

func receivePastRun(_ happening: JobHappening, _ id: Int, _ state: inout WorkbenchState) {
  guard case .done(.history(let history?)) = happening, state.automl.runs[id] == nil,
    let analysis = state.flow[analysis: id], analysis.result == nil, case .automl(let study) = analysis.spec,
    history.target == study.options.target, !history.candidates.isEmpty
  else { return }
  var run = AutoMLRunState()
  run.phase = .cutShort
  run.trials = AutoMLResult(history).trials
  run.metric = history.metric
  run.hasModel = history.hasModel
  run.elapsed = history.elapsed
  state.automl.runs[id] = run
  state.say(
    "The run was cut short after \(counted(run.trials.count, "candidate")), which are kept: "
      + "\(state.keyLabel("automl.goOn")) goes on.", .warning)
}

/// Where a new run goes: beside the flow's file, in `NAME.models`; of a flow without a file, in the state folder of assay.
/// The first number that is free.
func newRunFolder(_ target: String, _ state: WorkbenchState) -> String {
  let name = target.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
  let stem: String
  if let path = state.flowPath {
    stem = (path.hasSuffix(".flow") ? String(path.dropLast(5)) : path) + ".models"
  } else {
    stem = state.automl.home ?? state.workingFolder + "/models"
  }
  for number in 1... where number < 10_000 {
    let folder = "\(stem)/\(name.isEmpty ? "run" : String(name.prefix(40)))-\(number)"
    if !state.fileExists(folder), !state.usesRunFolder(folder) { return folder }
  }
  return stem + "/run"
}

extension WorkbenchState {
  /// Whether a training of the flow goes into a folder.
  func usesRunFolder(_ folder: String) -> Bool {
    flow.analyses.contains { analysis in
      if case .automl(let study) = analysis.spec { study.folder == folder } else { false }
    }
  }
}

extension AutoMLRunState {
  /// Takes what a run tells.
  mutating func take(_ progress: AutoMLProgress, at now: Double) {
    metric = progress.metric
    step = progress.phase
    queue = progress.queue
    note(progress.elapsed, at: now)
    switch progress.event {
    case .prepared(let plan): self.plan = plan
    case .started(let summary):
      running = Running(
        number: summary.number, model: summary.model, settings: summary.settings, recipe: summary.recipe)
    case .learning(let point):
      guard point.candidate == running?.number else { return }
      running?.learning.append(point)
    case .fold(let point):
      guard point.candidate == running?.number else { return }
      running?.points.append(point)
    case .ended(let row):
      before = order
      trials.append(AutoMLTrial(row: row, elapsed: progress.elapsed, best: progress.best))
      running = nil
    case .ensemble(let row): (ensemble, hasModel) = (row, true)
    case .paused(let isPaused): phase = isPaused ? .paused : phase == .paused ? .running : phase
    case .phase: break
    }
  }
}

/// `1 candidate`, `23 candidates`.
func counted(_ count: Int, _ noun: String) -> String { "\(Number.grouped(count)) \(noun)\(count == 1 ? "" : "s")" }
